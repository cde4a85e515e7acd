"""Decisions: rules written once as data, read many ways.

A policy is a function from facts and a day to a decision. This package holds the criteria a policy is made of, the
decision that it gives, and the readings of both: deciding (compiled, and plainly interpreted as the reference),
explaining, distances, lint, records. Read `criteria.py` first, then the shapes that a policy can have: `ladder.py` (a level),
`precedence.py` (one of several claims), `lines.py` (a sum), `timeline.py` (a state by its days).
"""

from prmcore.decisions.criteria import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Comparison,
    Criterion,
    Fact,
    Not,
    Rule,
    RuleReason,
    Truth,
    Word,
    all_of,
    any_of,
    at_least_of,
    comparisons,
    fact,
    not_,
)
from prmcore.decisions.decision import Decision, Policy
from prmcore.decisions.facts import FactField, FactSchema, FactSheet, Kind, labelled
from prmcore.decisions.ladder import Ladder, Rung, rung
from prmcore.decisions.lines import Lines, ScoreLine, Total
from prmcore.decisions.precedence import ByOrder, ByScore, ByValue, Chosen, Contest, Precedence, Prefer, Stage
from prmcore.decisions.reasons import Reason
from prmcore.decisions.timeline import Milestone, Reached, Timeline
from prmcore.decisions.versions import PolicyVersions, ReplayDiffers, recorded, replayed

__all__ = [
    "AllOf",
    "AnyOf",
    "AtLeastOf",
    "ByOrder",
    "ByScore",
    "ByValue",
    "Chosen",
    "Comparison",
    "Contest",
    "Criterion",
    "Decision",
    "Fact",
    "FactField",
    "FactSchema",
    "FactSheet",
    "Kind",
    "Ladder",
    "Lines",
    "Milestone",
    "Not",
    "Policy",
    "PolicyVersions",
    "Precedence",
    "Prefer",
    "Reached",
    "Reason",
    "ReplayDiffers",
    "Rule",
    "RuleReason",
    "Rung",
    "ScoreLine",
    "Stage",
    "Timeline",
    "Total",
    "Truth",
    "Word",
    "all_of",
    "any_of",
    "at_least_of",
    "comparisons",
    "fact",
    "labelled",
    "not_",
    "recorded",
    "replayed",
    "rung",
]
