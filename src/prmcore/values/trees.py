"""Trees: codes below codes. Geography (CLDR and ISO 3166-2) is one; industries, products and a partner's branches are others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

import attrs

from prmcore.errors import Faults, InvalidInput, nearest, unknown_name

__all__ = ["Tree", "geography"]


@attrs.frozen(slots=False, repr=False)
class Tree:
    """Codes, each directly below at most one other; what holds for a code holds for all that lies below it.

    >>> products = Tree("products", {"bikes": None, "road bikes": "bikes", "helmets": None})
    >>> products.contains("bikes", "road bikes"), products.contains("bikes", "helmets")
    (True, False)
    """

    name: str
    parents: Mapping[str, str | None]  # code -> the code above; None = at the top
    groups: Mapping[str, frozenset[str]] = attrs.field(factory=dict)  # sets that cut across, such as the EU
    accepted: str | None = (
        None  # what its codes are, where there are too many to list; None = they are listed
    )

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the tree {self.name!r} cannot be used")
        for code, parent in self.parents.items():
            if parent is not None and parent not in self.parents:
                faults.add(unknown_name("parent", parent, self.parents), code)
        for group, members in self.groups.items():
            if group in self.parents:
                faults.add("is a code of the tree and a group too", group)
            for member in sorted(members - self.parents.keys()):
                faults.add(unknown_name("member", member, self.parents), group)
        for loop in self._loops():
            faults.add(f"stands below itself: {' > '.join(loop)}", loop[0])
        faults.raise_if_any()

    def _loops(self) -> Iterator[list[str]]:
        """Each cycle once, from its smallest code."""
        known_good: set[str] = set()
        for start in self.parents:
            path: dict[str, None] = {}
            code: str | None = start
            while code is not None and code not in known_good and code not in path:
                path[code] = None
                code = self.parents.get(code)
            if code in path:
                loop = list(path)[list(path).index(str(code)) :]
                first = loop.index(min(loop))
                yield [*loop[first:], *loop[:first], loop[first]]
            known_good.update(path)

    def __contains__(self, code: object) -> bool:
        return code in self.parents or code in self.groups

    def path(self, code: str) -> tuple[str, ...]:
        """From the top down to the code itself."""
        self._known(code)
        found: list[str] = []
        above: str | None = code
        while above is not None:
            found.append(above)
            above = self.parents.get(above)
        return tuple(reversed(found))

    def contains(self, outer: str, inner: str) -> bool:
        """Whether `inner` is `outer` or lies below it; a group holds what its members hold, and lies where they all lie."""
        self._known(outer)
        if inner in self.groups and inner != outer:
            return all(self.contains(outer, member) for member in self.groups[inner])
        path = self.path(inner)
        return outer in path or not self.groups.get(outer, frozenset()).isdisjoint(path)

    def children(self, code: str) -> tuple[str, ...]:
        """The codes directly below, in order; of a group, its members."""
        self._known(code)
        return tuple(sorted(self.groups[code])) if code in self.groups else self._children.get(code, ())

    def below(self, code: str) -> Iterator[str]:
        """Everything below the code, each code before those below it; the code itself is not among it."""
        waiting = list(reversed(self.children(code)))
        while waiting:
            found = waiting.pop()
            yield found
            waiting.extend(reversed(self._children.get(found, ())))

    def depth(self, code: str) -> int:
        """How many codes stand above: the deeper, the more specific."""
        return len(self.path(code)) - 1

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for code, parent in self.parents.items():
            if parent is not None:
                found.setdefault(parent, []).append(code)
        return {parent: tuple(sorted(codes)) for parent, codes in found.items()}

    def unknown(self, code: str) -> str:
        """The message for a code that the tree does not have.

        >>> Tree("products", {"bikes": None, "helmets": None}).unknown("bike")
        "unknown code of products 'bike'; did you mean 'bikes'? There are: bikes, helmets"
        >>> geography().unknown("日本")
        "unknown code of geography '日本'; did you mean 'JP'? accepted: a code of CLDR or ISO 3166, such as EU, JP or JP-13"
        """
        if self.accepted is None:
            return unknown_name(f"code of {self.name}", code, self._codes)
        close = _place_called(code) or nearest(code, self._codes)
        hint = f"; did you mean {close!r}?" if close else ";"
        return f"unknown code of {self.name} {code[:100]!r}{hint} accepted: {self.accepted}"

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset((*self.parents, *self.groups))

    def _known(self, code: str) -> None:
        if code not in self:
            raise InvalidInput(self.unknown(str(code)))

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __repr__(self) -> str:
        return f"Tree({self.name!r}: {len(self.parents)} codes)"


@lru_cache(maxsize=1)
def geography() -> Tree:
    """The world by CLDR containment: world, continents, regions, countries (ISO 3166-1), subdivisions (ISO 3166-2).

    The EU, the euro zone, the UN and Latin America are groups, each as it has been since 2026-01-01: groups know no dates.
    To the euro zone of CLDR 47 are added Croatia (from 2023-01-01) and Bulgaria (from 2026-01-01), by the decisions of the
    Council of the EU of 2022-07-12 and 2025-07-08.

    >>> geography().path("JP-13")
    ('001', '142', '030', 'JP', 'JP-13')
    >>> geography().contains("EU", "DE-BY"), geography().contains("EU", "CH")
    (True, False)
    """
    import json
    from importlib import resources

    source = resources.files("prmcore.values").joinpath("cldr", "geography.json").read_text(encoding="utf-8")
    written = json.loads(source)
    parents: dict[str, str | None] = {"001": None}
    for parent, children in written["tree"].items():
        country = parent.partition("-")[0]
        prefix = f"{country}-" if parent.isascii() and country.isalpha() else ""
        parents.update((prefix + child, parent) for child in children.split())
    groups = {group: frozenset(members.split()) for group, members in written["groups"].items()}
    return Tree("geography", parents, groups, "a code of CLDR or ISO 3166, such as EU, JP or JP-13")


def _place_called(name: str) -> str | None:
    """The code of a country or region by its name in English, Japanese or Chinese; None = no such name."""
    return _places().get(name.casefold())


@lru_cache(maxsize=1)
def _places() -> Mapping[str, str]:
    from babel import Locale

    known = geography()
    called = [Locale.parse(locale).territories for locale in ("en", "ja", "zh")]
    return {name.casefold(): code for names in called for code, name in names.items() if code in known}
