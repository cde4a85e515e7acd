"""Case tables: worked examples of a program, as experts keep them in a spreadsheet, checked against the program.

A table is a CSV file; lines above its header that start with `#` say where the examples come from. Each row is a case:

    case, day                     its name, and the day that is decided for
    the program's facts           by name, given or counted alike; an empty cell is unknown
    standing.level, ...           where the partner stands (`standing.override.level` and so on); none = it is new
    expect.level, ...             what must come out: level, qualified, action, points, track; an empty cell is not asked
    on                            of a program that judges the best day of a window: the day of this row's facts; the
                                  rows that follow with the same case name give the other days
    note                          for people

No test tool is needed: `for case in case_table(path, program): assert case.failure() is None, case.failure()`.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from prmcore.decisions import Decision, FactSheet, Kind
from prmcore.decisions.explain import explain
from prmcore.decisions.wire import value_from
from prmcore.errors import Fault, Faults, InvalidInput, unknown_name
from prmcore.program import Program, ProgramVersions
from prmcore.program.document.shapes import FieldDocument
from prmcore.program.rows import cell_of
from prmcore.tiers import Standing, TierFacts, TierOutcome
from prmcore.values.wire import from_plain

__all__ = ["Case", "case_table"]

Row: TypeAlias = tuple[int, dict[str, str]]  # its line in the file, and its cells by column
_STANDING, _EXPECT = "standing.", "expect."


@attrs.frozen
class Case:
    """One worked example."""

    table: str
    line: int  # in the table, from 1
    name: str
    program: Program = attrs.field(repr=False)
    day: datetime.date
    facts: TierFacts[Any] = attrs.field(repr=False)
    expected: Mapping[str, Any]

    def failure(self) -> str | None:
        """What came out otherwise than expected, and why; None when the case holds."""
        decision = self.program.tiers.decide(self.facts, self.day)
        found = {name: _EXPECTED[name](self.program, decision) for name in self.expected}
        wrong = [
            f"  {name}: expected {wanted}, found {found[name]}"
            for name, wanted in self.expected.items()
            if found[name] != wanted
        ]
        return "\n".join([f"{self}:", *wrong, str(explain(decision))]) if wrong else None

    def __str__(self) -> str:
        return f"{self.table}:{self.line} {self.name}"


def case_table(path: Path, program: Program | ProgramVersions) -> tuple[Case, ...]:
    """All cases of a table; of several versions, each day is decided by the one in force.

    What cannot be read is refused, all of it at once, with its lines.
    """
    faults = Faults(f"the cases in {path.name} cannot be read")
    cases: list[Case] = []
    for _, rows in groupby(_rows(path), key=lambda row: row[1]["case"]):
        several = list(rows)
        try:
            cases.extend(_cases(path.name, several, program))
        except InvalidInput as error:
            for fault in error.faults or (Fault(error.title),):
                faults.add(fault.message, fault.path, several[0][0])
    faults.raise_if_any()
    if not cases:
        raise InvalidInput(f"{path.name} holds no cases")
    return tuple(cases)


def _rows(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from _read(path.name, lines)
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"the cases in {path.name} cannot be read", [f"is not UTF-8: {error.reason}"]
        ) from None
    except csv.Error as error:
        raise InvalidInput(
            f"the cases in {path.name} cannot be read", [f"its header is not CSV: {error}"]
        ) from None


def _read(table: str, lines: Iterator[str]) -> Iterator[Row]:
    title = f"the cases in {table} cannot be read"
    above, header = 0, ""
    for header in lines:
        if header.strip() and not header.startswith("#"):
            break
        above += 1
    names = [name.strip() for name in next(csv.reader([header]), [])]
    faults = [unknown_name("column", name, names) for name in ("case", "day") if name not in names]
    faults += [f"the column {name!r} stands there twice" for name in set(names) if names.count(name) > 1]
    if faults:
        raise InvalidInput(title, faults)
    reader = csv.reader(lines, strict=True)
    try:
        for cells in reader:
            if cells and not cells[0].startswith("#"):
                if len(cells) != len(names):
                    message = f"found {len(cells)} columns; the header has {len(names)}"
                    raise InvalidInput(title, [Fault(message, line=above + 1 + reader.line_num)])
                stripped = (cell.strip() for cell in cells)
                yield above + 1 + reader.line_num, dict(zip(names, stripped, strict=True))
    except csv.Error as error:
        raise InvalidInput(title, [Fault(f"is not CSV: {error}", line=above + 1 + reader.line_num)]) from None


def _cases(table: str, rows: list[Row], versions: Program | ProgramVersions) -> Iterator[Case]:
    """One case of each row; or one of all of them, where they give the metrics of different days."""
    parts = [rows] if rows[0][1].get("on") else [[row] for row in rows]
    for (line, first), *others in parts:
        day = value_from(Kind.DATE, first["day"])
        program = versions if isinstance(versions, Program) else versions.on(day)
        _check_columns(program, first)
        metrics = _metrics(program, [first, *(row for _, row in others)], day)
        facts = TierFacts(metrics, _standing(first))
        yield Case(table, line, first["case"], program, day, facts, _expected(first))


def _check_columns(program: Program, row: Mapping[str, str]) -> None:
    free = {"case", "day", "on", "note"}
    facts = set(program.facts.names)
    expected = {_EXPECT + name for name in _EXPECTED}
    for name in row:
        if not name.startswith(_STANDING) and name not in free | facts | expected:
            raise InvalidInput(unknown_name("column", name, free | facts | expected | {"standing.level"}))


def _metrics(program: Program, rows: list[dict[str, str]], day: datetime.date) -> Any:
    if program.tiers.best_day_of is None:
        return _sheet(program, rows[0])
    return tuple(
        (value_from(Kind.DATE, row["on"]) if row.get("on") else day, _sheet(program, row)) for row in rows
    )


def _sheet(program: Program, row: Mapping[str, str]) -> FactSheet:
    values = {}
    faults = Faults("the facts cannot be read")
    for field in program.facts.fields:
        known = attrs.evolve(field, currency=field.currency or program.currency)
        with faults.within(field.name):
            values[field.name] = cell_of(known, FieldDocument(kind=field.kind))(row.get(field.name, ""))
    faults.raise_if_any()
    return FactSheet.of(program.facts, values)


def _standing(row: Mapping[str, str]) -> Standing | None:
    """The standing, from columns such as `standing.override.period.end`."""
    written: dict[str, Any] = {}
    for name, cell in row.items():
        if name.startswith(_STANDING) and cell:
            *way, last = name.removeprefix(_STANDING).split(".")
            place = written
            for step in way:
                place = place.setdefault(step, {})
                if not isinstance(place, dict):
                    raise InvalidInput(
                        f"the column {name!r:.80} is of a part, where another column has the whole; accepted: one of them"
                    )
            place[last] = cell
    return from_plain(written, Standing) if written else None


def _expected(row: Mapping[str, str]) -> dict[str, Any]:
    asked = {
        name.removeprefix(_EXPECT): cell for name, cell in row.items() if name.startswith(_EXPECT) and cell
    }
    if not asked:
        raise InvalidInput("the case expects nothing; accepted: expect.level and its like")
    return {name: value_from(Kind.NUMBER, cell) if name == "points" else cell for name, cell in asked.items()}


def _of_best_track(name: str) -> Callable[[Program, Decision[TierOutcome]], Any]:
    """A fact that the scorecard derives."""

    def read(program: Program, decision: Decision[TierOutcome]) -> Any:
        if program.tiers.scorecard is None:
            raise InvalidInput(f"{program.full_name} has no scorecard; it knows no {name}")
        return program.tiers.ladder_decision(decision).facts[name]

    return read


_EXPECTED: dict[str, Callable[[Program, Decision[TierOutcome]], Any]] = {
    "level": lambda program, decision: decision.outcome.level,
    "qualified": lambda program, decision: decision.outcome.qualified,
    "action": lambda program, decision: decision.outcome.action.value,
    "points": _of_best_track("points"),
    "track": _of_best_track("track"),
}
