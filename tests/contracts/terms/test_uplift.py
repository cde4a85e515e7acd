"""Uplift. Expected values are those of statistical offices and of the systems that are named, or worked out by hand."""

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.contracts.terms.uplift import Compounding, IndexValue, Limit, UpliftClause, Uplifted, uplifted
from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.values import Money, PercentagePoints, Rate
from prmcore.values.wire import from_plain, to_plain


def value(number: str, period: str = "2026-01") -> IndexValue:
    return IndexValue(period, Decimal(number))


def by_index(base: str, **others: Any) -> UpliftClause:
    return UpliftClause(index="CPI", base=value(base, "2025-01"), **others)


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


@pytest.mark.parametrize(
    ("reference", "observed", "percent"),
    [
        # Alaska Department of Labor, how the percent change is calculated: 1.104 / 215.805, rounded 0.5
        ("215.805", "216.909", "0.5"),
        # a base index clause: 3.130 / 229.815 = 0.0136, 1.4 % (lawinsider.com/dictionary/base-index)
        ("229.815", "232.945", "1.4"),
        # a fall, by hand: 98.0 / 99.0 = 0.98989..., 0.990
        ("99.0", "98.0", "-1"),
    ],
)
def test_the_change_of_an_index_is_rounded_as_the_contract_says(
    reference: str, observed: str, percent: str
) -> None:
    found = uplifted(by_index(reference, ratio_digits=3), usd("1000.00"), observed=value(observed))
    assert found.change == Rate.percent(percent)
    assert found.price == usd("1000.00").times(1 + found.change.fraction, rounding=decimal.ROUND_HALF_UP)


@pytest.mark.parametrize("compounding", Compounding)
def test_from_the_base_or_from_the_previous_price_it_is_the_same_as_long_as_nothing_is_rounded(
    compounding: Compounding,
) -> None:
    """Dynamics 365, recurring contract billing, CPI calculation: 1000 at 105.65; 110.5 gives 1045.91, 114.25 gives 1081.40."""
    clause = by_index("105.65", compounding=compounding)
    first = uplifted(clause, usd("1000.00"), observed=value("110.5", "2021-01"))
    second = uplifted(clause, usd("1000.00"), observed=value("114.25", "2022-01"), after=first)
    assert [first.price, second.price] == [usd("1045.91"), usd("1081.40")]


def test_a_cap_in_one_year_is_lost_for_good_or_made_up_for_later_as_the_contract_says() -> None:
    """100 at 100.0, capped at 5 %; then 110.0 and 112.0.

    From the previous price: 105.00, and 112/110 of that, 106.909...; from the base: 105.00, and the cap is of 12 % again.
    """
    prices = {}
    for compounding in Compounding:
        clause = by_index("100.0", cap=Rate.percent("5"), compounding=compounding)
        first = uplifted(clause, usd("100.00"), observed=value("110.0"))
        second = uplifted(clause, usd("100.00"), observed=value("112.0"), after=first)
        assert first.limit is Limit.CAP
        prices[compounding] = [str(first.price), str(second.price)]
    assert prices == {
        Compounding.PREVIOUS: ["105.00 USD", "106.91 USD"],
        Compounding.BASE: ["105.00 USD", "105.00 USD"],
    }


# trap 17: what was rounded for the invoice is not what the next change is of
def test_the_next_price_goes_on_from_the_one_that_was_not_rounded() -> None:
    """10.00 by 0.25 % four times: 10.025, 10.0500625, 10.075187..., 10.100375...; of rounded prices it would be 10.12."""
    clause = UpliftClause(rate=Rate.percent("0.25"))
    found: list[Uplifted] = []
    for _ in range(4):
        found.append(uplifted(clause, usd("10.00"), after=found[-1] if found else None))
    assert [str(one.price.amount) for one in found] == ["10.03", "10.05", "10.08", "10.10"]
    assert found[-1].unrounded == 1000 * Fraction("1.0025") ** 4


def test_a_rate_from_the_base_is_added_and_not_compounded() -> None:
    clause = UpliftClause(rate=Rate.percent("10"), compounding=Compounding.BASE)
    first = uplifted(clause, usd("100.00"))
    assert [first.price, uplifted(clause, usd("100.00"), after=first).price] == [usd("110.00"), usd("120.00")]


@pytest.mark.parametrize(
    ("clause", "observed", "asked", "change", "limit", "price"),
    [
        # 104/100: half of 4 % and 1 point
        (
            {"passed_on": Rate.percent("50"), "plus": PercentagePoints.of("1")},
            "104.0",
            "3",
            "3",
            None,
            "1030.00",
        ),
        ({"cap": Rate.percent("3")}, "104.0", "4", "3", Limit.CAP, "1030.00"),
        ({"cap": Rate.percent("4")}, "104.0", "4", "4", None, "1040.00"),  # what is reached does not hold
        ({"floor": Rate.percent("4")}, "104.0", "4", "4", None, "1040.00"),
        ({"floor": Rate.percent("0")}, "97.0", "-3", "0", Limit.FLOOR, "1000.00"),
        # the cap is of the change with the point, not of the index: in the declared order
        (
            {"plus": PercentagePoints.of("1"), "cap": Rate.percent("4")},
            "104.0",
            "5",
            "4",
            Limit.CAP,
            "1040.00",
        ),
        # 1043.21 in steps of 5; of the change that was rounded to 4.3 %: 1043 in steps of 1
        ({"step": usd("5")}, "104.321", "4.321", "4.321", None, "1045.00"),
        ({"ratio_digits": 3, "step": usd("1")}, "104.321", "4.3", "4.3", None, "1043.00"),
    ],
)
def test_index_then_cap_or_floor_then_price(
    clause: dict[str, Any], observed: str, asked: str, change: str, limit: Limit | None, price: str
) -> None:
    found = uplifted(by_index("100.0", **clause), usd("1000.00"), observed=value(observed))
    assert (found.asked, found.change, found.limit) == (Rate.percent(asked), Rate.percent(change), limit)
    assert found.price == usd(price)


@given(
    strategies.money("EUR", 1, 10**9), st.lists(st.integers(800, 1300), min_size=1, max_size=6),
    st.sampled_from(Compounding), st.none() | st.integers(1, 6),
)  # fmt: skip
def test_without_cap_and_roundings_the_price_follows_the_index(
    start: Money, observed: list[int], compounding: Compounding, digits: int | None
) -> None:
    clause = by_index("100.0", compounding=compounding)
    found: list[Uplifted] = []
    for number in observed:
        shown = value(f"{Decimal(number) / 10:.1f}")
        found.append(uplifted(clause, start, observed=shown, after=found[-1] if found else None))
    assert found[-1].unrounded == Fraction(start.minor) * Fraction(observed[-1], 1000)
    assert [one.number for one in found] == list(range(1, len(observed) + 1))


def test_what_costs_nothing_costs_nothing_afterwards() -> None:
    assert uplifted(UpliftClause(rate=Rate.percent("3")), usd("0")).price == usd("0")
    assert uplifted(
        by_index("100.0", plus=PercentagePoints.of("-100")), usd("1"), observed=value("100.0")
    ).price == usd("0")


def test_everything_that_is_wrong_with_a_clause_is_said_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        UpliftClause(
            rate=Rate.percent("1"), index="CPI", ratio_digits=0, rounding="up", passed_on=Rate.percent("101"),
            cap=Rate.percent("1"), floor=Rate.percent("2"), step=usd("0"),
        )  # fmt: skip
    assert [fault.path for fault in caught.value.faults] == [
        "rate", "base", "ratio_digits", "rounding", "passed_on", "cap", "step",
    ]  # fmt: skip
    assert by_index("0.000000000001", ratio_digits=12).ratio_digits == 12
    assert by_index("100", ratio_digits=1).passed_on == Rate.percent("100")
    for number in ("0", "1E+2", "NaN", "-1", "0.0000000000001"):
        with pytest.raises(InvalidInput, match="accepted: a Decimal above 0"):
            value(number)


def test_a_price_is_not_uplifted_by_what_does_not_belong_to_it() -> None:
    clause, fixed = by_index("100.0"), UpliftClause(rate=Rate.percent("1"), step=usd("1"))
    with pytest.raises(InvalidInput, match="found None; accepted: the value of CPI @ observed"):
        uplifted(clause, usd("1"))
    with pytest.raises(InvalidInput) as caught:
        uplifted(fixed, Money.of("1", "EUR"), observed=value("1"), after=uplifted(fixed, usd("2")))
    assert [fault.path for fault in caught.value.faults] == ["observed", "start", "after"]
    with pytest.raises(InvalidInput, match="accepted: a floor, such as 0 %"):
        uplifted(by_index("100.0", plus=PercentagePoints.of("-150")), usd("1"), observed=value("100.0"))


def test_what_is_stored_comes_back_as_it_was() -> None:
    clause = by_index("100.0", cap=Rate.percent("5"), step=usd("5"))
    found = uplifted(clause, usd("1000.00"), observed=value("104.32"))
    assert from_plain(to_plain(found), Uplifted) == found


@pytest.mark.parametrize("record", [UpliftClause, Uplifted])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_what_an_uplift_leaves_open_is_read_in_the_usual_way() -> None:
    clause = UpliftClause(rate=Rate.percent("3"))
    assert (clause.passed_on, clause.plus, clause.compounding, clause.ratio_rounding, clause.rounding) == (
        Rate.percent("100"), PercentagePoints.of(0), Compounding.PREVIOUS, "ROUND_HALF_UP", "ROUND_HALF_UP",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({}, ["found both, or neither; accepted: a rate or an index @ rate"]),
        ({"rate": Rate.percent("1"), "index": "CPI", "base": value("100")}, ["found both, or neither; accepted: a rate or an index @ rate"]),
        ({"index": "CPI"}, ["an index goes with the value that it stood at @ base"]),
        ({"rate": Rate.percent("1"), "base": value("100")}, ["an index goes with the value that it stood at @ base"]),
        *(({"rate": Rate.percent("1"), "ratio_digits": digits}, [f"found {digits!r}; accepted: 1 to 12, or none @ ratio_digits"])
          for digits in (0, 13, True)),
        *(({"rate": Rate.percent("1"), "passed_on": Rate.percent(share)}, [f"found {share} %; accepted: above 0 %, up to 100 % @ passed_on"])
          for share in ("0", "-1", "100.1")),
        ({"rate": Rate.percent("1"), "cap": Rate.percent("1"), "floor": Rate.percent("2")}, ["found 1 %, below the floor of 2 % @ cap"]),
        *(({"rate": Rate.percent("1"), "step": usd(step)}, [f"found {step}.00 USD; accepted: above zero @ step"]) for step in ("0", "-1")),
    ],
)  # fmt: skip
def test_a_clause_that_cannot_be_is_refused_at_its_part(parts: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        UpliftClause(**parts)
    assert list(map(str, refused.value.faults)) == faults


@pytest.mark.parametrize("name", ["ratio_rounding", "rounding"])
def test_a_rounding_is_one_of_decimal(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        UpliftClause(rate=Rate.percent("1"), **{name: "up"})  # type: ignore[arg-type]
    assert [fault.path for fault in refused.value.faults] == [name]


def test_a_clause_may_be_at_its_bounds() -> None:
    one = Rate.percent("1")
    assert UpliftClause(rate=one, cap=one, floor=one).cap == one
    assert UpliftClause(rate=one, step=usd("0.01"), passed_on=Rate.percent("0.01")).step == usd("0.01")
    assert [by_index("1", ratio_digits=digits).ratio_digits for digits in (1, 12)] == [1, 12]


@pytest.mark.parametrize(
    ("period", "number"), [("", "1"), ("2026-01", "0"), ("2026-01", "-0.1"), ("2026-01", "Infinity")]
)
def test_the_value_of_an_index_has_a_period_and_is_above_zero(period: str, number: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        IndexValue(period, Decimal(number))
    assert [fault.path for fault in refused.value.faults] == ["value" if period else "period"]


def test_everything_that_is_wrong_with_the_value_of_an_index_is_said_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        IndexValue(2026, 1.5)  # type: ignore[arg-type]
    assert list(map(str, refused.value.faults)) == [
        "found 2026; accepted: the period that it is of @ period",
        "found 1.5; accepted: a Decimal above 0, with the digits of the publication @ value",
    ]


@pytest.mark.parametrize(
    ("compounding", "befores", "references", "changes", "prices"),
    [  # 100.00 USD at 100; 110, then 121
        (Compounding.PREVIOUS, [10_000, 11_000], ["100", "110"], ["10", "10"], ["110", "121"]),
        (Compounding.BASE, [10_000, 10_000], ["100", "100"], ["10", "21"], ["110", "121"]),
    ],
)
def test_an_uplift_keeps_each_step_that_led_to_its_price(
    compounding: Compounding, befores: list[int], references: list[str], changes: list[str], prices: list[str]
) -> None:
    clause = by_index("100", compounding=compounding)
    first = uplifted(clause, usd("100"), observed=value("110"))
    second = uplifted(clause, usd("100"), observed=value("121"), after=first)
    found = (first, second)
    assert [one.before for one in found] == [Fraction(before) for before in befores]
    assert [one.reference and one.reference.value for one in found] == [
        Decimal(reference) for reference in references
    ]
    assert [(one.asked, one.change, one.limit) for one in found] == [
        (Rate.percent(c), Rate.percent(c), None) for c in changes
    ]
    assert [one.price for one in found] == [usd(price) for price in prices]
    assert [one.ratio for one in found] == [1 + Rate.percent(change).fraction for change in changes]
    assert [(one.clause, one.start, one.number) for one in found] == [
        (clause, usd("100"), 1),
        (clause, usd("100"), 2),
    ]
    assert [one.observed for one in found] == [value("110"), value("121")]
    assert [one.unrounded for one in found] == [Fraction(usd(price).minor) for price in prices]


def test_a_rate_has_no_index_and_points_are_added_to_it() -> None:
    clause = UpliftClause(rate=Rate.percent("3"), plus=PercentagePoints.of("1"))
    found = uplifted(clause, usd("100"))
    assert (found.reference, found.observed, found.ratio, found.asked) == (
        None,
        None,
        None,
        Rate.percent("4"),
    )
    twice = uplifted(attrs.evolve(clause, compounding=Compounding.BASE), usd("100"))
    again = uplifted(twice.clause, usd("100"), after=twice)
    assert (again.asked, again.price) == (
        Rate.percent("7"),
        usd("107"),
    )  # three times two, and the point once


@pytest.mark.parametrize(
    ("rounding", "price"), [("ROUND_HALF_UP", "1.03"), ("ROUND_HALF_EVEN", "1.02"), ("ROUND_DOWN", "1.02"), ("ROUND_UP", "1.03")]
)  # fmt: skip
def test_a_price_is_rounded_as_the_contract_says(rounding: str, price: str) -> None:
    assert uplifted(UpliftClause(rate=Rate.percent("2.5"), rounding=rounding), usd("1.00")).price == usd(
        price
    )
    digits = by_index("100", ratio_digits=2, ratio_rounding=rounding)  # 1.025
    assert uplifted(digits, usd("1.00"), observed=value("102.5")).price == usd(price)


@pytest.mark.parametrize(
    ("clause", "options", "faults"),
    [
        (UpliftClause(rate=Rate.percent("1")), {"observed": value("1")},
         ["found IndexValue(period='2026-01', value=Decimal('1')); accepted: none for a rate @ observed"]),
        (UpliftClause(rate=Rate.percent("1"), step=Money.of("1", "EUR")), {},
         ["found 1.00 USD, and steps of 1.00 EUR; accepted: one currency @ start"]),
        *((UpliftClause(rate=Rate.percent("1")), {"after": uplifted(UpliftClause(rate=Rate.percent(rate)), usd(start))},
           ["found one of another clause or price; accepted: the last one of this contract @ after"])
          for rate, start in (("2", "1"), ("1", "2"))),
    ],
)  # fmt: skip
def test_what_does_not_belong_to_the_price_is_refused_at_its_part(
    clause: UpliftClause, options: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        uplifted(clause, usd("1"), **options)
    assert list(map(str, refused.value.faults)) == faults
