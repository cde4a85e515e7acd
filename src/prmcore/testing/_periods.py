"""Periods as laws count them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from prmcore.contracts.periods import (
    PERIOD_RULES,
    Ambiguity,
    Counted,
    CountedHours,
    PeriodRule,
    PeriodStep,
    counted,
    counted_hours,
)
from prmcore.values import BusinessCalendar, Length, Unit

__all__ = ["STRATEGIES", "counted_periods", "period_rules"]

Strategy = st.SearchStrategy

_HERE = BusinessCalendar(name="weekends", version="1", years=frozenset(range(2000, 2060)))
_UNITS = (Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS)
_INSTANT = datetime.datetime(2026, 10, 30, 14, 23, tzinfo=datetime.UTC)


def period_rules() -> Strategy[PeriodRule]:
    """The rules that are shipped."""
    return st.sampled_from(sorted(PERIOD_RULES.values(), key=lambda rule: rule.id))


def counted_periods() -> Strategy[Counted]:
    """Forward and backward, by any rule, on a calendar that knows weekends only."""
    return st.builds(
        lambda rule, event, count, unit, backward: counted(
            rule, event, Length(count, unit), calendar=_HERE, backward=backward
        ),
        period_rules(), st.dates(datetime.date(2024, 1, 1), datetime.date(2028, 12, 31)), st.integers(1, 13),
        st.sampled_from(_UNITS), st.booleans(),
    )  # fmt: skip


def _counted_hours() -> Strategy[CountedHours]:
    ruled = period_rules().filter(lambda rule: rule.hours is not None)
    return st.builds(
        lambda rule, hours: counted_hours(
            rule, _INSTANT, Length(hours, Unit.HOURS), zone="America/New_York", calendar=_HERE
        ),
        ruled, st.integers(1, 200),
    )  # fmt: skip


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    Ambiguity: lambda: (
        counted_periods().filter(lambda one: bool(one.ambiguities)).map(lambda one: one.ambiguities[0])
    ),
    Counted: counted_periods,
    CountedHours: _counted_hours,
    PeriodRule: period_rules,
    PeriodStep: lambda: counted_periods().map(lambda one: one.steps[0]),
}
