"""Laws of incentives: whatever the plan, the sales, their order and the batches they come in."""

import datetime
import json
import pickle
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction as F
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from prmcore.decisions import ReplayDiffers, recorded, replayed
from prmcore.incentives.ledger.credit import Uncounted, Why
from prmcore.incentives.ledger.model import Bookkeeping, BookPeriod, Entry, Ledger
from prmcore.incentives.ledger.posting import Circumstances, Posting, Quota, post, replayed_entry
from prmcore.incentives.plans.curve import Band, Boundary, Curve, Mode, Rounding, Slice
from prmcore.incentives.plans.facts import Base, Day, Earning, Share, Transaction
from prmcore.incentives.plans.model import Basis, Clawback, Component, Package, Plan, Target
from prmcore.incentives.plans.policy import ComponentPolicy, Entitlement, Line, LineKind
from prmcore.incentives.plans.splits import Split
from prmcore.testing import strategies
from prmcore.testing._incentives import LATER, QUOTAS, STRATEGIES, in_force
from prmcore.values import ExchangeRates, Money, Rate
from prmcore.values.wire import from_plain, to_plain

AROUND = Circumstances(quotas=QUOTAS)
START = datetime.date(2026, 9, 1)  # after every day that is drawn
MOST = 10**17  # minor units of an amount


# an interpreter of its own: a loop over tiers, in fractions


def entered(curve: Curve, place: int, quantity: F) -> bool:
    """Whether a quantity reaches a band."""
    if place == 0:
        return quantity > 0 or (quantity == 0 and curve.flat_at_zero)
    below = end_of(curve.bands[place - 1])
    return quantity > below if curve.boundary is Boundary.UPPER_INCLUSIVE else quantity >= below


def end_of(band: Band) -> F:
    assert band.up_to is not None
    if isinstance(band.up_to, Money):
        return F(band.up_to.minor)
    return band.up_to.fraction if isinstance(band.up_to, Rate) else F(band.up_to)


def rate_of(band: Band) -> F:
    if band.each is not None:
        return F(band.each.minor)
    return band.rate.fraction if band.rate is not None else F(0)


def naive(curve: Curve, quantity: F) -> F:
    """What the words of each mode say, for a quantity that is itself paid for."""
    reached = [place for place in range(len(curve.bands)) if place == 0 or entered(curve, place, quantity)]
    bands, last = [curve.bands[place] for place in reached], curve.bands[reached[-1]]
    total = F(0)
    if curve.mode is Mode.WHOLE:
        total = rate_of(last) * quantity
    elif curve.mode is Mode.TOTAL:
        total = sum((rate_of(band) * quantity for band in bands), F(0))
    elif curve.mode is Mode.ROLLING:
        total = sum((rate_of(band) * end_of(band) for band in bands[:-1]), F(0)) + rate_of(last) * quantity
    elif curve.mode is Mode.MARGINAL:
        below = F(0)
        for band in bands[:-1]:
            total += rate_of(band) * (end_of(band) - below)
            below = end_of(band)
        total += rate_of(last) * (quantity - below)
    else:
        total = interpolated(curve, quantity)
    flats = [last] if curve.mode is Mode.WHOLE else bands
    if entered(curve, 0, quantity):
        total += sum(band.flat.minor for band in flats if band.flat is not None)
    return total


def interpolated(curve: Curve, quantity: F) -> F:
    """Between the two points around the quantity; beyond the last one as it was there, or by the rate of what is more."""
    by_rate = curve.bands[0].rate is not None
    points = [(F(0), F(0))]
    for band in curve.bands[:-1]:
        value = rate_of(band) if by_rate else F(band.pays.minor if band.pays is not None else points[-1][1])
        points.append((end_of(band), value))
    last = curve.bands[-1]
    if len(points) == 1 or entered(curve, len(points) - 1, quantity):
        if by_rate:
            return (rate_of(last) if last.rate is not None else points[-1][1]) * quantity
        return points[-1][1] + rate_of(last) * (quantity - points[-1][0])
    (x0, y0), (x1, y1) = next((a, b) for a, b in pairwise(points) if quantity <= b[0])
    if by_rate and quantity < 0:
        return F(0)
    value = y0 + (y1 - y0) * (quantity - x0) / (x1 - x0)
    return value * quantity if by_rate else value


def rounded(exact: F, rounding: Rounding) -> int:
    if rounding is Rounding.HALF_EVEN:
        return round(exact)  # of a fraction: half to even
    size = abs(exact) + (F(1, 2) if rounding is Rounding.HALF_UP else 0)
    return (1 if exact >= 0 else -1) * (size.numerator // size.denominator)


quantities = st.integers(-300, 2_500) | st.integers(-MOST, MOST)
any_curves = st.one_of(
    strategies.curves(),
    strategies.curves(each=True, chosen_in=F),
    strategies.curves(modes=(Mode.MARGINAL,)).map(lambda curve: curve.scaled(F(1, 3))),
)


@settings(max_examples=100)
@given(any_curves, st.lists(quantities, min_size=1, max_size=6), st.sampled_from(Rounding))
def test_what_is_compiled_agrees_with_a_loop_over_tiers_up_to_ten_to_the_seventeen(
    curve: Curve, sizes: list[int], rounding: Rounding
) -> None:
    increments = curve.compiled(rounding)(sizes)
    totals = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    assert [sum(increments[: place + 1]) for place in range(len(sizes))] == [
        rounded(naive(curve, F(total)), rounding) for total in totals
    ]
    assert all(type(one) is int for one in increments)


@settings(max_examples=60)
@given(any_curves, quantities, st.none() | quantities)
def test_the_slices_add_up_to_the_amount_in_every_mode(curve: Curve, quantity: int, pay: int | None) -> None:
    assert sum(one.amount for one in curve.slices(quantity, pay)) == curve.amount(quantity, pay)
    if pay is None:
        assert curve.amount(quantity) == naive(curve, F(quantity))


@given(st.sampled_from(Rounding), st.fractions(-9, 9, max_denominator=8))
def test_every_rounding_of_a_refund_is_the_mirror_of_its_sale(rounding: Rounding, exact: F) -> None:
    assert rounding.whole(-exact) == -rounding.whole(exact) == -rounded(exact, rounding)


percent_only = strategies.curves(modes=(Mode.MARGINAL,)).map(
    lambda curve: attrs.evolve(curve, bands=tuple(attrs.evolve(band, flat=None) for band in curve.bands))
)


@settings(max_examples=50)
@given(percent_only, st.integers(-300, 2_500))
def test_marginal_per_cents_never_jump_and_never_fall(curve: Curve, quantity: int) -> None:
    step = curve.amount(quantity + 1) - curve.amount(quantity)
    assert 0 <= step <= max(band.slope for band in curve.bands)


@settings(max_examples=50)
@given(percent_only, st.integers(-300, 2_500))
def test_marginal_per_cents_do_not_depend_on_the_boundary(curve: Curve, quantity: int) -> None:
    upper, lower = (attrs.evolve(curve, boundary=one) for one in Boundary)
    assert upper.amount(quantity) == lower.amount(quantity)


# posting


def due(ledger: Ledger) -> dict[tuple[str, str], int]:
    """What was posted for each calculation and payee, where it is something."""
    found: dict[tuple[str, str], int] = {}
    for entry in ledger:
        key = entry.calculation, entry.payee
        found[key] = found.get(key, 0) + entry.amount.minor
    return {key: minor for key, minor in found.items() if minor}


def at_once(plan: Plan, history: Iterable[Transaction], **said: Any) -> Ledger:
    posting = post(in_force(plan), history, Ledger(), known=LATER, **({"circumstances": AROUND} | said))
    return Ledger(posting.entries)


def policy_of(plan: Plan, entry: Entry) -> ComponentPolicy:
    return ComponentPolicy(plan.component(entry.component.rpartition("/")[2]), entry.component)


def check_entries(plan: Plan, ledger: Ledger, entries: Iterable[Entry]) -> None:
    """The lines are the amount, and it recomputes to what was posted."""
    for entry in entries:
        assert sum(line.amount for line in entry.lines) == entry.amount.minor
        found = replayed_entry(ledger, entry, policy_of(plan, entry)).amount
        posted = sum(one.amount.minor for one in ledger.of(entry.calculation) if one.number <= entry.number)
        assert found is not None
        assert found.minor == posted


@settings(max_examples=40)
@given(strategies.plans(), strategies.histories(), st.data())
def test_however_the_facts_become_known_what_was_posted_is_what_is_due(
    plan: Plan, history: tuple[Transaction, ...], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(history))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(order)), max_size=3)) | {len(order)})
    settled = data.draw(st.none() | st.just(LATER))
    ledger = Ledger()
    for place, cut in enumerate(cuts):
        said: dict[str, Any] = {
            "known": START + datetime.timedelta(days=place),
            "circumstances": AROUND,
            "settled_through": settled if cut == len(order) else None,
        }
        entries = post(in_force(plan), order[:cut], ledger, **said).entries
        ledger.add(entries)
        check_entries(plan, ledger, entries)
        assert post(in_force(plan), order[:cut], ledger, **said).entries == ()
    assert due(ledger) == due(at_once(plan, history, settled_through=settled))


@settings(max_examples=40)
@given(strategies.plans(looking_back=False), strategies.histories(), st.data())
def test_facts_one_by_one_in_any_order_post_what_is_due_for_all_of_them(
    plan: Plan, history: tuple[Transaction, ...], data: st.DataObject
) -> None:
    """A refund that comes before its sale waits, and is offered again."""
    ledger = Ledger()
    waiting = list(data.draw(st.permutations(history)))
    while waiting:
        one = waiting.pop(0)
        posting = post(in_force(plan), [one], ledger, known=LATER, circumstances=AROUND, whole=False)
        ledger.add(posting.entries)
        check_entries(plan, ledger, posting.entries)
        sale = next(other for other in history if other.id == (one.returns or one.id))
        if any(why.why is Why.NO_SALE for why in posting.uncounted) and sale in waiting:
            waiting.append(one)
    assert due(ledger) == due(at_once(plan, history))


@settings(max_examples=40)
@given(strategies.plans(), strategies.histories(), st.data())
def test_the_order_of_the_facts_changes_nothing(
    plan: Plan, history: tuple[Transaction, ...], data: st.DataObject
) -> None:
    again = data.draw(st.permutations(history))
    assert list(at_once(plan, again)) == list(at_once(plan, history))


@settings(max_examples=40)
@given(strategies.plans(), strategies.histories(), st.data())
def test_what_was_known_on_an_earlier_day_can_be_said_again(
    plan: Plan, history: tuple[Transaction, ...], data: st.DataObject
) -> None:
    """Sales become known on different days, and one of them is restated."""
    on = st.integers(0, 3).map(lambda after: START + datetime.timedelta(days=after))
    facts = [attrs.evolve(one, recorded=data.draw(on)) for one in history]
    first = facts[0]
    facts.append(attrs.evolve(first, recorded=START + datetime.timedelta(days=2), net=Money("EUR", 7)))
    assume(first.returns is None)
    ledger = Ledger()
    for after in range(4):
        known = START + datetime.timedelta(days=after)
        ledger.add(post(in_force(plan), facts, ledger, known=known, circumstances=AROUND).entries)
    for after in range(4):
        known = START + datetime.timedelta(days=after)
        replay = post(in_force(plan), facts, Ledger(), known=known, circumstances=AROUND).entries
        assert due(Ledger(replay)) == due(ledger.as_of(known))


# refunds


def full_refund(sale: Transaction) -> Transaction:
    def minus(amount: Any) -> Any:
        return None if amount is None else -amount

    return attrs.evolve(
        sale, id=f"{sale.id}-back", returns=sale.id, gross=minus(sale.gross), net=minus(sale.net), cost=minus(sale.cost),
        units=minus(sale.units),
    )  # fmt: skip


def with_basis(component: Component, clawback: Clawback) -> Component:
    """A component that pays nothing for nothing, and by the original rate has no minimum."""
    original = clawback.basis is Basis.ORIGINAL_RATE
    return attrs.evolve(
        component,
        clawback=clawback,
        curve=attrs.evolve(component.curve, flat_at_zero=False),
        minimum=None if original else component.minimum,
    )


def changed(plan: Plan, change: Callable[[Component], Component]) -> Plan:
    return attrs.evolve(plan, components=tuple(change(one) for one in plan.components))


CLAWBACKS = (*(Clawback(basis=basis) for basis in Basis), Clawback(may_exceed_sale=True))


@pytest.mark.parametrize("clawback", CLAWBACKS)
@settings(max_examples=40)
@given(strategies.plans(), strategies.histories())
def test_when_all_is_refunded_nothing_is_left_to_the_unit(
    clawback: Clawback, plan: Plan, history: tuple[Transaction, ...]
) -> None:
    plan = changed(plan, lambda one: with_basis(one, clawback))
    sales = [one for one in history if one.returns is None]
    assert due(at_once(plan, [*sales, *map(full_refund, sales)])) == {}


@settings(max_examples=40)
@given(strategies.plans(), strategies.histories(), st.data())
def test_a_sale_and_its_full_refund_leave_what_was_there_before_when_all_is_rated_anew(
    plan: Plan, history: tuple[Transaction, ...], data: st.DataObject
) -> None:
    plan = changed(plan, lambda one: with_basis(one, Clawback(may_exceed_sale=True)))
    sales = [one for one in history if one.returns is None]
    more = attrs.evolve(data.draw(st.sampled_from(sales)), id="more")
    assert due(at_once(plan, [*history, more, full_refund(more)])) == due(at_once(plan, history))


@settings(max_examples=40)
@given(percent_only, strategies.histories(), st.data())
def test_by_default_too_a_sale_and_its_full_refund_leave_what_was_there_in_marginal_bands(
    curve: Curve, history: tuple[Transaction, ...], data: st.DataObject
) -> None:
    plan = Plan(name="reseller/2026/rebate", components=(Component(name="it", unit="EUR", curve=curve),))
    sales = [one for one in history if one.returns is None]
    more = attrs.evolve(data.draw(st.sampled_from(sales)), id="more")
    assert due(at_once(plan, [*history, more, full_refund(more)])) == due(at_once(plan, history))


@settings(max_examples=40)
@given(strategies.plans(), strategies.histories())
def test_the_limit_only_ever_leaves_more(plan: Plan, history: tuple[Transaction, ...]) -> None:
    def paid_by(clawback: Clawback) -> dict[tuple[str, str], int]:
        bare = changed(
            plan, lambda one: attrs.evolve(one, clawback=clawback, guarantee=None, carry_over=False)
        )
        return due(at_once(bare, history))

    limited, anew = paid_by(Clawback()), paid_by(Clawback(may_exceed_sale=True))
    assert all(limited.get(key, 0) >= anew.get(key, 0) for key in {*limited, *anew})


@settings(max_examples=40)
@given(strategies.plans(looking_back=False), strategies.histories())
def test_the_cap_and_the_guarantee_bound_what_is_paid(plan: Plan, history: tuple[Transaction, ...]) -> None:
    plan = changed(plan, lambda one: attrs.evolve(one, prorate=frozenset()))
    found = due(at_once(plan, history, settled_through=LATER))
    for (key, _), minor in found.items():
        component = plan.component(key.split("|")[1].rpartition("/")[2])
        assert component.cap is None or minor <= component.cap.minor
        assert component.guarantee is None or minor >= component.guarantee.minor


# splits and currencies


@settings(max_examples=40)
@given(percent_only, strategies.histories(), st.integers(2, 7))
def test_shares_of_the_credit_make_the_whole_exactly(
    curve: Curve, history: tuple[Transaction, ...], several: int
) -> None:
    """Of one rate; where there are bands, each payee has its own."""
    flat = attrs.evolve(curve, bands=curve.bands[-1:])
    plan = Plan(name="reseller/2026/rebate", components=(Component(name="it", unit="EUR", curve=flat),))
    credits = {f"p{place}": F(1, several) for place in range(several)}
    shared = at_once(plan, [attrs.evolve(one, credits=credits) for one in history])

    def exact(ledger: Ledger) -> F:
        return sum(
            (line.amount for one in ledger for line in one.lines if line.what is not LineKind.ROUNDING), F(0)
        )

    assert exact(shared) == exact(at_once(plan, history))
    for period in {one.period for one in shared}:
        assert len({one.amount for one in shared if one.period == period}) == 1


@settings(max_examples=40)
@given(strategies.plans(looking_back=False), strategies.histories(), st.integers(2, 7))
def test_shares_of_the_payout_make_the_whole_to_the_unit_and_mirror_when_it_is_taken_back(
    plan: Plan, history: tuple[Transaction, ...], several: int
) -> None:
    split = Split(shares={f"p{place}": F(1, several) for place in range(several)})
    plan = changed(plan, lambda one: with_basis(one, one.clawback))
    shared = changed(plan, lambda one: attrs.evolve(one, split=split))
    ledger = at_once(shared, history)
    found: dict[str, int] = {}
    for (calculation, _), minor in due(ledger).items():
        found[calculation] = found.get(calculation, 0) + minor
    whole = {calculation: minor for (calculation, _), minor in due(at_once(plan, history)).items()}
    assert {key: minor for key, minor in found.items() if minor} == whole
    ledger.add(post(in_force(shared), [], ledger, known=LATER, circumstances=AROUND).entries)
    assert due(ledger) == {}


@settings(max_examples=40)
@given(
    st.fractions(F(1, 100), 200),
    st.fractions(F(1, 100), 200),
    st.integers(1, MOST),
    st.sampled_from(("JPY", "USD", "BHD", "CLF")),
)
def test_a_refund_at_the_rate_of_its_sale_leaves_nothing(then: F, later: F, size: int, currency: str) -> None:
    sold, back = datetime.date(2026, 2, 10), datetime.date(2026, 8, 8)
    rates = ExchangeRates.of("drawn/1", {(currency, "EUR"): {sold: then, back: later}})
    component = Component(name="it", unit="EUR", curve=Curve((Band(rate=Rate(1, 7)),)))
    plan = Plan(name="reseller/2026/rebate", components=(component,))
    sale = Transaction(
        id="s", parties={"partner": "acme"}, days={Day.INVOICED: sold}, net=Money(currency, size)
    )
    refund = attrs.evolve(full_refund(sale), days={Day.INVOICED: back})
    around = Circumstances(exchange=rates)
    (entry,) = at_once(plan, [sale], circumstances=around)
    digits = {"JPY": 0, "USD": 2, "BHD": 3, "CLF": 4}[currency]
    assert entry.amount.minor == round(F(size, 10**digits) * then * 100 / 7)
    assert due(at_once(plan, [sale, refund], circumstances=around)) == {}


@settings(max_examples=40)
@given(
    st.sampled_from([one for one in Base if one is not Base.UNITS]),
    st.integers(-MOST, MOST),
    st.lists(
        st.tuples(st.integers(1, MOST), st.integers(0, 1_000)), max_size=4, unique_by=lambda pair: pair[0]
    ),
)
def test_a_policy_is_exact_up_to_ten_to_the_seventeen(
    base: Base, size: int, steps: list[tuple[int, int]]
) -> None:
    """Per mille of money, in a loop of decimals that has digits to spare."""
    assume(base is Base.MARGIN or size >= 0)
    ends = sorted(steps)
    bands = (
        *(Band(up_to=Money("EUR", end), rate=Rate(mille, 1000)) for end, mille in ends),
        Band(rate=Rate(7, 1000)),
    )
    share = Share(transaction="s", day=START, quantity=F(size), pay=F(size))
    component = Component(name="it", unit="EUR", base=base, curve=Curve(bands))
    found = ComponentPolicy(component, "a/1/b/c").entitlement(
        Earning(payee="acme", period="p", shares=(share,))
    )
    total, below = 0, 0
    for end, mille in [*ends, (max(size, MOST + 1), 7)]:
        total += mille * (min(size, end) - below if size > below or below == 0 else 0)
        below = end
    assert found.amount == Money(
        "EUR", int((Decimal(total) / 1000).quantize(Decimal(1), rounding="ROUND_HALF_EVEN"))
    )


# records

KEPT = (
    BookPeriod, Bookkeeping, Circumstances, Clawback, Earning, Entitlement, Entry, Line, Package, Posting, Quota, Share, Slice,
    Target, Transaction, Uncounted,
)  # fmt: skip


@pytest.mark.parametrize("record", KEPT)
@settings(max_examples=6)
@given(data=st.data())
def test_what_incentives_keep_goes_through_plain_values_without_loss(
    record: type, data: st.DataObject
) -> None:
    drawn: Any = data.draw(strategies.of(record))
    plain = to_plain(drawn)
    assert from_plain(plain, record) == drawn
    assert not list(floats(plain))


@pytest.mark.parametrize("record", list(STRATEGIES))
@settings(max_examples=4)
@given(data=st.data())
def test_every_record_of_incentives_pickles_and_holds_no_float(record: type, data: st.DataObject) -> None:
    drawn: Any = data.draw(strategies.of(record))
    assert pickle.loads(pickle.dumps(drawn)) == drawn
    assert not list(floats(drawn))


def floats(found: Any) -> Iterable[float]:
    """Every float inside a record, however deep."""
    if isinstance(found, float):
        yield found
    elif attrs.has(type(found)):
        for field in attrs.fields(type(found)):
            yield from floats(getattr(found, field.name))
    elif isinstance(found, Mapping):
        for key, value in found.items():
            yield from floats(key)
            yield from floats(value)
    elif isinstance(found, tuple | list | frozenset):
        for one in found:
            yield from floats(one)


def test_the_search_for_floats_finds_one() -> None:
    assert list(floats(({"a": (Rate(1), [0.5])},))) == [0.5]


# recorded and replayed


@given(strategies.of(ComponentPolicy), st.data())
def test_a_decision_on_incentives_is_recorded_and_replayed_to_the_same_answer(
    policy: ComponentPolicy, data: st.DataObject
) -> None:
    decision = policy.decide(data.draw(strategies.of(Earning)), datetime.date(2026, 12, 31))
    record = json.loads(json.dumps(recorded(decision)))
    again = replayed(record, [policy])
    assert (again.outcome, again.facts) == (decision.outcome, decision.facts)


def test_a_decision_that_comes_out_differently_under_a_changed_plan_is_refused() -> None:
    """By hand: 10 % of 9.99 is 1.00; at 20 % the same plan would say 2.00."""
    ten, twenty = (
        ComponentPolicy(
            Component(name="it", unit="EUR", curve=Curve((Band(rate=Rate.percent(rate)),))),
            "acme/1/rebate/it",
        )
        for rate in (10, 20)
    )
    sale = Share(transaction="a", day=datetime.date(2026, 1, 1), quantity=F(999), pay=F(999))
    decision = ten.decide(Earning(payee="p", period="FY2026-Q1", shares=(sale,)), datetime.date(2026, 3, 31))
    assert decision.outcome.amount == Money.of("1.00", "EUR")
    with pytest.raises(ReplayDiffers, match="acme/1/rebate/it"):
        replayed(recorded(decision), [twenty])
