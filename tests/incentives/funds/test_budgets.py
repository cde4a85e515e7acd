"""Budgets, allocations and accruals: every field of what is posted, and everything that is refused."""

import datetime
from typing import Any

import attrs
import pytest
from tests.incentives.funds.test_funds import (
    POLICY,
    TODAY,
    after,
    bound_coop,
    budgeted,
    coop,
    earned,
    eur,
    fund,
    refused,
)

from prmcore.errors import InvalidInput
from prmcore.incentives.funds import (
    Fund,
    FundBook,
    FundMove,
    FundMoveKind,
    FundState,
    accrued,
    allocated,
    budget_changed,
    opened,
)
from prmcore.incentives.funds.policy import FundFacts
from prmcore.values import DateRange, Money

D = datetime.date
LATER = D(2026, 5, 1)
PARENT = fund(expires=D(2027, 2, 1))


def child(**more: Any) -> Fund:
    told: dict[str, Any] = {"id": "apac", "parent": "mdf", "expires": D(2027, 2, 1), **more}
    return fund(**told)


# opening


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        ({"currency": "CHF"}, "currency", "found CHF; accepted: EUR, as of the parent"),
        ({"program": "other"}, "program", "found other; accepted: acme, as of the parent"),
        ({"period": DateRange(D(2026, 1, 1), D(2027, 1, 2))}, "period", "accepted: inside"),
        ({"period": DateRange(D(2025, 12, 31), D(2027, 1, 1))}, "period", "accepted: inside"),
        ({"expires": D(2027, 2, 2)}, "expires", "found 2027-02-02; accepted: 2027-02-01, as the parent, or earlier"),
        ({"expires": None}, "expires", "found None; accepted: 2027-02-01"),
    ],
)  # fmt: skip
def test_a_child_that_does_not_fit_its_parent_says_in_what(
    more: dict[str, Any], path: str, message: str
) -> None:
    with pytest.raises(InvalidInput, match="the fund 'apac' does not fit its parent 'mdf'") as caught:
        opened(child(**more), PARENT)
    (fault,) = caught.value.faults
    assert fault.path == path
    assert message in fault.message


def test_a_fund_that_fits_is_opened_as_it_is() -> None:
    """Up to the last day of its parent; where that never expires, whenever it likes."""
    for made in (
        child(),
        child(expires=D(2027, 1, 31)),
        child(period=DateRange(D(2026, 4, 1), D(2026, 7, 1))),
    ):
        assert opened(made, PARENT) is made
    for expires in (None, D(2030, 1, 1)):
        made = child(expires=expires)
        assert opened(made, fund()) is made
    alone = fund()
    assert opened(alone, None) is alone


@pytest.mark.parametrize(
    ("one", "above"), [(child(), None), (child(), fund(id="x")), (fund(id="alone"), fund())]
)
def test_a_fund_is_opened_and_its_budget_changed_beside_the_parent_that_it_names(
    one: Fund, above: Fund | None
) -> None:
    with pytest.raises(InvalidInput, match=f"names the parent {one.parent!r}; accepted: that fund beside it"):
        opened(one, above)
    book = None if above is None else FundBook(above)
    with pytest.raises(InvalidInput, match=f"is taken from {one.parent!r}; accepted: its book as `above`"):
        budget_changed(FundBook(one), eur(1), POLICY, key="1", by="kim", on=TODAY, above=book)


# changes


def test_a_change_of_the_budget_is_a_move_and_the_facts_that_it_was_held_against() -> None:
    """7,000 of 10,000 are free; a child gets 500 of them, and gives 200 back."""
    book = budgeted()
    under = FundBook(child(expires=None))
    told: dict[str, Any] = {"by": "kim", "on": LATER, "above": book}
    given = budget_changed(under, eur(500), POLICY, key="7", reason="the plan", **told)
    move = FundMove(
        id="apac|budget|7", fund="apac", kind=FundMoveKind.BUDGET, amount=eur(500), parent="mdf", effective=LATER,
        recorded=LATER, by="kim", reason="the plan",
    )  # fmt: skip
    assert (given.record, given.moves, given.entries) == (under.fund, (move,), ())
    assert given.decision.facts == FundFacts(FundState.ACTIVE, True, eur(500), eur(6_500), None)
    book, under = book.with_moves([move]), under.with_moves([move])
    back = budget_changed(under, eur(-200), POLICY, key="8", **(told | {"above": book}))
    assert back.decision.facts == FundFacts(FundState.ACTIVE, True, eur(300), eur(6_700), None)
    assert (back.moves[0].id, back.moves[0].amount, back.moves[0].reason) == (
        "apac|budget|8",
        eur(-200),
        None,
    )
    alone = budget_changed(book, eur(1), POLICY, key="9", by="kim", on=LATER)
    assert alone.decision.facts == FundFacts(FundState.ACTIVE, True, eur(6_501), None, None)
    assert (alone.moves[0].parent, alone.decision.as_of) == (None, LATER)
    refused(
        budget_changed(under, eur("-500.01"), POLICY, key="8", **(told | {"above": book})),
        "✗ left of the fund after it: -€0.01, asked for at least €0.00",
    )


def test_a_change_of_an_allocation_is_a_move_and_the_facts_that_it_was_held_against() -> None:
    book = budgeted()
    told: dict[str, Any] = {"by": "kim", "on": LATER}
    more = allocated(book, "acme", eur(500), POLICY, key="7", reason="asked for", **told)
    move = FundMove(
        id="mdf|allocation|acme|7", fund="mdf", kind=FundMoveKind.ALLOCATION, amount=eur(500), partner="acme",
        effective=LATER, recorded=LATER, by="kim", reason="asked for",
    )  # fmt: skip
    assert (more.record, more.moves, more.entries) == (book.fund, (move,), ())
    assert more.decision.facts == FundFacts(FundState.ACTIVE, True, eur(6_500), None, eur(3_500))
    assert more.decision.as_of == LATER
    less = allocated(book, "acme", eur(-500), POLICY, key="8", **told)
    assert less.decision.facts == FundFacts(FundState.ACTIVE, True, eur(7_500), None, eur(2_500))
    assert less.moves[0].reason is None
    refused(
        allocated(book, "acme", eur(3_000), POLICY, key="2026", **told),
        "✗ not posted before: no, asked for yes",
    )
    refused(
        allocated(book, "bolt", eur("7000.01"), POLICY, key="1", **told),
        "✗ left of the fund after it: -€0.01, asked for at least €0.00",
    )
    assert after(book, allocated(book, "bolt", eur(7_000), POLICY, key="1", **told)).free == eur(0)


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({"key": ""}, ["key"]),
        ({"by": ""}, ["by"]),
        ({"amount": eur(0)}, ["amount"]),
        ({"amount": Money.of(1, "CHF")}, ["amount"]),
        ({"amount": eur(0), "key": " ", "by": " "}, ["amount", "key", "by"]),
    ],
)
def test_a_change_says_how_much_by_which_key_and_by_whom(more: dict[str, Any], faults: list[str]) -> None:
    told: dict[str, Any] = {"amount": eur(1), "policy": POLICY, "key": "k", "by": "kim", "on": LATER, **more}
    calls: list[Any] = [
        lambda: budget_changed(budgeted(), **told),
        lambda: allocated(budgeted(), "acme", **told),
    ]
    for call in calls:
        with pytest.raises(InvalidInput, match="the change of 'mdf' cannot be made") as caught:
            call()
        assert [fault.path for fault in caught.value.faults] == faults


def test_an_allocation_is_for_a_partner() -> None:
    with pytest.raises(InvalidInput) as caught:
        allocated(budgeted(), "", eur(1), POLICY, key="k", by="kim", on=LATER)
    assert [fault.path for fault in caught.value.faults] == ["partner"]


def test_the_least_change_is_one_cent() -> None:
    for amount in (eur("0.01"), eur("-0.01")):
        found = allocated(budgeted(), "acme", amount, POLICY, key="k", by="kim", on=LATER)
        assert [move.amount for move in found.moves] == [amount]


def test_nothing_is_changed_before_the_last_move_of_the_fund_or_of_its_parent() -> None:
    book = budgeted()
    before: dict[str, Any] = {"key": "k", "by": "kim", "on": D(2026, 2, 1)}
    calls: list[Any] = [
        lambda: budget_changed(FundBook(child()), eur(1), POLICY, above=book, **before),
        lambda: budget_changed(book, eur(1), POLICY, **before),
        lambda: allocated(book, "acme", eur(1), POLICY, **before),
    ]
    for call in calls:
        with pytest.raises(InvalidInput, match="accepted: 2026-02-02, the day of the fund's last move"):
            call()


# accruals


def test_an_accrual_is_a_move_of_its_own_day_recorded_on_the_day_of_the_run() -> None:
    (move,) = accrued(coop(), [earned("S-1", 150)], by="run", on=LATER)
    assert move == FundMove(
        id="coop|accrual|S-1", fund="coop", kind=FundMoveKind.ACCRUAL, amount=eur(150), partner="acme",
        effective=D(2026, 2, 1), recorded=LATER, by="run",
    )  # fmt: skip


def posted(book: FundBook, *accruals: Any) -> list[tuple[str, str]]:
    """Ids and amounts of the moves, in order."""
    moves = accrued(book, accruals, by="run", on=LATER)
    return [(move.id.removeprefix("coop|"), str(move.amount.amount)) for move in moves]


def test_accruals_are_posted_by_day_and_then_by_key_and_those_of_nothing_not_at_all() -> None:
    given = (
        earned("S-3", 3, on=D(2026, 2, 2)), earned("S-9", 9), earned("S-0", 0), earned("S-4", 4), earned("S-1", 1),
    )  # fmt: skip
    expected = [
        ("accrual|S-1", "1.00"),
        ("accrual|S-4", "4.00"),
        ("accrual|S-9", "9.00"),
        ("accrual|S-3", "3.00"),
    ]
    assert posted(coop(), *given) == expected
    book = coop().with_moves(accrued(coop(), [earned("S-1", 1)], by="run", on=TODAY))
    assert posted(book, *given) == expected[1:]


def test_a_refund_of_exactly_what_is_free_waives_nothing() -> None:
    """30 of 150 are free."""
    assert posted(bound_coop(False), earned("r", -30)) == [("accrual|r", "-30.00")]
    assert posted(bound_coop(False), earned("r", "-30.01")) == [("accrual|r", "-30.01"), ("waiver|r", "0.01")]
    assert posted(bound_coop(True), earned("r", -100)) == [("accrual|r", "-100.00")]


def test_refunds_of_one_run_share_what_is_free_and_a_sale_between_them_counts() -> None:
    """30 are free: 20 are taken, then 10 of 20; 7 are earned, of which 5 are taken, and 2 of 5 are left for the last."""
    given = (earned("1", -20), earned("2", -20), earned("3", 7), earned("4", -5), earned("5", -5))
    assert posted(bound_coop(False), *given) == [
        ("accrual|1", "-20.00"), ("accrual|2", "-20.00"), ("waiver|2", "10.00"), ("accrual|3", "7.00"),
        ("accrual|4", "-5.00"), ("accrual|5", "-5.00"), ("waiver|5", "3.00"),
    ]  # fmt: skip


def test_the_refund_of_one_partner_takes_nothing_of_another() -> None:
    book = bound_coop(False).with_moves(accrued(coop(), [earned("b", 90, "bolt")], by="run", on=TODAY))
    assert posted(book, earned("1", -30), earned("2", -90, "bolt")) == [
        ("accrual|1", "-30.00"),
        ("accrual|2", "-90.00"),
    ]


def test_no_more_is_waived_than_is_refunded() -> None:
    """70 below zero from the time when that was allowed: of 10 more nothing is taken, and all 10 are waived."""
    book = bound_coop(True).with_moves(accrued(bound_coop(True), [earned("r", -100)], by="run", on=TODAY))
    strict = FundBook(attrs.evolve(book.fund, below_zero=False), book)
    assert strict.available("acme") == eur(-70)
    assert posted(strict, earned("s", -10)) == [("accrual|s", "-10.00"), ("waiver|s", "10.00")]
    assert posted(strict, earned("s", 10)) == [("accrual|s", "10.00")]


@pytest.mark.parametrize(
    ("book", "accruals", "faults"),
    [
        (FundBook(fund()), [earned("S-1", 1)], [("", "nothing is accrued in it; accepted: a fund that accrues")]),
        (coop(), [earned("S-1", 1), earned("S-1", 1)], [("S-1", "stands here twice")]),
        (coop(), [earned("S-1", 1, "")], [("S-1.partner", "found ''; accepted: ")]),
        (
            coop(), [attrs.evolve(earned("S-1", 1), amount=Money.of(1, "CHF"))],
            [("S-1", "found 1.00 CHF; accepted: EUR, the currency of the fund")],
        ),
    ],
)  # fmt: skip
def test_accruals_that_cannot_be_posted_are_refused(
    book: FundBook, accruals: list[Any], faults: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput, match=r"the accruals of .* cannot be posted") as caught:
        accrued(book, accruals, by="run", on=LATER)
    assert [fault.path for fault in caught.value.faults] == [path for path, _ in faults]
    assert all(words in fault.message for fault, (_, words) in zip(caught.value.faults, faults, strict=True))


def test_nothing_is_accrued_before_the_last_move_of_the_fund() -> None:
    with pytest.raises(InvalidInput, match="the day of the fund's last move, or later"):
        accrued(bound_coop(False), [earned("S-2", 1)], by="run", on=D(2026, 2, 1))
