"""What the commands print: tables and progress on a terminal (rich), plain text anywhere else."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

__all__ = ["PlainScreen", "Screen", "screen"]

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


class PlainScreen:
    """Text in columns, for pipes and files."""

    def line(self, text: str = "") -> None:
        print(text)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        lines = [list(columns), *map(list, rows)]
        widths = [max(_width(line[place]) for line in lines) for place in range(len(columns))]
        print(f"\n{title}")
        for line in lines:
            cells = (
                _padded(cell, width, left=place == 0)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
            print(("  " + "  ".join(cells)).rstrip())

    def progress(self, found: Iterable[T], total: int, title: str) -> Iterator[T]:
        yield from found


def _width(text: str) -> int:
    """How many columns a text takes: East Asian signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int, *, left: bool) -> str:
    blank = " " * (width - _width(text))
    return text + blank if left else blank + text


def _rich_screen() -> Screen:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress
    from rich.table import Table

    console = Console(highlight=False)

    class RichScreen:
        def line(self, text: str = "") -> None:
            console.print(escape(text))

        def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
            drawn = Table(title=escape(title), title_justify="left", title_style="bold")
            for place, column in enumerate(columns):
                drawn.add_column(escape(column), justify="left" if place == 0 else "right")
            for row in rows:
                drawn.add_row(*map(escape, row))
            console.print(drawn)

        def progress(self, found: Iterable[T], total: int, title: str) -> Iterator[T]:
            with self.bar() as bar:
                yield from bar.track(found, total=total, description=escape(title))

        @contextmanager
        def bar(self) -> Iterator[Progress]:
            with Progress(console=console, transient=True) as bar:
                yield bar

    return RichScreen()
