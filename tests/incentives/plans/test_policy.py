"""What a component pays for an earning: every step of the calculation, worked out by hand."""

import datetime
from fractions import Fraction as F
from typing import Any

import attrs
import pytest

from prmcore.decisions import Truth
from prmcore.errors import InvalidInput
from prmcore.incentives.plans.curve import Band, Boundary, Curve, Mode, Rounding
from prmcore.incentives.plans.facts import Base, Earning, Share
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
from prmcore.incentives.plans.policy import ComponentPolicy, Entitlement, LineKind, policies_of
from prmcore.values import Money, Rate, RollingMonths
from prmcore.values.wire import from_plain

SIGN_UP = datetime.date(2026, 1, 1)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def percent(*bands: tuple[str | None, str], **said: Any) -> Curve:
    return Curve(
        tuple(Band(up_to=eur(to) if to else None, rate=Rate.percent(rate)) for to, rate in bands), **said
    )


def attained(*bands: tuple[str | None, str], **said: Any) -> Curve:
    """Bands by attainment or growth."""
    return Curve(
        tuple(Band(up_to=Rate.percent(to) if to else None, rate=Rate.percent(rate)) for to, rate in bands),
        **said,
    )


def sale(name: str, pay: str, on: int = 0, units: int | None = None, **said: Any) -> Share:
    """A share of so many euros, `on` days into the year; with `units`, those choose the band."""
    minor = F(eur(pay).minor)
    quantity = minor if units is None else F(units)
    return Share(
        transaction=name, day=SIGN_UP + datetime.timedelta(days=on), quantity=quantity, pay=minor, **said
    )


def pays(component: Component, *shares: Share, **known: Any) -> Entitlement:
    ordered = tuple(sorted(shares, key=lambda share: (share.day, share.transaction)))
    return ComponentPolicy(component, "reseller/2026/rebate/it").entitlement(
        Earning(payee="acme", period="FY2026-Q1", shares=ordered, **known)
    )


def paid(component: Component, *shares: Share, **known: Any) -> str:
    found = pays(component, *shares, **known)
    assert found.amount is not None, found.unknown
    assert sum(line.amount for line in found.lines) == found.amount.minor
    return str(found.amount.amount)


def it(curve: Curve, **said: Any) -> Component:
    return Component(name="it", unit="EUR", curve=curve, **said)


TEN = percent((None, "10"))
EACH_SALE = {"accumulate": Accumulate.TRANSACTION}


# what is added up before the bands are asked


def test_a_sum_per_bucket_and_a_sum_of_everything_are_rated_differently() -> None:
    """Flexprice: 9 and 15 rated one by one make 2.15, as a sum of 24 it is 1.58.

    0.10 each up to 10, 0.05 up to 20, 0.02 beyond: 0.90 + (1.00 + 0.25) = 2.15; 1.00 + 0.50 + 0.08 = 1.58.
    """
    curve = Curve(
        (Band(up_to=F(10), each=eur("0.10")), Band(up_to=F(20), each=eur("0.05")), Band(each=eur("0.02")))
    )
    nine, fifteen = (
        Share(transaction=name, day=SIGN_UP, quantity=F(units), pay=F(units), bucket=name)
        for name, units in (("nine", 9), ("fifteen", 15))
    )
    bucketed = it(curve, base=Base.UNITS, accumulate=Accumulate.GROUP, group="order")
    assert paid(bucketed, nine, fifteen) == "2.15"
    assert paid(it(curve, base=Base.UNITS), nine, fifteen) == "1.58"


def test_a_rolling_window_chooses_the_band_and_the_period_is_paid() -> None:
    """9,500 in the window before, 1,000 now: 10,500 reaches the 8 % beyond 10,000, so 80; alone it would be 50."""
    curve = percent(("10000", "5"), (None, "8"), mode=Mode.WHOLE)
    rolling = it(curve, accumulate=Accumulate.ROLLING, window=RollingMonths(12))
    assert paid(rolling, sale("a", "1000"), window=F(9500_00)) == "80.00"
    assert paid(rolling, sale("a", "1000")) == "50.00"
    assert pays(rolling, sale("a", "1000"), window=None).unknown == ("window",)


def test_units_choose_the_rate_and_value_is_paid() -> None:
    """12 units worth 600 at the 8 % from 11 units on."""
    curve = Curve((Band(up_to=F(10), rate=Rate.percent(5)), Band(rate=Rate.percent(8))), Mode.WHOLE)
    assert paid(it(curve, by=By.UNITS), sale("a", "600", units=12)) == "48.00"


@pytest.mark.parametrize(
    ("mode", "sold", "expected"),
    [(Mode.MARGINAL, "1200", "130.00"), (Mode.WHOLE, "1200", "180.00"), (Mode.WHOLE, "1000", "100.00")],
)
def test_attainment_of_a_quota_chooses_the_rate(mode: Mode, sold: str, expected: str) -> None:
    """Quota 1,000: 10 % up to it, 15 % beyond; of 1,200 marginally 100 + 30, as a whole 180."""
    curve = attained(("100", "10"), (None, "15"), mode=mode)
    assert paid(it(curve, by=By.ATTAINMENT), sale("a", sold), quota=F(1000_00)) == expected


def test_growth_is_paid_on_what_came_on_top_of_last_year() -> None:
    """Baseline 10,000, now 11,500: 5 % of 1,500 = 75; a year that shrank pays nothing and owes nothing."""
    growth = it(percent((None, "5")), growth=True)
    assert paid(growth, sale("a", "11500"), baseline=F(10_000_00)) == "75.00"
    assert paid(growth, sale("a", "9000"), baseline=F(10_000_00)) == "0.00"
    assert pays(growth, sale("a", "9000")).unknown == ("baseline",)


def test_growth_in_per_cent_chooses_the_rate_for_all_sales() -> None:
    """2 % of everything from 10 % growth on, else 1 %: 11,500 after 10,000 grew by 15 %."""
    curve = attained(("10", "1"), (None, "2"), mode=Mode.WHOLE)
    by_growth = it(curve, by=By.GROWTH)
    assert paid(by_growth, sale("a", "11500"), baseline=F(10_000_00)) == "230.00"
    assert paid(by_growth, sale("a", "10500"), baseline=F(10_000_00)) == "105.00"
    for baseline in (F(0), F(-1), None):  # growth on nothing, or on a loss, is no number
        assert pays(by_growth, sale("a", "1"), baseline=baseline).unknown == ("baseline",)


def test_points_for_growth_are_for_each_unit_of_the_currency() -> None:
    """One point for 10 EUR of growth: 1,500 EUR more than last year make 150 points, however many cents that is."""
    points = Component(name="it", unit="points", currency="EUR", curve=TEN, growth=True)
    share = Share(transaction="a", day=SIGN_UP, quantity=F(11_500_00), pay=F(11_500))
    assert str(pays(points, share, baseline=F(10_000_00)).amount) == "150 points"


@pytest.mark.parametrize(("started", "expected"), [(False, "10.00"), (True, "15.00")])
def test_units_are_paid_by_the_package(started: bool, expected: str) -> None:
    """25 units, 5.00 for each package of 10: two are full, a third is begun."""
    component = it(
        Curve((Band(each=eur("5")),)), base=Base.UNITS, package=Package(size=F(10), started=started)
    )
    assert paid(component, Share(transaction="a", day=SIGN_UP, quantity=F(25), pay=F(25))) == expected


def test_packages_are_counted_of_units_and_not_of_an_attainment() -> None:
    """25 of a quota of 20 units is 125 %: two packages at the 7.00 beyond 100 %."""
    curve = Curve((Band(up_to=Rate.percent(100), each=eur("5")), Band(each=eur("7"))), Mode.WHOLE)
    component = it(curve, base=Base.UNITS, by=By.ATTAINMENT, package=Package(size=F(10)))
    assert (
        paid(component, Share(transaction="a", day=SIGN_UP, quantity=F(25), pay=F(25)), quota=F(20))
        == "14.00"
    )


# what is due for each sale, and its limits


@pytest.mark.parametrize(
    ("sold", "expected"), [("10", "5.00"), ("30", "5.00"), ("100", "12.00"), ("900", "50.00"), ("0", "0.00")]
)
def test_a_sale_has_its_rate_then_the_fixed_part_then_its_limits(sold: str, expected: str) -> None:
    """10 % and 2.00, at least 5.00, at most 50.00; a free sale gets none of them (order as in Lago)."""
    component = it(TEN, fixed=eur("2"), minimum=eur("5"), maximum=eur("50"), **EACH_SALE)
    assert paid(component, sale("a", sold, bucket="a")) == expected


def test_an_item_that_is_given_away_earns_no_fixed_part() -> None:
    curve = Curve((Band(rate=Rate.percent(1)),))
    component = it(curve, by=By.UNITS, fixed=eur("2"), **EACH_SALE)
    assert paid(component, sale("free", "0", units=3, bucket="free")) == "0.00"


def test_limits_for_each_sale_go_with_one_rate_for_all() -> None:
    """Together 1,100 reach 10 %: 100 and 1.00, the second raised to 5.00."""
    component = it(percent(("1000", "5"), (None, "10"), mode=Mode.WHOLE), minimum=eur("5"))
    assert paid(component, sale("a", "1090"), sale("b", "10")) == "114.00"
    assert [
        line.transaction
        for line in pays(component, sale("a", "1090"), sale("b", "10")).lines
        if line.transaction
    ] == ["b"]


# accelerator, target, cap, guarantee


FASTER = attained(("100", "100"), (None, "150"), mode=Mode.WHOLE)


@pytest.mark.parametrize(
    ("sold", "expected"), [("900", "90.00"), ("1000", "100.00"), ("1200", "180.00"), ("0", "0.00")]
)
def test_an_accelerator_multiplies_all_of_it_beyond_the_quota(sold: str, expected: str) -> None:
    """10 %, half as much again once 1,000 is exceeded: 1,200 x 10 % x 150 % = 180."""
    assert paid(it(TEN, accelerator=FASTER), sale("a", sold), quota=F(1000_00)) == expected


def test_a_marginal_accelerator_multiplies_only_what_is_beyond_the_quota() -> None:
    """1,000 x 10 % + 200 x 15 % = 130."""
    curve = attained(("100", "100"), (None, "150"))
    assert paid(it(TEN, accelerator=curve), sale("a", "1200"), quota=F(1000_00)) == "130.00"


@pytest.mark.parametrize(
    ("missed", "expected"),
    [(Missed.NOTHING, "0.00"), (Missed.PROPORTIONAL, "45.00"), (Missed.STILL_PAYS, "60.00")],
)
def test_a_missed_target_costs_what_the_plan_says(missed: Missed, expected: str) -> None:
    """600 of 1,000 where 80 % is asked: three quarters of the target, so three quarters of 60."""
    target = Target(attainment=Rate.percent(80), missed=missed)
    assert paid(it(TEN, target=target), sale("a", "600"), quota=F(1000_00)) == expected
    assert paid(it(TEN, target=target), sale("a", "800"), quota=F(1000_00)) == "80.00"


@pytest.mark.parametrize("quota", [None, F(0), F(-5)])
def test_without_a_quota_nothing_is_paid_and_nothing_is_zero(quota: F | None) -> None:
    found = pays(it(TEN, accelerator=FASTER), sale("a", "600"), quota=quota)
    assert (found.amount, found.unknown, found.lines) == (None, ("quota",), ())


def test_a_cap_is_of_the_cumulative_amount_so_that_a_refund_below_it_may_move_nothing() -> None:
    """OpenMeter: cap 100; 150 posts 100, and when 80 is left it is 80."""
    component = it(percent((None, "100")), cap=eur("100"))
    assert paid(component, sale("a", "150")) == "100.00"
    assert paid(component, sale("a", "150"), sale("r", "-30", returns="a")) == "100.00"
    assert paid(component, sale("a", "150"), sale("r", "-70", returns="a")) == "80.00"


def test_a_guarantee_tops_up_only_when_the_period_is_closed() -> None:
    component = it(TEN, guarantee=eur("100"))
    assert paid(component, sale("a", "600")) == "60.00"
    assert paid(component, sale("a", "600"), closing=True) == "100.00"
    assert paid(component, closing=True) == "100.00"
    assert paid(component, sale("a", "1600"), closing=True) == "160.00"


@pytest.mark.parametrize(("carry_over", "top_ups"), [(True, (0, 3000)), (False, (0, 5000))])
def test_what_was_earned_beyond_a_guarantee_counts_for_the_next_one_where_it_carries_over(
    carry_over: bool, top_ups: tuple[int, int]
) -> None:
    """Published for Dynamics 365: 10,000 a quarter, 12,000 earned, then 5,000."""
    component = it(percent((None, "100")), guarantee=eur("10000"), carry_over=carry_over)
    first = pays(component, sale("a", "12000"), closing=True)
    second = pays(component, sale("b", "5000"), closing=True, carried=first.carries)
    amounts = [
        sum(line.amount for line in one.lines if line.what is LineKind.GUARANTEE) / 100
        for one in (first, second)
    ]
    assert tuple(amounts) == top_ups


def test_a_part_of_a_period_shrinks_what_the_plan_says_it_does() -> None:
    """One of three months: bands end at 1,000, the quota is 1,000, the cap 100, the guarantee 50."""
    part = F(1, 3)
    bands = it(percent(("3000", "10"), (None, "20")), prorate=frozenset({"bands"}))
    assert paid(bands, sale("a", "1500"), part=part) == "200.00"  # 100 + 500 x 20 %
    quota = it(TEN, accelerator=FASTER, prorate=frozenset({"quota"}))
    assert paid(quota, sale("a", "1500"), part=part, quota=F(3000_00)) == "225.00"  # 150 % attained
    cap = it(TEN, cap=eur("300"), prorate=frozenset({"cap"}))
    assert paid(cap, sale("a", "1500"), part=part) == "100.00"
    floor = it(TEN, guarantee=eur("150"), prorate=frozenset({"guarantee"}))
    assert paid(floor, sale("a", "100"), part=part, closing=True) == "50.00"
    for none in (bands, cap, floor):  # what is not prorated stays whole
        whole = Component(
            **{name: getattr(none, name) for name in ("name", "unit", "curve", "cap", "guarantee")}
        )
        assert paid(whole, sale("a", "1500"), part=part) == paid(none, sale("a", "1500"))


def test_a_part_of_nothing_has_no_bands_and_no_quota() -> None:
    for component in (
        it(percent(("3000", "10"), (None, "20")), prorate=frozenset({"bands"})),
        it(TEN, accelerator=FASTER, prorate=frozenset({"quota"})),
    ):
        assert pays(component, sale("a", "1500"), part=F(0), quota=F(1)).unknown == ("part",)


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [(Rounding.HALF_EVEN, "0.02"), (Rounding.HALF_UP, "0.03"), (Rounding.DOWN, "0.02")],
)
def test_the_amount_is_rounded_once_and_says_by_how_much(rounding: Rounding, expected: str) -> None:
    """10 % of 0.25."""
    component = it(TEN, rounding=rounding)
    assert paid(component, sale("a", "0.25")) == expected
    rounded = [
        line.amount for line in pays(component, sale("a", "0.25")).lines if line.what is LineKind.ROUNDING
    ]
    assert rounded == [F(1, 2) if rounding is Rounding.HALF_UP else F(-1, 2)]


def test_three_sales_of_a_third_are_not_rounded_one_by_one() -> None:
    """2.5 % of three times 0.20: 1.5 cents, once rounded 2; each by itself, half-even, would be 0."""
    assert paid(it(percent((None, "2.5"))), *(sale(name, "0.20") for name in "abc")) == "0.02"


# what refunds take back


def clawback(basis: Basis, **said: Any) -> dict[str, Any]:
    return {"clawback": Clawback(basis=basis, **said)}


@pytest.mark.parametrize(
    ("basis", "partly", "fully"),
    [
        (Basis.RERATE, "175.00", "100.00"),
        (Basis.ORIGINAL_RATE, "162.50", "100.00"),
        (Basis.PROPORTIONAL, "162.50", "100.00"),
    ],
)
def test_half_of_the_second_sale_comes_back(basis: Basis, partly: str, fully: str) -> None:
    """10 % up to 1,000, 30 % up to 1,250, 20 % beyond; 1,000 and then 500: 100 + 75 + 50 = 225, of which 125 for the second.

    Half of the second back: re-rated, 1,250 are left, which are 175; by its own rates half of its 125 is taken: 162.50.
    """
    component = it(percent(("1000", "10"), ("1250", "30"), (None, "20")), **clawback(basis))
    a, b = sale("a", "1000"), sale("b", "500", on=9)
    assert paid(component, a, b) == "225.00"
    assert paid(component, a, b, sale("r", "-250", on=20, returns="b")) == partly
    assert paid(component, a, b, sale("r", "-500", on=20, returns="b")) == fully


def test_re_rating_takes_back_more_than_the_sale_brought_only_where_the_plan_says_so() -> None:
    """100,000 at 10 % become 99,000 at 5 %: 5,050 for a refund of 1,000 that had brought 100."""
    cliff = percent(("99999.99", "5"), (None, "10"), mode=Mode.WHOLE)
    shares = sale("a", "99000"), sale("b", "1000", on=9), sale("r", "-1000", on=20, returns="b")
    assert paid(it(cliff), *shares[:2]) == "10000.00"
    assert paid(it(cliff, **clawback(Basis.RERATE, may_exceed_sale=True)), *shares) == "4950.00"
    limited = pays(it(cliff), *shares)
    assert str(limited.amount) == "9900.00 EUR"
    assert [line.amount for line in limited.lines if line.what is LineKind.LIMIT] == [4950_00]


def test_the_limit_is_of_the_part_that_was_returned() -> None:
    """One sale of 100,000 of which 1,000 come back: 100 at its 10 %, and not 5,050."""
    cliff = percent(("99999.99", "5"), (None, "10"), mode=Mode.WHOLE)
    assert paid(it(cliff), sale("a", "100000"), sale("r", "-1000", on=20, returns="a")) == "9900.00"
    assert paid(it(cliff), sale("a", "100000"), sale("r", "-100000", on=20, returns="a")) == "0.00"


@pytest.mark.parametrize(
    ("mode", "anew", "limited"),
    [(Mode.WHOLE, "90.00", "225.00"), (Mode.ROLLING, "90.00", "315.00"), (Mode.TOTAL, "90.00", "315.00")],
)
def test_bands_that_pay_for_everything_stay_reached_when_something_is_returned(
    mode: Mode, anew: str, limited: str
) -> None:
    """10 % up to 1,000 and 25 %: of 2,000 less 1,100, 900 are left: 10 %; at 25 %, or at both, they are 225 or 315."""
    curve = percent(("1000", "10"), (None, "25"), mode=mode)
    shares = sale("a", "2000"), sale("r", "-1100", on=9, returns="a")
    assert paid(it(curve, **clawback(Basis.RERATE, may_exceed_sale=True)), *shares) == anew
    assert paid(it(curve), *shares) == limited


def test_where_each_band_pays_for_what_lies_in_it_nothing_is_limited() -> None:
    """The first of two sales comes back: 700 are left, 70; that it stood in the lower band by its day changes nothing."""
    shares = sale("a", "800"), sale("b", "700", on=3), sale("r", "-800", on=9, returns="a")
    curve = percent(("1000", "10"), (None, "25"))
    assert paid(it(curve), *shares[:2]) == "225.00"
    assert paid(it(curve), *shares) == "70.00"


def test_a_bonus_for_reaching_a_band_comes_back_when_it_is_no_longer_reached() -> None:
    """10 % and 500 on exceeding 1,000: of 1,200 less 300, 900 x 10 %."""
    curve = Curve(
        (Band(up_to=eur("1000"), rate=Rate.percent(10)), Band(rate=Rate.percent(10), flat=eur("500"))),
        Mode.WHOLE,
    )
    assert paid(it(curve), sale("a", "1200")) == "620.00"
    assert paid(it(curve), sale("a", "1200"), sale("r", "-300", on=9, returns="a")) == "90.00"


def test_a_missed_target_that_had_been_met_costs_no_more_than_what_was_returned() -> None:
    """Target 80 % of 1,000, nothing below it: 700 + 100 bring 80; without the 100 it is missed: 70 stay, or nothing."""
    target = Target(attainment=Rate.percent(80))
    shares = sale("a", "700"), sale("b", "100"), sale("r", "-100", on=9, returns="b")
    assert paid(it(TEN, target=target), *shares, quota=F(1000_00)) == "70.00"
    anew = it(TEN, target=target, **clawback(Basis.RERATE, may_exceed_sale=True))
    assert paid(anew, *shares, quota=F(1000_00)) == "0.00"


def test_a_refund_takes_back_no_more_of_the_accelerator_than_its_sale_had_of_it() -> None:
    """Quota 1,000; 900 and 300 at 10 % x 150 % = 180. Without the second, 90 by re-rating; it had brought 45."""
    shares = sale("a", "900"), sale("b", "300", on=9), sale("r", "-300", on=20, returns="b")
    known = {"quota": F(1000_00)}
    assert paid(it(TEN, accelerator=FASTER), *shares[:2], **known) == "180.00"
    anew = clawback(Basis.RERATE, may_exceed_sale=True)
    assert paid(it(TEN, accelerator=FASTER, **anew), *shares, **known) == "90.00"
    for basis in Basis:
        assert paid(it(TEN, accelerator=FASTER, **clawback(basis)), *shares, **known) == "135.00"


@pytest.mark.parametrize(
    ("basis", "left"), [(Basis.RERATE, "0.00"), (Basis.ORIGINAL_RATE, "5.00"), (Basis.PROPORTIONAL, "0.00")]
)
def test_of_a_minimum_the_calculated_part_is_taken_back_by_the_original_rate(basis: Basis, left: str) -> None:
    """Xactly: 5 calculated, 10 paid for the minimum; the clawback is 5, of the calculation and not of the payment."""
    component = it(percent((None, "5")), minimum=eur("10"), **EACH_SALE, **clawback(basis))
    shares = sale("a", "100", bucket="a"), sale("r", "-100", on=9, returns="a", bucket="a")
    assert paid(component, shares[0]) == "10.00"
    assert paid(component, *shares) == left


@pytest.mark.parametrize(
    ("basis", "left"),
    [(Basis.RERATE, "52.50"), (Basis.ORIGINAL_RATE, "27.50"), (Basis.PROPORTIONAL, "27.50")],
)
def test_the_fixed_part_of_a_sale_comes_back_with_it(basis: Basis, left: str) -> None:
    """50.00 for each sale and 5 % of 100: half of it back leaves half of 55, re-rated the sale is still one: 50 + 2.50."""
    component = it(percent((None, "5")), fixed=eur("50"), **EACH_SALE, **clawback(basis))
    a = sale("a", "100", bucket="a")
    assert paid(component, a, sale("r", "-50", on=9, returns="a", bucket="a")) == left
    assert paid(component, a, sale("r", "-100", on=9, returns="a", bucket="a")) == "0.00"


@pytest.mark.parametrize("basis", Basis)
def test_what_was_rounded_sale_by_sale_comes_back_as_it_was(basis: Basis) -> None:
    """0.035 each, half up 0.04: three of them are 0.12, and when all come back nothing of it stays."""
    component = it(TEN, rounding=Rounding.HALF_UP, round_each=True, **EACH_SALE, **clawback(basis))
    sales = [sale(name, "0.35", bucket=name) for name in "abc"]
    back = [sale(f"r{name}", "-0.35", on=9, returns=name, bucket=name) for name in "abc"]
    assert paid(component, *sales) == "0.12"
    assert paid(component, *sales, *back[:1]) == "0.08"
    assert paid(component, *sales, *back) == "0.00"


@pytest.mark.parametrize("basis", Basis)
def test_a_refund_after_the_window_takes_nothing_back(basis: Basis) -> None:
    component = it(TEN, clawback=Clawback(basis=basis, within_days=60))
    a = sale("a", "100")
    assert paid(component, a, sale("r", "-100", on=60, returns="a")) == "0.00"
    assert paid(component, a, sale("r", "-100", on=61, returns="a")) == "10.00"


@pytest.mark.parametrize("basis", Basis)
def test_two_refunds_take_back_no_more_than_the_sale(basis: Basis) -> None:
    component = it(TEN, **clawback(basis))
    back = [sale(name, "-80", on=9, returns="a") for name in ("r", "s")]
    assert paid(component, sale("a", "100"), sale("b", "50"), *back) == "5.00"


@pytest.mark.parametrize("basis", Basis)
def test_a_loss_that_comes_back_gives_back_what_it_had_cost_and_no_more(basis: Basis) -> None:
    """10 % of margins of 100 and -40: 6.00. Half of the loss returned: 8.00; all of it: 10.00."""
    component = it(TEN, base=Base.MARGIN, **clawback(basis))
    a, b = sale("a", "100"), sale("b", "-40", on=1)
    assert paid(component, a, b) == "6.00"
    assert paid(component, a, b, sale("r", "20", on=9, returns="b")) == "8.00"
    assert paid(component, a, b, sale("r", "40", on=9, returns="b")) == "10.00"
    assert paid(component, a, b, sale("r", "90", on=9, returns="b")) == "10.00"


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_parts_that_come_back_with_a_loss_and_a_gain_count_together(order: tuple[int, int]) -> None:
    """Margin 50; -70 and +20 come back on two days: -50 together, whichever comes first."""
    component = it(TEN, base=Base.MARGIN)
    back = sale("r", "-70", on=order[0], returns="a"), sale("s", "20", on=order[1], returns="a")
    assert paid(component, sale("a", "50"), *back) == "0.00"


def test_once_the_cap_is_reached_later_sales_have_nothing_to_give_back() -> None:
    """Cap 100 at 100 %: the first sale was paid 100, the second nothing, by every basis but re-rating."""
    a, b = sale("a", "100"), sale("b", "50", on=9)
    for basis in (Basis.ORIGINAL_RATE, Basis.PROPORTIONAL):
        component = it(percent((None, "100")), cap=eur("100"), **clawback(basis))
        assert paid(component, a, b, sale("r", "-50", on=20, returns="b")) == "100.00"
        assert paid(component, a, b, sale("r", "-100", on=20, returns="a")) == "0.00"
    anew = it(percent((None, "100")), cap=eur("100"), **clawback(Basis.RERATE, may_exceed_sale=True))
    assert paid(anew, a, b, sale("r", "-100", on=20, returns="a")) == "50.00"


@pytest.mark.parametrize("basis", [Basis.ORIGINAL_RATE, Basis.PROPORTIONAL])
def test_a_loss_that_comes_back_does_not_lift_what_is_paid_above_the_cap(basis: Basis) -> None:
    """Margins of -20 and 40 at 50 % are 10, the cap; when the loss comes back it is 20, and still 10 is paid."""
    component = it(percent((None, "50")), base=Base.MARGIN, cap=eur("10"), **clawback(basis))
    shares = sale("a", "-20"), sale("b", "40", on=1)
    assert paid(component, *shares) == "10.00"
    assert paid(component, *shares, sale("r", "20", on=9, returns="a")) == "10.00"


@pytest.mark.parametrize("basis", [Basis.ORIGINAL_RATE, Basis.PROPORTIONAL])
def test_each_sale_was_paid_at_the_rate_that_all_reached_together(basis: Basis) -> None:
    """600 and 700 at 5 % up to 1,000, and 10 % of everything beyond: the first brought 60, with it 70 are left."""
    component = it(percent(("1000", "5"), (None, "10"), mode=Mode.WHOLE), **clawback(basis))
    shares = sale("a", "600"), sale("b", "700", on=1), sale("r", "-600", on=9, returns="a")
    assert paid(component, *shares[:2]) == "130.00"
    assert paid(component, *shares) == "70.00"


def test_packages_at_one_rate_are_shared_out_over_their_sales() -> None:
    """5.00 a full package of 10: 9 units bring none, the next 6 fill one; when those come back, it is taken back."""
    curve = Curve((Band(each=eur("5")),), Mode.WHOLE)
    shares = [
        Share(
            transaction=name,
            day=SIGN_UP + datetime.timedelta(days=day),
            quantity=F(units),
            pay=F(units),
            returns=of,
        )
        for name, day, units, of in (("a", 0, 9, None), ("b", 1, 6, None), ("r", 2, -6, "b"))
    ]
    for basis in Basis:
        component = it(curve, base=Base.UNITS, package=Package(size=F(10)), **clawback(basis))
        assert paid(component, *shares[:2]) == "5.00"
        assert paid(component, *shares) == "0.00"


def test_a_return_without_its_sale_takes_nothing_back() -> None:
    for basis in Basis:
        shares = sale("b", "100"), sale("s", "-10", on=3, returns="b"), sale("r", "-40", on=9, returns="gone")
        assert paid(it(TEN, **clawback(basis)), *shares) == "9.00"


# the decision


def test_a_decision_says_whether_the_target_was_met_and_goes_back_to_its_facts() -> None:
    component = it(TEN, target=Target(attainment=Rate.percent(80)))
    policy = ComponentPolicy(component, "reseller/2026/rebate/it")
    earning = Earning(payee="acme", period="FY2026-Q1", shares=(sale("a", "600"),), quota=F(1000_00))
    decision = policy.decide(earning, datetime.date(2026, 3, 31))
    (reason,) = decision.reasons
    assert (reason.truth.value, reason.observed) == ("unmet", Rate.percent(60))
    assert policy.facts_from(policy.written(decision)["facts"]) == earning
    back = attrs.evolve(earning, shares=(sale("a", "900"), sale("r", "-300", on=9, returns="a")))
    assert policy.decide(back, datetime.date(2026, 3, 31)).reasons[0].observed == Rate.percent(60)
    original = ComponentPolicy(
        attrs.evolve(component, clawback=Clawback(basis=Basis.ORIGINAL_RATE)), "a/1/b/it"
    )
    assert original.decide(back, datetime.date(2026, 3, 31)).reasons[0].observed == Rate.percent(90)
    unknown = policy.decide(Earning(payee="acme", period="FY2026-Q1"), datetime.date(2026, 3, 31))
    assert unknown.reasons[0].truth.value == "unknown"


def test_the_lines_say_how_the_amount_comes_about() -> None:
    """1,200 of a quota of 1,000 at 10 % and 25 %, half as much again, capped at 200."""
    component = it(percent(("1000", "10"), (None, "25")), accelerator=FASTER, cap=eur("200"))
    found = pays(component, sale("a", "1200"), quota=F(1000_00))
    assert [(line.what, line.band, line.amount) for line in found.lines] == [
        (LineKind.BAND, 0, F(100_00)),
        (LineKind.BAND, 1, F(50_00)),
        (LineKind.ACCELERATOR, None, F(75_00)),
        (LineKind.CAP, None, F(-25_00)),
    ]
    assert (found.quantity, found.pay) == (F(1200_00), F(1200_00))


def test_what_a_group_is_raised_by_stands_at_its_first_sale() -> None:
    """20 and 30 in one order are paid 5 by the bands; the order's minimum is 8."""
    grouped = it(TEN, accumulate=Accumulate.GROUP, group="order", minimum=eur("8"))
    found = pays(grouped, sale("a", "20", bucket="o-1"), sale("b", "30", 1, bucket="o-1"))
    assert [(line.what, line.amount, line.transaction) for line in found.lines] == [
        (LineKind.BAND, F(5_00), None),
        (LineKind.MINIMUM, F(3_00), "a"),
    ]


def test_reaching_counts_on_the_boundary_that_the_contract_names() -> None:
    reach = percent(("1000", "5"), (None, "10"), mode=Mode.WHOLE, boundary=Boundary.LOWER_INCLUSIVE)
    assert [paid(it(reach), sale("a", sold)) for sold in ("999.99", "1000")] == ["50.00", "100.00"]


# what every line says


def told(component: Component, *shares: Share, **known: Any) -> list[tuple[Any, ...]]:
    """Each line: what, amount, band, quantity, rate, transaction; in minor units."""
    found = pays(component, *shares, **known).lines
    return [attrs.astuple(line, recurse=False) for line in found]


def test_lines_say_what_is_paid_for_at_which_rate_in_which_band_and_for_which_sale() -> None:
    """10 % up to 1,000 and 25 % with 50 once beyond: of 1,200, with 2.00 for each sale in the second plan."""
    bands = (Band(up_to=eur("1000"), rate=Rate.percent(10)), Band(rate=Rate.percent(25), flat=eur("50")))
    assert told(it(Curve(bands)), sale("a", "1200")) == [
        (LineKind.BAND, 100_00, 0, 1000_00, F(1, 10), None),
        (LineKind.BAND, 50_00, 1, 200_00, F(1, 4), None),
        (LineKind.FLAT, 50_00, 1, 1, None, None),
    ]
    each = it(TEN, fixed=eur("2"), minimum=eur("5"), maximum=eur("50"), **EACH_SALE)
    assert told(each, sale("a", "10", bucket="a"), sale("b", "900", on=1, bucket="b")) == [
        (LineKind.BAND, 1_00, 0, 10_00, F(1, 10), None),
        (LineKind.FIXED, 2_00, None, None, None, "a"),
        (LineKind.MINIMUM, 2_00, None, None, None, "a"),
        (LineKind.BAND, 90_00, 0, 900_00, F(1, 10), None),
        (LineKind.FIXED, 2_00, None, None, None, "b"),
        (LineKind.MAXIMUM, -42_00, None, None, None, "b"),
    ]


def test_what_grows_evenly_is_no_fixed_amount() -> None:
    grows = Curve((Band(up_to=eur("1000"), pays=eur("100")), Band()), Mode.INTERPOLATE)
    assert told(it(grows), sale("a", "500")) == [(LineKind.BAND, 50_00, 0, 500_00, None, None)]


def test_an_accelerator_and_a_target_that_is_missed_say_what_each_of_them_makes() -> None:
    """1,200 of a quota of 1,000 are 150 %: 120 + 60; of a target of 160 % they are three quarters: 180 - 45."""
    target = Target(attainment=Rate.percent(160), missed=Missed.PROPORTIONAL)
    component = it(TEN, accelerator=FASTER, target=target)
    assert told(component, sale("a", "1200"), quota=F(1000_00))[1:] == [
        (LineKind.ACCELERATOR, 60_00, None, None, F(3, 2), None),
        (LineKind.TARGET, -45_00, None, None, F(3, 4), None),
    ]
    assert told(component, sale("a", "1600"), quota=F(1000_00))[1:] == [
        (LineKind.ACCELERATOR, 80_00, None, None, F(3, 2), None)
    ]


@pytest.mark.parametrize("basis", [Basis.ORIGINAL_RATE, Basis.PROPORTIONAL])
def test_what_is_taken_back_names_its_sale_and_how_much_of_it_came_back(basis: Basis) -> None:
    component = it(TEN, **clawback(basis))
    shares = sale("a", "100"), sale("b", "50"), sale("r", "-30", on=9, returns="a")
    assert told(component, *shares)[1:] == [(LineKind.CLAWBACK, -3_00, None, -30_00, None, "a")]
    found = pays(component, *shares)
    assert found.quantity == found.pay == 120_00  # what is left of the sales


@pytest.mark.parametrize(
    ("said", "sold", "kinds"),
    [
        ({"minimum": eur("5"), **EACH_SALE}, "50", [LineKind.BAND]),
        ({"maximum": eur("5"), **EACH_SALE}, "50", [LineKind.BAND]),
        ({"cap": eur("5")}, "50", [LineKind.BAND]),
        ({"guarantee": eur("5")}, "50", [LineKind.BAND]),
        ({"guarantee": eur("5")}, "49.90", [LineKind.BAND, LineKind.GUARANTEE]),
        ({"cap": eur("5")}, "50.10", [LineKind.BAND, LineKind.CAP]),
        ({"minimum": eur("5"), **EACH_SALE}, "49.90", [LineKind.BAND, LineKind.MINIMUM]),
        ({"maximum": eur("5"), **EACH_SALE}, "50.10", [LineKind.BAND, LineKind.MAXIMUM]),
        ({"round_each": True, **EACH_SALE}, "50", [LineKind.BAND]),
        ({"round_each": True, **EACH_SALE}, "50.01", [LineKind.BAND, LineKind.ROUNDING]),
    ],
)
def test_a_limit_that_is_exactly_reached_has_no_line_and_one_that_is_missed_by_a_cent_has(
    said: dict[str, Any], sold: str, kinds: list[LineKind]
) -> None:
    """10 % of 50.00 are 5.00, and 10 % of 49.90 or 50.10 are a cent less or more."""
    found = pays(
        it(TEN, **said),
        sale("a", sold, bucket="a" if EACH_SALE.items() <= said.items() else ""),
        closing=True,
    )
    assert [line.what for line in found.lines] == kinds


def test_what_is_rounded_sale_by_sale_says_of_which() -> None:
    """10 % of 0.35 is 3.5, half up 4 cents; the minimum of 3 cents is whole."""
    component = it(TEN, rounding=Rounding.HALF_UP, round_each=True, **EACH_SALE)
    assert told(component, sale("a", "0.35", bucket="a"))[1:] == [
        (LineKind.ROUNDING, F(1, 2), None, None, None, "a")
    ]


# limits for each sale, packages and rolling windows, each with a refund


def test_a_sale_of_a_cent_has_its_minimum_and_a_loss_has_none() -> None:
    component = it(TEN, base=Base.MARGIN, minimum=eur("5"), fixed=eur("1"), **EACH_SALE)
    assert paid(component, sale("a", "0.01", bucket="a")) == "5.00"
    assert paid(component, sale("a", "-10", bucket="a")) == "-1.00"


def test_a_limited_refund_keeps_what_the_other_sales_had_with_their_limits() -> None:
    """1,090 and 10 at 10 %, the second raised to 5.00; 100 of the first come back: 990 at 10 % and 5.00 stay.

    By re-rating 990 and 10 would be 49.50 and 5.00.
    """
    component = it(percent(("1000", "5"), (None, "10"), mode=Mode.WHOLE), minimum=eur("5"))
    shares = sale("a", "1090"), sale("b", "10", on=1), sale("r", "-100", on=9, returns="a")
    assert paid(component, *shares) == "104.00"
    assert [line.amount for line in pays(component, *shares).lines if line.what is LineKind.LIMIT] == [49_50]


def test_a_limited_refund_of_a_sale_that_stands_alone_keeps_its_fixed_part() -> None:
    """One sale of 1,100 at 10 % and 2.00; of 990 that are left it is 99 + 2, and not 49.50 + 2."""
    component = it(percent(("1000", "5"), (None, "10"), mode=Mode.WHOLE), fixed=eur("2"), **EACH_SALE)
    shares = sale("a", "1100", bucket="a"), sale("r", "-110", on=9, returns="a", bucket="a")
    assert paid(component, *shares) == "101.00"
    other = sale("b", "500", on=1, bucket="b")
    assert paid(component, *shares, other) == "128.00"  # and 25 + 2


def test_a_limited_refund_is_within_the_cap() -> None:
    """10 % of 100,000 are cut to 9,500; of the 99,000 that are left 9,900 would stay, and are cut as well."""
    cliff = percent(("99999.99", "5"), (None, "10"), mode=Mode.WHOLE)
    shares = sale("a", "99000"), sale("b", "1000", on=9), sale("r", "-1000", on=20, returns="b")
    assert paid(it(cliff, cap=eur("9500")), *shares) == "9500.00"


def test_a_limit_of_one_cent_is_a_limit_and_one_of_nothing_is_none() -> None:
    """5 % up to 0.20 and 10 % beyond: of 0.21 less 0.01 it is 1 cent anew, and 2 at the rate that was reached."""
    small = percent(("0.20", "5"), (None, "10"), mode=Mode.WHOLE)
    shares = sale("a", "0.21"), sale("r", "-0.01", on=1, returns="a")
    assert told(it(small), *shares)[1:] == [(LineKind.LIMIT, 1, None, None, None, None)]
    assert [line.what for line in pays(it(TEN), *shares).lines] == [LineKind.BAND]
    assert [line.what for line in pays(it(small), shares[0]).lines] == [LineKind.BAND, LineKind.ROUNDING]


@pytest.mark.parametrize(("basis", "left"), [(Basis.ORIGINAL_RATE, "113.00"), (Basis.PROPORTIONAL, "109.00")])
def test_a_minimum_of_sales_at_one_rate_comes_back_by_its_basis(basis: Basis, left: str) -> None:
    """1,090 and 10 at 10 % are 109 and 1, raised to 5: the second back takes the 1 that was calculated, or the 5."""
    component = it(percent(("1000", "5"), (None, "10"), mode=Mode.WHOLE), minimum=eur("5"), **clawback(basis))
    shares = sale("a", "1090"), sale("b", "10", on=1), sale("r", "-10", on=9, returns="b")
    assert paid(component, *shares[:2]) == "114.00"
    assert paid(component, *shares) == left


@pytest.mark.parametrize(
    ("mode", "together", "left"),
    [
        (Mode.MARGINAL, "305.00", "110.00"),  # 60 and 50; then 40, 75 and 80
        (Mode.ROLLING, "555.00", "110.00"),  # 60 and 50; in all 100, 325 and 130
        (Mode.WHOLE, "405.00", "200.00"),  # 25 % of 600 and 50, then 175 and 30 more; in all 25 % and 80
        (Mode.TOTAL, "585.00", "260.00"),  # 35 % of 600 and 50; in all 35 % of 1,300 and 130
    ],
)
def test_each_sale_is_paid_what_it_added_with_the_flats_of_the_bands_that_it_reached(
    mode: Mode, together: str, left: str
) -> None:
    """10 % and 50 once up to 1,000, 25 % and 80 once beyond; 600, then 700, of which the second comes back."""
    curve = Curve(
        (
            Band(up_to=eur("1000"), rate=Rate.percent(10), flat=eur("50")),
            Band(rate=Rate.percent(25), flat=eur("80")),
        ),
        mode,
    )
    shares = sale("a", "600"), sale("b", "700", on=1), sale("r", "-700", on=9, returns="b")
    component = it(curve, **clawback(Basis.PROPORTIONAL))
    assert (paid(component, *shares[:2]), paid(component, *shares)) == (together, left)


def test_what_was_given_away_comes_back_by_its_units() -> None:
    """Three free units reach a bonus of 9.00; one of them comes back with a third of it. Of nothing at all none does."""
    component = it(
        Curve((Band(rate=Rate.percent(1), flat=eur("9")),)), by=By.UNITS, **clawback(Basis.PROPORTIONAL)
    )
    free = sale("a", "0", units=3)
    assert paid(component, free) == "9.00"
    assert paid(component, free, sale("r", "0", on=1, units=-1, returns="a")) == "6.00"
    nothing = sale("n", "0", units=0)
    assert paid(component, free, nothing, sale("r", "0", on=1, units=0, returns="n")) == "9.00"


def test_what_is_paid_for_a_loss_of_a_missed_target_is_nothing() -> None:
    """-100 of a quota of 1,000 is -12.5 % of the target: in proportion to that a loss would be paid for."""
    target = Target(attainment=Rate.percent(80), missed=Missed.PROPORTIONAL)
    component = it(TEN, base=Base.MARGIN, target=target)
    assert paid(component, sale("a", "-100"), quota=F(1000_00)) == "0.00"


# what is not known, and what is not shrunk


@pytest.mark.parametrize(
    ("said", "known", "unknown"),
    [
        ({"by": By.GROWTH, "accelerator": FASTER, "prorate": frozenset({"quota"})}, {"window": None, "part": F(0)},
         ("quota", "baseline", "window", "part")),
        ({"by": By.GROWTH}, {"baseline": F(1)}, ()),
        ({"by": By.GROWTH}, {"baseline": F(0)}, ("baseline",)),
        ({"by": By.ATTAINMENT}, {"quota": F(1)}, ()),
        ({"by": By.ATTAINMENT}, {"quota": F(1), "part": F(0)}, ()),
        ({"by": By.ATTAINMENT, "prorate": frozenset({"cap"})}, {"quota": F(1), "part": F(0)}, ()),
        ({"by": By.ATTAINMENT, "prorate": frozenset({"bands"})}, {"quota": F(1), "part": F(0)}, ("part",)),
        ({"by": By.ATTAINMENT, "prorate": frozenset({"bands"})}, {"quota": F(1), "part": F(1, 9)}, ()),
    ],
)  # fmt: skip
def test_all_that_a_calculation_needs_and_nobody_said_is_named(
    said: dict[str, Any], known: dict[str, Any], unknown: tuple[str, ...]
) -> None:
    found = pays(it(attained(("10", "1"), (None, "2")), **said), sale("a", "1"), **known)
    assert found.unknown == unknown
    assert (found.amount is None) == bool(unknown)


def test_growth_on_nothing_is_all_that_is_sold() -> None:
    assert paid(it(percent((None, "100")), growth=True), sale("a", "100"), baseline=F(0)) == "100.00"


def test_growth_in_per_cent_may_choose_the_rate_of_what_came_on_top() -> None:
    """15 % more than 10,000 is beyond 10 %, so that the 1,500 are paid 2 %; who shrank has nothing to be paid for."""
    component = it(attained(("10", "1"), (None, "2"), mode=Mode.WHOLE), by=By.GROWTH, growth=True)
    assert paid(component, sale("a", "11500"), baseline=F(10_000_00)) == "30.00"
    assert pays(component, sale("a", "11500"), baseline=F(10_000_00)).quantity == F(15, 100)
    assert paid(component, sale("a", "9000"), baseline=F(10_000_00)) == "0.00"


@pytest.mark.parametrize(
    ("by", "known"), [(By.ATTAINMENT, {"quota": F(1000_00)}), (By.GROWTH, {"baseline": F(500_00)})]
)
def test_bands_of_an_attainment_or_a_growth_do_not_end_earlier_in_a_part_of_a_period(
    by: By, known: dict[str, Any]
) -> None:
    """60 % of a quota, or 20 % of growth: in the first band of 80 %, as half of the period does not halve that."""
    component = it(attained(("80", "1"), (None, "2"), mode=Mode.WHOLE), by=by, prorate=frozenset({"bands"}))
    assert paid(component, sale("a", "600"), part=F(1, 2), **known) == "6.00"


def test_packages_are_counted_in_what_chooses_the_band_and_in_what_is_paid_for() -> None:
    """25 units are two full tens: of the band up to two. What is in a rolling window before counts in units as well."""
    curve = Curve((Band(up_to=F(2), each=eur("5")), Band(each=eur("7"))), Mode.WHOLE)
    component = it(curve, base=Base.UNITS, package=Package(size=F(10)))
    units = Share(transaction="a", day=SIGN_UP, quantity=F(25), pay=F(25))
    found = pays(component, units)
    assert found.amount == eur("10")
    assert found.quantity == found.pay == 2
    rolling = attrs.evolve(component, accumulate=Accumulate.ROLLING, window=RollingMonths(12))
    assert pays(rolling, units, window=F(5)).quantity == 3


def test_nothing_is_carried_on_unless_the_plan_says_so() -> None:
    for carry_over, carries in ((True, 60_00), (False, 0)):
        component = it(TEN, guarantee=eur("100"), carry_over=carry_over)
        assert pays(component, sale("a", "1600"), closing=True).carries == carries
    below = it(TEN, guarantee=eur("100"), carry_over=True)
    assert pays(below, sale("a", "600"), closing=True).carries == 0


def test_a_guarantee_that_is_a_cent_away_is_topped_up_by_it() -> None:
    found = pays(it(TEN, guarantee=eur("100")), sale("a", "999.90"), closing=True)
    assert [(line.what, line.amount) for line in found.lines][1:] == [(LineKind.GUARANTEE, F(1))]


def test_a_decision_is_of_a_day_without_a_time_and_keeps_what_it_was_made_of() -> None:
    policy = ComponentPolicy(it(TEN), "reseller/2026/rebate/it")
    earning = Earning(payee="acme", period="FY2026-Q1", shares=(sale("a", "600"),))
    decision = policy.decide(earning, SIGN_UP)
    assert (decision.as_of, decision.facts, decision.mask, decision.policy) == (SIGN_UP, earning, 0, policy)
    assert decision.reasons == ()  # there is no target
    written = policy.written(decision)
    assert (written["mask"], written["outcome"]["amount"]) == (0, "60.00 EUR")
    assert from_plain(written["outcome"], Entitlement) == decision.outcome
    with pytest.raises(InvalidInput, match=r"^as_of: found .*; accepted: a date without a time"):
        policy.decide(earning, datetime.datetime(2026, 1, 1))
    target = Target(attainment=Rate.percent(60))
    met = ComponentPolicy(it(TEN, target=target), "it").decide(
        attrs.evolve(earning, quota=F(1000_00)), SIGN_UP
    )
    assert (met.reasons[0].truth, met.reasons[0].observed) == (Truth.MET, Rate.percent(60))


def test_each_component_of_a_plan_has_its_policy_by_its_whole_name() -> None:
    plan = Plan(name="reseller/2026/rebate", components=(it(TEN), attrs.evolve(it(TEN), name="other")))
    assert policies_of(plan) == {
        name: ComponentPolicy(one, name)
        for name, one in zip(
            ("reseller/2026/rebate/it", "reseller/2026/rebate/other"), plan.components, strict=True
        )
    }


def test_a_limited_refund_keeps_the_part_of_the_target_that_all_sales_had_reached() -> None:
    """1,200 of a target of 1,600 are three quarters: 10 % of the 900 that are left are 90, of which 67.50 stay.

    Anew they would be 5 % of 900, and 56.25 % of that.
    """
    target = Target(attainment=Rate.percent(80), missed=Missed.PROPORTIONAL)
    component = it(percent(("1000", "5"), (None, "10"), mode=Mode.WHOLE), target=target)
    shares = sale("a", "1200"), sale("r", "-300", on=9, returns="a")
    assert paid(component, *shares[:1], quota=F(2000_00)) == "90.00"
    assert paid(component, *shares, quota=F(2000_00)) == "67.50"


def test_of_a_loss_that_cost_a_cent_a_half_that_comes_back_gives_back_half_a_cent() -> None:
    """10 % of margins of 100.00 and -0.10: the loss cost 1 cent."""
    component = it(TEN, base=Base.MARGIN, **clawback(Basis.PROPORTIONAL))
    shares = sale("a", "100"), sale("b", "-0.10", on=1), sale("r", "0.05", on=9, returns="b")
    back = [line.amount for line in pays(component, *shares).lines if line.what is LineKind.CLAWBACK]
    assert back == [F(1, 2)]
