"""Files of values: TOML or JSON, read within bounds, and every fault with its line.

Any file ends in what is built from it or in one `InvalidInput` that lists every fault with its path and its line. The size, the
nesting and the length of numbers are bounded before a parser sees the text.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import attrs

from prmcore.errors import Fault, Faults, InvalidInput, joined_path, repeated
from prmcore.program.document.lines import MOST_BYTES, lines_of
from prmcore.program.document.saved import not_utf_8

__all__ = ["loaded", "parsed"]

T = TypeVar("T")


def loaded(path: str | Path, build: Callable[[Any], T], title: str) -> T:
    """What is built of a file's values; `.json` is read as JSON, everything else as TOML. `title` says what cannot be read."""
    path = Path(path)
    try:
        text = _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + error.object.count(b"\n", 0, error.start)
        raise InvalidInput(
            f"{path.name} cannot be read", [Fault(not_utf_8(error.object), line=line)]
        ) from None
    except OSError as error:
        raise InvalidInput(f"{path.name} cannot be read", [str(error.strerror or error)]) from None
    try:
        return parsed(text, build, title, is_json=path.suffix.lower() == ".json")
    except InvalidInput as error:
        raise InvalidInput(f"{path.name}: {error.title}", error.faults) from None


def _bytes(path: Path) -> bytes:
    """What a plain file holds; devices and pipes, which may never end, are refused."""
    if path.is_dir():
        raise InvalidInput(f"{path.name} cannot be read", ["is a folder, and not a plain file"])
    if path.exists() and not path.is_file():
        raise InvalidInput(f"{path.name} cannot be read", ["is not a plain file"])
    with path.open("rb") as file:
        found = file.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise InvalidInput(f"{path.name} cannot be read", [f"is larger than {MOST_BYTES:,} bytes"])
    return found


def parsed(text: str, build: Callable[[Any], T], title: str, *, is_json: bool = False) -> T:
    """What is built of a text's values; faults carry their lines."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise InvalidInput(title, [f"is larger than {MOST_BYTES:,} bytes"])
    text = text.replace("\r\n", "\n")
    lines = lines_of(text, is_json=is_json)
    try:
        return build(_json(text) if is_json else _toml(text))
    except InvalidInput as error:
        faults: list[Fault] = sorted(
            (_with_line(fault, lines) for fault in error.faults), key=lambda fault: fault.line or 0
        )
        raise InvalidInput(error.title, faults) from None


def _toml(text: str) -> Any:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise InvalidInput("the file is not TOML", [_with_what_stands_there(str(error), text)]) from None


_PLACE = re.compile(r" \(at line ([0-9]+), column ([0-9]+)\)\Z")


def _with_what_stands_there(message: str, text: str) -> Fault:
    """A fault of the parser with the line that it is about.

    >>> print(_with_what_stands_there("Unclosed array (at line 1, column 9)", "codes = ['JP'"))
    Unclosed array at column 9; found "codes = ['JP'" (line 1)
    """
    place = _PLACE.search(message)
    if place is None:
        return Fault(message[:300])
    line, column = int(place[1]), place[2]
    found = text.split("\n", line)[line - 1].strip()
    accepted = next(
        (f"; accepted: {one}" for start, one in _INSTEAD.items() if message.startswith(start)), ""
    )
    return Fault(
        f"{message[: place.start()][:300]} at column {column}; found {found[:60]!r}{accepted}", line=line
    )


_INSTEAD = {
    "Invalid value": "words in straight quotes, a number, a date, true, false, a [list], a {table}",
    "Cannot declare": "each table once, or in double brackets, [[such]], where there are several",
}


def _json(text: str) -> Any:
    try:
        document = json.loads(
            text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_unique
        )
    except (ValueError, RecursionError, ArithmeticError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput("the file is not JSON", [str(error)[:300]]) from None
    if _HALF.search(text):
        _refuse_halves(document)
    return document


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _refuse_halves(document: Any) -> None:
    """JSON can spell half of a character, which no file or screen can show."""
    faults = Faults("the file is not JSON")
    open_parts = [("", document)]
    while open_parts:
        path, part = open_parts.pop()
        if isinstance(part, dict):
            open_parts += [(joined_path(path, key), inner) for key, inner in part.items()]
            open_parts += [(path, key) for key in part]
        elif isinstance(part, list):
            open_parts += [(f"{path}[{place}]", inner) for place, inner in enumerate(part)]
        elif isinstance(part, str) and any("\ud800" <= sign <= "\udfff" for sign in part):
            faults.add(f"found {part[:60]!a}; accepted: whole characters", path)
    faults.raise_if_any()


def _no_constant(name: str) -> Any:
    raise InvalidInput("the file is not JSON", [f"found {name}; accepted: a finite number"])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = repeated(name for name, _ in pairs)
        raise InvalidInput(
            "the file is not JSON",
            [f"the key {name[:60]!r} stands twice in one object" for name in twice[:100]],
        )
    return found


def _with_line(fault: Fault, lines: Mapping[str, int]) -> Fault:
    """The line of the path, or of the nearest thing around it that has one."""
    path = fault.path
    while path:
        if path in lines:
            return attrs.evolve(fault, line=lines[path])
        cut = max(path.rfind("."), path.rfind("["))
        path = path[: max(cut, 0)]
    return fault
