"""Claims: who claims which account, where claims meet, and whose stands.

A conflict is decided by a declared list of steps, from the claims and what is known of them; a person decides where the steps
do not. Read `model.py` for the records, `conflicts.py` for where claims meet, then `steps.py` and `policy.py`; `queue.py` says
who waits behind an approved claim, `cases.py` what becomes of a conflict until its last appeal.
"""

from prmcore.territory.claims.cases import (
    CASE_MOVES,
    Appeal,
    AppealFacts,
    AppealPolicy,
    CaseAction,
    CaseFacts,
    CaseMoved,
    CaseState,
    CaseStep,
    ConflictCase,
    Ruling,
    appealed,
    closed,
    decided,
    lapsed,
    opened,
    reheard,
    settled,
)
from prmcore.territory.claims.conflicts import Companies, Overlap, conflicts, covers, divided, overlap
from prmcore.territory.claims.facts import ConflictFacts, Contender
from prmcore.territory.claims.model import Claim, ClaimKind, Conflict, CustomerChoice, place
from prmcore.territory.claims.policy import ConflictPolicy
from prmcore.territory.claims.queue import freed, next_in_line, queue_behind, resubmitted
from prmcore.territory.claims.resolution import Award, Resolution, RunnerUp, Verdict, WhyReview
from prmcore.territory.claims.steps import (
    CountedFrom,
    ResolutionStep,
    SplitBy,
    StepKind,
    WhenUnknown,
    WhyOut,
)

__all__ = [
    "CASE_MOVES",
    "Appeal",
    "AppealFacts",
    "AppealPolicy",
    "Award",
    "CaseAction",
    "CaseFacts",
    "CaseMoved",
    "CaseState",
    "CaseStep",
    "Claim",
    "ClaimKind",
    "Companies",
    "Conflict",
    "ConflictCase",
    "ConflictFacts",
    "ConflictPolicy",
    "Contender",
    "CountedFrom",
    "CustomerChoice",
    "Overlap",
    "Resolution",
    "ResolutionStep",
    "Ruling",
    "RunnerUp",
    "SplitBy",
    "StepKind",
    "Verdict",
    "WhenUnknown",
    "WhyOut",
    "WhyReview",
    "appealed",
    "closed",
    "conflicts",
    "covers",
    "decided",
    "divided",
    "freed",
    "lapsed",
    "next_in_line",
    "opened",
    "overlap",
    "place",
    "queue_behind",
    "reheard",
    "resubmitted",
    "settled",
]
