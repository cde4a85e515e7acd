"""`prmcore cover`: the page that it writes, what another version would move, and what it refuses."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]
COVER = ("cover", "acme-2026.toml", "--accounts", "accounts.csv", "--as-of", "2026-06-30")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Run) -> Run:
    """Runs a command in a folder of its own that holds the files of the coverage tutorial."""
    shutil.copytree(ROOT / "examples" / "tutorial-coverage", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return typed


def test_the_page_shows_the_accounts_by_name(run: Run) -> None:
    code, out, err = run(*COVER, "--report", "page.html")
    assert (code, err) == (0, "")
    assert out.endswith("\nreport: page.html\n")
    assert "Dotonbori Foods (a-05)" in Path("page.html").read_text(encoding="utf-8")


def test_the_page_explains_the_account_asked_for_in_the_language_asked_for(run: Run) -> None:
    _, out, _ = run(*COVER, "--report", "page.html", "--account", "a-05", "--locale", "ja")
    assert "a-05：なにわＩＴ" in out
    html = Path("page.html").read_text(encoding="utf-8")
    assert '<html lang="ja">' in html
    assert "<h2>Dotonbori Foods (a-05)</h2>" in html


def test_a_list_without_names_shows_ids(run: Run) -> None:
    Path("accounts.csv").write_text("account,region\na-1,JP-13\n", encoding="utf-8")
    run(*COVER, "--report", "page.html")
    assert "<b>a-1</b>" in Path("page.html").read_text(encoding="utf-8")


def test_it_is_said_which_accounts_another_version_would_move_and_why(run: Run) -> None:
    """By hand: row 13 of Naniwa IT is gone in 2027, and Hakata takes Kumamoto, in which a-08 is."""
    code, out, err = run(*COVER, "--against", "acme-2027.toml")
    assert (code, err) == (0, "")
    assert "a-05: from Naniwa IT to Kansai Partners\n  row-13, which won before, is gone" in out
    assert "a-08: from Zenkoku Office to Hakata Network" in out
    assert "13 accounts, 2 would move, 0 rows not taken" in out


def test_nothing_moves_against_the_same_version(run: Run) -> None:
    _, out, _ = run(*COVER, "--against", "acme-2026.toml")
    assert "13 accounts, 0 would move, 0 rows not taken" in out


def test_a_draft_can_be_compared_though_it_decides_nothing(run: Run) -> None:
    text = Path("acme-2027.toml").read_text(encoding="utf-8")
    draft = text.replace("[coverage]\n", '[coverage]\nstate = "draft"\n', 1)
    Path("acme-2027.toml").write_text(draft, encoding="utf-8")
    code, out, _ = run(*COVER, "--against", "acme-2027.toml")
    assert code == 0
    assert "2 would move" in out


def test_more_moves_than_can_be_read_are_shown_when_asked_for(run: Run) -> None:
    rows = "".join(f"b-{place},JP-27,midmarket\n" for place in range(12))
    Path("accounts.csv").write_text(f"account,region,segment\n{rows}", encoding="utf-8")
    _, out, _ = run(*COVER, "--against", "acme-2027.toml")
    assert "... and 2 more; --all shows them" in out
    _, out, _ = run(*COVER, "--against", "acme-2027.toml", "--all")
    assert "b-11: from Naniwa IT" in out


def test_a_row_that_one_of_the_versions_cannot_take_is_rejected_once(run: Run) -> None:
    with Path("accounts.csv").open("a", encoding="utf-8") as rows:
        rows.write("z-1,=Nowhere,XX,small\n")
    _, out, _ = run(*COVER, "--against", "acme-2027.toml", "--rejects", "bad.csv")
    assert "1 rows not taken" in out
    with Path("bad.csv").open(encoding="utf-8", newline="") as found:
        (row,) = csv.DictReader(found)
    assert "region" in row["reason"]


REFUSED = [
    ((*COVER, "--account", "a-5"), "did you mean 'a-05'"),
    ((*COVER, "--report", "accounts.csv"), "accounts.csv is named twice, and would be overwritten"),
    ((*COVER, "--report", "page.html", "--store", "page.html"), "page.html is named twice"),
    ((*COVER, "--report", "/proc/nowhere.html"), "/proc/nowhere.html cannot be written"),
    ((*COVER, "--rejects", "acme-2026.toml"), "acme-2026.toml is named twice"),
    ((*COVER, "--against", "acme-2027.toml", "--store", "s"), "found --store and --against"),
    ((*COVER, "--against", "acme-2027.toml", "--report", "p"), "found --report and --against"),
    ((*COVER, "--against", "nowhere.toml"), "nowhere.toml"),
    ((*COVER[:-1], "2020-01-01"), "nothing is in force on 2020-01-01"),
    (("cover", "draft.toml", "--accounts", "none.csv", *COVER[4:]), "none.csv cannot be read"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_what_cannot_be_done_is_refused_before_anything_is_done(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    before = sorted(Path().iterdir())
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert err.startswith("prmcore: ")
    assert sorted(Path().iterdir()) == before
