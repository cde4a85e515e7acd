"""Leads: whom they are offered to, how long partners have, and what becomes of leads that nobody takes.

Decided from small facts on partners and leads. Read `model.py` for the records and moves, then `routing.py` and `turns.py`
for whom a lead is offered to, `duplicates.py`, `actions.py`, and `due.py` for the timers.
"""

from prmcore.deals.leads.actions import (
    LeadMoved,
    accepted,
    converted,
    declined,
    disqualified,
    expired,
    merged,
    offered,
    recalled,
    referred,
    returned,
    routed,
    worked,
)
from prmcore.deals.leads.due import LeadNotice, LeadNoticeKind, due, taken_back
from prmcore.deals.leads.duplicates import (
    DuplicateFacts,
    Likeness,
    LikenessFound,
    Overlap,
    Same,
    likenesses,
    settled,
)
from prmcore.deals.leads.model import FINAL, LEAD_MOVES, Lead, LeadAction, LeadState, LeadStep, Offer
from prmcore.deals.leads.policy import AfterOffers, LeadFacts, LeadPolicy, LeadReason, Timer, Unit, WorkedFrom
from prmcore.deals.leads.routing import (
    ByTurn,
    CandidateFacts,
    RouteStep,
    Routing,
    RoutingFacts,
    RoutingPolicy,
    TurnBy,
)
from prmcore.deals.leads.turns import Turn, Turns

__all__ = [
    "FINAL",
    "LEAD_MOVES",
    "AfterOffers",
    "ByTurn",
    "CandidateFacts",
    "DuplicateFacts",
    "Lead",
    "LeadAction",
    "LeadFacts",
    "LeadMoved",
    "LeadNotice",
    "LeadNoticeKind",
    "LeadPolicy",
    "LeadReason",
    "LeadState",
    "LeadStep",
    "Likeness",
    "LikenessFound",
    "Offer",
    "Overlap",
    "RouteStep",
    "Routing",
    "RoutingFacts",
    "RoutingPolicy",
    "Same",
    "Timer",
    "Turn",
    "TurnBy",
    "Turns",
    "Unit",
    "WorkedFrom",
    "accepted",
    "converted",
    "declined",
    "disqualified",
    "due",
    "expired",
    "likenesses",
    "merged",
    "offered",
    "recalled",
    "referred",
    "returned",
    "routed",
    "settled",
    "taken_back",
    "worked",
]
