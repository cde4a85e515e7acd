"""Curves: bands, boundaries, flats and modes, each worked out by hand or from the source that is named."""

import datetime
from decimal import Decimal
from fractions import Fraction as F
from itertools import pairwise
from typing import Any

import pytest

from prmcore.errors import InvalidInput
from prmcore.incentives.plans.curve import Band, Boundary, Curve, Mode, Rounding
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
        (Rounding.HALF_EVEN, [2, 4, 2, 3, -2, -4, -2, -3, 0, 3, -3, 0, 0]),
        (Rounding.HALF_UP, [3, 4, 2, 3, -3, -4, -2, -3, 0, 3, -3, 1, -1]),
        (Rounding.DOWN, [2, 3, 2, 2, -2, -3, -2, -2, 0, 3, -3, 0, 0]),
    ],
)
def test_each_rounding_is_its_own_mirror(rounding: Rounding, expected: list[int]) -> None:
    """5/2, 7/2, 9/4, 11/4 and their mirrors, what is whole already, and a half either way."""
    exact = [F(5, 2), F(7, 2), F(9, 4), F(11, 4), F(-5, 2), F(-7, 2), F(-9, 4), F(-11, 4)]
    exact += [F(0), F(3), F(-3), F(1, 2), F(-1, 2)]
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


MARGINAL, INTERPOLATE = Mode.MARGINAL, Mode.INTERPOLATE
ENDS, USD = "a last band without up_to", Money.of("1", "USD")


@pytest.mark.parametrize(
    ("mode", "bands", "faults"),
    [
        (MARGINAL, (), ["there are none; accepted: at least one, the last without up_to"]),
        (MARGINAL, (Band(up_to=F(1)),), [f"the last band ends; accepted: {ENDS} @ [0].up_to"]),
        (
            MARGINAL,
            (Band(up_to=F(5)), Band(), Band()),
            ["has no end; accepted: up_to in every band but the last @ [1].up_to"],
        ),
        (MARGINAL, (Band(up_to=F(0)), Band()), ["found 0; accepted: an end above zero @ [0].up_to"]),
        (
            MARGINAL,
            (Band(up_to=eur("0")), Band()),
            ["found 0.00 EUR; accepted: an end above zero @ [0].up_to"],
        ),
        (MARGINAL, (Band(up_to=F(-5)), Band()), ["found -5; accepted: an end above zero @ [0].up_to"]),
        (
            MARGINAL,
            (Band(up_to=F(5)), Band(up_to=F(5)), Band()),
            ["found 5 after 5; accepted: rising ends @ [1].up_to"],
        ),
        (
            MARGINAL,
            (Band(up_to=F(5)), Band(up_to=F(9)), Band(up_to=F(8)), Band()),
            ["found 8 after 9; accepted: rising ends @ [2].up_to"],
        ),
        (
            MARGINAL,
            (Band(up_to=F(5)), Band(up_to=eur("9")), Band()),
            [
                "found 5, which cannot be compared with 9.00 EUR; accepted: an amount and its currency, such as '5 EUR' @ [0].up_to"
            ],
        ),
        (
            MARGINAL,
            (Band(up_to=USD), Band(up_to=eur("9")), Band()),
            ["1.00 USD and 9.00 EUR cannot be compared @ [1].up_to"],
        ),
        (
            MARGINAL,
            (Band(rate=Rate.percent("1000.1")),),
            ["found 1000.1 %; accepted: -1000 % to 1000 % @ [0].rate"],
        ),
        (
            MARGINAL,
            (Band(up_to=F(5), rate=Rate.percent("-1001")), Band(rate=Rate.percent(1))),
            ["found -1001 %; accepted: -1000 % to 1000 % @ [0].rate"],
        ),
        (
            MARGINAL,
            (Band(rate=Rate.percent(1), each=eur("1")),),
            ["accepted: one of rate, each and pays @ [0]"],
        ),
        (
            MARGINAL,
            (Band(up_to=F(5), pays=eur("1")), Band()),
            ["goes with interpolate, in a band that ends @ [0].pays"],
        ),
        (
            MARGINAL,
            (Band(up_to=F(5), flat=eur("1")), Band(flat=USD)),
            ["found amounts in EUR, USD; accepted: one currency"],
        ),
        (
            MARGINAL,
            (Band(up_to=F(5), each=eur("1")), Band(each=USD)),
            ["found amounts in EUR, USD; accepted: one currency"],
        ),
        (
            INTERPOLATE,
            (Band(up_to=F(5), pays=eur("1"), flat=USD), Band()),
            ["found amounts in EUR, USD; accepted: one currency"],
        ),
        (
            INTERPOLATE,
            (Band(up_to=F(5), pays=eur("1")), Band(pays=eur("2"))),
            ["goes with interpolate, in a band that ends @ [1].pays"],
        ),
        (
            INTERPOLATE,
            (Band(up_to=F(5), each=eur("1")), Band()),
            ["interpolate grows an amount (pays) or a rate; accepted: pays, rate @ [0].each"],
        ),
        (
            INTERPOLATE,
            (Band(up_to=F(5), pays=eur("1")), Band(up_to=F(9), rate=Rate.percent(1)), Band()),
            ["accepted: either pays in every band that ends, or rate @ [1]"],
        ),
        (
            INTERPOLATE,
            (Band(up_to=F(5), rate=Rate.percent(1)), Band(up_to=F(9), pays=eur("1")), Band()),
            ["accepted: either pays in every band that ends, or rate @ [1]"],
        ),
        (
            INTERPOLATE,
            (Band(up_to=F(5), rate=Rate.percent(1), pays=eur("1")), Band()),
            ["accepted: one of rate, each and pays @ [0]"],
        ),
    ],
)
def test_bands_that_have_holes_or_contradict_are_refused(
    mode: Mode, bands: tuple[Band, ...], faults: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        Curve(bands, mode)
    assert [str(fault) for fault in caught.value.faults] == faults
    assert caught.value.title == "the bands cannot be used"


def test_a_first_band_may_end_before_the_first_unit_and_a_later_one_at_less_than_a_unit_more() -> None:
    assert Curve((Band(up_to=F(1, 2)), Band(up_to=F(3, 4)), Band())).ends == (F(1, 2), F(3, 4))


def test_a_band_is_told_by_names_and_pays_nothing_that_is_not_said() -> None:
    with pytest.raises(TypeError):
        Band(F(5))  # type: ignore[call-arg]
    assert Band().slope == Band().flat_minor == 0
    bare = Curve((Band(flat=eur("5")),))
    assert (bare.mode, bare.boundary, bare.flat_at_zero) == (MARGINAL, Boundary.UPPER_INCLUSIVE, False)


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


def three(mode: Mode = Mode.MARGINAL, **said: Any) -> Curve:
    """10 % up to 100 with 5 once, 20 % up to 300 with 7 once, 30 % beyond with 11 once."""
    bands = ((eur("100"), "10", "5"), (eur("300"), "20", "7"), (None, "30", "11"))
    made = tuple(Band(up_to=end, rate=Rate.percent(rate), flat=eur(flat)) for end, rate, flat in bands)
    return Curve(made, mode, **said)


TENTH, FIFTH, THREE_TENTHS = F(1, 10), F(1, 5), F(3, 10)


@pytest.mark.parametrize(
    ("mode", "slices"),
    [
        (
            Mode.MARGINAL,  # 10 + 20 % of 200 + 30 % of 100
            [
                (0, 0, 100, 100, TENTH, 10),
                (0, 0, 100, None, None, 5),
                (1, 100, 300, 200, FIFTH, 40),
                (1, 100, 300, None, None, 7),
                (2, 300, 400, 100, THREE_TENTHS, 30),
                (2, 300, 400, None, None, 11),
            ],
        ),
        (Mode.WHOLE, [(2, 0, 400, 400, THREE_TENTHS, 120), (2, 300, 400, None, None, 11)]),
        (
            Mode.ROLLING,
            [
                (0, 0, 100, 100, TENTH, 10),
                (0, 0, 100, None, None, 5),
                (1, 0, 300, 300, FIFTH, 60),
                (1, 100, 300, None, None, 7),
                (2, 0, 400, 400, THREE_TENTHS, 120),
                (2, 300, 400, None, None, 11),
            ],
        ),
        (
            Mode.TOTAL,
            [
                (0, 0, 400, 400, TENTH, 40),
                (0, 0, 100, None, None, 5),
                (1, 0, 400, 400, FIFTH, 80),
                (1, 100, 300, None, None, 7),
                (2, 0, 400, 400, THREE_TENTHS, 120),
                (2, 300, 400, None, None, 11),
            ],
        ),
    ],
)
def test_400_are_made_of_these_slices_in_each_mode(mode: Mode, slices: list[tuple[Any, ...]]) -> None:
    """Quantities and amounts in euros; a flat is paid for once, whatever the quantity."""
    found = three(mode).slices(400_00)
    assert [(one.band, one.start, one.end, one.paid_for, one.slope, one.amount) for one in found] == [
        (band, start * 100, end * 100, 1 if paid_for is None else paid_for * 100, slope, amount * 100)
        for band, start, end, paid_for, slope, amount in slices
    ]
    assert three(mode).amount(400_00) == sum(one.amount for one in found)


@pytest.mark.parametrize(
    ("mode", "amounts"),
    [
        (Mode.MARGINAL, {100: 15, 200: 42, 300: 62, 400: 103}),
        (Mode.WHOLE, {100: 15, 200: 47, 300: 67, 400: 131}),
        (Mode.ROLLING, {100: 15, 200: 62, 300: 82, 400: 213}),
        (Mode.TOTAL, {100: 15, 200: 72, 300: 102, 400: 263}),
    ],
)
def test_three_bands_with_flats_pay_this_in_each_mode(mode: Mode, amounts: dict[int, int]) -> None:
    """Of 200: 10 + 20 + 12; 40 + 7; 10 + 40 + 12; 60 + 12. Of 300: 10 + 40 + 12; 60 + 7; 10 + 60 + 12; 90 + 12."""
    for sales, amount in amounts.items():
        assert three(mode).amount(sales * 100) == amount * 100


@pytest.mark.parametrize("mode", [Mode.MARGINAL, Mode.WHOLE, Mode.ROLLING, Mode.TOTAL])
def test_below_nothing_the_first_rate_counts_and_no_flat_does(mode: Mode) -> None:
    assert three(mode).amount(-50_00) == -5_00
    assert [(one.band, one.amount) for one in three(mode).slices(-50_00)] == [(0, F(-5_00))]


def test_growing_evenly_has_one_slice_and_the_flats_of_the_bands_before() -> None:
    """To 100 at 1,000 and 400 at 2,000, with 5 and 7 once: of 1,500 it is 250 + 12, whatever is paid for."""
    made = (
        Band(up_to=eur("1000"), pays=eur("100"), flat=eur("5")),
        Band(up_to=eur("2000"), pays=eur("400"), flat=eur("7")),
        Band(),
    )
    curve = Curve(made, INTERPOLATE)
    assert curve.amount(1500_00) == curve.amount(1500_00, 600_00) == 262_00
    assert [(one.band, one.start, one.end, one.paid_for, one.slope, one.amount) for one in curve.slices(1500_00)] == [
        (0, F(0), F(1000_00), F(1), None, F(5_00)),
        (1, F(1000_00), F(1500_00), F(500_00), None, F(250_00)),
        (1, F(1000_00), F(1500_00), F(1), None, F(7_00)),
    ]  # fmt: skip
    assert curve.amount(3000_00) == 412_00  # an open band without a rate stays where the last one ended


def test_a_rate_that_grows_evenly_is_that_of_what_is_paid_for() -> None:
    """Half way from 10 % to 20 %: 15 % of 600, which 1,500 chose; beyond the last end the rate that is said, if one is."""
    curve = percent(("1000", "10"), ("2000", "20"), (None, "25"), mode=INTERPOLATE)
    assert curve.amount(1500_00, 600_00) == 90_00
    assert curve.amount(0, 600_00) == 0
    assert [(one.paid_for, one.slope, one.amount) for one in curve.slices(1500_00, 600_00)] == [
        (F(600_00), F(15, 100), F(90_00))
    ]
    assert [curve.amount(sales * 100) for sales in (2000, 4000)] == [400_00, 1000_00]
    stays = Curve((*curve.bands[:2], Band()), INTERPOLATE)
    assert stays.amount(4000_00) == 800_00


def test_the_last_rate_goes_on_from_the_last_amount() -> None:
    """100 at 1,000; 10 % of each more, so that 500 more are 150. One open band grows from nothing to nothing."""
    made = (Band(up_to=eur("1000"), pays=eur("100")), Band(rate=Rate.percent(10)))
    assert Curve(made, INTERPOLATE).amount(1500_00) == 150_00
    assert Curve((Band(),), INTERPOLATE).amount(1500_00) == 0


def test_what_is_paid_for_without_what_chooses_has_the_first_flat_where_that_is_a_fee() -> None:
    for mode in (Mode.MARGINAL, Mode.WHOLE, Mode.ROLLING, Mode.TOTAL):
        fee, reward = three(mode, flat_at_zero=True), three(mode)
        assert [one.amount(0, 600_00) for one in (fee, reward)] == [65_00, 60_00]
        assert [one.paid_for for one in fee.slices(0, 600_00)] == [600_00, 1]


def test_what_is_paid_for_is_spread_over_the_bands_as_the_quantity_is() -> None:
    """Sales of 400 choose, of which 80 are paid for: a fifth of each slice, and the flats whole."""
    amounts = {Mode.MARGINAL: 16, Mode.WHOLE: 24, Mode.ROLLING: 38, Mode.TOTAL: 48}
    for mode, amount in amounts.items():
        flats = 11 if mode is Mode.WHOLE else 23
        curve = three(mode)
        assert curve.amount(400_00, 80_00) == (amount + flats) * 100
        assert sum(one.amount for one in curve.slices(400_00, 80_00)) == (amount + flats) * 100


@pytest.mark.parametrize(
    ("mode", "quantity", "pay", "kept"),
    [
        (Mode.WHOLE, 200, None, 60 + 7),  # 30 % of 200; the flat is that of 200
        (Mode.TOTAL, 200, None, 120 + 12),  # 60 %
        (Mode.ROLLING, 200, None, 10 + 40 + 60 + 12),  # 10 % of 100, 20 % and 30 % of 200
        (Mode.ROLLING, 50, None, 5 + 10 + 15 + 5),
        (Mode.ROLLING, 200, 20, 1 + 4 + 6 + 12),  # of a tenth
        (Mode.ROLLING, 0, 100, 60),  # where nothing is left that chooses, all three rates of what is paid for
        (Mode.WHOLE, 0, 100, 30),
        (Mode.TOTAL, -100, None, -60),
        (Mode.MARGINAL, 200, None, 42),  # there nothing falls
        (Mode.WHOLE, 400, None, 131),  # as much as had been reached
    ],
)
def test_bands_that_400_had_reached_stay_reached_when_less_is_left(
    mode: Mode, quantity: int, pay: int | None, kept: int
) -> None:
    found = three(mode).kept(F(quantity * 100), F(400_00), None if pay is None else pay * 100)
    assert found == kept * 100


def test_what_grows_evenly_keeps_nothing() -> None:
    curve = percent(("1000", "10"), (None, "10"), mode=INTERPOLATE)
    assert curve.kept(F(500_00), F(1000_00)) == 25_00  # 5 % of 500


@pytest.mark.parametrize("flat_at_zero", [False, True])
@pytest.mark.parametrize("boundary", Boundary)
@pytest.mark.parametrize("mode", [Mode.MARGINAL, Mode.WHOLE, Mode.ROLLING, Mode.TOTAL])
@pytest.mark.parametrize("share", [F(1), F(1, 3)])
def test_what_is_compiled_comes_to_the_amount_after_each_sale_and_each_return(
    mode: Mode, boundary: Boundary, flat_at_zero: bool, share: F
) -> None:
    """At each end, beside it, up and down over several bands at once, at nothing and below it."""
    curve = three(mode, boundary=boundary, flat_at_zero=flat_at_zero).scaled(share)
    ends = [round(end) + near for end in (F(0), *curve.ends) for near in (-1, 0, 1)]
    totals = [*ends, 500_00, *reversed(ends), 400_00, 200_00, 250_00, 50_00, 0, 1, 0, 400_01]
    increments = curve.compiled()([after - before for before, after in pairwise((0, *totals))])
    running, posted = [], 0
    for increment in increments:
        posted += increment
        running.append(posted)
    assert running == [Rounding.HALF_EVEN.whole(curve.amount(total)) for total in totals]


def test_what_is_compiled_rounds_half_to_even_in_either_direction() -> None:
    """50 % of 1, 3, 5 and of -1, -3: 0.5, 1.5, 2.5, -0.5, -1.5."""
    increments = percent((None, "50")).compiled()
    assert [increments([sold])[0] for sold in (1, 3, 5, -1, -3)] == [0, 2, 2, 0, -2]


def test_a_rate_that_grows_evenly_is_compiled_one_by_one() -> None:
    """5 % of 500, then 10 % of 1,000, then half of it again."""
    curve = percent(("1000", "10"), (None, "10"), mode=INTERPOLATE)
    assert curve.compiled()([500_00, 500_00, -500_00]) == [25_00, 75_00, -75_00]
    assert curve.compiled(Rounding.DOWN)([9, 9]) == [0, 0]


def test_the_largest_sum_of_sales_is_still_calculated_and_one_more_is_not() -> None:
    compiled = percent(("100", "0"), (None, "100")).compiled()
    assert compiled([10**36]) == [10**36 - 100_00]
    assert compiled([-(10**36), 2 * 10**36]) == [0, 10**36 - 100_00]
    for too_far in ([10**36, 1], [-(10**36), -1]):
        with pytest.raises(
            InvalidInput, match=rf"the quantities add up to more than {10**36}, which no amount is"
        ):
            compiled(too_far)


def test_a_whole_period_has_the_curve_itself() -> None:
    curve = three()
    assert curve.scaled(F(1)) is curve
    assert curve.scaled(F(1, 2)).ends == (F(50_00), F(150_00))
    assert curve.scaled(F(1, 2)).bands[2] == curve.bands[2]
    halved = Curve((Band(up_to=Rate.percent(50)), Band())).scaled(F(1, 2))
    assert halved.ends == (F(1, 4),)
