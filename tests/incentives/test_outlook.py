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
from prmcore.incentives.ledger.model import Bookkeeping, Ledger
from prmcore.incentives.ledger.posting import Circumstances, Quota
from prmcore.incentives.outlook import Cost, CostRow, Point, compared, cost, payout_curve
from prmcore.incentives.plans.curve import Band, Boundary, Curve, Mode
from prmcore.incentives.plans.facts import Base, Day, Earning, Share, Transaction
from prmcore.incentives.plans.model import Accumulate, By, Component, Missed, Package, Plan, Target
from prmcore.incentives.plans.policy import ComponentPolicy, LineKind
from prmcore.testing import strategies
from prmcore.values import Dated, FiscalCalendar, Money, Rate

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


# where a curve ends, jumps, bends and steps


def jump(boundary: Boundary) -> Component:
    return component(curve(("1000", "10"), (None, "5"), mode=Mode.WHOLE, boundary=boundary))


TENTH, TWENTIETH = Fraction(1, 10), Fraction(1, 20)


def point(quantity: str, amount: str, rate: Fraction | int | None, band: int, reached: bool = True) -> Point:
    return Point(
        Fraction(eur(quantity).minor),
        Fraction(eur(amount).minor),
        None if rate is None else Fraction(rate),
        band,
        reached,
    )


@pytest.mark.parametrize(
    ("boundary", "upto", "points"),
    [
        # up to 1,000.00 the first is paid, and at the next cent the second: the jump goes straight up to it
        (Boundary.UPPER_INCLUSIVE, None, [("1000", "100", 0, 1), ("1000", "50", TWENTIETH, 1, False), ("1500", "75", TWENTIETH, 1)]),
        (Boundary.LOWER_INCLUSIVE, None, [("1000", "100", 0, 1, False), ("1000", "50", TWENTIETH, 1), ("1500", "75", TWENTIETH, 1)]),
        # drawn to the very end of the band
        (Boundary.UPPER_INCLUSIVE, "1000", [("1000", "100", TENTH, 0)]),
        (Boundary.LOWER_INCLUSIVE, "1000", [("1000", "100", 0, 1, False), ("1000", "50", TENTH, 1)]),
        # and to a cent
        (Boundary.UPPER_INCLUSIVE, "0.01", [("0.01", "0", TENTH, 0)]),
    ],
)  # fmt: skip
def test_a_jump_is_drawn_with_its_rates_and_bands(
    boundary: Boundary, upto: str | None, points: list[tuple[Any, ...]]
) -> None:
    found = payout_curve(jump(boundary), None if upto is None else eur(upto))
    first, *rest = found
    assert first == point("0", "0", TENTH, 0)
    if upto == "0.01":  # a tenth of a cent, which is not rounded here
        assert [attrs.evolve(one, amount=Fraction(0)) for one in rest] == [point(*points[0])]
        assert rest[0].amount == TENTH
        return
    assert rest == [point(*one) for one in points]


@pytest.mark.parametrize(
    ("one", "end"),
    [
        (component(curve((None, "10"))), 100_00),  # 100.00 of the currency
        (Component(name="rebate", unit="JPY", curve=curve((None, "10"))), 100),
        (Component(name="miles", unit="points", currency="EUR", curve=curve((None, "10"))), 100_00),
        (component(Curve((Band(each=eur("1")),)), base=Base.UNITS), 100),
        (component(curve(("1000", "10"), (None, "15"))), 1500_00),
        # packages: as many as go half as far again as ten of them, or as the last band; no more than 500
        (component(Curve((Band(each=eur("1")),)), base=Base.UNITS, package=Package(size=Fraction(10))), 150),
        (
            component(
                Curve((Band(up_to=Fraction(20), each=eur("1")), Band(each=eur("2")))),
                base=Base.UNITS,
                package=Package(size=Fraction(10)),
            ),
            300,
        ),
    ],
)
def test_a_curve_goes_on_until_it_shows_what_there_is(one: Component, end: int) -> None:
    assert payout_curve(one)[-1].quantity == end


def test_packages_are_drawn_up_to_500_of_them_and_no_further() -> None:
    """1.00 a unit: both sides of each step, and the beginning; the last one is at the end."""
    one = component(Curve((Band(each=eur("1")),)), base=Base.UNITS, package=Package(size=Fraction(1)))
    found = payout_curve(one, 500)
    assert len(found) == 1001
    assert (found[-1].quantity, found[-1].amount) == (Fraction(500), Fraction(500_00))
    with pytest.raises(InvalidInput, match="there are more than 500 packages up to there"):
        payout_curve(one, 501)


def steps(component: Component, upto: int, **more: Any) -> list[tuple[Any, Any]]:
    return by_unit(payout_curve(component, upto, **more))


DOZENS = component(
    Curve((Band(up_to=Fraction(2), each=eur("5")), Band(each=eur("7"))), Mode.WHOLE),
    base=Base.UNITS,
    package=Package(size=Fraction(12)),
)


def test_bands_of_packages_end_at_so_many_units() -> None:
    """5.00 each for up to two dozen, 7.00 each for three; by attainment of 24 units, 5.00 up to all of it."""
    assert steps(DOZENS, 40) == [(0, 0), (12, 0), (12, 5), (24, 5), (24, 10), (36, 10), (36, 21), (40, 21)]
    quota = curve_of_packages((percent(100), "5"), (None, "7"))
    by_attainment = attrs.evolve(DOZENS, curve=quota, by=By.ATTAINMENT)
    assert steps(by_attainment, 30, quota=20) == [
        (0, 0), (12, 0), (12, 5), (20, 5), (20, 7), (24, 7), (24, 14), (30, 14),
    ]  # fmt: skip


def curve_of_packages(*bands: tuple[Any, str]) -> Curve:
    return Curve(tuple(Band(up_to=end, each=eur(each)) for end, each in bands), Mode.WHOLE)


def test_packages_of_growth_are_counted_from_the_baseline_on() -> None:
    one = component(
        Curve((Band(each=eur("5")),)), base=Base.UNITS, growth=True, package=Package(size=Fraction(10))
    )
    assert steps(one, 15, baseline=0) == [(0, 0), (10, 0), (10, 5), (15, 5)]
    assert steps(one, 30, baseline=5) == [(0, 0), (5, 0), (15, 0), (15, 5), (25, 5), (25, 10), (30, 10)]


def test_packages_are_of_what_is_paid_for_where_something_else_chooses_the_band() -> None:
    """Two units for each euro sold: a package of ten is filled by 5.00. 1.00 each up to 12.00, 2.00 each beyond."""
    made = Curve((Band(up_to=eur("12"), each=eur("1")), Band(each=eur("2"))), Mode.WHOLE)
    one = component(made, base=Base.UNITS, by=By.NET, package=Package(size=Fraction(10)))
    found = payout_curve(one, eur("16"), pay=Fraction(2, 100))
    assert drawn(found) == [
        (0, 0),
        (5, 0),
        (5, 1),
        (10, 1),
        (10, 2),
        (12, 2),
        (12, 4),
        (15, 4),
        (15, 6),
        (16, 6),
    ]
    assert drawn(payout_curve(one, pay=Fraction(2, 100)))[-1] == (
        75,
        30,
    )  # ten packages are 50.00, and half again


def test_what_is_given_away_reaches_bands_and_a_fee_is_due_for_a_sale_only() -> None:
    made = (Band(up_to=Fraction(10), rate=percent(1)), Band(rate=percent(1), flat=eur("5")))
    free = component(Curve(made), by=By.UNITS)
    assert by_unit(payout_curve(free, 20, pay=0)) == [(0, 0), (10, 0), (10, 5), (20, 5)]
    fee = Curve((Band(rate=percent(10), flat=eur("5")),), flat_at_zero=True)
    each = component(fee, accumulate=Accumulate.TRANSACTION)
    assert drawn(payout_curve(each, eur("100"))) == [(0, 0), (0, 5), (100, 15)]


def test_growth_in_per_cent_begins_at_the_baseline() -> None:
    """1 % of all up to 10 % more than 1,000.00, then 2 %; a baseline that was a loss lies before everything."""
    one = component(curve((percent(10), "1"), (None, "2"), mode=Mode.WHOLE), by=By.GROWTH)
    assert drawn(payout_curve(one, eur("2000"), baseline=eur("1000"))) == [
        (0, 0), (1000, 10), (1100, 11), (1100, 22), (2000, 40),
    ]  # fmt: skip
    loss = component(curve(("50", "10"), (None, "20")), growth=True, base=Base.MARGIN)
    assert drawn(payout_curve(loss, baseline=eur("-100"))) == [(0, 15), (100, 35)]


@pytest.mark.parametrize(
    ("by", "known"), [(By.ATTAINMENT, {"quota": 1000_00}), (By.GROWTH, {"baseline": 500_00})]
)
def test_bands_of_attainment_and_growth_are_drawn_whole_in_a_part_of_a_period(
    by: By, known: dict[str, Any]
) -> None:
    """80 % of a quota of 1,000.00 are 800.00, and 80 % more than 500.00 are 900.00, in half a period as well."""
    one = component(
        curve((percent(80), "10"), (None, "20"), mode=Mode.WHOLE), by=by, prorate=frozenset(("bands",))
    )
    ends = {point.quantity for point in payout_curve(one, part=Fraction(1, 2), **known) if not point.reached}
    assert ends == {800_00 if by is By.ATTAINMENT else 900_00}
    halved = attrs.evolve(one, prorate=frozenset(("quota",)))
    ends = {
        point.quantity for point in payout_curve(halved, part=Fraction(1, 2), **known) if not point.reached
    }
    assert ends == {400_00 if by is By.ATTAINMENT else 900_00}
    assert all(
        point.band == int(point.quantity >= max(ends))
        for point in payout_curve(halved, part=Fraction(1, 2), **known)
    )


@pytest.mark.parametrize(
    ("said", "points"),
    [
        # cap and guarantee of half a period, one shrunk and the other not
        ({"cap": eur("50"), "guarantee": eur("20"), "prorate": frozenset(("guarantee",))},
         [(0, 10), (100, 10), (500, 50), (750, 50)]),
        ({"cap": eur("50"), "guarantee": eur("20"), "prorate": frozenset(("cap",))},
         [(0, 20), (200, 20), (250, 25), (375, 25)]),
        ({"guarantee": eur("20"), "carry_over": True}, [(0, 20), (200, 20), (300, 30)]),
        # a minimum is of the sale, before the attainment of 1,000.00 makes half or all of it
        ({"minimum": eur("5"), "accumulate": Accumulate.TRANSACTION,
          "accelerator": Curve((Band(up_to=percent(100), rate=percent(50)), Band(rate=percent(100))), Mode.WHOLE)},
         [(0, 0), (0, Fraction(5, 2)), (50, Fraction(5, 2)), (1000, 50), (1000, 100), (1500, 150)]),
        # at most 15.00 a sale, of which half is within the cap of 10.00, and all of it is not
        ({"maximum": eur("15"), "cap": eur("10"), "accumulate": Accumulate.TRANSACTION,
          "accelerator": Curve((Band(up_to=percent(100), rate=percent(50)), Band(rate=percent(100))), Mode.WHOLE)},
         [(0, 0), (150, Fraction(15, 2)), (1000, Fraction(15, 2)), (1000, 10), (1500, 10)]),
        # at least 5.00 a sale, twice of which is more than the guarantee
        ({"minimum": eur("5"), "guarantee": eur("8"), "accumulate": Accumulate.TRANSACTION,
          "accelerator": Curve((Band(up_to=percent(100), rate=percent(200)), Band(rate=percent(300))), Mode.WHOLE)},
         [(0, 8), (0, 10), (50, 10), (1000, 200), (1000, 300), (1500, 450)]),
        ({"maximum": eur("5"), "accumulate": Accumulate.TRANSACTION, "target": Target(attainment=percent(10))},
         [(0, 0), (50, 0), (100, 0), (100, 5), (150, 5)]),
    ],
)  # fmt: skip
def test_limits_bend_the_curve_where_they_bind(said: dict[str, Any], points: list[tuple[Any, Any]]) -> None:
    """10 % of everything, under a quota of 1,000.00, in half a period."""
    one = component(curve((None, "10")), **said)
    assert drawn(payout_curve(one, quota=eur("1000"), part=Fraction(1, 2))) == points


def test_a_part_that_bends_has_fifteen_points_between_its_ends() -> None:
    target = Target(attainment=percent(100), missed=Missed.PROPORTIONAL)
    found = payout_curve(component(curve((None, "10")), target=target), quota=eur("1600"))
    # the place itself, the fifteen sixteenths between, the target, and half as far again
    assert [point.quantity / 100 for point in found] == [*range(0, 1700, 100), 2400]
    assert [point.amount for point in found[:17]] == [
        Fraction(place**2 * 100**2 * 100, 16_000) for place in range(17)
    ]
    assert [point.rate for point in found] == [*([None] * 16), TENTH, TENTH]
    assert {point.band for point in found} == {0}


@pytest.mark.parametrize("boundary", list(Boundary))
def test_a_part_that_bends_may_jump_at_its_end(boundary: Boundary) -> None:
    """10 % up to 500.00 and 20 % of all beyond, in proportion to 1,000.00: half of 50.00, then half of 100.00."""
    target = Target(attainment=percent(100), missed=Missed.PROPORTIONAL)
    made = curve(("500", "10"), (None, "20"), mode=Mode.WHOLE, boundary=boundary)
    found = payout_curve(component(made, target=target), quota=eur("1000"))
    at_end = [point for point in found if point.quantity == 500_00]
    assert [(point.reached, round(point.amount), point.band) for point in at_end] == (
        [(True, 25_00, 1), (False, 50_00, 1)]
        if boundary is Boundary.UPPER_INCLUSIVE
        else [(False, 25_00, 1), (True, 50_00, 1)]
    )
    between = [(point.quantity, point.band) for point in found if 500_00 < point.quantity < 1000_00]
    assert between == [(500_00 + Fraction(500_00 * place, 16), 1) for place in range(1, 16)]
    assert {point.band for point in found if point.quantity < 500_00} == {0}
    at_target = [point.reached for point in found if point.quantity == 1000_00]
    assert at_target == [True]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"by": By.ATTAINMENT}, "the payout of rebate depends on quota; give it, above zero"),
        ({"by": By.GROWTH, "accelerator": Curve((Band(rate=percent(100)),))},
         "the payout of rebate depends on quota, baseline; give it, above zero"),
    ],
)  # fmt: skip
def test_all_that_a_curve_depends_on_is_named(said: dict[str, Any], message: str) -> None:
    one = component(curve((percent(100), "5"), (None, "10")), **said)
    with pytest.raises(InvalidInput) as caught:
        payout_curve(one)
    assert str(caught.value) == message
    with pytest.raises(InvalidInput, match="found -1; accepted: a quantity above zero"):
        payout_curve(one, -1, quota=1)


# costs


def test_the_fiscal_calendar_of_the_books_is_that_of_both_plans() -> None:
    """A fiscal year from April on: January is in its last quarter."""
    faster = Curve((Band(up_to=percent(100), rate=percent(100)), Band(rate=percent(200))), Mode.WHOLE)
    one = plans(component(curve((None, "10")), accelerator=faster))
    found = cost(one, one, SALES[:1], known=MARCH, books=Bookkeeping(FiscalCalendar(start_month=4)))
    held = (("acme|reseller/2026/rebate/rebate|FY2025-Q4", ("quota",)),)
    assert (found.before.held, found.after.held, found.rows, found.totals) == (held, held, (), ())


def test_what_one_ledger_pays_against_another_is_told_of_all_that_either_knows() -> None:
    """bolt is in the first alone, and dune in the second; each unit is told apart, and a difference may be below zero."""
    flat, points = (
        component(curve((None, "10"))),
        Component(
            name="miles", unit="points", base=Base.UNITS, curve=Curve((Band(each=Money("points", 1)),))
        ),
    )
    before = cost(plans(flat), plans(flat), SALES[1:], known=MARCH).before
    after = cost(plans(points), plans(points), [SALES[1], sale("d", "dune", "10")], known=MARCH).after
    none, nothing = eur("0"), Money("points", 0)
    rows = compared(Ledger(before.entries), Ledger(after.entries))
    assert rows == (
        CostRow(payee="acme", before=eur("120"), after=none),
        CostRow(payee="acme", before=nothing, after=Money("points", 3)),
        CostRow(payee="bolt", before=eur("30"), after=none),
        CostRow(payee="dune", before=nothing, after=Money("points", 3)),
    )
    assert Cost(rows, before, after).totals == (
        CostRow(payee="", before=eur("150"), after=none),
        CostRow(payee="", before=nothing, after=Money("points", 6)),
    )
    assert [row.difference for row in rows[:2]] == [eur("-120"), Money("points", 3)]
    with pytest.raises(TypeError):
        CostRow("acme", eur("1"), eur("2"))  # type: ignore[call-arg]
