"""What a law says about counting a period, and a period that was counted."""

from __future__ import annotations

import datetime
from enum import StrEnum

import attrs

from prmcore.errors import Faults
from prmcore.values import Length, checked_id

__all__ = [
    "Ambiguity", "Counted", "CountedHours", "FirstDay", "Hours", "MonthEnd", "PeriodRule", "PeriodStep", "Rolls", "WhyAmbiguous",
    "WhyStepped",
]  # fmt: skip

_DAY = datetime.timedelta(days=1)


class FirstDay(StrEnum):
    """Whether the day of the event is the first one that counts."""

    EXCLUDED = "excluded"
    COUNTED = "counted"
    COUNTED_FROM_MIDNIGHT = "counted-from-midnight"  # excluded, unless the period begins at its 0:00


class MonthEnd(StrEnum):
    """On which day months and years end; where the month has no such day, on its last one."""

    CORRESPONDING = "corresponding"  # the number of the day before the first counted day: of the event
    STICKY = "sticky"  # the same, but from the last day of a month to the last day of a month
    DAY_BEFORE = "day-before"  # the day before the one that has the number of the first counted day


class Rolls(StrEnum):
    """What becomes of a last day that is no business day."""

    NEVER = "never"  # it stays
    FORWARD_ONLY = "forward-only"  # the next business day; a period that is counted back stays
    ONWARD = "onward"  # further in the direction of counting
    BY_CUSTOM = "by-custom"  # as forward-only, where it is the custom not to trade on such a day


class Hours(StrEnum):
    """From when hours are counted; they are hours that elapse."""

    AT_ONCE = "at-once"
    NEXT_FULL_HOUR = "next-full-hour"  # the hour of the event is not counted


@attrs.frozen(kw_only=True)
class PeriodRule:
    """How a law, a court or a contract counts periods."""

    id: str
    jurisdiction: str  # in words, such as "Japan"
    source: str  # article and text, "(recalled)" where it was not read
    first_day: FirstDay = FirstDay.EXCLUDED
    month_end: MonthEnd = MonthEnd.CORRESPONDING
    rolls: Rolls = Rolls.NEVER
    no_end_on: frozenset[int] = frozenset()  # weekdays on which no period ends, worked or not; 0 = Monday
    clear_back: bool = False  # counted back, the last day to act is the one before the counted ones
    short_days: int = 0  # of up to so many days only business days count; 0 = of none
    least_business_days: int = 0  # in a period of as many days or more; 0 = none
    hours: Hours | None = None  # None = the rule does not speak of hours
    hours_roll: bool = False  # to the same time on a business day
    is_law: bool = True  # False = no law stands behind it: the contract goes first

    def __attrs_post_init__(self) -> None:
        faults = Faults("the period rule cannot be used")
        with faults.within("id"):
            checked_id(self.id)
        for name in ("jurisdiction", "source"):
            if not isinstance(getattr(self, name), str) or not getattr(self, name).strip():
                faults.add("found nothing; accepted: some text", name)
        for name in ("short_days", "least_business_days"):
            found = getattr(self, name)
            if type(found) is not int or not 0 <= found <= 31:
                faults.add(f"found {found!r:.40}; accepted: 0 to 31", name)
        if not self.no_end_on < set(range(7)):
            faults.add(
                f"found {sorted(self.no_end_on, key=str)}; accepted: 0 (Monday) to 6, not all", "no_end_on"
            )
        elif self.no_end_on and self.rolls in (Rolls.NEVER, Rolls.BY_CUSTOM):
            faults.add(f"found weekdays; accepted with {self.rolls}: none", "no_end_on")
        if self.hours_roll and self.hours is None:
            faults.add("found yes; accepted with it: hours, that say from when they count", "hours_roll")
        faults.raise_if_any()


class WhyStepped(StrEnum):
    """What one step of counting does."""

    EVENT_EXCLUDED = "event-excluded"  # the first day that counts is the next one
    EVENT_COUNTED = "event-counted"  # it is the first day that counts
    COUNTED = "counted"  # a length
    CLEAR = "clear"  # the day before the counted ones
    ROLLED = "rolled"  # to a day on which a period may end
    FEW_BUSINESS_DAYS = "few-business-days"  # until there are as many as the rule asks for


@attrs.frozen(kw_only=True)
class PeriodStep:
    """A day, and the one that it leads to."""

    why: WhyStepped
    before: datetime.date
    after: datetime.date
    length: Length | None = None  # that was counted; None = none was


class WhyAmbiguous(StrEnum):
    """Why there is more than one answer."""

    MONTHS_BACK = "months-back"  # the two ways to count months back differ; the earlier day is given
    ROLL_BACK_DISPUTED = "roll-back-disputed"  # counted back, it is disputed whether the last day moves
    CUSTOM_UNKNOWN = "custom-unknown"  # it moves where that is the custom; no calendar says so
    AS_DRAFTED = "as-drafted"  # no law stands behind the rule: what the contract says goes first


@attrs.frozen(kw_only=True)
class Ambiguity:
    """Something that a court may see in another way."""

    why: WhyAmbiguous
    other: datetime.date | None = None  # the day by the other view; None = there is no one day


@attrs.frozen(kw_only=True)
class Counted:
    """A period that was counted, and all that it rests on."""

    rule: PeriodRule
    event: datetime.date
    lengths: tuple[Length, ...]
    backward: bool
    first_day: datetime.date  # that counts; counted back it is the one nearest to the event
    unmoved: datetime.date  # the last day, before business days were asked for
    last_day: datetime.date  # inclusive; counted back, the last day to act
    steps: tuple[PeriodStep, ...]
    ambiguities: tuple[Ambiguity, ...]
    calendar: str | None  # name and version; None = none was needed

    @property
    def over_on(self) -> datetime.date:
        """The first day after: on which the period has elapsed, or on which it is too late."""
        return self.last_day + _DAY


@attrs.frozen(kw_only=True)
class CountedHours:
    """So many hours, and when they are over."""

    rule: PeriodRule
    zone: str
    event: datetime.datetime  # in UTC
    length: Length
    begins: datetime.datetime  # in UTC
    elapsed: datetime.datetime  # in UTC; before business days were asked for
    ends: datetime.datetime  # in UTC
    calendar: str | None  # name and version; None = none was needed
