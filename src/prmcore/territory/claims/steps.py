"""The steps of a resolution: each leaves some of the claims, decides nothing, or asks a person.

A step is data, a kind and its parameters, so that a program file can hold a list of them. What a step does to the claims is
a plain function of the facts, the claims left and the day.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

import attrs

from prmcore.decisions.narrowing import FellOut, Narrowed, kept
from prmcore.errors import Faults, repeated
from prmcore.territory.claims.facts import ConflictFacts, Contender
from prmcore.territory.claims.model import place
from prmcore.values import DateRange, FiscalCalendar, Rate, RollingDays, RollingMonths
from prmcore.values.business_hours import day_in

__all__ = [
    "CountedFrom", "ResolutionStep", "SplitBy", "StepKind", "WhenUnknown", "WhyOut", "narrowed",
]  # fmt: skip


class StepKind(StrEnum):
    """What a step looks at."""

    HOUSE_ACCOUNT = "house_account"  # the vendor keeps the accounts on its list
    DIRECT_ENGAGEMENT = "direct_engagement"  # a partner comes too late where the direct team was at work
    PROTECTION = "protection"  # a protected claim stands against those that are not
    INCUMBENT = "incumbent"  # the partner of record keeps what it sold
    EARLIEST = "earliest"  # the first complete submission
    TIER = "tier"  # the higher tier
    TERRITORY_OWNER = "territory_owner"
    CUSTOMER_CHOICE = "customer_choice"  # in writing
    SPLIT = "split"  # those who are left share
    REVIEW = "review"  # a person decides


class CountedFrom(StrEnum):
    """The day from which a direct engagement is counted back."""

    SUBMISSION = "submission"  # of each partner: what the direct team does later takes nothing from it
    DECISION = "decision"


class SplitBy(StrEnum):
    """How credit is shared among claimants."""

    EQUAL = "equal"
    ROLES = "roles"  # as the policy says for each role; those of one role share its part equally
    AGREED = "agreed"  # as they agreed among themselves


class WhenUnknown(StrEnum):
    """What becomes of a step that asks for what is not known of a claim."""

    ASK = "ask"  # a person
    SKIP = "skip"  # go on with the next step


class WhyOut(StrEnum):
    """Why a claim falls out."""

    HOUSE_ACCOUNT = "house-account"
    ENGAGED = "engaged"  # the direct team was at work when it came
    UNPROTECTED = "unprotected"
    NOT_INCUMBENT = "not-incumbent"
    INCOMPLETE = "incomplete"
    LATER = "later"
    LOWER_TIER = "lower-tier"
    NOT_OWNER = "not-owner"
    NOT_CHOSEN = "not-chosen"


@attrs.frozen(kw_only=True)
class ResolutionStep:
    """One step: what it looks at, and the parameters of its kind."""

    kind: StepKind
    days: int | None = None  # of a direct engagement: how long it counts, the day itself included
    months: int | None = None  # the same, to the day
    counted_from: CountedFrom = CountedFrom.SUBMISSION  # of a direct engagement
    renewals_only: bool = True  # of an incumbent: new business is open to everybody
    order: tuple[str, ...] = ()  # of tiers, the best first
    by: SplitBy | None = None  # of a split
    shares: Mapping[str, Rate] = attrs.field(factory=dict, hash=False)  # of a split by roles: each one's part
    unknown: WhenUnknown = WhenUnknown.ASK

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the step {self.kind.value!r} cannot be used")
        self._check_window(faults)
        self._check_belonging(faults)
        for tier in repeated(self.order):
            faults.add(f"the tier {tier!r} stands here twice", "order")
        if self.kind is StepKind.TIER and not self.order:
            faults.add("found none; accepted: the tiers, the best first", "order")
        if self.kind is StepKind.SPLIT and self.by is None:
            faults.add("is missing; accepted: equal, roles, agreed", "by")
        self._check_shares(faults)
        faults.raise_if_any()

    def _check_window(self, faults: Faults) -> None:
        given = [name for name in ("days", "months") if getattr(self, name) is not None]
        for name in given:
            count = getattr(self, name)
            if type(count) is not int or not 1 <= count <= 10_000:
                faults.add(f"found {count!r:.40}; accepted: 1 to 10000", name)
        if self.kind is StepKind.DIRECT_ENGAGEMENT and len(given) != 1:
            faults.add(f"found {' and '.join(given) or 'neither'}; accepted: days or months", "days")

    def _check_belonging(self, faults: Faults) -> None:
        """A parameter of another kind of step would be passed over in silence."""
        for name, (kind, plain) in _BELONGS.items():
            if self.kind is not kind and getattr(self, name) != plain:
                faults.add(f"goes with {kind.value}, not with {self.kind.value}", name)

    def _check_shares(self, faults: Faults) -> None:
        if bool(self.shares) is not (self.by is SplitBy.ROLES):
            faults.add("shares and a split by roles go together", "shares")
        for role, share in self.shares.items():
            if not Rate(0) < share <= Rate(1):
                faults.add(f"found {share}; accepted: above 0 %, up to 100 %", f"shares.{role!s:.60}")
        whole = sum((share.fraction for share in self.shares.values()), Fraction(0))
        if self.shares and whole != 1:
            faults.add(f"the shares make {Rate.of(whole)}; accepted: 100 % exactly", "shares")

    def window(self, day: datetime.date) -> DateRange:
        """The days up to that day in which an engagement counts."""
        if self.days is not None:
            return RollingDays(self.days).on(day, _CALENDAR)
        assert self.months is not None  # a direct engagement has one of both
        return RollingMonths(self.months).on(day, _CALENDAR)


_CALENDAR = FiscalCalendar()
_BELONGS: Mapping[
    str, tuple[StepKind, Any]
] = {  # a parameter's kind of step, and what it is when it is not given
    "days": (StepKind.DIRECT_ENGAGEMENT, None),
    "months": (StepKind.DIRECT_ENGAGEMENT, None),
    "counted_from": (StepKind.DIRECT_ENGAGEMENT, CountedFrom.SUBMISSION),
    "renewals_only": (StepKind.INCUMBENT, True),
    "order": (StepKind.TIER, ()),
    "by": (StepKind.SPLIT, None),
    "shares": (StepKind.SPLIT, {}),
}


Left: TypeAlias = tuple[Contender, ...]


def narrowed(
    step: ResolutionStep, facts: ConflictFacts, left: Left, as_of: datetime.date, zone: str
) -> Narrowed[Contender]:
    """What is left of the claims after a step; a split and a review leave them as they are."""
    narrow = _NARROW.get(step.kind)
    found = _passed(step, left) if narrow is None else narrow(step, facts, left, as_of, zone)
    asks = step.unknown is WhenUnknown.ASK
    return found if asks or not found.unknown else attrs.evolve(found, unknown=())


def _passed(step: ResolutionStep, left: Left) -> Narrowed[Contender]:
    return Narrowed(step=step, left=left)


def _not_known(step: ResolutionStep, left: Left, of: Iterable[Contender]) -> Narrowed[Contender]:
    return Narrowed(step=step, left=left, unknown=tuple(of))


def _house_account(
    step: ResolutionStep, facts: ConflictFacts, left: Left, as_of: datetime.date, zone: str
) -> Narrowed[Contender]:
    if facts.is_house_account is None:
        return _not_known(step, left, left)
    if not facts.is_house_account:
        return _passed(step, left)
    return kept(step, left, lambda one: one.is_direct, why=WhyOut.HOUSE_ACCOUNT, may_empty=True)


def _direct_engagement(
    step: ResolutionStep, facts: ConflictFacts, left: Left, as_of: datetime.date, zone: str
) -> Narrowed[Contender]:
    partners = [one for one in left if not one.is_direct]
    if not partners:
        return _passed(step, left)
    if facts.engagements is None:
        return _not_known(step, left, partners)
    met = {one.id: _engaged(step, facts.engagements, one, as_of, zone) for one in partners}
    return kept(
        step, left, lambda one: met.get(one.id) is None, why=WhyOut.ENGAGED, seen=lambda one: met.get(one.id),
        may_empty=True,
    )  # fmt: skip


def _engaged(
    step: ResolutionStep,
    engagements: Sequence[datetime.date],
    one: Contender,
    as_of: datetime.date,
    zone: str,
) -> datetime.date | None:
    """The last engagement that stands against a partner; None when there is none."""
    from_submission = step.counted_from is CountedFrom.SUBMISSION
    window = step.window(day_in(zone, one.claim.submitted) if from_submission else as_of)
    return max((day for day in engagements if day in window), default=None)


def _protection(
    step: ResolutionStep, facts: ConflictFacts, left: Left, as_of: datetime.date, zone: str
) -> Narrowed[Contender]:
    return kept(step, left, lambda one: one.claim.is_protected_on(as_of), why=WhyOut.UNPROTECTED)


def _incumbent(
    step: ResolutionStep, facts: ConflictFacts, left: Left, as_of: datetime.date, zone: str
) -> Narrowed[Contender]:
    if step.renewals_only and facts.is_renewal is None:
        return _not_known(step, left, left)
    if step.renewals_only and not facts.is_renewal:
        return _passed(step, left)
    return kept(step, left, lambda one: one.is_incumbent, why=WhyOut.NOT_INCUMBENT)


def _earliest(
    step: ResolutionStep, facts: ConflictFacts, left: Left, as_of: datetime.date, zone: str
) -> Narrowed[Contender]:
    """The first complete one, by the instant, then the sequence. Two of the same are both first: no id wins."""
    complete = [one.claim for one in left if one.claim.completed is not None]
    if not complete:
        return _passed(step, left)
    first = min(place(claim)[:3] for claim in complete)
    found = kept(
        step, left, lambda one: place(one.claim)[:3] == first, why=WhyOut.LATER, seen=lambda one: one.claim.completed
    )  # fmt: skip
    return attrs.evolve(found, fell_out=tuple(_or_incomplete(one) for one in found.fell_out))


def _or_incomplete(one: FellOut[Contender]) -> FellOut[Contender]:
    return attrs.evolve(one, why=WhyOut.INCOMPLETE) if one.seen is None else one


def _tier(
    step: ResolutionStep, facts: ConflictFacts, left: Left, as_of: datetime.date, zone: str
) -> Narrowed[Contender]:
    """Partners by their tiers; the direct team has none, and is left where it is. A tier that is not declared is unknown."""
    ranks: dict[str | None, int] = {tier: rank for rank, tier in enumerate(step.order)}
    partners = [one for one in left if not one.is_direct]
    unknown = [one for one in partners if one.tier not in ranks]
    if unknown:
        return _not_known(step, left, unknown)
    best = min((ranks[one.tier] for one in partners), default=None)
    return kept(
        step, left, lambda one: one.is_direct or ranks[one.tier] == best, why=WhyOut.LOWER_TIER,
        seen=lambda one: one.tier,
    )  # fmt: skip


def _territory_owner(
    step: ResolutionStep, facts: ConflictFacts, left: Left, as_of: datetime.date, zone: str
) -> Narrowed[Contender]:
    return kept(step, left, lambda one: one.owns_territory, why=WhyOut.NOT_OWNER)


def _customer_choice(
    step: ResolutionStep, facts: ConflictFacts, left: Left, as_of: datetime.date, zone: str
) -> Narrowed[Contender]:
    """Nothing when the customer has written nothing yet. Who is chosen and claims nothing is a person's matter."""
    choice = facts.choice
    if choice is None or choice.on > as_of:
        return _passed(step, left)
    if choice.claimant not in facts.claimants:
        return _not_known(step, left, left)
    return kept(
        step, left, lambda one: one.claimant == choice.claimant, why=WhyOut.NOT_CHOSEN,
        seen=lambda one: choice.reference,
    )  # fmt: skip


Narrow: TypeAlias = Callable[[ResolutionStep, ConflictFacts, Left, datetime.date, str], Narrowed[Contender]]
_NARROW: Mapping[StepKind, Narrow] = {
    StepKind.HOUSE_ACCOUNT: _house_account,
    StepKind.DIRECT_ENGAGEMENT: _direct_engagement,
    StepKind.PROTECTION: _protection,
    StepKind.INCUMBENT: _incumbent,
    StepKind.EARLIEST: _earliest,
    StepKind.TIER: _tier,
    StepKind.TERRITORY_OWNER: _territory_owner,
    StepKind.CUSTOMER_CHOICE: _customer_choice,
}
