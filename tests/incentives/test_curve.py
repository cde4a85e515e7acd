"""Curves: bands, boundaries, flats and modes, each worked out by hand or from the source that is named."""

import datetime
from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest

from prmcore.errors import InvalidInput
from prmcore.incentives.curve import Band, Boundary, Curve, Mode, Rounding
from prmcore.values import Money, Rate


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def percent(*bands: tuple[str | None, str], **said: Any) -> Curve:
    """Bands of euros and per cents."""
    return Curve(
        tuple(Band(up_to=eur(to) if to else None, rate=Rate.percent(rate)) for to, rate in bands), **said
    )


def each(*bands: tuple[int | None, str, str], **said: Any) -> Curve:
    """Bands of units: an amount for each, and a flat one."""
    return Curve(
        tuple(Band(up_to=F(to) if to else None, each=eur(one), flat=eur(flat)) for to, one, flat in bands),
        **said,
    )


DYNAMICS = (("1000", "10"), ("2500", "25"), (None, "0"))


@pytest.mark.parametrize(
    ("mode", "paid"),
    [(Mode.MARGINAL, 350), (Mode.WHOLE, 500), (Mode.ROLLING, 600), (Mode.TOTAL, 700)],
)
def test_sales_of_2000_pay_what_the_four_published_rebate_methods_of_dynamics_365_say(
    mode: Mode, paid: int
) -> None:
    """Stepped 350, cumulative 500, rolling 600, total 700: the published example of the rebate methods."""
    assert percent(*DYNAMICS, mode=mode).amount(200_000) == paid * 100


@pytest.mark.parametrize(
    ("sales", "marginal"), [(0, 0), (100, 10), (101, F("10.2")), (300, 50), (1000, 260), (3800, 1100)]
)
def test_each_band_pays_for_its_own_width(sales: int, marginal: F) -> None:
    """10 % up to 100, 20 % up to 300, 30 % beyond; 3,800: 10 + 200 x 20 % + 3,500 x 30 % = 1,100."""
    curve = percent(("100", "10"), ("300", "20"), (None, "30"))
    assert curve.amount(sales * 100) == F(marginal) * 100


@pytest.mark.parametrize(
    ("boundary", "marginal", "whole"),
    [(Boundary.UPPER_INCLUSIVE, 1000, 1000), (Boundary.LOWER_INCLUSIVE, 1000, 2000)],
)
def test_at_the_end_of_a_band_only_what_is_paid_for_everything_depends_on_the_boundary(
    boundary: Boundary, marginal: int, whole: int
) -> None:
    bands = (("100", "10"), (None, "20"))
    assert percent(*bands, boundary=boundary).amount(100_00) == marginal
    assert percent(*bands, boundary=boundary, mode=Mode.WHOLE).amount(100_00) == whole


def test_a_flat_is_due_on_reaching_the_band_where_the_contract_says_reach() -> None:
    """A bonus of 50 at 100 units: due at 100 "once you reach", at 101 "above"."""
    bands = ((100, "0", "0"), (None, "0", "50"))
    reach, above = each(*bands, boundary=Boundary.LOWER_INCLUSIVE), each(*bands)
    assert [reach.amount(units) for units in (99, 100, 101)] == [0, 5000, 5000]
    assert [above.amount(units) for units in (99, 100, 101)] == [0, 0, 5000]
    assert reach.compiled()([99, 1, 1]) == [0, 5000, 0]
    assert above.compiled()([99, 1, 1]) == [0, 0, 5000]


def test_flats_of_all_bands_that_were_reached_add_up_unless_one_band_pays_for_everything() -> None:
    bands = ((10, "1", "5"), (20, "2", "7"), (None, "3", "11"))
    assert each(*bands).amount(25) == (10 * 1 + 10 * 2 + 5 * 3 + 5 + 7 + 11) * 100
    assert each(*bands, mode=Mode.WHOLE).amount(25) == (25 * 3 + 11) * 100


@pytest.mark.parametrize(("flat_at_zero", "at_zero"), [(False, 0), (True, 500)])
def test_the_first_flat_at_nothing_is_a_fee_and_not_a_reward(flat_at_zero: bool, at_zero: int) -> None:
    """Lago and OpenMeter charge it; below nothing it is never due."""
    curve = each((10, "1", "5"), (None, "2", "0"), flat_at_zero=flat_at_zero)
    assert [curve.amount(units) for units in (-1, 0, 1)] == [-100, at_zero, 600]
    compiled = curve.compiled()([0, -1, 2])
    assert compiled == [at_zero, -100 - at_zero, 700]


def test_an_amount_grows_evenly_between_the_ends_that_are_named() -> None:
    """Nothing at 0, 100 at 1,000, 400 at 2,000: half-way 50 and 250; beyond the last end 10 % of each more."""
    curve = Curve(
        (
            Band(up_to=eur("1000"), pays=eur("100")),
            Band(up_to=eur("2000"), pays=eur("400")),
            Band(rate=Rate.percent(10)),
        ),
        Mode.INTERPOLATE,
    )
    assert [curve.amount(sales * 100) for sales in (0, 500, 1000, 1500, 2000, 3000)] == [
        0, 5000, 10_000, 25_000, 40_000, 50_000,
    ]  # fmt: skip


def test_a_rate_grows_evenly_between_the_ends_that_are_named() -> None:
    """From 0 % at nothing to 10 % at 1,000, then to 20 % at 2,000, and 20 % from there on."""
    curve = percent(("1000", "10"), ("2000", "20"), (None, "20"), mode=Mode.INTERPOLATE)
    assert [curve.amount(sales * 100) for sales in (500, 1000, 1500, 2000, 4000)] == [
        500 * 5, 1000 * 10, 1500 * 15, 2000 * 20, 4000 * 20,
    ]  # fmt: skip


def test_a_rate_that_grows_from_nothing_pays_nothing_for_a_loss() -> None:
    """A line through zero, carried on below it, would pay -1 % of -100."""
    curve = percent(("1000", "10"), (None, "10"), mode=Mode.INTERPOLATE)
    assert curve.amount(-100_00) == 0 == sum(one.amount for one in curve.slices(-100_00))


def test_units_choose_the_band_and_value_is_paid() -> None:
    """12 units worth 600: ten of twelve at 5 %, two at 8 %: 500 x 5 % + 100 x 8 % = 33; as a whole 8 % = 48."""
    bands = (Band(up_to=F(10), rate=Rate.percent(5)), Band(rate=Rate.percent(8)))
    assert Curve(bands).amount(12, 600_00) == 33_00
    assert Curve(bands, Mode.WHOLE).amount(12, 600_00) == 48_00
    assert [one.paid_for for one in Curve(bands).slices(12, 600_00)] == [500_00, 100_00]


def test_what_is_paid_for_without_what_chooses_is_in_the_first_band() -> None:
    bands = (Band(up_to=F(10), rate=Rate.percent(5)), Band(rate=Rate.percent(8)))
    for mode in (Mode.MARGINAL, Mode.WHOLE, Mode.ROLLING, Mode.TOTAL):
        curve = Curve(bands, mode)
        assert curve.amount(0, 600_00) == 30_00 == sum(one.amount for one in curve.slices(0, 600_00))


def test_the_slices_say_how_much_of_the_quantity_is_paid_how() -> None:
    """2,500 at 10 % up to 1,000, 25 % beyond, with a flat of 50 on entering: 100 + 375 + 50."""
    curve = Curve(
        (Band(up_to=eur("1000"), rate=Rate.percent(10)), Band(rate=Rate.percent(25), flat=eur("50")))
    )
    assert [(one.band, one.start, one.end, one.slope, one.amount) for one in curve.slices(2500_00)] == [
        (0, F(0), F(1000_00), F(1, 10), F(100_00)),
        (1, F(1000_00), F(2500_00), F(1, 4), F(375_00)),
        (1, F(1000_00), F(2500_00), None, F(50_00)),
    ]


def test_bands_of_a_part_of_a_period_end_in_proportion() -> None:
    """A third of the period: 10 % up to 1,000/3, 25 % beyond: of 1,000 it is 100/3 + 500/3 = 200."""
    curve = percent(("1000", "10"), (None, "25")).scaled(F(1, 3))
    assert curve.amount(1000_00) == 200_00
    assert curve.compiled()([1000_00]) == [200_00]


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        (Rounding.HALF_EVEN, [2, 4, 2, 3, -2, -4]),
        (Rounding.HALF_UP, [3, 4, 2, 3, -3, -4]),
        (Rounding.DOWN, [2, 3, 2, 2, -2, -3]),
    ],
)
def test_each_rounding_is_its_own_mirror(rounding: Rounding, expected: list[int]) -> None:
    """5/2, 7/2, 9/4, 11/4 and the mirrors of the first two."""
    exact = [F(5, 2), F(7, 2), F(9, 4), F(11, 4), F(-5, 2), F(-7, 2)]
    assert [rounding.whole(one) for one in exact] == expected


@pytest.mark.parametrize("rounding", Rounding)
def test_compiled_increments_follow_the_chosen_rounding(rounding: Rounding) -> None:
    """2.5 % of 100 minor units each: 2.5, 5, 7.5."""
    totals = {Rounding.HALF_EVEN: [2, 5, 8], Rounding.HALF_UP: [3, 5, 8], Rounding.DOWN: [2, 5, 7]}[rounding]
    increments = percent((None, "2.5")).compiled(rounding)([100, 100, 100])
    assert [sum(increments[: place + 1]) for place in range(3)] == totals


def test_more_than_any_sum_of_sales_is_refused_by_what_is_compiled() -> None:
    compiled = percent(("100", "10"), (None, "20")).compiled()
    for size in (10**37, -(10**37)):
        with pytest.raises(InvalidInput, match="add up to more"):
            compiled([size])
    with pytest.raises(InvalidInput, match="add up to more"):
        compiled([6 * 10**35, 6 * 10**35])


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        ((), "at least one"),
        ((Band(up_to=F(1)),), "a last band without up_to"),
        ((Band(), Band()), "up_to in every band but the last"),
        ((Band(up_to=F(5)), Band(up_to=F(5)), Band()), "rising ends"),
        ((Band(up_to=F(5)), Band(up_to=eur("9")), Band()), "cannot be compared"),
        ((Band(up_to=F(0)), Band()), "an end above zero"),
        ((Band(up_to=F(-5)), Band()), "an end above zero"),
        ((Band(rate=Rate.percent("1000.1")),), "-1000 % to 1000 %"),
        ((Band(rate=Rate.percent("-1001")),), "-1000 % to 1000 %"),
        ((Band(rate=Rate.percent(1), each=eur("1")),), "one of rate, each and pays"),
        ((Band(up_to=F(5), pays=eur("1")), Band()), "goes with interpolate"),
        ((Band(up_to=F(5), flat=eur("1")), Band(flat=Money.of("1", "USD"))), "one currency"),
    ],
)
def test_bands_that_have_holes_or_contradict_are_refused(bands: tuple[Band, ...], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Curve(bands)


def test_a_band_pays_ten_times_the_sale_at_the_most() -> None:
    for rate in ("1000", "-1000"):
        assert Curve((Band(rate=Rate.percent(rate)),)).bands[0].rate == Rate.of(int(rate) // 100)


@pytest.mark.parametrize("end", [100.5, float("nan"), True, Decimal("NaN"), "NaN", datetime.date(2026, 1, 1)])
def test_a_band_ends_at_an_exact_number(end: Any) -> None:
    with pytest.raises(InvalidInput, match="found"):
        Band(up_to=end)


def test_every_fault_of_the_bands_is_said_at_once_with_its_place() -> None:
    with pytest.raises(InvalidInput) as caught:
        Curve((Band(rate=Rate.percent(2000)), Band(up_to=F(1), rate=Rate.percent(-2000))))
    assert [fault.path for fault in caught.value.faults] == ["[0].up_to", "[0].rate", "[1].up_to", "[1].rate"]
