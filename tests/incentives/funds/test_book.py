"""The book of a fund: whose moves it takes, what each balance is of, and what was known when."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.incentives.funds import Fund, FundBook, FundMove, FundMoveKind, Measure
from prmcore.values import DateRange, Money

D = datetime.date
K = FundMoveKind
OPENED = D(2026, 1, 1)
FUND = Fund(
    id="mdf", program="acme", period=DateRange(OPENED, D(2027, 1, 1)), currency="EUR", opened_by="kim", opened_on=OPENED
)  # fmt: skip


def eur(minor: int) -> Money:
    return Money("EUR", minor)


def move(
    id: str, kind: FundMoveKind, minor: int, of: str = "", day: int = 2, fund: str = "mdf", **more: Any
) -> FundMove:
    """`of` names partner, request and claim, as far as the kind has them: "acme R-1 C-1"."""
    names = dict(zip(("partner", "request", "claim"), of.split(), strict=False))
    told: dict[str, Any] = {**names, **more}
    on = D(2026, 2, day)
    return FundMove(
        id=id, fund=fund, kind=kind, amount=eur(minor), effective=on, recorded=on, by="kim", **told
    )


# each amount another power of two, so that a sum says of what it is
MOVES = (
    move("m1", K.BUDGET, 4096),
    move("m2", K.BUDGET, 512, fund="apac", parent="mdf"),
    move("m3", K.ALLOCATION, 1024, "acme"),
    move("m4", K.ALLOCATION, 256, "bolt"),
    move("m5", K.APPROVAL, 128, "acme R-1", day=3),
    move("m6", K.APPROVAL, 64, "acme R-2", day=3),
    move("m7", K.APPROVAL, 2, "bolt R-3", day=3),
    move("m8", K.CLAIM, 32, "acme R-1 C-1", day=4),
    move("m9", K.CLAIM, 16, "acme R-1 C-2", day=4),
    move("n1", K.CLAIM, 8, "acme R-2 C-3", day=4),
    move("n2", K.REIMBURSEMENT, 4, "acme R-1 C-1", day=5),
    move("n3", K.REIMBURSEMENT, 1, "acme R-1 C-1", day=5),
)
BOOK = FundBook(FUND, MOVES)


def test_every_balance_is_the_sum_of_its_moves() -> None:
    assert (BOOK.budget, BOOK.in_children) == (eur(4096), eur(512))
    assert BOOK.free == eur(4096 - 512 - 1024 - 256)
    assert BOOK.unclaimed == eur(4096 - 512 - 56)
    assert [BOOK.available(one) for one in ("acme", "bolt", "none")] == [eur(1024 - 192), eur(254), eur(0)]
    assert [BOOK.remainder(one) for one in ("R-1", "R-2", "R-3", "none")] == [
        eur(80),
        eur(56),
        eur(2),
        eur(0),
    ]
    assert [BOOK.owed(one) for one in ("C-1", "C-2", "none")] == [eur(27), eur(16), eur(0)]
    assert BOOK.partners() == ("acme", "bolt")


@pytest.mark.parametrize(
    ("whose", "approved", "claimed", "reimbursed"),
    [
        ({}, 194, 56, 5),
        ({"partner": "acme"}, 192, 56, 5),
        ({"partner": "acme", "request": "R-1"}, 128, 48, 5),
        ({"request": "R-2"}, 64, 8, 0),
        ({"partner": "acme", "request": "R-1", "claim": "C-2"}, 0, 16, 0),
        ({"claim": "C-1"}, 0, 32, 5),
        ({"partner": "x"}, 0, 0, 0),
    ],
)
def test_a_balance_is_of_the_smallest_thing_that_is_named(
    whose: dict[str, str], approved: int, claimed: int, reimbursed: int
) -> None:
    measures = (Measure.APPROVED, Measure.CLAIMED, Measure.REIMBURSED)
    assert [BOOK.total(one, **whose) for one in measures] == [eur(approved), eur(claimed), eur(reimbursed)]


def test_what_is_claimed_and_no_longer_allocated_is_not_free() -> None:
    """Of 100, acme has 10 and claimed 30; bolt has 20 and claimed 5: 50 are free."""
    moves = (
        move("b", K.BUDGET, 100), move("1", K.ALLOCATION, 10, "acme"), move("2", K.CLAIM, 30, "acme R-1 C-1"),
        move("3", K.ALLOCATION, 20, "bolt"), move("4", K.CLAIM, 5, "bolt R-2 C-2"),
    )  # fmt: skip
    assert FundBook(FUND, moves).free == eur(50)


def test_moves_are_read_by_the_day_they_were_recorded_and_their_id() -> None:
    shuffled = FundBook(FUND, MOVES[::-1])
    assert tuple(shuffled) == MOVES
    assert (len(shuffled), len(FundBook(FUND))) == (12, 0)
    assert "m1" in BOOK
    assert "x" not in BOOK


def test_a_book_as_of_a_day_ends_with_the_moves_of_that_day() -> None:
    assert [len(BOOK.as_of(D(2026, 2, day))) for day in (1, 2, 3, 4, 5)] == [0, 4, 7, 10, 12]


def test_a_book_with_further_moves_leaves_the_first_as_it_was() -> None:
    more = BOOK.with_moves([move("z", K.BUDGET, 1, day=6), MOVES[0]])
    assert (more.budget, len(more), BOOK.budget, len(BOOK)) == (eur(4097), 13, eur(4096), 12)


def test_moves_are_numbered_by_kind_and_by_whose_they_are() -> None:
    assert BOOK.number(K.APPROVAL, partner="acme", request="R-1") == 2
    assert BOOK.number(K.REIMBURSEMENT, partner="acme", request="R-1") == 3
    assert BOOK.number(K.RELEASE, partner="acme", request="R-1") == 1
    assert BOOK.number(K.ALLOCATION, partner="acme") == BOOK.number(K.BUDGET) == 2
    assert BOOK.number(K.ALLOCATION) == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            move("x", K.BUDGET, 1, fund="other"),
            "is a move of 'other'; accepted: moves of 'mdf' and budgets of",
        ),
        (move("x", K.BUDGET, 1, fund="other", parent="root"), "is a move of 'other'"),
        (attrs.evolve(move("x", K.BUDGET, 1), amount=Money.of(1, "CHF")), "found 1.00 CHF; accepted: EUR"),
        (move("m1", K.BUDGET, 1), "two moves have this id; a move is never changed"),
        (move("m1", K.BUDGET, 4096, day=3), "two moves have this id; a move is never changed"),
    ],
)
def test_a_move_that_does_not_belong_here_is_refused_by_its_id(wrong: FundMove, message: str) -> None:
    with pytest.raises(InvalidInput, match="the book of 'mdf' cannot be read") as caught:
        FundBook(FUND, [*MOVES, wrong])
    (fault,) = caught.value.faults
    assert message in fault.message
    assert fault.path == wrong.id


def test_a_new_move_is_recorded_on_the_day_of_the_last_one_or_later() -> None:
    for book, last in ((BOOK, D(2026, 2, 5)), (FundBook(FUND), OPENED)):
        assert book.checked_day(last) == last
        early = last - datetime.timedelta(days=1)
        with pytest.raises(
            InvalidInput, match=f"on: found {early}; accepted: {last}, the day of the fund's last move"
        ):
            book.checked_day(early)
    wrong: Any = "2026-03-01"
    with pytest.raises(InvalidInput, match=r"^on: found '2026-03-01'"):
        BOOK.checked_day(wrong)


def test_a_move_is_posted_when_its_id_says_the_same() -> None:
    assert BOOK.is_posted(MOVES[2]) is True
    assert BOOK.is_posted(attrs.evolve(MOVES[2], by="lee", recorded=D(2026, 3, 1))) is True
    assert BOOK.is_posted(move("z", K.BUDGET, 1)) is False
    for other in (
        move("m3", K.ALLOCATION, 1023, "acme"),
        move("m3", K.ALLOCATION, 1024, "bolt"),
        move("m3", K.ACCRUAL, 1024, "acme"),
    ):
        with pytest.raises(InvalidInput, match=r"'m3' stands in the book with 10\.24 EUR; found 10"):
            BOOK.is_posted(other)
