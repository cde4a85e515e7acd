"""The ledger: entries that are only added, what was known when, and periods that close."""

import datetime
from collections.abc import Iterator
from fractions import Fraction as F
from itertools import permutations
from typing import Any

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.incentives.facts import Earning, Share
from prmcore.incentives.ledger import (
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
from prmcore.incentives.policy import Line, LineKind
from prmcore.values import DateRange, FiscalCalendar, Money


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
