"""The ledger: entries that are only added, what was known when, and periods that close."""

import datetime
from collections.abc import Iterator
from fractions import Fraction as F
from itertools import permutations
from typing import Any

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.incentives.ledger.model import (
    PERIOD_MOVES,
    Bookkeeping,
    BookPeriod,
    Entry,
    EntryKind,
    Ledger,
    LedgerDiffers,
    PeriodAction,
    PeriodState,
    calculation_key,
)
from prmcore.incentives.plans.facts import Earning, Share
from prmcore.incentives.plans.policy import Line, LineKind
from prmcore.values import DateRange, FiscalCalendar, Money
from prmcore.values.money import MOST_DIGITS
from prmcore.values.wire import MOST_DIGITS_OF_RATIO


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def entry(number: int = 1, minor: int = 100, **said: Any) -> Entry:
    given: dict[str, Any] = {
        "payee": "acme",
        "earner": "acme",
        "component": "reseller/2026/rebate/volume",
        "period": "FY2026-Q1",
        "number": number,
        "kind": EntryKind.EARNED,
        "amount": Money("EUR", minor),
        "lines": (Line(what=LineKind.BAND, amount=F(minor)),),
        "attributed": "2026-02",
        "booked": "2026-02",
        "effective": day("2026-02-10"),
        "recorded": day("2026-02-15") + datetime.timedelta(days=number),
    }
    return Entry(**(given | said))


def counting(number: int, name: str, pay: int) -> Entry:
    share = Share(transaction=name, day=day("2026-02-10"), quantity=F(pay), pay=F(pay))
    return entry(number, earning=Earning(payee="acme", period="FY2026-Q1", shares=(share,)))


def test_an_entry_is_the_sum_of_its_lines() -> None:
    with pytest.raises(InvalidInput, match="do not add up"):
        entry(lines=(Line(what=LineKind.BAND, amount=F(99)),))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        entry().amount = Money("EUR", 1)  # type: ignore[misc]


def test_ids_are_told_apart_whatever_is_in_the_names() -> None:
    """Names with the sign that joins them, or with its escape, make no two keys alike."""
    names = ("a|b", "a%7Cb", "a", "b", "a%b")
    keys = {calculation_key(earner, component, "p") for earner in names for component in names}
    assert len(keys) == len(names) ** 2
    assert entry(payee="a|b").id != entry(payee="a%7Cb").id
    assert entry().books == "reseller"


def test_adding_again_changes_nothing_and_another_entry_of_the_id_is_refused() -> None:
    ledger = Ledger([entry(1)])
    assert ledger.add([entry(1), entry(2)]) == 1
    with pytest.raises(LedgerDiffers, match="never changed"):
        ledger.add([entry(3), entry(1, 101)])
    assert [one.number for one in ledger] == [1, 2]
    assert entry(3).id not in ledger


def test_two_entries_of_one_id_are_refused_together() -> None:
    """Neither is added: which of them would be right, nobody knows."""
    ledger = Ledger()
    with pytest.raises(LedgerDiffers):
        ledger.add([entry(1), entry(1, 101)])
    assert len(ledger) == 0


def orders() -> Iterator[tuple[Entry, ...]]:
    return permutations(
        (counting(1, "a", 100), counting(2, "a", 60), counting(3, "b", 7), counting(10, "a", 5))
    )


@pytest.mark.parametrize("order", list(orders()))
def test_the_last_entry_says_what_is_counted_in_whatever_order_a_store_gives_them(
    order: tuple[Entry, ...],
) -> None:
    ledger = Ledger(order)
    assert [one.number for one in ledger.of(order[0].calculation)] == [1, 2, 3, 10]
    assert {name: share.pay for name, share in ledger.shares(order[0].calculation).items()} == {
        "a": 5,
        "b": 7,
    }
    assert [(one.number, share.pay) for one, share in ledger.counted("a")] == [(10, F(5))]
    assert ledger.counted("c") == ()


def test_balances_are_of_one_unit_and_never_added_to_another() -> None:
    points = entry(2, amount=Money("points", 7), lines=(Line(what=LineKind.BAND, amount=F(7)),))
    ledger = Ledger([entry(1), points, entry(3, -30), entry(1, 5, payee="bolt")])
    assert ledger.units("acme") == ("EUR", "points")
    assert ledger.balance("acme", "EUR") == Money.of("0.70", "EUR")
    assert ledger.balance("acme", "points") == Money("points", 7)
    assert ledger.balance("bolt", "EUR") == Money("EUR", 5)
    assert (ledger.payees(), ledger.posted(entry().calculation, "bolt")) == (("acme", "bolt"), 5)


def test_the_ledger_as_of_a_day_is_what_was_recorded_by_its_end() -> None:
    ledger = Ledger([entry(1), entry(2, 20), entry(3, -50)])
    assert [ledger.as_of(day("2026-02-15") + datetime.timedelta(days=after)).balance("acme", "EUR").minor for after in range(4)] == [
        0, 100, 120, 70,
    ]  # fmt: skip


def test_an_entry_that_is_not_there_is_an_error() -> None:
    with pytest.raises(InvalidInput, match="there is no entry 'x'"):
        Ledger().entry("x")
    assert Ledger([entry()]).entry(entry().id) == entry()


# periods of the books

QUARTER = BookPeriod(
    books="reseller", name="FY2026-Q1", range=DateRange(day("2026-01-01"), day("2026-04-01"))
)


def test_every_move_of_a_period_is_in_the_table_and_no_other_is_made() -> None:
    for state in PeriodState:
        for action in PeriodAction:
            period = attrs.evolve(QUARTER, state=state)
            if (state, action) in PERIOD_MOVES:
                moved = period.moved(action, day("2026-04-10"), "kim")
                assert (moved.state, moved.on, moved.by) == (
                    PERIOD_MOVES[state, action],
                    day("2026-04-10"),
                    "kim",
                )
            else:
                with pytest.raises(InvalidInput, match=f"is {state}; accepted"):
                    period.moved(action, day("2026-04-10"), "kim")
    assert not [state for state, _ in PERIOD_MOVES if state is PeriodState.CLOSED]


@pytest.mark.parametrize("action", PeriodAction)
def test_a_period_that_still_lasts_neither_ends_nor_closes(action: PeriodAction) -> None:
    with pytest.raises(InvalidInput, match="lasts until 2026-03-31"):
        QUARTER.moved(action, day("2026-03-31"), "kim")
    assert QUARTER.moved(action, day("2026-04-01"), "kim").state is not PeriodState.OPEN


def test_what_belongs_to_closed_periods_is_booked_in_the_first_that_is_open() -> None:
    closed = {
        name: attrs.evolve(QUARTER, name=name, state=state)
        for name, state in (
            ("FY2026-Q1", PeriodState.CLOSED),
            ("FY2026-Q2", PeriodState.CLOSED),
            ("FY2026-Q3", PeriodState.GRACE),
        )
    }
    books = Bookkeeping(FiscalCalendar(), "quarter", closed)
    assert books.booked(day("2026-02-10")) == ("FY2026-Q1", "FY2026-Q3")
    assert books.booked(day("2026-07-01")) == ("FY2026-Q3", "FY2026-Q3")
    assert Bookkeeping(FiscalCalendar(), "quarter").booked(day("2026-02-10")) == ("FY2026-Q1", "FY2026-Q1")
    assert entry(booked="2026-04").is_late
    assert not entry().is_late


# what is kept, and how it is found


def test_records_are_made_by_the_names_of_their_fields() -> None:
    records: list[Any] = [Entry, BookPeriod]
    assert all(field.kw_only for record in records for field in attrs.fields(record))


def test_what_an_entry_or_a_period_does_not_say() -> None:
    made = entry()
    assert (made.payable_from, made.expires, made.earning, made.corrects, made.by, made.reason) == (None,) * 6
    assert (QUARTER.id, QUARTER.state, QUARTER.on, QUARTER.by) == (
        "reseller/FY2026-Q1", PeriodState.OPEN, None, None,
    )  # fmt: skip


def test_keys_are_told_with_the_signs_in_them_spelt_out() -> None:
    assert calculation_key("a|b", "c%d", "e") == "a%7Cb|c%25d|e"
    made = entry(2, payee="x|y")
    assert made.calculation == "acme|reseller/2026/rebate/volume|FY2026-Q1"
    assert made.id == "acme|reseller/2026/rebate/volume|FY2026-Q1|x%7Cy#2"


TOO_LONG = F(1, 10**MOST_DIGITS_OF_RATIO)


def earned_from(**said: Any) -> dict[str, Any]:
    return {"earning": Earning(payee="acme", period="FY2026-Q1", **said)}


def lines(*said: dict[str, Any]) -> dict[str, Any]:
    whole = Line(what=LineKind.BAND, amount=F(100))
    return {"lines": tuple(attrs.evolve(whole, **one) for one in said)}


@pytest.mark.parametrize(
    "said",
    [
        lines({"amount": 100 - TOO_LONG}, {"amount": TOO_LONG}),
        lines({"quantity": TOO_LONG}),
        lines({"rate": TOO_LONG}),
        lines({}, {"amount": F(0), "rate": TOO_LONG}),
        earned_from(window=TOO_LONG),
        earned_from(baseline=TOO_LONG),
        earned_from(carried=TOO_LONG),
    ],
)
def test_a_fraction_that_no_store_can_keep_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="is calculated from a fraction of more than"):
        entry(**said)


def test_numbers_that_are_not_there_are_no_obstacle() -> None:
    made = entry(**earned_from(window=None, baseline=None), **lines({"quantity": F(1, 3), "rate": None}))
    assert made.lines[0].quantity == F(1, 3)


def test_the_largest_amount_of_an_entry_has_all_the_digits_that_money_has() -> None:
    most = 10**MOST_DIGITS
    for minor in (most - 1, 1 - most):
        assert entry(1, minor).amount.minor == minor
    for minor in (most, -most):
        with pytest.raises(InvalidInput, match=f"amount of more than {MOST_DIGITS} digits"):
            entry(1, minor)


def test_an_entry_that_differs_is_kept_on_the_error() -> None:
    with pytest.raises(LedgerDiffers) as caught:
        Ledger([entry(1)]).add([entry(1, 101)])
    assert caught.value.entry == entry(1, 101)


def test_a_ledger_is_found_by_what_its_entries_belong_to() -> None:
    made = [
        entry(2), entry(1, 20, payee="zoe"), entry(1, 3), entry(1, 7, period="FY2026-Q2"), entry(3, -50), entry(1, 9, earner="bolt"),
    ]  # fmt: skip
    ledger = Ledger(made)
    first, second = entry().calculation, entry(period="FY2026-Q2").calculation
    assert [(one.payee, one.number) for one in ledger.of(first)] == [
        ("zoe", 1),
        ("acme", 1),
        ("acme", 2),
        ("acme", 3),
    ]
    assert (len(ledger.of(second)), ledger.of("x")) == (1, ())
    assert list(ledger.calculations()) == [first, second, entry(earner="bolt").calculation]
    assert (list(ledger), len(ledger), made[0].id in ledger, "x" in ledger) == (made, 6, True, False)
    assert ledger.of_payee("zoe") == (made[1],)
    assert (ledger.of_payee("x"), ledger.units("x"), ledger.payees()) == ((), (), ("acme", "zoe"))
    assert [ledger.posted(first, one) for one in ("acme", "zoe", "x")] == [53, 20, 0]
    assert ledger.add(made) == 0


def test_of_one_share_that_several_payees_were_paid_for_the_last_entry_counts() -> None:
    one, other = counting(1, "a", 100), attrs.evolve(counting(1, "a", 100), payee="bolt")
    assert [found.payee for found, _ in Ledger([one, other]).counted("a")] == ["bolt"]
    elsewhere = attrs.evolve(counting(1, "a", 40), period="FY2026-Q2")
    found = Ledger([one, elsewhere, entry(2)]).counted("a")
    assert {kept.period: int(share.pay) for kept, share in found} == {"FY2026-Q1": 100, "FY2026-Q2": 40}


@pytest.mark.parametrize(
    ("state", "action", "accepted"),
    [
        (PeriodState.GRACE, PeriodAction.END, "FY2026-Q1 is grace; accepted: close"),
        (PeriodState.CLOSED, PeriodAction.CLOSE, "FY2026-Q1 is closed; accepted: nothing, it stays closed"),
    ],
)
def test_a_move_that_a_period_does_not_take_says_which_it_takes(
    state: PeriodState, action: PeriodAction, accepted: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        attrs.evolve(QUARTER, state=state).moved(action, day("2026-04-10"), "kim")
    assert str(caught.value) == accepted


def test_a_moved_period_is_the_same_one_in_another_state() -> None:
    assert QUARTER.moved(PeriodAction.END, day("2026-04-01"), "kim") == BookPeriod(
        books="reseller", name="FY2026-Q1", range=QUARTER.range, state=PeriodState.GRACE, on=day("2026-04-01"), by="kim"
    )  # fmt: skip


def test_books_are_of_months_that_are_open_where_nothing_else_is_said() -> None:
    books = Bookkeeping()
    assert (books.calendar, books.kind, books.moved, books.closed_before) == (
        FiscalCalendar(),
        "month",
        {},
        None,
    )
    assert books.booked(day("2026-02-28")) == ("2026-02", "2026-02")


@pytest.mark.parametrize(
    ("before", "booked"),
    [
        ("2026-02-28", "2026-02"),
        ("2026-03-01", "2026-03"),
        ("2026-03-31", "2026-03"),
        ("2026-05-01", "2026-05"),
    ],
)
def test_a_period_is_closed_that_ends_before_a_day(before: str, booked: str) -> None:
    """February ends on the 28th: before the 1 March, and not before the 28th."""
    books = Bookkeeping(closed_before=day(before))
    assert books.booked(day("2026-02-10")) == ("2026-02", booked)


def test_the_period_of_a_name_is_found_from_the_day_on() -> None:
    books = Bookkeeping()
    for name, start in (("2026-02", "2026-02-01"), ("2026-05", "2026-05-01")):
        found = books.named(name, day("2026-02-28"))
        assert (found.name, found.range.start) == (name, day(start))
