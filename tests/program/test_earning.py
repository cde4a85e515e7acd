"""Incentives as a use case: rows become transactions, what is due is posted and kept, periods close, late rows follow."""

import datetime
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from prmcore.errors import InvalidInput
from prmcore.incentives import Day, Entry, PeriodAction, Quota, Transaction
from prmcore.program import ProgramVersions, from_document
from prmcore.program.earning import (
    bookkeeping,
    circumstances,
    earn,
    earn_over,
    ledger_of,
    levels_by_day,
    move_period,
    paid,
    plans_of,
    policies_of,
    reading_of,
    transactions_of,
)  # fmt: skip
from prmcore.repository import Store
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.storage.unit import Change
from prmcore.values import Money, QuotedRate

YEAR = {"start": "2026-01-01", "end": "2027-01-01"}
FIELDS = {
    "amount": {"kind": "money"},
    "invoice": {"kind": "code"},
    "credits": {"kind": "code"},
    "product": {"kind": "code"},
    "entered": {"kind": "date"},
}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def eur(text: str) -> Money:
    return Money.of(text, "EUR")


def versions(*documents: dict[str, Any]) -> ProgramVersions:
    return ProgramVersions.of(*(from_document(one) for one in documents))


def document(version: str = "2026", effective: dict[str, str] = YEAR, **incentives: Any) -> dict[str, Any]:
    """2 % up to 1,000 EUR a quarter and 3 % above it; books by the month."""
    volume = {"name": "volume", "bands": [{"up_to": "1000 EUR", "rate": "2 %"}, {"rate": "3 %"}]}
    return {
        "format": "prmcore/1",
        "name": "acme",
        "version": version,
        "currency": "EUR",
        "effective": effective,
        "sources": {"sales": {"fields": FIELDS}},
        "incentives": {
            "transactions": {
                "source": "sales", "id": ["invoice"], "net": "amount", "returns": "credits", "recorded": "entered",
            },
            "plans": {"rebate": {"components": [volume]}},
            **incentives,
        },
    }  # fmt: skip


def rows(*lines: tuple[str, ...]) -> list[tuple[str, datetime.date, tuple[Any, ...]]]:
    """Each line: partner, day, invoice, amount, and what it credits or the day it was entered, if any."""
    found = []
    for partner, on, invoice, amount, *more in lines:
        credited = next((one for one in more if not one.startswith("20")), None)
        entered = next((day(one) for one in more if one.startswith("20")), None)
        found.append((partner, day(on), (eur(amount), invoice, credited, "A", entered)))
    return found


def sold(found: ProgramVersions, *lines: tuple[str, ...]) -> list[Transaction]:
    return list(transactions_of(found, rows(*lines), {}, lambda partner, on: "partner"))


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    kept = SqliteStore(tmp_path / "store.sqlite")
    yield kept
    kept.close()


def amounts(entries: tuple[Entry, ...]) -> list[tuple[str, str, str, str]]:
    return [(entry.payee, entry.period, entry.booked, str(entry.amount)) for entry in entries]


# From rows to entries


def test_a_row_becomes_a_transaction_with_what_the_program_reads() -> None:
    found = versions(document())
    sale, refund = sold(
        found, ("p", "2026-01-10", "R1", "100"), ("p", "2026-02-01", "C1", "-40", "R1", "2026-02-03")
    )
    assert (sale.id, sale.net, sale.returns, sale.days) == (
        "R1",
        eur("100"),
        None,
        {Day.INVOICED: day("2026-01-10")},
    )
    assert sale.parties == {"partner": "p"}
    assert (refund.returns, refund.net, refund.recorded) == ("R1", eur("-40"), day("2026-02-03"))
    assert sale.recorded == day(
        "2026-01-10"
    )  # a row that does not say when it was entered was known on its day
    assert sale.facts is not None
    assert (sale.facts["product"], sale.facts["level"]) == ("A", "partner")


def test_rows_without_a_name_are_told_apart_by_their_day_and_order() -> None:
    plain = document()
    plain["incentives"]["transactions"] = {"source": "sales", "net": "amount"}
    first, second, third = sold(
        versions(plain),
        ("p", "2026-01-10", "x", "1"),
        ("p", "2026-01-10", "x", "2"),
        ("q", "2026-01-10", "x", "3"),
    )
    assert [first.id, second.id, third.id] == ["p/2026-01-10/1", "p/2026-01-10/2", "q/2026-01-10/1"]


def test_what_is_due_is_posted_once(store: Store) -> None:
    found = versions(document())
    sales = sold(
        found,
        ("p", "2026-01-10", "R1", "800"),
        ("p", "2026-02-10", "R2", "700"),
        ("q", "2026-02-11", "R3", "50"),
    )
    # p: 1,000 at 2 % and 500 at 3 %: 20 + 15; q: 50 at 2 %
    assert amounts(earn(store, found, sales, known=day("2026-03-01")).entries) == [
        ("p", "FY2026-Q1", "2026-02", "35.00 EUR"),
        ("q", "FY2026-Q1", "2026-02", "1.00 EUR"),
    ]
    assert earn(store, found, sales, known=day("2026-03-01")).entries == ()
    assert ledger_of(store, "acme").balance("p", "EUR") == eur("35")


def test_two_runs_at_a_time_post_it_once(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite")
    found = versions(document())
    sales = sold(found, *(("p", "2026-01-10", f"R{number}", "100") for number in range(30)))
    begin = threading.Barrier(4)

    def run() -> None:
        begin.wait()
        for number in range(1, 31):
            earn(store, found, sales[:number], known=day("2026-03-01"), since=day("2025-01-01"))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = list(ledger_of(store, "acme"))
    # 1,000 at 2 % and 2,000 at 3 %
    assert sum(entry.amount.minor for entry in entries) == 8000
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    store.close()


def test_days_one_after_the_other_post_what_runs_on_these_days_would_have(store: Store) -> None:
    found = versions(document())
    sales = sold(
        found,
        ("p", "2026-01-10", "R1", "800"),
        ("p", "2026-02-10", "R2", "700"),
        ("p", "2026-04-10", "R3", "100"),
    )
    days = [day("2026-01-31"), day("2026-02-28"), day("2026-04-30")]
    posted = [amounts(earned.entries) for _, earned in earn_over(store, found, sales, days)]
    assert posted == [
        [("p", "FY2026-Q1", "2026-01", "16.00 EUR")],
        [("p", "FY2026-Q1", "2026-02", "19.00 EUR")],
        [("p", "FY2026-Q2", "2026-04", "2.00 EUR")],
    ]
    assert [entry.recorded for entry in ledger_of(store, "acme")] == days
    again = [earned.entries for _, earned in earn_over(store, found, sales, days)]
    assert again == [()]


def test_a_row_that_comes_late_is_recorded_when_it_is_known_and_not_before(store: Store) -> None:
    found = versions(document())
    first = sold(found, ("p", "2026-01-10", "R1", "800"))
    days = [day("2026-01-31"), day("2026-02-28")]
    list(earn_over(store, found, first, days))
    late = sold(found, ("p", "2026-01-10", "R1", "800"), ("p", "2026-01-20", "R0", "100"))
    ((_, earned),) = earn_over(store, found, late, days)
    (entry,) = earned.entries
    assert (entry.amount, entry.effective, entry.recorded) == (eur("2"), day("2026-01-20"), day("2026-02-28"))


def test_a_sale_that_is_restated_takes_its_refunds_along(store: Store) -> None:
    """By hand: 800 at 2 % is 16; 300 come back, 10; restated as of the second quarter it counts there, 16 - 6."""
    found = versions(document())
    sale, refund = ("p", "2026-03-20", "R1", "800"), ("p", "2026-03-25", "C1", "-300", "R1")
    again = ("p", "2026-04-02", "R1", "800", "2026-04-20")
    days = [day("2026-03-31"), day("2026-04-30"), day("2026-05-31")]
    posted = [
        amounts(earned.entries)
        for _, earned in earn_over(store, found, sold(found, sale, refund, again), days)
    ]
    assert posted == [
        [("p", "FY2026-Q1", "2026-03", "10.00 EUR")],
        [("p", "FY2026-Q1", "2026-03", "-10.00 EUR"), ("p", "FY2026-Q2", "2026-04", "10.00 EUR")],
        [],
    ]


def test_the_level_of_a_day_is_that_of_the_last_decision_before_it() -> None:
    found = versions(document())
    decided = [("p", day("2026-03-31"), "silver"), ("p", day("2026-06-30"), "gold")]
    level = levels_by_day(found, decided)
    days = ("2026-03-30", "2026-03-31", "2026-06-29", "2026-06-30", "2027-01-01")
    assert [level("p", day(on)) for on in days] == ["partner", "silver", "silver", "gold", "gold"]
    assert level("q", day("2027-01-01")) is None  # no version is in force then


# Periods


def test_a_closed_period_keeps_its_entries_and_what_is_late_is_booked_in_the_next(store: Store) -> None:
    found = versions(document())
    sale = ("p", "2026-01-10", "R1", "800")
    earn(store, found, sold(found, sale), known=day("2026-01-31"))
    move_period(store, found, day("2026-01-10"), PeriodAction.END, day("2026-02-01"), "ann")
    move_period(store, found, day("2026-01-10"), PeriodAction.CLOSE, day("2026-02-05"), "ann")
    refund = ("p", "2026-02-10", "C1", "-300", "R1")
    (entry,) = earn(store, found, sold(found, sale, refund), known=day("2026-02-28")).entries
    assert (entry.attributed, entry.booked, entry.amount, entry.is_late) == (
        "2026-01",
        "2026-02",
        eur("-6"),
        True,
    )


def test_a_period_does_not_close_twice_nor_before_its_end(store: Store) -> None:
    found = versions(document())
    with pytest.raises(InvalidInput, match="2026-01 lasts until 2026-01-31"):
        move_period(store, found, day("2026-01-10"), PeriodAction.CLOSE, day("2026-01-31"), "ann")
    move_period(store, found, day("2026-01-10"), PeriodAction.CLOSE, day("2026-02-01"), "ann")
    with pytest.raises(InvalidInput, match="2026-01 is closed; accepted: nothing, it stays closed"):
        move_period(store, found, day("2026-01-10"), PeriodAction.CLOSE, day("2026-02-02"), "ann")


def test_periods_close_by_themselves_after_their_grace(store: Store) -> None:
    found = versions(document(grace_days=10))
    january = bookkeeping(store, found, day("2026-02-10")).period(day("2026-01-10"))
    assert not bookkeeping(store, found, day("2026-02-10")).is_closed(january)  # the tenth day of grace
    assert bookkeeping(store, found, day("2026-02-11")).is_closed(january)


# Several plans, versions, units


def test_each_version_pays_for_its_own_days(store: Store) -> None:
    other = document("2026-H2", {"start": "2026-07-01", "end": "2027-01-01"})
    other["incentives"]["plans"]["rebate"]["components"][0]["bands"] = [{"rate": "5 %"}]
    found = versions(document(effective={"start": "2026-01-01", "end": "2026-07-01"}), other)
    sales = sold(found, ("p", "2026-06-30", "R1", "100"), ("p", "2026-07-01", "R2", "100"))
    entries = earn(store, found, sales, known=day("2026-12-31")).entries
    assert {entry.component: entry.amount for entry in entries} == {
        "acme/2026/rebate/volume": eur("2"),
        "acme/2026-H2/rebate/volume": eur("5"),
    }
    assert set(policies_of(found)) == {entry.component for entry in entries}
    assert list(plans_of(found)) == ["rebate"]


def test_versions_that_read_transactions_differently_are_refused() -> None:
    other = document("2027", {"start": "2027-01-01", "end": "2028-01-01"})
    del other["incentives"]["transactions"]["returns"]
    with pytest.raises(InvalidInput, match=r"acme/2027 has another table @ incentives\.transactions"):
        reading_of(versions(document(), other))


def test_what_no_plan_covers_is_told_once_and_what_one_covers_is_not(store: Store) -> None:
    plans = document()["incentives"]["plans"]
    only_b = {"fact": "product", "one_of": ["B"]}
    plans["spiff"] = {"components": [{"name": "b", "bands": [{"rate": "1 %"}], "when": only_b}]}
    found = versions(document(plans=plans))
    sales = sold(found, ("p", "2026-01-10", "R1", "100"), ("p", "2025-12-31", "R0", "100"))
    earned = earn(store, found, sales, known=day("2026-03-01"))
    assert {(one.transaction, one.why.value) for one in earned.uncounted} == {("R0", "no-plan")}


def test_quotas_and_rates_of_exchange_reach_the_calculation(store: Store) -> None:
    bands = [{"up_to": "100 %", "rate": "1 %"}, {"rate": "2 %"}]
    volume = {"name": "volume", "mode": "whole", "by": "attainment", "bands": bands}
    found = versions(document(plans={"rebate": {"components": [volume]}}))
    sales = sold(found, ("p", "2026-01-10", "R1", "300"))
    held = earn(store, found, sales, known=day("2026-01-31"))
    assert held.entries == ()
    assert [missing for _, missing in held.held] == [("quota",)]
    known = circumstances(found, [Quota(payee="p", period="FY2026-Q1", amount=eur("200"))], (), None)
    # 300 of 200 is 150 %: 2 % of all
    (entry,) = earn(store, found, sales, known=day("2026-01-31"), circumstances=known).entries
    assert entry.amount == eur("6")


def test_a_table_of_rates_follows_the_policy_of_the_program() -> None:
    found = versions(document(exchange={"last_within_days": 2, "inverse": True}))
    around = circumstances(
        found, (), [QuotedRate("EUR", "USD", day("2026-01-09"), Fraction(5, 4))], day("2026-01-01")
    )
    assert around.exchange is not None
    assert around.exchange.on("USD", "EUR", day("2026-01-11")).rate == Fraction(4, 5)
    assert around.known_from == day("2026-01-01")


def test_what_other_versions_would_have_paid_is_calculated_from_nothing() -> None:
    found = versions(document())
    sales = sold(found, ("p", "2026-01-10", "R1", "800"), ("p", "2026-04-10", "R2", "1100"))
    # 800 at 2 %; 1,000 at 2 % and 100 at 3 %
    assert paid(found, sales, day("2026-12-31")).balance("p", "EUR") == eur("39")


def test_a_month_that_is_closed_while_it_is_posted_stays_as_it_was_closed() -> None:
    """Whoever posts has seen it open; the sale of January stands in February, the first month that is not closed."""
    found = versions(document())

    class Between(MemoryStore):
        def keep(self, changes: list[Change]) -> None:
            if any(one.kind.name == "incentive-entry" for one in changes) and not closed:
                closed.append(True)
                move_period(self, found, day("2026-01-31"), PeriodAction.CLOSE, day("2026-02-01"), "ann")
            super().keep(changes)

    closed: list[bool] = []
    store = Between()
    earned = earn(store, found, sold(found, ("p", "2026-01-10", "R1", "1000")), known=day("2026-02-01"))
    assert amounts(earned.entries) == [("p", "FY2026-Q1", "2026-02", "20.00 EUR")]
    assert amounts(tuple(ledger_of(store, "acme"))) == amounts(earned.entries)
    again = earn(store, found, sold(found, ("p", "2026-01-10", "R1", "1000")), known=day("2026-02-01"))
    assert again.entries == ()
