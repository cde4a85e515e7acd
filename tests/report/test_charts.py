"""The payout curve as a picture: what is drawn is where the numbers are."""

import re
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from prmcore.decisions.explain import Words
from prmcore.incentives import Band, Base, Component, Curve, Mode, Package
from prmcore.incentives.outlook import payout_curve
from prmcore.report.charts import payout
from prmcore.testing import strategies
from prmcore.values import Money, Rate


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


CLIFF = Component(
    name="rebate",
    unit="EUR",
    curve=Curve((Band(up_to=eur("1000"), rate=Rate.percent(10)), Band(rate=Rate.percent(5))), Mode.WHOLE),
)


def drawn(
    component: Component, locale: str = "en", sold: str | None = "EUR", **more: Any
) -> ElementTree.Element:
    """The picture as a tree: it is well-formed, whatever is in it."""
    html = payout("rebate", payout_curve(component, **more), Words.of(locale), pays=component.unit, sold=sold)
    return ElementTree.fromstring(html)


def texts(tree: ElementTree.Element) -> list[str]:
    return [found.text or "" for found in tree.iter("text")]


def curve_lines(tree: ElementTree.Element) -> list[ElementTree.Element]:
    """The lines of the curve, not those of the axes."""
    return [line for line in tree.iter("line") if line.get("stroke-width")]


def test_axes_have_round_numbers_of_the_currency_as_the_locale_writes_them() -> None:
    """Sales to 1,500.00 and payouts to 100.00: steps of 200 across and of 20 up."""
    english, german = texts(drawn(CLIFF)), texts(drawn(CLIFF, "de"))
    assert english == [
        "0", "20", "40", "60", "80", "100", "0", "200", "400", "600", "800", "1,000", "1,200", "1,400",
        "paid, in EUR", "sold, in EUR",
    ]  # fmt: skip
    assert "1.000" in german
    assert texts(drawn(CLIFF, "ja"))[-2:] == ["支払い（EUR）", "売上（EUR）"]


def test_a_jump_is_dashed_and_straight_down_between_a_full_and_an_open_dot() -> None:
    tree = drawn(CLIFF)
    dashed = [line for line in curve_lines(tree) if line.get("stroke-dasharray")]
    assert len(dashed) == 1
    assert dashed[0].get("x1") == dashed[0].get("x2")
    dots = {
        (circle.get("cx"), circle.get("cy")): "fill:#fff" in (circle.get("style") or "")
        for circle in tree.iter("circle")
    }
    assert dots[dashed[0].get("x1"), dashed[0].get("y1")] is False  # 1,000.00 is paid 100.00
    assert dots[dashed[0].get("x2"), dashed[0].get("y2")] is True  # and comes close to 50.00


def test_points_stand_where_their_numbers_put_them() -> None:
    """Two thirds of the way across and at the top: 1,000.00 of 1,500.00, 100.00 of 100.00; then half way up."""
    lines = curve_lines(drawn(CLIFF))
    left, right = float(lines[0].get("x1", "")), float(lines[-1].get("x2", ""))
    bottom, top = float(lines[0].get("y1", "")), float(lines[0].get("y2", ""))
    assert float(lines[0].get("x2", "")) == pytest.approx(left + (right - left) * 2 / 3, abs=0.1)
    assert float(lines[1].get("y2", "")) == pytest.approx((bottom + top) / 2, abs=0.1)


def test_each_line_begins_where_the_one_before_ends() -> None:
    lines = curve_lines(drawn(CLIFF))
    ends = [(line.get("x2"), line.get("y2")) for line in lines]
    starts = [(line.get("x1"), line.get("y1")) for line in lines]
    assert ends[:-1] == starts[1:]


def test_dots_tell_their_numbers() -> None:
    titles = [title.text for title in drawn(CLIFF).iter("title")]
    assert titles == ["€0.00: €0.00", "€1,000.00: €100.00", "€1,000.00: €50.00", "€1,500.00: €75.00"]


def test_units_and_points_are_no_money() -> None:
    made = Curve((Band(each=Money("points", 3)),))
    dozens = Component(
        name="miles", unit="points", base=Base.UNITS, curve=made, package=Package(size=Fraction(12))
    )
    tree = drawn(dozens, sold=None, upto=24)
    assert texts(tree)[-2:] == ["paid, in points", "sold, in units"]
    assert [title.text for title in tree.iter("title")][1:3] == ["12: 0 points", "12: 3 points"]


def test_dots_that_would_hide_the_line_are_left_out() -> None:
    """A hundred packages are two hundred dots."""
    made = Curve((Band(each=eur("1")),))
    one = Component(name="rebate", unit="EUR", base=Base.UNITS, curve=made, package=Package(size=Fraction(1)))
    assert len(list(drawn(one, sold=None, upto=10).iter("circle"))) > 10
    assert list(drawn(one, sold=None, upto=100).iter("circle")) == []


def test_nothing_paid_is_a_flat_line_and_no_error() -> None:
    nothing = Component(name="nothing", unit="JPY", curve=Curve((Band(),)))
    heights = {line.get("y1") for line in curve_lines(drawn(nothing, sold="JPY"))}
    assert len(heights) == 1


@settings(max_examples=40)
@given(strategies.of(Component).filter(lambda one: one.package is None))  # packages are many points
def test_any_curve_is_drawn_within_its_frame(component: Component) -> None:
    points = payout_curve(component, quota=1_000, baseline=500)
    tree = ElementTree.fromstring(payout("rebate", points, Words.of("zh"), pays=component.unit, sold="EUR"))
    (svg,) = tree.iter("svg")
    width, height = (float(one) for one in re.findall(r"[0-9]+", svg.get("viewBox", ""))[2:])
    for circle in tree.iter("circle"):
        assert 0 <= float(circle.get("cx", "")) <= width
        assert 0 <= float(circle.get("cy", "")) <= height
