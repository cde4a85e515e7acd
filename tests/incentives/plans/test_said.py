"""Incentives in words: what was paid, line by line, in three languages; why something moves nothing."""

import datetime
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import Decision
from prmcore.decisions.explain import Exact, Words, explain, put_into_words
from prmcore.incentives.ledger.credit import Uncounted, Why
from prmcore.incentives.ledger.model import Ledger
from prmcore.incentives.ledger.posting import Posting, post
from prmcore.incentives.ledger.said import said_of_held, said_of_uncounted
from prmcore.incentives.plans.curve import Band, Boundary, Curve, Mode
from prmcore.incentives.plans.facts import Base, Day, Earning, Share, Transaction
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
from prmcore.incentives.plans.policy import ComponentPolicy, Entitlement, Line, LineKind
from prmcore.incentives.plans.said import said_of_line
from prmcore.testing import strategies
from prmcore.values import Dated, Money, Rate, RollingMonths

percent = Rate.percent
MARCH = datetime.date(2026, 3, 31)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def curve(*bands: tuple[Any, str], mode: Mode = Mode.MARGINAL, **more: Any) -> Curve:
    """Bands by their end (None = open) and their rate in percent."""
    found = tuple(
        Band(up_to=eur(end) if isinstance(end, str) else end, rate=percent(rate)) for end, rate in bands
    )
    return Curve(found, mode, **more)


TWO_BANDS = curve(("1000", "10"), (None, "15"))


def component(found: Curve = TWO_BANDS, **more: Any) -> Component:
    return Component(**{"name": "volume", "unit": "EUR", "curve": found, **more})


def share(name: str, amount: str, returns: str | None = None) -> Share:
    minor = Fraction(Money.of(amount, "EUR").minor)
    return Share(
        transaction=name,
        day=datetime.date(2026, 2, 1),
        quantity=minor,
        pay=minor,
        returns=returns,
        bucket=name,
    )


def units(name: str, count: int) -> Share:
    return Share(
        transaction=name,
        day=datetime.date(2026, 2, 1),
        quantity=Fraction(count),
        pay=Fraction(count),
        bucket=name,
    )


def decided(one: Component, *shares: Share, **more: Any) -> Decision[Entitlement]:
    buckets = [
        attrs.evolve(share, bucket="" if one.bucketless else share.returns or share.transaction)
        for share in shares
    ]
    earning = Earning(payee="acme", period="FY2026-Q1", shares=tuple(buckets), **more)
    return ComponentPolicy(one, f"reseller/2026/rebate/{one.name}").decide(earning, MARCH)


def said(one: Component, *shares: Share, locale: str = "en", **more: Any) -> list[str]:
    """The explanation's lines, without indentation; the first is the heading."""
    return [line.strip() for line in explain(decided(one, *shares, **more), locale).lines()]


def test_a_decision_reads_as_its_calculation_in_english() -> None:
    """10 % of 1,000.00 and 15 % of 556.05, which is 83.4075; the half cent is rounded away."""
    assert str(
        explain(decided(component(), share("order 1", "1000.55"), share("order 2", "555.50")))
    ).splitlines() == [
        "reseller/2026/rebate/volume on March 31, 2026: €183.41",
        "  counted: €1,556.05, sales: 2",
        "  10% of €1,000.00, up to €1,000.00: €100.00",
        "  15% of €556.05, above €1,000.00: €83.4075",
        "  rounded: €0.0025",
    ]


def test_a_decision_reads_as_its_calculation_in_japanese_and_chinese() -> None:
    assert said(component(), share("order 1", "2000"), locale="ja") == [
        "2026年3月31日時点の reseller/2026/rebate/volume：€250.00",
        "対象：€2,000.00、売上件数：1",
        "€1,000.00 の 10%（€1,000.00 以下）：€100.00",
        "€1,000.00 の 15%（€1,000.00 超）：€150.00",
    ]
    assert said(component(), share("order 1", "2000"), locale="zh") == [
        "reseller/2026/rebate/volume，截至2026年3月31日：€250.00",
        "计入：€2,000.00，销售笔数：1",
        "€1,000.00 的 10%（€1,000.00 及以下）：€100.00",
        "€1,000.00 的 15%（超过 €1,000.00）：€150.00",
    ]


def test_numbers_are_written_as_the_locale_writes_them() -> None:
    assert "15\xa0% of 556,05\xa0€, above 1.000,00\xa0€: 83,4075\xa0€" in said(
        component(), share("order 1", "1556.05"), locale="de"
    )


def test_the_boundary_is_in_the_words() -> None:
    """Of three bands; 15 % of the 3,000.00 between, once reaching 1,000.00 counts and once only passing it does."""
    bands = (("1000", "10"), ("4000", "15"), (None, "20"))
    upper = said(component(curve(*bands)), share("a", "5000"))
    lower = said(component(curve(*bands, boundary=Boundary.LOWER_INCLUSIVE)), share("a", "5000"))
    assert upper[2:] == [
        "10% of €1,000.00, up to €1,000.00: €100.00",
        "15% of €3,000.00, above €1,000.00 up to €4,000.00: €450.00",
        "20% of €1,000.00, above €4,000.00: €200.00",
    ]
    assert lower[2:] == [
        "10% of €1,000.00, below €1,000.00: €100.00",
        "15% of €3,000.00, from €1,000.00 to below €4,000.00: €450.00",
        "20% of €1,000.00, from €4,000.00: €200.00",
    ]


def test_what_is_rounded_sale_by_sale_is_said_so() -> None:
    """10 % of 0.25 are 2.5 cents, and twice that is 5: rounded one by one it is 4."""
    one = component(curve((None, "10")), accumulate=Accumulate.TRANSACTION, round_each=True)
    lines = said(one, share("a", "0.25"), share("b", "0.25"))
    assert lines[0].endswith("€0.04")
    assert lines[3] == "a rounded: -€0.005"
    assert lines[5] == "b rounded: -€0.005"


def test_a_single_band_needs_no_name() -> None:
    assert said(component(curve((None, "10"))), share("a", "50"))[2:] == ["10% of €50.00: €5.00"]


def test_what_chooses_the_band_is_named_where_it_is_not_what_is_paid_for() -> None:
    one = component(curve((percent(100), "5"), (None, "10"), mode=Mode.WHOLE), by=By.ATTAINMENT)
    assert said(one, share("a", "1200"), quota=Fraction(1000_00))[1:] == [
        "counted: €1,200.00, sales: 1",
        "what chooses the band, attainment: 120%",
        "10% of €1,200.00, attainment above 100%: €120.00",
    ]


def test_units_and_packages_are_counted() -> None:
    """Two of 2.50 and one of 3.00; of packages the same in dozens."""
    made = Curve((Band(up_to=Fraction(2), each=eur("2.50")), Band(each=eur("3"))))
    assert said(component(made, base=Base.UNITS), units("a", 3))[1:] == [
        "counted: 3 units, sales: 1",
        "€2.50 for each of 2 units, up to 2 units: €5.00",
        "€3.00 for each of 1 unit, above 2 units: €3.00",
    ]
    dozens = component(made, base=Base.UNITS, package=Package(size=Fraction(12)))
    assert said(dozens, units("a", 36))[-1] == "€3.00 for each of 1 package, above 2 packages: €3.00"


def test_points_for_money_are_told_by_the_unit_of_the_currency() -> None:
    """A point for each two euros of 50.50: 25.25 points, rounded to 25."""
    one = Component(name="miles", unit="points", currency="EUR", curve=curve((None, "50")))
    sold = attrs.evolve(share("a", "50.50"), pay=Fraction(5050, 100))
    assert said(one, sold)[1:] == [
        "counted: €50.50, sales: 1",
        "0.5 points for each €1.00 of €50.50: 25.25 points",
        "rounded: -0.25 points",
    ]


def test_what_is_due_for_each_sale_and_its_limits_are_said_with_the_sale() -> None:
    one = component(
        curve((None, "10")),
        minimum=eur("5"),
        maximum=eur("30"),
        fixed=eur("1"),
        accumulate=Accumulate.TRANSACTION,
    )
    assert said(one, share("small", "20"), share("large", "400"))[2:] == [
        "10% of €20.00: €2.00",
        "a fixed amount for small: €1.00",
        "small topped up to the minimum of €5.00: €2.00",
        "10% of €400.00: €40.00",
        "a fixed amount for large: €1.00",
        "large cut to the maximum of €30.00: -€11.00",
    ]


def test_accelerator_target_and_cap_are_said_and_the_target_is_a_reason() -> None:
    """10 % of 3,000.00 are 300.00, at 150 % for the attainment 450.00, cut to 400.00."""
    faster = Curve((Band(up_to=percent(100), rate=percent(100)), Band(rate=percent(150))), Mode.WHOLE)
    one = component(
        curve((None, "10")), accelerator=faster, cap=eur("400"), target=Target(attainment=percent(50))
    )
    assert said(one, share("a", "3000"), quota=Fraction(2000_00))[1:] == [
        "counted: €3,000.00, sales: 1",
        "✓ attainment: 150%, asked for at least 50%",
        "10% of €3,000.00: €300.00",
        "paid at 150% for the attainment: €150.00",
        "cut to the cap of €400.00: -€50.00",
    ]


def test_a_missed_target_says_what_it_costs() -> None:
    one = component(curve((None, "10")), target=Target(attainment=percent(80)))
    assert said(one, share("a", "500"), quota=Fraction(1000_00))[2:] == [
        "✗ attainment: 50%, asked for at least 80%",
        "10% of €500.00: €50.00",
        "nothing is paid below the target of 80%: -€50.00",
    ]
    in_part = attrs.evolve(one, target=Target(attainment=percent(80), missed=Missed.PROPORTIONAL))
    assert said(in_part, share("a", "400"), quota=Fraction(1000_00))[-1] == (
        "50% of the target of 80% is reached, and of the amount is paid: -€20.00"
    )


def test_cap_and_guarantee_of_a_part_of_the_period_are_said_as_they_were() -> None:
    """A third of the period: of 90.00 the cap is 30.00, of 60.00 the guarantee is 20.00."""
    third: dict[str, Any] = {"part": Fraction(1, 3)}
    capped = component(curve((None, "10")), cap=eur("90"), prorate=frozenset(("cap",)))
    assert said(capped, share("a", "400"), **third)[-1] == "cut to the cap of €30.00: -€10.00"
    topped = component(curve((None, "10")), guarantee=eur("60"), prorate=frozenset(("guarantee",)))
    assert (
        said(topped, share("a", "50"), closing=True, **third)[-1]
        == "topped up to the guarantee of €20.00: €15.00"
    )
    banded = component(prorate=frozenset(("bands",)))  # the band of 1,000.00 ends at a third of it
    assert said(banded, share("a", "400"), **third)[2] == "10% of ≈ €333.3333, up to ≈ €333.3333: ≈ €33.3333"


def test_what_is_earned_beyond_a_guarantee_is_said_to_count_later() -> None:
    """12,000 and then 5,000 with 10,000 guaranteed (Dynamics 365): 2,000 count for the next, which is topped up by 3,000."""
    one = component(curve((None, "10")), guarantee=eur("10000"), carry_over=True)
    first = decided(one, share("a", "120000"), closing=True)
    assert said(one, share("a", "120000"), closing=True)[-1] == (
        "earned beyond the guarantee, which counts for the next one: €2,000.00"
    )
    assert said(one, share("b", "50000"), closing=True, carried=first.outcome.carries)[-1] == (
        "topped up to the guarantee of €10,000.00, less what was earned beyond it before: €3,000.00"
    )


@pytest.mark.parametrize(
    ("basis", "line"),
    [
        (Basis.ORIGINAL_RATE, "returned of a: -€50.00, at the rate of the sale: -€5.00"),
        (Basis.PROPORTIONAL, "returned of a: -€50.00, the same part of what the sale paid: -€5.00"),
    ],
)
def test_a_refund_names_its_sale_and_from_what_it_is_calculated(basis: Basis, line: str) -> None:
    one = component(curve((None, "10")), clawback=Clawback(basis=basis))
    assert said(one, share("a", "100"), share("r", "-50", "a"))[-1] == line


def test_a_limited_refund_is_said_to_be_limited() -> None:
    """5 % of all up to 1,000.00, then 10 %: 1,100.00 paid 110.00, 990.00 pay 49.50; the 110.00 had brought 11.00."""
    one = component(curve(("1000", "5"), (None, "10"), mode=Mode.WHOLE))
    lines = said(one, share("a", "990"), share("b", "110"), share("r", "-110", "b"))
    assert lines[0].endswith("€99.00")
    assert lines[-1] == "refunds take back no more than what was returned had brought: €49.50"


def test_an_interpolated_amount_grows_evenly() -> None:
    made = Curve((Band(up_to=eur("100"), pays=eur("10")), Band()), Mode.INTERPOLATE)
    assert said(component(made), share("a", "55"))[2:] == ["growing evenly, up to €100.00: €5.50"]


def test_a_flat_amount_names_its_band() -> None:
    made = Curve((Band(up_to=eur("100")), Band(flat=eur("10"))))
    assert said(component(made), share("a", "150"))[2:] == ["a fixed amount once, above €100.00: €10.00"]


def test_a_rolling_window_says_what_lay_in_it() -> None:
    """900.00 of before and 200.00 of now are more than 1,000.00: 15 % of the 200.00."""
    one = component(
        curve(("1000", "10"), (None, "15"), mode=Mode.WHOLE),
        accumulate=Accumulate.ROLLING,
        window=RollingMonths(12),
    )
    assert said(one, share("a", "200"), window=Fraction(900_00))[1:] == [
        "counted: €200.00, sales: 1",
        "what chooses the band, net sales: €1,100.00",
        "15% of €200.00, above €1,000.00: €30.00",
    ]


def test_a_held_entitlement_says_what_is_not_known() -> None:
    one = component(curve((percent(100), "5"), (None, "10")), by=By.ATTAINMENT)
    assert said(one, share("a", "100")) == [
        "reseller/2026/rebate/volume on March 31, 2026: held until it is known",
        "the quota of acme for FY2026-Q1 is not known, or is zero",
    ]
    assert (
        said(component(growth=True), share("a", "100"), locale="ja")[1]
        == "acme の FY2026-Q1 の前年実績が不明、またはゼロです"
    )


@pytest.mark.parametrize("kind", list(LineKind))
@pytest.mark.parametrize("locale", ["en", "ja", "zh"])
def test_every_kind_of_line_has_words_and_its_amount(kind: LineKind, locale: str) -> None:
    one = component(
        target=Target(attainment=percent(50)), cap=eur("9"), guarantee=eur("8"),
        minimum=eur("1"), maximum=eur("7"), accumulate=Accumulate.TRANSACTION,
    )  # fmt: skip
    line = Line(
        what=kind, amount=Fraction(1234), band=1, quantity=Fraction(5), rate=Fraction(1, 2), transaction="a"
    )
    words = put_into_words(said_of_line(one, line), locale)
    assert words.text.endswith("€12.34")
    assert "{" not in words.text


def of_plan(name: str, *components: Component) -> Dated[Plan]:
    return Dated.starting({datetime.date(2026, 1, 1): Plan(name=name, components=components)})


def sale(**more: Any) -> Transaction:
    given: dict[str, Any] = {
        "id": "order 7", "parties": {"partner": "acme"}, "days": {Day.INVOICED: datetime.date(2026, 2, 1)},
        "net": eur("100"),
    }  # fmt: skip
    return Transaction(**{**given, **more})


CASES: dict[str, tuple[Transaction, str]] = {
    "not yet": (
        sale(days={}),
        "reseller/2026/rebate/volume: order 7 waits for the day of the invoice",
    ),
    "no plan": (
        sale(days={Day.INVOICED: datetime.date(2025, 2, 1)}),
        "order 7: no plan is in force on its day",
    ),
    "no party": (sale(parties={}), "reseller/2026/rebate/volume: order 7: nobody is its partner"),
    "no amount": (sale(net=None), "reseller/2026/rebate/volume: order 7: its amount is not known: net sales"),
    "no sale": (
        sale(net=eur("-1"), returns="order 6"),
        "order 7: the sale that it takes back was not counted: order 6",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_transaction_that_moves_nothing_says_why(case: str) -> None:
    transaction, words = CASES[case]
    posting = post(of_plan("reseller/2026/rebate", component()), [transaction], Ledger(), known=MARCH)
    assert [put_into_words(said_of_uncounted(one), "en").text for one in posting.uncounted] == [words]


@pytest.mark.parametrize("why", list(Why))
@pytest.mark.parametrize("locale", ["ja", "zh"])
def test_every_reason_has_words_in_other_languages(why: Why, locale: str) -> None:
    given = Uncounted("order 7", why, "rebate", "net")
    english, other = (put_into_words(said_of_uncounted(given), one).text for one in ("en", locale))
    assert "order 7" in other
    assert english != other


def test_a_held_calculation_is_named_by_payee_component_and_period() -> None:
    """Names with the signs that keys are made of come out as they were."""
    one = component(curve((percent(100), "5"), (None, "10")), by=By.ATTAINMENT)
    odd = sale(parties={"partner": "a|c % me"})
    posting = post(of_plan("reseller/2026/rebate", one), [odd], Ledger(), known=MARCH)
    ((calculation, unknown),) = posting.held
    assert put_into_words(said_of_held(calculation, unknown), "en").lines() == [
        "reseller/2026/rebate/volume of a|c % me for FY2026-Q1: held until it is known",
        "  the quota of a|c % me for FY2026-Q1 is not known, or is zero",
    ]


def test_an_amount_between_two_minor_units_keeps_its_digits_unless_they_never_end() -> None:
    """A third of a cent is 0.00333..., half a cent 0.005; of yen, which has no minor unit, 0.5 stays."""
    show: Callable[[Exact], str] = Words.of("en").value
    assert [show(Exact("EUR", amount)) for amount in (Fraction(5), Fraction(1, 2), Fraction(1, 3), Fraction(-5, 4))] == [
        "€0.05", "€0.005", "≈ €0.0033", "-€0.0125",
    ]  # fmt: skip
    assert show(Exact("JPY", Fraction(1, 2))) == "¥0.5"
    assert show(Exact("points", Fraction(5, 2))) == "2.5 points"
    assert show(Exact("points", Fraction(2))) == "2 points"


@given(strategies.postings(), st.sampled_from(["en", "ja", "zh", "ar"]))
def test_whatever_is_posted_can_be_said_line_by_line(posting: Posting, locale: str) -> None:
    words = Words.of(locale)
    said = [said_of_held(*one) for one in posting.held] + [
        said_of_uncounted(one) for one in posting.uncounted
    ]
    assert all(words.explanation(one).lines() for one in said)


@given(strategies.of(Component), strategies.of(Earning), st.sampled_from(["en", "ja", "zh"]))
def test_any_decision_is_explained_with_a_line_for_each_of_its_lines(
    one: Component, earning: Earning, locale: str
) -> None:
    decision = ComponentPolicy(one, "reseller/2026/rebate/drawn").decide(earning, MARCH)
    lines = explain(decision, locale).lines()
    assert len(lines) > len(decision.outcome.lines)
    assert not [line for line in lines if "{" in line]


# every word of a line


def line_said(one: Component, line: Line, *part: Fraction) -> str:
    return put_into_words(said_of_line(one, line, *part), "en").text


def bands_by(end: Any) -> Curve:
    return curve((end, "5"), (None, "10"), mode=Mode.WHOLE)


@pytest.mark.parametrize(
    ("one", "chosen", "band"),
    [
        (
            component(bands_by("100"), by=By.GROSS),
            "sales at list prices: €120.00",
            "sales at list prices above €100.00",
        ),
        (
            component(bands_by("100"), by=By.NET, base=Base.MARGIN),
            "net sales: €120.00",
            "net sales above €100.00",
        ),
        (component(bands_by("100"), by=By.MARGIN), "margin: €120.00", "margin above €100.00"),
        (
            component(bands_by("100"), by=By.NET),
            "net sales: €120.00",
            "above €100.00",
        ),  # which is what is paid for
        (component(bands_by(Fraction(100)), by=By.UNITS), "units: 12,000 units", "units above 100 units"),
        (component(bands_by(percent(80)), by=By.ATTAINMENT), "attainment: 120%", "attainment above 80%"),
        (component(bands_by(percent(10)), by=By.GROWTH), "growth: 20%", "growth above 10%"),
    ],
)
def test_each_measure_that_chooses_a_band_has_its_words(one: Component, chosen: str, band: str) -> None:
    """120.00 sold, of a quota or on a baseline of 100.00; the cents of it are as many units."""
    lines = said(one, share("a", "120"), quota=Fraction(100_00), baseline=Fraction(100_00))
    assert lines[1:] == [
        "counted: €120.00, sales: 1",
        f"what chooses the band, {chosen}",
        f"10% of €120.00, {band}: €12.00",
    ]


def test_what_chose_the_band_is_not_said_of_what_is_left_after_a_clawback() -> None:
    """By the original rate the band is that of the sales as they were; re-rated it is that of what is left."""
    one = component(bands_by(percent(80)), by=By.ATTAINMENT)
    shares = share("a", "120"), share("r", "-60", "a")
    quota: dict[str, Any] = {"quota": Fraction(100_00)}
    assert said(one, *shares, **quota)[1:3] == [
        "counted: €60.00, sales: 1",
        "what chooses the band, attainment: 60%",
    ]
    original = attrs.evolve(one, clawback=Clawback(basis=Basis.ORIGINAL_RATE))
    assert said(original, *shares, **quota)[1:] == [
        "counted: €60.00, sales: 1",
        "10% of €120.00, attainment above 80%: €12.00",
        "returned of a: -€60.00, at the rate of the sale: -€6.00",
    ]


def test_bands_of_an_attainment_are_whole_in_a_part_of_a_period() -> None:
    for by in (By.ATTAINMENT, By.GROWTH):
        one = component(bands_by(percent(80)), by=by, prorate=frozenset(("bands",)))
        lines = said(
            one, share("a", "120"), quota=Fraction(50_00), baseline=Fraction(50_00), part=Fraction(1, 2)
        )
        assert lines[-1].endswith("above 80%: €12.00")


UNITS = component(Curve((Band(up_to=Fraction(2), each=eur("2.50")), Band(each=eur("3")))), base=Base.UNITS)


@pytest.mark.parametrize(
    ("one", "line", "words"),
    [
        # a count of one, either way
        (UNITS, {"what": LineKind.CLAWBACK, "quantity": Fraction(-1), "transaction": "a"},
         "returned of a: -1 unit, the same part of what the sale paid: €1.00"),
        (UNITS, {"what": LineKind.CLAWBACK, "quantity": Fraction(-2), "transaction": "a"},
         "returned of a: -2 units, the same part of what the sale paid: €1.00"),
        (UNITS, {"what": LineKind.BAND, "quantity": Fraction(1), "rate": Fraction(250), "band": 0},
         "€2.50 for each of 1 unit, up to 2 units: €1.00"),
        (attrs.evolve(UNITS, package=Package(size=Fraction(12))),
         {"what": LineKind.BAND, "quantity": Fraction(2), "rate": Fraction(250), "band": 1},
         "€2.50 for each of 2 packages, above 2 packages: €1.00"),
        # without a band, or of one that is the only one
        (component(), {"what": LineKind.BAND, "quantity": Fraction(500), "rate": Fraction(1, 10)}, "10% of €5.00: €1.00"),
        (component(), {"what": LineKind.BAND, "rate": Fraction(1, 10)}, "10% of €0.00: €1.00"),
        (component(curve((None, "10"))), {"what": LineKind.FLAT, "band": 0}, "a fixed amount once: €1.00"),
        (component(), {"what": LineKind.FLAT, "band": 0}, "a fixed amount once, up to €1,000.00: €1.00"),
        (component(), {"what": LineKind.BAND, "band": 1}, "growing evenly, above €1,000.00: €1.00"),
        # nothing that is paid at, and nothing of a target
        (component(), {"what": LineKind.ACCELERATOR, "rate": Fraction(0)}, "paid at 0% for the attainment: €1.00"),
        (component(target=Target(attainment=percent(80), missed=Missed.PROPORTIONAL)),
         {"what": LineKind.TARGET, "rate": Fraction(0)},
         "0% of the target of 80% is reached, and of the amount is paid: €1.00"),
        (component(), {"what": LineKind.CLAWBACK, "transaction": "a"},
         "returned of a: €0.00, the same part of what the sale paid: €1.00"),
        # each in its own words
        (component(), {"what": LineKind.ROUNDING}, "rounded: €1.00"),
        (component(), {"what": LineKind.ROUNDING, "transaction": "a"}, "a rounded: €1.00"),
        (component(), {"what": LineKind.FIXED, "transaction": "a"}, "a fixed amount for a: €1.00"),
        (component(), {"what": LineKind.LIMIT}, "refunds take back no more than what was returned had brought: €1.00"),
        (component(), {"what": LineKind.POSTED}, "posted before: €1.00"),
        (component(), {"what": LineKind.SPLIT}, "the part of others: €1.00"),
        (component(), {"what": LineKind.PAYMENT}, "paid out: €1.00"),
        (component(), {"what": LineKind.DECISION}, "decided by a person: €1.00"),
    ],
)  # fmt: skip
def test_a_line_says_what_is_in_it(one: Component, line: dict[str, Any], words: str) -> None:
    assert line_said(one, Line(amount=Fraction(100), **line)) == words


def test_a_line_is_of_the_whole_period_where_no_part_is_told() -> None:
    one = component(cap=eur("90"), guarantee=eur("60"), prorate=frozenset(("cap", "bands")))
    cap, band = (
        Line(what=LineKind.CAP, amount=Fraction(-100)),
        Line(what=LineKind.FLAT, amount=Fraction(100), band=1),
    )
    assert [line_said(one, cap, *part) for part in ((), (Fraction(1, 3),))] == [
        "cut to the cap of €90.00: -€1.00",
        "cut to the cap of €30.00: -€1.00",
    ]
    assert [line_said(one, band, *part) for part in ((), (Fraction(1, 2),))] == [
        "a fixed amount once, above €1,000.00: €1.00",
        "a fixed amount once, above €500.00: €1.00",
    ]
    guarantee = Line(what=LineKind.GUARANTEE, amount=Fraction(100))  # which is not prorated
    assert line_said(one, guarantee, Fraction(1, 3)) == "topped up to the guarantee of €60.00: €1.00"


def test_points_of_a_currency_without_minor_units_are_for_each_of_it() -> None:
    one = Component(name="miles", unit="points", currency="JPY", curve=curve((None, "50")))
    line = Line(what=LineKind.BAND, amount=Fraction(5), quantity=Fraction(10), rate=Fraction(1, 2), band=0)
    assert line_said(one, line) == "0.5 points for each ¥1 of ¥10: 5 points"
    for_units = Component(
        name="miles", unit="points", base=Base.UNITS, curve=Curve((Band(each=Money("points", 2)),))
    )
    assert said(for_units, units("a", 3))[1:] == [
        "counted: 3 units, sales: 1",
        "2 points for each of 3 units: 6 points",
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Uncounted("o", Why.NOT_YET, "c", "signed"), "c: o waits for the day of signature"),
        (Uncounted("o", Why.NOT_YET, "c", "invoiced"), "c: o waits for the day of the invoice"),
        (Uncounted("o", Why.NOT_YET, "c", "closed"), "c: o waits for the day of closing"),
        (Uncounted("o", Why.NOT_YET, "c", "paid"), "c: o waits for the day of payment"),
        (Uncounted("o", Why.NOT_YET, "c", "gross"), "c: o waits for gross"),
        (Uncounted("o", Why.NO_PLAN), "o: no plan is in force on its day"),
        (
            Uncounted("o", Why.NOT_COVERED),
            "o: no component covers it, which is something else than a rate of zero",
        ),
        (Uncounted("o", Why.NO_PARTY, "c", "paid"), "c: o: nobody is its paid"),
        (
            Uncounted("o", Why.UNKNOWN_FACT, "c", "net"),
            "c: o: whether it counts depends on what is not known: net",
        ),
        (Uncounted("o", Why.NO_AMOUNT, "c", "gross"), "c: o: its amount is not known: sales at list prices"),
        (Uncounted("o", Why.NO_AMOUNT, "c", "net"), "c: o: its amount is not known: net sales"),
        (Uncounted("o", Why.NO_AMOUNT, "c", "margin"), "c: o: its amount is not known: margin"),
        (Uncounted("o", Why.NO_AMOUNT, "c", "units"), "c: o: its amount is not known: units"),
        (Uncounted("o", Why.NO_AMOUNT, "c", "paid"), "c: o: its amount is not known: paid"),
        (Uncounted("o", Why.NO_SALE, "", "s"), "o: the sale that it takes back was not counted: s"),
    ],
)
def test_why_a_transaction_moves_nothing_is_said_of_each_day_and_each_measure(
    given: Uncounted, words: str
) -> None:
    assert put_into_words(said_of_uncounted(given), "en").text == words


def test_all_that_holds_a_calculation_is_named_with_whose_it_is() -> None:
    held = said_of_held("a%7Cc%2525|r/1/b/c|Q1", ("quota", "baseline", "window", "part"))
    assert put_into_words(held, "en").lines() == [
        "r/1/b/c of a|c%25 for Q1: held until it is known",
        "  the quota of a|c%25 for Q1 is not known, or is zero",
        "  the baseline of a|c%25 for Q1 is not known, or is zero",
        "  window of a|c%25 for Q1 is not known",
        "  part of a|c%25 for Q1 is not known",
    ]


def test_a_held_entitlement_is_said_with_its_day_and_what_is_missing_of_whom() -> None:
    one = component(growth=True, accumulate=Accumulate.PERIOD)
    assert said(one, share("a", "100"), window=None) == [
        "reseller/2026/rebate/volume on March 31, 2026: held until it is known",
        "the baseline of acme for FY2026-Q1 is not known, or is zero",
        "window of acme for FY2026-Q1 is not known",
    ]
