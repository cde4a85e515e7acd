"""Plans and components: what goes with what, and what is refused with its path."""

from fractions import Fraction as F
from typing import Any

import attrs
import pytest

from prmcore.decisions import FactField, FactSchema, Kind, fact
from prmcore.errors import InvalidInput
from prmcore.incentives.plans.curve import Band, Curve, Mode, Rounding
from prmcore.incentives.plans.facts import Base, Day
from prmcore.incentives.plans.model import (
    Accumulate,
    Basis,
    By,
    Clawback,
    Component,
    ComponentKind,
    Missed,
    Package,
    Plan,
    Target,
    family_of,
)
from prmcore.incentives.plans.model import highest_rate as highest
from prmcore.incentives.plans.splits import At, Split
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


# what is said by itself, and the least and the most that may be said

RECORDS: list[Any] = [Clawback, Target, Package, Component, Plan]


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_is_made_by_the_names_of_its_fields(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_what_a_component_does_not_say() -> None:
    assert component() == Component(
        name="rebate", curve=FLAT, unit="EUR", kind=ComponentKind.COMMISSION, currency=None, payee="partner", when=None,
        day=Day.INVOICED, base=Base.NET, growth=False, by=None, accumulate=Accumulate.PERIOD, group=None, window=None,
        period="quarter", package=None, fixed=None, minimum=None, maximum=None, accelerator=None, target=None, cap=None,
        guarantee=None, carry_over=False, prorate=frozenset(),
        clawback=Clawback(basis=Basis.RERATE, within_days=None, may_exceed_sale=False), rounding=Rounding.HALF_EVEN,
        round_each=False, hold_days=0, split=None, exclusive=None, priority=None, expires_months=None, text=None,
    )  # fmt: skip
    assert Package(size=F(1)).started is False
    assert Target(attainment=Rate.of(1)).missed is Missed.NOTHING


TRANSACTION = Accumulate.TRANSACTION
WHOLE = Curve(FLAT.bands, Mode.WHOLE)
LEFT_OVER: dict[str, Any] = {"shares": {"a": 1}, "method": "separate"}
GOES = "goes with accumulate = transaction or group; what is summed up is rounded once"


@pytest.mark.parametrize(
    ("said", "path", "message"),
    [
        ({"priority": 1}, "priority", "priority and exclusive go together"),
        ({"group": "order"}, "group", "group and accumulate = group go together"),
        ({"window": RollingMonths(3)}, "window", "window and accumulate = rolling go together"),
        ({"split": Split(**LEFT_OVER)}, "split", "what is left over would be paid to nobody; accepted: a house"),
        ({"by": By.GROWTH, "accumulate": TRANSACTION}, "by", "growth is that of a period"),
        ({"by": By.ATTAINMENT, "accumulate": TRANSACTION}, "by", "attainment is that of a period"),
        ({"growth": True, "by": By.NET}, "by", "growth is paid for by growth"),
        ({"fixed": eur("1")}, "fixed", "bands that all transactions share"),
        ({"minimum": eur("1"), "maximum": eur("2")}, "minimum", "bands that all transactions share"),
        ({"maximum": eur("1")}, "maximum", "bands that all transactions share"),
        ({"round_each": True, "accumulate": Accumulate.LIFETIME}, "round_each", GOES),
        ({"hold_days": -1}, "hold_days", "found -1; accepted: zero or more, up to 36525"),
        ({"hold_days": 36_526}, "hold_days", "found 36526"),
        ({"cap": Money.of(1, "USD")}, "cap", "found 1.00 USD; the component pays in EUR"),
        ({"guarantee": Money.of(1, "USD")}, "guarantee", "found 1.00 USD; the component pays in EUR"),
        ({"cap": eur("-0.01")}, "cap", "found -0.01 EUR; accepted: zero or more"),
        ({"guarantee": eur("-0.01")}, "guarantee", "found -0.01 EUR; accepted: zero or more"),
        ({"guarantee": eur("9.01"), "cap": eur("9")}, "guarantee", "found 9.01 EUR, above the cap of 9.00 EUR"),
        ({"curve": Curve((Band(each=Money.of(1, "USD")),)), "base": Base.UNITS}, "curve", "the bands pay in USD"),
        ({"package": Package(size=F(2))}, "package", "packages are of units; accepted: base = units"),
        ({"curve": WHOLE, "growth": True, "fixed": eur("1")}, "growth", "packages and growth are of all"),
        (
            {"accelerator": Curve((Band(up_to=eur("5"), rate=Rate.of(1)), Band(rate=Rate.of(2))))},
            "accelerator[0]", "accepted: bands by attainment, each with a rate that multiplies",
        ),
        (
            {"accelerator": Curve((Band(up_to=Rate.of(1), rate=Rate.of(1)), Band(rate=Rate.of(2), flat=eur("1"))))},
            "accelerator[1]", "each with a rate that multiplies",
        ),
        (
            {"curve": Curve((Band(up_to=Money.of(9, "USD"), rate=Rate.of(1)), Band()))},
            "curve[0].up_to", "found 9.00 USD; sales are counted in EUR",
        ),
        (
            {"base": Base.UNITS, "curve": Curve((Band(up_to=eur("5"), each=eur("1")), Band(each=eur("2"))))},
            "curve[0].up_to", "bands are chosen by units: accepted: a number of units",
        ),
        (
            {"curve": Curve((Band(up_to=F(5), rate=Rate.of(1)), Band()))},
            "curve[0].up_to", "found 5; bands are chosen by net: accepted: money, such as '5 EUR'",
        ),
    ],
)  # fmt: skip
def test_what_a_component_may_not_say_is_told_with_its_path(
    said: dict[str, Any], path: str, message: str
) -> None:
    with pytest.raises(InvalidInput, match="the component 'rebate' cannot be used") as caught:
        component(**said)
    assert any(one.path == path and message in one.message for one in caught.value.faults), (
        caught.value.faults
    )
    assert {one.path for one in caught.value.faults} == {path}


@pytest.mark.parametrize("name", ["fixed", "minimum", "maximum"])
def test_an_amount_of_each_sale_is_in_the_unit_and_not_below_zero(name: str) -> None:
    for amount, message in ((Money.of(1, "USD"), "pays in EUR"), (eur("-0.01"), "accepted: zero or more")):
        with pytest.raises(InvalidInput) as caught:
            component(accumulate=TRANSACTION, **{name: amount})
        (fault,) = caught.value.faults
        assert (fault.path, message in fault.message) == (name, True)
    assert component(accumulate=TRANSACTION, **{name: eur("0")}).has_limits_per_sale


@pytest.mark.parametrize(
    "said",
    [
        {"currency": "EUR"},
        {"unit": "points", "currency": "USD"},
        {"unit": "points", "currency": "USD", "expires_months": 1_200},
        {"hold_days": 36_525},
        {"round_each": True, "accumulate": TRANSACTION},
        {"growth": True, "by": By.GROWTH},
        {"by": By.UNITS, "accumulate": TRANSACTION},
        {"minimum": eur("8"), "maximum": eur("8"), "accumulate": TRANSACTION},
        {"guarantee": eur("8"), "cap": eur("8"), "carry_over": True},
        {"guarantee": eur("0"), "cap": eur("0")},
        {"cap": eur("8"), "accumulate": Accumulate.LIFETIME},
        {"curve": WHOLE, "fixed": eur("1")},
        {"split": Split(**LEFT_OVER, house="h")},
        {"split": Split(**LEFT_OVER, at=At.CREDIT)},
        {"split": Split(shares={"a": 1})},
        {"accelerator": Curve((Band(up_to=Rate.of(1), rate=Rate.of(1)), Band(rate=Rate.of(2))))},
        {"clawback": Clawback(within_days=0)},
        {"target": Target(attainment=Rate.percent("0.01"))},
        {"base": Base.UNITS, "curve": Curve((Band(each=eur("2")),)), "package": Package(size=F(1, 2))},
        {"exclusive": "x", "priority": 0},
    ],
)
def test_the_least_and_the_most_that_a_component_may_say(said: dict[str, Any]) -> None:
    made = component(**said)
    assert {name: getattr(made, name) for name in said} == said


@pytest.mark.parametrize("months", [0, 1_201])
def test_points_can_be_used_for_one_to_twelve_hundred_months(months: int) -> None:
    with pytest.raises(InvalidInput, match=f"found {months}; accepted: 1 to 1200 months @ expires_months"):
        component(unit="points", currency="EUR", expires_months=months)


@pytest.mark.parametrize(
    ("build", "fault"),
    [
        (lambda: Target(attainment=Rate.of(0)), "the target cannot be used: 1 fault\n  found 0 %; accepted: a rate above zero @ attainment"),
        (lambda: Package(size=F(0)), "the package cannot be used: 1 fault\n  found 0; accepted: a number above zero @ size"),
        (lambda: Clawback(within_days=-1), "the clawback cannot be used: 1 fault\n  found -1; accepted: zero or more @ within_days"),
        (
            lambda: Clawback(basis=Basis.ORIGINAL_RATE, may_exceed_sale=True),
            "the clawback cannot be used: 1 fault\n  goes with rerate; original_rate never does @ may_exceed_sale",
        ),
    ],
)  # fmt: skip
def test_a_part_of_a_component_that_cannot_be_meant_is_refused_whole(build: Any, fault: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        build()
    assert str(caught.value) == fault


def test_a_re_rating_may_take_more_than_the_sale_had_brought() -> None:
    assert Clawback(may_exceed_sale=True).may_exceed_sale is True


@pytest.mark.parametrize(
    ("build", "shown"),
    [
        (lambda name: component(name=name, hold_days=-1), 60),
        (lambda name: Plan(name=name, components=(component(), component())), 100),
    ],
)
def test_a_long_name_is_shown_from_its_beginning(build: Any, shown: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        build("x" * 200)
    assert f" {'x' * shown!r} cannot" in str(caught.value)


# what follows from what is said

UNIT_BANDS = Curve((Band(each=eur("2")),))


@pytest.mark.parametrize(
    ("said", "chosen_by", "chosen_in", "quantity_base", "quota_in"),
    [
        ({}, "net", Money, Base.NET, "EUR"),
        ({"base": Base.MARGIN}, "margin", Money, Base.MARGIN, "EUR"),
        ({"base": Base.UNITS, "curve": UNIT_BANDS}, "units", F, Base.UNITS, None),
        ({"by": By.UNITS}, "units", F, Base.UNITS, None),
        ({"by": By.GROSS}, "gross", Money, Base.GROSS, "EUR"),
        ({"by": By.ATTAINMENT}, "attainment", Rate, Base.NET, "EUR"),
        ({"by": By.GROWTH}, "growth", Rate, Base.NET, "EUR"),
        ({"growth": True}, "growth", Money, Base.NET, "EUR"),
        ({"growth": True, "base": Base.UNITS, "curve": UNIT_BANDS}, "growth", F, Base.UNITS, None),
        ({"unit": "points", "currency": "JPY"}, "net", Money, Base.NET, "JPY"),
    ],
)
def test_what_chooses_the_band_and_in_what_it_is_counted(
    said: dict[str, Any], chosen_by: str, chosen_in: type, quantity_base: Base, quota_in: str | None
) -> None:
    made = component(**said)
    assert (made.chosen_by, made.chosen_in, made.quantity_base) == (chosen_by, chosen_in, quantity_base)
    assert made.quota_in == quota_in


@pytest.mark.parametrize(
    ("said", "per_minor"),
    [
        ({}, 1),
        ({"unit": "points", "currency": "EUR"}, 100),
        ({"unit": "points", "currency": "JPY"}, 1),
        ({"unit": "points", "base": Base.UNITS, "curve": POINTS}, 1),
        ({"unit": "points", "currency": "EUR", "base": Base.UNITS, "curve": POINTS}, 1),
    ],
)
def test_points_are_for_each_unit_of_the_currency(said: dict[str, Any], per_minor: int) -> None:
    assert component(**said).per_minor == per_minor


FASTER = Curve((Band(rate=Rate.percent(150)),))


@pytest.mark.parametrize(
    ("said", "needs_quota", "needs_baseline", "looks_back"),
    [
        ({}, False, False, False),
        ({"by": By.ATTAINMENT}, True, False, False),
        ({"accelerator": FASTER}, True, False, False),
        ({"target": Target(attainment=Rate.of(1))}, True, False, False),
        ({"growth": True}, False, True, True),
        ({"by": By.GROWTH}, False, True, True),
        ({"by": By.UNITS}, False, False, False),
        ({"accumulate": Accumulate.ROLLING, "window": RollingMonths(3)}, False, False, True),
    ],
)
def test_what_a_calculation_needs_beside_its_period(
    said: dict[str, Any], needs_quota: bool, needs_baseline: bool, looks_back: bool
) -> None:
    made = component(**said)
    assert (made.needs_quota, made.needs_baseline, made.looks_back) == (
        needs_quota,
        needs_baseline,
        looks_back,
    )


@pytest.mark.parametrize(
    "accumulate", [TRANSACTION, Accumulate.GROUP, Accumulate.PERIOD, Accumulate.LIFETIME]
)
def test_a_bucket_is_of_each_sale_or_of_a_group(accumulate: Accumulate) -> None:
    group = "order" if accumulate is Accumulate.GROUP else None
    made = component(accumulate=accumulate, group=group)
    assert made.bucketless is (accumulate in (Accumulate.PERIOD, Accumulate.LIFETIME))
    assert not made.has_limits_per_sale


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"by": By.UNITS}, "by"),
        ({"growth": True}, "growth"),
        ({"base": Base.UNITS, "curve": UNIT_BANDS, "package": Package(size=F(2))}, "package"),
        ({"curve": WHOLE, "fixed": eur("1"), "clawback": Clawback(may_exceed_sale=True)}, "fixed"),
        ({"curve": WHOLE, "minimum": eur("1"), "clawback": Clawback(may_exceed_sale=True)}, "minimum"),
        ({"curve": WHOLE, "maximum": eur("1"), "clawback": Clawback(may_exceed_sale=True)}, "maximum"),
        ({"accelerator": FASTER}, "accelerator"),
        ({"target": Target(attainment=Rate.of(1))}, "target"),
        ({"cap": eur("1")}, "cap"),
        ({"guarantee": eur("1")}, "guarantee"),
        ({"prorate": frozenset({"cap"})}, "prorate"),
        ({"split": Split(shares={"a": 1})}, "split"),
        ({"accumulate": TRANSACTION}, "accumulate"),
        ({"unit": "points", "currency": "EUR"}, "points"),
        ({"curve": WHOLE}, "clawback"),
    ],
)
def test_what_takes_more_than_bands_is_not_compiled(said: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput, match=f"^rebate asks for more than its bands: {named}; accepted: bands"):
        component(**said).compiled()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"accumulate": Accumulate.LIFETIME},
        {"curve": WHOLE, "clawback": Clawback(may_exceed_sale=True)},
        {"clawback": Clawback(may_exceed_sale=True)},
    ],
)
def test_bands_alone_are_compiled(said: dict[str, Any]) -> None:
    """10 % of 15 is 1.5, rounded to even 2; together with 10 it is 2.5, still 2."""
    assert component(**said).compiled()([15, 10]) == [2, 0]


def test_a_component_is_rounded_as_it_says_when_it_is_compiled() -> None:
    assert component(rounding=Rounding.HALF_UP).compiled()([15, 10]) == [2, 1]


# plans


def plan(*components: Component, **said: Any) -> Plan:
    return Plan(name="reseller/2026/rebate", components=components, facts=FACTS, **said)


def exclusive(name: str, priority: int, group: str = "x", **said: Any) -> Component:
    return component(name=name, exclusive=group, priority=priority, **said)


@pytest.mark.parametrize(
    ("components", "faults"),
    [
        ((component(), component()), [("components", "the component 'rebate' is declared twice")]),
        (
            (exclusive("a", 1), exclusive("b", 2), exclusive("c", 1)),
            [("components", "two components of 'x' have the priority 1; accepted: a priority of its own for each")],
        ),
        ((component(), component(name="b", when=fact("produkt").equals("A"))), [("components[1].when", "'produkt'")]),
        (
            (component(), component(name="b", accumulate=Accumulate.GROUP, group="ordre")),
            [("components[1].group", "unknown fact 'ordre'; did you mean 'order'?")],
        ),
    ],
)  # fmt: skip
def test_a_plan_that_contradicts_itself_is_refused_with_the_path(
    components: tuple[Component, ...], faults: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput, match="the plan 'reseller/2026/rebate' cannot be used") as caught:
        plan(*components)
    assert [one.path for one in caught.value.faults] == [path for path, _ in faults]
    for one, (_, words) in zip(caught.value.faults, faults, strict=True):
        assert words in one.message


def test_two_groups_of_exclusive_components_have_priorities_of_their_own() -> None:
    both = (exclusive("a", 1), exclusive("b", 1, "y"), component())
    made = plan(*both)
    assert (made.components, made.ceiling, made.text, made.family) == (
        both,
        None,
        None,
        ("reseller", "rebate"),
    )
    assert [made.component(name).name for name in ("rebate", "a")] == ["rebate", "a"]
    assert plan(component(accumulate=Accumulate.GROUP, group="order", when=fact("product").equals("A")))


def test_a_plan_accrues_for_funds_where_one_of_its_components_does() -> None:
    accrual = component(name="fund", kind=ComponentKind.FUND_ACCRUAL)
    assert plan(component(), accrual).accrues_for_funds is True
    assert plan(component()).accrues_for_funds is False


def tenth(name: str = "rebate", percent: str = "10", **said: Any) -> Component:
    return component(name=name, curve=Curve((Band(rate=Rate.percent(percent)),)), **said)


@pytest.mark.parametrize(
    ("components", "most"),
    [
        ((tenth(), tenth("b", "5")), "15"),
        ((exclusive("a", 1), exclusive("b", 2), tenth("c", "5")), "15"),
        ((exclusive("a", 1), exclusive("b", 2, "y")), "20"),
        ((component(name="p", unit="points", currency="EUR"), tenth(), tenth("b", "5")), "15"),
        ((tenth("loss", "-5"), tenth()), "10"),
    ],
)
def test_a_ceiling_holds_for_the_highest_rates_together(components: tuple[Component, ...], most: str) -> None:
    """Of those that exclude one another the highest counts, points not at all, and what takes away is none."""
    assert plan(*components, ceiling=Rate.percent(most)).ceiling == Rate.percent(most)
    below = Rate.of(Rate.percent(most).fraction - F(1, 10_000))
    with pytest.raises(InvalidInput, match=f"pay up to {most} %; accepted: at most {below} @ ceiling"):
        plan(*components, ceiling=below)


@pytest.mark.parametrize(
    "said",
    [
        {"accumulate": TRANSACTION, "fixed": eur("5")},
        {"accumulate": TRANSACTION, "minimum": eur("5")},
        {"guarantee": eur("5")},
        {"base": Base.UNITS, "curve": UNIT_BANDS},
        {"base": Base.GROSS},
        {"curve": Curve((Band(rate=Rate.of(1), flat=eur("5")),))},
    ],
)
def test_what_no_rate_bounds_is_named_where_a_ceiling_is_promised(said: dict[str, Any]) -> None:
    unbounded = component(name="it", **said)
    assert highest(unbounded) is None
    with pytest.raises(InvalidInput) as caught:
        plan(component(), unbounded, ceiling=Rate.of(9))
    assert [(one.path, one.message) for one in caught.value.faults] == [
        ("components[1]", "has amounts that no rate bounds, so that no ceiling can be promised")
    ]
    assert plan(component(), unbounded).ceiling is None


def test_the_highest_rate_is_that_of_the_highest_band_or_of_all_where_they_add_up() -> None:
    bands = (Band(up_to=eur("1"), rate=Rate.percent(25)), Band(rate=Rate.percent(10)))
    faster = Curve((Band(up_to=Rate.of(1), rate=Rate.of(2)), Band(rate=Rate.of(1))))
    for mode, rate in ((Mode.MARGINAL, 25), (Mode.WHOLE, 25), (Mode.TOTAL, 35), (Mode.ROLLING, 35)):
        assert highest(component(curve=Curve(bands, mode))) == F(rate, 100)
        assert highest(component(curve=Curve(bands, mode), accelerator=faster)) == F(2 * rate, 100)
    assert highest(component(base=Base.MARGIN, accumulate=TRANSACTION, maximum=eur("5"))) == F(1, 10)
    assert highest(component(guarantee=eur("0"), cap=eur("1"))) == F(1, 10)
    assert highest(tenth(percent="-5")) == 0
