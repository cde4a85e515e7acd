"""Incentives on the command line: a run posts them, a statement says why, lint and simulate know them."""

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

PROGRAM = """
format = "prmcore/1"
name = "acme"
version = "{version}"
currency = "EUR"
effective = {{ start = 2026-01-01, end = 2027-01-01 }}

[sources.sales.fields]
amount = {{ kind = "money" }}
invoice = {{ kind = "code" }}
credits = {{ kind = "code" }}

[incentives]
books = "quarter"

[incentives.transactions]
source = "sales"
id = ["invoice"]
net = "amount"
returns = "credits"

[[incentives.plans.rebate.components]]
name = "volume"
text = {{ en = "Volume rebate", ja = "数量リベート" }}
{keys}
bands = [{{ up_to = "1000 EUR", rate = "2 %" }}, {{ rate = "{top}" }}]
"""
PARTNERS = "partner,name\np-1,Aoyama Shoji\np-2,Bolt\n"
# p-1: 800 + 700 in Q1 is 20 + 15; a refund of 500 in Q2 is of a sale in Q1: -15. p-2: 50 at 2 % is 1.
SALES = "partner,date,invoice,amount,credits\n" + "".join(
    line + "\n"
    for line in (
        "p-1,2026-01-10,R1,800.00,",
        "p-1,2026-03-10,R2,700.00,",
        "p-2,2026-03-11,R3,50.00,",
        "p-1,2026-05-02,C2,-500.00,R2",
    )
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Run) -> Run:
    """Runs a command in a folder with the program, two partners and four rows; gives code, output and errors."""
    (tmp_path / "facts").mkdir()
    written = {
        "acme.toml": PROGRAM.format(version="2026", keys="", top="3 %"),
        "other.toml": PROGRAM.format(version="2026-b", keys="", top="5 %"),
        "cliff.toml": PROGRAM.format(version="2026-c", keys='mode = "whole"', top="1 %"),
        "facts/partners.csv": PARTNERS,
        "facts/sales.csv": SALES,
    }
    for name, text in written.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return typed


RUN = ("run", "acme.toml", "--facts", "facts", "--store", "acme.sqlite", "--as-of", "2026-06-30")
STATEMENT = ("statement", "acme.toml", "--store", "acme.sqlite", "--partner", "p-1")


def test_a_run_posts_what_is_due_by_period_of_the_books(run: Run) -> None:
    code, out, err = run(*RUN)
    assert (code, err) == (0, "")
    table = [line.split() for line in out.partition("earned, by period of the books")[2].splitlines()]
    # the refund of the second quarter is of a sale in the first, whose books are still open
    assert ["FY2026-Q1", "EUR", "volume", "2", "21.00", "EUR"] in table
    assert "entries: 3 in the ledger, 1 of them new on the last day" in out


def test_running_again_posts_nothing(run: Run) -> None:
    run(*RUN)
    code, out, _ = run(*RUN)
    assert code == 0
    assert "entries: 3 in the ledger, 0 of them new on the last day" in out


def test_a_statement_is_made_of_balances_and_entries_down_to_the_transactions(run: Run) -> None:
    run(*RUN)
    code, out, err = run(*STATEMENT)
    assert (code, err) == (0, "")
    assert "Statement of p-1 for FY2026-Q1" in out
    assert "opening balance: €0.00" in out
    assert "2% of €1,000.00, up to €1,000.00: €20.00" in out
    assert "3% of €500.00, above €1,000.00: €15.00" in out
    assert "C2 of May 2, 2026, of the sale R2: -€500.00" in out
    assert "closing balance: €20.00" in out


def test_a_statement_as_of_an_earlier_day_knows_nothing_that_came_later(run: Run) -> None:
    run(*RUN)
    _, out, _ = run(*STATEMENT, "--as-of", "2026-03-31")
    assert "closing balance: €35.00" in out
    assert "C2" not in out


def test_a_statement_speaks_japanese(run: Run) -> None:
    run(*RUN)
    _, out, _ = run(*STATEMENT, "--locale", "ja")
    assert "期末残高：€20.00" in out


def test_a_payee_without_entries_is_refused_with_the_nearest(run: Run) -> None:
    run(*RUN)
    code, _, err = run(*STATEMENT[:-1], "p-11")
    assert code == 2
    assert "unknown payee 'p-11'; did you mean 'p-1'?" in err


def test_what_is_held_and_what_is_not_counted_is_said(run: Run) -> None:
    text = Path("acme.toml").read_text(encoding="utf-8")
    Path("acme.toml").write_text(
        text.replace("2 %", "2 %").replace(
            'name = "volume"', 'name = "volume"\ntarget = { attainment = "50 %" }'
        ),
        encoding="utf-8",
    )
    with Path("facts/sales.csv").open("a", encoding="utf-8") as sales:
        sales.write("p-1,2026-05-03,C9,-1.00,R9\n")
    _, out, _ = run(*RUN)
    assert "held, because quota is not known: p-1" in out
    assert "not counted (no-sale): 1 transactions" in out
    Path("facts/quotas.csv").write_text(
        "partner,period,amount\np-1,FY2026-Q1,1000 EUR\np-2,FY2026-Q1,many\n", encoding="utf-8"
    )
    _, out, _ = run(*RUN)
    assert "1 row was not taken" in out
    assert "held, because quota is not known: p-1" not in out
    assert "held, because quota is not known: p-2" in out


def test_sales_in_another_currency_are_converted_by_the_table_in_the_folder(run: Run) -> None:
    text = Path("acme.toml").read_text(encoding="utf-8")
    Path("acme.toml").write_text(
        text.replace('amount = { kind = "money" }', 'amount = { kind = "money", currency = "USD" }'),
        encoding="utf-8",
    )
    code, _, err = run(*RUN)
    assert code == 2
    assert "volume counts in EUR, and there is no table of rates" in err
    days = ["2026-01-10", "2026-03-10", "2026-03-11"]
    Path("facts/exchange.csv").write_text(
        "day,source,target,rate\n" + "".join(f"{day},USD,EUR,0.5\n" for day in days), encoding="utf-8"
    )
    code, _, err = run(*RUN)
    assert (code, err) == (0, "")
    _, out, _ = run(*STATEMENT)
    # 1,500 USD are 750 EUR less 250: 500 at 2 %; the refund is converted at the rate of its sale
    assert "closing balance: €10.00" in out


def test_lint_shows_a_cliff_with_its_witness(run: Run) -> None:
    code, out, _ = run("lint", "cliff.toml")
    assert code == 1
    assert "cliff.toml: cliff:" in out
    assert "@ incentives.plans.rebate.components[0].bands[1]" in out


def test_simulate_says_what_the_other_plan_would_have_paid_to_whom(run: Run) -> None:
    code, out, err = run("simulate", "acme.toml", "other.toml", "--facts", "facts", "--as-of", "2026-06-30")
    assert (code, err) == (0, "")
    paid = out.partition("paid, in EUR")[2]
    # nothing is above 1,000 EUR once the refund is in: both pay 20 and 1
    assert ["21.00", "EUR", "21.00", "EUR", "0.00", "EUR"] in [line.split() for line in paid.splitlines()]
    with Path("facts/sales.csv").open("a", encoding="utf-8") as sales:
        sales.write("p-2,2026-06-01,R4,1500.00,\n")
    _, out, _ = run("simulate", "acme.toml", "other.toml", "--facts", "facts", "--as-of", "2026-06-30")
    # 500 above 1,000: 15 at 3 %, 25 at 5 %
    assert ["Bolt", "(p-2)", "36.00", "EUR", "46.00", "EUR", "10.00", "EUR"] in [
        line.split() for line in out.splitlines()
    ]


def test_the_report_shows_what_was_earned_a_statement_and_the_curve(run: Run) -> None:
    run(*RUN, "--report", "report.html", "--partner", "p-1")
    html = Path("report.html").read_text(encoding="utf-8")
    for said in (
        "Earned by period of the books, EUR",
        "Statement of Aoyama Shoji",
        "Volume rebate",
        "What the plans pay",
    ):
        assert said in html
    assert html.count("<svg") == 2  # a program without levels shows none of them


PAY = ("payouts", "acme.toml", "--store", "acme.sqlite", "--on", "2026-07-10")
OF_ONE = "p-1|acme/payout|EUR 1"


def test_what_is_owed_goes_from_one_person_to_the_next(run: Run) -> None:
    text = Path("acme.toml").read_text(encoding="utf-8")
    Path("acme.toml").write_text(
        text.replace(
            "[incentives.transactions]",
            '[incentives.payout]\napprovers = [{ role = "clerk", limit = "50 EUR" }]\nthresholds = ["5 EUR"]\n\n[incentives.transactions]',
        ),
        encoding="utf-8",
    )
    run(*RUN)
    code, out, _ = run(*PAY, "--propose", "--by", "ann")
    assert code == 0
    assert "pay: 1" in out  # 20 EUR to p-1
    assert "below the threshold: carried forward: 1" in out  # 1 EUR to p-2
    assert (
        run(*PAY, "--approve", OF_ONE, "--role", "clerk", "--by", "ann")[0] == 1
    )  # who proposed it does not approve it
    assert run(*PAY, "--pay", OF_ONE, "--by", "cat")[0] == 1  # nobody has approved it
    assert run(*PAY, "--approve", OF_ONE, "--role", "clerk", "--by", "bob")[0] == 0
    assert run(*PAY, "--release", OF_ONE, "--by", "bob")[0] == 0
    assert run(*PAY, "--pay", OF_ONE, "--by", "cat")[0] == 0
    _, out, _ = run(*PAY)
    assert [line.split() for line in out.splitlines()][-1] == [
        *OF_ONE.split(),
        "p-1",
        "20.00",
        "EUR",
        "paid",
        "ann",
        "bob",
    ]
    _, out, _ = run(*STATEMENT)
    assert "closing balance: €0.00" in out


def test_an_action_on_payouts_needs_a_name_and_an_approval_a_role(run: Run) -> None:
    run(*RUN)
    assert "who does it? accepted: --by NAME" in run(*PAY, "--propose")[2]
    assert "in which role is it approved?" in run(*PAY, "--approve", OF_ONE, "--by", "bob")[2]
    assert "there is no payout 'x'" in run(*PAY, "--release", "x", "--by", "bob")[2]
