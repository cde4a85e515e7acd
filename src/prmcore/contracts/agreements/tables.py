"""Agreements from a table, as a spreadsheet or another system has them: a row for each, and nothing half taken.

What a row says goes before what its template says; what neither says is not there.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

from prmcore.contracts.agreements.model import Agreement
from prmcore.contracts.agreements.templates import Template, filled, placeholders_in, shipped_templates
from prmcore.errors import Fault, Faults, InvalidInput, unknown_name
from prmcore.values import checked_instant
from prmcore.values.wire import from_plain

__all__ = ["COLUMNS", "AmbiguousImport", "agreements_from_rows", "imported_date"]

DateOrder: TypeAlias = Literal["day-first", "month-first"]

_PAPER = "master"  # id and class of the one document that a row is
_PLACES = {  # of the columns that are no clause's
    "id": "id",
    "kind": "kind",
    "partner": "partner",
    "partner_name": "parties[0].name",
    "country": "parties[0].country",
    "vendor": "parties[1].id",
    "vendor_name": "parties[1].name",
    "signed_on": "documents[0].signed_on",
    "effective_from": "documents[0].effective_from",
}
_CLAUSES = {  # the key and kind of the clause that a column is of, and the place in it
    "start": ("term", "term", "start"),
    "length": ("term", "term", "length"),
    "last_day": ("term", "term", "last_day"),
    "ends": ("term", "term", "ends"),
    "missing": ("term", "term", "missing"),
    "renewal": ("renewal", "renewal", "kind"),
    "renewal_length": ("renewal", "renewal", "lengths"),
    "renewals": ("renewal", "renewal", "at_most"),
    "notice": ("non-renewal", "notice"),
    "territory": ("territory", "codes"),
    "law": ("law", "law"),
    "zone": ("law", "zone"),
    "counting": ("law", "counting"),
    "calendar": ("law", "calendar"),
}
_DATES = frozenset({"signed_on", "effective_from", "start", "last_day"})
_SEVERAL = frozenset({"renewal_length", "territory", "products"})

COLUMNS = ("template", *_PLACES, *_CLAUSES)
"""The columns that a table may have, beside the placeholders of its templates."""


def agreements_from_rows(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    known_since: datetime.datetime,
    day_first: bool | None = None,
) -> tuple[Agreement, ...]:
    """The agreements of a table, from its rows by column, each with its line in the file.

    A row needs an `id`, a `partner`, and a `kind` or a `template`, whose placeholders are columns too. An empty cell says
    nothing; a row without `signed_on` is a draft. `territory` and `renewal_length` may hold several, with semicolons between
    them. Dates are read by `imported_date`: one such as 04/02/2018 only where `day_first` says what comes first.

    Refused with every fault, its column and its line: a cell that cannot be read, a column that there is not, an id that
    another row has. No agreement is taken then.
    """
    known = checked_instant(known_since, "known_since")
    order: DateOrder | None = None if day_first is None else "day-first" if day_first else "month-first"
    faults, made = Faults("the table of agreements cannot be read"), []
    lines: dict[str, int] = {}
    accepted = {*COLUMNS, *_holes()}
    seen: set[str] = set()
    for line, row in rows:
        for column in sorted(row.keys() - accepted - seen):
            faults.add(unknown_name("column", column, accepted), column, line)
        seen.update(row)
        cells = {column: cell.strip() for column, cell in row.items() if cell.strip()}
        first = lines.setdefault(cells.get("id", f"line {line}"), line)
        if first != line:
            faults.add(
                f"line {first} has {cells['id']!r:.60} already; accepted: one row for each", "id", line
            )
        try:
            made.append(_agreement(cells, order, known))
        except InvalidInput as error:
            for fault in error.faults:
                faults.add(fault.message, fault.path, line)
    faults.raise_if_any()
    return tuple(made)


def _holes() -> frozenset[str]:
    """The placeholders of all templates."""
    return frozenset(name for each in shipped_templates().values() for name in each.placeholders)


def _agreement(cells: Mapping[str, str], order: DateOrder | None, known: datetime.datetime) -> Agreement:
    """The agreement of one row; the faults have columns for their paths."""
    template = shipped_templates().get(cells.get("template", ""))
    faults = Faults("the row cannot be read")
    _check_cells(faults, cells, template)
    values: dict[str, Any] = {}
    for column, cell in cells.items():
        with faults.within(column):
            values[column] = _value(column, cell, order)
    plain, columns_of = _plain(values, template, known)
    wrong = {fault.path for fault in faults.found}  # what follows from a fault is not said again
    if "template" in wrong:
        wrong.add("kind")
    try:
        made = from_plain(plain, Agreement)
    except InvalidInput as error:
        for fault in error.faults:
            place = max((each for each in columns_of if fault.path.startswith(each)), key=len, default="")
            column = columns_of.get(place, "")
            if column not in wrong and Fault(fault.message, column) not in faults.found:
                faults.add(fault.message, column)
    faults.raise_if_any()
    return made


def _check_cells(faults: Faults, cells: Mapping[str, str], template: Template | None) -> None:
    """What is there, and what is missing."""
    for name in ("id", "partner"):
        if name not in cells:
            faults.add("is missing", name)
    asked: Mapping[str, Any] = {}
    if template is not None:
        asked = template.placeholders
        if cells.get("kind", template.kind) != template.kind:
            faults.add(
                f"found {cells['kind']!r:.40}; accepted: {template.kind}, as the template has it", "kind"
            )
    elif "template" in cells:
        faults.add(unknown_name("template", cells["template"], shipped_templates()), "template")
    elif "kind" not in cells:
        faults.add("is missing; accepted: a kind, or a template", "kind")
    for name, what in asked.items():
        if name not in cells:
            faults.add(f"is missing: {what}", name)
    for name in sorted(_holes().intersection(cells) - {*COLUMNS, *asked}):
        faults.add("found something; accepted: nothing, for no template of this row asks for it", name)


def _value(column: str, cell: str, order: DateOrder | None) -> Any:
    """A cell as plain values have it."""
    if column in _DATES:
        return imported_date(cell, order).isoformat()
    if column in _SEVERAL:
        return [part.strip() for part in cell.split(";") if part.strip()]
    if column == "renewals" and re.fullmatch("[0-9]{1,6}", cell, re.ASCII):
        return int(cell)
    return cell


def _plain(
    values: Mapping[str, Any], template: Template | None, known: datetime.datetime
) -> tuple[dict[str, Any], dict[str, str]]:
    """An agreement as plain values, and of each place in it the column that it is from."""
    columns = {place: column for column, place in _PLACES.items()}
    columns["parties"] = "partner"
    for role, place in (("partner", "parties[0].name"), ("vendor", "parties[1].name")):
        if f"{role}_name" not in values:
            columns[place] = role
    partner = values.get("partner", "-")  # who is missing was named
    name = values.get("partner_name", partner)
    parties = [{"role": "partner", "id": partner, "name": name, "country": values.get("country")}]
    if "vendor" in values or "vendor_name" in values:
        vendor = values.get("vendor")
        parties.append({"role": "vendor", "id": vendor, "name": values.get("vendor_name", vendor)})
    document = {
        "id": _PAPER, "document_class": _PAPER, "known_since": known.isoformat(), "signed_on": values.get("signed_on"),
        "effective_from": values.get("effective_from"), "title": None if template is None else str(template.title),
    }  # fmt: skip
    provisions, columns_of = _said(values, template)
    plain = {
        "id": values.get("id"), "kind": values.get("kind") if template is None else template.kind.value,
        "partner": partner, "parties": parties, "documents": [document], "provisions": provisions,
    }  # fmt: skip
    return plain, {**columns, **columns_of}


def _said(
    values: Mapping[str, Any], template: Template | None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The provisions, of the template and over it of the row; and of each place in them the column that it is from."""
    columns: dict[str, str] = {}
    provisions: list[dict[str, Any]] = []
    for one in () if template is None else template.provisions:
        columns.update(placeholders_in(one, f"provisions[{len(provisions)}]"))
        provisions.append({**filled(one, values), "document": _PAPER})
    holes = frozenset(columns.values())
    at = {one["key"]: place for place, one in enumerate(provisions)}
    for column, (key, *_) in _CLAUSES.items():
        if key not in at and column in values:
            at[key] = len(provisions)
            provisions.append({"key": key, "clause": {"kind": key}, "document": _PAPER})
    for column, (key, *places) in _CLAUSES.items():
        if key not in at or column in holes:
            continue
        columns[".".join((f"provisions[{at[key]}].clause", *places))] = column
        if column in values:
            part = provisions[at[key]]["clause"]
            for place in places[:-1]:
                part = part.setdefault(place, {})
            part[places[-1]] = values[column]
    return provisions, columns


class AmbiguousImport(InvalidInput):
    """A written date is one day when its first number is the day, and another when it is the month."""

    def __init__(self, written: str, readings: tuple[datetime.date, ...]) -> None:
        self.written, self.readings = written, readings
        said = " or ".join(map(str, readings))
        super().__init__(
            f"found {written!r}, which is {said}; accepted: a date with its order, day-first or month-first"
        )


_YEAR_FIRST = re.compile(
    r"([0-9]{4})(?:([/.-])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)", re.ASCII
)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", re.ASCII)


def imported_date(written: str, order: DateOrder | None = None) -> datetime.date:
    """A date as other systems write it: "2018-02-04", "2018/2/4", "2018年2月4日", or "04/02/2018" with its order.

    Without an order a date that can be read in two ways is refused with both: `AmbiguousImport`.

    >>> imported_date("31/12/2018"), imported_date("04/02/2018", "day-first")
    (datetime.date(2018, 12, 31), datetime.date(2018, 2, 4))
    """
    readings: list[datetime.date | None] = []
    if found := _YEAR_FIRST.fullmatch(written):
        year, month, day = (int(part) for part in found.groups() if part is not None and part.isdigit())
        readings = [_date(year, month, day)]
    elif found := _YEAR_LAST.fullmatch(written):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        both = {"day-first": _date(year, second, first), "month-first": _date(year, first, second)}
        readings = list(both.values()) if order is None else [both[order]]
    days = sorted({day for day in readings if day is not None})
    if len(days) > 1:
        raise AmbiguousImport(written, tuple(days))
    if not days:
        raise InvalidInput(f"found {written!r:.40}; accepted: a date such as '2018-02-04' or '04/02/2018'")
    return days[0]


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
