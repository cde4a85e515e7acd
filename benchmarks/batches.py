"""Large batches: many partners from precomputed facts, and many rows counted into metrics."""

from __future__ import annotations

import datetime
import random
import time

from rule import DAY, POLICY, random_facts, standing

from prmcore.decisions import FactField, FactSchema, Kind
from prmcore.performance import Count, DistinctCount, Growth, Metric, MetricRegistry, RowBook, Source, Sum
from prmcore.values import FiscalCalendar, Money, RollingMonths

__all__ = ["aggregated", "decided"]


def decided(partners: int) -> dict[str, float]:
    """Decides each partner once, grace and all, and keeps every decision."""
    facts = [standing(one) for one in random_facts(partners)]
    began = time.perf_counter()
    kept = [POLICY.decide(one, DAY) for one in facts]
    return {"rows": len(kept) / (time.perf_counter() - began)}


def aggregated(rows: int, partners: int = 2000) -> dict[str, float]:
    """Takes rows of sales in, and reads four metrics of every partner on one day."""
    fields = FactSchema(
        "rows of sales", (FactField("amount", Kind.MONEY, currency="EUR"), FactField("product", Kind.CODE))
    )
    window = RollingMonths(12)
    registry = MetricRegistry(
        (Source("sales", fields),),
        (
            Metric("revenue", Sum("amount"), "sales", window),
            Metric("orders", Count(), "sales", window),
            Metric("products", DistinctCount("product"), "sales", window),
            Metric("growth", Growth("revenue")),
        ),
    )
    chance = random.Random(7)
    first = datetime.date(2023, 1, 1)
    days = [first + datetime.timedelta(days=number) for number in range(1180)]
    drawn = [
        (
            f"p{chance.randrange(partners)}",
            chance.choice(days),
            (Money("EUR", chance.randrange(10**6)), f"x{chance.randrange(50)}"),
        )
        for _ in range(rows)
    ]
    began = time.perf_counter()
    book = RowBook(registry, FiscalCalendar())
    book.add("sales", drawn)
    total = sum(book.values(partner, DAY)["orders"] for partner in book.partners)
    taken = time.perf_counter() - began
    within = window.on(DAY, FiscalCalendar())
    assert total == sum(day in within for _, day, _ in drawn), "every row of the window is counted"
    return {"rows": rows / taken}
