"""Terms: from when until when a contract runs, what follows, and what that does to its prices.

`model.py` is what a contract says, `timetable.py` the terms that follow from it, `renewals.py` which of them become certain
and begin. `proration.py` is the price of a part of a term, `uplift.py` the price of the next one. Read `model.py` first.
"""

from prmcore.contracts.terms.model import (
    Chain,
    EndConvention,
    Extends,
    RenewalClause,
    RenewalKind,
    Suspension,
    Term,
    TermClause,
)
from prmcore.contracts.terms.proration import (
    CoTerm,
    DayCount,
    ProratedLine,
    Proration,
    Started,
    co_termed,
    periods_of,
    prorated,
    share_of,
    spread,
    units_of,
)
from prmcore.contracts.terms.renewals import (
    CaughtUp,
    Renewal,
    RenewalFacts,
    RenewalOutcome,
    RenewalStage,
    RenewalTaken,
    RenewalWishes,
    caught_up,
    renewals_until,
    renewing,
    taken,
)
from prmcore.contracts.terms.timetable import Timetable
from prmcore.contracts.terms.uplift import (
    Compounding,
    IndexValue,
    Limit,
    UpliftClause,
    Uplifted,
    uplifted,
)

__all__ = [
    "CaughtUp", "Chain", "CoTerm", "Compounding", "DayCount", "EndConvention", "Extends", "IndexValue", "Limit", "ProratedLine",
    "Proration", "Renewal", "RenewalClause", "RenewalFacts", "RenewalKind", "RenewalOutcome", "RenewalStage", "RenewalTaken",
    "RenewalWishes", "Started", "Suspension", "Term", "TermClause", "Timetable", "UpliftClause", "Uplifted", "caught_up",
    "co_termed", "periods_of", "prorated", "renewals_until", "renewing", "share_of", "spread", "taken", "units_of", "uplifted",
]  # fmt: skip
