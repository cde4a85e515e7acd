"""`prmcore contracts`: agreements kept, notices and steps, what is due told once, a calendar and a page, over the example's files."""

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]
BASE = ("contracts", "channel-2026.toml", "--store", "contracts.sqlite")
KEEP = (*BASE, "--on", "2026-07-01", "--since", "2026-05-31", "--agreements", "agreements.toml")
LIST = (*BASE, "--on", "2026-07-01")
BY = (*LIST, "--by", "kim")
SENT = ("--party", "partner", "--sent", "2026-07-01T12:00+09:00", "--received", "2026-07-01T12:00+09:00")
LATE = (*BY, "--notice", "JP-002", *SENT)
IN_TIME = (*BY, "--notice", "JP-001", *SENT)
SUSPEND = (*BY, "--step", "US-002", "--action", "suspend", "--reason", "unpaid invoices")
NEXT_DAY = (*BASE, "--on", "2026-07-02", "--by", "kim")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Run) -> Run:
    """Runs a command in a folder of its own that holds the files of the example."""
    shutil.copytree(ROOT / "examples" / "contracts", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return typed


@pytest.fixture
def kept(run: Run) -> Run:
    run(*KEEP)
    return run


def standings(out: str) -> dict[str, list[str]]:
    """The table, by agreement: partner, kind, state, term and the days that are there."""
    rows = [re.split(r"\s{2,}", line.strip()) for line in out.splitlines() if re.match(r"  [A-Z]{2}-0", line)]
    return {row[0]: row[1:] for row in rows if len(row) > 3}


def told(out: str) -> list[str]:
    return re.findall(r"^2026-\d\d-\d\d  .*$", out, re.MULTILINE)


DUE = [
    "2026-06-15  GB-001: its last day is September 14, 2026 (mori)",
    "2026-06-19  JP-001: the next term can be stopped until July 19, 2026 (mori)",
    "2026-06-30  GB-002: the next term can be stopped until July 30, 2026 (mori)",
    "2026-07-01  DE-002: its last day is September 30, 2026 (mori)",
    "2026-07-01  JP-002: renewal 2 is certain (mori)",
]


def test_agreements_are_kept_and_what_is_due_is_shown(run: Run) -> None:
    """By hand: three months before 15 September is 15 June; a month before 19 July is 19 June, before 30 July 30 June, the safe days;
    one month before 31 July 2026 is 30 June by the latest reading, so that on 1 July the renewal is certain."""
    code, out, err = run(*KEEP)
    assert (code, err) == (1, "")
    assert out.startswith("agreements read: 8, new or changed: 8\n")
    found = standings(out)
    assert found["JP-001"][:4] == ["sakura", "reseller", "active", "2025-09-21 to 2026-09-20"]
    assert found["JP-002"][2:4] == ["renewed", "2025-08-01 to 2026-07-31"]
    assert found["DE-001"][3] == "2023-04-01 on"
    assert told(out) == DUE


def test_the_same_file_again_changes_nothing(kept: Run) -> None:
    assert "agreements read: 8, new or changed: 0\n" in kept(*KEEP)[1]


def test_all_is_well_when_nothing_is_due(run: Run) -> None:
    code, out, _ = run(*KEEP[:-4], "--agreements", "agreements.toml")  # what was due before counts as told
    assert (code, told(out)) == (0, [])


def test_what_is_told_is_told_once_and_listing_it_tells_nothing(kept: Run) -> None:
    assert told(kept(*LIST)[1]) == told(kept(*LIST)[1]) == DUE
    code, out, _ = kept(*LIST, "--tell")
    assert (code, told(out)) == (1, DUE)
    code, out, _ = kept(*LIST, "--tell")
    assert (code, told(out)) == (0, [])


def test_a_notice_in_time_ends_the_agreement_with_its_term(kept: Run) -> None:
    code, out, _ = kept(*IN_TIME)
    assert "of partner: effective" in out
    assert standings(out)["JP-001"][2] == "notice given"
    assert "2026-09-21" in standings(out)["JP-001"]  # the first day on which it holds no longer
    assert code == 1  # others are due


def test_a_notice_that_comes_a_day_late_is_kept_and_ends_nothing(kept: Run) -> None:
    _, out, _ = kept(*LATE)
    assert "of partner: late: without effect on this term" in out
    assert standings(out)["JP-002"][2] == "renewed"
    assert kept(*LATE)[1].count("late: without effect") == 0  # the same one again: it was judged


def test_a_notice_without_a_reason_ends_the_agreement_as_its_paper_has_it(kept: Run) -> None:
    """HGB 89: in the fourth year three months, to the end of a calendar month: from 1 July over 1 October to the 31st."""
    _, out, _ = kept(*BY, "--notice", "DE-001", *SENT, "--purpose", "convenience")
    assert (
        "by the notice received on July 1, 2026 the agreement is over at the end of October 31, 2026\n" in out
    )
    assert standings(out)["DE-001"][2:] == [
        "notice given",
        "2023-04-01 on",
        "2026-11-01",
        "2026-08-01",
    ]


def test_a_step_is_taken_where_the_state_allows_it_and_refused_with_the_reason_where_not(kept: Run) -> None:
    kept(*LIST, "--tell")
    code, out, _ = kept(*SUSPEND)
    assert (code, standings(out)["US-002"][2]) == (0, "suspended")
    code, out, _ = kept(*NEXT_DAY, "--step", "US-002", "--action", "suspend")
    assert code == 1
    assert "US-002: agreement/suspend on July 2, 2026: not allowed" in out
    assert "state: suspended, asked for one of active, notice given, and renewed" in out


def test_an_agreed_renewal_is_certain(kept: Run) -> None:
    _, out, _ = kept(*BY, "--step", "DE-002", "--action", "agree-renewal", "--term", "1")
    assert standings(out)["DE-002"][2] == "renewed"


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "a notice of 2 months before the end on September 20, 2026 has to be there on July 19, 2026 at the latest"),
        ("ja", "2026年9月20日の満了に対する 2 か月前の通知は、遅くとも2026年7月19日までに到達する必要がある"),
        ("zh", "针对2026年9月20日期满、提前 2 个月的通知，最迟须于2026年7月19日送达"),
    ],
)  # fmt: skip
def test_it_is_explained_in_the_language_asked_for(kept: Run, locale: str, said: str) -> None:
    _, out, _ = kept(*LIST, "--explain", "JP-001", "--locale", locale)
    assert f"{said}\n" in out
    assert "Daishin-in (Japan), July 15, 1935" in out
    assert "law: 基本契約 第31条 holds" in out or "law：" in out


def test_what_gave_way_is_said(kept: Run) -> None:
    _, out, _ = kept(*LIST, "--explain", "US-001")
    assert "  ✓ payment: MSA 6.2 holds\n    Policy-7 4 gives way: its document is of a lower class\n" in out
    assert "Amendment-2 1 does not count: its document is not signed" in out


def test_a_calendar_that_does_not_reach_so_far_is_said_and_the_rest_is_shown(kept: Run) -> None:
    code, out, err = kept(*BASE, "--on", "2027-06-01", "--explain", "JP-001")
    assert (code, err) == (1, "")
    assert "tokyo (Japan, written by hand)" in out
    assert "law: 基本契約 第31条 holds" in out


def test_a_calendar_file_holds_what_comes_in_the_language_asked_for(kept: Run) -> None:
    pytest.importorskip("icalendar")
    _, out, _ = kept(*LIST, "--calendar", "due.ics", "--until", "2026-07-31", "--locale", "ja")
    assert re.search(r"^\d+ days until 2026-07-31 are in due.ics$", out, re.MULTILINE)
    text = Path("due.ics").read_bytes().decode()
    assert "DTSTART;VALUE=DATE:20260719\r\nDTEND;VALUE=DATE:20260720\r\n" in text  # the last day for JP-001
    assert text.count("BEGIN:VEVENT") == int(re.findall(r"^(\d+) days", out, re.MULTILINE)[0])
    assert "JP-001: 次の期間を止められる最終日" in text.replace("\r\n ", "")


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "What is due on July 1, 2026"), ("ja", "2026年7月1日時点の要対応事項"), ("zh", "2026年7月1日的待办事项")],
)  # fmt: skip
def test_a_page_is_written_in_the_language_asked_for(kept: Run, locale: str, said: str) -> None:
    _, out, _ = kept(*LIST, "--report", "page.html", "--locale", locale)
    assert out.endswith("report: page.html\n")
    assert f"<h2>{said}</h2>" in Path("page.html").read_text(encoding="utf-8")


REFUSED = [
    ((*BY, "--notice", "JP-02", *SENT), "agreement 'JP-02'"),
    ((*BY, "--step", "US-02", "--action", "suspend"), "did you mean 'US-002'"),
    ((*LIST, "--explain", "US-02"), "did you mean 'US-002'"),
    ((*BY, "--notice", "JP-002", "--sent", "2026-07-01T12:00+09:00"), "accepted: --party ROLE --sent INSTANT"),
    ((*BY, "--notice", "JP-002", "--party", "partner"), "accepted: --party ROLE --sent INSTANT"),
    ((*LIST, "--notice", "JP-002", *SENT), "who does it? accepted: --by NAME"),
    ((*LIST, "--by", "kim ", "--notice", "JP-002", *SENT), "--by: "),
    ((*BY, "--step", "US-002"), "what is done? accepted: --action, one of negotiate, approve"),
    ((*BY, "--step", "US-002", "--action", "suspended"), "did you mean 'suspend'"),
    ((*BY, "--step", "US-002", "--action", "renew"), "action 'renew'"),  # what the calendar does
    ((*BY, "--step", "US-002", "--action", "give-notice"), "action 'give-notice'"),  # that is --notice
    ((*BY, "--step", "DE-002", "--action", "agree-renewal"), "the term that it is about"),
    ((*LATE, "--step", "US-002", "--action", "suspend"), "found --notice and --step; accepted: one of them"),
    ((*LATE, "--agreements", "agreements.toml"), "found --agreements and an action; accepted: one of them"),
    ((*LATE[:-2], "--received", "2026-06-01T12:00+09:00"), "when it was sent, or later"),
    ((*BY, "--notice", "DE-001", *SENT), "no term with an end runs on 2026-07-01"),
    ((*LATE, "--purpose", "whim"), "invalid choice: 'whim'"),
    ((*BY, "--notice", "JP-002", "--party", "partner", "--sent", "yesterday"), "accepted: an instant with its time zone"),
    ((*BASE, "--on", "tomorrow"), "found 'tomorrow'; accepted: a date such as 2026-03-31"),
    ((*BASE, "--on", "2025-12-31"), "nothing is in force on 2025-12-31"),
    ((*LIST, "--report", "channel-2026.toml"), "channel-2026.toml is named twice, and would be overwritten"),
    ((*KEEP, "--calendar", "agreements.toml"), "agreements.toml is named twice, and would be overwritten"),
    ((*LIST, "--report", "x.html", "--calendar", "x.html"), "x.html is named twice"),
    ((*LIST, "--report", "demo.py/page.html"), "demo.py"),  # a file is no folder
    ((*KEEP[:-1], "nowhere.toml"), "nowhere.toml cannot be read"),
    ((*LIST, "--locale", "xx"), "accepted: a locale such as en, ja, zh_CN"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_what_cannot_be_done_is_refused_and_nothing_is_changed(
    kept: Run, words: tuple[str, ...], said: str
) -> None:
    code, out, err = kept(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert told(kept(*LIST)[1]) == DUE


def test_what_was_asked_wrongly_tells_nothing(kept: Run) -> None:
    assert kept(*LIST, "--tell", "--explain", "US-02")[0] == 2
    assert told(kept(*LIST, "--tell")[1]) == DUE


def test_what_cannot_be_shown_is_refused_before_anything_is_kept(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(*KEEP, "--explain", "US-02")[0] == 2
    monkeypatch.setitem(sys.modules, "icalendar", None)
    code, _, err = run(*KEEP, "--calendar", "due.ics")
    assert (code, "pip install 'prmcore[ical]'" in err) == (2, True)
    assert standings(run(*LIST)[1]) == {}
    assert run(*KEEP, "--explain", "US-002")[0] == 1


def test_a_store_that_is_not_there_is_said_with_what_makes_one(run: Run) -> None:
    code, out, err = run(*LIST)
    assert (code, out) == (2, "")
    assert "there is no store contracts.sqlite; `prmcore contracts ... --agreements FILE` makes one" in err
    assert not Path("contracts.sqlite").exists()


def test_a_folder_that_cannot_be_written_to_is_refused_before_anything_is_kept(run: Run) -> None:
    Path("taken").write_text("", encoding="utf-8")
    code, _, err = run(*KEEP, "--report", "taken/page.html")
    assert code == 2
    assert "taken" in err
    assert not Path("contracts.sqlite").exists()


def rewrite(path: str, *changes: tuple[str, str]) -> list[str]:
    """The lines of a file, once in which each of these texts is another one."""
    text = Path(path).read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    Path(path).write_text(text, encoding="utf-8")
    return text.splitlines()


def test_every_fault_of_a_file_is_said_with_its_line_and_nothing_is_kept(run: Run) -> None:
    changes = (('notice = "60 days"', 'notice = "0 days"'), ('length = "2 years"', 'length = "2 moons"'))
    lines = rewrite("agreements.toml", *changes)
    code, out, err = run(*KEEP)
    assert (code, out) == (2, "")
    assert "agreements.toml: the agreements cannot be read: 2 faults" in err
    for _, written in changes:
        number = 1 + next(place for place, line in enumerate(lines) if written in line)
        assert f"(line {number})" in err
    assert standings(run(*LIST)[1]) == {}


def test_a_template_that_is_not_there_or_wrongly_filled_in_is_said_with_its_place(run: Run) -> None:
    wrong = ('notice = "2 months"', 'notice = "2 moons"'), ('template = "nda/GB"', 'template = "nda/GP"')
    rewrite("agreements.toml", *wrong)
    code, _, err = run(*KEEP)
    assert code == 2
    assert "did you mean 'nda/GB'" in err
    assert "@ agreements[6]" in err
    assert "found '2 moons'" in err


def test_paper_that_was_signed_and_reads_otherwise_now_is_refused_as_a_whole(kept: Run) -> None:
    rewrite("agreements.toml", ('length = "3 years"', 'length = "4 years"'))
    code, _, err = kept(*KEEP)
    assert code == 2
    assert "'US-001' was signed on 2024-01-10 and reads otherwise now" in err
    assert "@ US-001" in err
    assert standings(kept(*LIST)[1])["US-001"][3] == "2024-02-01 to 2027-01-31"


def test_a_doubtful_paper_is_kept_and_the_doubt_is_said(run: Run) -> None:
    rewrite("agreements.toml", (', zone = "Europe/Berlin"', ""))
    rewrite("channel-2026.toml", ('zone = "Asia/Tokyo"', 'zone = "UTC"'))
    code, out, _ = run(*KEEP)
    assert code == 1
    assert "  DE-002: warning: no-zone: " in out
    assert "DE-002" in standings(out)


# obligations, minimums, tables

REPORT = """
[[obligations]]
id = "report"
agreement = "JP-001"
what = "the sales report"
by = "partner"
on = 2026-06-20
owner = "kim"
"""


def test_an_obligation_of_the_file_is_told_until_it_is_done(run: Run) -> None:
    path = Path("agreements.toml")
    path.write_text(path.read_text("utf-8") + REPORT, "utf-8")
    out = run(*KEEP)[1]
    assert "obligations read: 1, new or changed: 1\n" in out
    said = "2026-06-21  JP-001: the sales report is overdue, due on June 20, 2026 (kim)"
    assert said in told(out)
    done = (*BY, "--done", "JP-001", "--obligation", "report", "--due", "2026-06-20", "--evidence", "R-7")
    assert said not in told(run(*done)[1])
    code, _, err = run(*done[:-3], "2026-06-19")
    assert (code, "accepted: a day of 'report'" in err) == (2, True)


MINIMUM = """
format = "prmcore-agreements/1"
[[agreements]]
id = "XX-001"
kind = "distributor"
partner = "acme"
parties = [{ role = "partner", id = "acme", name = "Acme" }, { role = "vendor", id = "us", name = "Us" }]
documents = [{ id = "m", document_class = "master", signed_on = 2025-01-01 }]
provisions = [
    { key = "term", clause = { kind = "term", term = { start = 2025-01-01, length = "3 years" } } },
    { key = "volume", clause = { kind = "minimum", metric = "sales", amount = "100000 EUR", shortfall = "pay-difference" } },
]
"""


def test_a_minimum_is_measured_and_judged(run: Run) -> None:
    """By hand: 100,000 less 64,321 euros."""
    Path("minimum.toml").write_text(MINIMUM, "utf-8")
    base = (*BASE, "--on", "2026-02-10", "--by", "kim")
    run(*base, "--agreements", "minimum.toml")
    asked = (*base, "--measured", "XX-001", "--year", "2025-06-01", "--through", "2025-12-31")
    out = run(*asked, "--minimum", "volume", "--amount", "64321 EUR")[1]
    assert "35,679.00" in out
    for words, said in (
        (("--minimum", "volum", "--amount", "1 EUR"), "did you mean 'volume'"),
        (("--minimum", "volume", "--count", "3"), "accepted: an amount in EUR"),
        (("--minimum", "volume"), "accepted: an amount or a count"),
        (("--minimum", "volume", "--amount", "much"), "much"),
    ):
        code, _, err = run(*asked, *words)
        assert (code, said in err) == (2, True), err


ROWS = """id,template,partner,partner_name,vendor,vendor_name,signed_on,start,notice,territory
T-1,reseller/JP,sakura,Sakura,acme,Acme,2025-09-10,2025-10-01,3 months,JP
T-2,reseller/JP,fuji,Fuji,acme,Acme,04/02/2025,2025-10-01,3 months,JP
"""


def test_a_table_of_agreements_is_read_and_an_ambiguous_date_is_refused_until_its_order_is_said(
    run: Run,
) -> None:
    Path("table.csv").write_text(ROWS, "utf-8")
    asked = (*LIST, "--agreements", "table.csv")
    code, out, err = run(*asked)
    assert (code, out) == (2, "")
    assert "found '04/02/2025', which is 2025-02-04 or 2025-04-02" in err
    assert "@ signed_on (line 3)" in err
    code, out, _ = run(*asked, "--dates", "day-first")
    assert out.startswith("agreements read: 2, new or changed: 2\n")
    assert "T-2" in out
    later = (*BASE, "--on", "2026-07-05", "--agreements", "table.csv", "--dates", "day-first")
    assert run(*later)[1].startswith("agreements read: 2, new or changed: 0\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--done", "JP-001"), "accepted: --obligation ID --due DATE"),
        (("--measured", "US-001", "--minimum", "volume"), "accepted: --minimum KEY --year DATE"),
        (("--done", "JP-001", "--step", "JP-001"), "found --step and --done; accepted: one of them"),
    ],
)
def test_an_action_that_is_not_whole_is_refused(kept: Run, words: tuple[str, ...], said: str) -> None:
    code, _, err = kept(*BY, *words)
    assert (code, said in err) == (2, True)


def test_agreements_in_the_program_file_are_kept_without_a_file_of_their_own(run: Run) -> None:
    """The same agreements as those of the example's file: the same is due, and a second run keeps nothing anew."""
    paper = (
        Path("agreements.toml").read_text(encoding="utf-8").replace('format = "prmcore-agreements/1"\n', "")
    )
    program = Path("channel-2026.toml").read_text(encoding="utf-8")
    Path("one.toml").write_text(program + paper, encoding="utf-8")
    asked = ("contracts", "one.toml", "--store", "one.sqlite", "--on", "2026-07-01", "--since", "2026-05-31")
    code, out, err = run(*asked)
    assert (code, err, told(out)) == (1, "", DUE)
    assert "agreements read: 8, new or changed: 8" in out
    code, out, err = run(*asked, "--by", "kim", "--notice", "JP-001", *SENT)
    assert "new or changed" not in out
    assert standings(out)["JP-001"][2] == "notice given"
