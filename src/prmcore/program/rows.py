"""Rows from files: good rows become facts, bad ones are reported with their line and reason, none is guessed."""

from __future__ import annotations

import csv
import datetime
import decimal
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import InvalidOperation
from typing import Any, TypeAlias

import attrs

from prmcore.decisions import FactField, Kind
from prmcore.decisions.wire import value_from
from prmcore.errors import InvalidInput, unknown_name
from prmcore.program.documents import FieldDocument
from prmcore.program.model import Program
from prmcore.values import Money, checked_id

__all__ = ["PartnerRow", "Reject", "Rejected", "partner_rows", "source_rows"]

_ROUNDINGS = {
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_up": decimal.ROUND_HALF_UP,
    "down": decimal.ROUND_DOWN,
}
Rejected: TypeAlias = Callable[["Reject"], None]


@attrs.frozen
class Reject:
    """A row that was not taken."""

    file: str
    line: int  # in the file, from 1; the header is line 1
    reason: str
    row: str  # as it stood there


@attrs.frozen
class PartnerRow:
    """A partner as the file of partners has it."""

    id: str
    name: str
    given: Mapping[str, Any]  # the program's given facts


def source_rows(
    program: Program, source: str, lines: Iterable[str], partners: frozenset[str] | None, rejected: Rejected
) -> Iterator[tuple[str, datetime.date, tuple[Any, ...]]]:
    """The rows of one source, from the lines of its CSV file; `partners` are those that exist (None = any)."""
    document = program.sources[source]
    fields = program.registry.source(source).fields.fields
    readers = [
        (document.fields[field.name].column or field.name, _cell(field, document.fields[field.name]))
        for field in fields
    ]
    columns = [document.partner, document.date, *(column for column, _ in readers)]
    for number, row in _records(source, lines, columns, rejected):
        try:
            partner = row[document.partner].strip()
            if partners is not None and partner not in partners:
                raise InvalidInput(f"{document.partner}: there is no partner {partner!r}")
            day = _day(document.date, row[document.date])
            values = tuple(_named(column, read, row[column]) for column, read in readers)
        except InvalidInput as error:
            rejected(Reject(source, number, _reason(error), _shown(row)))
            continue
        yield partner, day, values


def partner_rows(program: Program, lines: Iterable[str], rejected: Rejected) -> Iterator[PartnerRow]:
    """The partners, with the facts that the program is given: columns `partner`, `name`, and one for each fact."""
    readers = [(field.name, _cell(field, FieldDocument(kind=field.kind))) for field in program.given]
    seen: set[str] = set()
    for number, row in _records(
        "partners", lines, ["partner", "name", *(name for name, _ in readers)], rejected
    ):
        try:
            partner = checked_id(row["partner"].strip())
            if partner in seen:
                raise InvalidInput(f"partner: {partner!r} stands here twice")
            given = {name: _named(name, read, row[name]) for name, read in readers}
        except InvalidInput as error:
            rejected(Reject("partners", number, _reason(error), _shown(row)))
            continue
        seen.add(partner)
        yield PartnerRow(partner, row["name"].strip() or partner, given)


def _records(
    file: str, lines: Iterable[str], columns: list[str], rejected: Rejected
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row by column, with its line; rows of another length than the header are rejected."""
    reader = csv.reader(lines, strict=True)
    header = _header(file, reader, columns)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            rejected(Reject(file, reader.line_num, f"not CSV: {error}", ""))
            continue
        if cells is None:
            return
        if len(cells) == len(header):
            yield reader.line_num, dict(zip(header, cells, strict=True))
        elif cells:
            reason = f"found {len(cells)} columns; the header has {len(header)}"
            rejected(Reject(file, reader.line_num, reason, ",".join(cells)[:200]))


def _header(file: str, reader: Iterator[list[str]], columns: list[str]) -> list[str]:
    header = [cell.strip().removeprefix("\ufeff") for cell in next(reader, [])]
    faults = [unknown_name("column", column, header) for column in columns if column not in header]
    faults += [
        f"the column {name!r} stands there twice" for name in sorted(set(header)) if header.count(name) > 1
    ]
    if faults:
        raise InvalidInput(f"{file}.csv cannot be read", faults)
    return header


def _cell(field: FactField, document: FieldDocument) -> Callable[[str], Any]:
    """How a cell of this field is read; an empty one is unknown."""
    read: Callable[[str], Any] = {
        Kind.BOOL: _bool,
        Kind.COUNT: _count,
        Kind.CODES: lambda text: frozenset(part.strip() for part in text.split(";") if part.strip()),
        Kind.MONEY: lambda text: _money(text, str(field.currency), document.rounding),
    }.get(field.kind, lambda text: value_from(field.kind, text))
    return lambda text: read(text.strip()) if text.strip() else None


def _bool(text: str) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.lower() not in known:
        raise InvalidInput(f"found {text!r:.40}; accepted: {', '.join(known)}")
    return known[text.lower()]


def _count(text: str) -> int:
    if len(text) > 18 or not text.removeprefix("-").isdecimal() or not text.isascii():
        raise InvalidInput(f"found {text!r:.40}; accepted: a whole number")
    return int(text)


def _money(text: str, currency: str, rounding: str | None) -> Money:
    """An amount in the column's currency, or one that names it itself."""
    amount, _, named = text.partition(" ")
    if named and named != currency:
        raise InvalidInput(f"found {text!r:.40}; the column is in {currency}")
    if len(amount) > 60:
        raise InvalidInput(f"found {text!r:.40}; accepted: an amount such as 12.50")
    try:
        return Money.of(amount, currency, rounding=_ROUNDINGS[rounding] if rounding else None)
    except InvalidOperation:
        raise InvalidInput(f"found {text!r:.40}; accepted: an amount such as 12.50") from None


def _day(column: str, text: str) -> datetime.date:
    day: datetime.date | None = _named(
        column, lambda one: value_from(Kind.DATE, one.strip()[:40]) if one.strip() else None, text
    )
    if day is None:
        raise InvalidInput(f"{column}: is empty; accepted: a date such as 2026-03-31")
    return day


def _named(column: str, read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except InvalidInput as error:
        raise InvalidInput(f"{column}: {_reason(error)}") from None


def _reason(error: InvalidInput) -> str:
    return "; ".join([error.title, *map(str, error.faults)])


def _shown(row: Mapping[str, str]) -> str:
    return ",".join(row.values())[:200]
