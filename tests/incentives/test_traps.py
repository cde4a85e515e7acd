"""The traps that other systems fell into, by number; those of money, splits, stacking and payouts are beside their subjects."""

import ast
import datetime
import re
from collections.abc import Iterator
from fractions import Fraction as F
from itertools import permutations
from pathlib import Path
from typing import Any

import attrs
import pytest

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, fact
from prmcore.errors import InvalidInput
from prmcore.incentives.ledger.credit import Why
from prmcore.incentives.ledger.model import Bookkeeping, Entry, EntryKind, Ledger, LedgerDiffers
from prmcore.incentives.ledger.posting import Circumstances, Posting, Quota, post
from prmcore.incentives.plans.curve import Band, Boundary, Curve, Mode, Rounding
from prmcore.incentives.plans.facts import Base, Day, Transaction
from prmcore.incentives.plans.model import Accumulate, Basis, Clawback, Component, Package, Plan
from prmcore.incentives.plans.policy import Line, LineKind
from prmcore.values import Dated, DateRange, FiscalCalendar, Money, Rate

FACTS = FactSchema("sale", (FactField("product", Kind.CODE),))
YEAR = DateRange(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
KNOWN = datetime.date(2026, 12, 31)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def percent(*bands: tuple[str | None, str], **said: Any) -> Curve:
    return Curve(
        tuple(Band(up_to=eur(to) if to else None, rate=Rate.percent(rate)) for to, rate in bands), **said
    )


def each(*bands: tuple[int | None, str, str], **said: Any) -> Curve:
    return Curve(
        tuple(Band(up_to=F(to) if to else None, each=eur(one), flat=eur(flat)) for to, one, flat in bands),
        **said,
    )


TEN = percent((None, "10"))


def it(curve: Curve = TEN, name: str = "it", **said: Any) -> Component:
    given: dict[str, Any] = {"name": name, "unit": "EUR", "curve": curve}
    return Component(**(given | said))


def in_force(*components: Component) -> Dated[Plan]:
    return Dated(((YEAR, Plan(name="reseller/2026/rebate", components=components, facts=FACTS)),))


def sale(name: str, net: str = "100", on: str = "2026-02-10", **said: Any) -> Transaction:
    facts = said.pop("facts", None)
    given: dict[str, Any] = {
        "id": name,
        "parties": {"partner": "acme"},
        "days": {Day.INVOICED: day(on)},
        "net": eur(net),
        "facts": FactSheet.of(FACTS, facts) if facts is not None else None,
    }
    return Transaction(**(given | said))


def posted(plans: Dated[Plan], ledger: Ledger, *transactions: Transaction, **said: Any) -> Posting:
    known: dict[str, Any] = {"known": KNOWN}
    found = post(plans, transactions, ledger, **(known | said))
    ledger.add(found.entries)
    return found


def paid(component: Component, *transactions: Transaction, **said: Any) -> str:
    ledger = Ledger()
    posted(in_force(component), ledger, *transactions, **said)
    return str(ledger.balance("acme", "EUR").amount)


@pytest.mark.parametrize(("sold", "rebate"), [("3800", "1100.00"), ("1000", "260.00"), ("300", "50.00")])
def test_t1_a_middle_band_pays_on_its_width_and_not_on_its_end(sold: str, rebate: str) -> None:
    """T1: the OCA rebate test asserts 1120 and 280; 10 % of 100, 20 % of 200 and 30 % of 3,500 or 700 make 1,100 and 260."""
    assert paid(it(percent(("100", "10"), ("300", "20"), (None, "30"))), sale("a", sold)) == rebate


def test_t2_there_is_no_hole_between_bands_and_none_above_the_last() -> None:
    """T2: 100.5 lies between "to 100" and "from 101" where ranges are closed; here a band says only how far it reaches."""
    curve = each((100, "2", "0"), (None, "1", "0"))
    assert [curve.amount(units) for units in (100, F(201, 2), 101, 10**9)] == [
        20000,
        20050,
        20100,
        20000 + (10**9 - 100) * 100,
    ]
    with pytest.raises(InvalidInput, match="a last band without up_to"):
        Curve((Band(up_to=F(100)), Band(up_to=F(200))))


def test_t3_whether_a_band_ends_with_or_before_its_end_is_said_by_the_plan() -> None:
    """T3: and the explanation agrees: 250 units are 100, 100 and 50 by either reading; at 100 they differ."""
    bands = ((100, "3", "0"), (200, "2", "0"), (None, "1", "0"))
    for boundary in Boundary:
        assert [one.paid_for for one in each(*bands, boundary=boundary).slices(250)] == [100, 100, 50]
    whole = {one: each(*bands, boundary=one, mode=Mode.WHOLE).amount(100) for one in Boundary}
    assert whole == {Boundary.UPPER_INCLUSIVE: 300_00, Boundary.LOWER_INCLUSIVE: 200_00}


def test_t4_a_band_that_is_entered_by_nothing_pays_no_flat() -> None:
    """T4: PandaTech's README: at 1,000 it is 25 + 70 = 95, and not 345 with the 250 of the band that begins there."""
    curve = Curve(
        (
            Band(up_to=eur("500"), flat=eur("25")),
            Band(up_to=eur("1000"), flat=eur("70")),
            Band(flat=eur("250")),
        )
    )
    assert [curve.amount(sales * 100) for sales in (500, 1000)] == [25_00, 95_00]
    assert curve.amount(1000_01) == 345_00
    limited = it(minimum=eur("250"), accumulate=Accumulate.TRANSACTION)
    assert paid(limited, sale("a", "0"), sale("b", "1")) == "250.00"


@pytest.mark.parametrize(
    ("curve", "below", "above", "amounts"),
    [
        (each((100, "2", "10"), (None, "1", "0"), mode=Mode.WHOLE), 100, 101, ("210.00", "101.00")),
        (each((15, "10", "0"), (None, "5", "0"), mode=Mode.WHOLE), 15, 16, ("150.00", "80.00")),
    ],
)
def test_t5_more_sales_may_pay_less_where_one_band_pays_for_everything(
    curve: Curve, below: int, above: int, amounts: tuple[str, str]
) -> None:
    """T5: Lago 100 -> 210 and 101 -> 101; OpenMeter 15 -> 150 and 16 -> 80. It is what the plan says, and marginally it is not."""
    component = it(curve, base=Base.UNITS)
    assert tuple(paid(component, sale("a", units=F(units))) for units in (below, above)) == amounts
    marginal = attrs.evolve(curve, mode=Mode.MARGINAL)
    assert marginal.amount(above) > marginal.amount(below)


def test_t5_a_package_more_may_pay_half() -> None:
    """T5: Kill Bill: 101,000 units in packages of 1,000 -> 101; 101,001 begin another and fall to half the price: 51."""
    curve = each((101, "1", "0"), (None, "0.50", "0"), mode=Mode.WHOLE)
    component = it(curve, base=Base.UNITS, package=Package(size=F(1000), started=True))
    assert [paid(component, sale("a", units=F(units))) for units in (101_000, 101_001)] == ["101.00", "51.00"]


def test_t6_bands_are_marginal_unless_the_plan_says_otherwise() -> None:
    """T6: 2,000 at 10 % to 1,000 and 25 % beyond: 350, and 500 only where that is said."""
    bands = (("1000", "10"), (None, "25"))
    assert paid(it(percent(*bands)), sale("a", "2000")) == "350.00"
    assert paid(it(percent(*bands, mode=Mode.WHOLE)), sale("a", "2000")) == "500.00"


def test_t7_a_refund_lowers_what_is_paid_and_cannot_be_given_as_a_sale() -> None:
    """T7: adempiere: 400 and a credit note of 80 pay 32 and not 48; a sign the wrong way round is refused."""
    assert paid(it(), sale("a", "400"), sale("r", "-80", returns="a")) == "32.00"
    for wrong in ({"net": "80", "returns": "a"}, {"net": "-80"}):
        with pytest.raises(InvalidInput, match="accepted: zero or"):
            sale("r", **wrong)


def test_t8_a_sale_that_was_never_paid_takes_nothing_back_when_it_is_reversed() -> None:
    """T8: a plan that pays on payment has nothing to take back, and says so."""
    plans, ledger = in_force(it(day=Day.PAID)), Ledger()
    back = sale("r", "-100", returns="a", days={Day.INVOICED: day("2026-03-01"), Day.PAID: day("2026-03-01")})
    found = posted(plans, ledger, sale("a"), back)
    assert (found.entries, [one.why for one in found.uncounted]) == ((), [Why.NOT_YET, Why.NO_SALE])


@pytest.mark.parametrize("basis", Basis)
def test_t9_a_part_that_is_refunded_takes_back_a_part(basis: Basis) -> None:
    """T9: 30 of 100 at 10 % leave 7."""
    assert paid(it(clawback=Clawback(basis=basis)), sale("a"), sale("r", "-30", returns="a")) == "7.00"


def test_t10_a_refund_after_the_payout_is_not_ignored() -> None:
    """T10: 10 earned and paid out; the refund posts -10, and the balance is below zero until it is earned again."""
    plans, ledger = in_force(it()), Ledger()
    (earned,) = posted(plans, ledger, sale("a"), known=day("2026-02-10")).entries
    line = Line(what=LineKind.PAYMENT, amount=F(-earned.amount.minor))
    payment = attrs.evolve(
        earned,
        component="reseller/payment",
        kind=EntryKind.PAYMENT,
        amount=-earned.amount,
        lines=(line,),
        earning=None,
    )
    ledger.add([payment])
    (back,) = posted(plans, ledger, sale("r", "-100", returns="a"), whole=False).entries
    assert (back.kind, back.amount) == (EntryKind.CLAWBACK, eur("-10"))
    assert ledger.balance("acme", "EUR") == eur("-10")


def test_t11_a_partial_refund_is_counted_once_and_the_rest_stays() -> None:
    """T11: gumroad: 98 are left of 100 when 2 come back, also when the refund is told again."""
    plans, ledger = in_force(it(percent((None, "100")))), Ledger()
    posted(plans, ledger, sale("a"))
    for _ in range(3):
        posted(plans, ledger, sale("r", "-2", returns="a"), whole=False)
    assert ledger.balance("acme", "EUR") == eur("98")


def test_t12_undoing_one_of_two_refunds_leaves_the_other() -> None:
    """T12: whether it is no longer among the facts, or restated as nothing."""
    a, r, s = sale("a"), sale("r", "-20", returns="a"), sale("s", "-30", returns="a")
    assert paid(it(), a, r, s) == "5.00"
    assert paid(it(), a, s) == "7.00"
    assert paid(it(), a, r, s, attrs.evolve(r, net=eur("0"), recorded=KNOWN)) == "7.00"


@pytest.mark.parametrize("basis", Basis)
def test_t13_a_reversal_is_at_the_rate_of_its_sale_and_not_at_the_blended_one(basis: Basis) -> None:
    """T13: 1,000 at 10 % and 1,000 at 20 % after the rate changed: the first takes back 100, the second 200, not 150."""
    halves = (
        DateRange(day("2026-01-01"), day("2026-02-15")),
        DateRange(day("2026-02-15"), day("2027-01-01")),
    )
    versions = [
        Plan(
            name=f"reseller/2026-{rate}/rebate",
            components=(it(percent((None, rate)), clawback=Clawback(basis=basis)),),
        )
        for rate in ("10", "20")
    ]
    plans = Dated(tuple(zip(halves, versions, strict=True)))
    for returned, taken in (("a", "-100"), ("b", "-200")):
        ledger = Ledger()
        posted(plans, ledger, sale("a", "1000"), sale("b", "1000", "2026-02-20"))
        (back,) = posted(
            plans, ledger, sale("r", "-1000", "2026-03-01", returns=returned), whole=False
        ).entries
        assert back.amount == eur(taken)


def test_t19_the_sum_is_rounded_and_not_each_of_its_parts() -> None:
    """T19: Saleor: four times 0.255 is 1.02; each rounded by itself they are 1.04. What is posted on the way adds up."""
    plans, ledger = in_force(it()), Ledger()
    amounts = [
        posted(plans, ledger, sale(name, "2.55"), whole=False).entries[0].amount.minor for name in "abcd"
    ]
    assert amounts == [26, 25, 25, 26]  # 0.255, 0.51, 0.765 and 1.02: 26, 51, 76 (half to even) and 102
    assert sum(amounts) == 102


def test_t24_a_sale_that_is_edited_without_its_context_keeps_its_rate() -> None:
    """T24: restated without the product that gave it 30 %, it does not fall to the rate of the rest: it is held."""
    plans = in_force(
        it(percent((None, "30")), "special", when=fact("product").equals("A"), exclusive="rate", priority=1),
        it(TEN, "rest", exclusive="rate", priority=2),
    )
    ledger = Ledger()
    posted(plans, ledger, sale("a", facts={"product": "A"}))
    edited = posted(plans, ledger, sale("a", "90", recorded=KNOWN))
    assert (edited.entries, edited.uncounted[0].why, edited.uncounted[0].what) == (
        (),
        Why.UNKNOWN_FACT,
        "product",
    )
    posted(plans, ledger, sale("a", "90", recorded=KNOWN, facts={"product": "A"}))
    assert ledger.balance("acme", "EUR") == eur("27")


@pytest.mark.parametrize("kind", ["month", "quarter", "half", "year"])
def test_t25_every_day_is_in_one_period_and_the_last_days_of_january_and_february_too(kind: Any) -> None:
    """T25: a half-month that ended on 30 January and 28 February 2024 lost a day; here one begins where the other ends."""
    books = Bookkeeping(FiscalCalendar(), kind)
    for text in ("2024-01-30", "2024-01-31", "2024-02-28", "2024-02-29"):
        assert day(text) in books.period(day(text)).range
    period = books.period(day("2024-01-01"))
    for _ in range(12):
        following = books.period(period.range.end)  # type: ignore[arg-type]  # a fiscal period ends
        assert following.range.start == period.range.end
        period = following
    by_month = in_force(it(period="month"))
    ledger = Ledger()
    posted(by_month, ledger, sale("a", on="2026-01-31"), sale("b", on="2026-02-01"))
    assert [one.period for one in ledger] == ["2026-01", "2026-02"]


def test_t26_what_posts_nothing_says_why() -> None:
    """T26: settling within the period looked broken for its empty answer; here each sale that waits is named."""
    found = posted(in_force(it()), Ledger(), sale("a", on="2026-03-20"), known=day("2026-03-01"))
    assert found.entries == ()
    assert [(one.transaction, one.why) for one in found.uncounted] == [("a", Why.NOT_YET)]


def test_t28_a_later_month_does_not_pay_the_earlier_ones_again() -> None:
    """T28: the run of February posts February alone, though it is given January too."""
    plans, ledger = in_force(it(period="month")), Ledger()
    posted(plans, ledger, sale("a", on="2026-01-10"), known=day("2026-01-31"))
    found = posted(plans, ledger, sale("a", on="2026-01-10"), sale("b", "50"), known=day("2026-02-28"))
    assert [(one.period, one.amount) for one in found.entries] == [("2026-02", eur("5"))]


FASTER = Curve(
    (Band(up_to=Rate.percent(100), rate=Rate.percent(100)), Band(rate=Rate.percent(150))), Mode.WHOLE
)
QUOTA = Circumstances(quotas=(Quota(payee="acme", period="FY2026-Q1", amount=eur("1000")),))


@pytest.mark.parametrize("cuts", [(3,), (1, 3), (2, 3), (1, 2, 3)])
def test_t29_attainment_is_of_all_sales_however_they_come_in(cuts: tuple[int, ...]) -> None:
    """T29: 600, 300 and 300 are 120 % of the quota, so 150 % of 10 % of 1,200 = 180, in one batch or three."""
    plans, ledger = in_force(it(accelerator=FASTER)), Ledger()
    sales = [sale("a", "600"), sale("b", "300"), sale("c", "300")]
    before = 0
    for cut in cuts:
        posted(plans, ledger, *sales[before:cut], whole=False, circumstances=QUOTA)
        before = cut
    assert ledger.balance("acme", "EUR") == eur("180")


def test_t30_two_runs_at_once_cannot_both_use_the_room_below_the_cap() -> None:
    """T30: both see 100 of room and would post 80: the second is refused by the ledger, and run again it posts 20."""
    plans, ledger = in_force(it(percent((None, "100")), cap=eur("100"))), Ledger()
    one, other = (
        post(plans, [sale(name, "80")], ledger, known=KNOWN, whole=False).entries for name in ("a", "b")
    )
    ledger.add(one)
    with pytest.raises(LedgerDiffers):
        ledger.add(other)
    posted(plans, ledger, sale("b", "80"), whole=False)
    assert ledger.balance("acme", "EUR") == eur("100")


@pytest.mark.parametrize("basis", Basis)
def test_t31_what_is_refunded_frees_the_same_room_below_the_cap_in_every_order(basis: Basis) -> None:
    """T31: cap 100; 80 and 80, the second refunded: 80 remain, or what the first was paid, whatever came first."""
    component = it(percent((None, "100")), cap=eur("100"), clawback=Clawback(basis=basis))
    facts = (sale("a", "80"), sale("b", "80", "2026-02-11"), sale("r", "-80", "2026-03-01", returns="b"))
    balances = set()
    for order in permutations(facts):
        ledger = Ledger()
        for cut in (1, 2, 3):
            posted(in_force(component), ledger, *order[:cut])
        balances.add(ledger.balance("acme", "EUR"))
    assert balances == {eur("80")}


def test_t33_the_code_does_what_its_words_say() -> None:
    """T33: half-even is the default, and 20 % of 740,044.18 is 148,008.84 (a published table prints another number)."""
    assert it().rounding is Rounding.HALF_EVEN
    assert paid(it(), sale("a", "0.25")) == "0.02"
    assert paid(it(percent((None, "20"))), sale("a", "740044.18")) == "148008.84"


def test_t35_a_sale_at_a_loss_lowers_the_margin_that_is_paid() -> None:
    """T35: margins of 50 and -30 are 20 together, of which 10 % is 2.00; floored one by one they would make 5.00."""
    gain = sale("a", "150", cost=eur("100"))
    loss = sale("b", "70", cost=eur("100"))
    assert paid(it(base=Base.MARGIN), gain, loss) == "2.00"


@pytest.mark.parametrize("basis", Basis)
def test_t36_a_refund_larger_than_its_sale_mints_nothing(basis: Basis) -> None:
    """T36: at most what was sold comes back, and nothing is sold below zero."""
    clawback = it(clawback=Clawback(basis=basis))
    assert paid(clawback, sale("a"), sale("r", "-5000", returns="a")) == "0.00"
    assert paid(clawback, sale("a"), sale("b"), sale("r", "-5000", returns="a")) == "10.00"
    with pytest.raises(InvalidInput, match="accepted: zero or more"):
        sale("a", "-1")


def test_t37_of_a_minimum_the_plan_says_whether_the_payment_or_the_calculation_comes_back() -> None:
    """T37: Xactly: 5 calculated, 10 paid; by the original rate 5 of the 10 come back."""
    left = {}
    for basis in Basis:
        component = it(
            percent((None, "5")),
            minimum=eur("10"),
            accumulate=Accumulate.TRANSACTION,
            clawback=Clawback(basis=basis),
        )
        left[basis] = paid(component, sale("a"), sale("r", "-100", returns="a"))
    assert left == {Basis.RERATE: "0.00", Basis.ORIGINAL_RATE: "5.00", Basis.PROPORTIONAL: "0.00"}


def test_t38_what_grows_evenly_starts_at_nothing_and_no_band_ends_below_it() -> None:
    """T38: an interpolated table whose first band was negative started at 0; here such a band is refused."""
    curve = Curve((Band(up_to=eur("1000"), pays=eur("100")), Band()), Mode.INTERPOLATE)
    assert [curve.amount(sales) for sales in (0, 500_00)] == [0, 50_00]
    with pytest.raises(InvalidInput, match="an end above zero"):
        Curve(
            (Band(up_to=eur("-100"), pays=eur("0")), Band(up_to=eur("1000"), pays=eur("100")), Band()),
            Mode.INTERPOLATE,
        )


# all of them

TESTS = Path(__file__).parents[1]


def named_traps() -> Iterator[tuple[int, str]]:
    """Each trap that a test names, in its name or its docstring, with the test."""
    for file in sorted([*(TESTS / "incentives").rglob("test_*.py"), *(TESTS / "values").glob("test_*.py")]):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said = f"{node.name.upper()} {ast.get_docstring(node) or ''}".replace("_", " ")
                for number in re.findall(r"\bT([1-9][0-9]?)\b", said):
                    yield int(number), node.name


NAMED = dict(named_traps())


@pytest.mark.parametrize("trap", range(1, 39))
def test_every_trap_has_a_test_that_names_it(trap: int) -> None:
    assert trap in NAMED


def test_an_entry_that_was_posted_is_never_another() -> None:
    """What a trap would have changed in place stays: entries are frozen, and their ids are taken once."""
    ledger = Ledger()
    (entry,) = posted(in_force(it()), ledger, sale("a")).entries
    assert isinstance(entry, Entry)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        entry.amount = eur("0")  # type: ignore[misc]
