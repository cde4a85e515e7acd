"""The negotiation of prices: an append-only log, sealed entry by entry, and what stands of it.

Nothing in the log is changed: what was wrong is withdrawn or said anew. An accepted price is final. Each entry carries the
seal of the one before it, so that a log from which something was taken, or in which something was changed, is refused.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import attrs

from prmcore.deals._moving import check_days, check_ids
from prmcore.decisions import Criterion, Decision, Ladder, fact, labelled
from prmcore.decisions.permission import permission
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.values import Money, Rate, checked_date, checked_instant
from prmcore.values.wire import to_plain

__all__ = [
    "Approval", "ApprovalFacts", "DiscountLimit", "Entered", "EntryFacts", "EntryKind", "NegotiationEntry", "NegotiationLog",
    "NegotiationPolicy", "Price", "Side", "discount_approved", "entered",
]  # fmt: skip

SEALED_AS = "prmcore/negotiation/1"  # what a seal is of, should another form ever follow


class Side(StrEnum):
    """Who speaks in a negotiation."""

    PARTNER = "partner"
    VENDOR = "vendor"
    CUSTOMER = "customer"


class EntryKind(StrEnum):
    """What an entry of a negotiation does."""

    ASKED = "asked"  # a wish; it binds nobody
    OFFERED = "offered"
    COUNTERED = "countered"  # another offer in answer to the one that stands
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


OFFERS = (EntryKind.OFFERED, EntryKind.COUNTERED)
ANSWERS = (EntryKind.ACCEPTED, EntryKind.REJECTED, EntryKind.WITHDRAWN, EntryKind.EXPIRED)  # name no price


@attrs.frozen(kw_only=True)
class Price:
    """A price for a quantity: by the piece, or as a discount from the list; both only if they agree exactly."""

    list_price: Money  # for one
    quantity: int
    unit_price: Money | None = None
    discount: Rate | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults("the price cannot be used")
        if type(self.quantity) is not int or not 1 <= self.quantity <= 10**12:
            faults.add(f"found {self.quantity!r:.40}; accepted: 1 or more", "quantity")
        if self.list_price.minor <= 0:
            faults.add(f"found {self.list_price}; accepted: above zero", "list_price")
        if self.unit_price is None and self.discount is None:
            faults.add("is missing; accepted: unit_price or discount", "unit_price")
        if self.unit_price is not None and self.unit_price.currency != self.list_price.currency:
            faults.add(f"found {self.unit_price}; accepted: {self.list_price.currency}", "unit_price")
        elif self.unit_price is not None and self.unit_price.minor < 0:
            faults.add(f"found {self.unit_price}; accepted: zero or more", "unit_price")
        if self.discount is not None and self.discount > Rate.of(1):
            faults.add(f"found {self.discount}; accepted: at most 100 %", "discount")
        faults.raise_if_any()
        if self.unit_price is not None and self.discount is not None and self.discount != self._off():
            faults.add(f"found {self.discount}; {self.unit_price} is {self._off()} off the list", "discount")
        faults.raise_if_any()

    def _off(self) -> Rate:
        assert self.unit_price is not None  # asked by whoever knows
        return Rate.of(1 - Fraction(self.unit_price.minor, self.list_price.minor))

    @property
    def off(self) -> Rate:
        """The discount from the list, exactly; below zero when it is dearer."""
        return self._off() if self.discount is None else self.discount

    @property
    def unit(self) -> Fraction:
        """The price of one, in minor units, exactly."""
        return self.list_price.minor * (1 - self.off.fraction)

    @property
    def amount(self) -> Fraction:
        """The price of all, in minor units, exactly."""
        return self.unit * self.quantity


@attrs.frozen(kw_only=True)
class Approval:
    """That somebody allowed a discount beyond what a role gives by itself."""

    by: str
    role: str
    asked_by: str
    up_to: Rate
    at: datetime.datetime  # UTC


@attrs.frozen(kw_only=True, slots=False)
class NegotiationEntry:
    """One entry of a log; it is never edited."""

    id: str
    number: int  # in its log, from 1
    at: datetime.datetime  # UTC
    by: str
    side: Side
    role: str | None = None  # in which somebody of the vendor speaks
    kind: EntryKind
    product: str
    price: Price | None = None  # of what is asked, offered and countered
    valid_until: datetime.date | None = (
        None  # the last day (UTC) on which an offer can be accepted; None = no end
    )
    refers_to: str | None = None  # the entry that it answers
    approval: Approval | None = None
    note: str | None = None
    previous: str | None = None  # the seal of the entry before it; None = it is the first

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the entry {self.id!r:.60} cannot be used")
        check_ids(
            faults, id=self.id, by=self.by, role=self.role, product=self.product, refers_to=self.refers_to
        )
        check_days(faults, [("number", self.number)], lowest=1)
        with faults.within(""):
            checked_instant(self.at)
        if (self.price is None) != (self.kind in ANSWERS):
            faults.add(
                "is missing" if self.price is None else f"is not of what is {self.kind.value}", "price"
            )
        if self.valid_until is not None:
            with faults.within(""):
                checked_date(self.valid_until, "valid_until")
            if self.kind not in OFFERS:
                faults.add(f"is not of what is {self.kind.value}", "valid_until")
        if self.refers_to is None and self.kind in (*ANSWERS, EntryKind.COUNTERED):
            faults.add(f"is missing; what is {self.kind.value} names the entry that it answers", "refers_to")
        if self.note is not None and len(self.note) > 2_000:
            faults.add(f"found {len(self.note)} characters; accepted: at most 2000", "note")
        faults.raise_if_any()

    @cached_property
    def seal(self) -> str:
        """The SHA-256 of all that the entry says, the seal before it included; alike wherever it is made."""
        written = {"sealed_as": SEALED_AS, **_without_none(to_plain(self))}
        canonical = json.dumps(written, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def _without_none(written: Any) -> Any:
    """Without what is not there: a field that entries are given later, and old ones lack, breaks no seal."""
    if isinstance(written, Mapping):
        return {key: _without_none(value) for key, value in written.items() if value is not None}
    return written


@attrs.frozen(kw_only=True)
class NegotiationLog:
    """The entries of one opportunity, in the order in which they were made."""

    opportunity: str
    entries: tuple[NegotiationEntry, ...] = ()

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the negotiation of {self.opportunity!r:.60} cannot be used")
        check_ids(faults, opportunity=self.opportunity)
        for identity in repeated(one.id for one in self.entries):
            faults.add(f"{identity!r} stands here twice", "entries")
        known: set[str] = set()
        seal: str | None = None
        last: datetime.datetime | None = None
        for place, one in enumerate(self.entries):
            path = f"entries[{place}]"
            if one.number != place + 1 or one.previous != seal:
                faults.add("does not follow the entry before it: something was changed or taken out", path)
            if last is not None and one.at < last:
                faults.add(f"found {one.at}; accepted: {last} or later", f"{path}.at")
            if one.refers_to is not None and one.refers_to not in known:
                faults.add(f"found {one.refers_to!r:.60}; accepted: an earlier entry", f"{path}.refers_to")
            known.add(one.id)
            seal, last = one.seal, one.at
        faults.raise_if_any()

    @property
    def seal(self) -> str | None:
        """The seal of the last entry, which covers them all; None when there is none."""
        return self.entries[-1].seal if self.entries else None

    def entry(self, identity: str) -> NegotiationEntry | None:
        return next((one for one in self.entries if one.id == identity), None)

    def of(self, product: str) -> tuple[NegotiationEntry, ...]:
        return tuple(one for one in self.entries if one.product == product)

    def standing(self, product: str) -> NegotiationEntry | None:
        """The offer that can be answered: the last one, unless it was accepted, rejected, withdrawn or expired."""
        standing: NegotiationEntry | None = None
        for one in self.of(product):
            if one.kind in OFFERS:
                standing = one
            elif one.kind in ANSWERS and standing is not None and one.refers_to == standing.id:
                standing = None
        return standing

    def accepted(self, product: str) -> NegotiationEntry | None:
        """The offer that was accepted; None while the price is not settled."""
        answer = next((one for one in self.of(product) if one.kind is EntryKind.ACCEPTED), None)
        return None if answer is None or answer.refers_to is None else self.entry(answer.refers_to)


# policy


@attrs.frozen
class DiscountLimit:
    """The highest discount that a role of the vendor gives by itself, or allows another."""

    role: str
    up_to: Rate


@attrs.frozen(kw_only=True)
class NegotiationPolicy:
    """Who of the vendor may give which discount."""

    name: str = "negotiation/standard"
    limits: tuple[DiscountLimit, ...] = ()  # a role that is not here gives none

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r:.60} cannot be used")
        check_ids(faults, name=self.name)
        for role in repeated(one.role for one in self.limits):
            faults.add(f"{role!r} stands here twice", "limits")
        for place, one in enumerate(self.limits):
            check_ids(faults, **{f"limits[{place}].role": one.role})
            if not Rate.of(0) <= one.up_to <= Rate.of(1):
                faults.add(f"found {one.up_to}; accepted: 0 % to 100 %", f"limits[{place}].up_to")
        faults.raise_if_any()

    def limit(self, role: str | None) -> Rate:
        return next((one.up_to for one in self.limits if one.role == role), Rate.of(0))


@attrs.frozen
class EntryFacts:
    """What an entry in a negotiation depends on."""

    is_settled: bool = attrs.field(
        metadata=labelled("the price is settled", "価格合意済み", "价格已达成一致")
    )
    answers_standing: bool = attrs.field(  # the offer that stands, and no other
        metadata=labelled("answers the offer that stands", "有効な提示への回答", "答复当前有效的报价")
    )
    is_own: bool | None = attrs.field(  # None = it answers none
        metadata=labelled("an answer to its own offer", "自らの提示への回答", "答复己方报价")
    )
    is_valid: bool | None = attrs.field(
        metadata=labelled("the offer is valid", "提示の有効期限内", "报价在有效期内")
    )
    within_limit: bool = attrs.field(
        metadata=labelled("within the limit, or approved", "権限内または承認済み", "在权限内或已获批准")
    )


@attrs.frozen
class ApprovalFacts:
    """What approving a discount depends on."""

    asked_it: bool = attrs.field(metadata=labelled("asked for it", "申請者本人", "本人申请"))
    discount: Rate = attrs.field(metadata=labelled("discount", "値引率", "折扣"))


@attrs.frozen
class Entered:
    """What came of an entry: the decision, and the log after it."""

    decision: Decision[bool]
    record: NegotiationLog  # as it was, when it was not allowed


@lru_cache(maxsize=64)
def _entering(policy: NegotiationPolicy, kind: EntryKind) -> Ladder[EntryFacts, bool]:
    answering, other = fact("answers_standing").is_true(), fact("is_own").is_false()
    valid, limit = fact("is_valid").is_true(), fact("within_limit").is_true()
    asked: Mapping[EntryKind, tuple[Criterion, ...]] = {
        EntryKind.ASKED: (),
        EntryKind.OFFERED: (limit,),
        EntryKind.COUNTERED: (answering, other, limit),
        EntryKind.ACCEPTED: (answering, other, valid, limit),
        EntryKind.REJECTED: (answering, other),
        EntryKind.WITHDRAWN: (answering, fact("is_own").is_true()),
        EntryKind.EXPIRED: (answering, fact("is_valid").is_false()),
    }
    name = f"{policy.name}/{kind.value}"
    return permission(name, EntryFacts, fact("is_settled").is_false(), *asked[kind])


@lru_cache(maxsize=256)
def _approving(policy: NegotiationPolicy, role: str) -> Ladder[ApprovalFacts, bool]:
    return permission(
        f"{policy.name}/approve/{role}", ApprovalFacts,
        fact("asked_it").is_false(), fact("discount").at_most(policy.limit(role)),
    )  # fmt: skip


def discount_approved(
    discount: Rate, policy: NegotiationPolicy, *, asked_by: str, by: str, role: str, at: datetime.datetime
) -> tuple[Decision[bool], Approval | None]:
    """Whether somebody in this role allows the discount; whoever asked for it never does. None when it is refused."""
    now = checked_instant(at)
    decision = _approving(policy, role).decide(ApprovalFacts(by == asked_by, discount), now.date())
    if not decision.outcome:
        return decision, None
    return decision, Approval(by=by, role=role, asked_by=asked_by, up_to=discount, at=now)


def entered(
    log: NegotiationLog,
    kind: EntryKind,
    policy: NegotiationPolicy,
    *,
    id: str,
    product: str,
    side: Side,
    by: str,
    at: datetime.datetime,
    role: str | None = None,
    price: Price | None = None,
    valid_until: datetime.date | None = None,
    refers_to: str | None = None,
    approval: Approval | None = None,
    note: str | None = None,
) -> Entered:
    """The log with one more entry, where that is allowed.

    Only the other side accepts, rejects or counters an offer, while it is valid; only its own side withdraws it. The vendor
    binds itself by offers, counters and acceptances: beyond the limit of the role these need an approval.
    """
    entry = NegotiationEntry(
        id=id, number=len(log.entries) + 1, at=checked_instant(at), by=by, side=side, role=role, kind=kind,
        product=product, price=price, valid_until=valid_until, refers_to=refers_to, approval=approval, note=note,
        previous=log.seal,
    )  # fmt: skip
    if refers_to is not None and log.entry(refers_to) is None:
        raise InvalidInput(f"refers_to: there is no entry {refers_to!r:.60} in this negotiation")
    standing = log.standing(product)
    answered = standing if standing is not None and refers_to == standing.id else None
    bound = entry if price is not None else answered
    facts = EntryFacts(
        is_settled=log.accepted(product) is not None, answers_standing=answered is not None,
        is_own=None if answered is None else answered.side is side,
        is_valid=None if answered is None else _is_valid(answered, entry.at),
        within_limit=side is not Side.VENDOR or bound is None or _is_within_limit(policy, entry, bound),
    )  # fmt: skip
    decision = _entering(policy, kind).decide(facts, entry.at.date())
    if not decision.outcome:
        return Entered(decision, log)
    return Entered(decision, attrs.evolve(log, entries=(*log.entries, entry)))


def _is_valid(offer: NegotiationEntry, at: datetime.datetime) -> bool:
    return offer.valid_until is None or at.date() <= offer.valid_until


def _is_within_limit(policy: NegotiationPolicy, entry: NegotiationEntry, bound: NegotiationEntry) -> bool:
    """Whether the discount that the vendor binds itself to is within its role's limit, or allowed to this person."""
    if bound.price is None or bound.price.off <= policy.limit(entry.role):
        return True
    given = entry.approval
    return (
        given is not None
        and given.asked_by == entry.by != given.by
        and given.at <= entry.at
        and bound.price.off <= given.up_to <= policy.limit(given.role)
    )
