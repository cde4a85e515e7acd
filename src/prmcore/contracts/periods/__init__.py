"""Periods: on which day so many days, weeks, months or years are over, by the rules of a law.

`model.py` is what a rule can say, `rules.py` the rules that are shipped, `counting.py` counts. A rule is data: who needs
another law writes one down. Read `model.py` first.
"""

from prmcore.contracts.periods.counting import counted, counted_hours, needs_calendar
from prmcore.contracts.periods.model import (
    Ambiguity,
    Counted,
    CountedHours,
    FirstDay,
    Hours,
    MonthEnd,
    PeriodRule,
    PeriodStep,
    Rolls,
    WhyAmbiguous,
    WhyStepped,
)
from prmcore.contracts.periods.rules import PERIOD_RULES

__all__ = [
    "PERIOD_RULES", "Ambiguity", "Counted", "CountedHours", "FirstDay", "Hours", "MonthEnd", "PeriodRule", "PeriodStep", "Rolls",
    "WhyAmbiguous", "WhyStepped", "counted", "counted_hours", "needs_calendar",
]  # fmt: skip
