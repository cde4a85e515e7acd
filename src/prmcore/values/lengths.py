"""Lengths of time as people write them: 6 months, 90 days, 2 weeks, 5 business days.

A length is not a number of days: when six months end depends on where they begin, and on whose law counts them.
"""

from __future__ import annotations

import re
from enum import StrEnum

import attrs

from prmcore.errors import InvalidInput, unknown_name

__all__ = ["Length", "Unit"]

_WRITTEN = re.compile(r"([0-9]{1,6}) (hour|day|business day|week|month|year)s?", re.ASCII)
_MOST = 100_000


class Unit(StrEnum):
    """What a length of time is counted in."""

    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


def _unit(given: str) -> Unit:
    if given not in tuple(Unit):
        raise InvalidInput(unknown_name("unit", str(given), Unit))
    return Unit(given)


_MONTHS = {Unit.MONTHS: 1, Unit.YEARS: 12}
_DAYS = {Unit.DAYS: 1, Unit.WEEKS: 7}


@attrs.frozen(order=False)
class Length:
    """So many units of time.

    >>> str(Length(6, Unit.MONTHS)), Length.of("1 year").months, Length.of("2 weeks").days
    ('6 months', 12, 14)
    """

    count: int
    unit: Unit = attrs.field(converter=_unit)

    def __attrs_post_init__(self) -> None:
        if type(self.count) is not int or not 0 <= self.count <= _MOST:
            raise InvalidInput(f"found {self.count!r:.40} {self.unit}; accepted: 0 to {_MOST}")

    @classmethod
    def of(cls, written: str) -> Length:
        """From what a person writes; the inverse of `str`."""
        found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
        if found is None:
            raise InvalidInput(
                f"found {written!r:.60}; accepted: a number and hours, days, business days, weeks, months or years: "
                "'6 months', '90 days'"
            )
        return cls(int(found[1]), Unit(f"{found[2]}s"))

    @property
    def months(self) -> int | None:
        """The same in months; None when it is not of months or years."""
        per_unit = _MONTHS.get(self.unit)
        return None if per_unit is None else per_unit * self.count

    @property
    def days(self) -> int | None:
        """The same in calendar days; None when it is not of days or weeks."""
        per_unit = _DAYS.get(self.unit)
        return None if per_unit is None else per_unit * self.count

    def __str__(self) -> str:
        return f"{self.count} {self.unit[:-1] if self.count == 1 else self.unit}"
