"""A price in words: every sentence, in English."""

import datetime
from fractions import Fraction as F
from typing import Any

import pytest

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, Truth, fact
from prmcore.decisions.criteria import Rule, RuleReason
from prmcore.decisions.explain import explain
from prmcore.incentives.stacking import Combine, DealLine, Of, PriceBenefit, Stacking
from prmcore.incentives.stacking.said import called
from prmcore.values import Money, PercentagePoints, Rate, Text

DAY = datetime.date(2026, 3, 31)
SCHEMA = FactSchema(
    "deal line",
    (FactField("level", Kind.CODE, Text.of("partner level")), FactField("units", Kind.COUNT, Text.of("units sold"))),
)  # fmt: skip
STANDARD = Text.of("standard discount", ja="標準割引")


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def off(name: str, percent: str, **said: Any) -> PriceBenefit:
    return PriceBenefit(name=name, rate=Rate.percent(percent), **said)


def lines(
    *benefits: PriceBenefit, price: str = "100", quantity: int = 1, facts: dict[str, Any] | None = None, **said: Any
) -> list[str]:  # fmt: skip
    """What is said below the list price."""
    stacking = Stacking(name="reseller/2026/price", facts=SCHEMA, benefits=benefits, **said)
    sheet = None if facts is None else FactSheet.of(SCHEMA, facts)
    line = DealLine(list_price=eur(price), quantity=F(quantity), facts=sheet)
    first, second, *rest = explain(stacking.decide(line, DAY)).lines()
    assert first.startswith("reseller/2026/price on March 31, 2026: ")
    assert second == f"  list price: {'-' if price[0] == '-' else ''}€{price.removeprefix('-')}.00"
    return rest


POINTS = PriceBenefit(name="registered", points=PercentagePoints.of("5"), raises="std")
EACH = PriceBenefit(name="bundle", each=eur("5"))


@pytest.mark.parametrize(
    ("benefits", "quantity", "said"),
    [
        ((off("a", "10"),), 1, ["  a, 10% of €100.00, takes off €10.00"]),
        ((PriceBenefit(name="v", amount=eur("3")),), 1, ["  v takes off €3.00"]),
        ((EACH,), 1, ["  bundle, €5.00 for each of 1 unit, takes off €5.00"]),
        ((EACH,), 2, ["  bundle, €5.00 for each of 2 units, takes off €10.00"]),
        (
            (off("a", "10"), off("std", "20", of=Of.LEFT, text=STANDARD), POINTS), 1,
            [
                "  a, 10% of €100.00, takes off €10.00",
                "  standard discount, 20% of €90.00, takes off €18.00",
                "  registered, 5 points added to standard discount, of €90.00, takes off €4.50",
            ],
        ),
        (
            (off("a", "33.333"),), 1,
            ["  a, 33.333% of €100.00, takes off €33.33", "    rounded from €33.333"],
        ),
        (
            (off("a", "60"), off("b", "60")), 1,
            [
                "  a, 60% of €100.00, takes off €60.00", "  b, 60% of €100.00, takes off €40.00",
                "    cut from €60.00: no more is left of the price",
            ],
        ),
    ],
)  # fmt: skip
def test_a_reduction_is_said_with_how_it_is_calculated(
    benefits: tuple[PriceBenefit, ...], quantity: int, said: list[str]
) -> None:
    assert lines(*benefits, quantity=quantity) == said


def test_a_cut_to_the_ceiling_names_the_ceiling() -> None:
    assert lines(off("a", "60"), ceiling=Rate.percent("50")) == [
        "  a, 60% of €100.00, takes off €50.00",
        "    cut from €60.00: all benefits together take off 50% at most",
    ]


def test_what_is_taken_back_of_one_unit_is_of_one_unit() -> None:
    (said,) = lines(EACH, price="-100", quantity=-1)
    assert said == "  bundle, €5.00 for each of -1 unit, takes off -€5.00"


GOLD = off("gold", "30", when=fact("level").one_of("gold"), exclusive="std", priority=1)
LARGE = off(
    "large", "20", when=fact("units").at_least(9), exclusive="std", priority=2, text=Text.of("large deal")
)
NO = "is not given:"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"level": "gold", "units": 9},
            [
                "  gold, 30% of €100.00, takes off €30.00",
                "  registered, 5 points added to std, of €100.00, takes off €5.00",
                f"  large deal {NO} gold comes before it, and only the first applies",
            ],
        ),
        (
            {"level": "silver", "units": 8},
            [
                f"  gold {NO} what it asks for is not met",
                "    ✗ partner level: silver, asked for one of gold",
                f"  large deal {NO} what it asks for is not met",
                "    ✗ units sold: 8, asked for at least 9",
                f"  registered {NO} std, which it adds to, does not apply",
            ],
        ),
        (
            {"units": 9},
            [
                f"  gold {NO} it depends on what is not known: partner level",
                "    ? partner level: unknown, asked for one of gold",
                f"  large deal {NO} gold would come before it, and whether that applies is not known",
                f"  registered {NO} std, which it adds to, does not apply",
            ],
        ),
    ],
)
def test_why_a_benefit_is_not_given_is_said_with_what_it_asks_for(
    facts: dict[str, Any], said: list[str]
) -> None:
    assert lines(GOLD, LARGE, POINTS, facts=facts) == said


def test_of_the_best_it_is_said_which_one_it_is() -> None:
    assert lines(off("a", "10"), LARGE, combine=Combine.BEST_OF, facts={"units": 9}) == [
        "  large deal, 20% of €100.00, takes off €20.00",
        f"  a {NO} large deal takes off as much or more, and only the best applies",
    ]


def test_what_a_function_does_not_know_names_no_fact() -> None:
    rule = Rule("weather", lambda facts, day: RuleReason(Truth.UNKNOWN))
    first = lines(off("a", "10", when=rule))[0]
    assert first.startswith(f"  a {NO} it depends on what is not known: ")


def test_a_benefit_is_called_by_its_text_and_else_by_its_name() -> None:
    named = {one.name: one for one in (off("std", "1", text=STANDARD), off("b", "1"))}
    assert called(named, "std") is STANDARD
    assert [called(named, name) for name in ("b", "other")] == ["b", "other"]
