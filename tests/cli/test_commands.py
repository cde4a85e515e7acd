"""The command line as people type it: what it does, what it refuses, and that nothing is half done."""

import csv
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "examples" / "tutorial"
RESELLER = ROOT / "examples" / "adventureworks"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Run) -> Run:
    """Runs a command in a folder of its own that holds the tutorial's files; gives the code, the output, the errors."""
    shutil.copytree(TUTORIAL, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return typed


RUN = ("run", "acme-2026.toml", "--facts", "facts", "--store", "tiers.sqlite", "--as-of", "2026-12-31")


def contents(store: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(store) as connection:
        found = connection.execute("SELECT kind, id, version, body FROM record ORDER BY kind, id").fetchall()
    connection.close()
    return found


def test_a_run_records_every_partner_at_every_quarters_end(run: Run) -> None:
    code, out, err = run(*RUN)
    assert (code, err) == (0, "")
    decided = [identity for kind, identity, *_ in contents(Path("tiers.sqlite")) if kind == "tier-decision"]
    days = ("2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31")
    assert decided == [f"acme/{partner}/{day}" for partner in ("p-1", "p-2", "p-3") for day in days]
    assert "decisions: 12 recorded" in out


def test_running_twice_changes_nothing(run: Run) -> None:
    run(*RUN)
    before = contents(Path("tiers.sqlite"))
    code, out, _ = run(*RUN)
    assert code == 0
    assert "decisions: 0 recorded, 12 recorded before and the same" in out
    assert contents(Path("tiers.sqlite")) == before


def test_rows_that_change_later_do_not_change_what_was_decided(run: Run) -> None:
    run(*RUN)
    before = contents(Path("tiers.sqlite"))
    with Path("facts/sales.csv").open("a", encoding="utf-8") as sales:
        sales.write("p-2,2026-02-01,500000.00\n")
    _, out, _ = run(*RUN)
    assert "4 recorded before would come out differently from today's facts and stay as they were" in out
    assert "the first: p-2 on 2026-03-31" in out
    assert contents(Path("tiers.sqlite")) == before


def test_bad_rows_are_reported_with_line_and_reason_and_the_good_ones_are_kept(run: Run) -> None:
    with Path("facts/sales.csv").open("a", encoding="utf-8") as sales:
        sales.write("p-1,2026-13-01,5.00\np-9,2026-03-01,5.00\np-1,2026-03-01,=1+1\n")
    lines = Path("facts/sales.csv").read_text(encoding="utf-8").count("\n")
    _, out, _ = run(*RUN, "--rejects", "bad.csv")
    with Path("bad.csv").open(encoding="utf-8", newline="") as found:
        rejects = [row for row in csv.DictReader(found) if int(row["line"]) > lines - 3]
    assert "in bad.csv" in out
    assert [int(row["line"]) for row in rejects] == [lines - 2, lines - 1, lines]
    assert [row["reason"].split(":")[0] for row in rejects] == ["date", "partner", "amount"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rejects for cell in row.values())


REFUSED = [
    (("run", "nothing.toml", *RUN[2:]), "nothing.toml"),
    ((*RUN[:-1], "yesterday"), "found 'yesterday'; accepted: a date such as 2026-03-31"),
    ((*RUN[:-1], "2026-01-05"), "there are no rows up to 2026-01-05"),
    ((*RUN[:-1], "2025-01-01"), "nothing is in force on 2025-01-01; covered: 2026-01-01 to 2026-12-31"),
    ((*RUN[:3], "nowhere", *RUN[4:]), "'nowhere' cannot be read"),
    ((*RUN, "--locale", "klingon"), "accepted: a locale such as en, ja, zh_CN"),
    ((*RUN, "--partner", "p-22"), "did you mean 'p-2'"),
    ((*RUN, "--report", "facts"), "facts is a folder; accepted: a file"),
    ((*RUN[:5], "acme-2027.toml", *RUN[6:]), "acme-2027.toml cannot be used as a store"),
    ((*RUN[:5], "acme-2026.toml", *RUN[6:]), "acme-2026.toml is named twice"),
    ((*RUN[:5], "/proc/nowhere/store", *RUN[6:]), "/proc/nowhere"),
    ((*RUN, "--report", "/proc/nowhere.html"), "/proc/nowhere.html cannot be written"),
    ((*RUN, "--rejects", "/proc/nowhere.csv"), "/proc/nowhere.csv cannot be written"),
    ((*RUN, "--report", "/dev/null"), "/dev/null is a device or a pipe; accepted: a plain file"),
    ((*RUN, "--report", "acme-2026.toml"), "acme-2026.toml is named twice, and would be overwritten"),
    ((*RUN, "--report", "./tiers.sqlite"), "tiers.sqlite is named twice"),
    ((*RUN, "--rejects", "facts/../facts/sales.csv"), "sales.csv is named twice"),
    ((*RUN, "--data-as-of", "2026-09-17"), "found 2026-09-17, and there are rows up to 2026-09-18"),
    (("walk",), "invalid choice: 'walk'"),
    ((), "the following arguments are required: COMMAND"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_what_cannot_be_done_is_refused_before_anything_is_done(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    files = sorted(Path().rglob("*"))
    code, out, err = run(*words)
    assert code == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err
    assert sorted(Path().rglob("*")) == files


EXPLAIN = ("explain", "acme-2026.toml", "--store", "tiers.sqlite", "--partner", "p-2")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*EXPLAIN[:-1], "p-22"), "unknown partner 'p-22'; did you mean 'p-2'"),
        (
            (*EXPLAIN, "--day", "2026-07-01"),
            "nothing is recorded about 'p-2' on 2026-07-01; days: 2026-03-31, 2026-06-30",
        ),
        ((*EXPLAIN, "--level", "golden"), "has no rung 'golden'; its rungs: gold, silver"),
        ((*EXPLAIN, "--benefit", "early_acces"), "did you mean 'early_access'"),
        (("explain", "acme-2027.toml", *EXPLAIN[2:]), "unknown policy 'acme/2026'"),
        (
            ("explain", "acme-2026.toml", "--store", "other.sqlite", *EXPLAIN[4:]),
            "there is no store other.sqlite",
        ),
    ],
)
def test_what_cannot_be_explained_is_said(run: Run, words: tuple[str, ...], said: str) -> None:
    run(*RUN)
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_a_decision_is_explained_in_the_language_asked_for(run: Run) -> None:
    run(*RUN)
    english, japanese, chinese = (run(*EXPLAIN, "--locale", locale)[1] for locale in ("en", "ja", "zh"))
    assert english.startswith("acme/2026 on December 31, 2026: ")
    assert japanese.startswith("2026年12月31日時点の acme/2026：")
    assert chinese.startswith("acme/2026，截至2026年12月31日：")
    assert len(english.splitlines()) == len(japanese.splitlines()) == len(chinese.splitlines())


def test_lint_says_what_is_wrong_with_versions_together_and_how_many_programs_it_saw(run: Run) -> None:
    assert run("lint", "acme-2026.toml") == (0, "1 checked, 0 found\n", "")
    text = Path("acme-2027.toml").read_text(encoding="utf-8")
    Path("early.toml").write_text(text.replace("2027-01-01", "2026-07-01"), encoding="utf-8")
    Path("late.toml").write_text(text.replace("2027-01-01", "2027-04-01"), encoding="utf-8")
    code, out, _ = run("lint", "acme-2026.toml", "early.toml")
    assert code == 1
    assert "versions-overlap: acme/2026 and acme/2027 are both in force on July 1, 2026" in out
    code, out, _ = run("lint", "acme-2026.toml", "late.toml")
    assert code == 1
    assert "versions-gap: no version is in force on January 1, 2027, between acme/2026 and acme/2027" in out


def test_a_version_without_end_overlaps_every_later_one_and_leaves_no_gap(run: Run) -> None:
    """By hand: 2027 goes on for ever, so that 2028 (2028 only) and 2030 (from 2030 on) both share days with it."""
    text = Path("acme-2027.toml").read_text(encoding="utf-8")
    for year, period in (
        ("2028", "{ start = 2028-01-01, end = 2029-01-01 }"),
        ("2030", "{ start = 2030-01-01 }"),
    ):
        changed = text.replace('version = "2027"', f'version = "{year}"').replace(
            "{ start = 2027-01-01 }", period
        )
        Path(f"{year}.toml").write_text(changed, encoding="utf-8")
    code, out, _ = run("lint", "acme-2027.toml", "2028.toml", "2030.toml")
    assert code == 1
    assert out.splitlines()[:2] == [
        "acme: versions-overlap: acme/2027 and acme/2028 are both in force on January 1, 2028 (for example day = 2028-01-01)",
        "acme: versions-overlap: acme/2027 and acme/2030 are both in force on January 1, 2030 (for example day = 2030-01-01)",
    ]
    assert "gap" not in out


def test_lint_looks_at_the_other_files_when_one_cannot_be_read(run: Run) -> None:
    code, out, err = run("lint", "nothing.toml", "acme-2026.toml")
    assert (code, out) == (2, "1 checked, 0 found, 1 not read\n")
    assert "nothing.toml cannot be read" in err


SIMULATE = (
    "simulate",
    "acme-2026.toml",
    "acme-2027.toml",
    "--facts",
    "facts",
    "--as-of",
    "2026-12-31",
    "--all",
)


def test_history_and_the_first_program_are_simulated_against_alike_when_history_was_made_by_it(
    run: Run,
) -> None:
    run(*RUN)
    code, out, _ = run(*SIMULATE)
    assert code == 0
    assert "acme/2026 against acme/2027" in out
    code, recorded, _ = run(*SIMULATE, "--store", "tiers.sqlite")
    assert code == 0
    assert recorded.replace("acme as recorded", "acme/2026") == out


def test_versions_are_compared_over_the_same_rows_and_it_is_said_who_moves_and_why(run: Run) -> None:
    """By hand: p-2 sold 95,000.00 EUR, which is silver from 80,000 on in 2026 and not from 100,000 on in 2027."""
    _, out, _ = run(*SIMULATE)
    assert "  2026-12-31         3                1\n" in out
    assert (
        "  Beta Trading (p-2)  silver  registered  Sales, last four quarters: from €95,000.00 to €100,000.00\n"
        in out
    )
    _, same, _ = run(*SIMULATE[:2], "acme-2026.toml", *SIMULATE[3:])
    assert "nobody stands elsewhere on 2026-12-31" in same


def test_versions_that_read_a_file_differently_are_still_compared(run: Run) -> None:
    """The other version counts the sales as plain numbers: the file is read once for each."""
    text = Path("acme-2027.toml").read_text(encoding="utf-8")
    plain = text.replace('kind = "money"', 'kind = "number"').replace(" EUR", "")
    Path("plain.toml").write_text(plain, encoding="utf-8")
    code, out, _ = run(*SIMULATE[:2], "plain.toml", *SIMULATE[3:])
    assert code == 0
    assert "  Beta Trading (p-2)  silver  registered  Sales, last four quarters: from 95,000" in out


def test_days_that_were_never_recorded_are_not_passed_off_as_unmoved(run: Run) -> None:
    run(*RUN[:-1], "2026-03-31")
    code, out, _ = run(*SIMULATE, "--store", "tiers.sqlite")
    assert code == 0
    assert "2026-03-31" in out
    assert "2026-06-30" not in out
    other = Path("acme-2026.toml").read_text(encoding="utf-8").replace('name = "acme"', 'name = "other"')
    Path("other.toml").write_text(other, encoding="utf-8")
    code, out, err = run("simulate", "other.toml", *SIMULATE[2:], "--store", "tiers.sqlite")
    assert (code, out) == (2, "")
    assert "nothing is recorded about the program 'other'" in err


def test_the_schema_is_json(run: Run) -> None:
    import json

    code, out, _ = run("schema")
    assert code == 0
    assert json.loads(out)["title"] == "prmcore program"


def test_the_report_shows_the_partner_asked_for(run: Run) -> None:
    run(*RUN, "--report", "out/report.html", "--partner", "p-3")
    assert "<h2>Gamma Works (p-3)</h2>" in Path("out/report.html").read_text(encoding="utf-8")


def started(folder: Path, *words: str, **options: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "prmcore", *words], cwd=folder, **options)  # type: ignore[call-overload, no-any-return]  # options of Popen


def reseller_run(store: Path) -> tuple[str, ...]:
    programs = (str(RESELLER / "reseller-2017.toml"), str(RESELLER / "reseller-2019.toml"))
    return (
        "run",
        *programs,
        "--facts",
        str(RESELLER / "facts"),
        "--store",
        str(store),
        "--as-of",
        "2018-06-30",
    )


@pytest.mark.slow
def test_a_run_that_was_killed_is_completed_by_running_again(tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed.sqlite", tmp_path / "whole.sqlite"
    process = started(tmp_path, *reseller_run(killed), stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None and count(killed) == 0:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert count(killed) > 0
    for store in (killed, whole):
        assert started(tmp_path, *reseller_run(store), stdout=subprocess.DEVNULL).wait(120) == 0
    assert contents(killed) == contents(whole)


def count(store: Path) -> int:
    """How many decisions another process has recorded so far; 0 while there is no store yet."""
    if not store.exists():
        return 0
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=10)
    try:
        (found,) = connection.execute("SELECT count(*) FROM record WHERE kind = 'tier-decision'").fetchone()
        return int(found)
    except sqlite3.OperationalError:  # no table yet
        return 0
    finally:
        connection.close()


@pytest.mark.slow
def test_two_runs_at_a_time_record_every_decision_once(tmp_path: Path) -> None:
    both, alone = tmp_path / "both.sqlite", tmp_path / "alone.sqlite"
    runs = [started(tmp_path, *reseller_run(both), stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(120) for process in runs] == [0, 0]
    assert started(tmp_path, *reseller_run(alone), stdout=subprocess.DEVNULL).wait(120) == 0
    assert contents(both) == contents(alone)


def test_a_terminal_gets_tables_and_a_pipe_plain_text(tmp_path: Path) -> None:
    shutil.copytree(TUTORIAL, tmp_path, dirs_exist_ok=True)
    try:
        leader, follower = pty.openpty()
    except OSError:
        pytest.skip("this machine has no pseudo-terminals")
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    process = started(tmp_path, *RUN, stdout=follower, env=environment)
    assert process.wait(60) == 0
    os.close(follower)
    shown = b""
    try:
        while part := os.read(leader, 65536):
            shown += part
    except OSError:  # the end of a pty
        pass
    os.close(leader)
    assert "┃".encode() in shown
    piped = subprocess.run(
        [sys.executable, "-m", "prmcore", *RUN], cwd=tmp_path, capture_output=True, check=True
    )
    assert "┃".encode() not in piped.stdout
    assert b"\x1b" not in piped.stdout


def test_names_cannot_command_a_terminal(run: Run) -> None:
    partners = Path("facts/partners.csv")
    hostile = partners.read_text(encoding="utf-8").replace("Beta", "B\x1b[2J\u202eta [bold]:smile:")
    partners.write_text(hostile, encoding="utf-8")
    _, out, _ = run(*SIMULATE)
    assert "B\ufffd[2J\ufffdta [bold]:smile: Trading (p-2)" in out


def test_signs_that_an_old_terminal_lacks_are_spelt_out(tmp_path: Path, run: Run) -> None:
    run(*RUN)
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    process = started(tmp_path, *EXPLAIN, stdout=subprocess.PIPE, env=environment)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"\\u2717 gold" in out


def test_an_interrupted_run_says_how_to_go_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("prmcore.cli.commands.record", interrupt)
    code, _, err = run(*RUN)
    assert code == 130
    assert "interrupted; what is recorded stays, and running again completes it" in err


GIVEN = """format = "prmcore/1"
name = "given"
version = "1"
[facts.certified_people]
kind = "count"
[tiers]
otherwise = "registered"
[[tiers.rungs]]
level = "gold"
requires = [{ fact = "certified_people", at_least = 4 }]
"""


def test_a_program_without_rows_is_judged_on_the_last_periods_end(run: Run) -> None:
    """All its facts stand in partners.csv, as they are now."""
    Path("given.toml").write_text(GIVEN, encoding="utf-8")
    code, out, _ = run("run", "given.toml", *RUN[2:-1], "2026-12-30", "--report", "given.html")
    assert code == 0
    assert "decisions: 3 recorded" in out
    assert "  2026-09-30     1           2" in out
    assert "<h2>" in Path("given.html").read_text(encoding="utf-8")


def test_nobody_to_judge_is_said_and_nothing_recorded(run: Run) -> None:
    Path("given.toml").write_text(GIVEN, encoding="utf-8")
    partners = Path("facts/partners.csv")
    lines = partners.read_text(encoding="utf-8").splitlines()
    partners.write_text(lines[0] + "\n", encoding="utf-8")
    code, _, err = run("run", "given.toml", *RUN[2:])
    assert (code, "partners.csv lists no partner" in err) == (2, True)
    later = [lines[0] + ",active_from", *(line + ",2030-01-01" for line in lines[1:])]
    partners.write_text("\n".join(later) + "\n", encoding="utf-8")
    code, _, err = run("run", "given.toml", *RUN[2:])
    assert (code, "no partner may be reviewed on any of the days" in err) == (2, True)
    later[1] = lines[1] + ",2026-01-01"
    partners.write_text("\n".join(later) + "\n", encoding="utf-8")
    code, _, err = run("run", "given.toml", *RUN[2:], "--partner", "p-2")
    assert (code, "'p-2' is not reviewed on 2026-12-31" in err) == (2, True)
    assert not [kind for kind, *_ in contents(Path("tiers.sqlite")) if kind == "tier-decision"]


def test_it_works_without_rich(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    code, out, _ = run(*RUN)
    assert code == 0
    assert "partners by level" in out
