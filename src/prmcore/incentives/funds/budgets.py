"""Budgets and allocations: given, taken back as far as nothing is bound, and earned by sales."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import attrs

from prmcore.errors import Faults, InvalidInput
from prmcore.incentives.funds.book import FundBook
from prmcore.incentives.funds.model import Fund, FundMove, FundMoveKind
from prmcore.incentives.funds.policy import (
    FundFacts,
    FundMoved,
    FundPolicy,
    changing,
    check_amounts,
    check_ids,
)
from prmcore.incentives.ledger.model import Entry
from prmcore.values import Money, natural_key

__all__ = ["Accrual", "accrued", "allocated", "budget_changed", "opened"]


def opened(fund: Fund, parent: Fund | None) -> Fund:
    """The fund, when it fits its parent: the same currency and program, and a period inside its own."""
    if (fund.parent is None) != (parent is None) or (parent is not None and parent.id != fund.parent):
        raise InvalidInput(
            f"the fund {fund.id!r} names the parent {fund.parent!r}; accepted: that fund beside it"
        )
    if parent is None:
        return fund
    faults = Faults(f"the fund {fund.id!r} does not fit its parent {parent.id!r}")
    for name in ("currency", "program"):
        if getattr(fund, name) != getattr(parent, name):
            faults.add(
                f"found {getattr(fund, name)}; accepted: {getattr(parent, name)}, as of the parent", name
            )
    if fund.period.intersection(parent.period) != fund.period:
        faults.add(f"found {fund.period}; accepted: inside {parent.period}", "period")
    if parent.expires is not None and (fund.expires is None or fund.expires > parent.expires):
        faults.add(f"found {fund.expires}; accepted: {parent.expires}, as the parent, or earlier", "expires")
    faults.raise_if_any()
    return fund


def budget_changed(
    book: FundBook,
    amount: Money,
    policy: FundPolicy,
    *,
    key: str,
    by: str,
    on: datetime.date,
    reason: str | None = None,
    above: FundBook | None = None,
) -> FundMoved[Fund]:
    """More budget, or less of it: never less than what children and partners have of it.

    `key` is by what the change is known, such as the number of a decision: with the same key it is made once. `above` is the
    book of the parent, from which a child takes and to which it gives back.
    """
    fund = book.fund
    if (fund.parent is None) != (above is None) or (above is not None and above.fund.id != fund.parent):
        raise InvalidInput(
            f"the budget of {fund.id!r} is taken from {fund.parent!r}; accepted: its book as `above`"
        )
    _check_change(book, amount, (("key", key), ("by", by)))
    move = FundMove(
        id=natural_key(fund.id, FundMoveKind.BUDGET, key), fund=fund.id, kind=FundMoveKind.BUDGET, amount=amount,
        parent=fund.parent, effective=on, recorded=book.checked_day(on), by=by, reason=reason,
    )  # fmt: skip
    if above is not None:
        above.checked_day(on)
    facts = FundFacts(
        state=fund.state,
        is_new=not book.is_posted(move),
        left_of_fund=book.free + amount,
        left_of_parent=None if above is None else above.free - amount,
    )
    ladder = changing(policy, "budget", amount.minor > 0, fund.parent is not None, fund.currency)
    decision = ladder.decide(facts, on)
    return FundMoved(decision, fund, (move,) if decision.outcome else ())


def allocated(
    book: FundBook,
    partner: str,
    amount: Money,
    policy: FundPolicy,
    *,
    key: str,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> FundMoved[Fund]:
    """A part of the budget for a partner, or a part of it taken back: never what is approved for its requests."""
    fund = book.fund
    _check_change(book, amount, (("key", key), ("by", by), ("partner", partner)))
    move = FundMove(
        id=natural_key(fund.id, FundMoveKind.ALLOCATION, partner, key), fund=fund.id, kind=FundMoveKind.ALLOCATION,
        amount=amount, partner=partner, effective=on, recorded=book.checked_day(on), by=by, reason=reason,
    )  # fmt: skip
    facts = FundFacts(
        state=fund.state,
        is_new=not book.is_posted(move),
        left_of_fund=book.free - amount,
        left_of_allocation=book.available(partner) + amount,
    )
    decision = changing(policy, "allocation", amount.minor > 0, False, fund.currency).decide(facts, on)
    return FundMoved(decision, fund, (move,) if decision.outcome else ())


def _check_change(book: FundBook, amount: Money, ids: tuple[tuple[str, str], ...]) -> None:
    faults = Faults(f"the change of {book.fund.id!r} cannot be made")
    check_amounts(faults, book.fund.currency, {"amount": Money(amount.currency, abs(amount.minor))})
    check_ids(faults, ids)
    faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Accrual:
    """What a partner earned for its allocation, or what a refund takes back."""

    key: str  # by which it is known: the id of the entry that it comes from
    partner: str
    amount: Money
    effective: datetime.date

    @classmethod
    def of(cls, entry: Entry) -> Accrual:
        """What an entry of a plan comes to, whose payee is the partner: the plan holds the rate and what is credited.

        Its books are those of a program of its own, so that no payout pays what is to be claimed.
        """
        return cls(key=entry.id, partner=entry.payee, amount=entry.amount, effective=entry.effective)


def accrued(
    book: FundBook, accruals: Iterable[Accrual], *, by: str, on: datetime.date
) -> tuple[FundMove, ...]:
    """The moves to add: each accrual once, whatever it is given with; what stands in the book already adds nothing.

    What a refund takes back may be bound already. Where the fund allows a balance below zero, all of it is taken, and
    nothing is approved for the partner until later sales have settled it. Elsewhere no more is taken than is free, and
    what is not taken is waived by a move of its own; so the sum of both is always what was accrued.
    """
    given = sorted(accruals, key=lambda one: (one.effective, one.key))
    _check_accruals(book.fund, given)
    recorded = book.checked_day(on)
    added: list[FundMove] = []
    free: dict[str, Money] = {}
    for one in given:
        if not one.amount:
            continue
        move = _accrual(book.fund, FundMoveKind.ACCRUAL, one, one.amount, recorded, by)
        if book.is_posted(move):
            continue
        added.append(move)
        after = free.get(one.partner, book.available(one.partner)) + one.amount
        if one.amount.minor < 0 and after.minor < 0 and not book.fund.below_zero:
            waived = min(-after, -one.amount)
            added.append(_accrual(book.fund, FundMoveKind.WAIVER, one, waived, recorded, by))
            after += waived
        free[one.partner] = after
    return tuple(added)


def _check_accruals(fund: Fund, accruals: list[Accrual]) -> None:
    faults = Faults(f"the accruals of {fund.id!r} cannot be posted")
    if not fund.accrues:
        faults.add("nothing is accrued in it; accepted: a fund that accrues")
    seen: dict[str, Accrual] = {}
    for one in accruals:
        check_ids(faults, ((f"{one.key}.partner", one.partner),))
        if one.amount.currency != fund.currency:
            faults.add(f"found {one.amount}; accepted: {fund.currency}, the currency of the fund", one.key)
        if seen.setdefault(one.key, one) is not one:
            faults.add("stands here twice", one.key)
    faults.raise_if_any()


def _accrual(
    fund: Fund, kind: FundMoveKind, accrual: Accrual, amount: Money, recorded: datetime.date, by: str
) -> FundMove:
    return FundMove(
        id=natural_key(fund.id, kind, accrual.key), fund=fund.id, kind=kind, amount=amount, partner=accrual.partner,
        effective=accrual.effective, recorded=recorded, by=by,
    )  # fmt: skip
