"""What a contract says about how long it runs: its term, what comes after, and what a suspension does to it."""

from __future__ import annotations

import datetime
from enum import StrEnum

import attrs

from prmcore.errors import Faults
from prmcore.values import DateRange, Length, Missing, Roll, checked_date, checked_id, months_after

__all__ = [
    "Chain", "EndConvention", "Extends", "RenewalClause", "RenewalKind", "Suspension", "Term", "TermClause",
]  # fmt: skip

_DAY = datetime.timedelta(days=1)
_ANCHORED = Roll()


class EndConvention(StrEnum):
    """Which day is the last of "one year from the 1st of March": contracts mean either, so each says which."""

    DAY_BEFORE = (
        "day-before"  # the last of February: the first day counts (German BGB 187(2); Japan, from 0:00)
    )
    ANNIVERSARY = (
        "anniversary"  # the 1st of March: the first day does not count (BGB 187(1); Lester v Garland, 1808)
    )
    STATED = "stated"  # the contract names the day


class RenewalKind(StrEnum):
    """What follows when a term is over."""

    FIXED = "fixed"  # nothing
    AUTOMATIC = "automatic"  # another term, unless somebody gave notice in time
    OPT_IN = "opt-in"  # another term, if somebody asked for it in time
    EVERGREEN = "evergreen"  # it runs on without terms until somebody ends it, as German BGB 309 no. 9 asks of consumers'


class Chain(StrEnum):
    """From where the end of a later term is counted.

    There are three ways in practice. `anchored`: what began on a 31st goes back to the 31st after February; for one
    relationship that is only prolonged. `previous-end`: for renewals that are each a new contract; what February cut off
    stays off. The third, that every term ends with a month, is a roll, `month end`: an intent that no date can tell.
    """

    ANCHORED = "anchored"  # from the commencement
    PREVIOUS_END = "previous-end"  # from where the term before ended


class Extends(StrEnum):
    """What the days of a suspension are added to."""

    NOTHING = "nothing"  # the term ends when it would have ended
    TERM = "term"  # to the term that runs; the next one is shorter by them
    LATER_TERMS = "later-terms"  # to the term that runs; all after it begin later


@attrs.frozen(kw_only=True)
class TermClause:
    """When a contract begins, and how long its first term is: a length, a day that it names, or neither.

    A day that is named wins over one that is computed: from 1 March 2003 to 28 February 2004 leaves the 29th out. The next
    term then begins on the day after.

    `missing` is what becomes of a 31st in a month of 30 days. Where the first day counts, German BGB 188(3) and the Civil
    Code of Japan, art. 143(2), are `up`: a month from the 31st of January ends on the last of February, and the next
    begins on the 1st of March.
    """

    start: datetime.date  # the first day of the first term
    length: Length | None = None  # of days, weeks, months or years; None = a day is named, or without end
    last_day: datetime.date | None = None  # the day that the contract names; None = it is computed
    ends: EndConvention = attrs.field(
        default=attrs.Factory(
            lambda self: EndConvention.DAY_BEFORE if self.last_day is None else EndConvention.STATED,
            takes_self=True,
        )
    )
    roll: Roll = _ANCHORED  # of the first days; where the first day does not count, of the last days
    missing: Missing = Missing.DOWN

    def __attrs_post_init__(self) -> None:
        faults = Faults("the term clause cannot be used")
        with faults.within("start"):
            checked_date(self.start)
        check_length(faults, self.length, "length")
        if self.last_day is not None:
            with faults.within("last_day"):
                checked_date(self.last_day)
        faults.raise_if_any()
        if self.last_day is not None and not self.start <= self.last_day < datetime.date.max:
            faults.add(f"found {self.last_day}; accepted: {self.start} or later", "last_day")
        if (self.ends is EndConvention.STATED) is not (self.last_day is not None):
            faults.add(
                f"found {self.ends.value}; stated goes with a last_day, day-before and anniversary without",
                "ends",
            )
        faults.raise_if_any()
        self._check_roll(faults)
        faults.raise_if_any()

    def _check_roll(self, faults: Faults) -> None:
        """A first term that began off the roll would be a part of one, and nobody said whether a long or a short part."""
        if self.roll == _ANCHORED or self.ends is EndConvention.ANNIVERSARY:
            return
        first = self.start if self.last_day is None else self.last_day + _DAY
        rolled = months_after(first, 0, roll=self.roll, missing=Missing.DOWN)
        if rolled != first:
            faults.add(
                f"found {self.roll}, and terms that begin on {first}; accepted: {rolled}, anchored, or for an odd first "
                "term its last_day",
                "roll",
            )

    @property
    def is_indefinite(self) -> bool:
        """Whether it runs until somebody ends it."""
        return self.length is None and self.last_day is None


@attrs.frozen(kw_only=True)
class RenewalClause:
    """What follows on the first term.

    "Renews for two years once, then yearly, five times at most" is automatic, `lengths` of 2 years and 1 year, `at_most` 5.
    """

    kind: RenewalKind = RenewalKind.FIXED
    lengths: tuple[
        Length, ...
    ] = ()  # of the first renewal, the second ...; the last one of all that follow; () = as before
    at_most: int | None = None  # renewals; None = as many as come
    chain: Chain = Chain.ANCHORED
    by: tuple[str, ...] = ()  # the roles who may stop it, or where it is opt-in ask for it; () = each party
    condition: str | None = None  # the id of an obligation that must be met, or nothing follows; None = none

    def __attrs_post_init__(self) -> None:
        faults = Faults("the renewal clause cannot be used")
        for place, length in enumerate(self.lengths):
            check_length(faults, length, f"lengths[{place}]")
        if self.at_most is not None and (type(self.at_most) is not int or not 1 <= self.at_most <= 10_000):
            faults.add(f"found {self.at_most!r:.40}; accepted: 1 to 10000, or none", "at_most")
        for place, role in enumerate(self.by):
            with faults.within(f"by[{place}]"):
                checked_id(role)
        if self.condition is not None:
            with faults.within("condition"):
                checked_id(self.condition)
        if not self.has_terms:
            for name in ("lengths", "at_most"):
                if getattr(self, name) not in ((), None):
                    faults.add(f"goes with automatic and opt-in; found {self.kind.value}", name)
        if self.kind is RenewalKind.FIXED and self.condition is not None:
            faults.add("found one, and nothing that it is for; accepted: none", "condition")
        faults.raise_if_any()

    @property
    def has_terms(self) -> bool:
        """Whether further terms follow, and not nothing or time without terms."""
        return self.kind in (RenewalKind.AUTOMATIC, RenewalKind.OPT_IN)


@attrs.frozen(kw_only=True)
class Suspension:
    """Days on which the contract rests, and what becomes of them."""

    period: (
        DateRange  # with a start and an end; who knows no end yet takes the day until which it is computed
    )
    extends: Extends = Extends.NOTHING

    def __attrs_post_init__(self) -> None:
        faults = Faults("the suspension cannot be used")
        if self.period.start is None or self.period.end is None:
            faults.add(f"found {self.period}; accepted: a first and a last day", "period")
        faults.raise_if_any()


@attrs.frozen(slots=False)  # made more quickly than one with slots
class Term:
    """One term: the days from `start` up to, not including, `end`."""

    number: int  # 0 = the first term, 1 = the first renewal
    start: datetime.date
    end: datetime.date | None  # the first day after; None = without end

    @property
    def last_day(self) -> datetime.date | None:
        """As contracts and people say it; None = without end."""
        return None if self.end is None else self.end - _DAY

    @property
    def period(self) -> DateRange:
        return DateRange(self.start, self.end)

    def __contains__(self, day: datetime.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def check_length(faults: Faults, length: Length | None, path: str) -> None:
    """Adds a length that no term can have; None is not looked at."""
    if length is not None and not length.months and not length.days:
        faults.add(f"found {length}; accepted: a day, week, month or year at least", path)
