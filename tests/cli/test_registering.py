"""`prmcore registrations`: a conflict from submission to decision, appeal and approval, over the example's files."""

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]
BASE = ("registrations", "deals-2020.toml", "--store", "deals.sqlite")
FILES = ("--rows", "registrations.csv", "--partners", "partners.csv", "--accounts", "accounts.csv")
HAND_IN = (*BASE, "--on", "2020-03-06", "--by", "kim", *FILES)
APPEAL = (*BASE, "--on", "2020-03-10", "--by", "reseller-4", "--appeal", "R-2", "--reason", "they asked us")
EVIDENCE = ("--evidence", "mail/2020-02-20")
AWARD = (*BASE, "--on", "2020-03-12", "--award", "R-2", "--reason", "the mail shows it")
APPROVE = (*BASE, "--on", "2020-03-13", "--by", "mori", "--role", "channel-manager", "--approve")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Run) -> Run:
    """Runs a command in a folder of its own that holds the files of the example."""
    shutil.copytree(ROOT / "examples" / "adventureworks" / "conflict", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return typed


def states(out: str) -> dict[str, tuple[str, str]]:
    """The last two columns of the table: the state of each registration, and what its conflict says."""
    rows = [re.split(r"\s{2,}", line.strip()) for line in out.splitlines() if re.match(r"  R-\d", line)]
    return {row[0]: (row[-2], row[-1]) for row in rows}


def rejects(path: str = "registrations.rejects.csv") -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as found:
        return list(csv.DictReader(found))


def add_row(row: str, path: str = "registrations.csv") -> None:
    with Path(path).open("a", encoding="utf-8") as rows:
        rows.write(row + "\n")


def test_deals_for_one_company_under_two_accounts_are_found_and_the_first_one_stands(run: Run) -> None:
    """By hand: R-1 came at 9:10 and R-2 at 11:45; R-3 and R-4 are only similar; R-5 and R-6 are a house account;
    the direct team was at R-7's and R-8's customer in the 60 days before."""
    code, out, err = run(*HAND_IN)
    assert (code, err) == (1, "")  # one case waits for a person
    assert {id: said for id, (_, said) in states(out).items()} == {
        "R-1": "awarded", "R-2": "awarded to other", "R-3": "possible", "R-4": "possible",
        "R-5": "awarded to other", "R-6": "awarded to other", "R-7": "awarded to other", "R-8": "awarded to other",
    }  # fmt: skip
    assert (
        "registration|R-2 of reseller-4 falls out: it was complete later, at 2020-03-02 19:45:00 UTC" in out
    )
    assert "R-2 of reseller-4 gets 50% of the winner's terms" in out
    assert "a person decides: the accounts are possibly one company" in out
    assert rejects() == []


def test_it_is_said_why_two_accounts_are_one_company(run: Run) -> None:
    _, out, _ = run(*HAND_IN)
    assert "株式会社みなと自転車 and みなと自転車㈱ are one company" in out
    assert "the same phone number: 03-3456-7890 and +81 3-3456-7890" in out


@pytest.mark.parametrize(
    ("locale", "said"),
    [("ja", "crm-205、crm-377 をめぐる競合：審査中"), ("zh", "围绕 crm-205和crm-377 的冲突：审核中")],
)
def test_it_speaks_the_language_asked_for(run: Run, locale: str, said: str) -> None:
    _, out, _ = run(*HAND_IN, "--locale", locale)
    assert said in out


def test_handing_in_again_changes_nothing(run: Run) -> None:
    _, first, _ = run(*HAND_IN)
    _, second, _ = run(*HAND_IN)
    assert second == first


def test_what_is_listed_is_what_was_decided(run: Run) -> None:
    _, out, _ = run(*HAND_IN)
    code, listed, _ = run(*BASE, "--on", "2020-03-07", "--accounts", "accounts.csv")
    assert code == 1
    assert listed == out


def test_an_appeal_on_new_evidence_is_decided_by_somebody_else_and_then_approved(run: Run) -> None:
    run(*HAND_IN)
    code, out, _ = run(*APPEAL)
    assert code == 1
    assert "✗ pieces of new evidence: 0, asked for at least 1" in out
    assert "R-2: reseller-deals/2020/appeals/appeal on March 10, 2020: allowed" in run(*APPEAL, *EVIDENCE)[1]
    code, out, _ = run(*AWARD, "--by", "kim")  # who decided first
    assert code == 1
    assert "✗ decided what is appealed: yes, asked for no" in out
    code, out, _ = run(*AWARD, "--by", "mori")
    assert [states(out)[id][1] for id in ("R-1", "R-2")] == ["awarded to other", "awarded"]
    assert "March 10, 2020, appeal of reseller-4: they asked us\n    evidence: mail/2020-02-20" in out
    assert "March 12, 2020, mori: registration|R-2 of reseller-4 stands, because the mail shows it" in out
    assert "March 6, 2020: registration|R-1 of reseller-1 stands" in out  # what was decided before is kept
    assert states(run(*APPROVE, "R-1")[1])["R-1"][0] == "submitted"
    assert states(run(*APPROVE, "R-2")[1])["R-2"] == ("approved", "awarded")


def test_a_refused_approval_says_why_and_ends_with_1(run: Run) -> None:
    run(*HAND_IN)
    code, out, _ = run(*APPROVE, "R-5")
    assert code == 1
    assert "✗ conflict with other claims: awarded to other, asked for one of awarded and none" in out


def test_all_is_well_when_nothing_waits_for_a_person(run: Run) -> None:
    rows = Path("registrations.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    Path("registrations.csv").write_text("".join(rows[:3]), encoding="utf-8")
    code, out, _ = run(*HAND_IN)
    assert code == 0
    assert states(out)["R-1"] == ("submitted", "awarded")


def test_without_a_list_of_accounts_each_is_a_company_of_its_own(run: Run) -> None:
    _, out, _ = run(*BASE, "--on", "2020-03-06", "--by", "kim", *FILES[:4])
    assert states(out)["R-2"] == ("submitted", "none")
    assert states(out)["R-6"] == (
        "queued",
        "possible",
    )  # one account, and nobody knows whether it is the house's


def test_a_deal_that_may_not_be_registered_is_refused_with_the_reason(run: Run) -> None:
    add_row("R-9,reseller-1,crm-205,Fabrikam Rentals LLC,2020-03-05T10:00-08:00,road,")
    code, out, _ = run(*HAND_IN)
    assert code == 1
    assert "R-9: reseller-deals/2020/registrations/submit" in out
    assert states(out)["R-9"][0] == "draft"


def test_deals_of_partners_that_nobody_named_stay_drafts_until_somebody_does(run: Run) -> None:
    without = [*FILES[:2], *FILES[4:]]
    code, out, _ = run(*BASE, "--on", "2020-03-06", "--by", "kim", *without)
    assert code == 1
    assert "? may register deals: unknown, asked for yes" in out
    assert {state for state, _ in states(out).values()} == {"draft"}
    _, out, _ = run(*HAND_IN)
    assert states(out)["R-1"] == ("submitted", "awarded")


BAD = [
    ("R-9,reseller-1,crm-118,Northwind,2020-03-05T10:00,road,1.00 USD", "with its time zone"),
    ("R-9,reseller-1,crm-118,Northwind,2019-03-05T10:00-08:00,road,1.00 USD", "in force on 2019-03-05"),
    ("R-9,reseller-1,crm-118,Northwind,2020-03-05T10:00-08:00,rod,1.00 USD", "did you mean 'road'"),
    ("R-9,reseller-1,crm-118,Northwind,yesterday,road,1.00 USD", "found 'yesterday'; accepted: an instant"),
    ("R-9,reseller-1,crm-118,Northwind,2020-03-07T10:00-08:00,road,1.00 USD", "accepted: until then"),
    ("R-9,reseller-1,crm-119,Northwind,2020-03-05T10:00-08:00,road,1.00 USD", "did you mean 'crm-118'"),
    ("R-9,reseller-1,crm-118,Northwind,2020-03-05T10:00-08:00,road,1.00", "@ value"),
    ("R-9,reseller-1,crm-118,,2020-03-05T10:00-08:00,road,x", "@ customer"),
    ("R-1,reseller-1,crm-118,Northwind,2020-03-05T10:00-08:00,road,1.00 USD", "'R-1' stands here twice"),
    ("=R-9,reseller-1,crm-118,Northwind,2020-03-05T10:00-08:00", "found 5 columns; the header has 7"),
]


@pytest.mark.parametrize(("row", "said"), BAD)
def test_a_bad_row_is_rejected_with_its_reason_and_the_others_are_taken(
    run: Run, row: str, said: str
) -> None:
    add_row(row)
    _, out, _ = run(*HAND_IN)
    (rejected,) = rejects()
    assert said in rejected["reason"]
    assert rejected["line"] == "10"
    assert "rows not taken: 1; the reasons are in registrations.rejects.csv" in out
    assert len(states(out)) == 8


def test_another_deal_under_an_id_that_is_there_is_rejected(run: Run) -> None:
    run(*HAND_IN)
    text = Path("registrations.csv").read_text(encoding="utf-8")
    Path("registrations.csv").write_text(text.replace("80000.00", "90000.00"), encoding="utf-8")
    run(*HAND_IN)
    assert rejects()[0]["reason"] == "registration: 'R-1' is there already, with another deal"


def test_a_bad_account_is_rejected_once_and_so_is_what_is_registered_for_it(run: Run) -> None:
    add_row("crm-600,Tailwind,US,,,nowhere,,perhaps,never", "accounts.csv")
    add_row("R-9,reseller-1,crm-600,Tailwind,2020-03-05T10:00-08:00,road,1.00 USD")
    run(*HAND_IN)
    assert [row["file"] for row in rejects()] == ["accounts", "registrations"]


REFUSED = [
    ((*BASE, "--on", "2020-03-06"), "there is no store deals.sqlite"),
    ((*BASE, "--on", "2020-03-06", *FILES), "who does it? accepted: --by NAME"),
    ((*BASE, "--on", "2020-03-06", "--by", "kim ", *FILES), "--by: "),
    ((*HAND_IN, "--approve", "R-1", "--role", "x"), "found --rows and an action; accepted: one of them"),
    ((*APPROVE[:8], "--approve", "R-1"), "in which role is it approved? accepted: --role ROLE"),
    ((*APPEAL[:8], "--appeal", "R-1"), "on what grounds? accepted: --reason TEXT"),
    ((*BASE, "--on", "2020-03-06", "--by", "kim", "--award", "R-1"), "why is it decided so?"),
    ((*APPEAL, "--award", "R-1"), "not allowed with argument"),
    ((*HAND_IN, "--rejects", "accounts.csv"), "accounts.csv is named twice, and would be overwritten"),
    ((*HAND_IN[:3], "partners.csv", *HAND_IN[4:]), "partners.csv is named twice"),
    ((*HAND_IN[:5], "2019-12-31", *HAND_IN[6:]), "nothing is in force on 2019-12-31"),
    ((*HAND_IN[:9], "nowhere.csv"), "nowhere.csv cannot be read"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_what_cannot_be_done_is_refused(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_an_action_on_what_is_not_there_is_refused_with_the_nearest(run: Run) -> None:
    add_row("R-9,reseller-1,crm-205,Fabrikam,2020-03-05T10:00-08:00,road,")  # refused, so in no conflict
    run(*HAND_IN)
    assert "did you mean 'R-1'" in run(*APPROVE, "R-11")[2]
    award = [word.replace("R-2", "R-9") for word in AWARD]
    said = "'R-9' is in no conflict; accepted: a registration that is in one"
    assert said in run(*award, "--by", "kim")[2]


def test_a_deal_that_comes_late_stands_where_its_instant_puts_it(run: Run) -> None:
    """R-9 was sent before R-1 and read after it: what was decided stays, and three claims on road bikes are a new case."""
    run(*HAND_IN)
    add_row("R-9,reseller-19,crm-118,Northwind,2020-03-01T10:00-08:00,road,1.00 USD")
    _, out, err = run(*HAND_IN)
    assert err == ""
    assert "registration|R-1, registration|R-2, and registration|R-9, products: road" in out
    assert "registration|R-9 of reseller-19 stands" in out
    assert "registration|R-1 of reseller-1 stands" in out
    assert states(out)["R-9"] == ("submitted", "awarded")
    assert states(out)["R-1"] == ("submitted", "awarded to other")


def test_a_program_without_registrations_is_refused(run: Run) -> None:
    text = Path("deals-2020.toml").read_text(encoding="utf-8")
    start = text.index("[registrations]")
    Path("deals-2020.toml").write_text(text[:start] + text[text.index("[conflicts]") :], encoding="utf-8")
    code, _, err = run(*HAND_IN)
    assert code == 2
    assert "prmcore: " in err
