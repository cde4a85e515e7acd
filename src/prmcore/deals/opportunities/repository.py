"""What opportunities keep, as aggregates for any store: see prmcore.repository."""

from __future__ import annotations

from prmcore.deals.opportunities.model import Opportunity
from prmcore.deals.opportunities.negotiation import NegotiationLog
from prmcore.deals.opportunities.stages import OpportunityNotice
from prmcore.repository import Aggregate

__all__ = ["NEGOTIATIONS", "OPPORTUNITIES", "OPPORTUNITY_NOTICES"]

OPPORTUNITIES: Aggregate[Opportunity] = Aggregate(
    "opportunity",
    Opportunity,
    lambda one: one.id,
    {
        "program": lambda one: one.program,
        "account": lambda one: one.account,
        "partner": lambda one: one.partners,
        "state": lambda one: one.state,
        "stage": lambda one: one.stage,
        "registration": lambda one: one.registration,
    },
)
# one record for each opportunity: two who answer at once expect the same version, and the second reads anew
NEGOTIATIONS: Aggregate[NegotiationLog] = Aggregate(
    "negotiation", NegotiationLog, lambda log: log.opportunity
)
OPPORTUNITY_NOTICES: Aggregate[OpportunityNotice] = Aggregate(
    "opportunity-notice",
    OpportunityNotice,
    lambda notice: notice.id,
    {"opportunity": lambda notice: notice.opportunity},
    is_log=True,
)
