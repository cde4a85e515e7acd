"""Whatever a partner, an account or an agreement is called, an export says it, and is changed by it in nothing else.

Each export is read back by a reader that is not ours: csv, html.parser, icalendar, tomllib. With the worst of names it has
to have the same fields, elements and components as with "Alpha".
"""

import ast
import contextlib
import csv
import datetime
import io
import re
import tomllib
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import prmcore
from prmcore.cli.folder import write_csv, write_rejects
from prmcore.cli.screen import PlainScreen
from prmcore.contracts.agreements import Agreement, AgreementKind, Document, Party, Provision, Renews, Runs
from prmcore.contracts.lifecycle import (
    AgreementAction,
    AgreementRecord,
    AgreementStep,
    Due,
    DueKind,
    to_icalendar,
)
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause
from prmcore.errors import InvalidInput
from prmcore.incentives import Entry, EntryKind, Ledger, Line, LineKind
from prmcore.program import Program, from_document, parse_program, to_document
from prmcore.program.document.files import to_toml
from prmcore.program.judge import judged
from prmcore.program.model import ProgramVersions
from prmcore.program.rows import Reject
from prmcore.report import Shown, contracts_page, coverage_page, page
from prmcore.values import Length, Money, Text, checked_id

HARMLESS = "Alpha"
HOSTILE = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "\x00=1",
    'x",=1', "x;=1+1", "x\t=1", "x\n=1+1", "x\r\n@SUM(1)", "';=1", '"', '""', "'", ",", ";,\\:",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='x", "</style><b>", "</title><b>",
    "<!--", "-->", "<![CDATA[", "<?php", "javascript:alert(1)", "&lt;b&gt;", "&amp", "&#60;b",
    "x\r\nATTENDEE:mailto:x@example.com", "x\nEND:VEVENT", "BEGIN:VALARM", "x\\nEND:VCALENDAR", ";VALUE=x:", "\\",
    "a\u2028b", "a\u2029b", "a\x85b", "a\x0bb\x0cc", "\u202egnp.exe", "\u2066a\u2069", "\ufeff=1", "a\x1b[2Jb", "\x7f",
    "株式会社サンプル" * 40, "é" * 300, "𠮷" * 74, "{name}", "{0}", "%s%n", "$HOME", "../../x", " ", "",
]  # fmt: skip
ANY = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=3).map("".join),
)
SIGNS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
)  # OWASP, CSV Injection: what starts a formula


def hostile(test: Any) -> Any:
    """Runs a test with each of the names, and with what Hypothesis makes of them."""
    for name in HOSTILE:
        test = example(name=name)(test)
    slow = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    return settings(max_examples=50, suppress_health_check=slow)(given(name=ANY)(test))


def readable(text: str) -> str:
    """Without blanks, and what is hidden, and the sign that stands where something was hidden."""
    shown = (sign for sign in text if unicodedata.category(sign)[0] not in "CZ" and sign != "\ufffd")
    return "".join(shown)


# CSV

TABLES: dict[str, Callable[[Path, str], None]] = {
    "a table": lambda path, name: write_csv(
        path, ["name", "size", name], [[name, "12.50", f"{name},{name}"], ["1", name, f"{name};{name}"]]
    ),
    "rejects": lambda path, name: write_rejects(
        path, [Reject("sales", 2, f"found {name}", name), Reject("sales", 3, name, f'p-1,{name},"{name}"')]
    ),
}


@pytest.mark.parametrize("table", TABLES)
@hostile
def test_a_table_has_its_rows_and_columns_and_no_cell_is_a_formula(
    tmp_path: Path, table: str, name: str
) -> None:
    """Also where a spreadsheet takes semicolons or tabs for what separates cells, as many do outside America."""
    path = tmp_path / "table.csv"
    TABLES[table](path, HARMLESS)
    harmless = list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
    TABLES[table](path, name)
    text = path.read_bytes().decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [len(row) for row in rows] == [len(row) for row in harmless]
    for row, expected in zip(rows, harmless, strict=True):
        for cell, harmless_cell in zip(row, expected, strict=True):
            said = readable(harmless_cell.replace(HARMLESS, name))
            assert readable(cell).replace("'", "") == said.replace("'", "")
    assert [cell for row in rows for cell in row if cell.startswith(("\t", "\r", *SIGNS))] == []
    for separator in ";\t":
        read = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        assert [cell for row in read for cell in row if cell.lstrip("\t\r\n").startswith(SIGNS)] == []


# HTML


SPOKEN = ("title", "aria-label")  # attributes that are words


class Skeleton(HTMLParser):
    """The elements of a page with their attributes, and apart from them its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.shape: list[object] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.words += [value or "" for name, value in attributes if name in SPOKEN]
        self.shape.append((tag, [each for each in attributes if each[0] not in SPOKEN]))

    def handle_endtag(self, tag: str) -> None:
        self.shape.append(f"/{tag}")

    def handle_data(self, words: str) -> None:
        self.words.append(words)

    def handle_comment(self, data: str) -> None:
        self.shape.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.shape.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.shape.append(("instruction", data))

    def unknown_decl(self, data: str) -> None:
        self.shape.append(("unknown", data))


def as_id(name: str) -> str:
    """The name itself where it can be an id: those that are long, or have hidden signs, are refused where they are born."""
    try:
        return checked_id(name)
    except InvalidInput:
        return HARMLESS


def named(name: str) -> Program:
    """A program in which all that has a name has this one."""
    known, text = as_id(name), {"en": name if name.strip() else "."}
    is_title = known.isprintable() and unicodedata.is_normalized("NFKC", known) and "/" not in known
    title = known if is_title and len(known) <= 60 else HARMLESS
    rates = [{"up_to": "100 EUR", "rate": "1 %"}, {"rate": "2 %"}]
    component = {"name": "volume", "kind": "volume_rebate", "text": text, "bands": rates}
    return from_document(
        {
            "format": "prmcore/1",
            "name": title,
            "version": title,
            "text": text,
            "currency": "EUR",
            "facts": {"users": {"kind": "count", "text": text}},
            "tiers": {
                "otherwise": "base",
                "otherwise_text": text,
                "rungs": [{"level": "gold", "text": text, "requires": [{"fact": "users", "at_least": 10}]}],
            },
            "benefits": {
                "discount": {"kind": "rate", "text": text, "values": {"base": "5 %", "gold": "20 %"}}
            },
            "sources": {
                "sales": {
                    "partner": "partner",
                    "date": "date",
                    "fields": {"net": {"kind": "money"}, "number": {"kind": "code"}},
                }
            },
            "incentives": {
                "books": "quarter",
                "transactions": {"source": "sales", "id": ["number"], "net": "net"},
                "plans": {"rebate": {"text": text, "components": [component]}},
            },
            "coverage": {
                "dimensions": {
                    "segment": {"kind": "codes", "accepted": [known, f"{known} 2"], "text": text},
                    "staff": {"kind": "count", "text": text},
                },
                "territories": {"north": {"text": text}, "south": {"text": text}},
                "rules": {
                    "a": {"territory": "north", "where": {"segment": [known]}},
                    "b": {"territory": "south", "where": {"segment": [known]}},
                },
            },
            "contracts": {},
        }
    )


DAYS = [datetime.date(2026, 3, 31), datetime.date(2026, 6, 30)]
AT = datetime.datetime(2026, 6, 30, tzinfo=datetime.UTC)


def ledger(program: Program, name: str) -> Ledger:
    assert program.incentives is not None
    line = Line(
        what=LineKind.BAND, amount=Fraction(1250), band=0, quantity=Fraction(100), rate=Fraction(25, 2), transaction=name
    )  # fmt: skip
    entry = Entry(
        payee=name, earner=name, component=f"{program.incentives.plans[0].name}/volume", period="FY2026-Q1", number=1,
        kind=EntryKind.EARNED, amount=Money.of("12.50", "EUR"), lines=(line,), attributed="FY2026-Q1", booked="FY2026-Q1",
        effective=DAYS[0], recorded=DAYS[0],
    )  # fmt: skip
    return Ledger([entry])


def tiers_page(name: str) -> str:
    """Of a partner that is close to the next level, and was paid."""
    program = named(name)
    decisions = list(judged(ProgramVersions.of(program), program.book(), {name: {"users": 9}}, DAYS))
    shown = Shown(name, decisions[-1].decision, name)
    return page(program, decisions, shown, "en", {name: name}, ledger(program, name))


def accounts_page(name: str) -> str:
    program = named(name)
    assert program.coverage is not None
    account = program.coverage.account("x" if not name.strip() else name, segment=as_id(name))
    decided = program.coverage.decide(account, DAYS[0])
    return coverage_page(program, [decided], DAYS[0], "en", {account["account"]: name})


def record(name: str) -> AgreementRecord:
    known = as_id(name)
    term = Runs(term=TermClause(start=datetime.date(2025, 10, 1), length=Length.of("1 year")))
    renewal = Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC))
    agreement = Agreement(
        id=known,
        kind=AgreementKind.RESELLER,
        partner="p",
        parties=(Party(role="vendor", id="maker", name=known), Party(role="partner", id="p", name=known)),
        documents=(Document(id=known, document_class=known, known_since=AT, signed_on=DAYS[0], title=known),),
        provisions=tuple(
            Provision(key=one.kind, clause=one, document=known, number=known) for one in (term, renewal)
        ),
    )
    step = AgreementStep(action=AgreementAction.SUSPEND, on=DAYS[0], at=AT, by=known, reason=name)
    return AgreementRecord(agreement=agreement, steps=(step,))


def due(agreement: str, name: str) -> list[Due]:
    told: Any = {"agreement": agreement, "on": DAYS[0], "owner": name, "escalate_to": name}
    what = Text.of(name if name.strip() else ".")
    return [
        Due(kind=DueKind.STOP_SOON, until=DAYS[1], **told),
        Due(kind=DueKind.OBLIGATION_SOON, subject=name, day=DAYS[1], what=what, **told),
    ]


def agreements_page(name: str) -> str:
    return contracts_page(named(name), [record(name)], DAYS[1], AT, due(as_id(name), name))


PAGES = {"tiers": tiers_page, "accounts": accounts_page, "agreements": agreements_page}


@pytest.mark.slow
@pytest.mark.parametrize("kind", PAGES)
@hostile
def test_a_page_has_its_elements_and_the_name_is_words(kind: str, name: str) -> None:
    html = PAGES[kind](name)
    found, harmless = Skeleton(html), Skeleton(PAGES[kind](HARMLESS))
    assert found.shape == harmless.shape
    assert readable(name) in readable("".join(found.words))


# iCalendar


def properties(component: icalendar.Component) -> list[Any]:
    return [component.name, sorted(component), [properties(one) for one in component.subcomponents]]


@hostile
def test_a_calendar_has_its_events_and_the_name_is_in_their_summaries(name: str) -> None:
    def written(name: str) -> bytes:
        return to_icalendar(due(name, name), zone="Asia/Tokyo", stamp=AT)

    file = written(name)
    calendar = icalendar.Calendar.from_ical(file)
    assert properties(calendar) == properties(icalendar.Calendar.from_ical(written(HARMLESS)))
    for event in calendar.walk("VEVENT"):
        assert readable(name) in readable(str(event["SUMMARY"]))
    # a reader may be stricter than that package: RFC 5545, 3.1 has lines of 75 octets, cut between signs, and no controls
    *lines, end = file.split(b"\r\n")
    assert end == b""
    assert max(map(len, lines)) <= 75
    assert not re.search("[\x00-\x08\x0a-\x1f\x7f]", "".join(line.decode() for line in lines))
    assert starts(file) == starts(written(HARMLESS))


def starts(file: bytes) -> list[bytes]:
    """What each line is about, once those that were cut are whole again."""
    return [re.split(b"[:;]", line)[0] for line in file.replace(b"\r\n ", b"").split(b"\r\n")]


# text on a screen, and TOML


@hostile
def test_a_table_on_a_screen_has_a_line_for_each_row_and_nothing_that_a_terminal_obeys(name: str) -> None:
    def printed(name: str) -> str:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            PlainScreen().table(name, ["partner", name], [["p-1", name], [name, "2"]])
        return out.getvalue()

    assert printed(name).count("\n") - name.count("\n") <= printed(HARMLESS).count("\n")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed(name))
    assert readable(name) in readable(printed(name))


@hostile
def test_a_program_file_says_what_the_program_says(name: str) -> None:
    program = named(name)
    assert tomllib.loads(to_toml(program)) == to_document(program)
    assert parse_program(to_toml(program)) == program


# that none is forgotten

EXPORTS: dict[str, object] = {  # the modules that write for others to read, and what tries them
    "cli/folder.py": TABLES,
    "cli/screen.py": PlainScreen,
    "cli/contracting.py": (agreements_page, to_icalendar),  # into files
    "cli/covering.py": accounts_page,
    "cli/commands.py": tiers_page,
    "cli/__init__.py": "an error, in one line that `visible` has gone over",
    "contracts/lifecycle/ical.py": to_icalendar,
    "program/document/files.py": to_toml,
    "report/charts.py": tiers_page,
    "report/contracts.py": agreements_page,
    "report/coverage.py": accounts_page,
    "report/page.py": tiers_page,
    "report/payouts.py": tiers_page,
}
WRITERS = {
    "Calendar", "DictWriter", "dump", "escape", "print", "tomli_w.dumps", "write", "write_bytes", "write_text", "writelines",
    "writer",
}  # fmt: skip


def writers(path: Path) -> set[str]:
    """What a module calls to write for others; `json.dumps` alone is none, since it puts quotes around all names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            found |= {called, called.rpartition(".")[2]}
    return found & WRITERS


def test_every_module_that_writes_for_others_is_tried_here() -> None:
    package = Path(prmcore.__file__).parent
    found = {path.relative_to(package).as_posix() for path in package.rglob("*.py") if writers(path)}
    assert found == set(EXPORTS)
