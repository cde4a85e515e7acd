"""Write-offs: a balance below zero that nobody will settle, once it was so for long enough."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import lru_cache

import attrs

from prmcore.decisions import Ladder, fact
from prmcore.decisions.permission import permission
from prmcore.errors import InvalidInput
from prmcore.incentives.ledger.disputes import Moved
from prmcore.incentives.ledger.model import Bookkeeping, Entry, EntryKind, Ledger, calculation_key
from prmcore.incentives.payouts.model import PayoutPolicy
from prmcore.incentives.payouts.paying import entry_by_person
from prmcore.incentives.plans.lines import LineKind
from prmcore.values import Money, Text, total

__all__ = ["WriteOffFacts", "written_off"]


@attrs.frozen
class WriteOffFacts:
    """What writing off a balance depends on."""

    balance: Money = attrs.field(metadata={"text": Text.of("balance", ja="残高", zh="余额")})
    periods: int = attrs.field(  # that ended with it below zero, without a break up to now
        metadata={"text": Text.of("periods below zero", ja="マイナスの期数", zh="余额为负的期数")}
    )
    within_limit: bool = attrs.field(
        metadata={
            "text": Text.of("within the limit of the role", ja="役割の承認限度内", zh="在角色的审批限额内")
        }
    )


@lru_cache(maxsize=64)
def _writing_off(policy: PayoutPolicy, unit: str) -> Ladder[WriteOffFacts, bool]:
    assert policy.write_off_after is not None  # checked before
    return permission(
        f"{policy.name}/write-off/{unit}", WriteOffFacts,
        fact("balance").less_than(Money.zero(unit)), fact("within_limit").is_true(),
        fact("periods").at_least(policy.write_off_after),
    )  # fmt: skip


def written_off(
    ledger: Ledger,
    payee: str,
    unit: str,
    books: Bookkeeping,
    policy: PayoutPolicy,
    *,
    by: str,
    role: str,
    on: datetime.date,
) -> Moved[None]:
    """The entry that brings a balance below zero back to it, once it was so for long enough; else why not."""
    if policy.write_off_after is None:
        raise InvalidInput(f"{policy.name!r} writes nothing off; accepted: a policy with write_off_after")
    entries = [one for one in ledger.of_payee(payee) if one.amount.currency == unit and one.recorded <= on]
    balance = total((one.amount for one in entries), unit)
    limit = policy.limit(role, unit)
    facts = WriteOffFacts(
        balance, _periods_below(entries, books, on), limit is not None and abs(balance) <= limit
    )
    decision = _writing_off(policy, unit).decide(facts, on)
    if not decision.outcome:
        return Moved(decision, None)
    component = f"{entries[0].books}/write-off"
    number = 1 + len(ledger.of(calculation_key(payee, component, unit)))
    entry = entry_by_person(
        payee, component, unit, number, EntryKind.WRITE_OFF, LineKind.DECISION, -balance, books, by, on
    )
    return Moved(decision, None, (entry,))


def _periods_below(entries: Iterable[Entry], books: Bookkeeping, on: datetime.date) -> int:
    """How many periods in a row, up to the last one that has ended, left the balance below zero."""
    moves: dict[datetime.date, int] = {}
    for one in entries:
        start = books.calendar.named(one.booked).range.start
        assert start is not None  # a fiscal period starts
        moves[start] = moves.get(start, 0) + one.amount.minor
    below, balance = 0, sum(moves.values())
    period = books.period(on)
    while balance < 0:
        # what was booked in a period did not count at the end of the one before it
        start = period.range.start
        assert start is not None
        balance -= sum(amount for day, amount in moves.items() if start <= day)
        moves = {day: amount for day, amount in moves.items() if day < start}
        if balance < 0:
            below += 1
        period = books.period(start - datetime.timedelta(days=1))
    return below
