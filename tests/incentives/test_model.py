"""Plans and components: what goes with what, and what is refused with its path."""

from fractions import Fraction as F
from typing import Any

import attrs
import pytest

from prmcore.decisions import FactField, FactSchema, Kind, fact
from prmcore.errors import InvalidInput
from prmcore.incentives.curve import Band, Curve, Mode
from prmcore.incentives.facts import Base
from prmcore.incentives.model import (
    Accumulate,
    Basis,
    By,
    Clawback,
    Component,
    Package,
    Plan,
    Target,
    family_of,
)
from prmcore.incentives.model import highest_rate as highest
from prmcore.values import Money, Rate, RollingMonths

FLAT = Curve((Band(rate=Rate.percent(10)),))
UNITS = Curve((Band(each=Money.of("1", "EUR")),))
FACTS = FactSchema("sale", (FactField("product", Kind.CODE), FactField("order", Kind.CODE)))


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


POINTS = Curve((Band(each=Money.of(1, "points")),))


def component(**said: Any) -> Component:
    given: dict[str, Any] = {"name": "rebate", "unit": "EUR", "curve": FLAT}
    return Component(**(given | said))


@pytest.mark.parametrize(
    ("said", "path", "message"),
    [
        ({"accumulate": Accumulate.GROUP}, "group", "go together"),
        ({"group": "order"}, "group", "go together"),
        ({"accumulate": Accumulate.ROLLING}, "window", "go together"),
        ({"window": RollingMonths(12)}, "window", "go together"),
        ({"priority": 1}, "priority", "go together"),
        ({"exclusive": "spiff"}, "priority", "go together"),
        ({"currency": "USD"}, "currency", "only points are of another unit"),
        ({"unit": "points"}, "currency", "points for money"),
        (
            {"guarantee": eur("5"), "accumulate": Accumulate.LIFETIME},
            "guarantee",
            "a lifetime is never settled",
        ),
        ({"carry_over": True}, "carry_over", "goes with a guarantee"),
        ({"expires_months": 12}, "expires_months", "EUR does not expire"),
        ({"growth": True, "by": By.UNITS}, "by", "growth is paid for by growth"),
        ({"growth": True, "accumulate": Accumulate.LIFETIME}, "growth", "that of a period"),
        ({"by": By.ATTAINMENT, "accumulate": Accumulate.TRANSACTION}, "by", "that of a period"),
        ({"fixed": Money.of("1", "USD")}, "fixed", "pays in EUR"),
        ({"cap": eur("-1")}, "cap", "zero or more"),
        (
            {"minimum": eur("9"), "maximum": eur("8"), "accumulate": Accumulate.TRANSACTION},
            "minimum",
            "above the maximum",
        ),
        ({"guarantee": eur("9"), "cap": eur("8")}, "guarantee", "above the cap"),
        ({"curve": Curve((Band(flat=Money.of("1", "USD")),))}, "curve", "bands pay in USD"),
        ({"curve": Curve((Band(up_to=F(5)), Band()))}, "curve[0].up_to", "accepted: money"),
        ({"curve": Curve((Band(up_to=Money.of("5", "USD")), Band()))}, "curve[0].up_to", "counted in EUR"),
        (
            {"curve": Curve((Band(up_to=eur("5")), Band())), "by": By.UNITS},
            "curve[0].up_to",
            "a number of units",
        ),
        (
            {"curve": Curve((Band(up_to=eur("5")), Band())), "by": By.GROWTH},
            "curve[0].up_to",
            "a rate such as",
        ),
        ({"curve": UNITS}, "curve[0].each", "goes with base = units"),
        ({"base": Base.UNITS}, "curve[0].rate", "accepted with base = units: each"),
        ({"package": Package(size=F(10))}, "package", "packages are of units"),
        ({"accelerator": Curve((Band(flat=eur("1")),))}, "accelerator[0]", "a rate that multiplies"),
        ({"hold_days": -1}, "hold_days", "zero or more"),
        ({"hold_days": 36_526}, "hold_days", "zero or more"),
        ({"round_each": True}, "round_each", "what is summed up is rounded once"),
        (
            {"unit": "points", "base": Base.UNITS, "curve": POINTS, "expires_months": 0},
            "expires_months",
            "1 to",
        ),
        ({"minimum": eur("1")}, "minimum", "bands that all transactions share"),
    ],
)
def test_what_does_not_go_together_is_refused_where_it_was_said(
    said: dict[str, Any], path: str, message: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        component(**said)
    found = [fault for fault in caught.value.faults if fault.path == path]
    assert any(message in fault.message for fault in found), caught.value.faults


def test_points_may_expire_after_a_month() -> None:
    assert component(unit="points", base=Base.UNITS, curve=POINTS, expires_months=1).expires_months == 1


def test_an_amount_for_each_sale_needs_sales_that_are_told_apart() -> None:
    """With packages of all units together, or growth, no sale has an amount of its own to be raised to a minimum."""
    whole = Curve((Band(each=eur("1")),), Mode.WHOLE)
    with pytest.raises(InvalidInput, match="all transactions together"):
        component(base=Base.UNITS, curve=whole, package=Package(size=F(10)), minimum=eur("5"))
    with pytest.raises(InvalidInput, match="all transactions together"):
        component(curve=Curve(FLAT.bands, Mode.WHOLE), growth=True, minimum=eur("5"))
    assert component(curve=Curve(FLAT.bands, Mode.WHOLE), minimum=eur("5")).has_limits_per_sale


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Target(attainment=Rate(0)), "a rate above zero"),
        (lambda: Target(attainment=Rate.percent(-10)), "a rate above zero"),
        (lambda: Package(size=F(0)), "a number above zero"),
        (lambda: Clawback(within_days=-1), "zero or more"),
        (lambda: Clawback(basis=Basis.PROPORTIONAL, may_exceed_sale=True), "never does"),
    ],
)
def test_what_would_divide_by_nothing_or_contradict_is_refused(build: Any, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        build()


@pytest.mark.parametrize(
    ("units", "started", "count"),
    [
        (9, False, 0),
        (9, True, 1),
        (10, True, 1),
        (11, True, 2),
        (25, False, 2),
        (-9, True, -1),
        (-25, False, -2),
        (0, True, 0),
    ],
)
def test_packages_count_full_or_begun_and_what_comes_back_is_the_mirror(
    units: int, started: bool, count: int
) -> None:
    assert Package(size=F(10), started=started).count(F(units)) == count


def test_a_plan_knows_its_components_and_its_family() -> None:
    plan = Plan(name="reseller/2026/rebate", components=(component(), component(name="bonus")))
    assert plan.component("bonus").name == "bonus"
    assert plan.family == family_of("reseller/2027-draft/rebate") == ("reseller", "rebate")


@pytest.mark.parametrize(
    ("components", "message"),
    [
        ((component(), component()), "declared twice"),
        (
            (component(exclusive="x", priority=1), component(name="other", exclusive="x", priority=1)),
            "two components of 'x' have the priority 1",
        ),
        ((component(when=fact("produkt").equals("A")),), "produkt"),
        ((component(accumulate=Accumulate.GROUP, group="ordre"),), "ordre"),
    ],
)
def test_a_plan_refuses_what_its_components_may_not_share_or_ask(components: Any, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Plan(name="reseller/2026/rebate", components=components, facts=FACTS)


def test_the_components_together_pay_no_more_than_the_ceiling() -> None:
    """A distributor's leg of 12 % and a reseller's of 10 %, of which one sale may cost 20 %; exclusive ones count once."""
    legs = (
        component(name="distributor", payee="distributor", curve=Curve((Band(rate=Rate.percent(12)),))),
        component(name="reseller"),
    )
    with pytest.raises(InvalidInput, match="pay up to 22 %; accepted: at most 20 %"):
        Plan(name="a/1/legs", components=legs, ceiling=Rate.percent(20))
    assert Plan(name="a/1/legs", components=legs, ceiling=Rate.percent(22)).ceiling == Rate.percent(22)
    either = [
        component(name=one.name, curve=one.curve, exclusive="leg", priority=place)
        for place, one in enumerate(legs)
    ]
    assert Plan(name="a/1/legs", components=tuple(either), ceiling=Rate.percent(12)).components == tuple(
        either
    )


def test_no_ceiling_is_promised_over_amounts_that_no_rate_bounds() -> None:
    with pytest.raises(InvalidInput, match="no ceiling can be promised"):
        Plan(
            name="a/1/b",
            components=(component(fixed=eur("5"), accumulate=Accumulate.TRANSACTION),),
            ceiling=Rate.percent(90),
        )


def test_the_highest_rate_counts_the_accelerator_and_modes_that_add_rates() -> None:
    """10 % and 25 % make 35 % where each band pays for everything; 150 % of 25 % is 37.5 %."""
    bands = (Band(up_to=eur("1"), rate=Rate.percent(10)), Band(rate=Rate.percent(25)))
    faster = Curve((Band(up_to=Rate.percent(100), rate=Rate.percent(100)), Band(rate=Rate.percent(150))))
    assert highest(component(curve=Curve(bands))) == F(1, 4)
    assert highest(component(curve=Curve(bands, Mode.TOTAL))) == F(35, 100)
    assert highest(component(curve=Curve(bands), accelerator=faster)) == F(375, 1000)


def test_a_component_of_bands_alone_is_compiled_and_any_other_says_what_it_asks_for() -> None:
    """By hand: the totals are 0.15, 0.25 and 0; 10 % of them is 0.015, 0.025 and 0; half to even 0.02, 0.02 and 0."""
    plain = Component(name="it", unit="EUR", curve=Curve((Band(rate=Rate.percent(10)),)))
    assert plain.compiled()([15, 10, -25]) == [2, 0, -2]
    with pytest.raises(InvalidInput, match="it asks for more than its bands: minimum, cap, accumulate"):
        attrs.evolve(plain, minimum=eur("1"), cap=eur("5"), accumulate=Accumulate.TRANSACTION).compiled()
