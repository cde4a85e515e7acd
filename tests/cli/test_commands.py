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

from prmcore.cli import main

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "examples" / "tutorial"
RESELLER = ROOT / "examples" / "adventureworks"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in a folder of its own that holds the tutorial's files; gives the code, the output, the errors."""
    shutil.copytree(TUTORIAL, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    def typed(*words: str) -> tuple[int, str, str]:
        try:
            code = main(words)
        except SystemExit as left:  # argparse
            code = int(left.code or 0)
        found = capsys.readouterr()
        return code, found.out, found.err

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
    ((*RUN[:5], "acme-2026.toml", *RUN[6:]), "acme-2026.toml cannot be used as a store"),
    ((*RUN[:5], "/proc/nowhere/store", *RUN[6:]), "/proc/nowhere"),
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
        "2019-12-31",
    )


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


def test_it_works_without_rich(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    code, out, _ = run(*RUN)
    assert code == 0
    assert "partners by level" in out
