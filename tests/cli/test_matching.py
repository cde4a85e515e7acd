"""`prmcore match`: pairs of two lists, with evidence, in files that no spreadsheet runs."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
HEADER = "account,name,corporate_number,address,domain"
EAST = f"""{HEADER}
1,株式会社みなと電機,,,www.minato-denki.example
2,髙橋商事株式会社,,東京都港区芝一丁目２番３号,
3,ＪＳＲ株式会社,6010401082746,港区東新橋一丁目９番２号,
4,Contoso Ltd,,,
"""
WEST = f"""{HEADER}
1,Minato Power,,,sales@minato-denki.example
2,高橋商事(株),,港区芝1-2-3,
3,ＪＳＲ㈱,1010401175166,港区東新橋1-9-2,
4,Fabrikam Inc,,,
"""
MATCH = ("match", "east.csv", "west.csv", "--country", "JP", "--as-of", "2026-03-31")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Run) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("east.csv").write_text(EAST, encoding="utf-8")
    Path("west.csv").write_text(WEST, encoding="utf-8")
    return typed


def pairs(path: str = "pairs.csv") -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as found:
        return list(csv.DictReader(found))


def test_pairs_are_the_same_possible_or_distinct_with_evidence(run: Run) -> None:
    """The numbers and the address of JSR are those of Japan's EDINET list: one name, one address, two companies."""
    code, out, err = run(*MATCH, "--out", "pairs.csv")
    assert (code, err) == (1, "")  # a person has to look at one
    found = [(row["first"], row["second"], row["sameness"]) for row in pairs()]
    assert found == [
        ("east/2", "west/2", "same"),
        ("east/1", "west/1", "possible"),
        ("east/3", "west/3", "distinct"),
    ]
    assert "the same domain" in pairs()[1]["evidence"]
    assert "different numbers in one register" in pairs()[2]["evidence"]
    assert "8 accounts compared, 0 rows not taken" in out


def test_what_a_person_has_to_look_at_is_shown_in_the_language_asked_for(run: Run) -> None:
    _, out, _ = run(*MATCH, "--locale", "ja")
    assert out.startswith("east/1 | west/1\n? 株式会社みなと電機 と Minato Power は同一企業の可能性があり")
    _, out, _ = run(*MATCH, "--locale", "zh")
    assert "域名" in out


def test_one_company_has_one_number_through_both_lists(run: Run) -> None:
    with Path("west.csv").open("a", encoding="utf-8") as rows:
        rows.write("5,高橋商事㈱,,東京都港区芝1丁目2-3,\n")
    run(*MATCH, "--out", "pairs.csv")
    same = [row for row in pairs() if row["sameness"] == "same"]
    assert [(row["first"], row["second"]) for row in same] == [
        ("east/2", "west/2"),
        ("east/2", "west/5"),
        ("west/2", "west/5"),
    ]
    assert {row["company"] for row in same} == {"1"}


def test_two_that_are_the_same_through_a_third_but_have_two_numbers_are_for_a_person(run: Run) -> None:
    """The third is like both, and cannot be both: JSR once more, now with an account that has no number."""
    with Path("west.csv").open("a", encoding="utf-8") as rows:
        rows.write("5,JSR㈱,,港区東新橋1-9-2,\n")
    code, _, _ = run(*MATCH, "--out", "pairs.csv")
    assert code == 1
    found = {(row["first"], row["second"]): row for row in pairs()}
    answers = [found["east/3", "west/5"]["sameness"], found["west/3", "west/5"]["sameness"]]
    assert sorted(answers) == ["possible", "same"]
    told = next(row for row in found.values() if row["sameness"] == "possible" and "west/5" in row["second"])
    assert "they would have two numbers of one register" in told["evidence"]


def test_one_list_is_compared_with_itself(run: Run) -> None:
    with Path("east.csv").open("a", encoding="utf-8") as rows:
        rows.write("5,CONTOSO LIMITED,,,\n")
    code, out, _ = run("match", "east.csv", "--as-of", "2026-03-31")
    assert code == 1
    assert "east/4 | east/5" in out


def test_no_pair_is_no_error(run: Run) -> None:
    Path("west.csv").write_text("account,name\n1,Fabrikam\n", encoding="utf-8")
    assert run(*MATCH, "--out", "pairs.csv")[0] == 0
    assert pairs() == []


def test_lists_of_one_name_are_told_apart_by_their_place(run: Run) -> None:
    Path("old").mkdir()
    Path("old/east.csv").write_text(EAST, encoding="utf-8")
    run("match", "east.csv", "old/east.csv", "--out", "pairs.csv")
    assert ("east-1/2", "east-2/2") in [(row["first"], row["second"]) for row in pairs()]


def test_no_cell_can_start_a_formula(run: Run) -> None:
    rows = f"{HEADER}\n1,=cmd|' /C calc'!A0,,,\n2,=cmd|' /C calc'!A0,,,\n+3,Bad,1,,\n"
    Path("east.csv").write_text(rows, encoding="utf-8")
    run(*MATCH, "--out", "pairs.csv", "--rejects", "bad.csv")
    cells = [cell for path in ("pairs.csv", "bad.csv") for row in pairs(path) for cell in row.values()]
    assert any("cmd" in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_bad_rows_are_rejected_with_every_reason_and_the_good_ones_are_kept(run: Run) -> None:
    with Path("east.csv").open("a", encoding="utf-8") as rows:
        rows.write("7,,123,,nowhere\n2,Twice,,,\n")
    _, out, _ = run(*MATCH, "--rejects", "bad.csv")
    assert "8 accounts compared, 2 rows not taken" in out
    first, second = pairs("bad.csv")
    assert (first["file"], first["line"]) == ("east", "6")
    assert [part in first["reason"] for part in ("@ corporate_number", "@ name", "@ domains[0]")] == [
        True
    ] * 3
    assert second["reason"] == "account: '2' stands here twice"


def test_libraries_that_are_missing_are_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from prmcore.cli import matching

    monkeypatch.setattr(matching, "missing_libraries", lambda: ("rapidfuzz",))
    _, out, _ = run(*MATCH)
    assert (
        "not installed: rapidfuzz; less is found, or it takes longer: pip install 'prmcore[identity]'" in out
    )


REFUSED = [
    ((*MATCH, "--out", "west.csv"), "west.csv is named twice, and would be overwritten"),
    ((*MATCH, "--out", "p.csv", "--rejects", "p.csv"), "p.csv is named twice"),
    (("match", "nowhere.csv"), "nowhere.csv cannot be read"),
    (("match", "bare.csv"), "unknown column 'name'"),
    ((*MATCH[:4], "Japan"), "found 'Japan'; accepted: two letters of ISO 3166-1, such as JP"),
    ((*MATCH, "--locale", "klingon"), "accepted: a locale such as en, ja, zh_CN"),
    (("match",), "the following arguments are required: left"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_what_cannot_be_done_is_refused_before_anything_is_done(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    Path("bare.csv").write_text("account\n1\n", encoding="utf-8")
    before = sorted(Path().iterdir())
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert sorted(Path().iterdir()) == before
