"""Disputes: a payee says that an entry is wrong. It ends in an adjustment, which is another entry, or in nothing but its record.

No entry is ever edited. Whoever raised a dispute, or calculated what it is about, does not decide it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Generic, TypeVar

import attrs

from prmcore.decisions import Decision, Ladder, fact
from prmcore.decisions.permission import permission, starts_of
from prmcore.errors import Faults, InvalidInput
from prmcore.incentives.ledger.model import Bookkeeping, Entry, EntryKind, Ledger, calculation_key
from prmcore.incentives.plans.lines import Line, LineKind
from prmcore.values import Money, Text, checked_date

__all__ = [
    "DISPUTE_MOVES", "Dispute", "DisputeAction", "DisputeFacts", "DisputePolicy", "DisputeState", "DisputeStep", "Moved",
    "RaisingFacts", "raised", "rejected", "upheld", "withdrawn",
]  # fmt: skip

RecordT = TypeVar("RecordT")


class DisputeState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DisputeAction(StrEnum):
    UPHOLD = "uphold"
    REJECT = "reject"
    WITHDRAW = "withdraw"


DISPUTE_MOVES: Mapping[tuple[DisputeState, DisputeAction], DisputeState] = {
    (DisputeState.OPEN, DisputeAction.UPHOLD): DisputeState.UPHELD,
    (DisputeState.OPEN, DisputeAction.REJECT): DisputeState.REJECTED,
    (DisputeState.OPEN, DisputeAction.WITHDRAW): DisputeState.WITHDRAWN,
}  # what is settled stays settled


@attrs.frozen(kw_only=True)
class DisputeStep:
    """One move of a dispute, for the audit trail."""

    action: DisputeAction
    after: DisputeState
    on: datetime.date
    by: str
    reason: str
    adjustment: str | None = None  # the entry that it ended in


@attrs.frozen(kw_only=True)
class Dispute:
    """What a payee holds to be wrong: some of its entries, of one unit."""

    id: str
    books: str  # the program
    payee: str
    unit: str
    entries: tuple[str, ...]  # their ids
    issued: datetime.date  # of the statement that they stand on
    raised_by: str
    raised_on: datetime.date
    reason: str
    calculated_by: tuple[str, ...] = ()  # who ran or decided what it is about; they do not decide it
    steps: tuple[DisputeStep, ...] = ()

    @property
    def state(self) -> DisputeState:
        return self.steps[-1].after if self.steps else DisputeState.OPEN

    def is_open_on(self, day: datetime.date) -> bool:
        """At the end of that day."""
        return self.raised_on <= day and not any(step.on <= day for step in self.steps)


@attrs.frozen
class Moved(Generic[RecordT]):
    """What came of a move: the decision, the record after it, and what goes into the ledger."""

    decision: Decision[Any]  # whether it was allowed, and why
    record: RecordT  # as it was, when it was not allowed
    entries: tuple[Entry, ...] = ()


@attrs.frozen
class RaisingFacts:
    """What raising a dispute depends on."""

    days: int = attrs.field(
        metadata={
            "text": Text.of("days since the statement", ja="明細書の発行からの日数", zh="对账单出具后的天数")
        }
    )
    disputed: int = attrs.field(
        metadata={
            "text": Text.of("entries in dispute already", ja="既に異議申立て中の明細", zh="已有争议的分录")
        }
    )


@attrs.frozen
class DisputeFacts:
    """What moving a dispute depends on."""

    state: DisputeState = attrs.field(metadata={"text": Text.of("state", ja="状態", zh="状态")})
    raised_it: bool = attrs.field(metadata={"text": Text.of("raised it", ja="申立人本人", zh="本人提出")})
    calculated_it: bool = attrs.field(
        metadata={"text": Text.of("calculated it", ja="計算の担当者本人", zh="本人计算")}
    )


@attrs.frozen
class DisputePolicy:
    """Until when a dispute can be raised, and who decides it.

    The 15 days are those of GitLab's channel handbook, which opens disputes for 15 days after a rebate was paid.
    """

    name: str = "disputes/standard"
    days: int = 15  # after the statement was issued, the last one included

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r} cannot be used")
        if type(self.days) is not int or self.days < 0:
            faults.add(f"found {self.days!r:.40}; accepted: zero days or more", "days")
        faults.raise_if_any()

    def raising(self, facts: RaisingFacts, as_of: datetime.date) -> Decision[bool]:
        return _raising(self).decide(facts, as_of)

    def moving(self, action: DisputeAction, facts: DisputeFacts, as_of: datetime.date) -> Decision[bool]:
        return _moving(self, action).decide(facts, as_of)


@lru_cache(maxsize=64)
def _raising(policy: DisputePolicy) -> Ladder[RaisingFacts, bool]:
    asked = (fact("days").between(0, policy.days), fact("disputed").at_most(0))
    return permission(f"{policy.name}/raise", RaisingFacts, *asked)


@lru_cache(maxsize=64)
def _moving(policy: DisputePolicy, action: DisputeAction) -> Ladder[DisputeFacts, bool]:
    who = (
        (fact("raised_it").is_true(),)
        if action is DisputeAction.WITHDRAW
        else (fact("raised_it").is_false(), fact("calculated_it").is_false())
    )
    return permission(f"{policy.name}/{action.value}", DisputeFacts, starts_of(DISPUTE_MOVES, action), *who)


def raised(
    ledger: Ledger,
    entries: Collection[str],
    *,
    issued: datetime.date,
    by: str,
    on: datetime.date,
    reason: str,
    calculated_by: Iterable[str] = (),
    disputes: Iterable[Dispute] = (),
    policy: DisputePolicy = DisputePolicy(),
) -> Moved[Dispute | None]:
    """A dispute about entries of one payee and unit; refused when it comes too late, or one about them is open.

    `disputes` are those of the payee that there are. The same dispute raised again on the same day has the same id.
    """
    disputed = _disputed(ledger, entries)
    about = disputed[0]
    own = [one for one in disputes if one.payee == about.payee and one.books == about.books]
    open_ones = {entry for one in own if one.is_open_on(on) for entry in one.entries}
    facts = RaisingFacts((checked_date(on, "on") - issued).days, len(open_ones.intersection(entries)))
    decision = policy.raising(facts, on)
    if not decision.outcome:
        return Moved(decision, None)
    decided_by = {one.by for one in disputed if one.by is not None}
    dispute = Dispute(
        id=calculation_key(about.payee, f"{about.books}/dispute", str(len(own) + 1)),
        books=about.books, payee=about.payee, unit=about.amount.currency,
        entries=tuple(dict.fromkeys(entries)), issued=issued, raised_by=by, raised_on=on, reason=reason,
        calculated_by=tuple(sorted({*calculated_by, *decided_by})),
    )  # fmt: skip
    return Moved(decision, dispute)


def _disputed(ledger: Ledger, entries: Collection[str]) -> list[Entry]:
    found = [ledger.entry(one) for one in entries]
    if len({(one.payee, one.books, one.amount.currency) for one in found}) != 1:
        raise InvalidInput("a dispute is about entries of one payee, one program and one unit, one at least")
    return found


def upheld(
    dispute: Dispute,
    ledger: Ledger,
    books: Bookkeeping,
    *,
    amount: Money,
    by: str,
    on: datetime.date,
    reason: str,
    corrects: str | None = None,
    policy: DisputePolicy = DisputePolicy(),
) -> Moved[Dispute]:
    """The payee was right: an adjustment is posted, beside the entry it corrects (None = the first one disputed).

    It belongs to that entry's period, and is booked in one that is open. It stands for itself, so that calculating the
    plan again does not take it back.
    """
    wanted = dispute.entries[0] if corrects is None else corrects
    if wanted not in dispute.entries:
        raise InvalidInput(f"found {wanted!r:.200}; accepted: one of {', '.join(dispute.entries)}")
    about = ledger.entry(wanted)
    if amount.currency != dispute.unit or not amount:
        raise InvalidInput(f"found {amount}; accepted: an amount of {dispute.unit} other than zero")
    attributed, booked = books.booked(about.effective)
    adjustment = Entry(
        payee=dispute.payee, earner=dispute.payee, component=f"{dispute.books}/dispute",
        period=dispute.id.rpartition("|")[2], number=1, kind=EntryKind.ADJUSTMENT, amount=amount,
        lines=(Line(what=LineKind.DECISION, amount=Fraction(amount.minor)),),
        attributed=attributed, booked=booked, effective=about.effective, recorded=on, corrects=about.id, by=by,
        reason=reason,
    )  # fmt: skip
    return _moved(dispute, DisputeAction.UPHOLD, by, on, reason, policy, adjustment)


def rejected(
    dispute: Dispute, *, by: str, on: datetime.date, reason: str, policy: DisputePolicy = DisputePolicy()
) -> Moved[Dispute]:
    """The entries stand."""
    return _moved(dispute, DisputeAction.REJECT, by, on, reason, policy)


def withdrawn(
    dispute: Dispute, *, by: str, on: datetime.date, reason: str, policy: DisputePolicy = DisputePolicy()
) -> Moved[Dispute]:
    """Whoever raised it takes it back."""
    return _moved(dispute, DisputeAction.WITHDRAW, by, on, reason, policy)


def _moved(
    dispute: Dispute,
    action: DisputeAction,
    by: str,
    on: datetime.date,
    reason: str,
    policy: DisputePolicy,
    adjustment: Entry | None = None,
) -> Moved[Dispute]:
    if checked_date(on, "on") < dispute.raised_on:
        raise InvalidInput(f"on: found {on}; accepted: {dispute.raised_on}, when it was raised, or later")
    facts = DisputeFacts(dispute.state, by == dispute.raised_by, by in dispute.calculated_by)
    decision = policy.moving(action, facts, on)
    if not decision.outcome:
        return Moved(decision, dispute)
    step = DisputeStep(
        action=action, after=DISPUTE_MOVES[dispute.state, action], on=on, by=by, reason=reason,
        adjustment=adjustment.id if adjustment is not None else None,
    )  # fmt: skip
    moved = attrs.evolve(dispute, steps=(*dispute.steps, step))
    return Moved(decision, moved, () if adjustment is None else (adjustment,))
