"""What fuzzing found in the readers, each with the input that showed it; and that the fuzzing sees what it looks for."""

import datetime
import json
import sqlite3
import sys
import time
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from prmcore.cli import main
from prmcore.contracts.agreements import agreements_from_rows
from prmcore.decisions import ReplayDiffers, recorded, replayed
from prmcore.decisions.wire import facts_from
from prmcore.errors import InvalidInput, PrmError
from prmcore.partners import Partner
from prmcore.partners.repository import PARTNERS
from prmcore.program import from_document, load_program
from prmcore.program.document.agreements import agreements_in_table
from prmcore.program.judge import DECISIONS
from prmcore.storage import SqliteStore, StoreUnusable
from prmcore.testing import case_table
from prmcore.tiers import Standing, TierFacts
from prmcore.tiers.movement import is_due
from prmcore.values import FiscalCalendar, PartnerId

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "endurance"))

from fuzz import found_in  # noqa: E402 - found by the line above
from readers import READERS  # noqa: E402

TUTORIAL = load_program(ROOT / "examples/tutorial/acme-2026.toml")
AT = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 7, 1)


def faults_in(read: Callable[[], object]) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read()
    return str(refused.value).splitlines()


# tables of agreements

HEADER = "id,partner,kind"


def in_table(*lines: str) -> list[str]:
    return faults_in(lambda: agreements_in_table([f"{line}\n" for line in lines], read_at=AT))


def test_a_row_of_a_table_of_agreements_with_more_cells_than_the_header_is_refused_with_its_line() -> None:
    assert "  found 4 columns; the header has 3 (line 2)" in in_table(HEADER, "a-1,p-1,reseller,JP")


def test_a_column_that_a_table_of_agreements_has_twice_is_refused_and_not_taken_from_its_last_place() -> None:
    assert "  the column 'partner' stands there twice (line 1)" in in_table(
        f"{HEADER},partner", "a-1,p-1,reseller,p-2"
    )


def test_a_cell_of_a_table_of_agreements_that_never_ends_is_refused_with_its_line() -> None:
    found = in_table(HEADER, 'a-1,p-1,"' + "x" * 200_000)
    assert found[1].startswith("  is not CSV: field larger than field limit")
    assert found[1].endswith("(line 2)")


# messages


@pytest.mark.parametrize(
    "read",
    [
        lambda: agreements_from_rows([(2, {"id": "a", "\udcff": "x"})], known_since=AT),
        lambda: from_document({"format": "prmcore/1", "name": "x", "version": "1", "\ud800": 1}),
        lambda: from_document({"format": "prmcore/1", "name": "x", "version": "1", "currency": "\udcff"}),
    ],
    ids=["a column", "a key", "a currency"],
)
def test_what_is_refused_is_said_in_signs_that_every_file_can_hold(read: Callable[[], object]) -> None:
    said = "\n".join(faults_in(read))
    assert "\\udcff" in said or "\\ud800" in said
    said.encode()  # raises where half of a character is left


# program files


def test_a_key_of_a_cell_of_coverage_that_is_no_word_is_refused() -> None:
    document = tomllib.loads(
        (ROOT / "examples/tutorial-coverage/acme-2026.toml").read_text(), parse_float=Decimal
    )
    document["coverage"]["rules"]["row-2"]["where"]["region"] = {1: 2}
    said = "\n".join(faults_in(lambda: from_document(document)))
    assert "unknown key '1'. There are: outside, under, unknown @ coverage.rules.row-2.where.region.1" in said


# case tables


def of_cases(tmp_path: Path, data: bytes) -> list[str]:
    path = tmp_path / "cases.csv"
    path.write_bytes(data)
    return faults_in(lambda: case_table(path, TUTORIAL))


def test_a_case_table_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    assert of_cases(tmp_path, b"case,day\n\x8d,2026-03-31\n")[1] == "  is not UTF-8: invalid start byte"


def test_a_case_table_whose_quote_stays_open_is_refused_with_its_line(tmp_path: Path) -> None:
    assert (
        of_cases(tmp_path, b'case,day\n"a,2026-03-31\n')[1] == "  is not CSV: unexpected end of data (line 2)"
    )


def test_a_case_table_whose_header_never_ends_is_refused(tmp_path: Path) -> None:
    assert of_cases(tmp_path, b"case,day," + b"x" * 200_000)[1].startswith(
        "  its header is not CSV: field larger"
    )


def test_a_case_table_that_gives_a_standing_whole_and_in_parts_is_refused(tmp_path: Path) -> None:
    table = b"case,day,standing.level,standing.level.x,expect.level\na,2026-03-31,gold,1,gold\n"
    assert (
        "the column 'standing.level.x' is of a part, where another column has the whole"
        in of_cases(tmp_path, table)[1]
    )


# records


def record() -> dict[str, Any]:
    """A decision as a store has it: gold, with nothing known of before."""
    facts = facts_from(TUTORIAL.tiers.facts, {"revenue": "300000.00 EUR", "certified_people": 5})
    return json.loads(json.dumps(recorded(TUTORIAL.tiers.decide(TierFacts(facts), DAY))))  # type: ignore[no-any-return]


def replay(**changes: Any) -> list[str]:
    return faults_in(lambda: replayed({**record(), **changes}, [TUTORIAL.tiers]))


def test_a_recorded_decision_that_lacks_its_parts_is_refused_with_all_of_them() -> None:
    wanted = ["as_of", "facts", "mask", "outcome", "policy"]
    assert sorted(faults_in(lambda: replayed({}, [TUTORIAL.tiers]))[1:]) == [
        f"  is missing @ {name}" for name in wanted
    ]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"policy": None}, "found None (NoneType); accepted: words @ policy"),
        ({"as_of": "9999-13-01"}, "found '9999-13-01'; accepted: a date such as '2026-03-31' @ as_of"),
        ({"mask": "5"}, "found '5' (str); accepted: a whole number @ mask"),
        ({"facts": []}, "found [] (list); accepted: a table"),
        ({"facts": {"metrics": {}}}, "is missing @ standing"),
        ({"facts": {"metrics": {}, "standing": None, "data_as_of": 5}}, "found 5; accepted: a date such as '2026-03-31' @ data_as_of"),
        ({"facts": {"metrics": 5, "standing": None}}, "found 5; accepted: a table of facts by name"),
    ],
)  # fmt: skip
def test_a_recorded_decision_with_a_damaged_part_is_refused(changes: dict[str, Any], fault: str) -> None:
    assert fault in "\n".join(replay(**changes))


def test_a_record_that_keeps_more_beside_the_decision_is_replayed() -> None:
    again = replayed({**record(), "kept_by": "crm"}, [TUTORIAL.tiers])
    assert again.outcome.level == "gold"


def test_a_decision_whose_recorded_level_no_file_can_hold_differs_in_words_that_it_can() -> None:
    outcome = {"level": "\ud800", "qualified": "gold", "action": "placed"}
    with pytest.raises(ReplayDiffers) as differs:
        replayed({**record(), "outcome": outcome}, [TUTORIAL.tiers])
    assert "level \\ud800" in str(differs.value)


def test_the_recorded_price_of_a_deal_that_lacks_its_parts_is_refused_with_all_of_them() -> None:
    incentives = load_program(ROOT / "tests/program/everything.toml").incentives
    assert incentives is not None
    said = faults_in(lambda: incentives.prices[0].facts_from({"list_price": 5}))
    assert "  is missing @ quantity" in said
    assert "  is missing @ facts" in said
    assert "  found 5; accepted: an amount and a currency, such as '12.50 EUR' @ list_price" in said


def test_a_partner_that_was_judged_on_the_last_day_of_all_is_due_no_more() -> None:
    last = datetime.date.max
    standing = Standing(level="silver", since=DAY, judged_on=last)
    facts = facts_from(TUTORIAL.tiers.facts, {"revenue": "1.00 EUR", "certified_people": 0})
    assert not is_due(FiscalCalendar(), "quarter", last, last)
    assert TUTORIAL.tiers.decide(TierFacts(facts, standing), DAY).outcome.level == "silver"


# stores


def damaged(tmp_path: Path, statement: str, *bound: object) -> Path:
    path = tmp_path / "kept.sqlite"
    store = SqliteStore(path)
    with store.unit_of_work() as work:
        work.repository(PARTNERS).put(Partner(id=PartnerId("p-1"), name="P"))
        work.commit()
    store.close()
    connection = sqlite3.connect(path)
    connection.execute(statement, bound)
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize(
    "body", ['{"id": "p-1", ', "", b"\xff", "[" * 100_000], ids=["cut", "empty", "bytes", "deep"]
)
def test_a_record_that_is_no_json_is_said_to_be_in_a_damaged_store(tmp_path: Path, body: object) -> None:
    store = SqliteStore(damaged(tmp_path, "UPDATE record SET body = ?", body))
    with (
        pytest.raises(StoreUnusable, match=r"^kept\.sqlite cannot be used as a store: "),
        store.unit_of_work() as work,
    ):
        list(work.repository(PARTNERS))
    store.close()


def test_a_store_whose_names_are_damaged_is_refused_as_one(tmp_path: Path) -> None:
    path = damaged(tmp_path, "SELECT 1")
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE record (", b"CREATE TABLE \x86ecord ("))
    with pytest.raises(StoreUnusable, match=r"^kept\.sqlite cannot be used as a store: "):
        SqliteStore(path)


def test_what_no_store_can_hold_is_refused_where_it_is_asked_for_and_where_it_is_kept(tmp_path: Path) -> None:
    store = SqliteStore(damaged(tmp_path, "SELECT 1"))
    refused = r"accepted: whole characters, such as a store can hold$"
    with pytest.raises(InvalidInput, match=refused), store.unit_of_work() as work:
        list(work.repository(DECISIONS).query(partner="\udccb"))
    with store.unit_of_work() as work:
        work.repository(PARTNERS).put(Partner(id=PartnerId("p-2"), name="\udccb"))
        with pytest.raises(InvalidInput, match=refused):
            work.commit()
    store.close()


def test_a_partner_named_in_bytes_that_are_no_utf_8_is_not_explained_but_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = damaged(tmp_path, "SELECT 1")
    program = ROOT / "examples/tutorial/acme-2026.toml"
    assert main(["explain", str(program), "--store", str(path), "--partner", "\udccb"]) == 2
    assert capsys.readouterr().err.startswith("prmcore: found '\\udccb'; accepted: whole characters")


@pytest.mark.parametrize("command", ["match .", "cover {program} --accounts / --as-of 2026-07-01"])
def test_a_folder_in_the_place_of_a_file_is_refused_before_its_rejects_are_named(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program = ROOT / "examples/tutorial-coverage/acme-2026.toml"
    assert main(command.format(program=program).split()) == 2
    assert capsys.readouterr().err in (
        "prmcore: . is a folder; accepted: a file\n",
        "prmcore: / is a folder; accepted: a file\n",
    )


# the fuzzing itself


@pytest.mark.parametrize("name", READERS)
def test_what_every_reader_is_seeded_with_is_read_or_refused(name: str) -> None:
    reader = READERS[name]
    findings = [found_in(reader.read, seed, seconds=60) for seed in reader.seeds()]
    assert findings == [None] * len(findings)
    assert findings


def refuses(message: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        raise PrmError(message)

    return read


def slowly(data: bytes) -> None:
    end = time.process_time() + 0.05
    while time.process_time() < end:
        pass


@pytest.mark.parametrize(
    ("read", "what"),
    [
        (lambda data: {}[data], "KeyError: b'x'"),
        (lambda data: data.decode("utf-16"), "UnicodeDecodeError: 'utf-16-le' codec can't decode byte 0x78 in position 0: truncated data"),
        (refuses(" "), "an error without a message"),
        (refuses("x" * 300_000), "an error with an endless message"),
        (slowly, "slow: 0.1 s"),
    ],
)  # fmt: skip
def test_whatever_else_a_reader_does_is_a_finding(read: Callable[[bytes], object], what: str) -> None:
    found = found_in(read, b"x", seconds=0.01)
    assert found is not None
    assert (found.what, found.data) == (what, b"x")


def test_what_is_refused_in_words_is_none() -> None:
    assert found_in(refuses("found 5; accepted: 4"), b"x") is None
