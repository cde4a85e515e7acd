"""A folder of facts: `partners.csv`, and one file for each source of the program, plain or gzipped.

Names are matched against the files that are there; nothing from a program is ever used as a path.
"""

from __future__ import annotations

import csv
import gzip
import os
import re
import tempfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

import attrs

from prmcore.cli.screen import visible
from prmcore.errors import InvalidInput
from prmcore.incentives import Quota
from prmcore.performance import RowBook
from prmcore.program import Program, ProgramVersions
from prmcore.program.earning import reading_of
from prmcore.program.incentives import Row
from prmcore.program.rows import PartnerRow, Reject, exchange_rows, partner_rows, quota_rows, source_rows
from prmcore.values import QuotedRate

__all__ = [
    "Facts",
    "check_all_writable",
    "opened",
    "read_facts",
    "rejects_beside",
    "replacing",
    "write_csv",
    "write_rejects",
]


LONGEST_LINE = 1_000_000
T = TypeVar("T")


@attrs.frozen
class Facts:
    """All that a folder says."""

    partners: Mapping[str, PartnerRow]
    book: RowBook
    taken: int  # good rows
    rejects: tuple[Reject, ...]
    missing: tuple[str, ...]  # sources without a file; their metrics are unknown
    read: tuple[Path, ...]  # the files
    sales: tuple[Row, ...] = ()  # of the source that incentives read
    quotas: tuple[Quota, ...] = ()  # of quotas.csv
    quotes: tuple[QuotedRate, ...] = ()  # of exchange.csv


def read_facts(program: Program | ProgramVersions, folder: Path) -> Facts:
    """Reads every file that the program, or one of its versions, has a source for."""
    files = _files(folder)
    if "partners" not in files:
        raise InvalidInput(
            f"{folder.name}/partners.csv is not there; it lists the partners: partner, name, ..."
        )
    rejects: list[Reject] = []
    with opened(files["partners"]) as lines:
        partners: dict[str, PartnerRow] = {
            row.id: row for row in partner_rows(program, lines, rejects.append)
        }
    book, taken = program.book(), len(partners)
    known = frozenset(partners)
    sources = sorted(set(program.sources) & set(files))
    sales: tuple[Row, ...] = ()
    of_sales = _source_of_incentives(program)
    for source in sources:
        with opened(files[source]) as lines:
            rows = list(source_rows(program, source, lines, known, rejects.append))
        book.add(source, rows)
        taken += len(rows)
        if source == of_sales:
            sales = tuple(rows)
    missing = tuple(sorted(set(program.sources) - set(files)))
    others = [
        name
        for name in ("quotas", "exchange")
        if of_sales is not None and name in files and name not in sources
    ]
    quotas: tuple[Quota, ...] = ()
    if "quotas" in others:
        payees = known if all(map(_pays_partners, _of(program))) else None
        quotas = _read(files["quotas"], lambda lines, into: quota_rows(program, lines, payees, into), rejects)
    quotes = _read(files["exchange"], exchange_rows, rejects) if "exchange" in others else ()
    read = tuple(files[name] for name in ("partners", *sources, *others))
    return Facts(partners, book, taken, tuple(rejects), missing, read, sales, quotas, quotes)


def _source_of_incentives(program: Program | ProgramVersions) -> str | None:
    reading = reading_of(program)
    return None if reading is None else reading.source


def _of(program: Program | ProgramVersions) -> list[Program]:
    return [program] if isinstance(program, Program) else list(program)


def _pays_partners(program: Program) -> bool:
    """Whether nobody else is paid, such as a distributor, who may not be in the file of partners."""
    plans = program.incentives.plans if program.incentives is not None else ()
    components = [one for plan in plans for one in plan.components]
    return all(one.payee == "partner" and one.split is None for one in components)


def _read(path: Path, rows: Callable[..., Iterator[T]], rejects: list[Reject]) -> tuple[T, ...]:
    with opened(path) as lines:
        return tuple(rows(lines, rejects.append))


def _files(folder: Path) -> dict[str, Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.name.endswith((".csv", ".csv.gz")))
    except OSError as error:
        raise InvalidInput(f"the folder {folder.name!r} cannot be read: {error.strerror}") from None
    return {path.name.split(".csv")[0]: path for path in found}


@contextmanager
def opened(path: Path) -> Iterator[Iterator[str]]:
    """The lines of a file, plain or gzipped."""
    open_text: Callable[..., IO[str]] = gzip.open if path.suffix == ".gz" else open
    try:
        with open_text(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            yield _lines(path, file)
    except OSError as error:
        raise InvalidInput(f"{path.name} cannot be read: {error.strerror or error}") from None
    except (EOFError, zlib.error) as error:
        raise InvalidInput(f"{path.name} cannot be read: {error}") from None


def _lines(path: Path, file: IO[str]) -> Iterator[str]:
    """The lines of a file, each of bounded length, however little room it takes when it is compressed."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise InvalidInput(
                f"{path.name} cannot be read: a line is longer than {LONGEST_LINE:,} characters"
            )
        yield line


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    """The rows that were not taken, as CSV."""
    rows = [(one.file, str(one.line), one.reason, one.row) for one in rejects]
    write_csv(path, ["file", "line", "reason", "row"], rows)


def rejects_beside(path: Path) -> Path:
    """Where the rows go that were not taken, unless it is said: beside this file."""
    if not path.name:
        raise InvalidInput(f"{path} is a folder; accepted: a file")
    return path.with_suffix(".rejects.csv")


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table as CSV; no cell can start a formula in a spreadsheet."""
    with replacing(path) as out:
        writer = csv.writer(out)  # its line end has both signs, so that a cell with either is put in quotes
        writer.writerows([[_harmless(cell) for cell in row] for row in (columns, *rows)])


def _check_writable(path: Path, taken: Collection[Path]) -> None:
    """Refuses a file that is read or written for something else, and one that cannot be made."""
    if path.resolve() in taken:
        raise InvalidInput(f"{path} is named twice, and would be overwritten; accepted: a file of its own")
    if path.is_dir():
        raise InvalidInput(f"{path} is a folder; accepted: a file")
    if path.exists() and not path.is_file():
        raise InvalidInput(f"{path} is a device or a pipe; accepted: a plain file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}") from None


def check_all_writable(paths: Iterable[Path | None], read: Iterable[Path | str | None]) -> None:
    """Refuses, before anything is done, files that are to be written and are read, or named twice; None = not asked for."""
    taken = {Path(path).resolve() for path in read if path is not None}
    for path in paths:
        if path is not None:
            _check_writable(path, taken)
            taken.add(path.resolve())


# Where a cell begins: also after a semicolon, a tab or a line end, by which some spreadsheets separate cells whatever the
# file says. The wide signs too, which they take for the narrow ones where Japanese and Chinese are written.
_STARTS_A_FORMULA = re.compile(
    '\\A(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])|(?<=[;\t\r\n])(?="*[=+\\-@\uff1d\uff0b\uff0d\uff20])'
)


def _harmless(cell: str) -> str:
    cell = "\r".join(map(visible, cell.split("\r")))  # a terminal would obey the other signs that are hidden
    return _STARTS_A_FORMULA.sub("'", cell)


@contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """A file that appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with open(handle, "w", encoding="utf-8", newline="") as out:
            yield out
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
