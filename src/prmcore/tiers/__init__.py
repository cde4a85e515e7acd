"""Tiers: which level a partner has, why, what is missing for the next, and what the level gives.

It decides from metrics (what the partner achieved) and a standing (where it is now). Read `model.py` first, then
`policy.py`.
"""

from prmcore.tiers.model import (
    Action,
    Guarantee,
    InitialLevel,
    Movement,
    Override,
    Standing,
    TierFacts,
    TierOutcome,
    When,
)
from prmcore.tiers.policy import TierPolicy
from prmcore.tiers.scorecard import PointsLine, Scorecard, Track

__all__ = [
    "Action",
    "Guarantee",
    "InitialLevel",
    "Movement",
    "Override",
    "PointsLine",
    "Scorecard",
    "Standing",
    "TierFacts",
    "TierOutcome",
    "TierPolicy",
    "Track",
    "When",
]
