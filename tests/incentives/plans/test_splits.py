"""Splits of credit and of payouts lose no minor unit, and say why a split is none."""

import functools
import operator
import pickle
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.incentives.plans.curve import Band, Curve, Mode, Rounding
from prmcore.incentives.plans.splits import At, Parts, Split, SplitKind
from prmcore.values import Money, Rate
from prmcore.values.wire import from_plain, to_plain

PERCENT = Rate.percent


def percents(**shares: str) -> dict[str, Rate]:
    return {payee: PERCENT(share) for payee, share in shares.items()}


# 33.33, 33.33 and 33.34 % of 100.00 are whole cents; a third of it is 33.33 1/3, and the cent left over goes to a.
@pytest.mark.parametrize(
    ("shares", "parts"),
    [
        (percents(a="33.33", b="33.33", c="33.34"), {"a": 3333, "b": 3333, "c": 3334}),
        ({name: Rate(1, 3) for name in "abc"}, {"a": 3334, "b": 3333, "c": 3333}),
        ({name: Fraction(1, 3) for name in "cab"}, {"a": 3334, "b": 3333, "c": 3333}),
        (percents(a="100"), {"a": 10_000}),
        (percents(a="100", b="0"), {"a": 10_000, "b": 0}),
    ],
)
def test_a_revenue_split_may_be_of_thirds_or_of_percentages_that_make_a_hundred(
    shares: dict[str, Any], parts: dict[str, int]
) -> None:
    assert Split(shares=shares).paid_out(10_000) == Parts(parts)


# ERPNext compares the float total of the percentages with 100.0.
def test_seven_percentages_that_no_float_adds_up_are_a_whole() -> None:
    """T17: 6 x 14.29 + 14.26 is 100; in floats it is not."""
    shares = percents(**dict.fromkeys("abcdef", "14.29"), g="14.26")
    one_by_one = functools.reduce(
        operator.add, [14.29] * 6 + [14.26]
    )  # `sum` of newer Pythons makes up for it
    assert one_by_one != 100.0
    assert Split(shares=shares).whole == 1
    assert Split(shares=shares).paid_out(10_000).shares == {**dict.fromkeys("abcdef", 1429), "g": 1426}


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (percents(a="33.33", b="33.33", c="33.33"), "the shares make 99.99 %; a revenue split makes 100 % exactly: 0.01 % is missing"),
        (percents(a="60", b="50"), "the shares make 110 %; a revenue split makes 100 % exactly: 10 % is too much"),
        ({"a": Rate(1, 3), "b": Rate(1, 3)}, "the shares make 2/3; a revenue split makes 100 % exactly: 1/3 is missing"),
        ({}, "accepted: one share above zero at least"),
        (percents(a="0"), "accepted: one share above zero at least"),
    ],
)  # fmt: skip
def test_a_revenue_split_makes_exactly_a_hundred_percent(shares: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Split(shares=shares)
    assert [(fault.message, fault.path) for fault in caught.value.faults] == [(said, "shares")]


def test_all_that_is_wrong_with_a_split_is_said_at_once() -> None:
    unknown: Any = "largest"
    with pytest.raises(InvalidInput) as caught:
        Split(shares=percents(a="120", b="-20") | {" c": Rate(0)}, method=unknown, house="")
    assert [fault.path for fault in caught.value.faults] == ["shares.b", "shares", "method", "house", "house"]


@pytest.mark.parametrize("share", [0.5, "50", None, True, Decimal("NaN")])
def test_a_share_is_a_rate_or_a_fraction(share: Any) -> None:
    """T16: a float is no share, and a text says with its unit what it means."""
    with pytest.raises(InvalidInput):
        Split(shares={"a": share, "b": share})


def test_shares_that_are_not_rounded_alone_add_up_to_the_whole() -> None:
    """T18: thirds of 1.00, each rounded alone, are 0.99."""
    parts = Split(shares={name: Rate(1, 3) for name in "abc"}).paid_out(100)
    assert (parts.shares, parts.total) == ({"a": 34, "b": 33, "c": 33}, 100)


@pytest.mark.parametrize("method", ["largest_remainder", "first", "last", "largest_ratio", "separate"])
def test_what_is_taken_back_is_the_mirror_of_what_was_paid(method: Any) -> None:
    """T15: 5 by 70:30, and -5."""
    split = Split(shares=percents(a="70", b="30"), method=method)
    paid, back = split.paid_out(5), split.paid_out(-5)
    assert (paid.total, back.total) == (5, -5)
    assert back == Parts({payee: -share for payee, share in paid.shares.items()}, -paid.rest)


# Thirds of 1.00 leave a cent over.
def test_the_house_gets_what_is_left_over_or_nobody_does() -> None:
    shares = {name: Rate(1, 3) for name in "abc"}
    thirds = dict.fromkeys("abc", 33)
    assert Split(shares=shares, method="separate").paid_out(100) == Parts(thirds, rest=1)
    assert Split(shares=shares, method="separate", house="house").paid_out(100) == Parts(
        {**thirds, "house": 1}
    )
    assert Split(shares=shares, method="separate", house="b").paid_out(-100) == Parts(
        {"a": -33, "b": -34, "c": -33}
    )


def test_only_what_leaves_something_over_has_a_house() -> None:
    with pytest.raises(
        InvalidInput, match="goes with separate; largest_remainder leaves nothing over @ house"
    ):
        Split(shares=percents(a="100"), house="house")


# Of 99 cents: 15 % are 14.85 and 7.5 % 7.425, together 22.275, rounded 22 (down 22, and of 98: 22.05, so 22).
# Rounded down they are 14 and 7, and the one left over goes to the larger remainder, that of a.
# Of 1,000.01 at 100 and 50 %: 100001 and 50000.5, together 150001.5, half even 150002, half up the same, down 150001.
@pytest.mark.parametrize(
    ("shares", "amount", "rounding", "parts"),
    [
        (percents(a="15", b="7.5"), 99, Rounding.HALF_EVEN, {"a": 15, "b": 7}),
        (percents(a="15", b="7.5"), -99, Rounding.HALF_EVEN, {"a": -15, "b": -7}),
        (percents(a="100", b="50"), 100_001, Rounding.HALF_EVEN, {"a": 100_001, "b": 50_001}),
        (percents(a="100", b="50"), 100_001, Rounding.DOWN, {"a": 100_001, "b": 50_000}),
        (percents(a="100", b="50"), -100_001, Rounding.HALF_UP, {"a": -100_001, "b": -50_001}),
        (percents(a="2.5"), 100, Rounding.HALF_EVEN, {"a": 2}),
        (percents(a="2.5"), 100, Rounding.HALF_UP, {"a": 3}),
    ],
)
def test_an_overlay_is_rounded_as_a_whole_and_its_parts_add_up_to_that(
    shares: dict[str, Rate], amount: int, rounding: Rounding, parts: dict[str, int]
) -> None:
    """T18"""
    split = Split(shares=shares, kind=SplitKind.OVERLAY)
    assert split.paid_out(amount, rounding) == Parts(parts)


# 10 % up to 1,000.00, 20 % beyond. Of a sale of 2,000.00, credited half and half, each half is 1,000.00 and pays 100.00.
# Calculated once, it pays 100.00 + 200.00, and each half of that is 150.00.
def test_splitting_the_credit_and_splitting_the_payout_differ_as_soon_as_there_are_bands() -> None:
    bands = Curve(
        mode=Mode.MARGINAL,
        bands=(Band(up_to=Money.of(1000, "EUR"), rate=PERCENT("10")), Band(rate=PERCENT("20"))),
    )
    halves = percents(a="50", b="50")
    credited = Split(shares=halves, at=At.CREDIT).credited(200_000)
    assert {payee: bands.amount(part) for payee, part in credited.shares.items()} == {
        "a": 10_000,
        "b": 10_000,
    }
    paid = Split(shares=halves, at=At.PAYOUT).paid_out(int(bands.amount(200_000)))
    assert paid.shares == {"a": 15_000, "b": 15_000}


def test_nothing_is_split_twice() -> None:
    with pytest.raises(InvalidInput, match="the split is of the credit; the payout is not split once more"):
        Split(shares=percents(a="100"), at=At.CREDIT).paid_out(100)
    with pytest.raises(InvalidInput, match="the split is of the payout; the credit is not split once more"):
        Split(shares=percents(a="100")).credited(100)


@pytest.mark.parametrize("amount", [1.0, True, "1", None, Fraction(1, 2)])
def test_what_is_split_is_a_number_of_minor_units(amount: Any) -> None:
    with pytest.raises(InvalidInput, match="accepted: an int of minor units"):
        Split(shares=percents(a="100")).paid_out(amount)


def test_what_a_split_does_not_say() -> None:
    assert (", ".join(SplitKind), ", ".join(At)) == ("revenue, overlay", "credit, payout")
    made = Split(shares=percents(a="100"))
    assert (made.kind, made.at, made.method, made.house) == (
        SplitKind.REVENUE,
        At.PAYOUT,
        "largest_remainder",
        None,
    )
    assert all(field.kw_only for field in attrs.fields(Split))
    assert Parts({"a": 2}) == Parts({"a": 2}, 0)
    assert Parts({"a": 2, "b": 3}, 4).total == 9


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({"shares": {"": 1}}, [("shares", "found ''")]),
        ({"shares": {"a": 2, "b": -1}}, [("shares.b", "found -100 %; accepted: zero or more")]),
        (
            {"shares": {"a": 1}, "method": "largest"},
            [("method", "unknown method of allocation 'largest'; did you mean 'last'")],
        ),
        ({"shares": {"a": 1}, "method": "separate", "house": ""}, [("house", "found ''")]),
        ({"shares": {"a": 1}, "method": "first", "house": "h"}, [("house", "goes with separate; first leaves nothing")]),
        (
            {"shares": {"a": Fraction(-1)}, "kind": SplitKind.OVERLAY},
            [("shares.a", "found -100 %"), ("shares", "one share above zero at least")],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_split_is_said_with_its_path(
    said: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput, match="the split cannot be used") as caught:
        Split(**said)
    assert [fault.path for fault in caught.value.faults] == [path for path, _ in faults]
    for fault, (_, words) in zip(caught.value.faults, faults, strict=True):
        assert words in fault.message


def test_an_overlay_may_be_of_any_total_above_zero() -> None:
    for shares in ({"a": Fraction(1, 100)}, {"a": Fraction(3), "b": Fraction(0)}):
        made = Split(shares=shares, kind=SplitKind.OVERLAY)
        assert made.whole == sum(shares.values())
        assert made.exact(Fraction(1, 2)) == {payee: share / 2 for payee, share in shares.items()}


WEIGHTS = st.dictionaries(
    st.sampled_from("abcdefgh"), st.fractions(0, 3, max_denominator=30), min_size=1, max_size=6
).filter(lambda shares: any(shares.values()))
METHODS = st.sampled_from(["largest_remainder", "first", "last", "largest_ratio", "separate"])
AMOUNTS = st.integers(-(10**17), 10**17) | st.integers(-20, 20)


def is_near(part: int, exact: Fraction, method: str) -> bool:
    """Within a unit; the methods that do not look at remainders may give one to a share that has none."""
    return abs(part - exact) < 1 or (method in ("first", "last", "largest_ratio") and abs(part - exact) == 1)


def as_revenue(weights: dict[str, Fraction]) -> dict[str, Fraction]:
    whole = sum(weights.values())
    return {payee: weight / whole for payee, weight in weights.items()}


@given(WEIGHTS, METHODS, AMOUNTS, st.sampled_from([None, "house", "a"]), st.randoms())
def test_a_revenue_split_gives_everything_and_no_more(
    weights: dict[str, Fraction], method: Any, amount: int, house: str | None, shuffle: random.Random
) -> None:
    """T15, T18"""
    house = house if method == "separate" else None
    shares = as_revenue(weights)
    parts = Split(shares=shares, method=method, house=house).paid_out(amount)
    assert parts.total == amount
    assert not parts.rest or (method == "separate" and house is None)
    for payee, share in shares.items():
        if payee != house:
            assert is_near(parts.shares[payee], amount * share, method)
            assert share or not parts.shares[payee]
    mirrored = Split(shares=shares, method=method, house=house).paid_out(-amount)
    assert mirrored == Parts({payee: -part for payee, part in parts.shares.items()}, -parts.rest)
    items = list(shares.items())
    shuffle.shuffle(items)
    assert Split(shares=dict(items), method=method, house=house).paid_out(amount) == parts


@given(WEIGHTS, METHODS, AMOUNTS, st.sampled_from(Rounding))
def test_an_overlay_adds_up_to_its_rounded_whole(
    weights: dict[str, Fraction], method: Any, amount: int, rounding: Rounding
) -> None:
    """T14, T18: the whole is rounded once, no share is a unit off, and a refund is the mirror."""
    split = Split(shares=weights, kind=SplitKind.OVERLAY, at=At.CREDIT, method=method)
    parts = split.credited(amount, rounding)
    exact = amount * sum(weights.values(), Fraction(0))
    expected = {
        Rounding.HALF_EVEN: round(exact),
        Rounding.HALF_UP: int(abs(exact) + Fraction(1, 2)) * (1 if exact > 0 else -1),
        Rounding.DOWN: int(exact),
    }
    assert parts.total == expected[rounding]
    for payee, part in parts.shares.items():
        assert is_near(part, amount * weights[payee], method)
        assert weights[payee] or not part
    assert split.credited(-amount, rounding).total == -parts.total


@given(WEIGHTS, st.fractions())
def test_the_exact_parts_of_a_revenue_split_are_the_quantity(
    weights: dict[str, Fraction], quantity: Fraction
) -> None:
    assert sum(Split(shares=as_revenue(weights)).exact(quantity).values()) == quantity


@given(WEIGHTS, st.sampled_from(At))
def test_a_split_is_written_and_read_and_pickled_without_loss(weights: dict[str, Fraction], at: At) -> None:
    split = Split(shares=as_revenue(weights), at=at, method="separate", house="house")
    for again in (from_plain(to_plain(split), Split), pickle.loads(pickle.dumps(split))):
        assert again == split
        assert hash(again) == hash(split)
