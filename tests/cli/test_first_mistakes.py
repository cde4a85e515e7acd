"""The mistakes that everybody makes in the first hour: each is answered by something that one can act on."""

import csv
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
    ('kind = "automatic"', 'kind = "auto"', "unknown renewal kind 'auto'; did you mean 'automatic'?"),
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


ONE_MISTAKE = [  # is one fault, with all that it says
    ('currency = "JPY"', 'currency = "YEN"', "unknown currency 'YEN'; did you mean 'JPY'? accepted: a code of ISO 4217, such as CNY, EUR, GBP, JPY, USD @ currency (line 4)"),
    ('{ up_to = "2000000 JPY" }', "{ up_to = 2000000 }", "found 2000000, which cannot be compared with 5000000 JPY; accepted: an amount and its currency, such as '2000000 JPY' @ incentives.plans.rebate.components[0].bands[0].up_to (line 48)"),
    ('{ up_to = "2000000 JPY" }', '{ to = "2000000 JPY" }', "unknown key 'to'; did you mean 'up_to'? There are: each, flat, pays, rate, up_to @ incentives.plans.rebate.components[0].bands[0].to (line 48)"),
    ("trailing_quarters = 4", "quarters = 4", "unknown key 'quarters'; did you mean 'trailing_quarters'? There are: aligned, complete, lifetime, months_more, rolling_days, rolling_months, trailing_quarters, valid_until, year_to_date @ metrics.turnover.window.quarters (line 21)"),
    ('"JP-13", ', '"Tokyo", ', "unknown code of geography 'Tokyo'; accepted: a code of CLDR or ISO 3166, such as EU, JP or JP-13 @ coverage.rules.east.where.prefecture (line 60)"),
    ('"JP-13", ', '"JP13", ', "unknown code of geography 'JP13'; did you mean 'JP-13'? accepted: a code of CLDR or ISO 3166, such as EU, JP or JP-13 @ coverage.rules.east.where.prefecture (line 60)"),
    ('"JP-13", ', '"日本", ', "unknown code of geography '日本'; did you mean 'JP'? accepted: a code of CLDR or ISO 3166, such as EU, JP or JP-13 @ coverage.rules.east.where.prefecture (line 60)"),
    ('partner = "kaede"', 'partner = "keade"', "unknown party 'keade'; did you mean 'kaede'? There are: hikari, kaede @ agreements[0].partner (line 68)"),
    ('level = "gold"', "level = gold", "Invalid value at column 9; found 'level = gold'; accepted: words in straight quotes, a number, a date, true, false, a [list], a {table} (line 30)"),
    ('[[tiers.rungs]]', '[tiers.rungs]', "Cannot declare ('tiers', 'rungs') twice at column 13; found '[tiers.rungs]'; accepted: each table once, or in double brackets, [[such]], where there are several (line 34)"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), ONE_MISTAKE)
def test_one_mistake_is_one_fault(run: Run, right: str, wrong: str, said: str) -> None:
    written("first.toml", right, wrong)
    code, out, err = run("lint", "first.toml")
    assert (code, out) == (2, "")
    title, *faults = err.splitlines()
    assert title.endswith(": 1 fault")
    assert [f"  {said}"] == faults


def test_a_key_that_reads_like_a_place_in_the_file_is_no_place(run: Run) -> None:
    Path("first.toml").write_text('"x (at line 99, column 1)" = 1\n' * 2, encoding="utf-8")
    code, _, err = run("lint", "first.toml")
    assert code == 2
    assert err.endswith("""found '"x (at line 99, column 1)" = 1' (line 2)\n""")


def test_a_program_in_another_encoding_is_told_by_the_first_line_that_is_not_utf_8(run: Run) -> None:
    Path("first.toml").write_bytes(
        Path("first.toml").read_text(encoding="utf-8").encode("cp932", "backslashreplace")
    )
    assert run("lint", "first.toml") == (
        2, "",
        "prmcore: first.toml cannot be read: 1 fault\n  is not UTF-8, and seems to be Shift_JIS; accepted: UTF-8 (line 5)\n",
    )  # fmt: skip


def test_a_contract_that_nobody_can_stop_is_found_by_lint(run: Run) -> None:
    lines = Path("first.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    Path("first.toml").write_text("".join(one for one in lines if "non-renewal" not in one), encoding="utf-8")
    assert run("lint", "first.toml")[:2] == (
        1,
        "first.toml: endless-renewal: it renews itself, first to December 31, 2027, and then without end: no provision lets "
        "anybody stop it (for example last_day = 2026-12-31, renewed_to = 2027-12-31) @ agreements[0].provisions[1].clause.renewal\n"
        "1 checked, 1 found\n",
    )


@pytest.mark.parametrize(("zone", "found"), [("", 1), ('[contracts]\nzone = "Asia/Tokyo"\n', 0)])
def test_a_contract_without_a_zone_is_read_in_that_of_the_program(run: Run, zone: str, found: int) -> None:
    written("first.toml", 'zone = "Asia/Tokyo", ', "")
    written("first.toml", "[[agreements]]", f"{zone}[[agreements]]")
    _, out, _ = run("lint", "first.toml")
    assert out.count("no-zone") == found
    assert out.endswith(f"1 checked, {found} found\n")


IN_A_ROW = [
    (
        "S-02,kaede,2026-01-22",
        "S-02,keade,2026-01-22",
        "partner: unknown partner 'keade'; did you mean 'kaede'? There are: aoi, kaede, sumire, tsubaki",
    ),
    ("2026-01-22", "01/22/2026", "date: found '01/22/2026'; accepted: a date, such as 2026-03-31"),
    ("1800000", "1800000 USD", "amount: found '1800000 USD'; the column is in JPY"),
    (
        "1800000",
        "1,800,000",
        "found 7 columns; the header has 5; accepted: as many, with double quotes around a cell that holds a comma: ",
    ),
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
    assert (
        "partners.csv lists no partner; line 2: is not UTF-8, and seems to be Shift_JIS; accepted: UTF-8, which "
        'spreadsheets call "CSV UTF-8"\n'
    ) in err


AMOUNTS = [  # in a column of yen
    ('"1,800,000"', "'1,800,000'; did you mean '1800000'?"),
    ('"1.800.000,00"', "'1.800.000,00'; did you mean '1800000.00'?"),
    ('"¥1,800,000"', "'¥1,800,000'; did you mean '1800000'?"),
    ("１８０００００", "'１８０００００'; did you mean '1800000'?"),
    ("1800000円", "'1800000円'; did you mean '1800000'?"),
    ("JPY 1800000", "'JPY 1800000'; did you mean '1800000'?"),
    ("1 800 000", "'1 800 000'; did you mean '1800000'?"),
    ('"1,5"', "'1,5';"),  # a yen and a half, or fifteen: nobody knows
    ("$1800000", "'$1800000';"),  # no yen
    ("(1800000)", "'(1800000)';"),
    ("n/a", "'n/a';"),
]


@pytest.mark.parametrize(("amount", "said"), AMOUNTS)
def test_an_amount_as_people_write_it_is_told_by_its_column_and_what_it_may_mean(
    run: Run, amount: str, said: str
) -> None:
    written("data/sales.csv", "1800000", amount)
    run(*RUN)
    with open("first.rejects.csv", encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["file"], row["line"], row["reason"]) == (
        "sales", "3",
        f"amount: found {said} accepted: the digits 0 to 9, with '-' before what is below zero, such as '1200'",
    )  # fmt: skip


SAVED = [
    ("utf-16", ("", ""), 'is not UTF-8, and seems to be UTF-16; accepted: UTF-8, which spreadsheets call "CSV UTF-8"'),
    ("utf-8", (",", ";"), "its columns are separated by semicolons; accepted: commas, such as 'number,partner,date,amount,refund_of'"),
    ("utf-8", (",", "\t"), "its columns are separated by tabs; accepted: commas, such as 'number,partner,date,amount,refund_of'"),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "separators", "said"), SAVED)
def test_sales_as_a_spreadsheet_saves_them_elsewhere_are_one_fault(
    run: Run, encoding: str, separators: tuple[str, str], said: str
) -> None:
    sales = Path("data/sales.csv")
    sales.write_bytes(sales.read_text(encoding="utf-8").replace(*separators).encode(encoding))
    assert run(*RUN) == (2, "", f"prmcore: sales.csv cannot be read: 1 fault\n  {said}\n")


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
