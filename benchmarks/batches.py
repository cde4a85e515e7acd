"""Large batches: partners from precomputed facts, rows counted into metrics, and a whole program from its rows."""

from __future__ import annotations

import datetime
import random
import time
from itertools import islice
from pathlib import Path

from memory import peak
from rule import DAY, LADDER, POLICY, random_facts, standing

from prmcore.cli.folder import read_facts
from prmcore.decisions import FactField, FactSchema, Kind
from prmcore.performance import Count, DistinctCount, Growth, Metric, MetricRegistry, RowBook, Source, Sum
from prmcore.program import ProgramVersions, load_program
from prmcore.program.judge import judged
from prmcore.values import DateRange, FiscalCalendar, Money, RollingMonths

__all__ = ["aggregated", "decided", "example"]

EXAMPLE = Path(__file__).parent.parent / "examples" / "adventureworks"


def decided(partners: int) -> dict[str, float]:
    """Decides each partner once, grace and all, and keeps every decision."""
    facts = [standing(one) for one in random_facts(partners)]
    held, began = peak(), time.perf_counter()
    kept = [POLICY.decide(one, DAY) for one in facts]
    seconds = time.perf_counter() - began
    for one, decision in zip(facts[:1000], kept, strict=False):
        place, _ = LADDER.interpret(one.metrics, DAY)
        assert decision.outcome.qualified == LADDER.levels[place], f"read plainly it is another: {decision}"
    return {"count": len(kept), "seconds": seconds, "held": held}


def aggregated(rows: int, partners: int = 2000) -> dict[str, float]:
    """Takes rows of sales in, and reads four metrics of every partner on one day."""
    calendar, window = FiscalCalendar(), RollingMonths(12)
    drawn = _sales(rows, partners)
    held, began = peak(), time.perf_counter()
    book = RowBook(_registry(window), calendar)
    book.add("sales", drawn)
    read = [book.values(partner, DAY) for partner in book.partners]
    seconds = time.perf_counter() - began
    within = window.on(DAY, calendar)
    inside = [amount.minor for _, day, (amount, _) in drawn if day in within]
    assert sum(one["orders"] for one in read) == len(inside), "every row of the window is counted"
    assert sum(one["revenue"].minor for one in read) == sum(inside), "and its amount"
    return {"count": rows, "seconds": seconds, "held": held}


def _registry(window: RollingMonths) -> MetricRegistry:
    fields = (FactField("amount", Kind.MONEY, currency="EUR"), FactField("product", Kind.CODE))
    metrics = (
        Metric("revenue", Sum("amount"), "sales", window),
        Metric("orders", Count(), "sales", window),
        Metric("products", DistinctCount("product"), "sales", window),
        Metric("growth", Growth("revenue")),
    )
    return MetricRegistry((Source("sales", FactSchema("rows of sales", fields)),), metrics)


def _sales(rows: int, partners: int) -> list[tuple[str, datetime.date, tuple[Money, str]]]:
    """Rows in no order, over a good three years."""
    chance = random.Random(7)
    first = datetime.date(2023, 1, 1)
    days = [first + datetime.timedelta(days=number) for number in range(1180)]
    return [
        (
            f"p{chance.randrange(partners)}",
            chance.choice(days),
            (Money("EUR", chance.randrange(10**6)), f"x{chance.randrange(50)}"),
        )
        for _ in range(rows)
    ]


def example(most: int) -> dict[str, float]:
    """The program of examples/adventureworks at the end of every month: metrics, ladder and movement together."""
    versions = ProgramVersions.of(*(load_program(file) for file in sorted(EXAMPLE.glob("*.toml"))))
    facts = read_facts(versions, EXAMPLE / "facts")
    given = {partner: row.given for partner, row in facts.partners.items()}
    last = facts.book.last_day
    assert last is not None
    start = versions.versions.entries[0][0].start
    assert start is not None
    month_ends = [
        day for day in _days(DateRange.of_days(start, last)) if (day + datetime.timedelta(days=1)).day == 1
    ]
    held, began = peak(), time.perf_counter()
    kept = list(islice(judged(versions, facts.book, given, month_ends), most))
    return {"count": len(kept), "seconds": time.perf_counter() - began, "held": held}


def _days(period: DateRange) -> list[datetime.date]:
    assert period.start is not None
    return [period.start + datetime.timedelta(days=number) for number in range(period.days)]
