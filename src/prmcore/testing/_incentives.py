"""Hypothesis strategies for incentives: curves, components, plans, sales with their refunds, and what they post."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind
from prmcore.incentives.ledger.credit import Uncounted, Why
from prmcore.incentives.ledger.model import Bookkeeping, BookPeriod, Entry, Ledger, PeriodState
from prmcore.incentives.ledger.posting import Circumstances, Posting, Quota, post
from prmcore.incentives.outlook import Cost, CostRow, Point, cost, payout_curve
from prmcore.incentives.plans.curve import Band, Boundary, Curve, Mode, Rounding, Slice
from prmcore.incentives.plans.facts import Base, Day, Earning, Share, Transaction
from prmcore.incentives.plans.model import (
    Accumulate,
    Basis,
    By,
    Clawback,
    Component,
    Missed,
    Package,
    Plan,
    Target,
)
from prmcore.incentives.plans.policy import ComponentPolicy, Entitlement, Line
from prmcore.performance import MetricRegistry, Source
from prmcore.program import Earned, ExchangePolicy, Incentives, Program, Reading
from prmcore.program.document.shapes import FieldDocument, SourceDocument
from prmcore.program.incentives import transaction_facts
from prmcore.values import Dated, DateRange, FiscalCalendar, Money, Rate, RollingMonths

__all__ = ["STRATEGIES", "components", "curves", "histories", "plans", "postings"]

Strategy = st.SearchStrategy
T = TypeVar("T")

PLAN = "reseller/2026/rebate"
YEAR = DateRange(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
DAYS = tuple(
    datetime.date(2026, month, day) for month, day in ((1, 1), (2, 10), (3, 31), (4, 1), (5, 5), (8, 8))
)
LATER = datetime.date(2026, 12, 31)
QUOTAS = tuple(
    Quota(payee="acme", period=name, amount=Money("EUR", 1_000))
    for name in ("FY2026", *(f"FY2026-Q{quarter}" for quarter in range(1, 5)))
)


def _one_of(*values: T) -> Strategy[T]:
    return st.sampled_from(values)


def _euros(highest: int) -> Strategy[Money]:
    return st.integers(0, highest).map(lambda minor: Money("EUR", minor))


def _rates() -> Strategy[Rate]:
    """From nothing to a half, thirds and sevenths among them."""
    return st.fractions(0, Fraction(1, 2), max_denominator=40).map(Rate.of)


def _end(chosen_in: type, step: int) -> Money | Fraction | Rate:
    if chosen_in is Money:
        return Money("EUR", 50 * step)
    return Rate(step, 20) if chosen_in is Rate else Fraction(step)


@st.composite
def curves(
    draw: st.DrawFn, chosen_in: type = Money, each: bool = False, modes: tuple[Mode, ...] = tuple(Mode)
) -> Curve:
    """Curves of no negative rate, with bands chosen by money, units or a rate, that pay a rate or an amount for each."""
    mode = draw(st.sampled_from(modes))
    steps = sorted(draw(st.sets(st.integers(1, 40), max_size=3)))
    by_amount = mode is Mode.INTERPOLATE and (each or draw(st.booleans()))
    bands = []
    for step in (*steps, None):
        end = None if step is None else _end(chosen_in, step)
        paid: dict[str, Any] = {}
        if by_amount and end is not None:
            paid["pays"] = draw(_euros(500))
        elif not by_amount:
            paid = {"each": draw(_euros(9))} if each else {"rate": draw(_rates())}
        bands.append(Band(up_to=end, flat=draw(st.none() | _euros(90)), **paid))
    return Curve(tuple(bands), mode, draw(st.sampled_from(Boundary)), draw(st.booleans()))


def _chosen_in(base: Base, by: By | None, growth: bool) -> type:
    if by in (By.ATTAINMENT, By.GROWTH):
        return Rate
    return Fraction if by is By.UNITS or (by is None and base is Base.UNITS) else Money


@st.composite
def components(draw: st.DrawFn, name: str = "drawn", looking_back: bool = True) -> Component:
    """Components of every accumulation, base, mode, limit and clawback that go together."""
    given: dict[str, Any] = {}
    accumulate = draw(
        st.sampled_from(Accumulate).filter(lambda one: looking_back or one is not Accumulate.ROLLING)
    )
    whole_period = accumulate is Accumulate.PERIOD
    base = draw(st.sampled_from(Base))
    bys: list[By | None] = [None, By.NET, By.UNITS, *([By.ATTAINMENT] if whole_period else [])]
    bys += [By.GROWTH] if whole_period and looking_back else []
    by = draw(st.sampled_from(bys))
    growth = whole_period and looking_back and by in (None, By.GROWTH) and draw(st.booleans())
    bucketed = accumulate in (Accumulate.TRANSACTION, Accumulate.GROUP)
    limited = not growth and draw(st.booleans())
    each = base is Base.UNITS
    if each and not (limited and not bucketed) and draw(st.booleans()):
        given["package"] = Package(size=Fraction(draw(st.integers(1, 5))), started=draw(st.booleans()))
    if limited:
        low, high = sorted((draw(st.integers(0, 200)), draw(st.integers(0, 900))))
        given |= {
            "fixed": draw(st.none() | _euros(30)),
            "minimum": Money("EUR", low),
            "maximum": Money("EUR", high),
        }
    modes = (Mode.WHOLE,) if limited and not bucketed else tuple(Mode)
    if draw(st.booleans()):
        floor, top = sorted((draw(st.integers(0, 500)), draw(st.integers(0, 2_000))))
        given["cap"] = Money("EUR", top)
        if accumulate is not Accumulate.LIFETIME:
            given |= {"guarantee": Money("EUR", floor), "carry_over": looking_back and draw(st.booleans())}
    if accumulate is Accumulate.GROUP:
        given["group"] = "order"
    if accumulate is Accumulate.ROLLING:
        given["window"] = RollingMonths(12)
    measured = (None if by in (By.ATTAINMENT, By.GROWTH) else by) or base
    if measured not in (Base.UNITS, By.UNITS) and accumulate is not Accumulate.LIFETIME:
        given["accelerator"] = draw(st.none() | curves(Rate).map(_multiplying))
        given["target"] = draw(
            st.none()
            | st.builds(Target, attainment=_one_of(Rate(1, 2), Rate(1)), missed=st.sampled_from(Missed))
        )
    return Component(
        name=name,
        unit="EUR",
        curve=draw(curves(_chosen_in(base, by, growth), each, modes)),
        base=base,
        by=by,
        growth=growth,
        accumulate=accumulate,
        period=draw(_one_of("quarter", "year")),
        clawback=draw(_clawbacks()),
        rounding=draw(st.sampled_from(Rounding)),
        hold_days=draw(_one_of(0, 30)),
        round_each=bucketed and draw(st.booleans()),
        prorate=draw(st.frozensets(_one_of("bands", "quota", "cap", "guarantee"))),
        **given,
    )


def _multiplying(curve: Curve) -> Curve:
    """The ends of a curve, with bands of a rate that multiplies."""
    bands = [Band(up_to=band.up_to, rate=Rate(2 + place, 2)) for place, band in enumerate(curve.bands)]
    return attrs.evolve(curve, bands=tuple(bands))


def _clawbacks() -> Strategy[Clawback]:
    days = st.none() | st.integers(0, 200)
    others = st.builds(Clawback, basis=_one_of(Basis.ORIGINAL_RATE, Basis.PROPORTIONAL), within_days=days)
    return others | st.builds(Clawback, within_days=days, may_exceed_sale=st.booleans())


def plans(looking_back: bool = True) -> Strategy[Plan]:
    """Plans of one or two components that a sale counts for in full."""
    facts = FactSchema("sale", (FactField("order", Kind.CODE),))
    both = st.tuples(components("first", looking_back), components("second", looking_back))
    return (st.tuples(components("first", looking_back)) | both).map(
        lambda found: Plan(name=PLAN, components=found, facts=facts)
    )


@st.composite
def histories(draw: st.DrawFn, most: int = 5) -> tuple[Transaction, ...]:
    """Sales of one partner on few days, so that days are shared, each with up to two refunds of a part of it."""
    facts = FactSchema("sale", (FactField("order", Kind.CODE),))
    found: list[Transaction] = []
    for place in range(draw(st.integers(1, most))):
        order = FactSheet.of(facts, {"order": draw(_one_of("17", "18"))})
        sizes = [draw(st.integers(0, 1_500)) for _ in range(3)]
        sold = draw(st.integers(0, len(DAYS) - 1))
        found.append(_transaction(f"s{place}", sizes, draw(st.integers(0, 12)), DAYS[sold], facts=order))
        for back in range(draw(_one_of(0, 0, 1, 2))):
            part = Fraction(draw(st.integers(0, 4)), 4)
            less = [-int(part * size) for size in sizes]
            on = DAYS[draw(st.integers(sold, len(DAYS) - 1))]
            units = -int(part * (found[-1 - back].units or 0))
            found.append(_transaction(f"s{place}r{back}", less, units, on, returns=f"s{place}"))
    return tuple(found)


def _transaction(name: str, sizes: list[int], units: int, on: datetime.date, **said: Any) -> Transaction:
    gross, net, cost = (Money("EUR", size) for size in sizes)
    return Transaction(
        id=name, parties={"partner": "acme"}, days={Day.INVOICED: on}, gross=gross, net=net, cost=cost,
        units=Fraction(units), **said,
    )  # fmt: skip


def with_incentives(program: Program) -> Strategy[Program]:
    """The program with a source of deals, and plans that are paid from it."""
    fields = {
        "deal_list": FieldDocument(kind=Kind.MONEY, currency="EUR"),
        "deal_net": FieldDocument(kind=Kind.MONEY, currency="EUR"),
        "deal_cost": FieldDocument(kind=Kind.MONEY, currency="EUR"),
        "deal_units": FieldDocument(kind=Kind.COUNT),
        "order": FieldDocument(kind=Kind.CODE),
    }
    known = tuple(FactField(name, one.kind, currency=one.currency) for name, one in fields.items())
    given = tuple(one for one in program.given if one.name not in fields)
    facts = transaction_facts(known, given)
    source = Source("deals", FactSchema("rows of deals", known))

    def whole(found: Incentives) -> Program:
        return attrs.evolve(
            program,
            given=given,
            sources={**program.sources, "deals": SourceDocument(fields=fields)},
            registry=MetricRegistry((*program.registry.sources, source), program.registry.metrics),
            incentives=attrs.evolve(
                found,
                plans=tuple(
                    attrs.evolve(plan, name=f"{program.full_name}/rebate", facts=facts)
                    for plan in found.plans
                ),
            ),
        )

    return incentives().map(whole)


def incentives() -> Strategy[Incentives]:
    return st.builds(
        Incentives,
        plans=plans().map(lambda plan: (plan,)),
        reading=readings(),
        books=_one_of("month", "quarter"),
        grace_days=st.none() | st.integers(0, 60),
        exchange=exchange_policies(),
    )


def readings() -> Strategy[Reading]:
    return st.builds(
        Reading,
        source=st.just("deals"),
        id=_one_of((), ("order",)),
        gross=_one_of("deal_list"),
        net=_one_of("deal_net"),
        cost=_one_of("deal_cost"),
        units=_one_of("deal_units"),
    )


def exchange_policies() -> Strategy[ExchangePolicy]:
    return st.builds(
        ExchangePolicy, last_within_days=st.integers(0, 9), inverse=st.booleans(), pivot=_one_of(None, "EUR")
    )


def in_force(plan: Plan) -> Dated[Plan]:
    return Dated(((YEAR, plan),))


def postings() -> Strategy[Posting]:
    """What drawn plans post of drawn sales."""
    around = Circumstances(quotas=QUOTAS)
    return st.builds(
        lambda plan, history: post(in_force(plan), history, Ledger(), known=LATER, circumstances=around),
        plans(), histories(),
    )  # fmt: skip


def _costs() -> Strategy[Cost]:
    """One drawn plan against another, on the same drawn sales."""
    around = Circumstances(quotas=QUOTAS)
    return st.builds(
        lambda before, after, history: cost(in_force(before), in_force(after), history, known=LATER, circumstances=around),
        plans(), plans(), histories(),
    )  # fmt: skip


def _points() -> Strategy[Point]:
    return components().flatmap(lambda one: st.sampled_from(payout_curve(one, quota=1_000, baseline=1_000)))


def _entries() -> Strategy[Entry]:
    return postings().filter(lambda found: bool(found.entries)).map(lambda found: found.entries[0])


def _earnings() -> Strategy[Earning]:
    found: Strategy[Any] = _entries().map(lambda entry: entry.earning)
    return found.filter(lambda one: one is not None and bool(one.shares))


def _entitlements() -> Strategy[Entitlement]:
    return st.builds(
        lambda component, earning: ComponentPolicy(component, "a/1/b/c").entitlement(earning),
        components(),
        _earnings(),
    )


def _book_periods() -> Strategy[BookPeriod]:
    quarter = st.sampled_from(DAYS).map(FiscalCalendar().quarter)
    return quarter.flatmap(
        lambda period: st.builds(
            BookPeriod, books=st.just("reseller"), name=st.just(period.name), range=st.just(period.range),
            state=st.sampled_from(PeriodState),
        )
    )  # fmt: skip


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    Band: lambda: curves().map(lambda curve: curve.bands[0]),
    BookPeriod: _book_periods,
    Bookkeeping: lambda: st.builds(
        Bookkeeping, kind=_one_of("month", "quarter"),
        moved=st.lists(_book_periods(), max_size=2).map(lambda found: {one.name: one for one in found}),
    ),
    Circumstances: lambda: st.builds(
        Circumstances, quotas=_one_of((), QUOTAS), active=_one_of({}, {"acme": YEAR}), known_from=st.none() | st.sampled_from(DAYS)
    ),
    Clawback: _clawbacks,
    Component: components,
    ComponentPolicy: lambda: components().map(lambda one: ComponentPolicy(one, f"{PLAN}/{one.name}")),
    Cost: _costs,
    CostRow: lambda: _costs().filter(lambda found: bool(found.rows)).map(lambda found: found.rows[0]),
    Curve: curves,
    Earned: lambda: postings().map(lambda one: Earned(one.entries, one.uncounted, one.held)),
    Earning: _earnings,
    Entitlement: _entitlements,
    Entry: _entries,
    ExchangePolicy: exchange_policies,
    Incentives: incentives,
    Line: lambda: _entries().map(lambda entry: entry.lines).filter(bool).map(lambda lines: lines[0]),
    Package: lambda: st.builds(Package, size=st.fractions(Fraction(1, 9), 9), started=st.booleans()),
    Plan: plans,
    Point: _points,
    Posting: postings,
    Quota: lambda: st.sampled_from(QUOTAS) | st.builds(Quota, payee=_one_of("acme"), period=_one_of("FY2026"), amount=st.fractions(1, 9)),
    Reading: readings,
    Share: lambda: _earnings().map(lambda earning: earning.shares[0]),
    Slice: lambda: curves().map(lambda curve: curve.slices(700)).filter(bool).map(lambda found: found[0]),
    Target: lambda: st.builds(Target, attainment=_one_of(Rate(1, 3), Rate(1)), missed=st.sampled_from(Missed)),
    Transaction: lambda: histories().map(lambda found: found[-1]),
    Uncounted: lambda: st.builds(Uncounted, _one_of("s0"), st.sampled_from(Why), _one_of("", f"{PLAN}/it")),
}  # fmt: skip
