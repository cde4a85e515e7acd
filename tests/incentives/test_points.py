"""Points that expire: practices of real programs, cases worked by hand, and the invariants under any sequence of actions."""

import datetime
import pickle
from collections import Counter
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.incentives.ledger.model import Entry, EntryKind
from prmcore.incentives.plans.policy import Line, LineKind
from prmcore.incentives.points import (
    Lot,
    MoveKind,
    PointsMove,
    PointsPolicy,
    Returns,
    TakenBack,
    UseAnswer,
    UseFacts,
    UseOrder,
    balances,
    expire,
    granted,
    lots,
    owed,
    settle,
    take_back,
    undo_use,
    use,
)
from prmcore.values import Money
from prmcore.values.wire import from_plain, to_plain


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def points(count: int, unit: str = "points") -> Money:
    return Money(unit, count)


def grant(name: str, count: int, on: str, expires: str | None = None, unit: str = "points") -> PointsMove:
    return PointsMove(
        id=name,
        holder="acme",
        kind=MoveKind.GRANTED,
        amount=points(count, unit),
        grant=name,
        on=day(on),
        expires=None if expires is None else day(expires),
    )


def left(moves: Any, on: str, order: UseOrder = UseOrder.BY_EXPIRY, unit: str = "points") -> dict[str, int]:
    return {one.grant: one.left.minor for one in lots(moves, unit, day(on), order)}


def brief(moves: Any) -> list[tuple[str, str, int]]:
    return [(one.kind.value, one.grant, one.amount.minor) for one in moves]


# The second grant expires first.
TWO = (grant("a", 100, "2026-01-10", "2026-12-31"), grant("b", 50, "2026-02-10", "2026-06-30"))


@pytest.mark.parametrize(
    ("order", "taken"),
    [
        # ERPNext redeems by expiry date: all of b, and 20 of a
        (UseOrder.BY_EXPIRY, [("used", "b", -50), ("used", "a", -20)]),
        # Beans: "when customers redeem their points, the oldest points are used first": 70 of a
        (UseOrder.BY_GRANT, [("used", "a", -70)]),
    ],
)
def test_points_are_used_in_the_order_that_the_program_has(
    order: UseOrder, taken: list[tuple[str, str, int]]
) -> None:
    found = use(TWO, points(70), day("2026-03-01"), cause="order 17", policy=PointsPolicy(order=order))
    assert found.decision.outcome is UseAnswer.USE
    assert brief(found.moves) == taken


def test_the_oldest_points_are_used_first_as_alpine_iq_works_it_out() -> None:
    """Alpine IQ, "First In, First Out (FIFO) Expiration Logic": 100 of January, 150 of March, 120 are redeemed in April.

    100 are pulled from January and 20 from March, which leaves 130.
    """
    moves = (grant("march", 150, "2026-03-01"), grant("january", 100, "2026-01-01"))
    oldest = PointsPolicy(order=UseOrder.BY_GRANT)
    found = use(moves, points(120), day("2026-04-01"), cause="reward", policy=oldest)
    assert brief(found.moves) == [("used", "january", -100), ("used", "march", -20)]
    assert left((*moves, *found.moves), "2026-04-01") == {"march": 130}


def test_points_that_never_expire_are_used_last_and_of_equal_days_the_smaller_id_first() -> None:
    moves = (
        grant("never", 5, "2026-01-01"),
        grant("d", 5, "2026-01-02", "2026-06-30"),
        grant("c", 5, "2026-01-02", "2026-06-30"),
    )
    assert list(left(moves, "2026-03-01")) == ["c", "d", "never"]
    assert list(left(moves, "2026-03-01", UseOrder.BY_GRANT)) == ["never", "c", "d"]


@pytest.mark.parametrize(("on", "usable"), [("2026-06-29", {"b": 50, "a": 100}), ("2026-06-30", {"a": 100})])
def test_points_are_gone_on_the_day_on_which_they_expire(on: str, usable: dict[str, int]) -> None:
    assert left(TWO, on) == usable


def test_points_cannot_be_used_before_they_are_granted() -> None:
    assert left(TWO, "2026-01-09") == {}
    assert use(TWO, points(101), day("2026-02-09"), cause="x").decision.outcome is UseAnswer.NOT_ENOUGH


def test_what_expires_is_a_move_of_its_day_and_is_added_once() -> None:
    used = use(TWO, points(20), day("2026-03-01"), cause="order 17").moves
    moves = (*TWO, *used)
    assert expire(moves, day("2026-06-29")) == ()
    (gone,) = expire(moves, day("2027-03-01"))[:1]
    assert (gone.kind, gone.grant, gone.amount, gone.on) == (
        MoveKind.EXPIRED,
        "b",
        points(-30),
        day("2026-06-30"),
    )
    moves += expire(moves, day("2027-03-01"))
    assert brief(moves[3:]) == [("expired", "b", -30), ("expired", "a", -100)]
    assert expire(moves, day("2027-03-01")) == ()
    assert balances(moves, day("2026-06-29")) == {"points": points(130)}
    assert balances(moves, day("2027-03-01")) == {"points": points(0)}


@pytest.mark.parametrize(
    ("wanted", "on", "answer"),
    [
        (150, "2026-03-01", UseAnswer.USE),
        (151, "2026-03-01", UseAnswer.NOT_ENOUGH),
        (101, "2026-07-01", UseAnswer.NOT_ENOUGH),
        (9, "2026-03-01", UseAnswer.TOO_FEW),
        (10, "2026-03-01", UseAnswer.USE),
    ],
)
def test_a_use_that_is_not_possible_is_an_answer_and_moves_nothing(
    wanted: int, on: str, answer: UseAnswer
) -> None:
    found = use(TWO, points(wanted), day(on), cause="order 17", policy=PointsPolicy(least=10))
    assert found.decision.outcome is answer
    assert bool(found.moves) == (answer is UseAnswer.USE)


def test_a_use_is_added_once_for_its_cause() -> None:
    moves = (*TWO, *use(TWO, points(70), day("2026-03-01"), cause="order 17").moves)
    again = use(moves, points(70), day("2026-03-02"), cause="order 17")
    assert (again.decision.outcome, again.moves) == (UseAnswer.ALREADY, ())


def test_why_points_cannot_be_used_is_said_in_three_languages() -> None:
    decision = use(TWO, points(200), day("2026-03-01"), cause="order 17").decision
    assert explain(decision).lines()[:4] == [
        "points/standard/use/200 points on March 1, 2026: not enough points",
        "  ✗ use",
        "    ✓ used before: no, asked for no",
        "    ✓ points wanted: 200 points, asked for at least 1 point",
    ]
    assert (
        "    ✗ points that can be used: 150 points, asked for at least 200 points"
        in explain(decision).lines()
    )
    assert explain(decision, "ja").text.endswith("ポイント不足")
    assert explain(decision, "zh").text.endswith("积分不足")


def test_a_cancelled_use_goes_back_to_the_grants_that_it_came_from() -> None:
    """Two uses of one grant: undoing one leaves the other (T12)."""
    moves = [*TWO]
    for cause in ("order 17", "order 18"):
        moves.extend(use(moves, points(40), day("2026-03-01"), cause=cause).moves)
    assert left(moves, "2026-03-02") == {"a": 70}
    back = undo_use(moves, "order 17", day("2026-03-05"))
    assert brief(back) == [("used", "b", 40)]
    moves.extend(back)
    assert left(moves, "2026-03-05") == {"b": 40, "a": 70}
    assert undo_use(moves, "order 17", day("2026-03-06")) == ()
    assert use(moves, points(40), day("2026-03-06"), cause="order 17").decision.outcome is UseAnswer.USE


def test_what_is_given_back_after_its_expiry_expires_on_that_day() -> None:
    moves = [*TWO, *use(TWO, points(50), day("2026-03-01"), cause="order 17").moves]
    moves.extend(undo_use(moves, "order 17", day("2026-08-01")))
    (gone,) = expire(moves, day("2026-09-01"))
    assert (gone.grant, gone.amount, gone.on) == ("b", points(-50), day("2026-08-01"))
    assert owed([*moves, gone], "points", day("2026-07-15")) == points(0)


# a: 100 granted, 80 of them used, so that 20 are left; b: 30. The sale of a is refunded in full.
USED = (grant("a", 100, "2026-01-01", "2026-12-31"), grant("b", 30, "2026-01-02"))


@pytest.mark.parametrize(
    ("returns", "moved", "missing", "balance", "debt"),
    [
        (Returns.OWN, [("returned", "a", -20)], 80, 30, 0),
        (Returns.HELD, [("returned", "a", -50), ("settled", "b", -30), ("settled", "a", 30)], 50, 0, 0),
        (Returns.OWED, [("returned", "a", -100), ("settled", "b", -30), ("settled", "a", 30)], 0, -50, 50),
    ],
)
def test_a_refund_takes_points_back_as_far_as_the_program_says(
    returns: Returns, moved: list[tuple[str, str, int]], missing: int, balance: int, debt: int
) -> None:
    policy = PointsPolicy(returns=returns)
    moves = [*USED, *use(USED, points(80), day("2026-02-01"), cause="order 17").moves]
    found = take_back(moves, "a", points(100), day("2026-02-10"), cause="refund 1", policy=policy)
    assert brief(found.moves) == moved
    assert found.missing == points(missing)
    moves.extend(found.moves)
    assert balances(moves, day("2026-02-10")) == {"points": points(balance)}
    assert owed(moves, "points", day("2026-02-10")) == points(debt)


def test_what_is_owed_is_settled_by_what_is_earned_next() -> None:
    """Zenoti: the balance turns negative, and "any points accrual will be used towards the clearing" of it."""
    policy = PointsPolicy(returns=Returns.OWED)
    moves = [*USED[:1], *use(USED[:1], points(100), day("2026-02-01"), cause="order 17").moves]
    moves.extend(take_back(moves, "a", points(60), day("2026-02-10"), cause="refund 1", policy=policy).moves)
    moves.append(grant("c", 70, "2026-03-01"))
    assert balances(moves, day("2026-03-01")) == {"points": points(10)}
    assert use(moves, points(11), day("2026-03-01"), cause="x").decision.outcome is UseAnswer.NOT_ENOUGH
    found = use(moves, points(10), day("2026-03-01"), cause="x")
    assert brief(found.moves) == [("settled", "c", -60), ("settled", "a", 60), ("used", "c", -10)]
    moves.extend(settle(moves, day("2026-03-01")))
    assert left(moves, "2026-03-01") == {"c": 10}
    assert settle(moves, day("2026-03-01")) == ()


def test_points_that_expired_unused_are_not_owed() -> None:
    """Of 100, 30 were used and 70 expired: a full refund asks for the 30 that somebody had something of."""
    policy = PointsPolicy(returns=Returns.OWED)
    moves = [*USED[:1], *use(USED[:1], points(30), day("2026-02-01"), cause="order 17").moves]
    found = take_back(moves, "a", points(100), day("2027-02-01"), cause="refund 1", policy=policy)
    assert brief(found.moves) == [("expired", "a", -70), ("returned", "a", -30)]
    assert found.missing == points(70)


def test_a_debt_is_settled_by_points_that_could_be_used_when_it_arose_before_they_expire() -> None:
    """Entered late: 40 of a are owed since 1 February; b, of 30, could be used until 30 June, c of 20 since September."""
    returned = PointsMove(
        id="r", holder="acme", kind=MoveKind.RETURNED, amount=points(-40), grant="a", on=day("2026-02-01")
    )
    used = use(USED[:1], points(100), day("2026-01-20"), cause="order 17").moves
    moves = [
        USED[0], *used, returned, grant("b", 30, "2026-01-02", "2026-07-01"), grant("c", 20, "2026-09-01", "2026-10-01")
    ]  # fmt: skip
    assert brief(settle(moves, day("2026-12-01"))) == [
        ("settled", "b", -30),
        ("settled", "a", 30),
        ("settled", "c", -10),
        ("settled", "a", 10),
        ("expired", "c", -10),
    ]


def test_a_debt_is_not_settled_by_points_that_had_expired_before_it_arose() -> None:
    returned = PointsMove(
        id="r", holder="acme", kind=MoveKind.RETURNED, amount=points(-40), grant="a", on=day("2026-08-01")
    )
    used = use(USED[:1], points(100), day("2026-01-20"), cause="order 17").moves
    moves = [USED[0], *used, returned, grant("b", 30, "2026-01-02", "2026-07-01")]
    assert brief(expire(moves, day("2026-12-01"))) == [("expired", "b", -30)]


def test_a_refund_is_taken_back_once_for_its_cause_and_never_more_than_was_granted() -> None:
    """T11"""
    first = take_back(USED, "a", points(60), day("2026-02-10"), cause="refund 1")
    moves = [*USED, *first.moves]
    again = take_back(moves, "a", points(60), day("2026-02-11"), cause="refund 1")
    assert (again.moves, again.missing) == ((), points(0))
    with pytest.raises(InvalidInput, match="found 41 points; accepted: up to 40"):
        take_back(moves, "a", points(41), day("2026-02-11"), cause="refund 2")
    assert take_back(moves, "a", points(40), day("2026-02-11"), cause="refund 2").missing == points(0)


def test_what_a_refund_did_not_find_is_not_taken_from_what_is_earned_next() -> None:
    """The same refund again finds 10 points that were not there at first, and leaves them: they were not asked for."""
    moves = [grant("a", 10, "2026-01-01")]
    moves.extend(use(moves, points(10), day("2026-01-05"), cause="order 17").moves)
    first = take_back(moves, "a", points(10), day("2026-01-09"), cause="refund 1")
    assert brief(first.moves) == [("returned", "a", 0)]
    assert first.missing == points(10)
    moves.extend([*first.moves, grant("b", 10, "2026-02-01")])
    again = take_back(moves, "a", points(10), day("2026-02-01"), cause="refund 1")
    assert (again.moves, again.missing) == ((), points(10))


def test_points_of_two_names_are_never_added_or_used_for_one_another() -> None:
    moves = (*TWO, grant("t", 7, "2026-01-01", unit="points:training"))
    assert balances(moves, day("2026-03-01")) == {
        "points": points(150),
        "points:training": points(7, "points:training"),
    }
    assert left(moves, "2026-03-01", unit="points:training") == {"t": 7}
    asked = points(8, "points:training")
    assert use(moves, asked, day("2026-03-01"), cause="x").decision.outcome is UseAnswer.NOT_ENOUGH
    with pytest.raises(InvalidInput, match="unknown grant of points:training 'a'"):
        take_back(moves, "a", points(1, "points:training"), day("2026-03-01"), cause="x")


def test_the_balance_of_an_earlier_day_does_not_know_what_came_later() -> None:
    moves = (*TWO, *use(TWO, points(70), day("2026-03-01"), cause="order 17").moves)
    assert balances(moves, day("2026-02-28")) == {"points": points(150)}
    assert balances(moves, day("2026-01-31")) == {"points": points(100)}


def test_a_use_dated_back_cannot_take_what_was_used_since() -> None:
    moves = (*TWO, *use(TWO, points(140), day("2026-03-01"), cause="order 17").moves)
    late = use(moves, points(11), day("2026-02-20"), cause="order 16")
    assert late.decision.outcome is UseAnswer.NOT_ENOUGH


def test_a_use_dated_back_finds_only_what_was_there_from_its_day_on() -> None:
    """10, used on 20 January and given back on the 25th: on the 22nd none was there, and on the 15th it was used since."""
    moves = [grant("a", 10, "2026-01-01")]
    moves.extend(use(moves, points(10), day("2026-01-20"), cause="order 17").moves)
    moves.extend(undo_use(moves, "order 17", day("2026-01-25")))
    for on in ("2026-01-15", "2026-01-22"):
        assert use(moves, points(1), day(on), cause="order 16").decision.outcome is UseAnswer.NOT_ENOUGH
        own = PointsPolicy(returns=Returns.OWN)
        assert take_back(moves, "a", points(10), day(on), cause="r", policy=own).missing == points(10)
    assert use(moves, points(10), day("2026-01-25"), cause="order 16").decision.outcome is UseAnswer.USE


def test_a_use_cannot_be_cancelled_before_its_day() -> None:
    moves = (*TWO, *use(TWO, points(70), day("2026-03-01"), cause="order 17").moves)
    with pytest.raises(InvalidInput, match=r"'order 17' used points on 2026-03-01; .*, found 2026-02-28"):
        undo_use(moves, "order 17", day("2026-02-28"))


def test_what_cannot_be_answered_is_refused() -> None:
    others = attrs.evolve(grant("c", 5, "2026-01-01"), holder="bolt")
    with pytest.raises(InvalidInput, match="found points of acme, bolt; accepted: of one holder"):
        lots((*TWO, others), "points", day("2026-03-01"))
    astray = attrs.evolve(TWO[0], id="x", kind=MoveKind.USED, amount=points(-1), grant="y", expires=None)
    with pytest.raises(InvalidInput, match="unknown grant 'y'"):
        lots((*TWO, astray), "points", day("2026-03-01"))
    for wanted in (points(0), Money("EUR", 5)):
        with pytest.raises(InvalidInput, match="accepted: points, more than none"):
            use(TWO, wanted, day("2026-03-01"), cause="x")
    with pytest.raises(InvalidInput, match="accepted: at least one point"):
        PointsPolicy(least=0)


def test_moves_are_written_and_read_and_pickled_without_loss() -> None:
    for one in (*TWO, *use(TWO, points(70), day("2026-03-01"), cause="order 17").moves):
        assert from_plain(to_plain(one), PointsMove) == one
        assert pickle.loads(pickle.dumps(one)) == one


# from the ledger


def entry(number: int, count: int, **said: Any) -> Entry:
    given: dict[str, Any] = {
        "payee": "acme", "earner": "acme", "component": "reseller/2026/club/points", "period": "FY2026-Q1", "number": number,
        "kind": EntryKind.EARNED if count > 0 else EntryKind.CLAWBACK, "amount": points(count),
        "lines": (Line(what=LineKind.BAND, amount=Fraction(count)),), "attributed": "FY2026-M01", "booked": "FY2026-M01",
        "effective": day("2026-03-31"), "recorded": day("2026-02-01") + datetime.timedelta(days=number),
        "expires": day("2027-03-31"), "corrects": f"acme|reseller/2026/club/points|FY2026-Q1|acme#{number - 1}" if count < 0 else None,
    }  # fmt: skip
    return Entry(**(given | said))


def test_what_the_ledger_granted_and_clawed_back_becomes_moves_whatever_the_order_it_comes_in() -> None:
    """100 and 30 earned; 50 clawed back: all 30 of the later, 20 of the earlier; 60 more: of the earlier."""
    entries = [entry(1, 100), entry(2, 30), entry(3, -50), entry(4, -60)]
    moves = granted(reversed(entries))
    assert [(one.kind.value, one.grant[-1], one.amount.minor) for one in moves] == [
        ("granted", "1", 100),
        ("granted", "2", 30),
        ("returned", "2", -30),
        ("returned", "1", -20),
        ("returned", "1", -60),
    ]
    assert balances(moves, day("2026-03-01")) == {"points": points(20)}
    assert moves[0].expires == day("2027-03-31")
    assert len({one.id for one in moves}) == len(moves)


def test_points_that_are_held_cannot_be_used_yet_and_money_is_left_out() -> None:
    money = entry(2, 5, amount=Money("EUR", 5))
    moves = granted([entry(1, 100, payable_from=day("2026-04-01")), money])
    assert balances(moves, day("2026-03-31")) == {"points": points(0)}
    assert balances(moves, day("2026-04-01")) == {"points": points(100)}


def test_points_that_are_known_after_they_would_have_expired_expire_at_once() -> None:
    moves = granted([entry(1, 100, recorded=day("2027-05-01"))])
    assert balances(moves, day("2027-05-01")) == {"points": points(0)}
    (gone,) = expire(moves, day("2027-05-02"))
    assert (gone.amount, gone.on) == (points(-100), day("2027-05-01"))


def test_points_that_the_ledger_claws_back_after_they_expired_unused_are_not_owed() -> None:
    """100 granted, 30 used, 70 expired on 31 March 2027; all of them clawed back in May: 30 are owed, and not 100."""
    moves = list(granted([entry(1, 100)]))
    moves.extend(use(moves, points(30), day("2026-03-01"), cause="order 17").moves)
    moves.extend(expire(moves, day("2027-04-01")))
    moves.extend(granted([entry(1, 100), entry(2, -100, recorded=day("2027-05-01"))])[1:])
    assert owed(moves, "points", day("2027-05-01")) == points(30)
    moves.extend(settle(moves, day("2027-05-01")))
    assert balances(moves, day("2027-05-01")) == {"points": points(-30)}
    assert settle(moves, day("2027-05-02")) == ()
    moves.append(grant("later", 50, "2027-06-01"))
    assert balances([*moves, *settle(moves, day("2027-06-01"))], day("2027-06-01")) == {"points": points(20)}


def test_a_grant_that_is_clawed_back_while_it_is_held_gives_nothing_later() -> None:
    held = day("2026-04-01")
    moves = granted([entry(1, 100, payable_from=held), entry(2, -40, recorded=day("2026-03-01"))])
    assert balances(moves, day("2026-03-31")) == {"points": points(0)}
    assert balances(moves, held) == {"points": points(60)}
    assert use(moves, points(61), held, cause="x").decision.outcome is UseAnswer.NOT_ENOUGH


def test_a_clawback_of_more_than_was_granted_is_refused() -> None:
    with pytest.raises(
        InvalidInput, match="takes back 101 points, which is more than it corrects had granted"
    ):
        granted([entry(1, 100), entry(2, -101)])
    with pytest.raises(InvalidInput, match="more than it corrects had granted"):
        granted([entry(1, -1, corrects=None)])


# invariants


class PointsMachine(RuleBasedStateMachine):
    """Whatever is granted, used, cancelled, taken back and expired, on days that only go forward."""

    policy = PointsPolicy()

    def __init__(self) -> None:
        super().__init__()
        self.moves: list[PointsMove] = []
        self.today = day("2026-01-01")
        self.serial = 0

    def name(self, what: str) -> str:
        self.serial += 1
        return f"{what}{self.serial}"

    def add(self, moves: tuple[PointsMove, ...]) -> None:
        known = {one.id for one in self.moves}
        assert not known & {one.id for one in moves}
        assert all(one.on <= self.today for one in moves)
        self.moves.extend(moves)

    @rule(
        count=st.integers(1, 60),
        lasts=st.none() | st.integers(1, 90),
        unit=st.sampled_from(["points", "points:x"]),
    )
    def earn(self, count: int, lasts: int | None, unit: str) -> None:
        expires = None if lasts is None else str(self.today + datetime.timedelta(days=lasts))
        self.moves.append(grant(self.name("g"), count, str(self.today), expires, unit))

    @rule(days=st.integers(1, 60))
    def time_goes_by(self, days: int) -> None:
        self.today += datetime.timedelta(days=days)

    @rule(count=st.integers(1, 80))
    def spend(self, count: int) -> None:
        before = lots(
            (*self.moves, *settle(self.moves, self.today, self.policy)),
            "points",
            self.today,
            self.policy.order,
        )
        usable = sum(one.left.minor for one in before)
        found = use(self.moves, points(count), self.today, cause=self.name("u"), policy=self.policy)
        assert (found.decision.outcome is UseAnswer.USE) == (usable >= count)
        self.add(found.moves)
        used = [one for one in found.moves if one.kind is MoveKind.USED]
        # in the order of use, and all of each grant before the next
        assert [one.grant for one in used] == [one.grant for one in before[: len(used)]]
        assert all(
            -move.amount.minor == lot.left.minor for move, lot in list(zip(used, before, strict=False))[:-1]
        )

    @rule(count=st.integers(1, 40), days=st.integers(1, 60))
    def spend_entered_late(self, count: int, days: int) -> None:
        on = self.today - datetime.timedelta(days=days)
        self.add(use(self.moves, points(count), on, cause=self.name("u"), policy=self.policy).moves)
        if any(one.kind is MoveKind.RETURNED for one in self.moves):
            return
        for one in self.moves:  # without refunds, nothing was ever used that was not there on its day
            own = [move for move in self.moves if move.grant == one.grant and move.on <= one.on]
            assert sum(move.amount.minor for move in own) >= 0

    @precondition(lambda self: any(one.kind is MoveKind.USED for one in self.moves))
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        causes = sorted({one.cause for one in self.moves if one.kind is MoveKind.USED})
        cause = data.draw(st.sampled_from(causes))
        self.add(undo_use(self.moves, cause, self.today))
        assert (
            sum(one.amount.minor for one in self.moves if one.kind is MoveKind.USED and one.cause == cause)
            == 0
        )

    @precondition(lambda self: any(one.kind is MoveKind.GRANTED for one in self.moves))
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from([move for move in self.moves if move.kind is MoveKind.GRANTED]))
        back = sum(m.amount.minor for m in self.moves if m.grant == one.grant and m.kind is MoveKind.RETURNED)
        if one.amount.minor + back == 0:
            return
        amount = points(data.draw(st.integers(1, one.amount.minor + back)), one.amount.currency)
        found = take_back(self.moves, one.grant, amount, self.today, cause=self.name("r"), policy=self.policy)
        self.add(found.moves)
        taken = -sum(m.amount.minor for m in found.moves if m.kind is MoveKind.RETURNED)
        assert taken + found.missing.minor == amount.minor
        assert found.missing.minor >= 0

    @rule()
    def run_expiry(self) -> None:
        self.add(expire(self.moves, self.today, self.policy))
        assert expire(self.moves, self.today, self.policy) == ()
        self.add(settle(self.moves, self.today, self.policy))
        assert settle(self.moves, self.today, self.policy) == ()

    @invariant()
    def the_lots_are_what_was_granted_less_all_that_was_taken(self) -> None:
        for unit in ("points", "points:x"):
            sums: Counter[MoveKind] = Counter()
            for one in self.moves:
                if one.amount.currency == unit:
                    sums[one.kind] += one.amount.minor
            assert sums[MoveKind.SETTLED] == 0
            brought = (*self.moves, *settle(self.moves, self.today, self.policy))
            usable = sum(one.left.minor for one in lots(brought, unit, self.today))
            debt = owed(brought, unit, self.today).minor
            over = -sum(one.amount.minor for one in brought[len(self.moves) :]
                        if one.kind is MoveKind.EXPIRED and one.amount.currency == unit)  # fmt: skip
            assert usable - debt + over == sum(sums.values())
            assert not (usable and debt)
            self.check_debt(debt)

    def check_debt(self, debt: int) -> None:
        assert debt == 0

    @invariant()
    def no_grant_gives_more_than_it_has(self) -> None:
        granted_by = {one.id: one.amount.minor for one in self.moves if one.kind is MoveKind.GRANTED}
        for name, count in granted_by.items():
            own = [one for one in self.moves if one.grant == name]
            assert sum(one.amount.minor for one in own) <= count
            assert -sum(one.amount.minor for one in own if one.kind is MoveKind.RETURNED) <= count
            assert -sum(one.amount.minor for one in own if one.kind is MoveKind.USED) <= count


class OldestFirst(PointsMachine):
    policy = PointsPolicy(order=UseOrder.BY_GRANT, returns=Returns.OWN)


class Owing(PointsMachine):
    policy = PointsPolicy(returns=Returns.OWED)

    def check_debt(self, debt: int) -> None:
        assert debt >= 0


QUICK = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestFirstToExpire = PointsMachine.TestCase
TestOldestFirst = OldestFirst.TestCase
TestOwing = Owing.TestCase
TestFirstToExpire.settings = TestOldestFirst.settings = TestOwing.settings = QUICK


# every field of a move, and every day on which something turns


def test_a_claw_back_takes_from_its_own_grant_and_says_from_which_entry_it_comes() -> None:
    """40 of 100 known on 3 February and held until 1 April; what is held no longer than until it is known is not held."""
    held = {"payable_from": day("2026-04-01"), "recorded": day("2026-02-03")}
    earned, back = (
        entry(1, 100, **held),
        entry(2, -40, recorded=day("2026-02-09"), payable_from=day("2026-02-01")),
    )
    name = "acme|reseller/2026/club/points|FY2026-Q1|acme#"
    assert granted([earned, back]) == (
        PointsMove(
            id=f"{name}1", holder="acme", kind=MoveKind.GRANTED, amount=points(100), grant=f"{name}1",
            on=day("2026-04-01"), cause="", expires=day("2027-03-31"),
        ),
        PointsMove(
            id=f"{name}2/{name}1", holder="acme", kind=MoveKind.RETURNED, amount=points(-40), grant=f"{name}1",
            on=day("2026-02-09"), cause=f"{name}2", expires=None,
        ),
    )  # fmt: skip


def test_entries_of_one_day_are_taken_by_payee_calculation_and_number_and_those_of_nothing_left_out() -> None:
    on = {"recorded": day("2026-02-03")}
    entries = [
        entry(1, 5, payee="bolt", **on),
        entry(2, 3, **on),
        entry(1, 2, period="FY2026-Q2", **on),
        entry(1, 1, **on),
        entry(3, 0, corrects=None, lines=(), **on),
    ]
    assert [one.id for one in granted(entries)] == [
        "acme|reseller/2026/club/points|FY2026-Q1|acme#1",
        "acme|reseller/2026/club/points|FY2026-Q1|acme#2",
        "acme|reseller/2026/club/points|FY2026-Q2|acme#1",
        "acme|reseller/2026/club/points|FY2026-Q1|bolt#1",
    ]


def test_what_corrects_an_entry_of_another_plan_takes_from_that_first_and_then_from_its_own() -> None:
    """20 by the plan of 2025 and 30 by that of 2026: 25 that correct the former take its 20, and 5 of the latter.

    Another payee's points, those of another name and those of other plans are left alone, however few there are.
    """
    old = {"component": "reseller/2025/club/points"}
    first = entry(1, 20, **old)
    mine = entry(2, 30)
    rest = (
        entry(3, 40, component="reseller/2026/spiff/points"),
        entry(4, 40, payee="bolt"),
        entry(5, 40, amount=points(40, "points:training")),
    )
    back = entry(6, -25, corrects=first.id)
    assert brief(granted([first, mine, *rest, back]))[-2:] == [
        ("returned", first.id, -20),
        ("returned", mine.id, -5),
    ]
    assert brief(granted([first, mine, entry(7, -50, corrects=first.id)]))[-2:] == [
        ("returned", first.id, -20),
        ("returned", mine.id, -30),
    ]
    with pytest.raises(InvalidInput, match="takes back 51 points, which is more"):
        granted([first, mine, *rest, entry(6, -51, corrects=first.id)])


def test_what_corrects_a_correction_takes_from_what_that_had_corrected() -> None:
    """50 and 10; 5 are taken of the first, and by a correction of that 5 more of it, though the other one is later."""
    first, later = entry(1, 50), entry(2, 10)
    once = entry(3, -5, corrects=first.id)
    again = entry(4, -5, corrects=once.id)
    assert brief(granted([first, later, once, again]))[2:] == [("returned", first.id, -5)] * 2


def test_a_move_that_is_derived_has_the_next_number_of_its_grant_and_the_grants_holder() -> None:
    found = use(TWO, points(70), day("2026-03-01"), cause="order 17").moves
    made: dict[str, Any] = {
        "holder": "acme",
        "kind": MoveKind.USED,
        "on": day("2026-03-01"),
        "cause": "order 17",
    }
    assert found == (
        PointsMove(id="b/1", amount=points(-50), grant="b", **made),
        PointsMove(id="a/1", amount=points(-20), grant="a", **made),
    )
    back = undo_use([*TWO, *found], "order 17", day("2026-03-01"))  # on the same day
    assert back == (
        PointsMove(id="a/2", amount=points(20), grant="a", **made),
        PointsMove(id="b/2", amount=points(50), grant="b", **made),
    )
    gone = expire(TWO, day("2026-06-30"))
    assert gone == (
        PointsMove(
            id="b/1", holder="acme", kind=MoveKind.EXPIRED, amount=points(-50), grant="b",
            on=day("2026-06-30"), cause="expired",
        ),
    )  # fmt: skip
    taken = take_back(TWO, "a", points(30), day("2026-03-01"), cause="refund 1")
    assert taken.moves == (
        PointsMove(
            id="a/1", holder="acme", kind=MoveKind.RETURNED, amount=points(-30), grant="a",
            on=day("2026-03-01"), cause="refund 1",
        ),
    )  # fmt: skip
    assert taken.missing == points(0)


def test_one_point_is_used_once_undone_taken_back_and_expires_like_many() -> None:
    one = (grant("a", 1, "2026-01-10", "2026-12-31"),)
    assert lots(one, "points", day("2026-01-10")) == (
        Lot(grant="a", on=day("2026-01-10"), expires=day("2026-12-31"), left=points(1)),
    )
    moves = (*one, *use(one, points(1), day("2026-01-10"), cause="order 17").moves)
    assert brief(moves[1:]) == [("used", "a", -1)]
    assert use(moves, points(1), day("2026-01-11"), cause="order 17").decision.outcome is UseAnswer.ALREADY
    assert brief(undo_use(moves, "order 17", day("2026-01-11"))) == [("used", "a", 1)]
    assert brief(expire(one, day("2026-12-31"))) == [("expired", "a", -1)]
    assert brief(take_back(one, "a", points(1), day("2026-01-11"), cause="r").moves) == [
        ("returned", "a", -1)
    ]
    assert brief(granted([entry(1, 1)])) == [("granted", entry(1, 1).id, 1)]


def test_a_use_is_undone_by_its_own_day_and_in_every_unit() -> None:
    """Order 18 came later and stays; order 17 used points of two names."""
    both = (*TWO, grant("t", 7, "2026-01-01", unit="points:training"))
    moves = [*both, *use(both, points(70), day("2026-03-01"), cause="order 17").moves]
    moves.extend(use(moves, points(7, "points:training"), day("2026-03-02"), cause="order 17").moves)
    moves.extend(use(moves, points(10), day("2026-03-09"), cause="order 18").moves)
    assert brief(undo_use(moves, "order 17", day("2026-03-03"))) == [
        ("used", "a", 20),
        ("used", "b", 50),
        ("used", "t", 7),
    ]
    assert brief(expire(both, day("2027-01-01"))) == [("expired", "b", -50), ("expired", "a", -100)]
    assert [one.amount.currency for one in settle(both, day("2027-01-01"))] == ["points", "points"]


def test_of_points_that_expire_together_those_of_the_earlier_day_are_used_first() -> None:
    moves = (grant("a", 5, "2026-01-02", "2026-06-30"), grant("z", 5, "2026-01-01", "2026-06-30"))
    for order in UseOrder:
        assert list(left(moves, "2026-03-01", order)) == ["z", "a"]


def test_a_debt_of_the_day_before_points_expire_is_settled_by_them_and_one_of_their_last_day_is_not() -> None:
    """b is gone on 1 July: 30 June is the last day on which it can be used."""
    used = use(USED[:1], points(100), day("2026-01-20"), cause="order 17").moves
    for on, kinds in (("2026-06-30", ["settled", "settled"]), ("2026-07-01", ["expired"])):
        back = PointsMove(
            id="r", holder="acme", kind=MoveKind.RETURNED, amount=points(-30), grant="a", on=day(on)
        )
        moves = [USED[0], *used, back, grant("b", 30, "2026-01-02", "2026-07-01")]
        assert [one.kind.value for one in expire(moves, day("2026-12-01"))] == kinds


def test_the_earliest_grant_that_is_owed_is_settled_first_and_of_one_day_the_smaller_id() -> None:
    """10 of each are owed, and 25 are there; each settlement names the grant that it is for."""
    grants = [grant("b", 10, "2026-01-02"), grant("c", 10, "2026-01-01"), grant("a", 10, "2026-01-02")]
    moves = [*grants, *use(grants, points(30), day("2026-02-01"), cause="order 17").moves]
    moves += [
        PointsMove(
            id=f"r{name}",
            holder="acme",
            kind=MoveKind.RETURNED,
            amount=points(-10),
            grant=name,
            on=day("2026-02-02"),
        )
        for name in "abc"
    ]
    assert owed(moves, "points", day("2026-02-02")) == points(30)
    found = settle([*moves, grant("d", 25, "2026-03-01")], day("2026-03-01"))
    assert [(one.grant, one.amount.minor, one.cause) for one in found] == [
        ("d", -10, "c"), ("c", 10, "c"), ("d", -10, "a"), ("a", 10, "a"), ("d", -5, "b"), ("b", 5, "b"),
    ]  # fmt: skip
    assert {one.on for one in found} == {day("2026-03-01")}


def test_a_refund_asks_for_no_more_of_others_than_somebody_had_of_its_own_grant() -> None:
    """Of a, 30 were used and 70 expired: of the 50 of b only 30 are taken, though 100 are asked for."""
    moves = [
        USED[0],
        *use(USED[:1], points(30), day("2026-02-01"), cause="order 17").moves,
        grant("b", 50, "2026-01-02"),
    ]
    found = take_back(moves, "a", points(100), day("2027-02-01"), cause="refund 1")
    assert brief(found.moves) == [
        ("expired", "a", -70), ("returned", "a", -30), ("settled", "b", -30), ("settled", "a", 30),
    ]  # fmt: skip
    assert found.missing == points(70)


def test_what_is_moot_is_added_on_the_day_of_the_last_move_of_its_grant() -> None:
    """All 100 expired on 31 December; they are clawed back in May of 2027 and given back as nothing that is owed."""
    moves = [USED[0], *expire(USED[:1], day("2027-01-01"))]
    moves.append(
        PointsMove(
            id="r",
            holder="acme",
            kind=MoveKind.RETURNED,
            amount=points(-100),
            grant="a",
            on=day("2027-05-01"),
        )
    )
    assert owed(moves, "points", day("2027-05-01")) == points(0)
    assert settle(moves, day("2027-04-30")) == ()
    for on in ("2027-05-01", "2027-06-01"):
        (given,) = settle(moves, day(on))
        assert (given.kind, given.amount, given.on, given.cause) == (
            MoveKind.RETURNED, points(100), day("2027-05-01"), "expired",
        )  # fmt: skip


def test_the_answer_to_a_use_is_derived_from_what_was_wanted_and_what_was_there() -> None:
    policy = PointsPolicy(name="club", least=10)
    decision = use(TWO, points(9), day("2026-03-01"), cause="order 17", policy=policy).decision
    assert decision.facts == UseFacts(wanted=points(9), usable=points(150), is_used=False)
    assert explain(decision).lines() == [
        "club/use/9 points on March 1, 2026: fewer than can be used at once",
        "  ✗ use",
        "    ✓ used before: no, asked for no",
        "    ✗ points wanted: 9 points, asked for at least 10 points",
        "    ✓ points that can be used: 150 points, asked for at least 9 points",
        "  ✗ used before",
        "    ✗ used before: no, asked for yes",
        "  ✓ fewer than can be used at once",
        "    ✓ points wanted: 9 points, asked for less than 10 points",
    ]
    moves = (*TWO, *use(TWO, points(70), day("2026-03-01"), cause="order 17").moves)
    again = use(moves, points(70), day("2026-03-02"), cause="order 17").decision
    assert (again.facts.is_used, again.facts.usable, again.as_of) == (True, points(80), day("2026-03-02"))
    assert explain(again).text == "points/standard/use/70 points on March 2, 2026: used before"
    used = use(TWO, points(70), day("2026-03-01"), cause="order 17").decision
    assert explain(used).text == "points/standard/use/70 points on March 1, 2026: use"


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({"amount": Money("EUR", 5)}, ["found 0.05 EUR; accepted: points @ amount"]),
        ({"amount": points(0)}, ["found 0 points; accepted: a grant above zero @ amount"]),
        ({"amount": points(-1)}, ["found -1 points; accepted: a grant above zero @ amount"]),
        ({"amount": points(1)}, []),
        ({"grant": "b"}, ["a grant, and nothing else, is its own grant @ grant"]),
        ({"kind": MoveKind.USED}, ["a grant, and nothing else, is its own grant @ grant"]),
        (
            {"kind": MoveKind.EXPIRED, "grant": "b", "amount": points(0)},
            ["found 0 points; accepted: below zero for what is expired @ amount"],
        ),
        ({"kind": MoveKind.EXPIRED, "grant": "b", "amount": points(-1)}, []),
        ({"kind": MoveKind.RETURNED, "grant": "b", "amount": points(0)}, []),
        (
            {"kind": MoveKind.USED, "grant": "b", "expires": day("2026-03-01")},
            ["found 2026-03-01; it is the grant that expires @ expires"],
        ),
        ({"expires": day("2026-03-01")}, []),
    ],
)
def test_every_fault_of_a_move_is_named_with_its_place(said: dict[str, Any], faults: list[str]) -> None:
    long = "x" * 61
    given = {"id": long, "grant": long, **said}
    if not faults:
        assert attrs.evolve(grant("a", 5, "2026-01-01"), **given).amount == given.get("amount", points(5))
        return
    with pytest.raises(InvalidInput) as caught:
        attrs.evolve(grant("a", 5, "2026-01-01"), **given)
    assert [str(fault) for fault in caught.value.faults] == faults
    assert caught.value.title == f"the move {'x' * 60!r} cannot be used"


@pytest.mark.parametrize("least", [0, -1, True, 1.5, "1"])
def test_points_are_used_by_the_point(least: Any) -> None:
    with pytest.raises(InvalidInput, match="accepted: at least one point"):
        PointsPolicy(least=least)


def test_a_move_has_no_cause_where_none_is_said() -> None:
    assert grant("a", 5, "2026-01-01").cause == ""


def test_a_policy_of_points_says_nothing_and_uses_what_expires_first_and_takes_back_what_is_held() -> None:
    assert PointsPolicy() == PointsPolicy(
        name="points/standard", order=UseOrder.BY_EXPIRY, returns=Returns.HELD, least=1
    )
    assert list(lots(TWO, "points", day("2026-03-01"))) == list(
        lots(TWO, "points", day("2026-03-01"), UseOrder.BY_EXPIRY)
    )


@pytest.mark.parametrize(
    "made",
    [
        lambda: PointsMove("a", "acme", MoveKind.GRANTED, points(5), "a", day("2026-01-01")),  # type: ignore[call-arg]
        lambda: PointsPolicy("club"),  # type: ignore[call-arg]
        lambda: Lot("a", day("2026-01-01"), None, points(5)),  # type: ignore[call-arg]
    ],
)
def test_records_of_points_are_told_by_names(made: Any) -> None:
    with pytest.raises(TypeError):
        made()


@pytest.mark.parametrize(
    "asked",
    [
        lambda on: lots(TWO, "points", on),
        lambda on: owed(TWO, "points", on),
        lambda on: balances(TWO, on),
        lambda on: expire(TWO, on),
        lambda on: settle(TWO, on),
        lambda on: use(TWO, points(1), on, cause="x"),
        lambda on: undo_use((*TWO, *use(TWO, points(1), day("2026-03-01"), cause="x").moves), "x", on),
    ],
)
def test_points_are_asked_for_on_a_day_without_a_time(asked: Any) -> None:
    with pytest.raises(InvalidInput, match=r"^day: found .*; accepted: a date without a time"):
        asked(datetime.datetime(2026, 3, 1, 12))


def test_what_is_taken_back_is_more_than_none_and_what_was_tried_for_its_cause_alone() -> None:
    for amount in (points(0), points(-1)):
        with pytest.raises(InvalidInput, match="accepted: points, more than none"):
            take_back(TWO, "a", amount, day("2026-03-01"), cause="refund 1")
    first = take_back(TWO, "a", points(60), day("2026-03-01"), cause="refund 1")
    other = take_back([*TWO, *first.moves], "a", points(40), day("2026-03-02"), cause="refund 2")
    assert brief(other.moves) == [("returned", "a", -40)]
    more = take_back([*TWO, *first.moves], "a", points(70), day("2026-03-02"), cause="refund 1")
    assert more == TakenBack((), points(10))  # of 70 that are asked for, 60 were taken


def test_the_points_of_one_holder_are_of_one_even_where_their_names_differ() -> None:
    others = attrs.evolve(grant("c", 5, "2026-01-01", unit="points:x"), holder="bolt")
    with pytest.raises(InvalidInput, match="found points of acme, bolt; accepted: of one holder"):
        balances((*TWO, others), day("2026-03-01"))
    assert balances((), day("2026-03-01")) == {}
    assert lots((), "points", day("2026-03-01")) == ()


def test_a_grant_that_will_be_used_later_than_it_is_taken_back_still_is_not_there_before() -> None:
    """Granted for 10 March, 40 of 100 taken back on 5 March: 60 from the 10th on, and nothing before."""
    moves = [grant("a", 100, "2026-03-10")]
    moves += take_back(
        moves, "a", points(40), day("2026-03-05"), cause="r", policy=PointsPolicy(returns=Returns.OWN)
    ).moves
    assert [left(moves, on) for on in ("2026-03-09", "2026-03-10")] == [{}, {"a": 60}]
    assert [balances(moves, day(on)) for on in ("2026-03-04", "2026-03-10")] == [
        {"points": points(0)}, {"points": points(60)},
    ]  # fmt: skip


def test_one_point_is_owed_settled_and_given_back_like_many() -> None:
    one = grant("a", 1, "2026-01-10", "2026-12-31")
    moves = [one, *use([one], points(1), day("2026-02-01"), cause="order 17").moves]
    policy = PointsPolicy(returns=Returns.OWED)
    moves += take_back(moves, "a", points(1), day("2026-02-02"), cause="refund 1", policy=policy).moves
    assert owed(moves, "points", day("2026-02-02")) == points(1)
    moves.append(grant("b", 1, "2026-03-01"))
    assert balances(moves, day("2026-03-01")) == {"points": points(0)}
    assert brief(settle(moves, day("2026-03-01"))) == [("settled", "b", -1), ("settled", "a", 1)]
    over = [one, *expire([one], day("2026-12-31"))]
    over.append(
        PointsMove(
            id="r", holder="acme", kind=MoveKind.RETURNED, amount=points(-1), grant="a", on=day("2027-02-01")
        )
    )
    assert brief(settle(over, day("2027-02-01"))) == [("returned", "a", 1)]
