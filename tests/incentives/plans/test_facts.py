"""What incentives are calculated from: what a transaction may say, and what its records are by themselves."""

import datetime
from fractions import Fraction as F
from typing import Any

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.incentives.plans.facts import Base, Day, Earning, Share, Transaction
from prmcore.incentives.plans.lines import Entitlement, Line, LineKind
from prmcore.values import Money

TODAY = datetime.date(2026, 2, 10)


def eur(amount: int) -> Money:
    return Money.of(amount, "EUR")


def sale(**said: Any) -> Transaction:
    given: dict[str, Any] = {"id": "a", "parties": {"partner": "acme"}, "days": {Day.INVOICED: TODAY}}
    return Transaction(**(given | said))


@pytest.mark.parametrize("record", [Transaction, Share, Earning, Line, Entitlement])
def test_a_record_is_made_by_the_names_of_its_fields(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


NOUGHT, ONE = F(0), F(1)


def test_what_a_record_does_not_say() -> None:
    bare = {
        "gross": None,
        "net": None,
        "cost": None,
        "units": None,
        "returns": None,
        "facts": None,
        "recorded": None,
    }
    assert sale() == sale(credits={}, overlay={}, **bare)
    assert Share(transaction="a", day=TODAY, quantity=ONE, pay=ONE) == Share(
        transaction="a", day=TODAY, quantity=ONE, pay=ONE, returns=None, bucket="", credit=ONE, source=None, exchange=None
    )  # fmt: skip
    assert Earning(payee="acme", period="FY2026-Q1") == Earning(
        payee="acme", period="FY2026-Q1", shares=(), window=NOUGHT, quota=None, baseline=None, part=ONE, carried=NOUGHT,
        closing=False,
    )  # fmt: skip
    assert Line(what=LineKind.BAND, amount=ONE) == Line(
        what=LineKind.BAND, amount=ONE, band=None, quantity=None, rate=None, transaction=None
    )
    assert Entitlement(amount=None) == Entitlement(
        amount=None, lines=(), quantity=NOUGHT, pay=NOUGHT, carries=NOUGHT, unknown=()
    )


NOT_A_DAY: Any = "2026-02-10"
BELOW = "accepted: zero or more, or `returns` with the sale that it takes back"
ABOVE = "in what takes back 's'; accepted: zero or less"


@pytest.mark.parametrize(
    ("said", "path", "message"),
    [
        ({"days": {Day.PAID: NOT_A_DAY}}, "days.paid", "found '2026-02-10'"),
        (
            {"gross": Money.of(1, "USD"), "net": eur(1)},
            "",
            "found EUR, USD; accepted: amounts of one currency",
        ),
        (
            {"net": eur(1), "cost": Money.of(1, "USD")},
            "",
            "found EUR, USD; accepted: amounts of one currency",
        ),
        (
            {"gross": eur(1), "cost": Money.of(1, "CHF")},
            "",
            "found CHF, EUR; accepted: amounts of one currency",
        ),
        ({"credits": {"a": F(1, 3)}}, "credits", "the shares add up to 1/3; accepted: exactly 1"),
        ({"credits": {"a": F(2)}}, "credits", "the shares add up to 2; accepted: exactly 1"),
        ({"credits": {"a": F(3, 2), "b": F(-1, 2)}}, "credits.b", "found -1/2; accepted: zero or more"),
        ({"overlay": {"x": F(-1, 2)}}, "overlay.x", "found -1/2; accepted: zero or more"),
        ({"gross": eur(-1)}, "gross", f"found -1.00 EUR; {BELOW}"),
        ({"net": eur(-1)}, "net", f"found -1.00 EUR; {BELOW}"),
        ({"units": F(-1)}, "units", f"found -1; {BELOW}"),
        ({"returns": "s", "gross": eur(1)}, "gross", f"found 1.00 EUR {ABOVE}"),
        ({"returns": "s", "net": eur(1)}, "net", f"found 1.00 EUR {ABOVE}"),
        ({"returns": "s", "units": F(1)}, "units", f"found 1 {ABOVE}"),
    ],
)
def test_a_transaction_that_cannot_be_counted_is_refused_with_its_path(
    said: dict[str, Any], path: str, message: str
) -> None:
    with pytest.raises(InvalidInput, match="the transaction 'a' cannot be used") as caught:
        sale(**said)
    (fault,) = caught.value.faults
    assert message in fault.message
    assert fault.path == path


@pytest.mark.parametrize(
    "said",
    [
        {"gross": eur(0), "net": eur(0), "units": F(0)},
        {"returns": "s", "gross": eur(0), "net": eur(0), "units": F(0)},
        {"net": eur(1), "cost": eur(2)},
        {"cost": eur(-1)},  # what a sale cost may be refunded
        {"credits": {"a": F(1), "b": F(0)}, "overlay": {"x": F(0), "y": F(3)}},
        {"credits": {}, "overlay": {}},
    ],
)
def test_the_least_that_a_transaction_may_say(said: dict[str, Any]) -> None:
    assert {name: getattr(sale(**said), name) for name in said} == said


def test_numbers_become_exact() -> None:
    made = sale(units=3, credits={"a": 1}, overlay={"x": "0.5"})
    assert [type(one) for one in (made.units, made.credits["a"], made.overlay["x"])] == [F, F, F]
    assert made.overlay["x"] == F(1, 2)


def test_the_currency_is_that_of_any_amount() -> None:
    for name in ("gross", "net", "cost"):
        assert sale(**{name: eur(1)}).currency == "EUR"
    assert sale(units=F(1)).currency is None


def test_a_base_is_measured_where_all_of_it_is_known() -> None:
    made = sale(gross=eur(9), net=eur(7), cost=eur(4), units=F(2))
    assert [made.measured(base) for base in (Base.GROSS, Base.NET, Base.MARGIN, Base.UNITS)] == [
        eur(9), eur(7), eur(3), F(2),
    ]  # fmt: skip
    for said in ({"net": eur(7)}, {"cost": eur(4)}, {}):
        assert sale(**said).measured(Base.MARGIN) is None
    assert sale().measured(Base.NET) is None
