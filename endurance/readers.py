"""Everything in prmcore that reads from outside, as functions of bytes: what `fuzz.py` runs, and the tests replay.

A reader may return, or raise `PrmError`; whatever else it does is a finding. Where any bytes at all would only ever meet the
parser, the bytes say instead how an example is changed, so that what is read is nearly right.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime
import gzip
import io
import json
import os
import shutil
import sqlite3
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from prmcore.cli import main
from prmcore.cli.folder import opened, write_rejects
from prmcore.cli.matching import read_accounts
from prmcore.cli.registering import COLUMNS, _known, _row_of
from prmcore.contracts.agreements.tables import imported_date
from prmcore.contracts.lifecycle.record import AGREEMENTS
from prmcore.deals.opportunities import QuantityBands
from prmcore.deals.registrations.repository import REGISTRATIONS
from prmcore.decisions import FactField, FactSchema, Kind, Ladder, recorded, replayed, rung
from prmcore.decisions.explain import Words
from prmcore.decisions.wire import criterion_from, criterion_to, facts_from, value_from, value_to
from prmcore.errors import InvalidInput
from prmcore.incentives.repository import ENTRIES, PAYOUTS
from prmcore.partners import Partner
from prmcore.partners.repository import PARTNERS
from prmcore.program import Program, from_document, load_program, to_document
from prmcore.program.document.agreements import (
    agreements_from,
    agreements_in_table,
    agreements_to,
    load_agreements,
    load_obligations,
    obligations_from,
)
from prmcore.program.document.shapes import FieldDocument
from prmcore.program.judge import DECISIONS
from prmcore.program.rows import (
    Reject,
    account_rows,
    cell_of,
    exchange_rows,
    partner_rows,
    quota_rows,
    read_rows,
    source_rows,
)
from prmcore.repository import Aggregate
from prmcore.storage import SqliteStore
from prmcore.territory.claims.repository import CONFLICT_CASES
from prmcore.territory.coverage.postcodes import PostcodeRange, postcode_key
from prmcore.territory.coverage.repository import ACCOUNT_ASSIGNMENTS
from prmcore.territory.identity import (
    Account,
    Address,
    IdentityIndex,
    IdentityPolicy,
    KeyKind,
    OtherName,
    Pair,
    phone_key,
    read_domain,
    strong_key,
)
from prmcore.territory.identity.addresses import read_address
from prmcore.territory.identity.names import read_name, reading_key
from prmcore.testing import case_table
from prmcore.tiers import TierFacts
from prmcore.values import (
    DateRange,
    FiscalCalendar,
    Length,
    Money,
    PartnerId,
    PercentagePoints,
    Rate,
    Roll,
    Text,
    checked_id,
    checked_zone,
    geography,
    public_holidays,
)
from prmcore.values.wire import from_plain, to_plain

__all__ = ["READERS", "Reader"]

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
TUTORIAL = EXAMPLES / "tutorial"
AT = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 7, 1)


@attrs.frozen
class Reader:
    """Something that reads from outside, and what it reads when all is well."""

    read: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    seconds: float = 1.0  # for less than 10 kB


READERS: dict[str, Reader] = {}


Read: TypeAlias = Callable[[bytes], object]


def reader(seeds: Callable[[], Iterable[bytes]], seconds: float = 1.0) -> Callable[[Read], Read]:
    """Makes the function below it a reader of its name."""

    def named(read: Read) -> Read:
        READERS[read.__name__.replace("_", "-")] = Reader(read, seeds, seconds)
        return read

    return named


class Draws:
    """Choices made by bytes, one after the other; when they are spent, always the first."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self, below: int) -> int:
        size = 1 if below <= 256 else 2
        taken = self.data[self.at : self.at + size]
        self.at += size
        return int.from_bytes(taken, "big") % below

    def one(self, options: Any) -> Any:
        return options[self.number(len(options))]

    def text(self) -> str:
        """Words of up to 255 bytes; a byte that is no UTF-8 becomes half of a character."""
        length = self.number(256)
        self.at += length
        return self.data[self.at - length : self.at].decode("utf-8", "surrogateescape")

    def rest(self) -> bytes:
        return self.data[self.at :]

    @property
    def spent(self) -> bool:
        return self.at >= len(self.data)


def words(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


# files


@cache
def folder() -> Path:
    """A folder that goes with the process."""
    made = Path(tempfile.mkdtemp(prefix="prmcore-readers-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def file(name: str, data: bytes) -> Path:
    path = folder() / name
    path.write_bytes(data)
    return path


def programs() -> list[Path]:
    found = [one for one in EXAMPLES.rglob("*.toml") if one.stem != "agreements"]
    return [*sorted(found, key=lambda one: one.stat().st_size), ROOT / "tests/program/everything.toml"]


def agreements() -> list[Path]:
    return sorted(EXAMPLES.rglob("agreements.toml"))


def contents(paths: Iterable[Path]) -> Callable[[], Iterator[bytes]]:
    """Files as they are, and what they say as JSON, each behind the byte that says which of the two it is."""

    def seeds() -> Iterator[bytes]:
        for path in paths:
            yield b"\0" + path.read_bytes()
            yield b"\1" + json.dumps(tree_of(path), default=str, ensure_ascii=False).encode()

    return seeds


@reader(contents(programs()))
def program_file(data: bytes) -> object:
    return load_program(file(("p.toml", "p.json")[data[:1] == b"\1"], data[1:]))


@reader(contents(agreements()))
def agreements_file(data: bytes) -> object:
    path = file(("a.toml", "a.json")[data[:1] == b"\1"], data[1:])
    found: list[object] = []
    for load in (lambda: load_agreements(path, read_at=AT), lambda: load_obligations(path)):
        with contextlib.suppress(InvalidInput):
            found.append(load())
    return found


# values, changed here and there


@cache
def tree_of(path: Path) -> Any:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def nested(depth: int, kind: type) -> Any:
    made: Any = 1
    for _ in range(depth):
        made = [made] if kind is list else {"not": made}
    return made


def odd_in_json() -> list[Any]:
    """What a JSON file can hold where nobody expects it."""
    return [
        None, True, False, 0, -1, 1, 13, 2**31, 2**63, -(2**63), 10**30, 10**400, 10**4000, 0.5, -0.0, 1e308, float("nan"),
        float("inf"), "", " ", "0", "-1", "x", "en", "x" * 300, "9" * 300, "9" * 5000, "1e400", "1/0", "0/1", "1/3", "NaN", "\0",
        "\ud800", "é", "e\u0301", "\u202e", "１２", "٣", "株式会社", "0001-01-01", "9999-12-31", "9999-13-01", "2024-02-29",
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00Z", "23:59:60", "1 EUR", "1 XXX", "-1 EUR",
        "9" * 30 + " EUR", "1 JPY", "1.5 JPY", "100 points", "15 %", "-15 %", "150 %", "0 %", "1000000 %", "5 pp", "6 months",
        "0 days", "99999 years", "100000 business days", "5 hours", "JP", "JP-13", "001", "Asia/Tokyo", "../../etc/passwd", "UTC",
        "anchored", "day 31", "5th monday", "a.b", "a[0]", "gold", "partner", [], {}, [None], [[]], [{}], {"": 1}, {"a.b": 1},
        {"fact": "revenue", "at_least": 1}, {"lifetime": True}, {"en": "x", "xx-YY": "y"}, list(range(300)), nested(40, list),
        nested(90, list), nested(40, dict), nested(900, list), nested(900, dict), [1, "1", None, {}], ["a", "a"],
    ]  # fmt: skip


def odd_in_python() -> list[Any]:
    """What TOML, YAML or a caller can hold besides."""
    return [
        *odd_in_json(), datetime.date.min, datetime.date.max, datetime.date(2024, 2, 29), datetime.datetime.min,
        datetime.datetime.max, datetime.datetime.min.replace(tzinfo=datetime.UTC), datetime.datetime.max.replace(tzinfo=datetime.UTC),
        datetime.datetime.min.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=14))), datetime.time.max, Decimal("NaN"),
        Decimal("sNaN"), Decimal("-Infinity"), Decimal("1e999999"), Decimal("1e-999999"), Decimal("0.1"), Fraction(1, 3), b"bytes",
        (1, 2), {1: 2}, {None: None}, {(1, 2): 3}, {"a": 1, 2: 3}, {"a"}, frozenset({"a", 1}), range(3), object(), int, 1j,
    ]  # fmt: skip


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every place of the tree that holds a value: what it is in, and its key there."""
    found: list[tuple[Any, Any]] = []
    open_parts = [tree]
    while open_parts and len(found) < 20_000:
        part = open_parts.pop()
        inside = (
            list(part.items())
            if isinstance(part, dict)
            else list(enumerate(part))
            if isinstance(part, list)
            else []
        )
        found += [(part, key) for key, _ in inside]
        open_parts += [value for _, value in inside]
    return found


def changed(tree: Any, draws: Draws, odd: list[Any]) -> Any:
    """The tree with a few changes, as the bytes have it: values replaced, taken out, doubled, moved, renamed."""
    tree = deepcopy(tree)
    for _ in range(8):
        found = places(tree)
        if draws.spent or not found:
            break
        part, key = draws.one(found)
        change = draws.number(8)
        if change <= 2:
            part[key] = deepcopy_or_same(draws.one(odd))
        elif change == 3:
            del part[key]
        elif change == 4:
            other, name = draws.one(found)
            if name in other if isinstance(other, dict) else name < len(other):
                part[key] = deepcopy_or_same(other[name])
        elif change == 5:
            copied = deepcopy_or_same(part[key])
            if isinstance(part, list):
                part.insert(key, copied)
            else:
                part[draws.one([*part, "x", "", "fact", "kind", "a.b", "\ud800", "text", "version"])] = copied
        elif change == 6 and isinstance(part[key], str):
            text, at = part[key], draws.number(len(part[key]) + 1)
            part[key] = text[:at] + draws.text() + text[at + draws.number(3) :]
        else:
            part[key] = draws.text()
    return tree


def deepcopy_or_same(value: Any) -> Any:
    """A copy; of what is nested too deep for one, the thing itself."""
    try:
        return deepcopy(value)
    except RecursionError:
        return value


SOME_CHANGES = [
    bytes([place, *numbers])
    for place in range(24)
    for numbers in ([], [0, 30], [0, 3, 1, 7], [0, 1, 40, 6, 2, 9, 9, 9])
]


@reader(lambda: SOME_CHANGES)
def program_tree(data: bytes) -> object:
    """What is accepted is written, and read again, and is the same."""
    draws = Draws(data)
    tree = changed(tree_of(draws.one(programs())), draws, odd_in_python())
    program = from_document(tree)
    with contextlib.suppress(InvalidInput):  # says that the file leaves something out, such as a function
        written = to_document(program)
        assert to_document(from_document(written)) == written, "read again it is another program"
    return program


@reader(lambda: SOME_CHANGES)
def agreements_tree(data: bytes) -> object:
    draws = Draws(data)
    tree = changed(tree_of(draws.one(agreements())), draws, odd_in_python())
    with contextlib.suppress(InvalidInput):
        obligations_from(tree)
    found = agreements_from(tree, read_at=None if draws.number(8) == 7 else AT)
    assert agreements_from(agreements_to(found), read_at=AT) == found, "read again they are others"
    return found


# rows


def tables(*paths: str) -> Callable[[], Iterator[bytes]]:
    """Tables, of each its first lines, behind the byte that says which of them it is."""

    def seeds() -> Iterator[bytes]:
        for place, path in enumerate(paths):
            lines = (ROOT / path).read_bytes().splitlines(keepends=True)
            yield bytes([place]) + b"".join(lines[:8])
            yield bytes([place + 100]) + gzip.compress(b"".join(lines[:4]), mtime=0)

    return seeds


@cache
def program_of(path: str) -> Program:
    return load_program(ROOT / path)


def _rows(kind: int, lines: Iterator[str], rejected: Callable[[Reject], None]) -> Iterable[Any]:
    rebate, odd = program_of("examples/rebate/acme-2026.toml"), program_of("tests/program/everything.toml")
    if kind == 0:
        return partner_rows(program_of("examples/tutorial/acme-2026.toml"), lines, rejected)
    if kind == 1:
        return source_rows(program_of("examples/tutorial/acme-2026.toml"), "sales", lines, None, rejected)
    if kind == 2:
        return source_rows(rebate, "invoices", lines, frozenset({"alpha"}), rejected)
    if kind == 3:
        coverage = program_of("examples/tutorial-coverage/acme-2026.toml").coverage
        assert coverage is not None
        return account_rows(coverage, lines, rejected)
    if kind == 4:
        return read_rows("registrations", lines, COLUMNS, _row_of, rejected)
    if kind == 5:
        return read_rows("accounts", lines, ["account"], _known, rejected)
    if kind == 6:
        return quota_rows(odd, lines, None, rejected)
    if kind == 7:
        return exchange_rows(lines, rejected)
    if kind == 8:
        return agreements_in_table(lines, read_at=AT, day_first=True)
    if kind == 9:
        return agreements_in_table(lines, read_at=AT)
    return partner_rows(odd, lines, rejected)


_QUOTAS = b"\x06partner,period,amount,component\nalpha,2026-01,100 EUR,\nbeta,FY2026-Q1,5,x\n"
_RATES = b"\x07day,source,target,rate\n2026-01-01,EUR,USD,1.1\n2026-01-02,EUR,JPY,1/3\n"
_PAPERS = (
    b"id,partner,partner_name,country,vendor,vendor_name,kind,signed_on,start,length,renewal,notice,territory\n"
    b"a-1,p,P,JP,v,V,reseller,2018-02-04,31/12/2018,1 year,automatic,3 months,JP;US\n"
)


@reader(
    lambda: [
        *tables(
            "examples/tutorial/facts/partners.csv", "examples/tutorial/facts/sales.csv", "examples/rebate/facts/invoices.csv",
            "examples/tutorial-coverage/accounts.csv", "examples/adventureworks/conflict/registrations.csv",
            "examples/adventureworks/conflict/accounts.csv",
        )(),
        _QUOTAS, _RATES, b"\x08" + _PAPERS, b"\x09" + _PAPERS,
        b"\x0apartner,name,kinds,countries,parent,time_zone,active_from,ended_on\np,P,reseller;x,JP,,Asia/Tokyo,2026-01-01,\n",
    ]
)  # fmt: skip
def rows(data: bytes) -> object:
    """Rows of every kind, plain or gzipped; what is rejected is written."""
    kind = data[0] if data else 0
    path = file("rows.csv.gz" if kind >= 100 else "rows.csv", data[1:])
    rejects: list[Reject] = []
    with opened(path) as lines:
        found = list(_rows(kind % 100, lines, rejects.append))
    write_rejects(folder() / "rejects.csv", rejects)
    return found


@reader(
    tables("examples/adventureworks/conflict/accounts.csv", "examples/adventureworks/coverage/accounts.csv")
)
def accounts_file(data: bytes) -> object:
    rejects: list[Reject] = []
    path = file("accounts.csv.gz" if data[:1] > b"\x63" else "accounts.csv", data[1:])
    found = read_accounts(path, "JP" if data[:1] == b"\1" else None, rejects.append)
    write_rejects(folder() / "rejects.csv", rejects)
    return found


_CASES = ("examples/tutorial/acme-2026.toml", "examples/programs/odoo-2023-05-19.toml")


@reader(tables("examples/tutorial/cases.csv", "tests/cases/odoo.csv"))
def cases(data: bytes) -> object:
    program = program_of(_CASES[data[:1] == b"\1"])
    return [one.failure() for one in case_table(file("cases.csv", data[1:]), program)[:20]]


# records


@cache
def stored() -> tuple[tuple[type, Any], ...]:
    """Records as the stores hold them, with what they are records of."""
    place = Path(tempfile.mkdtemp(dir=folder()))
    for command in _FILLING:
        ran([one.format(examples=EXAMPLES, out=place) for one in command.split()])
    found: list[tuple[type, Any]] = []
    for path in sorted(place.glob("*.sqlite")):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            listed = connection.execute("SELECT kind, body FROM record ORDER BY kind, length(body) DESC, id")
            kept: dict[str, int] = {}
            for kind, body in listed.fetchall():
                kept[kind] = kept.get(kind, 0) + 1
                if kind in _RECORDS and kept[kind] <= 2:
                    found.append((_RECORDS[kind], json.loads(body)))
    assert {kind for kind, _ in found} == set(_RECORDS.values()), "the commands no longer fill the stores"
    return tuple(found)


_FILLING = (
    "run {examples}/rebate/acme-2026.toml --facts {examples}/rebate/facts --store {out}/run.sqlite --as-of 2026-07-01",
    "payouts {examples}/rebate/acme-2026.toml --store {out}/run.sqlite --on 2026-07-01 --by kim --propose",
    "contracts {examples}/contracts/channel-2026.toml --store {out}/contracts.sqlite --on 2026-07-01 --by mori"
    " --agreements {examples}/contracts/agreements.toml",
    "cover {examples}/tutorial-coverage/acme-2026.toml --accounts {examples}/tutorial-coverage/accounts.csv"
    " --as-of 2026-07-01 --store {out}/cover.sqlite --rejects {out}/r.csv",
    "registrations {examples}/adventureworks/conflict/deals-2020.toml --store {out}/deals.sqlite --on 2020-03-06 --by kim"
    " --rows {examples}/adventureworks/conflict/registrations.csv --partners {examples}/adventureworks/conflict/partners.csv"
    " --accounts {examples}/adventureworks/conflict/accounts.csv --rejects {out}/d.csv",
)
_KINDS: tuple[Aggregate[Any], ...] = (
    PARTNERS, DECISIONS, ENTRIES, PAYOUTS, AGREEMENTS, ACCOUNT_ASSIGNMENTS, REGISTRATIONS, CONFLICT_CASES,
)  # fmt: skip
_RECORDS = {kind.name: kind.record for kind in _KINDS}


@reader(lambda: SOME_CHANGES, seconds=2.0)
def records(data: bytes) -> object:
    """Records as JSON, as a store reads them; what is accepted is written, and read again, and is the same."""
    draws = Draws(data)
    kind, tree = draws.one(stored())
    found: Any = from_plain(changed(tree, draws, odd_in_json()), kind)
    assert from_plain(to_plain(found), kind) == found, "read again it is another record"
    return found


@cache
def decided() -> tuple[Any, Any]:
    policy = program_of("examples/tutorial/acme-2026.toml").tiers
    facts = facts_from(policy.facts, {"revenue": "300000.00 EUR", "certified_people": 5})
    decision = policy.decide(TierFacts(facts), DAY)
    standing = policy.standing_after(decision)
    later = policy.decide(TierFacts(facts, standing), DAY.replace(year=2027))
    return policy, [recorded(decision), recorded(later)]


@reader(lambda: SOME_CHANGES)
def decisions(data: bytes) -> object:
    """A recorded decision, as JSON, replayed."""
    draws = Draws(data)
    policy, held = decided()
    return replayed(changed(draws.one(held), draws, odd_in_json()), [policy])


@cache
def store_file() -> bytes:
    path = folder() / "kept.sqlite"
    store = SqliteStore(path)
    with store.unit_of_work() as work:
        work.repository(PARTNERS).put(Partner(id=PartnerId("p-1"), name="P"))
        work.commit()
    store.close()
    return path.read_bytes()


@reader(lambda: [b"", b"\0\0\1", b"\0\x64\2\3", b"\x40\0\5\6"])
def store(data: bytes) -> object:
    """A damaged store: bytes of a whole one replaced, or bytes that never were a store."""
    draws = Draws(data)
    found = bytearray(store_file())
    while len(data) - draws.at >= 3:
        found[draws.number(len(found))] = draws.number(256)
    path = folder() / "damaged.sqlite"
    for other in folder().glob("damaged.sqlite*"):
        other.unlink()
    path.write_bytes(bytes(found) if len(data) != 100 else data)
    damaged = SqliteStore(path, patience=0.1)
    try:
        with damaged.unit_of_work() as work:
            return [list(work.repository(PARTNERS)), list(work.repository(DECISIONS))]
    finally:
        damaged.close()


# criteria and facts

SCHEMA = FactSchema(
    "facts",
    tuple(FactField(kind.value, kind, currency="EUR" if kind is Kind.MONEY else None) for kind in Kind),
)
_VALUES: dict[str, Any] = {
    "bool": True, "count": 3, "number": "1/3", "money": "5.00 EUR", "rate": "15 %", "date": "2026-03-31", "code": "JP",
    "codes": ["JP", "CN"],
}  # fmt: skip
_CRITERIA: list[Any] = [
    {"all_of": [{"fact": "count", "at_least": 1}, {"not": {"fact": "bool", "is": True}}]},
    {
        "at_least_of": 1,
        "of": [{"fact": "money", "between": ["1 EUR", "2 EUR"]}, {"fact": "code", "one_of": ["JP"]}],
    },
    {"any_of": [{"fact": name, "is": value} for name, value in _VALUES.items()]},
    {"fact": "date", "on_or_after": "2026-01-01"},
    {"fact": "codes", "includes_any": ["JP"]},
    {"fact": "rate", "at_most": "1/3"},
]


@reader(lambda: SOME_CHANGES)
def criteria(data: bytes) -> object:
    """A criterion, and facts that it decides about; what is accepted can be written and read again."""
    draws = Draws(data)
    criterion = criterion_from(changed(draws.one(_CRITERIA), draws, odd_in_python()), SCHEMA)
    assert criterion_from(criterion_to(criterion), SCHEMA) == criterion, "read again it is another criterion"
    facts = facts_from(SCHEMA, changed(_VALUES, draws, odd_in_python()))
    again = {name: value_to(value) for name, value in SCHEMA.values_of(facts).items()}
    assert facts_from(SCHEMA, again) == facts, "read again they are other facts"
    return Ladder("fuzz/1", facts=SCHEMA, otherwise="no", rungs=(rung("yes", criterion),)).decide(facts, DAY)


# words


def _same_again(kind: Any) -> Callable[[str], object]:
    def read(text: str) -> object:
        found = from_plain(text, kind)
        assert from_plain(to_plain(found), kind) == found, f"{found!r} read again is something else"
        return found

    return read


_CALENDAR = FiscalCalendar(start_month=4)
_OF_WORDS: tuple[Callable[[str], object], ...] = (
    *map(_same_again, (Money, Rate, PercentagePoints, Length, Roll, Fraction, Decimal, Text)),
    *map(_same_again, (datetime.date, datetime.datetime, datetime.time)),
    *(lambda text, kind=kind: value_from(kind, text) for kind in Kind),
    *(
        lambda text, field=field: cell_of(field, FieldDocument(kind=field.kind))(text)
        for field in SCHEMA.fields
    ),
    lambda text: Money.of(text, "JPY", rounding="ROUND_HALF_UP"),
    lambda text: Money.of("1", text),
    lambda text: DateRange(*(from_plain(part, datetime.date) for part in text.split(" ")[:2])),
    lambda text: _CALENDAR.named(text),
    lambda text: QuantityBands.parse(dict.fromkeys(text.split(";"), Rate.percent(5))),
    lambda text: imported_date(text),
    lambda text: imported_date(text, "day-first"),
    checked_id,
    checked_zone,
    lambda text: geography().path(text),
    lambda text: geography().contains(text[:3], text[3:]),
    lambda text: public_holidays(text[:2], 2026, 2026, subdivision=text[2:] or None),
    lambda text: Words.of(text).value(Money("EUR", 12345)),
    PostcodeRange.read,
    lambda text: postcode_key(text[:2], text[2:]),
)
_WORDS = (
    "12.50 EUR", "15 %", "20 pp", "6 months", "2nd tuesday", "1/3", "12.5", "text", "2026-03-31", "2026-03-31T09:00:00+00:00",
    "17:30", "true", "12", "7.5", "-12.50 EUR", "1/3", "2026-02-29", "JP", "JP", "no", "+5", "1e3", "12.505", "70 %", "9999-12-31",
    "JP", "JP;CN", "12.5", "JPY", "2026-01-01 2026-12-31", "FY2026-Q4", "100-499;>=5,000", "04/02/2018", "2018年2月4日",
    "p-1", "Asia/Tokyo", "JP-13", "001JP", "JP13", "zh_CN", "JP 100-0000..102-9999", "GBsw1a1aa",
)  # fmt: skip


@reader(lambda: [bytes([place]) + one.encode() for place, one in enumerate(_WORDS)])
def values(data: bytes) -> object:
    """One value from words: money, rates, days, ranges, lengths, periods, places, postcodes, locales."""
    return _OF_WORDS[(data[0] if data else 0) % len(_OF_WORDS)](words(data[1:]))


_OF_NAMES: tuple[Callable[[str], object], ...] = (
    read_name,
    reading_key,
    read_address,
    read_domain,
    lambda text: phone_key(text, "JP"),
    lambda text: phone_key(text[2:], text[:2]),
    *(lambda text, kind=kind: strong_key(kind, text) for kind in KeyKind),
)
_NAMES = (
    "Müller G.m.b.H. & Co. KG", "㈸髙島屋　大阪支店", "群馬県前橋市古市町一丁目５０番地１２　古市ビル２階",
    "120 Pike Street #4, Seattle", "ｻｶﾀﾉﾀﾈ(株)", "Taro@mail.Example.co.jp", "https://münchen.example/x?y", "+81 3-1234-5678 ext. 9",
    "GB020 7946 0958", "7000012050002", "FR40303265045", "5493001KJTIIGC8Y1R12", "91310000MA1FL0AW3T", "カ）サカタノタネ",
)  # fmt: skip


@reader(lambda: [bytes([place]) + one.encode() for place in range(len(_OF_NAMES)) for one in _NAMES])
def names(data: bytes) -> object:
    """One name, address, host, phone or number of a register."""
    return _OF_NAMES[(data[0] if data else 0) % len(_OF_NAMES)](words(data[1:]))


_KNOWN = Account(
    id="1", name="株式会社サカタのタネ", country="JP", domains=("sakataseed.co.jp",), phones=("045-945-8800",),
    addresses=(Address(text="神奈川県横浜市都筑区仲町台2-7-1", postcode="224-0041"),),
)  # fmt: skip


@reader(lambda: ["\n".join(one).encode() for one in zip(_NAMES, _NAMES[1:], _NAMES[2:], strict=False)])
def accounts(data: bytes) -> object:
    """An account of lines, and whether it is one that is known."""
    name, reading, other, address, domain, phone, country, postcode, *_ = words(data).split("\n") + [""] * 8
    account = Account(
        id="2", name=name, reading=reading or None, other_names=tuple(OtherName(name=one) for one in other.split(";") if one),
        country=country or None, addresses=(Address(text=address, postcode=postcode or None),) if address else (),
        domains=tuple(filter(None, domain.split(";"))), phones=tuple(filter(None, phone.split(";"))),
    )  # fmt: skip
    index = IdentityIndex([_KNOWN, account], IdentityPolicy(), DAY)
    return IdentityPolicy().decide(Pair(_KNOWN, account), DAY), index.find(account), index.find(name)


# the command line


def ran(arguments: list[str]) -> int:
    """Its exit code, once it has said what it had to say."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            code = main(arguments)
        except SystemExit as left:
            code = left.code  # type: ignore[assignment]  # what it is is looked at below
    assert code in (0, 1, 2), f"left with {code!r}"
    assert code != 2 or said.getvalue(), "refused without a word"
    return code


@cache
def desk() -> tuple[str, ...]:
    """The words that a command line is made of; files are of a folder of its own, which commands may change."""
    place = Path(tempfile.mkdtemp(dir=folder()))
    for path in ("tutorial", "tutorial-coverage", "tutorial-contracts", "rebate"):
        shutil.copytree(EXAMPLES / path, place / path)
    shutil.copytree(EXAMPLES / "adventureworks/conflict", place / "conflict")
    os.chdir(place)
    for example in ("rebate", "tutorial"):
        ran(
            [
                "run",
                f"{example}/acme-2026.toml",
                "--facts",
                f"{example}/facts",
                "--store",
                "kept.sqlite",
                "--as-of",
                "2026-07-01",
            ]
        )
    shutil.copy("kept.sqlite", "whole")
    return (
        "run", "explain", "statement", "payouts", "cover", "registrations", "contracts", "match", "lint", "simulate", "schema",
        "--facts", "--store", "--report", "--rejects", "--partner", "--data-as-of", "--from", "--until", "--locale", "--day", "--level",
        "--benefit", "--period", "--as-of", "--all", "--on", "--by", "--propose", "--approve", "--release", "--pay", "--hold",
        "--resume", "--void", "--role", "--reason", "--accounts", "--account", "--against", "--rows", "--partners", "--appeal",
        "--award", "--evidence", "--agreements", "--since", "--dates", "--done", "--obligation", "--due", "--measured", "--minimum",
        "--amount", "--count", "--year", "--through", "--notice", "--step", "--party", "--sent", "--received", "--channel",
        "--purpose", "--agreed", "--action", "--term", "--tell", "--explain", "--calendar", "--country", "-h", "-V", "--", "-",
        "tutorial/acme-2026.toml", "tutorial/acme-2027.toml", "tutorial/facts", "tutorial/facts/sales.csv", "rebate/acme-2026.toml",
        "rebate/facts", "tutorial-coverage/acme-2026.toml", "tutorial-coverage/accounts.csv", "tutorial-contracts/program.toml",
        "tutorial-contracts/agreements.toml", "conflict/deals-2020.toml", "conflict/registrations.csv", "conflict/accounts.csv",
        "conflict/partners.csv", "kept.sqlite", "new.sqlite", "out.html", "out.csv", "out.ics", "missing", "", ".", "2026-07-01", "2020-03-06",
        "0001-01-01", "9999-12-31", "2026-W01-1", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "2026-07-01T09:00+09:00",
        "en", "ja", "xx", "de_CH", "p-1", "alpha", "gold", "FY2026-Q1", "2026-04", "kim", "1000 EUR", "-1", "9" * 5000, "US-001", "partner",
        "vendor", "day-first", "stop-renewal", "sign", "R-1", "JP", "jp", "\udcff", "\u202e",
    )  # fmt: skip


def command(*arguments: str) -> bytes:
    known = desk()
    return bytes(known.index(one) for one in arguments)


def _commands() -> list[bytes]:
    on = ("--on", "2026-07-01", "--by", "kim")
    return [
        command("run", "tutorial/acme-2026.toml", "--facts", "tutorial/facts", "--store", "kept.sqlite",
                "--as-of", "2026-07-01"),
        command("explain", "tutorial/acme-2026.toml", "--store", "kept.sqlite", "--partner", "p-1"),
        command("statement", "rebate/acme-2026.toml", "--store", "kept.sqlite", "--partner", "alpha"),
        command("payouts", "rebate/acme-2026.toml", "--store", "kept.sqlite", *on, "--propose"),
        command("cover", "tutorial-coverage/acme-2026.toml", "--accounts", "tutorial-coverage/accounts.csv", "--as-of", "2026-07-01"),
        command("registrations", "conflict/deals-2020.toml", "--store", "kept.sqlite", "--on", "2020-03-06", "--by", "kim",
                "--rows", "conflict/registrations.csv", "--partners", "conflict/partners.csv"),
        command("contracts", "tutorial-contracts/program.toml", "--store", "kept.sqlite", *on,
                "--agreements", "tutorial-contracts/agreements.toml"),
        command("match", "conflict/accounts.csv", "tutorial-coverage/accounts.csv"),
        command("lint", "tutorial/acme-2026.toml", "--locale", "ja"),
        command("simulate", "tutorial/acme-2026.toml", "tutorial/acme-2027.toml", "--facts", "tutorial/facts", "--as-of", "2026-07-01"),
    ]  # fmt: skip


@reader(_commands, seconds=10.0)
def command_line(data: bytes) -> object:
    """Any words after `prmcore`: each byte is a word, and one of them is followed by a word of its own."""
    known, draws = desk(), Draws(data)
    arguments: list[str] = []
    while not draws.spent and len(arguments) < 24:
        place = draws.number(256)
        own = draws.text().translate(_NOT_IN_ARGUMENTS) if place >= len(known) else ""
        arguments.append(own or known[place % len(known)])
    for one in (*Path().glob("*.sqlite*"), *Path().glob("out.*")):
        one.unlink()
    shutil.copy("whole", "kept.sqlite")
    return ran(arguments)


_NOT_IN_ARGUMENTS = {0: None, ord("/"): "_", ord("."): "_"}  # what is made stays in the folder
