"""What can go wrong when prmcore is asked something it cannot answer.

A business "no" is never an error: it is a decision with reasons. An error here means that the caller, a program
file or a row is wrong. Bad input is reported whole: one `InvalidInput` lists every fault with its path.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import attrs

__all__ = ["Fault", "Faults", "InvalidInput", "PrmError", "nearest", "repeated", "unknown_name"]

MOST_SHOWN = 100  # faults in one message; all are on the exception
MOST_FOUND = 300  # faults after which a reading gives up
MOST_COMPARED = 30  # names that a misspelt one is compared with


class PrmError(Exception):
    """Anything that prmcore raises on purpose; each package adds its own below it.

    It crosses processes with its parts, whatever its `__init__` asks for.
    """

    def __str__(self) -> str:
        return _whole(super().__str__())

    def __reduce__(self) -> Any:
        return _remade, (type(self), self.args, self.__dict__)


def _whole(message: str) -> str:
    """The message with halves of characters spelt out, which files and rows may have and nothing can show."""
    return message.encode("utf-8", "backslashreplace").decode()


def _remade(kind: type[PrmError], args: tuple[Any, ...], parts: dict[str, Any]) -> PrmError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(parts)
    return error


@attrs.frozen
class Fault:
    """One thing that is wrong with the input, and where it stands.

    >>> print(Fault("a rate needs a unit: '15 %'", "plans[2].tiers[1].rate", line=12))
    a rate needs a unit: '15 %' @ plans[2].tiers[1].rate (line 12)
    """

    message: str
    path: str = ""  # like tiers.rungs[0].level; "" = the input as a whole
    line: int | None = None  # line of a file, from 1; None = not from a file

    def __str__(self) -> str:
        where = f" @ {self.path}" if self.path else ""
        line = f" (line {self.line})" if self.line is not None else ""
        return f"{self.message}{where}{line}"

    def inside(self, prefix: str) -> Fault:
        """This fault as seen from one level further out."""
        return attrs.evolve(self, path=joined_path(prefix, self.path))


class InvalidInput(PrmError, ValueError):
    """The input cannot be accepted; `faults` holds every reason why, not only the first.

    >>> print(InvalidInput("the program cannot be loaded", [Fault("too low", "a"), Fault("too high", "b[1]")]))
    the program cannot be loaded: 2 faults
      too low @ a
      too high @ b[1]
    """

    def __init__(self, title: str, faults: Iterable[Fault | str] = ()) -> None:
        self.title = title
        self.faults = tuple(Fault(fault) if isinstance(fault, str) else fault for fault in faults)
        super().__init__(title, self.faults)

    def __str__(self) -> str:
        return _whole(self.title if not self.faults else self._listed())

    def _listed(self) -> str:
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        shown = [f"  {fault}" for fault in self.faults[:MOST_SHOWN]]
        more = [f"  ... and {len(self.faults) - MOST_SHOWN} more"] if len(self.faults) > MOST_SHOWN else []
        return "\n".join([f"{self.title}: {count}", *shown, *more])


class Faults:
    """Collects faults while input is read, and raises them all at once.

    >>> faults = Faults("the row cannot be read")
    >>> faults.add("a date is missing", "date")
    >>> faults.raise_if_any()
    Traceback (most recent call last):
    prmcore.errors.InvalidInput: the row cannot be read: 1 fault
      a date is missing @ date
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.found: list[Fault] = []

    def add(self, message: str, path: str = "", line: int | None = None) -> None:
        self.found.append(Fault(message, path, line))
        self._give_up_in_time()

    @contextmanager
    def within(self, prefix: str) -> Iterator[None]:
        """Takes over what a nested reading finds wrong, as faults below `prefix`."""
        try:
            yield
        except InvalidInput as error:
            self.found.extend(fault.inside(prefix) for fault in error.faults or (Fault(error.title),))
            self._give_up_in_time()

    def _give_up_in_time(self) -> None:
        if len(self.found) >= MOST_FOUND:
            self.raise_if_any()

    def raise_if_any(self) -> None:
        if self.found:
            raise InvalidInput(self.title, self.found)


def joined_path(prefix: str, path: str) -> str:
    """One path from an outer and an inner one: `tiers` and `[0].level` make `tiers[0].level`."""
    if not prefix or not path or path.startswith("["):
        return prefix + path
    return f"{prefix}.{path}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that the writer most likely meant; None when nothing is close.

    One that differs in capitals and signs only goes before one that is spelt alike, and that before the only one that has
    the word as a part.

    >>> nearest("jp13", ["JP-13", "JP-43"]), nearest("revenu", ["revenue", "users"]), nearest("to", ["rate", "up_to"])
    ('JP-13', 'revenue', 'up_to')
    """
    names, from_the_end, by_letters = _in_order(_held(known))
    if same := by_letters.get(_letters(word[:60])):
        return same
    if len(names) > MOST_COMPARED:  # comparing is slow
        backwards = [name[::-1] for name in _around(word[:60][::-1], from_the_end)]
        names = list(dict.fromkeys([*_around(word[:60], names), *backwards]))
    matches = difflib.get_close_matches(word[:60], names, n=1, cutoff=0.6)
    if matches:
        return matches[0]
    whole = [name for name in names if word in name.split("_")]
    return whole[0] if len(whole) == 1 else None


def _held(known: Iterable[str]) -> tuple[str, ...] | frozenset[str]:
    """The names as a key of what is kept of them; a frozenset knows its hash, however many they are."""
    return known if isinstance(known, frozenset) else tuple(known)


@lru_cache(maxsize=4)  # where one name is unknown there are often many, and the same ones are known
def _in_order(names: Collection[str]) -> tuple[list[str], list[str], dict[str, str]]:
    """The names in their order, read from the end, and by their letters.

    A word misspelt in one place stands near what it was meant to be in one of the two orders.
    """
    ordered = sorted(names)
    by_letters = {_letters(name): name for name in reversed(ordered)}
    by_letters.pop("", None)
    return ordered, sorted(name[::-1] for name in names), by_letters


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _around(word: str, names: list[str]) -> list[str]:
    place = bisect_left(names, word)
    return names[max(0, place - MOST_COMPARED // 4) : place + MOST_COMPARED // 4]


def repeated(names: Iterable[str]) -> list[str]:
    """The names that stand there more than once.

    >>> repeated(["gold", "silver", "gold"])
    ['gold']
    """
    return sorted(name for name, count in Counter(names).items() if count > 1)


def unknown_name(what: str, word: str, known: Iterable[str]) -> str:
    """The message for a name that does not exist: what was found, what was probably meant, what there is.

    >>> unknown_name("fact", "revenu", ["revenue", "users"])
    "unknown fact 'revenu'; did you mean 'revenue'? There are: revenue, users"
    """
    given = _held(known)
    names, *_ = _in_order(given)
    close = nearest(word, given)
    hint = f"; did you mean {close!r}?" if close else "."
    shown = ", ".join(names[:30]) + (", ..." if len(names) > 30 else "")
    return f"unknown {what} {word[:100]!r}{hint} There are: {shown or 'none'}"
