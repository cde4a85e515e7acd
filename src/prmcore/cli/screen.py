"""What the commands print: tables and progress on a terminal (rich), plain text anywhere else."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

__all__ = ["PlainScreen", "Screen", "screen", "visible"]

T = TypeVar("T")


class Screen(Protocol):
    """Where commands print."""

    def line(self, text: str = "") -> None: ...

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None: ...

    def progress(self, found: Iterable[T], total: int, title: str) -> Iterator[T]: ...


def screen() -> Screen:
    """Rich on a terminal where it is installed; plain otherwise."""
    if sys.stdout.isatty():
        try:
            return _rich_screen()
        except ModuleNotFoundError:
            pass
    return PlainScreen()


# what moves the cursor, changes colours, or turns the direction of writing
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """A text without signs that a terminal obeys: names come from files that others write.

    >>> visible("Alpha\x1b[2J")
    'Alpha\ufffd[2J'
    """
    return _HIDDEN.sub("\ufffd", text)


def _cell(text: str) -> str:
    return visible(text).replace("\n", " ").replace("\t", " ")


def _numeric(cells: Iterable[str]) -> bool:
    """Whether a column holds numbers, which stand to the right."""
    return all(cell == "·" or cell.isdecimal() for cell in cells)


class PlainScreen:
    """Text in columns, for pipes and files."""

    def line(self, text: str = "") -> None:
        print(visible(text))

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        lines = [[_cell(cell) for cell in line] for line in (columns, *rows)]
        by_column = list(zip(*lines, strict=True))
        widths = [max(map(_width, cells)) for cells in by_column]
        right = [_numeric(cells[1:]) for cells in by_column]
        print(f"\n{visible(title)}")
        for line in lines:
            print(("  " + "  ".join(map(_padded, line, widths, right))).rstrip())

    def progress(self, found: Iterable[T], total: int, title: str) -> Iterator[T]:
        yield from found


def _width(text: str) -> int:
    """How many columns a text takes: East Asian signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int, right: bool) -> str:
    blank = " " * (width - _width(text))
    return blank + text if right else text + blank


def _rich_screen() -> Screen:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    console = Console(highlight=False, markup=False, emoji=False)

    class RichScreen:
        def line(self, text: str = "") -> None:
            console.print(visible(text), soft_wrap=True)

        def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
            lines = [[_cell(cell) for cell in row] for row in rows]
            drawn = Table(title=visible(title), title_justify="left", title_style="bold")
            for place, column in enumerate(columns):
                right = _numeric(row[place] for row in lines)
                drawn.add_column(_cell(column), justify="right" if right else "left")
            for row in lines:
                drawn.add_row(*row)
            console.print(drawn)

        def progress(self, found: Iterable[T], total: int, title: str) -> Iterator[T]:
            with self.bar() as bar:
                yield from bar.track(found, total=total, description=title)

        @contextmanager
        def bar(self) -> Iterator[Progress]:
            with Progress(console=console, transient=True) as bar:
                yield bar

    return RichScreen()
