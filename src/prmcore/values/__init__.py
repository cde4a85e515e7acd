"""Values: facts of life that every program shares, and nothing of partner programs.

Money and rates that are exact, rates of exchange, periods, fiscal calendars and windows, business hours and calendars,
schedules, values that change by date, ids, texts in several languages, trees. Read `money.py` first.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from prmcore.values.currencies import currency_digits, is_points
from prmcore.values.date_ranges import DateRange, checked_date
from prmcore.values.dated import Dated, NothingOn
from prmcore.values.fiscal import FiscalCalendar, FiscalPeriod, PeriodKind
from prmcore.values.ids import ContactId, PartnerId, ProgramId, checked_id, natural_key
from prmcore.values.money import (
    Allocation,
    CurrencyMismatch,
    Method,
    Money,
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
    from prmcore.values.business_hours import (
        BusinessHours,
        Opening,
        checked_instant,
        checked_zone,
        clock_in,
        day_in,
        first_instant,
        zone_named,
    )
    from prmcore.values.calendars import BusinessCalendar, BusinessDayConvention, Holiday, public_holidays
    from prmcore.values.exchange import AppliedRate, Converted, ExchangeRates, NoRate, QuotedRate
    from prmcore.values.lengths import Length, Unit
    from prmcore.values.schedules import AmbiguousDate, Missing, Roll, Schedule, months_after, moved_on

__all__ = [
    "Allocation",
    "AmbiguousDate",
    "AppliedRate",
    "BusinessCalendar",
    "BusinessDayConvention",
    "BusinessHours",
    "ContactId",
    "Converted",
    "CurrencyMismatch",
    "DateRange",
    "Dated",
    "ExchangeRates",
    "FiscalCalendar",
    "FiscalPeriod",
    "Holiday",
    "Length",
    "Lifetime",
    "Method",
    "Missing",
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
    "Roll",
    "RollingDays",
    "RollingMonths",
    "Schedule",
    "Text",
    "TrailingQuarters",
    "Tree",
    "Unit",
    "Window",
    "YearToDate",
    "checked_date",
    "checked_id",
    "checked_instant",
    "checked_zone",
    "clock_in",
    "currency_digits",
    "day_in",
    "first_instant",
    "geography",
    "is_points",
    "months_after",
    "moved_on",
    "natural_key",
    "public_holidays",
    "total",
    "year_before",
    "zone_named",
]

# loaded when first used: most programs have one currency, and no deadline
_LATER = {
    "business_hours": (
        "BusinessHours",
        "Opening",
        "checked_instant",
        "checked_zone",
        "clock_in",
        "day_in",
        "first_instant",
        "zone_named",
    ),
    "calendars": ("BusinessCalendar", "BusinessDayConvention", "Holiday", "public_holidays"),
    "exchange": ("AppliedRate", "Converted", "ExchangeRates", "NoRate", "QuotedRate"),
    "lengths": ("Length", "Unit"),
    "schedules": ("AmbiguousDate", "Missing", "Roll", "Schedule", "months_after", "moved_on"),
}
_HOMES = {name: module for module, names in _LATER.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"prmcore.values.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
