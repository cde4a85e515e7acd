"""Points: grants that expire, used one after the other; every balance is derived from moves that are only ever added.

Each move names the grant that it takes from, so that what is left of a grant is a sum, whatever the order in which moves
come out of a store, and whatever the order of use is changed to later.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

import attrs

from prmcore.decisions import Decision, Ladder, Rung, fact
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.incentives.ledger.model import Entry
from prmcore.values import Money, Text, checked_date, is_points, total

__all__ = [
    "Lot", "MoveKind", "PointsMove", "PointsPolicy", "Returns", "TakenBack", "Use", "UseAnswer", "UseFacts", "UseOrder",
    "balances", "expire", "granted", "lots", "owed", "settle", "take_back", "undo_use", "use",
]  # fmt: skip


class MoveKind(StrEnum):
    GRANTED = "granted"
    USED = "used"  # positive where a use is undone
    EXPIRED = "expired"
    RETURNED = "returned"  # what a refund takes back of its sale's grant; positive where that had expired
    SETTLED = "settled"  # from one grant to another that is owed; the moves of a settlement add up to zero


class UseOrder(StrEnum):
    """Which points are used first; ties go to the earlier day, then to the smaller id."""

    BY_EXPIRY = "by_expiry"  # what expires first
    BY_GRANT = "by_grant"  # what was granted first


class Returns(StrEnum):
    """How far a refund takes points back, where its grant was used already."""

    OWN = "own"  # what is left of the grant itself
    HELD = "held"  # and then of other points, as far as there are any
    OWED = "owed"  # and the rest is owed: the next grants settle it


@attrs.frozen(kw_only=True)
class PointsMove:
    """One movement of a holder's points; it is never edited."""

    id: str
    holder: str
    kind: MoveKind
    amount: Money  # of points, signed: what is used, expires or is taken back is negative
    grant: str  # id of the grant that it adds to or takes from; of a grant, its own
    on: datetime.date
    cause: str = ""  # what it is for: an order, a refund
    expires: datetime.date | None = (
        None  # of a grant: the first day on which it cannot be used; None = it always can
    )

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the move {self.id[:60]!r} cannot be used")
        if not is_points(self.amount.currency):
            faults.add(f"found {self.amount}; accepted: points", "amount")
        if (self.kind is MoveKind.GRANTED) != (self.id == self.grant):
            faults.add("a grant, and nothing else, is its own grant", "grant")
        if self.kind is MoveKind.GRANTED and self.amount.minor <= 0:
            faults.add(f"found {self.amount}; accepted: a grant above zero", "amount")
        if self.kind is MoveKind.EXPIRED and self.amount.minor >= 0:
            faults.add(f"found {self.amount}; accepted: below zero for what is {self.kind}", "amount")
        if self.expires is not None and self.kind is not MoveKind.GRANTED:
            faults.add(f"found {self.expires}; it is the grant that expires", "expires")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class PointsPolicy:
    """In which order points are used, and how far they are taken back.

    Programs do both: some use the oldest points first, others those that expire first; some let a balance fall below zero
    when the points of a refunded sale are gone, and settle it from what is earned next.
    """

    name: str = "points/standard"
    order: UseOrder = UseOrder.BY_EXPIRY
    returns: Returns = Returns.HELD
    least: int = 1  # how many can be used at once, at least

    def __attrs_post_init__(self) -> None:
        if type(self.least) is not int or self.least < 1:
            raise InvalidInput(f"found {self.least!r:.40}; accepted: at least one point")


@attrs.frozen(kw_only=True)
class Lot:
    """What is left of a grant."""

    grant: str
    on: datetime.date
    expires: datetime.date | None
    left: Money  # below zero where it is owed

    def is_usable_on(self, day: datetime.date) -> bool:
        return self.left.minor > 0 and self.on <= day and not self.is_over_on(day)

    def is_over_on(self, day: datetime.date) -> bool:
        return self.expires is not None and self.expires <= day


def granted(entries: Iterable[Entry]) -> tuple[PointsMove, ...]:
    """The ledger's entries in points as moves: what was earned is granted, what was clawed back is taken from it.

    They can be used once they are known, and no longer held. An entry below zero takes from the grant that it corrects,
    then from the others of its calculation, the latest first, from each no more than it granted. `settle` then covers
    what had been used already from other points, and gives back what had expired unused, which is not owed.
    """
    found: list[PointsMove] = []
    known = sorted((one for one in entries if is_points(one.amount.currency) and one.amount), key=_in_order)
    left: dict[str, int] = {}  # of each grant, in order
    by_id = {one.id: one for one in known}
    for one in known:
        if one.amount.minor > 0:
            left[one.id] = one.amount.minor
            found.append(_from_entry(one, MoveKind.GRANTED, one.id, one.id, one.amount.minor))
            continue
        grants = _corrected(one, by_id, left)
        if sum(left[grant] for grant in grants) < -one.amount.minor:
            raise InvalidInput(
                f"{one.id!r} takes back {-one.amount}, which is more than it corrects had granted"
            )
        rest = -one.amount.minor
        for grant in grants:
            part = min(rest, left[grant])
            if part:
                left[grant] -= part
                rest -= part
                found.append(_from_entry(one, MoveKind.RETURNED, f"{one.id}/{grant}", grant, -part))
    return tuple(found)


def _in_order(one: Entry) -> tuple[Any, ...]:
    return (one.recorded, one.payee, one.calculation, one.number)


def _corrected(one: Entry, by_id: Mapping[str, Entry], left: dict[str, int]) -> list[str]:
    """The grants that an entry below zero takes from, in order."""
    first: Entry | None = one
    while first is not None and first.amount.minor < 0:
        first = by_id.get(first.corrects or "")
    calculations = {(one.calculation, one.payee, one.amount.currency)}
    if first is not None:
        calculations.add((first.calculation, first.payee, one.amount.currency))
    own = [
        grant
        for grant in reversed(left)
        if (by_id[grant].calculation, by_id[grant].payee, by_id[grant].amount.currency) in calculations
    ]
    return sorted(own, key=lambda grant: first is None or grant != first.id)


def _from_entry(one: Entry, kind: MoveKind, name: str, grant: str, minor: int) -> PointsMove:
    return PointsMove(
        id=name,
        holder=one.payee,
        kind=kind,
        amount=Money(one.amount.currency, minor),
        grant=grant,
        on=max(one.recorded, one.payable_from or one.recorded),
        cause="" if kind is MoveKind.GRANTED else one.id,
        expires=one.expires if kind is MoveKind.GRANTED else None,
    )


def lots(
    moves: Iterable[PointsMove], unit: str, day: datetime.date, order: UseOrder = UseOrder.BY_EXPIRY
) -> tuple[Lot, ...]:
    """What can be used on a day, by what was moved until then, in the order of use."""
    return _until(moves, unit, day).usable(day, order)


def owed(moves: Iterable[PointsMove], unit: str, day: datetime.date) -> Money:
    """What was taken back by a day and was not there any more."""
    return _until(moves, unit, day).owed


def balances(moves: Iterable[PointsMove], day: datetime.date) -> dict[str, Money]:
    """What a holder can use, less what is owed, by unit; points of two names are never added."""
    given = tuple(moves)
    return {unit: _until(given, unit, day).balance(day) for unit in _units(given)}


def expire(
    moves: Iterable[PointsMove], day: datetime.date, policy: PointsPolicy = PointsPolicy()
) -> tuple[PointsMove, ...]:
    """What is to be added because points expired by that day: nothing, once it is added.

    What was owed before is settled first, from points that could still be used.
    """
    given = tuple(moves)
    accounts = [_Account(given, unit) for unit in _units(given)]
    for account in accounts:
        account.expire(checked_date(day, "day"), policy.order)
    return tuple(move for account in accounts for move in account.added)


def settle(
    moves: Iterable[PointsMove], day: datetime.date, policy: PointsPolicy = PointsPolicy()
) -> tuple[PointsMove, ...]:
    """What is to be added because points expired, are owed while others can be used, or were taken back after they expired.

    Nothing, once it is added.
    """
    given = tuple(moves)
    accounts = [_Account(given, unit) for unit in _units(given)]
    for account in accounts:
        account.bring_to(checked_date(day, "day"), policy.order)
    return tuple(move for account in accounts for move in account.added)


# using points


class UseAnswer(StrEnum):
    USE = "use"
    ALREADY = "already"  # for the same cause: nothing more is used
    TOO_FEW = "too-few"  # fewer than can be used at once
    NOT_ENOUGH = "not-enough"


@attrs.frozen
class UseFacts:
    """What a use depends on."""

    wanted: Money = attrs.field(metadata={"text": Text.of("points wanted", ja="希望ポイント", zh="申请积分")})
    usable: Money = attrs.field(
        metadata={"text": Text.of("points that can be used", ja="利用可能ポイント", zh="可用积分")}
    )
    is_used: bool = attrs.field(metadata={"text": Text.of("used before", ja="利用済み", zh="此前已使用")})


@attrs.frozen
class Use:
    """Whether points are used, and the moves to add; none where they are not."""

    decision: Decision[UseAnswer]
    moves: tuple[PointsMove, ...]


_ANSWERS = {
    UseAnswer.USE: Text.of("use", ja="利用する", zh="使用"),
    UseAnswer.ALREADY: Text.of("used before", ja="利用済み", zh="此前已使用"),
    UseAnswer.TOO_FEW: Text.of(
        "fewer than can be used at once", ja="最低利用ポイント未満", zh="少于单次最低使用积分"
    ),
}
_NOT_ENOUGH = Text.of("not enough points", ja="ポイント不足", zh="积分不足")


@lru_cache(maxsize=1024)
def _using(policy: PointsPolicy, wanted: Money) -> Ladder[UseFacts, UseAnswer]:
    least = fact("wanted").at_least(Money(wanted.currency, policy.least))
    asked = {
        UseAnswer.USE: (fact("is_used").is_false(), least, fact("usable").at_least(wanted)),
        UseAnswer.ALREADY: (fact("is_used").is_true(),),
        UseAnswer.TOO_FEW: (fact("wanted").less_than(Money(wanted.currency, policy.least)),),
    }
    return Ladder(
        f"{policy.name}/use/{wanted}",
        facts=UseFacts,
        rungs=tuple(Rung(answer, criteria, _ANSWERS[answer]) for answer, criteria in asked.items()),
        otherwise=UseAnswer.NOT_ENOUGH,
        otherwise_text=_NOT_ENOUGH,
    )


def use(
    moves: Iterable[PointsMove],
    wanted: Money,
    day: datetime.date,
    *,
    cause: str,
    policy: PointsPolicy = PointsPolicy(),
) -> Use:
    """Uses a holder's points for something, all that is wanted or none; the same cause uses them once."""
    if not is_points(wanted.currency) or wanted.minor <= 0:
        raise InvalidInput(f"found {wanted}; accepted: points, more than none")
    account = _Account(moves, wanted.currency)
    is_used = account.used_for(cause) > 0
    account.bring_to(checked_date(day, "day"), policy.order)
    facts = UseFacts(wanted=wanted, usable=account.balance(day), is_used=is_used)
    decision = _using(policy, wanted).decide(facts, day)
    if decision.outcome is not UseAnswer.USE:
        return Use(decision, ())
    account.take(wanted.minor, MoveKind.USED, day, cause, policy.order)
    return Use(decision, tuple(account.added))


def undo_use(moves: Iterable[PointsMove], cause: str, day: datetime.date) -> tuple[PointsMove, ...]:
    """What is to be added because a use is cancelled: its points go back to the grants that they came from.

    They expire as they would have, at the next `expire`. Nothing is to be added where nothing is used for the cause.
    """
    given = tuple(moves)
    added: list[PointsMove] = []
    for unit in _units(given):
        account = _Account(given, unit)
        for grant in account.grants:
            back = account.used_for(cause, grant)
            if back <= 0:
                continue
            last = max(one.on for one in account.of(grant, MoveKind.USED) if one.cause == cause)
            if checked_date(day, "day") < last:
                raise InvalidInput(
                    f"{cause!r} used points on {last}; accepted: a day from then on, found {day}"
                )
            added.append(account.add(MoveKind.USED, grant, back, day, cause))
    return tuple(added)


# taking points back


@attrs.frozen
class TakenBack:
    """The moves to add, and what could not be taken back: it had expired, or was used and is not asked for."""

    moves: tuple[PointsMove, ...]
    missing: Money


def take_back(
    moves: Iterable[PointsMove],
    grant: str,
    amount: Money,
    day: datetime.date,
    *,
    cause: str,
    policy: PointsPolicy = PointsPolicy(),
) -> TakenBack:
    """Takes points of a grant back because its sale was refunded; the same cause takes them back once.

    Where nothing is there to take, a move of none says that it was tried, so that a second run does not take what was
    earned since. What expired unused is not owed. More than was granted, and not taken back yet, is refused.
    """
    if amount.minor <= 0:
        raise InvalidInput(f"found {amount}; accepted: points, more than none")
    account = _Account(moves, amount.currency)
    if grant not in account.grants:
        raise InvalidInput(unknown_name(f"grant of {amount.currency}", grant, account.grants))
    before = [one.amount for one in account.of(grant, MoveKind.RETURNED) if one.cause == cause]
    if before:
        return TakenBack((), amount + total(before, amount.currency))
    account.bring_to(checked_date(day, "day"), policy.order)
    open_now = account.sum_of(grant, MoveKind.GRANTED, MoveKind.RETURNED)
    if amount.minor > open_now:
        raise InvalidInput(
            f"found {amount}; accepted: up to {open_now}, which is what was granted and not taken back yet"
        )
    had = account.sum_of(grant, MoveKind.GRANTED, MoveKind.RETURNED, MoveKind.EXPIRED)
    own = max(0, account.left_from(grant, day))
    others = sum(lot.left.minor for lot in account.usable(day, policy.order) if lot.grant != grant)
    limit = {Returns.OWN: own, Returns.HELD: min(had, own + others), Returns.OWED: had}[policy.returns]
    taken = max(0, min(amount.minor, limit))
    account.add(MoveKind.RETURNED, grant, -taken, day, cause)
    account.settle(day, policy.order)
    return TakenBack(tuple(account.added), Money(amount.currency, amount.minor - taken))


class _Account:
    """One holder's points of one unit, and what is to be added to them."""

    def __init__(self, moves: Iterable[PointsMove], unit: str) -> None:
        self.unit, self.holder = unit, ""
        self.grants: dict[str, PointsMove] = {}
        self.left: dict[str, int] = {}  # of each grant; below zero where it is owed
        self.moves: dict[str, list[PointsMove]] = {}  # of each grant, itself among them
        self.added: list[PointsMove] = []
        holders = set()
        for one in moves:
            holders.add(one.holder)
            if one.amount.currency == unit:
                self._count(one)
        if len(holders) > 1:
            raise InvalidInput(f"found points of {', '.join(sorted(holders)):.100}; accepted: of one holder")
        self.holder = holders.pop() if holders else ""
        for name in self.left:
            if name not in self.grants:
                raise InvalidInput(unknown_name("grant", name, self.grants))

    def _count(self, one: PointsMove) -> None:
        if one.kind is MoveKind.GRANTED:
            self.grants[one.id] = one
        self.left[one.grant] = self.left.get(one.grant, 0) + one.amount.minor
        self.moves.setdefault(one.grant, []).append(one)

    def add(self, kind: MoveKind, grant: str, amount: int, day: datetime.date, cause: str) -> PointsMove:
        """Its id is the next number of its grant, so that two that are derived from the same moves are one."""
        move = PointsMove(
            id=f"{grant}/{len(self.moves[grant])}",
            holder=self.holder,
            kind=kind,
            amount=Money(self.unit, amount),
            grant=grant,
            on=day,
            cause=cause,
        )
        self._count(move)
        self.added.append(move)
        return move

    def of(self, grant: str, *kinds: MoveKind) -> list[PointsMove]:
        return [one for one in self.moves[grant] if one.kind in kinds]

    def sum_of(self, grant: str, *kinds: MoveKind) -> int:
        return sum(one.amount.minor for one in self.of(grant, *kinds))

    def used_for(self, cause: str, grant: str | None = None) -> int:
        """What is used for it, of one grant or of all, and was not given back."""
        used = (one for name in ([grant] if grant else self.grants) for one in self.of(name, MoveKind.USED))
        return -sum(one.amount.minor for one in used if one.cause == cause)

    def left_from(self, grant: str, day: datetime.date) -> int:
        """The least that is left of a grant from a day on: what was there and was taken later is not there twice."""
        days = {day, *(one.on for one in self.moves[grant] if one.on > day)}
        return min(self.left_on(grant, end) for end in days)

    def left_on(self, grant: str, day: datetime.date) -> int:
        """Of what was, or will be, granted."""
        return sum(
            one.amount.minor for one in self.moves[grant] if one.on <= day or one.kind is MoveKind.GRANTED
        )

    def usable(self, day: datetime.date, order: UseOrder) -> tuple[Lot, ...]:
        lots = (
            Lot(grant=name, on=one.on, expires=one.expires, left=Money(self.unit, self.left_from(name, day)))
            for name, one in self.grants.items()
            if self.left[name] > 0
        )
        return tuple(sorted((one for one in lots if one.is_usable_on(day)), key=_ORDERS[order]))

    def moot(self, grant: str) -> int:
        """What was taken back although it had expired: only what was used can be owed."""
        return max(0, -self.sum_of(grant, MoveKind.GRANTED, MoveKind.RETURNED, MoveKind.EXPIRED))

    def debt(self, grant: str) -> int:
        return max(0, -self.left[grant] - self.moot(grant))

    @property
    def owed(self) -> Money:
        return Money(self.unit, sum(self.debt(grant) for grant, left in self.left.items() if left < 0))

    def balance(self, day: datetime.date) -> Money:
        usable = sum(one.left.minor for one in self.usable(day, UseOrder.BY_GRANT))
        return Money(self.unit, usable) - self.owed

    def take(self, amount: int, kind: MoveKind, day: datetime.date, cause: str, order: UseOrder) -> None:
        """An amount, of what can be used, in the order of use."""
        for lot in self.usable(day, order):
            part = min(amount, lot.left.minor)
            if part:
                self.add(kind, lot.grant, -part, day, cause)
                amount -= part

    def bring_to(self, day: datetime.date, order: UseOrder) -> None:
        self.expire(day, order)
        for grant, left in self.left.items():
            moot, last = self.moot(grant) if left < 0 else 0, max(one.on for one in self.moves[grant])
            if moot and last <= day:
                self.add(MoveKind.RETURNED, grant, moot, last, "expired")
        self.settle(day, order)

    def expire(self, day: datetime.date, order: UseOrder) -> None:
        over = [(one.expires, name) for name, one in self.grants.items() if self.left[name] > 0]
        for expires, grant in sorted((on, name) for on, name in over if on is not None and on <= day):
            self.settle(expires - datetime.timedelta(days=1), order)
            if self.left[grant] > 0:
                last = max(one.on for one in self.moves[grant])  # a use may have been undone later
                self.add(MoveKind.EXPIRED, grant, -self.left[grant], max(expires, last), "expired")

    def settle(self, day: datetime.date, order: UseOrder) -> None:
        """From grants that can be used on a day to those that were owed by then, the earliest of these first."""
        owing = [self.grants[grant] for grant, left in self.left.items() if left < 0 and self.debt(grant)]
        for debt in sorted(owing, key=lambda one: (one.on, one.id)):
            usable = sum(one.left.minor for one in self.usable(day, order))
            covered = min(-self.left_on(debt.id, day), self.debt(debt.id), usable)
            if covered > 0:
                self.take(covered, MoveKind.SETTLED, day, debt.id, order)
                self.add(MoveKind.SETTLED, debt.id, covered, day, debt.id)


def _until(moves: Iterable[PointsMove], unit: str, day: datetime.date) -> _Account:
    checked_date(day, "day")
    # a grant that cannot be used yet may have been taken back already
    return _Account((one for one in moves if one.on <= day or one.kind is MoveKind.GRANTED), unit)


def _units(moves: Iterable[PointsMove]) -> list[str]:
    return sorted({one.amount.currency for one in moves})


_ORDERS: dict[UseOrder, Callable[[Lot], Any]] = {
    UseOrder.BY_EXPIRY: lambda one: (one.expires or datetime.date.max, one.on, one.grant),
    UseOrder.BY_GRANT: lambda one: (one.on, one.grant),
}
