"""Where a document rounds every line, so does a component that says so; elsewhere nothing is rounded but the whole.

By hand: three sales of 0.35 EUR at 10 % are 0.035 each: rounded by themselves, half up, 0.04 three
times, 0.12; together 0.105, which is 0.11.
"""

import datetime
from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.incentives import (
    Accumulate,
    Band,
    Component,
    ComponentPolicy,
    Curve,
    Earning,
    LineKind,
    Rounding,
    Share,
)
from prmcore.values import Money, Rate

TENTH = Curve((Band(rate=Rate.percent(10)),))
DAY = datetime.date(2026, 1, 1)


def component(each: bool, rounding: Rounding = Rounding.HALF_UP, **said: Any) -> Component:
    return Component(
        name="it",
        unit="EUR",
        curve=TENTH,
        accumulate=Accumulate.TRANSACTION,
        round_each=each,
        rounding=rounding,
        **said,
    )


def earning(*minor: int, **returned: int) -> Earning:
    sales = [
        Share(transaction=f"s{n}", day=DAY, quantity=F(one), pay=F(one), bucket=f"s{n}")
        for n, one in enumerate(minor)
    ]
    backs = [
        Share(transaction=f"r-{name}", day=DAY, quantity=F(-one), pay=F(-one), bucket=name, returns=name)
        for name, one in returned.items()
    ]
    return Earning(payee="p", period="FY2026-Q1", shares=(*sales, *backs))


def minor(found: Component, what: Earning) -> int:
    amount = ComponentPolicy(found, "a/1/b/it").entitlement(what).amount
    assert amount is not None
    return amount.minor


def test_each_sale_is_rounded_by_itself_or_all_of_them_once() -> None:
    assert minor(component(True), earning(35, 35, 35)) == 12
    assert minor(component(False), earning(35, 35, 35)) == 11


def test_what_rounding_does_is_a_line_of_its_sale() -> None:
    lines = ComponentPolicy(component(True), "a/1/b/it").entitlement(earning(35, 40)).lines
    assert [(line.what, line.amount, line.transaction) for line in lines] == [
        (LineKind.BAND, F(7, 2), None),
        (LineKind.ROUNDING, F(1, 2), "s0"),
        (LineKind.BAND, F(4), None),
    ]


def test_a_minimum_comes_before_the_rounding() -> None:
    assert minor(component(True, minimum=Money.of("0.05", "EUR")), earning(35)) == 5


def test_what_all_transactions_share_cannot_be_rounded_one_by_one() -> None:
    with pytest.raises(InvalidInput, match="goes with accumulate = transaction or group"):
        Component(name="it", unit="EUR", curve=TENTH, round_each=True)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=6), st.sampled_from(Rounding))
def test_sales_that_are_all_returned_leave_nothing_and_each_sum_is_of_whole_units(
    sold: list[int], rounding: Rounding
) -> None:
    rounded = component(True, rounding)
    assert minor(rounded, earning(*sold)) == sum(rounding.whole(F(one, 10)) for one in sold)
    assert minor(rounded, earning(*sold, **{f"s{n}": one for n, one in enumerate(sold)})) == 0
