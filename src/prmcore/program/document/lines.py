"""Where things stand in a file, and whether it is safe to parse: one linear scan of TOML or JSON.

Parsers recurse and know no bounds; this scan does neither. It refuses what is nested too deep, and gives each path the
line it starts on, so that a fault can be found in the editor.
"""

from __future__ import annotations

import json
import re

import attrs

from prmcore.errors import Fault, InvalidInput

__all__ = ["MOST_BYTES", "lines_of"]

MOST_BYTES = 10_000_000
MOST_VALUES = 200_000
DEEPEST = 64  # brackets inside brackets, or parts of a dotted key
LONGEST_WORD = 400  # characters in a row outside of strings: a key's part, or a number

LONGEST_PATH = 1000  # of those whose lines are kept

_TOKEN = re.compile(
    r"(?P<string>\"\"\"|'''|[\"'])|(?P<comment>\#[^\n]*+)|(?P<newline>\n)|(?P<mark>[\[\]{}=:,])"
    r"|(?P<bare>[^\s\[\]{}=:,\#\"']++)"
)
_REST = {
    '"': re.compile(r'(?:[^"\\\n]++|\\[^\n])*+"?'),
    "'": re.compile(r"[^'\n]*+'?"),
}  # of a string of one line


def lines_of(text: str, *, is_json: bool) -> dict[str, int]:
    """The line, from 1, on which each path starts; refuses a file that would hurt a parser."""
    if sum(map(text.count, ",=[")) > MOST_VALUES:
        raise InvalidInput("the file cannot be read", [f"holds more than {MOST_VALUES} values"])
    scan = _Scan(is_json)
    at = 0
    while token := _TOKEN.search(text, at):
        kind, at = token.lastgroup or "", token.end()
        if kind == "string":
            at = _string_end(text, token.group(), at)
        scan.take(kind, text[token.start() : at])
    return scan.lines


def _string_end(text: str, quote: str, at: int) -> int:
    """Where the string ends whose opening quote ends at `at`; without a closing one, at the end of its line or the text."""
    if len(quote) == 1:
        rest = _REST[quote].match(text, at)
        assert rest is not None
        return rest.end()
    end = text.find(quote, at)
    while end >= 0 and quote == '"""' and (slash := text.find("\\", at, end)) >= 0:
        at = slash + 2  # what follows a backslash ends nothing
        end = end if at <= end else text.find(quote, at)
    if end < 0:
        return len(text)
    more = next((extra for extra in (2, 1) if text.startswith(quote[0] * extra, end + 3)), 0)
    return end + 3 + more  # its last two characters may be quotes


@attrs.define
class _Level:
    """One open bracket."""

    is_list: bool
    path: str
    count: int = 0
    key: str = ""


class _Scan:
    def __init__(self, is_json: bool) -> None:
        self.is_json = is_json
        self.lines: dict[str, int] = {}
        self.line = 1
        self.open: list[_Level] = []
        self.table = ""  # the TOML table that keys belong to
        self.tables: dict[str, int] = {}  # how many of each array of tables
        self.key: list[str] = []  # the key being read, in parts
        self.header: list[str] | None = None  # the [table] being read
        self.at_start = True  # of a TOML line, where keys and headers stand

    def take(self, kind: str, text: str) -> None:
        if kind == "newline":
            self.line += 1
            if not self.open and not self.is_json:
                self.end_of_line()
        elif kind == "string":
            self.starts()
            self.word(_unquoted(text))
            self.line += text.count("\n")
        elif kind == "bare":
            self.starts()
            self.bare(text)
        elif kind == "mark":
            self.mark(text)

    def note(self, path: str, line: int) -> None:
        if len(path) <= LONGEST_PATH:
            self.lines.setdefault(path, line)

    def starts(self) -> None:
        """A value starts here; an entry of a list is found by it."""
        if self.open and self.open[-1].is_list:
            self.note(self.here(), self.line)

    def end_of_line(self) -> None:
        if self.header is not None:
            self.enter_table()
        self.key, self.at_start = [], True

    def bare(self, text: str) -> None:
        for part in text.split("."):
            if len(part) > LONGEST_WORD:
                self.refuse(f"holds a word or number of more than {LONGEST_WORD} characters")
            if part:
                self.word(part)

    def word(self, text: str) -> None:
        if self.header is not None:
            self.header.append(text)
        elif self.open or self.at_start:
            self.key.append(text)
        if len(self.header or self.key) > DEEPEST and (self.header is not None or self.at_start or self.open):
            self.refuse(f"holds a key of more than {DEEPEST} parts")

    def mark(self, text: str) -> None:
        if text in "[{":
            self.opening(text)
        elif text in "]}":
            self.closing()
        elif text == ",":
            self.comma()
        elif (text == "=" and not self.is_json) or (text == ":" and self.is_json):
            self.assign()

    def opening(self, text: str) -> None:
        if not self.is_json and not self.open and self.at_start and text == "[" and not self.key:
            self.header = [] if self.header is None else ["[["]
            return
        self.starts()
        self.open.append(_Level(text == "[", self.here()))
        self.key = []
        if len(self.open) > DEEPEST:
            self.refuse(f"is nested deeper than {DEEPEST} levels")

    def closing(self) -> None:
        if self.open:
            self.open.pop()
        self.key = []

    def comma(self) -> None:
        self.key = []
        if self.open and self.open[-1].is_list:
            self.open[-1].count += 1

    def assign(self) -> None:
        path = self.open[-1].path if self.open else self.table
        for part in self.key:
            if len(part) > LONGEST_WORD:
                self.refuse(f"holds a key of more than {LONGEST_WORD} characters")
            path = _joined(path, part)
            self.note(path, self.line)
        if self.open:
            self.open[-1].key = ".".join(self.key)
        else:
            self.at_start, self.pending = False, path
        self.key = []

    pending: str = ""

    def here(self) -> str:
        """The path of the value that starts now."""
        if not self.open:
            return self.pending
        level = self.open[-1]
        return f"{level.path}[{level.count}]" if level.is_list else _joined(level.path, level.key)

    def enter_table(self) -> None:
        header = self.header or []
        self.header = None
        repeated = header[:1] == ["[["]
        parts = header[1:] if repeated else header
        path = ""
        for number, part in enumerate(parts):
            if len(part) > LONGEST_WORD:
                self.refuse(f"holds a key of more than {LONGEST_WORD} characters")
            path = _joined(path, part)
            last = number == len(parts) - 1
            if repeated and last:
                self.tables[path] = self.tables.get(path, -1) + 1
            if path in self.tables:
                path = f"{path}[{self.tables[path]}]"
            self.note(path, self.line - 1)
        self.table = path

    def refuse(self, message: str) -> None:
        raise InvalidInput("the file cannot be read", [Fault(message, line=self.line)])


def _unquoted(text: str) -> str:
    """The words in a string, as far as it can be a key."""
    quotes = 3 if text[:3] in ('"""', "'''") else 1
    if quotes == 1 and text[0] == '"' and "\\" in text and len(text) <= LONGEST_PATH:
        try:
            return str(json.loads(text))
        except ValueError:
            pass
    return text[quotes:-quotes]


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
