"""Values: facts of life that every program shares, and nothing of partner programs.

Money and rates that are exact, rates of exchange, periods, fiscal calendars and windows, business hours, values that change
by date, ids, texts in several languages, trees. Read `money.py` first.
"""

from typing import TYPE_CHECKING, Any

from prmcore.values.date_ranges import DateRange, checked_date
from prmcore.values.dated import Dated, NothingOn
from prmcore.values.fiscal import FiscalCalendar, FiscalPeriod, PeriodKind
from prmcore.values.ids import ContactId, PartnerId, ProgramId, checked_id, natural_key
from prmcore.values.money import (
    Allocation,
    CurrencyMismatch,
    Method,
    Money,
    currency_digits,
    is_points,
    total,
)
from prmcore.values.rates import PercentagePoints, Rate
from prmcore.values.text import Text
from prmcore.values.trees import Tree, geography
from prmcore.values.windows import (
    Lifetime,
    RollingDays,
    RollingMonths,
    TrailingQuarters,
    Window,
    YearToDate,
    year_before,
)

if TYPE_CHECKING:
    from prmcore.values.business_hours import BusinessHours, Opening, checked_instant, checked_zone, day_in
    from prmcore.values.exchange import AppliedRate, Converted, ExchangeRates, NoRate, QuotedRate

__all__ = [
    "Allocation",
    "AppliedRate",
    "BusinessHours",
    "ContactId",
    "Converted",
    "CurrencyMismatch",
    "DateRange",
    "Dated",
    "ExchangeRates",
    "FiscalCalendar",
    "FiscalPeriod",
    "Lifetime",
    "Method",
    "Money",
    "NoRate",
    "NothingOn",
    "Opening",
    "PartnerId",
    "PercentagePoints",
    "PeriodKind",
    "ProgramId",
    "QuotedRate",
    "Rate",
    "RollingDays",
    "RollingMonths",
    "Text",
    "TrailingQuarters",
    "Tree",
    "Window",
    "YearToDate",
    "checked_date",
    "checked_id",
    "checked_instant",
    "checked_zone",
    "currency_digits",
    "day_in",
    "geography",
    "is_points",
    "natural_key",
    "total",
    "year_before",
]

_EXCHANGE = ("AppliedRate", "Converted", "ExchangeRates", "NoRate", "QuotedRate")
_HOURS = ("BusinessHours", "Opening", "checked_instant", "checked_zone", "day_in")


def __getattr__(name: str) -> Any:
    if name in _EXCHANGE:  # loaded when first used: most programs have one currency
        from prmcore.values import exchange

        return getattr(exchange, name)
    if name in _HOURS:  # and no deadline
        from prmcore.values import business_hours

        return getattr(business_hours, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
