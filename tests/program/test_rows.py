"""Rows from files: good ones are kept, bad ones told with their line and the reason."""

import csv
import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.cli.folder import LONGEST_LINE, read_facts, write_rejects
from prmcore.errors import InvalidInput
from prmcore.program import parse_program
from prmcore.program.rows import Reject, partner_rows, source_rows
from prmcore.values import Money

PROGRAM = parse_program("""
format = "prmcore/1"
name = "acme"
version = "1"
currency = "EUR"
facts.users.kind = "count"
facts.regions.kind = "codes"
facts.premium.kind = "bool"
[sources.sales.fields]
amount = { kind = "money" }
[metrics.revenue]
source = "sales"
measure = { sum = "amount" }
window = { lifetime = true }
[tiers]
otherwise = "registered"
rungs = []
""")
HEADER = "partner,date,amount\n"
GOOD = "p1,2026-01-01,5.00\n"
TAKEN = ("p1", date(2026, 1, 1), (Money.of("5.00", "EUR"),))


def sales(text: str) -> tuple[list[Any], list[Reject]]:
    """The rows that are taken, and those that are not, of lines as a file gives them."""
    rejects: list[Reject] = []
    lines = iter(text.splitlines(keepends=True))
    return list(source_rows(PROGRAM, "sales", lines, frozenset({"p1"}), rejects.append)), rejects


# (a bad row, words of the reason)
BAD_ROWS = [
    ("p2,2026-01-01,5", "unknown partner 'p2'"),
    (",2026-01-01,5", "partner: is empty"),
    ("p1,2026-01-01", "found 2 columns; the header has 3"),
    ("p1,2026-01-01,5,6", "found 4 columns; the header has 3"),
    ("p1,,5", "date: is empty"),
    ("p1,2026-02-30,5", "date: found '2026-02-30'"),
    ("p1,20260101,5", "date: found '20260101'"),
    ("p1,2026-01-01T00:00:00,5", "date: found"),
    ("p1,2026-01-01,five", "amount: found 'five'"),
    ("p1,2026-01-01,NaN", "amount: found 'NaN'"),
    ("p1,2026-01-01,Infinity", "amount: found 'Infinity'"),
    ("p1,2026-01-01,1e3", "amount: found '1e3'"),
    ("p1,2026-01-01,5.001", "5.001"),
    ("p1,2026-01-01,5 USD", "the column is in EUR"),
    ("p1,2026-01-01,\uff15", "amount: found"),
    ("p1,2026-01-01,\x00", "amount: found"),
    ("p1,2026-01-01,=1+1", "amount: found '=1+1'"),
    ('p1,2026-01-01,"5"6', "not CSV"),
    ("p1,2026-01-01," + "9" * 200_000, "field larger than field limit"),
    ("p1,2026-01-01," + "9" * 100_000, "amount: found"),
    ('p1,2026-01-01,"5', "not CSV"),
    ("p1,2026-01-01,\udce9", "is not UTF-8"),
]


@pytest.mark.parametrize(("row", "words"), BAD_ROWS, ids=[row[:30] for row, _ in BAD_ROWS])
def test_a_bad_row_is_told_with_its_line_and_the_good_ones_around_it_are_kept(row: str, words: str) -> None:
    taken, (reject,) = sales(HEADER + GOOD + row + "\n" + GOOD + GOOD)
    assert taken == [TAKEN] * 3
    assert (reject.file, reject.line) == ("sales", 3)
    assert words in reject.reason
    assert len(reject.row) <= 1200
    assert reject.row.isprintable() or "\x00" in reject.row


def test_a_row_over_several_lines_is_told_with_the_line_it_starts_on() -> None:
    taken, rejects = sales(HEADER + 'p1,2026-01-01,"5\n6"\n' + GOOD + "p1,x,5\n")
    assert taken == [TAKEN]
    assert [reject.line for reject in rejects] == [2, 5]


def test_empty_lines_are_no_rows() -> None:
    assert sales(HEADER + "\n" + GOOD + "  \n" + GOOD) == ([TAKEN, TAKEN], [])


@pytest.mark.parametrize("quoted", ['"partner",date,amount\n', "\ufeffpartner,date,amount\n", '\ufeff"partner",date,amount\n', " partner , date,amount \n"])  # fmt: skip
def test_a_header_may_have_a_mark_quotes_and_blanks(quoted: str) -> None:
    assert sales(quoted + GOOD) == ([TAKEN], [])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(end: str) -> None:
    assert sales((HEADER + GOOD + GOOD).replace("\n", end)) == ([TAKEN, TAKEN], [])


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "unknown column 'partner'"),
        ("partner,date,amuont\n", "did you mean 'amuont'"),
        ("partner,date,amount,amount\n", "'amount' stands there twice"),
        ('"partner,date,amount\n', "its header is not CSV"),
        ("p" * 200_000 + "\n", "its header is not CSV"),
        ("\udcffp\n", "is not UTF-8"),
    ],
    ids=range(6),
)
def test_a_file_whose_header_does_not_fit_is_refused(header: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=r"sales\.csv cannot be read") as caught:
        sales(header + GOOD)
    assert words in str(caught.value)


def test_partners_that_cannot_be_are_told_and_the_others_kept() -> None:
    text = (
        "partner,name,users,regions,premium,active_from,ended_on\n"
        "p1,One,3,JP; CN,yes,2026-01-01,\n"
        "p1,Again,3,,,,\n"
        "p2,,,,,,\n"
        "p3,Three,-,,,,\n"
        "p4,Four,True,,,,\n"
        "p5,Five,1,,maybe,,\n"
        "p6,Six,1,,,2026-01-01,2025-01-01\n"
        f"p7,Seven,{'9' * 19},,,,\n"
    )
    rejects: list[Reject] = []
    rows = list(partner_rows(PROGRAM, text.splitlines(keepends=True), rejects.append))
    assert [(row.id, row.name, dict(row.given)) for row in rows] == [
        ("p1", "One", {"users": 3, "regions": frozenset({"JP", "CN"}), "premium": True}),
        ("p2", "p2", {"users": None, "regions": None, "premium": None}),
    ]
    assert [reject.line for reject in rejects] == [3, 5, 6, 7, 8, 9]


@given(st.text(st.characters(codec="utf-8") | st.sampled_from('",\n\r\0='), max_size=80))
def test_any_text_below_the_header_is_rows_and_rejects(text: str) -> None:
    """And a good last line is always taken, unless the text before ended inside a line."""
    taken, rejects = sales(HEADER + text)
    assert all(2 <= reject.line <= 2 + len(text) for reject in rejects)
    assert all(row[0] == "p1" for row in taken)


# Files


PARTNERS = b"partner,name,users,regions,premium\np1,One,3,,\n"
PACKED = gzip.compress((HEADER + GOOD).encode())


def folder(at: Path, partners: bytes = PARTNERS, **files: bytes) -> Path:
    (at / "partners.csv").write_bytes(partners)
    for name, written in files.items():
        (at / name.replace("_", ".")).write_bytes(written)
    return at


def test_a_packed_file_is_read_like_a_plain_one(tmp_path: Path) -> None:
    facts = read_facts(PROGRAM, folder(tmp_path, sales_csv_gz=PACKED))
    assert (facts.taken, facts.rejects, facts.missing) == (2, (), ())


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        (PACKED[:-9], "ended before"),
        (PACKED[:-8] + b"\0" * 8, "CRC"),
        (b"partner,date", "gzipped"),
        (PACKED[:12] + b"\xff" * 10 + PACKED[22:], "decompressing"),
        (b"", "unknown column"),
        (gzip.compress(HEADER.encode() + b"9" * 30_000_000), f"longer than {LONGEST_LINE:,}"),
    ],
    ids=["cut", "sum", "plain", "broken", "empty", "bomb"],
)
def test_a_packed_file_that_is_broken_or_a_bomb_is_refused_by_name(
    packed: bytes, words: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match=r"^sales\.csv.* cannot be read") as caught:
        read_facts(PROGRAM, folder(tmp_path, sales_csv_gz=packed))
    assert words in str(caught.value)


def test_of_a_file_in_another_encoding_the_rows_that_can_be_read_are_kept(tmp_path: Path) -> None:
    latin = PARTNERS + "p2,Café,4,,\np3,Three,5,,\n".encode("latin-1")
    facts = read_facts(PROGRAM, folder(tmp_path, latin))
    assert list(facts.partners) == ["p1", "p3"]
    assert [(one.line, one.reason) for one in facts.rejects] == [
        (
            3,
            'is not UTF-8, and seems to be Windows-1252; accepted: UTF-8, which spreadsheets call "CSV UTF-8"',
        )
    ]
    write_rejects(tmp_path / "rejects.csv", facts.rejects)
    assert "Caf\\udce9" in (tmp_path / "rejects.csv").read_text(encoding="utf-8")


def test_utf_16_and_a_folder_in_the_place_of_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not UTF-8"):
        read_facts(PROGRAM, folder(tmp_path, "partner,name\n".encode("utf-16")))
    (folder(tmp_path) / "sales.csv").mkdir()
    with pytest.raises(InvalidInput, match=r"sales\.csv cannot be read: Is a directory"):
        read_facts(PROGRAM, tmp_path)


FORMULAS = {  # and how they are written; where a tab or a line end separates cells, another begins after it
    "=1+1": "'=1+1",
    "+1": "'+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'\t'=1",
    "\r=1": "'\r'=1",
    "\n=1": "'\n'=1",
    "a;=1": "a;'=1",
    'a;"=1': "a;'\"=1",
    "\uff1d1": "'\uff1d1",
    "\uff0b1": "'\uff0b1",
    "\uff0d1": "'\uff0d1",
    "\uff20a": "'\uff20a",
}


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_the_rejects_can_start_a_formula(cell: str, tmp_path: Path) -> None:
    """What starts one: OWASP, CSV Injection, which names = + - @, tab, line ends, and the wide signs."""
    path = tmp_path / "rejects.csv"
    write_rejects(path, (Reject("sales", 2, cell, cell), Reject("sales", 3, "fine", 'a,"b"')))
    with path.open(encoding="utf-8", newline="") as file:
        first, *rows = csv.reader(file)
    assert first == ["file", "line", "reason", "row"]
    assert rows == [["sales", "2", FORMULAS[cell], FORMULAS[cell]], ["sales", "3", "fine", 'a,"b"']]
