"""What a contract says about a notice: how long before the end or before it takes effect, in which way, and when it is there."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

import attrs

from prmcore.errors import Faults, repeated
from prmcore.values import Length, Text, Unit, checked_id, checked_instant

__all__ = [
    "DEEMED_RECEIPTS", "ActualReceipt", "Channel", "ConvenienceClause", "DeemedReceipt", "EffectiveOn", "GivenNotice", "LateNotice",
    "NoticeClause", "NoticeStage", "Reading", "ToEndOf",
]  # fmt: skip

_NO_TIME = datetime.time()


class Reading(StrEnum):
    """Which day is the last one for a notice of "90 days before the end": contracts are read in three ways.

    The clear days are never later than the two others. Only a contract, or a court, says which one it is.
    """

    LITERAL = "literal"  # subtracted from the last day of the term, as calculators do
    CLEAR_DAYS = "clear-days"  # all of them lie between the day of the notice and the last day of the term
    EXCLUSIVE_END = "exclusive-end"  # they are the last ones of the term, and the notice is there before


class EffectiveOn(StrEnum):
    """What a notice has to have done by the last day."""

    RECEIPT = "receipt"  # to be there: the Civil Code of Japan, art. 97(1) (recalled)
    DISPATCH = "dispatch"  # to be on its way: the Companies Act of Japan, art. 299(1)
    DEEMED = "deemed"  # to count as there, by the rule of the way that it was sent


class LateNotice(StrEnum):
    """What a notice that comes too late for this term does to the next one."""

    NEXT_TERM = "next-term"  # it ends that one
    NOTHING = "nothing"  # it has to be given again


class ToEndOf(StrEnum):
    """On which days a notice can end the agreement, once its length is over."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"  # of the calendar: March, June, September, December
    YEAR = "year"  # of the calendar


class ActualReceipt(StrEnum):
    """What the day on which something really was there does to a rule by which it counts as there."""

    IGNORED = "ignored"  # nothing: the rule is not to be disproved
    EARLIER = "earlier"  # it counts where it is earlier
    WINS = "wins"  # it counts, where it is known


@attrs.frozen(kw_only=True)
class DeemedReceipt:
    """On which day something counts as there that was sent on another: so many days after, in a rule's own words.

    "The second day after it was posted, provided that day is a business day; or if not, the next business day" is 2 days
    and `rolls`; "the second business day after" is 2 business days, and of a Friday a day later.
    """

    id: str
    after: Length  # days or business days; 0 days = at once
    rolls: bool = False  # from a day that is no business day to the next one
    before: datetime.time = _NO_TIME  # sent then or later, it counts as sent the next day; 00:00 = never
    if_received: ActualReceipt = ActualReceipt.IGNORED  # what a real receipt does to it
    source: str = ""  # of the rule; "" = the contract

    def __attrs_post_init__(self) -> None:
        faults = Faults("the rule of receipt cannot be used")
        with faults.within("id"):
            checked_id(self.id)
        if self.after.unit not in (Unit.DAYS, Unit.BUSINESS_DAYS) or self.after.count > 366:
            faults.add(f"found {self.after}; accepted: 0 to 366 days or business days", "after")
        if self.before.tzinfo is not None or self.before.microsecond:
            faults.add(f"found {self.before}; accepted: a time without a zone, of whole seconds", "before")
        faults.raise_if_any()

    @property
    def needs_calendar(self) -> bool:
        return self.rolls or self.after.unit is Unit.BUSINESS_DAYS


_CPR = "Civil Procedure Rules (England and Wales), rule {}"
_HALF_PAST_FOUR = datetime.time(16, 30)


def _shipped() -> tuple[DeemedReceipt, ...]:
    at_once, two_days = Length(0, Unit.DAYS), Length(2, Unit.DAYS)
    second, fourth, fifth = (Length(count, Unit.BUSINESS_DAYS) for count in (2, 4, 5))
    insolvency = "Insolvency (England and Wales) Rules 2016, rule 1.42(3)"
    return (
        DeemedReceipt(id="cpr-6.26-post", after=two_days, rolls=True, source=_CPR.format("6.26, nos. 1 and 2")),
        DeemedReceipt(
            id="cpr-6.26-same-day", after=at_once, rolls=True, before=_HALF_PAST_FOUR,
            source=_CPR.format("6.26, nos. 3 to 6: delivered, fax, e-mail, personal"),
        ),
        DeemedReceipt(id="cpr-6.14", after=second, source=_CPR.format("6.14: a claim form")),
        DeemedReceipt(id="ir-1.42-first-class", after=second, if_received=ActualReceipt.WINS, source=f"{insolvency}(a)"),
        DeemedReceipt(id="ir-1.42-second-class", after=fourth, if_received=ActualReceipt.WINS, source=f"{insolvency}(b)"),
        DeemedReceipt(
            id="accord-supply-mail", after=fifth, if_received=ActualReceipt.EARLIER,
            source="Accord Project, supply agreement: the earlier of receipt and the fifth business day after mailing",
        ),
    )  # fmt: skip


DEEMED_RECEIPTS: Mapping[str, DeemedReceipt] = MappingProxyType({one.id: one for one in _shipped()})
"""The rules that are shipped, by id; a contract may have any other."""


@attrs.frozen(kw_only=True)
class Channel:
    """A way in which a notice may be given."""

    id: str  # such as post, courier, email, personal
    deemed: DeemedReceipt | None = None  # asked for where a notice counts as there; None = it is when it is

    def __attrs_post_init__(self) -> None:
        checked_id(self.id)


@attrs.frozen(kw_only=True)
class NoticeClause:
    """How long before the end of a term a party has to say that no other shall follow.

    Where the contract does not say how it is read, all readings are kept, and the earliest is the safe one.
    """

    kind: Literal["non-renewal"] = "non-renewal"
    notice: Length  # days, business days, weeks, months or years
    opens: Length | None = None  # no earlier than so long before the end; None = at any time
    by: tuple[str, ...] = ()  # roles; () = each party
    reading: Reading | None = None  # None = the contract does not say
    rule: str | None = (
        None  # the id of the period rule by which the readings are counted; None = it names none
    )
    effective_on: EffectiveOn = EffectiveOn.RECEIPT
    channels: tuple[Channel, ...] = ()  # () = in any way
    form: Text | None = None  # in words, such as "in writing, signed"; None = nothing is said
    late: LateNotice = LateNotice.NOTHING
    months: int = attrs.field(init=False, eq=False, repr=False)  # of the notice; 0 = it is of another unit
    days: int = attrs.field(init=False, eq=False, repr=False)  # the same

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "months", self.notice.months or 0)
        object.__setattr__(self, "days", self.notice.days or 0)
        faults = Faults("the notice clause cannot be used")
        _check_length(faults, "notice", self.notice)
        if self.opens is not None:
            _check_length(faults, "opens", self.opens)
            if _is_shorter(self.opens, self.notice):
                faults.add(f"found {self.opens}; accepted: {self.notice}, the notice, or longer", "opens")
        for place, role in enumerate(self.by):
            with faults.within(f"by[{place}]"):
                checked_id(role)
        if self.rule is not None:
            with faults.within("rule"):
                checked_id(self.rule)
        for name, ids in (("by", self.by), ("channels", [one.id for one in self.channels])):
            for twice in repeated(ids):
                faults.add(f"{twice!r} is given twice", name)
        if self.effective_on is EffectiveOn.DEEMED and not any(one.deemed for one in self.channels):
            faults.add("found deemed; accepted with it: a channel that has a rule of receipt", "effective_on")
        faults.raise_if_any()

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Those that are open: the one that the contract states, or all."""
        return _ALL if self.reading is None else (self.reading,)

    def channel(self, id: str | None) -> Channel | None:
        return next((one for one in self.channels if one.id == id), None)


_ALL = tuple(Reading)


def _check_length(faults: Faults, name: str, length: Length) -> None:
    """Hours are no days: which day they begin on depends on the clock."""
    if not length.count or length.unit is Unit.HOURS:
        faults.add(f"found {length}; accepted: 1 or more days, business days, weeks, months or years", name)


def _is_shorter(one: Length, other: Length) -> bool:
    """Where the two can be compared without a calendar."""
    if one.unit is other.unit:
        return one.count < other.count
    for mine, its in ((one.months, other.months), (one.days, other.days)):
        if mine is not None and its is not None:
            return mine < its
    return False


@attrs.frozen(kw_only=True)
class NoticeStage:
    """How much notice ends the agreement, from a year of it on."""

    notice: Length
    from_year: int = 1  # 1 = the first
    to_end_of: ToEndOf = ToEndOf.DAY

    def __attrs_post_init__(self) -> None:
        if type(self.from_year) is not int or not 1 <= self.from_year <= 10**9:
            faults = Faults("the stage of the notice cannot be used")
            faults.add(
                f"found {self.from_year!r:.40}; accepted: a whole number from 1 to {10**9}", "from_year"
            )
            faults.raise_if_any()


@attrs.frozen(kw_only=True)
class ConvenienceClause:
    """How much notice a party gives to end the agreement without any reason."""

    kind: Literal["convenience"] = "convenience"
    stages: tuple[NoticeStage, ...]
    by: tuple[str, ...] = ()  # roles; () = each party

    def __attrs_post_init__(self) -> None:
        faults = Faults("the convenience clause cannot be used")
        years = [one.from_year for one in self.stages]
        if not years or years[0] != 1 or any(a >= b for a, b in pairwise(years)):
            faults.add(f"found stages from the years {years}; accepted: from 1 on, rising", "stages")
        for role in self.by:
            with faults.within("by"):
                checked_id(role)
        faults.raise_if_any()

    def stage_in(self, year: int) -> NoticeStage:
        """What holds in a year of the agreement, 1 being the first."""
        return [one for one in self.stages if one.from_year <= max(year, 1)][-1]


@attrs.frozen(kw_only=True)
class GivenNotice:
    """A notice that somebody gave: what is known of it."""

    id: str
    by: str  # the role of who gave it
    sent_at: datetime.datetime  # in UTC
    received_at: datetime.datetime | None = None  # in UTC; None = it is not there, or nobody knows
    channel: str | None = None  # None = nobody knows

    def __attrs_post_init__(self) -> None:
        faults = Faults("the notice cannot be used")
        for name in ("id", "by") if self.channel is None else ("id", "by", "channel"):
            with faults.within(name):
                checked_id(getattr(self, name))
        for name in ("sent_at",) if self.received_at is None else ("sent_at", "received_at"):
            with faults.within(name):
                object.__setattr__(self, name, checked_instant(getattr(self, name), name))
        faults.raise_if_any()
        if self.received_at is not None and self.received_at < self.sent_at:
            faults.add(
                f"found {self.received_at}; accepted: {self.sent_at}, when it was sent, or later",
                "received_at",
            )
        faults.raise_if_any()
