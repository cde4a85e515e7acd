"""Opportunities: a sale on its way through declared stages, what it may bring, and the negotiation of its prices.

Read `model.py` for the stages and the record, `stages.py` for the moves, the forecast and what stands still, then
`negotiation.py` for the sealed log of prices and `bands.py` for bands of quantities.
"""

from prmcore.deals.opportunities.bands import (
    QuantityBand,
    QuantityBands,
)
from prmcore.deals.opportunities.model import (
    LossReason,
    Opportunity,
    OpportunityState,
    OpportunityStep,
    SalesProcess,
    SalesStage,
)
from prmcore.deals.opportunities.negotiation import (
    Approval,
    ApprovalFacts,
    DiscountLimit,
    Entered,
    EntryFacts,
    EntryKind,
    NegotiationEntry,
    NegotiationLog,
    NegotiationPolicy,
    Price,
    Side,
    discount_approved,
    entered,
)
from prmcore.deals.opportunities.stages import (
    Forecast,
    ForecastLine,
    OpportunityFacts,
    OpportunityMoved,
    OpportunityNotice,
    OpportunityNoticeKind,
    forecast,
    moved,
    opened,
    revised,
    stalled,
)

__all__ = [
    "Approval",
    "ApprovalFacts",
    "DiscountLimit",
    "Entered",
    "EntryFacts",
    "EntryKind",
    "Forecast",
    "ForecastLine",
    "LossReason",
    "NegotiationEntry",
    "NegotiationLog",
    "NegotiationPolicy",
    "Opportunity",
    "OpportunityFacts",
    "OpportunityMoved",
    "OpportunityNotice",
    "OpportunityNoticeKind",
    "OpportunityState",
    "OpportunityStep",
    "Price",
    "QuantityBand",
    "QuantityBands",
    "SalesProcess",
    "SalesStage",
    "Side",
    "discount_approved",
    "entered",
    "forecast",
    "moved",
    "opened",
    "revised",
    "stalled",
]
