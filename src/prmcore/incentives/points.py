"""Points: grants that expire, used one after the other; every balance is derived from moves that are only ever added.

Each move names the grant that it takes from, so that what is left of a grant is a sum, whatever the order in which moves
come out of a store, and whatever the order of use is changed to later.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias

import attrs

from prmcore.decisions import Decision, Ladder, Rung, fact
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.incentives.ledger import Entry
from prmcore.values import Money, Text, checked_date, is_points, total

__all__ = [
    "Lot", "MoveKind", "PointsMove", "PointsPolicy", "Returns", "TakenBack", "Use", "UseAnswer", "UseFacts", "UseOrder",
    "balances", "expire", "granted", "lots", "owed", "settle", "take_back", "undo_use", "use",
]  # fmt: skip


class MoveKind(StrEnum):
    GRANTED = "granted"
    USED = "used"  # positive where a use is undone
    EXPIRED = "expired"
    RETURNED = "returned"  # what a refund takes back of its sale's grant
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
        if self.kind in (MoveKind.EXPIRED, MoveKind.RETURNED) and self.amount.minor >= 0:
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

    They can be used once they are known, and no longer held. An entry below zero takes from the grant that it corrects, then from the others of its calculation, the latest first,
    from each no more than it granted. `settle` then covers what had been used already from other points.
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
    checked_date(day, "day")
    return _usable(_lots((one for one in moves if one.on <= day), unit), day, order)


def owed(moves: Iterable[PointsMove], unit: str, day: datetime.date) -> Money:
    """What was taken back and was not there any more."""
    return _owed(_lots((one for one in moves if one.on <= checked_date(day, "day")), unit), unit)


def balances(moves: Iterable[PointsMove], day: datetime.date) -> dict[str, Money]:
    """What a holder can use, less what is owed, by unit; points of two names are never added."""
    given = tuple(moves)
    return {
        unit: _sum(lots(given, unit, day), unit) - owed(given, unit, day)
        for unit in sorted({one.amount.currency for one in given})
    }


def expire(
    moves: Iterable[PointsMove], day: datetime.date, policy: PointsPolicy = PointsPolicy()
) -> tuple[PointsMove, ...]:
    """What is to be added because points expired by that day: nothing, once it is added.

    What is owed by then is settled first, from points that could still be used.
    """
    checked_date(day, "day")
    known = list(moves)
    given = len(known)
    for unit in sorted({one.amount.currency for one in known}):
        over = [one for one in _lots(known, unit) if one.left.minor > 0 and one.is_over_on(day)]
        for expires in sorted({one.expires for one in over if one.expires is not None}):
            known.extend(_settled(known, unit, expires - datetime.timedelta(days=1), policy.order))
            for one in _lots(known, unit):
                if one.expires == expires and one.left.minor > 0:
                    last = max(
                        move.on for move in known if move.grant == one.grant
                    )  # a use that was undone later
                    on = max(expires, last)
                    known.append(_move(known, MoveKind.EXPIRED, one, -one.left.minor, on, "expired"))
    return tuple(known[given:])


def settle(
    moves: Iterable[PointsMove], day: datetime.date, policy: PointsPolicy = PointsPolicy()
) -> tuple[PointsMove, ...]:
    """What is to be added because points are owed while others can be used: nothing, once it is added."""
    known = list(moves)
    added = list(expire(known, day, policy))
    for unit in sorted({one.amount.currency for one in known}):
        added.extend(_settled([*known, *added], unit, day, policy.order))
    return tuple(added)


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
    known = list(moves)
    due = settle(known, day, policy)
    brought = [*known, *due]
    found = _usable(_lots(brought, wanted.currency), day, policy.order)
    usable = _sum(found, wanted.currency) - _owed(_lots(brought, wanted.currency), wanted.currency)
    used = _used_for(known, cause, wanted.currency)
    facts = UseFacts(wanted=wanted, usable=usable, is_used=used < 0)
    decision = _using(policy, wanted).decide(facts, day)
    if decision.outcome is not UseAnswer.USE:
        return Use(decision, ())
    return Use(decision, (*due, *_taken(brought, found, wanted.minor, MoveKind.USED, day, cause)))


def undo_use(moves: Iterable[PointsMove], cause: str, day: datetime.date) -> tuple[PointsMove, ...]:
    """What is to be added because a use is cancelled: its points go back to the grants that they came from.

    They expire as they would have, at the next `expire`. Nothing is to be added where nothing is used for the cause.
    """
    known = list(moves)
    back: dict[str, int] = {}
    for one in known:
        if one.kind is MoveKind.USED and one.cause == cause:
            back[one.grant] = back.get(one.grant, 0) - one.amount.minor
    added: list[PointsMove] = []
    for unit in sorted({one.amount.currency for one in known}):
        for lot in _lots(known, unit):
            if back.get(lot.grant, 0) > 0:
                added.append(
                    _move([*known, *added], MoveKind.USED, lot, back[lot.grant], checked_date(day), cause)
                )
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

    What expired unused is not owed. More than was granted, and not taken back yet, is refused.
    """
    known = list(moves)
    if amount.minor <= 0:
        raise InvalidInput(f"found {amount}; accepted: points, more than none")
    before = [one for one in known if (one.kind, one.grant, one.cause) == (MoveKind.RETURNED, grant, cause)]
    if before:
        return TakenBack((), amount + total((one.amount for one in before), amount.currency))
    due = settle(known, day, policy)
    brought = [*known, *due]
    lot = next((one for one in _lots(brought, amount.currency) if one.grant == grant), None)
    if lot is None:
        raise InvalidInput(
            unknown_name(
                f"grant of {amount.currency}", grant, (one.grant for one in _lots(brought, amount.currency))
            )
        )
    open_now = _granted_less(brought, grant, MoveKind.RETURNED)
    if amount.minor > open_now:
        raise InvalidInput(
            f"found {amount}; accepted: up to {open_now}, which is what was granted and not taken back yet"
        )
    others = _sum(_usable(_lots(brought, amount.currency), day, policy.order), amount.currency).minor
    limits = {
        Returns.OWN: max(0, lot.left.minor),
        Returns.HELD: max(0, lot.left.minor) + others - (lot.left.minor if lot.is_usable_on(day) else 0),
        Returns.OWED: _granted_less(brought, grant, MoveKind.RETURNED, MoveKind.EXPIRED),
    }
    taken = min(amount.minor, limits[policy.returns], limits[Returns.OWED])
    if taken <= 0:
        return TakenBack(due, amount)
    move = _move(brought, MoveKind.RETURNED, lot, -taken, day, cause)
    after = _settled([*brought, move], amount.currency, day, policy.order)
    return TakenBack((*due, move, *after), amount - Money(amount.currency, taken))


def _granted_less(moves: Iterable[PointsMove], grant: str, *kinds: MoveKind) -> int:
    """What was granted, less the moves of these kinds."""
    return sum(
        one.amount.minor for one in moves if one.grant == grant and one.kind in (MoveKind.GRANTED, *kinds)
    )


# lots


def _lots(moves: Iterable[PointsMove], unit: str) -> tuple[Lot, ...]:
    """Every grant of a unit with what is left of it, in no order of use; of one holder."""
    grants: dict[str, PointsMove] = {}
    left: dict[str, int] = {}
    holders = set()
    for one in moves:
        holders.add(one.holder)
        if one.amount.currency != unit:
            continue
        if one.kind is MoveKind.GRANTED:
            grants[one.id] = one
        left[one.grant] = left.get(one.grant, 0) + one.amount.minor
    if len(holders) > 1:
        raise InvalidInput(f"found points of {', '.join(sorted(holders)):.100}; accepted: of one holder")
    for name in left:
        if name not in grants:
            raise InvalidInput(unknown_name("grant", name, grants))
    return tuple(
        Lot(grant=name, on=one.on, expires=one.expires, left=Money(unit, left[name]))
        for name, one in grants.items()
    )


_Key: TypeAlias = Callable[[Lot], Any]
_ORDERS: dict[UseOrder, _Key] = {
    UseOrder.BY_EXPIRY: lambda one: (one.expires or datetime.date.max, one.on, one.grant),
    UseOrder.BY_GRANT: lambda one: (one.on, one.grant),
}


def _usable(found: Iterable[Lot], day: datetime.date, order: UseOrder) -> tuple[Lot, ...]:
    return tuple(sorted((one for one in found if one.is_usable_on(day)), key=_ORDERS[order]))


def _sum(found: Iterable[Lot], unit: str) -> Money:
    return Money(unit, sum(one.left.minor for one in found))


def _owed(found: Iterable[Lot], unit: str) -> Money:
    return Money(unit, sum(max(0, -one.left.minor) for one in found))


def _settled(
    moves: Sequence[PointsMove], unit: str, day: datetime.date, order: UseOrder
) -> tuple[PointsMove, ...]:
    """Moves from grants that can be used on a day to those that are owed on it, the earliest of these first."""
    known = list(moves)
    then = _lots((one for one in moves if one.on <= day), unit)
    for debt in sorted((one for one in then if one.left.minor < 0), key=_ORDERS[UseOrder.BY_GRANT]):
        now = next(one for one in _lots(known, unit) if one.grant == debt.grant)
        found = _usable(_lots(known, unit), day, order)
        covered = min(-debt.left.minor, -now.left.minor, _sum(found, unit).minor)
        if covered > 0:
            known.extend(_taken(known, found, covered, MoveKind.SETTLED, day, debt.grant))
            known.append(_move(known, MoveKind.SETTLED, debt, covered, day, debt.grant))
    return tuple(known[len(moves) :])


def _taken(
    moves: Sequence[PointsMove],
    found: Iterable[Lot],
    amount: int,
    kind: MoveKind,
    day: datetime.date,
    cause: str,
) -> tuple[PointsMove, ...]:
    """An amount, taken of lots in their order."""
    known = list(moves)
    for lot in found:
        part = min(amount, lot.left.minor)
        if part:
            known.append(_move(known, kind, lot, -part, day, cause))
            amount -= part
    return tuple(known[len(moves) :])


def _move(
    moves: Iterable[PointsMove], kind: MoveKind, lot: Lot, amount: int, day: datetime.date, cause: str
) -> PointsMove:
    """Its id says what it is, so that a move which is derived twice is added once."""
    known = list(moves)
    number = 1 + sum(one.grant == lot.grant and one.kind is not MoveKind.GRANTED for one in known)
    return PointsMove(
        id=f"{lot.grant}/{number}",
        holder=known[0].holder,
        kind=kind,
        amount=Money(lot.left.currency, amount),
        grant=lot.grant,
        on=day,
        cause=cause,
    )


def _used_for(moves: Iterable[PointsMove], cause: str, unit: str) -> int:
    """Below zero where points are used for it, and were not given back."""
    return sum(
        one.amount.minor
        for one in moves
        if one.kind is MoveKind.USED and (one.cause, one.amount.currency) == (cause, unit)
    )
