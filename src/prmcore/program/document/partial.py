"""What can be read of a document that has faults, so that everything else that is wrong is found in the same run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from prmcore.errors import MOST_FOUND, Fault, InvalidInput, joined_path
from prmcore.program.document.shapes import FORMAT, ProgramDocument
from prmcore.values.wire import from_plain

__all__ = ["Partial", "partial"]

MOST_ROUNDS = 12  # a document is not nested deeper
_INSTEAD: Mapping[str, Any] = {  # of what no program can do without, while its faults are gathered
    "format": FORMAT,
    "name": "unnamed",
    "version": "0",
    "tiers.otherwise": "none",
    "tiers.rungs": [],
}


@attrs.frozen
class Partial:
    """A document without its faulty parts."""

    document: ProgramDocument | None  # None = nothing of it can be used
    faults: tuple[Fault, ...]  # why parts were left out; none = it is whole
    lost: frozenset[str]  # names that what was left out may have defined
    _root: Any

    def original(self, fault: Fault) -> Fault:
        """A fault with its path as it is in the whole document, where lists have all their entries."""
        return attrs.evolve(fault, path=_original(self._root, fault.path)) if self.faults else fault


def partial(written: Mapping[str, Any], title: str) -> Partial:
    """Reads a document; what is faulty is left out, with its fault."""
    root, lost = _Table(written), set[str]()
    faults: tuple[Fault, ...] = ()
    for _ in range(MOST_ROUNDS):
        try:
            return Partial(from_plain(root, ProgramDocument, title), faults, frozenset(lost), root)
        except InvalidInput as error:
            if len(error.faults) > MOST_FOUND:
                return Partial(None, faults or error.faults, frozenset(lost), root)
            faults = faults or error.faults
            _leave_out(root, [fault.path for fault in error.faults], lost)
    return Partial(None, faults, frozenset(lost), root)


class _Table(dict[str, Any]):
    """A copy of a table, to leave things out of."""


class _List(list[Any]):
    """A copy of a list, which knows the places that its entries had."""

    def __init__(self, parts: Iterable[Any]) -> None:
        super().__init__(parts)
        self.places = list(range(len(self)))


def _leave_out(root: _Table, paths: list[str], lost: set[str]) -> None:
    for path, (steps, rest) in [(path, _walk(root, path)) for path in paths]:  # all, before places move
        if rest and path in _INSTEAD:
            (root["tiers"] if "." in path else root)[path.rpartition(".")[2]] = _INSTEAD[path]
        elif steps:
            _take_out(*steps[-1], lost)


def _take_out(node: Any, key: Any, lost: set[str]) -> None:
    if isinstance(node, _List):
        if key not in node.places:
            return  # another fault took it out
        at = node.places.index(key)
        node.places.pop(at)
        gone = node.pop(at)
    else:
        lost.add(key)
        gone = node.pop(key, None)
    names = (*gone, *gone.values()) if isinstance(gone, Mapping) else (gone,)
    lost.update(name for name in names if isinstance(name, str))


def _walk(root: Any, path: str) -> tuple[list[tuple[Any, Any]], str]:
    """The containers down to a path, each with the key or first place taken there, and what of the path does not exist.

    On the way tables and lists are replaced by copies.
    """
    steps: list[tuple[Any, Any]] = []
    node = root
    while path:
        key, rest = _step(node, path)
        if key is None:
            break
        steps.append((node, node.places[key] if isinstance(node, _List) else key))
        child = node[key]
        if isinstance(child, Mapping) and not isinstance(child, _Table):
            child = node[key] = _Table(child)
        elif isinstance(child, (list, tuple)) and not isinstance(child, _List):
            child = node[key] = _List(child)
        node, path = child, rest
    return steps, path


_PLACE = re.compile(r"\[([0-9]+)\]\.?")
_MOST_PARTS = 64  # of a key that holds dots itself


def _step(node: Any, path: str) -> tuple[Any, str]:
    """The first key or place of a path, if the node has it, and what remains of the path."""
    if isinstance(node, _List):
        match = _PLACE.match(path)
        return (int(match[1]), path[match.end() :]) if match and int(match[1]) < len(node) else (None, path)
    if isinstance(node, _Table):
        ends = [match.start() for match in re.finditer(r"[.\[]|\Z", path[:10_000])][:_MOST_PARTS]
        for end in ends:
            if path[:end] in node:
                return path[:end], path[end:].removeprefix(".")
    return None, path


def _original(root: Any, path: str) -> str:
    """The path with the places that entries had before others were left out."""
    steps, rest = _walk(root, path)
    shown = ""
    for _, key in steps:
        shown = joined_path(shown, key if isinstance(key, str) else f"[{key}]")
    return joined_path(shown, rest)
