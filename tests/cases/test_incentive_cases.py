"""Published numbers of tiers, rebates, commissions, splits and rounding: every row of the tables in `incentives`.

`incentives/README.md` says how a row is read. What a row expects is its source's number or worked out by hand.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind
from prmcore.errors import InvalidInput
from prmcore.incentives import (
    Accumulate,
    At,
    Band,
    Base,
    Basis,
    Boundary,
    By,
    Circumstances,
    Clawback,
    Component,
    ComponentPolicy,
    Curve,
    Day,
    Earning,
    Entry,
    EntryKind,
    Ledger,
    Line,
    LineKind,
    Missed,
    Mode,
    Package,
    Plan,
    Posting,
    Quota,
    Rounding,
    Share,
    Split,
    SplitKind,
    Target,
    Transaction,
    post,
)
from prmcore.values import (
    Dated,
    DateRange,
    ExchangeRates,
    FiscalCalendar,
    Money,
    Rate,
    RollingMonths,
    currency_digits,
    total,
)

TABLES = Path(__file__).parent / "incentives"
START = date(2026, 1, 1)
END_OF_TIME = date(2030, 1, 1)
SALES = FactSchema("transaction", (FactField("subscription", Kind.CODE),))


@attrs.frozen(eq=False)
class Row:
    """One case of a table, with its cells by column."""

    table: str
    line: int
    cells: Mapping[str, str] = attrs.field(repr=False)

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def __str__(self) -> str:
        return f"{self.table}:{self.line} {self['case']}"

    @property
    def refused(self) -> str | None:
        """What the refusal says, of a case that has no number."""
        return self["expect"].removeprefix("refused: ") if self["expect"].startswith("refused: ") else None


def _head(table: str) -> list[str]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8") as lines:
        return [line for line in lines if line.startswith("#")]


def _sources(table: str) -> set[str]:
    return {line[2:].split(":")[0] for line in _head(table)[1:]}


def _rows(table: str) -> list[Row]:
    above = len(_head(table))
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        for _ in range(above):
            next(lines)
        reader = csv.DictReader(lines, strict=True)
        found = [Row(table, above + reader.line_num, {**cells}) for cells in reader]
    assert all(None not in row.cells and None not in row.cells.values() for row in found), (
        "a cell too many or too few"
    )
    return found


CURVES, SEQUENCES, SPLITS, ROUNDINGS = (
    _rows(name) for name in ("curves", "sequences", "splits", "roundings")
)


def _parts(cell: str, separator: str = ";") -> list[str]:
    return [part.strip() for part in cell.split(separator)] if cell else []


def _minor(text: str) -> tuple[Fraction, str]:
    """An exact amount in minor units, with as many digits as it takes, and its currency."""
    number, currency = text.split(" ")
    return Fraction(number) * 10 ** currency_digits(currency), currency


def _half_even(exact: Fraction) -> int:
    """Apart from the code under test: Python's own."""
    return round(exact)


# --- bands as text: `1000: 10 %; open: 6 USD each + 10 USD` -----------------------------------------------------------


def _curve(row: Row, bands: str, unit: str, flat_at_zero: bool = False) -> Curve:
    mode, boundary = Mode(row["mode"]), Boundary(row["boundary"] or "upper_inclusive")
    return Curve(tuple(_bands(bands, unit)), mode=mode, boundary=boundary, flat_at_zero=flat_at_zero)


def _bands(text: str, unit: str, separator: str = ";") -> Iterator[Band]:
    for part in _parts(text, separator):
        end, _, pays = part.partition(":")
        yield Band(up_to=_end(end, unit), **_paid(pays.strip()))


def _end(text: str, unit: str) -> Money | Fraction | Rate | None:
    if text == "open":
        return None
    if text.endswith("%"):
        return Rate.parse(text)
    return Fraction(text) if unit == "units" else Money.of(text, unit)


def _paid(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in re.split(r"(?:^|\s)\+\s", text):
        if part.endswith("%"):
            found["rate"] = Rate.parse(part)
        elif part.endswith(" each"):
            found["each"] = Money.parse(part.removesuffix(" each"))
        elif part.startswith("pays "):
            found["pays"] = Money.parse(part.removeprefix("pays "))
        elif part not in ("", "nothing"):
            found["flat"] = Money.parse(part)
    return found


def _package(cell: str) -> Package | None:
    size, _, started = cell.partition(" ")
    return Package(size=Fraction(size), started=started == "started") if cell else None


# --- what a quantity pays ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Measured:
    """A row's curve in a component, and the quantity that it is asked for."""

    component: Component
    quantity: Fraction
    pay: Fraction | None  # None = the quantity itself


def _measured(row: Row, currency: str) -> _Measured:
    unit, package = row["unit"], _package(row["package"])
    curve = _curve(
        row, row["bands"], currency if unit == "%" else unit, flat_at_zero=row["flat_at_zero"] == "yes"
    )
    by = By.ATTAINMENT if unit == "%" else By.UNITS if row["pay"].endswith(currency) else None
    base = Base.UNITS if unit == "units" and by is None else Base.NET
    component = Component(name="c", curve=curve, unit=currency, base=base, by=by, package=package)
    quantity = Fraction(row["quantity"])
    if unit == "%":
        return _Measured(component, quantity / 100, None)
    pay = None if not row["pay"] else _minor(row["pay"])[0] if " " in row["pay"] else Fraction(row["pay"])
    return _Measured(component, quantity if unit == "units" else _minor(f"{quantity} {unit}")[0], pay)


def _currency(row: Row) -> str:
    """That a row pays in: of what it expects, or of its bands where it expects to be refused."""
    found = re.search(
        r"[A-Z]{3}", row["unit"] if row.refused and row["unit"].isupper() else row["expect"] + row["bands"]
    )
    return found[0] if found else "EUR"


@pytest.mark.parametrize("row", [row for row in CURVES if not row.refused], ids=str)
def test_the_bands_pay_what_their_source_says(row: Row) -> None:
    exact, currency = _minor(row["expect"])
    asked = _measured(row, currency)
    curve, package = asked.component.curve, asked.component.package
    quantity = asked.quantity if package is None else package.count(asked.quantity)
    assert curve.amount(quantity, asked.pay) == exact
    assert sum(part.amount for part in curve.slices(quantity, asked.pay)) == exact
    pay = asked.quantity if asked.pay is None else asked.pay
    sold = Share(transaction="a", day=START, quantity=asked.quantity, pay=pay)
    earning = Earning(payee="acme", period="FY2026-Q1", shares=(sold,), quota=Fraction(1))
    entitlement = ComponentPolicy(asked.component, "p/1/rebate/c").entitlement(earning)
    assert entitlement.amount == Money(currency, _half_even(exact))
    assert sum(line.amount for line in entitlement.lines) == _half_even(exact)


def _is_whole(row: Row) -> bool:
    """Whether the integer reading is asked at all: it knows no parts of a unit, and one measure only."""
    return (
        not row.refused
        and not row["pay"]
        and row["unit"] != "%"
        and (row["unit"] != "units" or "." not in row["quantity"])
    )


@pytest.mark.parametrize("row", [row for row in CURVES if _is_whole(row)], ids=str)
def test_the_integer_reading_pays_what_the_source_says(row: Row) -> None:
    exact, currency = _minor(row["expect"])
    asked = _measured(row, currency)
    package = asked.component.package
    quantity = int(asked.quantity if package is None else package.count(asked.quantity))
    increments = asked.component.curve.compiled()
    assert increments([quantity]) == [_half_even(exact)]
    assert sum(increments([quantity // 3, quantity - quantity // 3])) == _half_even(exact)


@pytest.mark.parametrize("row", [row for row in CURVES if row.refused], ids=str)
def test_bands_that_could_pay_wrongly_are_refused(row: Row) -> None:
    with pytest.raises(InvalidInput, match=re.escape(row.refused or "")):
        _measured(row, _currency(row))


# --- sequences --------------------------------------------------------------------------------------------------------


@attrs.frozen
class _Settings:
    """The component and the circumstances that a row describes."""

    component: dict[str, Any]
    quota: Money | None
    exchange: ExchangeRates | None
    active: DateRange | None

    @property
    def around(self) -> Circumstances:
        periods = [FiscalCalendar().quarter(START).name, FiscalCalendar().year(START).name]
        quotas = (
            ()
            if self.quota is None
            else tuple(Quota(payee="acme", period=name, amount=self.quota) for name in periods)
        )
        active = {} if self.active is None else {"acme": self.active}
        return Circumstances(quotas=quotas, active=active, exchange=self.exchange)


def _settings(row: Row) -> _Settings:
    component: dict[str, Any] = {}
    clawback: dict[str, Any] = {}
    others: dict[str, Any] = {"quota": None, "exchange": None, "active": None}
    for part in _parts(row["settings"]):
        name, _, value = part.partition(" ")
        if name in _CLAWBACK:
            clawback |= _CLAWBACK[name](value)
        elif name == "quota":
            others["quota"] = Money.of(value, row["pays"])
        elif name == "active":
            others["active"] = DateRange(_day(value), None)
        elif name == "exchange":
            others["exchange"] = _exchange(value, row["pays"])
        else:
            component |= _COMPONENT[name](value, row["pays"])
    return _Settings(component | {"clawback": Clawback(**clawback)}, **others)


_CLAWBACK: dict[str, Callable[[str], dict[str, Any]]] = {
    "clawback": lambda value: {"basis": Basis(value)},
    "within_days": lambda value: {"within_days": int(value)},
    "may_exceed_sale": lambda value: {"may_exceed_sale": True},
}
_COMPONENT: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "accelerator": lambda value, unit: {
        "accelerator": Curve(tuple(_bands(value, unit, separator="|")), mode=Mode.WHOLE)
    },
    "accumulate": lambda value, unit: {
        "accumulate": Accumulate(value),
        "group": "subscription" if value == "group" else None,
    },
    "base": lambda value, unit: {"base": Base(value)},
    "by": lambda value, unit: {"by": By(value)},
    "cap": lambda value, unit: {"cap": Money.of(value, unit)},
    "carry_over": lambda value, unit: {"carry_over": True},
    "day": lambda value, unit: {"day": Day(value)},
    "fixed": lambda value, unit: {"fixed": Money.of(value, unit)},
    "growth": lambda value, unit: {"growth": True},
    "guarantee": lambda value, unit: {"guarantee": Money.of(value, unit)},
    "maximum": lambda value, unit: {"maximum": Money.of(value, unit)},
    "minimum": lambda value, unit: {"minimum": Money.of(value, unit)},
    "package": lambda value, unit: {"package": _package(value)},
    "period": lambda value, unit: {"period": value},
    "rounding": lambda value, unit: {"rounding": Rounding(value)},
    "prorate": lambda value, unit: {"prorate": frozenset(value.split())},
    "split": lambda value, unit: {"split": _split(value)},
    "target": lambda value, unit: {"target": _target(value)},
    "window": lambda value, unit: {"window": RollingMonths(int(value))},
}


def _target(value: str) -> Target:
    rate, missed = value.rsplit(" ", 1)
    return Target(attainment=Rate.parse(rate), missed=Missed(missed))


def _split(value: str) -> Split:
    """`payout 60 % bo | 40 % cy`, or `overlay credit ...`."""
    kind, value = (
        (SplitKind.OVERLAY, value[8:]) if value.startswith("overlay ") else (SplitKind.REVENUE, value)
    )
    at, _, shares = value.partition(" ")
    parts = [part.rpartition(" ") for part in _parts(shares, "|")]
    return Split(shares={payee: Rate.parse(share) for share, _, payee in parts}, kind=kind, at=At(at))


def _exchange(value: str, unit: str) -> ExchangeRates:
    """`USD @0 0.90 @40 0.80`: what one is worth on a day, counted from the start."""
    currency, *quotes = value.split()
    by_day = {_day(quotes[place]): quotes[place + 1] for place in range(0, len(quotes), 2)}
    return ExchangeRates.of("rates/2026", {(currency, unit): by_day})


def _day(text: str) -> date:
    return START + timedelta(days=int(text.removeprefix("@")))


def _plans(row: Row, settings: _Settings) -> Dated[Plan]:
    """The plan; or its versions, where the bands say from which day on others are in force."""
    versions = row["bands"].split(" || ")
    starts = [date(2020, 1, 1), *map(_day, versions[1::2])]
    unit = "units" if settings.component.get("base") is Base.UNITS else row["pays"]
    plans = {}
    for number, (start, bands) in enumerate(zip(starts, versions[::2], strict=True), start=1):
        component = Component(
            name="c", curve=_curve(row, bands, unit), unit=row["pays"], **settings.component
        )
        plans[start] = Plan(name=f"p/{number}/rebate", components=(component,), facts=SALES)
    return Dated.starting(plans)


@attrs.define
class _History:
    """What has become known so far."""

    pays: str
    units: bool
    ledger: Ledger = attrs.field(factory=Ledger)
    known: dict[str, Transaction] = attrs.field(factory=dict)
    settled: date | None = None
    day: date = START

    def tell(self, words: list[str]) -> None:
        """One fact: `a +100 @5 cost=60`, `undo a-1`, `close @89` or `paid`."""
        if words == ["paid"]:
            self.pay_out()
        elif words[0] == "close":
            self.settled = _day(words[1])
        elif words[0] == "undo":
            del self.known[words[1]]
        else:
            sold = self.transaction(*words)
            self.known[sold.id] = sold

    def transaction(self, name: str, size: str, *words: str) -> Transaction:
        of = {key: value for key, _, value in (word.partition("=") for word in words)}
        at = next((word for word in words if word.startswith("@")), None)
        self.day = _day(at) if at else self.day + timedelta(days=1)
        currency = of.get("cur", self.pays)
        back = size.startswith("-")
        returned = sum(one.returns == name for one in self.known.values())
        facts = FactSheet.of(SALES, {"subscription": of["in"]}) if "in" in of else None
        return Transaction(
            id=f"{name}-{returned + 1}" if back else name,
            parties={"partner": "acme"},
            days={Day.INVOICED: self.day} | ({} if "unpaid" in words else {Day.PAID: self.day}),
            net=None if self.units else Money.of(size, currency),
            cost=Money.of(of["cost"], currency) if "cost" in of else None,
            units=Fraction(size) if self.units else None,
            returns=name if back else None,
            facts=facts,
        )

    def pay_out(self) -> None:
        balance = self.ledger.balance("acme", self.pays)
        payment = Entry(
            payee="acme", earner="acme", component="payment", period="2026", number=1, kind=EntryKind.PAYMENT, amount=-balance,
            lines=(Line(what=LineKind.PAYMENT, amount=Fraction(-balance.minor)),), attributed="2026", booked="2026",
            effective=self.day, recorded=self.day,
        )  # fmt: skip
        self.ledger.add([payment])


def _run(history: _History, plans: Dated[Plan], around: Circumstances, ledger: Ledger) -> Posting:
    return post(
        plans,
        history.known.values(),
        ledger,
        known=END_OF_TIME,
        circumstances=around,
        settled_through=history.settled,
    )


def _posted(posting: Posting, unit: str) -> Money:
    return total((entry.amount for entry in posting.entries), unit)


def _balances(row: Row) -> dict[str, Money]:
    """By payee that has any: `bo 6; cy 4`, or what acme alone has."""
    found = {}
    for part in _parts(row["balance"]):
        payee, _, amount = part.rpartition(" ")
        found[payee or "acme"] = Money.of(amount, row["pays"])
    return {payee: amount for payee, amount in found.items() if amount}


def _history(row: Row, settings: _Settings) -> _History:
    return _History(row["pays"], settings.component.get("base") is Base.UNITS)


def _at_once(row: Row) -> Posting:
    """All facts of a row, posted together."""
    settings = _settings(row)
    history = _history(row, settings)
    for fact in _parts(row["facts"]):
        if fact != "paid":
            history.tell(fact.split())
    return _run(history, _plans(row, settings), settings.around, Ledger())


@pytest.mark.parametrize("row", [row for row in SEQUENCES if not row.refused], ids=str)
def test_each_fact_posts_what_its_source_says(row: Row) -> None:
    settings = _settings(row)
    plans, around, history = _plans(row, settings), settings.around, _history(row, settings)
    wanted, found = [], []
    for fact, expected in zip(_parts(row["facts"]), _parts(row["expect"]), strict=True):
        amount, _, why = expected.partition(" ")
        wanted.append(Money.of(amount, row["pays"]))
        history.tell(fact.split())
        if fact == "paid":
            found.append(history.ledger.of_payee("acme")[-1].amount)
            continue
        posting = _run(history, plans, around, history.ledger)
        found.append(_posted(posting, row["pays"]))
        history.ledger.add(posting.entries)
        assert _run(history, plans, around, history.ledger).entries == (), "a second run posts nothing"
        whys = {one.why.value for one in posting.uncounted} | ({"held"} if posting.held else set())
        assert not why or why in whys, f"{fact}: the reason should be {why}, not {whys}"
    assert found == wanted
    balances = {payee: history.ledger.balance(payee, row["pays"]) for payee in history.ledger.payees()}
    assert {payee: one for payee, one in balances.items() if one} == _balances(row)


@pytest.mark.parametrize("row", [row for row in SEQUENCES if not row.refused], ids=str)
def test_all_facts_at_once_post_the_same_in_sum(row: Row) -> None:
    """T29, T30: no result depends on how the facts came in batches."""
    steps = zip(_parts(row["facts"]), _parts(row["expect"]), strict=True)
    one_by_one = [
        Money.of(expected.partition(" ")[0], row["pays"]) for fact, expected in steps if fact != "paid"
    ]
    assert _posted(_at_once(row), row["pays"]) == total(one_by_one, row["pays"])


@pytest.mark.parametrize("row", [row for row in SEQUENCES if row.refused], ids=str)
def test_what_cannot_be_paid_rightly_is_refused(row: Row) -> None:
    with pytest.raises(InvalidInput, match=re.escape(row.refused or "")):
        _at_once(row)


# --- splits and rounding ----------------------------------------------------------------------------------------------


def _weights(cell: str) -> dict[str, str]:
    return {name: weight for name, _, weight in (part.partition(" ") for part in _parts(cell))}


def _weight(text: str) -> Fraction | Rate:
    return Rate.parse(text) if text.endswith("%") else Fraction(text)


def _shared(row: Row) -> tuple[dict[str, Money], Money]:
    amount, weights = Money.parse(row["amount"]), _weights(row["weights"])
    method: Any = row["method"]
    if all(weight.startswith("up to ") for weight in weights.values()):
        limits = {
            name: Money.of(weight.removeprefix("up to "), amount.currency) for name, weight in weights.items()
        }
        shared = amount.allocate_up_to(limits, method=method)
    else:
        shared = amount.allocation({name: _weight(weight) for name, weight in weights.items()}, method=method)
    return dict(shared.shares), shared.rest


@pytest.mark.parametrize("row", [row for row in SPLITS if not row.refused], ids=str)
def test_an_amount_is_shared_out_as_its_source_says(row: Row) -> None:
    currency = row["amount"].split(" ")[1]
    wanted = {name: Money.of(share, currency) for name, share in _weights(row["expect"]).items()}
    rest = Money.of(row["rest"], currency)
    assert _shared(row) == (wanted, rest)
    mirrored = Row(row.table, row.line, {**row.cells, "amount": str(-Money.parse(row["amount"]))})
    assert _shared(mirrored) == ({name: -share for name, share in wanted.items()}, -rest), (
        "the negative is the mirror"
    )


@pytest.mark.parametrize("row", [row for row in SPLITS if row.refused], ids=str)
def test_weights_that_share_nothing_are_refused(row: Row) -> None:
    with pytest.raises(InvalidInput, match=re.escape(row.refused or "")):
        _shared(row)


_DECIMAL_NAMES = {"half_even": "ROUND_HALF_EVEN", "half_up": "ROUND_HALF_UP", "down": "ROUND_DOWN"}


@pytest.mark.parametrize("row", ROUNDINGS, ids=str)
@pytest.mark.parametrize("sign", [1, -1], ids=["sale", "refund"])
def test_a_share_is_rounded_as_its_source_says(row: Row, sign: int) -> None:
    amount, rate, wanted = (
        sign * Money.parse(row["amount"]),
        Rate.parse(row["rate"]),
        sign * Money.parse(row["expect"]),
    )
    found = amount.times(rate, rounding=_DECIMAL_NAMES[row["rounding"]])
    assert found.minor == Rounding(row["rounding"]).whole(amount.minor * rate.fraction)
    if row["step"]:
        found = found.rounded_to(Money.parse(row["step"]), rounding=_DECIMAL_NAMES[row["rounding"]])
    assert found == wanted


# --- the tables themselves --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["curves", "sequences", "splits", "roundings"])
def test_every_case_names_a_source_that_the_table_gives(table: str) -> None:
    rows = _rows(table)
    cited = {row["cites"] for row in rows}
    assert cited == _sources(table)
    assert [
        row["case"] for row in rows if row["cites"] == "hand" and not row["note"] and not row.refused
    ] == []


@pytest.mark.parametrize("table", ["curves", "sequences", "splits", "roundings"])
def test_no_case_of_a_table_stands_there_twice(table: str) -> None:
    rows = _rows(table)
    assert len({(row["case"], row["cites"]) for row in rows}) == len(rows)
