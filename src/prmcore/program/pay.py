"""The use cases of paying: propose what is due, approve it, release it, pay it; raise a dispute and decide it.

Each is one unit of work. Whoever is refused is given the decision with its reasons, and nothing is changed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

from prmcore.errors import InvalidInput
from prmcore.incentives import Bookkeeping, Ledger
from prmcore.incentives.ledger.disputes import Dispute, Moved, raised, rejected, upheld, withdrawn
from prmcore.incentives.payouts import paying
from prmcore.incentives.payouts.model import Payout, PayoutAction, Proposal, proposed
from prmcore.incentives.payouts.paying import Situation
from prmcore.incentives.payouts.write_offs import written_off
from prmcore.incentives.repository import DISPUTES, ENTRIES, PAYOUTS
from prmcore.program.earning import bookkeeping_in, incentives_on, keep_entries
from prmcore.program.model import ProgramVersions
from prmcore.repository import Aggregate, Store, UnitOfWork, asked_for, committed
from prmcore.values import ExchangeRates, Money, is_points

__all__ = [
    "approve_payout", "move_payout", "pay_payout", "payouts_of", "propose_payouts", "raise_dispute", "reject_dispute",
    "return_payout", "uphold_dispute", "withdraw_dispute", "write_off",
]  # fmt: skip

R = TypeVar("R")


def propose_payouts(
    store: Store, versions: ProgramVersions, on: datetime.date, by: str, calculated_by: Iterable[str] = ()
) -> tuple[Proposal, ...]:
    """What is due to every payee in every currency, proposed; those for whom nothing is say why. Proposing again adds nothing."""
    policy = incentives_on(versions, on).payout
    accruing = [plan.name for plan in incentives_on(versions, on).plans if plan.accrues_for_funds]
    if accruing:
        raise InvalidInput(
            f"{', '.join(accruing)} accrues for a fund, which is claimed and not paid out; see accrue"
        )
    calculators = tuple(calculated_by)

    def change(work: UnitOfWork) -> tuple[Proposal, ...]:
        ledger = Ledger(one.record for one in work.repository(ENTRIES).query(books=versions.name))
        payouts = [one.record for one in work.repository(PAYOUTS).query(books=versions.name)]
        disputes = [one.record for one in work.repository(DISPUTES).query(books=versions.name)]
        found = []
        for payee, unit in [(one, unit) for one in ledger.payees() for unit in ledger.units(one)]:
            if is_points(unit):
                continue
            one = proposed(
                ledger, payee, unit, on, policy,
                by=by, calculated_by=calculators,
                payouts=[payout for payout in payouts if payout.payee == payee],
                disputes=[dispute for dispute in disputes if dispute.payee == payee],
            )  # fmt: skip
            if one.payout is not None:
                work.repository(PAYOUTS).put(one.payout)
            found.append(one)
        return tuple(found)

    return committed(store, change)


def payouts_of(store: Store, books: str, payee: str | None = None) -> tuple[Payout, ...]:
    """The payouts of a program, or of one payee in it, in order of days."""
    keys = {"books": books} if payee is None else {"books": books, "payee": payee}
    with store.unit_of_work() as work:
        found = [one.record for one in work.repository(PAYOUTS).query(**keys)]
    return tuple(sorted(found, key=lambda one: (one.proposed_on, one.id)))


def approve_payout(
    store: Store, versions: ProgramVersions, payout: str, *, by: str, role: str, on: datetime.date
) -> Moved[Payout]:
    """A person's approval; above all limits, the first of two leaves it waiting for the second."""
    policy = incentives_on(versions, on).payout
    return _move(
        store,
        versions,
        PAYOUTS,
        payout,
        on,
        lambda one, around, books: paying.approved(one, around, policy, by=by, role=role, on=on),
    )


def move_payout(
    store: Store,
    versions: ProgramVersions,
    payout: str,
    action: PayoutAction,
    *,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> Moved[Payout]:
    """An action that moves no money: release, hold, dispute, resume, void."""
    policy = incentives_on(versions, on).payout
    return _move(
        store, versions, PAYOUTS, payout, on,
        lambda one, around, books: paying.moved(one, action, around, policy, by=by, on=on, reason=reason),
    )  # fmt: skip


def pay_payout(
    store: Store,
    versions: ProgramVersions,
    payout: str,
    *,
    by: str,
    on: datetime.date,
    currency: str | None = None,
    exchange: ExchangeRates | None = None,
) -> Moved[Payout]:
    """The payment, and its entry in the ledger."""
    policy = incentives_on(versions, on).payout
    return _move(
        store, versions, PAYOUTS, payout, on,
        lambda one, around, books: paying.paid(one, around, books, policy, by=by, on=on, currency=currency, exchange=exchange),
    )  # fmt: skip


def return_payout(
    store: Store, versions: ProgramVersions, payout: str, *, by: str, on: datetime.date, reason: str
) -> Moved[Payout]:
    """A payment that came back: what it settled is owed again."""
    policy = incentives_on(versions, on).payout
    return _move(
        store, versions, PAYOUTS, payout, on,
        lambda one, around, books: paying.returned(one, around, books, policy, by=by, on=on, reason=reason),
    )  # fmt: skip


def _move(
    store: Store,
    versions: ProgramVersions,
    kind: Aggregate[R],
    identity: str,
    on: datetime.date,
    step: Callable[[R, Situation, Bookkeeping], Moved[R]],
) -> Moved[R]:
    """A payout or a dispute on its way: what the step makes of it is kept, with its entries."""

    def change(work: UnitOfWork) -> Moved[R]:
        kept = asked_for(work, kind, identity)
        record: Any = kept.record
        books = bookkeeping_in(work, versions, on)
        moved = step(kept.record, _around(work, record.books, record.payee), books)
        if moved.record != kept.record:
            work.repository(kind).put(moved.record, expected=kept.version)
        keep_entries(work, books, moved.entries)
        return moved

    return committed(store, change)


def _around(work: UnitOfWork, books: str, payee: str) -> Situation:
    """The payee's own entries, payouts and disputes."""
    keys = {"books": books, "payee": payee}
    entries = sorted(
        (one.record for one in work.repository(ENTRIES).query(**keys)),
        key=lambda entry: (entry.calculation, entry.number),
    )
    payouts = [one.record for one in work.repository(PAYOUTS).query(**keys)]
    disputes = [one.record for one in work.repository(DISPUTES).query(**keys)]
    return Situation(ledger=Ledger(entries), payouts=payouts, disputes=disputes)


def raise_dispute(
    store: Store,
    versions: ProgramVersions,
    payee: str,
    entries: Collection[str],
    *,
    issued: datetime.date,
    by: str,
    on: datetime.date,
    reason: str,
) -> Moved[Dispute | None]:
    """A payee holds entries to be wrong; `issued` is the day of the statement that they stand on."""
    policy = incentives_on(versions, on).disputes

    def change(work: UnitOfWork) -> Moved[Dispute | None]:
        around = _around(work, versions.name, payee)
        moved = raised(
            around.ledger,
            entries,
            issued=issued,
            by=by,
            on=on,
            reason=reason,
            disputes=around.disputes,
            policy=policy,
        )
        if moved.record is not None and all(one.id != moved.record.id for one in around.disputes):
            work.repository(DISPUTES).put(moved.record)
        return moved

    return committed(store, change)


def uphold_dispute(
    store: Store,
    versions: ProgramVersions,
    dispute: str,
    amount: Money,
    *,
    by: str,
    on: datetime.date,
    reason: str,
    corrects: str | None = None,
) -> Moved[Dispute]:
    """The payee was right: an adjustment is posted beside the entry that it corrects."""
    policy = incentives_on(versions, on).disputes
    return _move(
        store, versions, DISPUTES, dispute, on,
        lambda one, around, books: upheld(one, around.ledger, books, amount=amount, by=by, on=on, reason=reason, corrects=corrects, policy=policy),
    )  # fmt: skip


def reject_dispute(
    store: Store, versions: ProgramVersions, dispute: str, *, by: str, on: datetime.date, reason: str
) -> Moved[Dispute]:
    """The entries stand."""
    policy = incentives_on(versions, on).disputes
    return _move(
        store,
        versions,
        DISPUTES,
        dispute,
        on,
        lambda one, around, books: rejected(one, by=by, on=on, reason=reason, policy=policy),
    )


def withdraw_dispute(
    store: Store, versions: ProgramVersions, dispute: str, *, by: str, on: datetime.date, reason: str
) -> Moved[Dispute]:
    """Whoever raised it takes it back."""
    policy = incentives_on(versions, on).disputes
    return _move(
        store,
        versions,
        DISPUTES,
        dispute,
        on,
        lambda one, around, books: withdrawn(one, by=by, on=on, reason=reason, policy=policy),
    )


def write_off(
    store: Store, versions: ProgramVersions, payee: str, unit: str, *, by: str, role: str, on: datetime.date
) -> Moved[None]:
    """Brings a balance that was below zero for long enough back to it; else says why not."""
    policy = incentives_on(versions, on).payout

    def change(work: UnitOfWork) -> Moved[None]:
        ledger = _around(work, versions.name, payee).ledger
        books = bookkeeping_in(work, versions, on)
        moved = written_off(ledger, payee, unit, books, policy, by=by, role=role, on=on)
        keep_entries(work, books, moved.entries)
        return moved

    return committed(store, change)
