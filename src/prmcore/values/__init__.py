"""Values: facts of life that every program shares, and nothing of partner programs.

Money and rates that are exact, periods, fiscal calendars and windows, values that change by date, ids, texts in several
languages, trees. Read `money.py` first.
"""

from prmcore.values.date_ranges import DateRange
from prmcore.values.dated import Dated, NothingOn
from prmcore.values.fiscal import FiscalCalendar, FiscalPeriod, PeriodKind
from prmcore.values.ids import ContactId, PartnerId, ProgramId, checked_id
from prmcore.values.money import CurrencyMismatch, Money, currency_digits, total
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

__all__ = [
    "ContactId",
    "CurrencyMismatch",
    "DateRange",
    "Dated",
    "FiscalCalendar",
    "FiscalPeriod",
    "Lifetime",
    "Money",
    "NothingOn",
    "PartnerId",
    "PercentagePoints",
    "PeriodKind",
    "ProgramId",
    "Rate",
    "RollingDays",
    "RollingMonths",
    "Text",
    "TrailingQuarters",
    "Tree",
    "Window",
    "YearToDate",
    "checked_id",
    "currency_digits",
    "geography",
    "total",
    "year_before",
]
