"""The mistakes that everybody makes in the first hour: each is answered by something that one can act on."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).parents[2] / "examples" / "tutorial"
Run = Callable[..., tuple[int, str, str]]
RUN = ("run", "first.toml", "--facts", "data", "--store", "first.sqlite", "--as-of", "2026-09-30")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Run) -> Run:
    """Runs a command in a folder of its own that holds the tutorial's files; gives the code, the output, the errors."""
    shutil.copytree(TUTORIAL, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return typed


def written(path: str, before: str, after: str) -> None:
    """The file with a mistake in it."""
    text = Path(path).read_text(encoding="utf-8")
    assert before in text
    Path(path).write_text(text.replace(before, after), encoding="utf-8")


IN_THE_FILE = [
    ('otherwise = "member"', 'otherwize = "member"', "did you mean 'otherwise'?"),
    ('"8000000 JPY"', "8000000", "found 8000000; accepted: an amount and its currency, such as '12.50 EUR'"),
    ('"8000000 JPY"', '"8000000"', "found '8000000'; accepted: an amount and a currency, such as '12.50 EUR'"),
    ('"2 %"', "0.02", "accepted: a rate with its unit, such as '15 %' or '1/3'"),
    ("start = 2026-01-01, end", 'start = "01/31/2026", end', "found '01/31/2026'; accepted: a date such as '2026-03-31'"),
    ('"JP-22"', '"JP-222"', "unknown code of geography 'JP-222'; did you mean 'JP-22'?"),
    ('territory = "east"', 'territory = "eats"', "unknown territory 'eats'; did you mean 'east'?"),
    ('kind = "automatic"', 'kind = "auto"', "unknown RenewalKind 'auto'; did you mean 'automatic'?"),
    ('"3 months"', '"3 month before"', "accepted: a number and hours, days, business days, weeks, months or years"),
    ('source = "sales", id', 'source = "sale", id', "unknown source 'sale'; did you mean 'sales'?"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), IN_THE_FILE)
def test_a_mistake_in_the_program_is_told_with_its_line(run: Run, right: str, wrong: str, said: str) -> None:
    line = 1 + next(
        place
        for place, one in enumerate(Path("first.toml").read_text(encoding="utf-8").splitlines())
        if right in one
    )
    written("first.toml", right, wrong)
    code, out, err = run("lint", "first.toml")
    assert (code, out) == (2, "")
    (found,) = [one for one in err.splitlines() if said in one]
    assert found.endswith(f"(line {line})")


IN_A_ROW = [
    ("S-02,kaede,2026-01-22", "S-02,keade,2026-01-22", "partner: there is no partner 'keade'"),
    ("2026-01-22", "01/22/2026", "date: found '01/22/2026'; accepted: a date, such as 2026-03-31"),
    ("1800000", "1800000 USD", "amount: found '1800000 USD'; the column is in JPY"),
    ("1800000", "1,800,000", "found 7 columns; the header has 5"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), IN_A_ROW)
def test_a_mistake_in_a_row_is_told_with_its_line_and_the_others_count(
    run: Run, right: str, wrong: str, said: str
) -> None:
    written("data/sales.csv", right, wrong)
    code, out, _ = run(*RUN)
    assert code == 0
    assert "23 rows read" in out
    assert "1 row was not taken; the reason is in first.rejects.csv" in out
    (row,) = Path("first.rejects.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert row.startswith("sales,3,")
    assert said in row


def test_a_file_as_excel_saves_it_in_utf_8_is_read(run: Run) -> None:
    """With a mark at its beginning, and line ends of two signs."""
    sales = Path("data/sales.csv")
    sales.write_bytes(b"\xef\xbb\xbf" + sales.read_bytes().replace(b"\n", b"\r\n"))
    code, out, _ = run(*RUN)
    assert code == 0
    assert "24 rows read" in out
    assert Path("first.rejects.csv").read_text(encoding="utf-8").splitlines() == ["file,line,reason,row"]


def test_partners_in_another_encoding_are_told_by_the_first_line_that_is_not_utf_8(run: Run) -> None:
    """As Excel saves a CSV file on a Japanese computer."""
    partners = Path("data/partners.csv")
    partners.write_bytes(partners.read_text(encoding="utf-8").encode("cp932"))
    code, out, err = run(*RUN)
    assert (code, out) == (2, "")
    assert "partners.csv lists no partner; line 2: is not UTF-8" in err


def test_sales_under_another_name_are_missed_by_the_name_of_the_file(run: Run) -> None:
    Path("data/sales.csv").rename("data/orders.csv")
    code, out, err = run(*RUN)
    assert (code, out) == (2, "")
    assert "there are no rows up to 2026-09-30; there is no file sales.csv" in err


def test_where_every_row_is_refused_the_first_says_why(run: Run) -> None:
    written("data/sales.csv", ",2026-", ",26-")
    code, out, err = run(*RUN)
    assert (code, out) == (2, "")
    assert (
        "there are no rows up to 2026-09-30; sales.csv, line 2: date: found '26-01-15'; accepted: a date"
        in err
    )


def test_a_refund_of_a_sale_that_is_not_there_is_named(run: Run) -> None:
    written("data/sales.csv", ",S-09", ",S-99")
    code, out, _ = run(*RUN)
    assert code == 0
    assert "not counted (no-sale): 1 transactions, the first: S-12" in out


def test_accounts_with_a_region_that_does_not_exist_are_told_where_the_reasons_are(run: Run) -> None:
    written("data/accounts.csv", "JP-01", "Tokyo")
    _, out, _ = run("cover", "first.toml", "--accounts", "data/accounts.csv", "--as-of", "2026-09-30")
    assert "the reasons why rows were not taken are in data/accounts.rejects.csv" in out
    assert "unknown code of geography 'Tokyo'" in Path("data/accounts.rejects.csv").read_text(
        encoding="utf-8"
    )


def test_a_folder_in_the_place_of_a_program_is_called_a_folder(run: Run) -> None:
    code, out, err = run("lint", "data")
    assert (code, out) == (2, "")
    assert "is a folder, and not a plain file" in err


def test_a_contract_without_a_term_is_refused_when_it_is_kept(run: Run) -> None:
    lines = Path("first.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    Path("first.toml").write_text(
        "".join(one for one in lines if 'key = "term"' not in one), encoding="utf-8"
    )
    code, out, err = run("contracts", "first.toml", "--store", "first.sqlite", "--on", "2026-09-01")
    assert (code, out) == (2, "")
    assert (
        "says nothing of a term; accepted: a provision whose clause is of the kind term @ kaede-2026" in err
    )


@pytest.mark.parametrize("locale", ["jp", "Japanese"])
def test_a_locale_that_does_not_exist_is_answered_by_those_that_do(run: Run, locale: str) -> None:
    run(*RUN)
    code, out, err = run(
        "explain", "first.toml", "--store", "first.sqlite", "--partner", "kaede", "--locale", locale
    )
    assert (code, out) == (2, "")
    assert f"found '{locale}'; accepted: a locale such as en, ja, zh_CN" in err
