"""The outlook of a plan: its payout curve, and what it would have cost on history."""

import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.incentives.curve import Band, Boundary, Curve, Mode
from prmcore.incentives.facts import Base, Day, Earning, Share, Transaction
from prmcore.incentives.model import Accumulate, By, Component, Missed, Package, Plan, Target
from prmcore.incentives.outlook import CostRow, Point, cost, payout_curve
from prmcore.incentives.policy import ComponentPolicy, LineKind
from prmcore.incentives.posting import Circumstances, Quota
from prmcore.testing import strategies
from prmcore.values import Dated, Money, Rate

percent = Rate.percent
JANUARY = datetime.date(2026, 1, 15)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def curve(*bands: tuple[Any, str], mode: Mode = Mode.MARGINAL, **more: Any) -> Curve:
    """Bands by their end (None = open) and their rate in percent."""
    found = tuple(
        Band(up_to=eur(end) if isinstance(end, str) else end, rate=percent(rate)) for end, rate in bands
    )
    return Curve(found, mode, **more)


def component(found: Curve, **more: Any) -> Component:
    return Component(**{"name": "rebate", "unit": "EUR", "curve": found, **more})


def by_unit(points: tuple[Point, ...]) -> list[tuple[Any, Any]]:
    """Quantities in units, and whole amounts in units of the currency."""
    return [(point.quantity, point.amount / 100) for point in points]


def drawn(points: tuple[Point, ...]) -> list[tuple[Fraction | int, Fraction | int]]:
    """Whole amounts and quantities in units of the currency, as a person would write them."""
    return [(point.quantity / 100, point.amount / 100) for point in points]


@pytest.mark.parametrize(
    ("mode", "amount"), [(Mode.MARGINAL, 350), (Mode.WHOLE, 500), (Mode.ROLLING, 600), (Mode.TOTAL, 700)]
)
def test_the_curve_passes_through_the_published_amounts_of_the_four_methods(mode: Mode, amount: int) -> None:
    """Dynamics 365, rebate methods: A 10 % up to 1,000, B 25 % up to 2,500, sales of 2,000 (the domain's example)."""
    found = payout_curve(component(curve(("1000", "10"), (None, "25"), mode=mode)), eur("2000"))
    assert drawn(found)[-1] == (2000, amount)


def test_a_marginal_curve_has_a_point_at_each_end_and_the_rate_from_there_on() -> None:
    """10 % of the first 1,000.00, then 15 %; it goes half as far again as the last end: 100 + 15 % of 500."""
    found = payout_curve(component(curve(("1000", "10"), (None, "15"))))
    assert found == (
        Point(Fraction(0), Fraction(0), Fraction(1, 10), 0),
        Point(Fraction(1000_00), Fraction(100_00), Fraction(15, 100), 1),
        Point(Fraction(1500_00), Fraction(175_00), Fraction(15, 100), 1),
    )


@pytest.mark.parametrize(
    ("boundary", "reached"),
    [(Boundary.UPPER_INCLUSIVE, (True, False)), (Boundary.LOWER_INCLUSIVE, (False, True))],
)
def test_a_jump_has_both_sides_and_says_which_one_is_paid(
    boundary: Boundary, reached: tuple[bool, bool]
) -> None:
    """10 % of 1,000.00 are 100.00, 5 % are 50.00: up to 1,000.00 the first is paid, from 1,000.00 on the second."""
    found = payout_curve(component(curve(("1000", "10"), (None, "5"), mode=Mode.WHOLE, boundary=boundary)))
    assert drawn(found) == [(0, 0), (1000, 100), (1000, 50), (1500, 75)]
    assert tuple(point.reached for point in found[1:3]) == reached


def test_cap_and_guarantee_bend_the_curve_where_they_begin_to_bind() -> None:
    """10 %: the guarantee of 20.00 up to 200.00, the cap of 50.00 from 500.00 on."""
    one = component(curve((None, "10")), cap=eur("50"), guarantee=eur("20"))
    assert drawn(payout_curve(one)) == [(0, 20), (200, 20), (500, 50), (750, 50)]
    assert drawn(payout_curve(one, settled=False)) == [(0, 0), (200, 20), (500, 50), (750, 50)]


def test_minimum_and_maximum_of_a_sale_are_in_the_curve_and_nothing_sold_has_no_minimum() -> None:
    """10 %, at least 5.00, at most 30.00: 5.00 up to 50.00, 30.00 from 300.00 on."""
    one = component(
        curve((None, "10")), minimum=eur("5"), maximum=eur("30"), accumulate=Accumulate.TRANSACTION
    )
    assert drawn(payout_curve(one)) == [(0, 0), (0, 5), (50, 5), (300, 30), (450, 30)]


def test_a_part_of_a_period_shrinks_what_the_component_says() -> None:
    """Half a period: the band ends at 500.00, the cap is 75.00: 50.00 and 15 % of 166.67."""
    one = component(curve(("1000", "10"), (None, "15")), cap=eur("150"), prorate=frozenset(("bands", "cap")))
    found = payout_curve(one, part=Fraction(1, 2))
    assert [point.amount for point in found] == [0, 50_00, 75_00, 75_00]
    assert [point.quantity for point in found[:3]] == [0, 500_00, 500_00 + Fraction(25_00 * 100, 15)]


def test_bands_of_attainment_lie_where_the_quota_puts_them() -> None:
    """5 % up to a quota of 2,000.00, then 10 % of all."""
    one = component(curve((percent(100), "5"), (None, "10"), mode=Mode.WHOLE), by=By.ATTAINMENT)
    assert drawn(payout_curve(one, quota=eur("2000"))) == [(0, 0), (2000, 100), (2000, 200), (3000, 300)]


def test_an_accelerator_multiplies_from_its_attainment_on() -> None:
    """10 %, half as much again above a quota of 1,000.00; the quota is half in half a period."""
    faster = Curve((Band(up_to=percent(100), rate=percent(100)), Band(rate=percent(150))), Mode.WHOLE)
    one = component(curve((None, "10")), accelerator=faster, prorate=frozenset(("quota",)))
    assert drawn(payout_curve(one, quota=eur("1000"))) == [(0, 0), (1000, 100), (1000, 150), (1500, 225)]
    assert drawn(payout_curve(one, quota=eur("1000"), part=Fraction(1, 2)))[1:3] == [(500, 50), (500, 75)]


def test_a_missed_target_pays_nothing_up_to_it_or_in_proportion() -> None:
    """10 % with a target of 1,000.00: nothing, and 100.00 from there on."""
    one = component(curve((None, "10")), target=Target(attainment=percent(50)))
    assert drawn(payout_curve(one, quota=eur("2000"))) == [(0, 0), (1000, 0), (1000, 100), (1500, 150)]


def test_where_the_curve_is_not_straight_points_are_on_it_and_have_no_rate() -> None:
    """In proportion to the target: at half of it half of 10 %, so that 500.00 are paid 25.00; without a jump at the target."""
    target = Target(attainment=percent(100), missed=Missed.PROPORTIONAL)
    one = component(curve((None, "10")), target=target)
    found = payout_curve(one, quota=eur("1000"))
    assert (500, 25) in drawn(found)
    bent = [point for point in found if point.rate is None]
    assert all(point.amount == point.quantity**2 / 10 / 1000_00 for point in bent)
    assert len(bent) > 10
    assert all(point.reached for point in found)
    assert drawn(found)[-2:] == [(1000, 100), (1500, 150)]


def test_growth_is_counted_from_the_baseline_on() -> None:
    """10 % of what is sold beyond 1,000.00, 20 % beyond growth of 500.00."""
    one = component(curve(("500", "10"), (None, "20")), growth=True)
    assert drawn(payout_curve(one, eur("2000"), baseline=eur("1000"))) == [
        (0, 0),
        (1000, 0),
        (1500, 50),
        (2000, 150),
    ]


def test_packages_are_steps() -> None:
    """2.50 for each full dozen: nothing for eleven, 2.50 from twelve on, 5.00 from 24 on."""
    one = component(Curve((Band(each=eur("2.50")),)), base=Base.UNITS, package=Package(size=Fraction(12)))
    found = payout_curve(one, 30)
    assert by_unit(found) == [(0, 0), (12, 0), (12, Fraction(5, 2)), (24, Fraction(5, 2)), (24, 5), (30, 5)]
    assert [point.reached for point in found] == [True, False, True, False, True, True]


def test_packages_are_drawn_half_as_far_again_as_ten_of_them() -> None:
    """1.00 a unit, for full tens: 150 units, in fifteen steps."""
    one = component(Curve((Band(each=eur("1")),)), base=Base.UNITS, package=Package(size=Fraction(10)))
    found = payout_curve(one)
    assert found[-1].quantity == 150
    assert len(found) == 31  # both sides of each of fifteen steps, and the beginning


def test_units_choose_and_value_is_paid_at_a_price() -> None:
    """At 20.00 each: 10 % of 200.00 for ten units, 15 % of all beyond."""
    one = component(curve((Fraction(10), "10"), (None, "15"), mode=Mode.WHOLE), by=By.UNITS)
    found = payout_curve(one, 20, pay=20_00)
    assert by_unit(found) == [(0, 0), (10, 20), (10, 30), (20, 60)]


def test_points_are_paid_for_whole_units_of_the_currency() -> None:
    """A point for each euro: 100.00 are a hundred points."""
    one = Component(name="miles", unit="points", currency="EUR", curve=curve((None, "100")))
    last = payout_curve(one, eur("100"))[-1]
    assert last.quantity == 100_00
    assert last.amount == 100


def test_what_a_curve_depends_on_has_to_be_given() -> None:
    one = component(curve((percent(100), "5"), (None, "10")), by=By.ATTAINMENT)
    with pytest.raises(InvalidInput, match="depends on quota"):
        payout_curve(one)
    with pytest.raises(InvalidInput, match="above zero"):
        payout_curve(component(curve((None, "10"))), 0)
    dozens = component(Curve((Band(each=eur("1")),)), base=Base.UNITS, package=Package(size=Fraction(1)))
    with pytest.raises(InvalidInput, match="packages"):
        payout_curve(dozens, 10**6)
    many = attrs.evolve(dozens, curve=Curve((Band(up_to=Fraction(9000), each=eur("1")), Band(each=eur("2")))))
    assert payout_curve(many)[-1].quantity == 500  # of itself it goes no further


rates = st.integers(0, 100).map(lambda number: percent(str(number)))
amounts = st.none() | st.integers(0, 900_00).map(lambda minor: Money("EUR", minor))


@st.composite
def components(draw: st.DrawFn) -> Component:
    """Bands of money in every mode that pays at rates, with limits, all straight between the places that matter."""
    places = draw(st.lists(st.integers(1, 5_000_00), max_size=3, unique=True).map(sorted))
    flats = st.none() | st.integers(0, 99_00).map(lambda minor: Money("EUR", minor))
    bands = [Band(up_to=Money("EUR", end), rate=draw(rates), flat=draw(flats)) for end in places]
    mode = draw(st.sampled_from([Mode.MARGINAL, Mode.WHOLE, Mode.ROLLING, Mode.TOTAL]))
    made = Curve((*bands, Band(rate=draw(rates), flat=draw(flats))), mode, draw(st.sampled_from(Boundary)))
    low, high = sorted((draw(st.integers(0, 900_00)), draw(st.integers(0, 900_00))))
    one = component(made, accumulate=Accumulate.TRANSACTION, cap=draw(amounts))
    if draw(st.booleans()):
        one = attrs.evolve(one, minimum=Money("EUR", low), maximum=Money("EUR", high))
    return (
        attrs.evolve(one, guarantee=Money("EUR", 10_00)) if one.cap is None and draw(st.booleans()) else one
    )


def exactly(one: Component, quantity: Fraction) -> Fraction:
    """What the policy pays for one sale, before rounding."""
    sale = Share(transaction="a", day=JANUARY, quantity=quantity, pay=quantity, bucket="a")
    earning = Earning(payee="acme", period="Q1", shares=(sale,) if quantity else (), closing=True)
    lines = ComponentPolicy(one, "rebate").entitlement(earning).lines
    return sum((line.amount for line in lines if line.what is not LineKind.ROUNDING), Fraction(0))


@given(components(), st.fractions(0, 1), st.data())
def test_the_curve_is_what_the_policy_pays_at_every_quantity(
    one: Component, along: Fraction, data: st.DataObject
) -> None:
    points = payout_curve(one)
    assert all(point.amount == exactly(one, point.quantity) for point in points if point.reached)
    place = data.draw(st.integers(0, len(points) - 2))
    before, after = points[place], points[place + 1]
    assert before.rate is not None
    if before.quantity == after.quantity:
        return
    between = before.quantity + (after.quantity - before.quantity) * (along * 98 + 1) / 100
    assert exactly(one, between) == before.amount + before.rate * (between - before.quantity)
    assert one.curve.band_of(between) == before.band


def test_rounding_each_sale_by_itself_does_not_make_steps_of_the_curve() -> None:
    """The curve is before rounding; 10 % with a cap of 1.00 are reached at 10.00 either way."""
    one = component(curve((None, "10")), accumulate=Accumulate.TRANSACTION, cap=eur("1"))
    each = attrs.evolve(one, round_each=True)
    assert drawn(payout_curve(each)) == drawn(payout_curve(one)) == [(0, 0), (10, 1), (15, 1)]


@given(components())
def test_the_points_are_in_order_and_each_line_leads_to_the_next_point(one: Component) -> None:
    points = payout_curve(one)
    for before, after in pairwise(points):
        assert before.quantity <= after.quantity
        if before.quantity < after.quantity:
            assert before.rate is not None
            assert after.amount == before.amount + before.rate * (after.quantity - before.quantity)


def sale(name: str, partner: str, amount: str) -> Transaction:
    return Transaction(
        id=name,
        parties={"partner": partner},
        days={Day.INVOICED: JANUARY},
        net=eur(amount),
        units=Fraction(3),
    )


def plans(*components: Component) -> Dated[Plan]:
    return Dated.starting(
        {datetime.date(2026, 1, 1): Plan(name="reseller/2026/rebate", components=components)}
    )


SALES = (sale("a", "acme", "800"), sale("b", "acme", "1200"), sale("c", "bolt", "300"))
MARCH = datetime.date(2026, 3, 31)


def test_the_cost_of_a_plan_is_told_by_payee_and_unit_and_never_summed_across_units() -> None:
    """Before: 10 %. After: 5 % up to 1,000.00, 25 % beyond, and a point a unit.
    acme, 2,000.00: 200.00, then 50 + 250 = 300.00 and 6 points; bolt, 300.00: 30.00, then 15.00 and 3 points."""
    flat = component(curve((None, "10")))
    steep = component(curve(("1000", "5"), (None, "25")))
    points = Component(
        name="miles", unit="points", base=Base.UNITS, curve=Curve((Band(each=Money("points", 1)),))
    )
    found = cost(plans(flat), plans(steep, points), SALES, known=MARCH)
    nothing = Money("points", 0)
    assert found.rows == (
        CostRow(payee="acme", before=eur("200"), after=eur("300")),
        CostRow(payee="acme", before=nothing, after=Money("points", 6)),
        CostRow(payee="bolt", before=eur("30"), after=eur("15")),
        CostRow(payee="bolt", before=nothing, after=Money("points", 3)),
    )
    assert [row.difference for row in found.rows] == [
        eur("100"),
        Money("points", 6),
        eur("-15"),
        Money("points", 3),
    ]
    assert [(row.unit, row.difference) for row in found.totals] == [
        ("EUR", eur("85")),
        ("points", Money("points", 9)),
    ]


def test_a_plan_costs_nothing_against_itself() -> None:
    same = plans(component(curve(("1000", "5"), (None, "25"))))
    assert [row.difference for row in cost(same, same, SALES, known=MARCH).rows] == [eur("0"), eur("0")]


def test_what_a_plan_cannot_calculate_is_not_hidden_in_a_sum() -> None:
    """acme has no quota, so that the accelerator of the new plan waits for it; bolt has reached 300.00 of 200.00."""
    faster = Curve((Band(up_to=percent(100), rate=percent(100)), Band(rate=percent(200))), Mode.WHOLE)
    known = Circumstances(quotas=(Quota(payee="bolt", period="FY2026-Q1", amount=eur("200")),))
    flat = component(curve((None, "10")))
    found = cost(
        plans(flat), plans(attrs.evolve(flat, accelerator=faster)), SALES, known=MARCH, circumstances=known
    )
    assert [(row.payee, row.before, row.after) for row in found.rows] == [
        ("acme", eur("200"), eur("0")),
        ("bolt", eur("30"), eur("60")),
    ]
    assert found.before.held == ()
    assert found.after.held == (("acme|reseller/2026/rebate/rebate|FY2026-Q1", ("quota",)),)


def test_a_guarantee_costs_what_it_tops_up_once_periods_are_settled() -> None:
    """10 % of 300.00 are 30.00, topped up to 50.00; acme earns 200.00 anyway."""
    flat = component(curve((None, "10")))
    guaranteed = attrs.evolve(flat, guarantee=eur("50"))
    open_yet = cost(plans(flat), plans(guaranteed), SALES, known=MARCH)
    settled = cost(plans(flat), plans(guaranteed), SALES, known=MARCH, settled_through=MARCH)
    assert [row.difference for row in open_yet.rows] == [eur("0"), eur("0")]
    assert [row.difference for row in settled.rows] == [eur("0"), eur("20")]


@settings(max_examples=30)  # each asks the policy at every point
@given(strategies.of(Component), st.fractions(Fraction(1, 9), 1, max_denominator=9))
def test_the_curve_of_any_component_is_what_its_policy_pays(one: Component, part: Fraction) -> None:
    """Of every mode, base, limit, target and proration: at each point, and half way to the next one on a straight line.

    Before rounding, that of each sale as well.
    """
    one = attrs.evolve(one, round_each=False)
    around: dict[str, Any] = {"quota": Fraction(1_000), "baseline": Fraction(500), "part": part}
    points = payout_curve(one, **around)

    def amount(quantity: Fraction) -> Fraction:
        sale = Share(
            transaction="a",
            day=JANUARY,
            quantity=quantity,
            pay=quantity,
            bucket="" if one.bucketless else "a",
        )
        earning = Earning(
            payee="acme", period="Q1", shares=(sale,) if quantity else (), closing=True, **around
        )
        lines = ComponentPolicy(one, "drawn").entitlement(earning).lines
        return sum((line.amount for line in lines if line.what is not LineKind.ROUNDING), Fraction(0))

    for before, after in pairwise(points):
        assert not before.reached or before.amount == amount(before.quantity)
        if before.rate is not None and before.quantity < after.quantity:
            middle = (before.quantity + after.quantity) / 2
            assert amount(middle) == before.amount + before.rate * (middle - before.quantity)
