"""What people get wrong in a rebate program and its rows: no amount is wrong, nothing is paid twice, every fault is said."""

import datetime
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from prmcore.cli import main
from prmcore.errors import InvalidInput
from prmcore.incentives import Circumstances, Entry, EntryKind, Line, LineKind, Quota
from prmcore.program import parse_program
from prmcore.program.earning import ledger_of
from prmcore.storage import SqliteStore
from prmcore.values import Money
from prmcore.values.wire import from_plain, to_plain

Run = Callable[..., tuple[int, str, str]]

# 2 % up to 1,000 EUR a quarter and 3 % above it; 7.50 EUR for each unit of x
PROGRAM = """format = "prmcore/1"
name = "acme"
version = "2026"
currency = "EUR"
effective = { start = 2026-01-01, end = 2027-01-01 }

[sources.sales.fields]
amount = { kind = "money" }
invoice = { kind = "code" }
credits = { kind = "code" }
known = { kind = "date" }
units = { kind = "count" }
product = { kind = "code" }

[incentives]
books = "quarter"

[incentives.transactions]
source = "sales"
id = ["invoice"]
net = "amount"
units = "units"
returns = "credits"
recorded = "known"

[[incentives.plans.rebate.components]]
name = "volume"
bands = [{ up_to = "1000 EUR", rate = "2 %" }, { rate = "3 %" }]

[[incentives.plans.spiff.components]]
name = "unit"
base = "units"
accumulate = "transaction"
when = { fact = "product", equals = "x" }
bands = [{ each = "7.5 EUR" }]
"""
HEAD = "partner,date,invoice,amount,credits,known,units,product"
FAST = PROGRAM.replace(
    'name = "volume"',
    'name = "volume"\naccelerator = { mode = "whole", bands = [{ up_to = "100 %", rate = "100 %" }, { rate = "150 %" }] }',
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types a command in a folder with two partners and the program."""
    (tmp_path / "facts").mkdir()
    monkeypatch.chdir(tmp_path)
    write("acme.toml", PROGRAM)
    write("facts/partners.csv", "partner,name\np-1,Aoyama Shoji\np-2,Bolt\n")

    def typed(*words: str) -> tuple[int, str, str]:
        code = main(words)
        found = capsys.readouterr()
        return code, found.out, found.err

    return typed


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8", newline="")


def sales(*rows: str) -> None:
    write("facts/sales.csv", "\n".join([HEAD, *rows]) + "\n")


def until(day: str, *more: str) -> tuple[str, ...]:
    return ("run", "acme.toml", "--facts", "facts", "--store", "s.sqlite", "--as-of", day, *more)


def amounts() -> dict[tuple[str, str, str], str]:
    """What payees have of a component for a period."""
    store = SqliteStore(Path("s.sqlite"))
    ledger = ledger_of(store, "acme")
    store.close()
    found: dict[tuple[str, str, str], Money] = {}
    for entry in ledger:
        key = entry.payee, entry.component.partition("/2026/")[2], entry.period
        found[key] = found[key] + entry.amount if key in found else entry.amount
    return {key: str(amount) for key, amount in found.items() if amount}


def rejects() -> str:
    return Path("s.rejects.csv").read_text(encoding="utf-8")


# what was kept can be read again


def test_a_quarter_of_sales_at_other_inverse_rates_each_day_is_kept_and_read_again(run: Run) -> None:
    first = datetime.date(2026, 1, 1)
    days = [first + datetime.timedelta(days=place) for place in range(90)]
    dollars = PROGRAM.replace('amount = { kind = "money" }', 'amount = { kind = "money", currency = "USD" }')
    write("acme.toml", dollars.replace("[incentives]", "[incentives]\nexchange = { inverse = true }"))
    rates = [Fraction(11_003 + 17 * place, 10_000) for place in range(90)]
    quotes = [f"{day},EUR,USD,{float(rate):.4f}" for day, rate in zip(days, rates, strict=True)]
    write("facts/exchange.csv", "\n".join(["day,source,target,rate", *quotes]) + "\n")
    sales(*(f"p-1,{day},R{place},100.00,,,1,y" for place, day in enumerate(days)))
    for _ in range(2):
        code, _, err = run(*until("2026-03-31"))
        assert (code, err) == (0, "")
    euros = sum(10_000 / rate for rate in rates)  # cents; 2 % of the first 1,000 EUR, 3 % of the rest
    assert amounts() == {
        ("p-1", "rebate/volume", "FY2026-Q1"): str(Money("EUR", round(2_000 + (euros - 100_000) * 3 / 100)))
    }
    assert run("statement", "acme.toml", "--store", "s.sqlite", "--partner", "p-1")[0] == 0


def entry(amount: Money, *parts: Fraction) -> Entry:
    rest = amount.minor - sum(parts, Fraction(0))
    return Entry(
        payee="p", earner="p", component="acme/2026/rebate/volume", period="FY2026-Q1", number=1, kind=EntryKind.EARNED,
        amount=amount, lines=tuple(Line(what=LineKind.BAND, amount=one) for one in (*parts, rest)),
        attributed="FY2026-Q1", booked="FY2026-Q1", effective=datetime.date(2026, 3, 31), recorded=datetime.date(2026, 3, 31),
    )  # fmt: skip


def test_an_entry_that_could_not_be_read_again_is_not_made() -> None:
    long = entry(Money("EUR", 1), Fraction(1, 10**3_999))
    assert from_plain(to_plain(long), Entry) == long
    with pytest.raises(InvalidInput, match="a fraction of more than 4000 digits"):
        entry(Money("EUR", 1), Fraction(1, 10**4_000))
    assert from_plain(to_plain(entry(Money("EUR", 10**36 - 1))), Entry).amount == Money("EUR", 10**36 - 1)
    with pytest.raises(InvalidInput, match="an amount of more than 36 digits"):
        entry(Money("EUR", 10**36))


def test_sums_beyond_what_money_holds_are_refused_and_nothing_is_kept(run: Run) -> None:
    write("acme.toml", PROGRAM.replace("3 %", "900 %"))
    sales(*(f"p-1,2026-01-1{place},R{place},{'9' * 34}.00,,,1,y" for place in range(9)))
    for _ in range(2):  # and the second time the store is read
        code, _, err = run(*until("2026-03-31"))
        assert code == 2
        assert "comes to an amount of more than 36 digits" in err
    assert amounts() == {}


# rows that are no transactions


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("p-1,2026-01-11,,5.00,,,1,y", "has no invoice"),
        ("p-1,2026-01-11,R2,-5.00,,,1,y", "found -5.00 EUR; accepted: zero or more"),
        ("p-1,2026-01-11,R2,5.00,R1,,1,y", "found 5.00 EUR in what takes back 'R1'; accepted: zero or less"),
    ],
)
def test_a_row_that_can_be_no_transaction_is_rejected_with_its_line(run: Run, row: str, reason: str) -> None:
    sales("p-1,2026-01-10,R1,800.00,,,1,y", row)
    code, out, err = run(*until("2026-03-31"))
    assert (code, err) == (0, "")
    assert "1 row was not taken" in out
    assert rejects().splitlines()[1].startswith("sales,3,")
    assert reason in rejects()
    assert amounts() == {("p-1", "rebate/volume", "FY2026-Q1"): "16.00 EUR"}


def test_a_refund_of_a_refund_moves_nothing_and_is_said_on_every_run(run: Run) -> None:
    sales(
        "p-1,2026-01-10,R1,800.00,,,1,y", "p-1,2026-02-11,C1,-500.00,R1,,0,y", "p-1,2026-02-12,C2,-200.00,C1,,0,y"
    )  # fmt: skip
    for day in ("2026-03-31", "2026-06-30"):
        _, out, _ = run(*until(day))
        assert "not counted (no-sale): 1 transactions" in out
    assert amounts() == {("p-1", "rebate/volume", "FY2026-Q1"): "6.00 EUR"}  # 2 % of 300
    assert "entries: 1 in the ledger" in out


def test_a_refund_that_one_plan_does_not_cover_is_not_said_to_be_uncounted(run: Run) -> None:
    sales("p-1,2026-01-10,R1,800.00,,,1,y", "p-1,2026-02-11,C1,-500.00,R1,,0,y")
    assert "not counted" not in run(*until("2026-03-31"))[1]


def test_invoices_that_two_partners_number_alike_are_said(run: Run) -> None:
    sales("p-1,2026-01-10,R1,800.00,,,1,y", "p-2,2026-01-11,R1,100.00,,,1,y")
    _, out, _ = run(*until("2026-03-31"))
    assert "transactions of one name and several partners: 1, the first: 'R1' of p-1, p-2" in out


def test_the_rejects_hold_nothing_that_a_terminal_obeys(run: Run) -> None:
    sales("p-\x1b[2J\u202e,2026-01-10,R1,800.00,,,1,y", "p-1,2026-01-10,R1,800.00,,,1,y")
    run(*until("2026-03-31"))
    assert "p-\ufffd[2J\ufffd,2026-01-10,R1" in rejects()
    assert "\x1b" not in rejects()


# quotas and rates


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("zz,FY2026-Q1,1000 EUR,", "unknown partner 'zz'"),
        ("p-1,FY2026Q1,1000 EUR,", "found 'FY2026Q1'; accepted: the name of a period"),
        ("p-1,FY2026,1000 EUR,", "period: FY2026 is a year; accepted: a quarter"),
        ("p-1,FY2026-Q1,1000 USD,", "amount: found USD; accepted: EUR"),
        ("p-1,FY2026-Q1,1000,volume", "amount: found a number of units; accepted: EUR"),
        ("p-1,FY2026-Q1,-5 EUR,", "amount: found -5.00 EUR; accepted: more than zero"),
        ("p-1,FY2026-Q1,1000 EUR,volum", "did you mean 'volume'?"),
    ],
)
def test_a_quota_that_no_calculation_asks_for_is_rejected(run: Run, row: str, reason: str) -> None:
    write("acme.toml", FAST)
    write("facts/quotas.csv", f"partner,period,amount,component\n{row}\n")
    sales("p-1,2026-01-10,R1,800.00,,,1,y")
    code, out, err = run(*until("2026-03-31"))
    assert (code, err) == (0, "")
    assert reason in rejects()
    assert "held, because quota is not known: p-1" in out
    assert amounts() == {}


def test_of_two_quotas_for_the_same_the_second_is_rejected(run: Run) -> None:
    write("acme.toml", FAST)
    write("facts/quotas.csv", "partner,period,amount\np-1,FY2026-Q1,500 EUR\np-1,FY2026-Q1,1000 EUR\n")
    sales("p-1,2026-01-10,R1,800.00,,,1,y")
    run(*until("2026-03-31"))
    assert "quotas,3,line 2 says it already" in rejects()
    assert amounts() == {("p-1", "rebate/volume", "FY2026-Q1"): "24.00 EUR"}  # 16.00 at 150 %


def test_a_quota_of_its_own_in_another_unit_is_refused_and_a_general_one_is_none() -> None:
    incentives = parse_program(FAST).incentives
    assert incentives is not None
    volume = incentives.plan("rebate").components[0]
    dollars, euros = Money.of(10, "USD"), Money.of(20, "EUR")
    own = Circumstances(quotas=(Quota(payee="p", period="FY2026-Q1", amount=dollars, component="volume"),))
    with pytest.raises(InvalidInput, match="quota of p for volume in FY2026-Q1 is in USD; accepted: EUR"):
        own.quota("p", volume, "FY2026-Q1")
    general = [Quota(payee="p", period="FY2026-Q1", amount=one) for one in (euros, dollars, 7)]
    assert Circumstances(quotas=tuple(general)).quota("p", volume, "FY2026-Q1") == 2_000
    assert Circumstances(quotas=tuple(general[1:])).quota("p", volume, "FY2026-Q1") is None


def test_two_rates_for_one_day_are_refused_with_their_lines_before_anything_is_kept(run: Run) -> None:
    write("facts/exchange.csv", "day,source,target,rate\n2026-01-09,EUR,USD,1.1\n2026-01-09,EUR,USD,1.2\n")
    sales("p-1,2026-01-10,R1,800.00,,,1,y")
    code, _, err = run(*until("2026-03-31"))
    assert code == 2
    assert "EUR-USD is quoted otherwise for 2026-01-09 on line 2 @ rate (line 3)" in err
    assert not Path("s.sqlite").exists()


def test_a_rate_that_stands_there_twice_counts_once(run: Run) -> None:
    write("facts/exchange.csv", "day,source,target,rate\n2026-01-09,EUR,USD,1.1\n2026-01-09,EUR,USD,1.10\n")
    sales("p-1,2026-01-10,R1,800.00,,,1,y")
    assert run(*until("2026-03-31"))[0] == 0
    assert "exchange,3,line 2 says it already" in rejects()


# programs that change under their ledger


def renamed_component(text: str) -> str:
    return text.replace('name = "volume"', 'name = "turnover"')


def renamed_plan(text: str) -> str:
    return text.replace("plans.rebate", "plans.bonus")


def without_plan(text: str) -> str:
    start, end = text.index("[[incentives.plans.rebate"), text.index("[[incentives.plans.spiff")
    return text[:start] + text[end:]


@pytest.mark.parametrize("change", [renamed_component, renamed_plan, without_plan])
def test_a_version_that_paid_keeps_its_components(run: Run, change: Callable[[str], str]) -> None:
    sales("p-1,2026-01-10,R1,800.00,,,1,y")
    run(*until("2026-03-31"))
    write("acme.toml", change(PROGRAM))
    code, _, err = run(*until("2026-06-30"))
    assert code == 2
    assert "acme/2026/rebate/volume; accepted: this version as it was" in err
    assert amounts() == {("p-1", "rebate/volume", "FY2026-Q1"): "16.00 EUR"}
    code, out, err = run("statement", "acme.toml", "--store", "s.sqlite", "--partner", "p-1")
    assert (code, out) == (2, "")  # no half of a statement
    assert "unknown component 'acme/2026/rebate/volume'" in err


def test_levels_are_those_that_were_recorded_whichever_days_a_run_judges(run: Run) -> None:
    gold = """
[metrics.revenue]
source = "sales"
measure = { sum = "amount" }
window = { rolling_months = 12 }

[tiers]
otherwise = "base"

[[tiers.rungs]]
level = "gold"
requires = [{ fact = "revenue", at_least = "1000 EUR" }]

[[incentives.plans.gold.components]]
name = "more"
when = { fact = "level", equals = "gold" }
bands = [{ rate = "10 %" }]
"""
    write("acme.toml", PROGRAM + gold)
    sales("p-1,2026-05-10,R1,2000.00,,,1,y", "p-1,2026-08-10,R2,300.00,,,1,y")
    earned = ("p-1", "gold/more", "FY2026-Q3")
    run(*until("2026-09-30"))
    assert amounts()[earned] == "30.00 EUR"  # gold since 30 June
    run(*until("2026-12-31", "--every", "year"))  # judges one day, after the sale
    assert amounts()[earned] == "30.00 EUR"


def test_what_a_program_owes_is_paid_after_its_end(run: Run) -> None:
    sales("p-1,2026-12-10,R1,800.00,,,1,y")
    run(*until("2026-12-31"))
    code, out, err = run(
        "payouts", "acme.toml", "--store", "s.sqlite", "--on", "2027-01-15", "--propose", "--by", "ann"
    )
    assert (code, err) == (0, "")
    assert "16.00 EUR" in out


def test_a_name_that_only_looks_like_another_is_nobody(run: Run) -> None:
    sales("p-1,2026-01-10,R1,800.00,,,1,y")
    run(*until("2026-03-31"))
    propose = ("payouts", "acme.toml", "--store", "s.sqlite", "--on", "2026-04-15", "--propose", "--by")
    for name in ("ann ", "ann\u200b", " "):
        code, _, err = run(*propose, name)
        assert code == 2
        assert "prmcore: --by: found" in err


# program files


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('name = "unit"', 'name = "unit"\npayee = "distributr"', "unknown party 'distributr'"),
        ('name = "unit"', 'name = "unit"\nday = "paid"', "found paid; incentives.transactions.days has invoiced"),
        ('name = "volume"', 'name = "volume"\nbase = "margin"', "found margin; incentives.transactions names no cost"),
        ('name = "volume"', 'name = "volume"\nbase = "gross"', "found gross; incentives.transactions names no gross"),
        ('net = "amount"', 'net = "amount"\nparties = { partner = "product" }', "partner is known already"),
        ('name = "volume"', 'name = "volume"\nhold_days = 99999999999', "found 99999999999; accepted: zero or more, up to 36525"),
        ('books = "quarter"', 'books = "quarter"\ngrace_days = 800000', "found 800000; accepted: zero or more, up to 36525"),
        ('books = "quarter"', 'books = "quarter"\nexchange = { last_within_days = -3 }', "found -3; accepted: 0 to 366 days"),
        ('books = "quarter"', 'books = "quarter"\nexchange = { pivot = "usd" }', "unknown currency 'usd'"),
        ('each = "7.5 EUR"', 'each = "7 points" }]\nunit = "points"\nexpires_months = 99999\n#', "accepted: 1 to 1200 months"),
    ],
)  # fmt: skip
def test_what_no_row_could_mean_is_refused_when_the_file_is_read(old: str, new: str, fault: str) -> None:
    assert old in PROGRAM
    with pytest.raises(InvalidInput) as caught:
        parse_program(PROGRAM.replace(old, new))
    assert fault in str(caught.value)
    assert all(one.path and one.line for one in caught.value.faults)


def test_amounts_of_a_transaction_are_of_one_currency() -> None:
    fields = 'amount = { kind = "money" }\nlist = { kind = "money", currency = "USD" }'
    text = PROGRAM.replace('amount = { kind = "money" }', fields)
    with pytest.raises(
        InvalidInput, match="found net in EUR, gross in USD; accepted: amounts of one currency"
    ):
        parse_program(text.replace('net = "amount"', 'net = "amount"\ngross = "list"'))


@pytest.mark.parametrize(
    ("sold", "known"),
    [("0001-01-10", "0001-06-30"), ("9998-01-10", "9999-09-30"), ("0050-02-01", "0050-12-31")],
)
def test_days_at_the_ends_of_the_calendar_are_counted(run: Run, sold: str, known: str) -> None:
    keys = 'name = "volume"\nhold_days = 36525\nguarantee = "5 EUR"'
    growth = '[[incentives.plans.growth.components]]\nname = "g"\ngrowth = true\nbands = [{ rate = "5 %" }]\n'
    text = PROGRAM.replace("effective = { start = 2026-01-01, end = 2027-01-01 }\n", "")
    text = text.replace('books = "quarter"', 'books = "quarter"\ngrace_days = 36525')
    write("acme.toml", text.replace('name = "volume"', keys) + growth)
    sales(f"p-1,{sold},R1,800.00,,,1,y")
    code, _, err = run(*until(known))
    assert (code, err) == (0, "")
    assert "16.00 EUR" in amounts().values()
