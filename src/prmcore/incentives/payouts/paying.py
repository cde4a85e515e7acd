"""Paying: a payout is approved, released and paid, or stopped on the way; who does what, and up to which amount.

Separation of duties: who proposed or calculated a payout does not approve it, and who approved it does not pay it. Every
move is a decision with reasons; what is not allowed changes nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

import attrs

from prmcore.decisions import Ladder, all_of, any_of, fact, rung
from prmcore.decisions.permission import NO, permission, starts_of
from prmcore.errors import InvalidInput
from prmcore.incentives.ledger.disputes import Dispute, Moved
from prmcore.incentives.ledger.model import Bookkeeping, Entry, EntryKind, Ledger
from prmcore.incentives.payouts.model import (
    PAYOUT_MOVES,
    Approval,
    Payout,
    PayoutAction,
    PayoutPolicy,
    PayoutState,
    PayoutStep,
    owed_on,
)
from prmcore.incentives.plans.lines import Line, LineKind
from prmcore.values import ExchangeRates, Money, Text, checked_date

__all__ = [
    "Approving",
    "PayoutFacts",
    "Situation",
    "approved",
    "entry_by_person",
    "moved",
    "paid",
    "returned",
]


@attrs.frozen
class PayoutFacts:
    """What moving a payout depends on: the payout itself, and who moves it."""

    state: PayoutState = attrs.field(metadata={"text": Text.of("state", ja="状態", zh="状态")})
    missing: Money = attrs.field(  # of its amount, because something was taken back since, or waits now
        metadata={"text": Text.of("no longer owed", ja="支払義務がなくなった額", zh="不再欠付的金额")}
    )
    disputed: int = attrs.field(
        metadata={"text": Text.of("entries in dispute", ja="異議申立て中の明細", zh="争议中的分录")}
    )
    was_paid: bool = attrs.field(  # the ledger holds its payment
        metadata={"text": Text.of("paid already", ja="支払済み", zh="已支付")}
    )
    made_it: bool = attrs.field(  # proposed or calculated it
        metadata={
            "text": Text.of("proposed or calculated it", ja="起案または計算の担当者本人", zh="本人提出或计算")
        }
    )
    approved_it: bool = attrs.field(metadata={"text": Text.of("approved it", ja="承認者本人", zh="本人批准")})
    within_limit: bool = attrs.field(
        metadata={
            "text": Text.of("within the limit of the role", ja="役割の承認限度内", zh="在角色的审批限额内")
        }
    )
    above_all_limits: bool = attrs.field(
        metadata={"text": Text.of("above all limits", ja="すべての承認限度を超過", zh="超过所有审批限额")}
    )
    has_highest_limit: bool = attrs.field(
        metadata={
            "text": Text.of(
                "of a role with the highest limit", ja="最高限度を持つ役割", zh="拥有最高限额的角色"
            )
        }
    )
    approvals: int = attrs.field(  # of such a role
        metadata={"text": Text.of("approvals so far", ja="これまでの承認", zh="已有的批准")}
    )


class Approving(StrEnum):
    """What an approval comes to."""

    APPROVED = "approved"
    SECOND_NEEDED = "second-needed"
    REFUSED = "refused"


_APPROVED = Text.of("approved", ja="承認", zh="批准")
_SECOND = Text.of("a second approval is needed", ja="もう一人の承認が必要", zh="还需另一人批准")


@lru_cache(maxsize=256)
def _approving(policy: PayoutPolicy, unit: str) -> Ladder[PayoutFacts, Approving]:
    always = (
        starts_of(PAYOUT_MOVES, PayoutAction.APPROVE),
        fact("made_it").is_false(),
        fact("approved_it").is_false(),
        fact("disputed").at_most(0),
        fact("missing").at_most(Money.zero(unit)),
    )
    alone = fact("within_limit").is_true()
    if not policy.two_above_limits:
        rungs = [rung(Approving.APPROVED, *always, alone, text=_APPROVED)]
    else:
        one_of_two = (fact("above_all_limits").is_true(), fact("has_highest_limit").is_true())
        second = all_of(*one_of_two, fact("approvals").at_least(1))
        rungs = [
            rung(Approving.APPROVED, *always, any_of(alone, second), text=_APPROVED),
            rung(Approving.SECOND_NEEDED, *always, *one_of_two, text=_SECOND),
        ]
    return Ladder(
        f"{policy.name}/approve/{unit}", facts=PayoutFacts, rungs=tuple(rungs),
        otherwise=Approving.REFUSED, otherwise_text=NO,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _moving(policy: PayoutPolicy, action: PayoutAction, unit: str) -> Ladder[PayoutFacts, bool]:
    settled, owed = fact("disputed").at_most(0), fact("missing").at_most(Money.zero(unit))
    asked = {
        PayoutAction.RELEASE: (settled, owed),
        PayoutAction.PAY: (fact("was_paid").is_false(), settled, owed, fact("approved_it").is_false()),
        PayoutAction.DISPUTE: (fact("disputed").at_least(1),),
        PayoutAction.RESUME: (settled,),
        PayoutAction.RETURN: (fact("was_paid").is_true(),),
    }
    name = f"{policy.name}/{action.value}/{unit}"
    return permission(name, PayoutFacts, starts_of(PAYOUT_MOVES, action), *asked.get(action, ()))


def _payouts(given: Iterable[Payout]) -> tuple[Payout, ...]:
    return tuple(given)


def _disputes(given: Iterable[Dispute]) -> tuple[Dispute, ...]:
    return tuple(given)


@attrs.frozen(kw_only=True)
class Situation:
    """What is known around a payout when it is moved."""

    ledger: Ledger
    payouts: tuple[Payout, ...] = attrs.field(default=(), converter=_payouts)
    disputes: tuple[Dispute, ...] = attrs.field(default=(), converter=_disputes)


def _facts(
    payout: Payout, around: Situation, policy: PayoutPolicy, by: str, on: datetime.date, role: str | None
) -> PayoutFacts:
    last = payout.steps[-1].on if payout.steps else payout.proposed_on
    if checked_date(on, "on") < last:
        raise InvalidInput(f"on: found {on}; accepted: {last}, the day of its last move, or later")
    unit = payout.unit
    others = [one for one in around.payouts if one.id != payout.id]
    # its own entries are free in this view, so that what waits among them shows
    owed = owed_on(around.ledger, payout.payee, unit, on, others, around.disputes)
    limit = None if role is None else policy.limit(role, unit)
    highest = policy.highest_limit(unit)
    return PayoutFacts(
        state=payout.state,
        missing=max(payout.amount - owed.amount, Money.zero(unit)),
        disputed=_disputed(payout, around, on),
        was_paid=bool(around.ledger.of(payout.calculation)),
        made_it=by in (payout.proposed_by, *payout.calculated_by),
        approved_it=any(one.by == by for one in payout.approvals),
        within_limit=limit is not None and payout.amount <= limit,
        above_all_limits=payout.amount > highest,
        has_highest_limit=limit == highest,
        approvals=sum(policy.limit(one.role, unit) == highest for one in payout.approvals),
    )  # fmt: skip


def _disputed(payout: Payout, around: Situation, on: datetime.date) -> int:
    """How many of its entries wait for a dispute; what was taken back is netted all the same."""
    open_ones = {entry for one in around.disputes if one.is_open_on(on) for entry in one.entries}
    return sum(around.ledger.entry(one).amount.minor > 0 for one in payout.covers if one in open_ones)


def approved(
    payout: Payout, around: Situation, policy: PayoutPolicy, *, by: str, role: str, on: datetime.date
) -> Moved[Payout]:
    """The payout after a person's approval; above all limits, the first of two leaves it waiting for the second."""
    decision = _approving(policy, payout.unit).decide(_facts(payout, around, policy, by, on, role), on)
    if decision.outcome is Approving.REFUSED:
        return Moved(decision, payout)
    given = attrs.evolve(payout, approvals=(*payout.approvals, Approval(by, role, on)))
    if decision.outcome is Approving.SECOND_NEEDED:
        return Moved(decision, given)
    return Moved(decision, _after(given, PayoutAction.APPROVE, by, on, None))


def moved(
    payout: Payout,
    action: PayoutAction,
    around: Situation,
    policy: PayoutPolicy,
    *,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> Moved[Payout]:
    """The payout after an action that moves no money: release, hold, dispute, resume, void."""
    if action in (PayoutAction.APPROVE, PayoutAction.PAY, PayoutAction.RETURN):
        raise InvalidInput(f"found {action}; accepted here: release, hold, dispute, resume, void")
    decision = _moving(policy, action, payout.unit).decide(_facts(payout, around, policy, by, on, None), on)
    if not decision.outcome:
        return Moved(decision, payout)
    kept = () if action is PayoutAction.RESUME else payout.approvals
    return Moved(decision, _after(attrs.evolve(payout, approvals=kept), action, by, on, reason))


def _after(payout: Payout, action: PayoutAction, by: str, on: datetime.date, reason: str | None) -> Payout:
    step = PayoutStep(action=action, after=PAYOUT_MOVES[payout.state, action], on=on, by=by, reason=reason)
    return attrs.evolve(payout, steps=(*payout.steps, step))


def paid(
    payout: Payout,
    around: Situation,
    books: Bookkeeping,
    policy: PayoutPolicy,
    *,
    by: str,
    on: datetime.date,
    currency: str | None = None,
    exchange: ExchangeRates | None = None,
) -> Moved[Payout]:
    """The payout after it was paid, with its payment for the ledger; in another currency at the rate of that day.

    In its own unit, what cash cannot pay stays in the balance, or is paid ahead of it. In another currency the amount is
    settled as a whole, and what was handed over is kept with its rate.
    """
    decision = _moving(policy, PayoutAction.PAY, payout.unit).decide(
        _facts(payout, around, policy, by, on, None), on
    )
    if not decision.outcome:
        return Moved(decision, payout)
    rate = None
    if currency is not None and currency != payout.unit:
        if exchange is None:
            raise InvalidInput(
                f"found {currency} for {payout.unit} without a table of rates; accepted: with one"
            )
        rate = exchange.on(payout.unit, currency, on)
    handed = policy.handed_over(payout.amount, rate)
    if not handed:
        raise InvalidInput(f"{payout.amount} comes to {handed}; accepted: what can be handed over")
    settled = handed if rate is None else payout.amount
    after = attrs.evolve(_after(payout, PayoutAction.PAY, by, on, None), paid=handed, rate=rate)
    return Moved(decision, after, (_payment(payout, books, -settled, by, on, 1),))


def returned(
    payout: Payout,
    around: Situation,
    books: Bookkeeping,
    policy: PayoutPolicy,
    *,
    by: str,
    on: datetime.date,
    reason: str,
) -> Moved[Payout]:
    """The payout after its money came back: what it settled is owed again, and proposed anew."""
    decision = _moving(policy, PayoutAction.RETURN, payout.unit).decide(
        _facts(payout, around, policy, by, on, None), on
    )
    if not decision.outcome:
        return Moved(decision, payout)
    settled = Money(payout.unit, -around.ledger.posted(payout.calculation, payout.payee))
    entry = attrs.evolve(
        _payment(payout, books, settled, by, on, 2),
        corrects=around.ledger.of(payout.calculation)[0].id,
        reason=reason,
    )
    return Moved(decision, _after(payout, PayoutAction.RETURN, by, on, reason), (entry,))


def _payment(
    payout: Payout, books: Bookkeeping, amount: Money, by: str, on: datetime.date, number: int
) -> Entry:
    return entry_by_person(
        payout.payee, f"{payout.books}/payment", f"{payout.unit} {payout.number}", number,
        EntryKind.PAYMENT, LineKind.PAYMENT, amount, books, by, on,
    )  # fmt: skip


def entry_by_person(
    payee: str,
    component: str,
    period: str,
    number: int,
    kind: EntryKind,
    line: LineKind,
    amount: Money,
    books: Bookkeeping,
    by: str,
    on: datetime.date,
) -> Entry:
    """An entry that a person is behind, of that day."""
    attributed, booked = books.booked(on)
    return Entry(
        payee=payee, earner=payee, component=component, period=period, number=number, kind=kind, amount=amount,
        lines=(Line(what=line, amount=Fraction(amount.minor)),), attributed=attributed, booked=booked,
        effective=on, recorded=on, by=by,
    )  # fmt: skip
