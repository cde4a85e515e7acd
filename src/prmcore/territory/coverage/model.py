"""The coverage model: which territory covers which accounts, by rules over declared dimensions, as data.

A rule holds for the accounts that lie in its cell of every dimension that it names, among its named accounts if it names
some, on the days on which it is effective. Where several rules hold, the model's ranking says which one wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

import attrs

from prmcore.decisions import FactField, FactSchema, Kind
from prmcore.errors import Faults, InvalidInput, repeated, unknown_name
from prmcore.territory.coverage.axes import Asked, Axis, code_axis, postcode_axis, span_axis, tree_axis
from prmcore.territory.coverage.cells import Among, Cell, NoneOf, Postcodes, Under, Within
from prmcore.values import DateRange, Money, Text, Tree, checked_id

__all__ = [
    "ACCOUNT", "COVERAGE_MOVES", "CodeDimension", "CoverageModel", "CoverageRule", "CoverageState", "Dimension", "Distribution",
    "Member", "PostcodeDimension", "Ranking", "Role", "SpanDimension", "Territory", "TreeDimension",
]  # fmt: skip

ACCOUNT = "account"  # the fact that holds an account's id, and the dimension of named accounts
_ANY_TIME = DateRange()


class Role(StrEnum):
    """What a rule that holds means."""

    PRIMARY = "primary"  # its territory covers the account; one of them wins
    OVERLAY = "overlay"  # its territory covers the account beside the winner, and never competes
    EXCLUSION = (
        "exclusion"  # its territory, or every territory when it names none, does not cover the account
    )
    HOUSE = "house"  # covers what no primary rule does: the vendor's own team, or a catch-all


class Ranking(StrEnum):
    """How rules that hold together are told apart, one step after the other."""

    PRIORITY = "priority"  # the larger number wins
    NAMED = "named"  # a rule that names the account wins
    SPECIFICITY = "specificity"  # a rule wins whose region lies strictly inside the other's
    DIMENSIONS = (
        "dimensions"  # on the first dimension on which they differ, the cell strictly inside the other's wins
    )
    ID = "id"  # the smaller id wins: arbitrary, and said to be


_TOTAL = (Ranking.PRIORITY, Ranking.NAMED)


class CoverageState(StrEnum):
    """Whether a model decides."""

    DRAFT = "draft"  # can be analysed and compared; decides nothing
    ACTIVE = "active"
    SUPERSEDED = "superseded"  # a later version is active; decides what is replayed


COVERAGE_MOVES: Mapping[tuple[CoverageState, str], CoverageState] = {
    (CoverageState.DRAFT, "activate"): CoverageState.ACTIVE,
    (CoverageState.ACTIVE, "supersede"): CoverageState.SUPERSEDED,
}


# dimensions


@attrs.frozen(kw_only=True)
class TreeDimension:
    """Codes below codes: geography, industries, products. A code in a rule includes all that lies below it."""

    name: str
    tree: Tree
    text: Text | None = None
    words: tuple[tuple[str, Text], ...] = ()  # what people call its codes; others are shown as they are

    @property
    def field(self) -> FactField:
        return FactField(self.name, Kind.CODE, self.text, words=self.words)

    def fault_of(self, cell: Cell) -> str | None:
        if not isinstance(cell, Under):
            return _not_fitting(cell, "codes of a tree")
        unlisted = sorted(code for code in cell.codes | cell.outside if code not in self.tree)
        if not unlisted:
            return None
        return self.tree.unknown(unlisted[0])


@attrs.frozen(kw_only=True)
class CodeDimension:
    """Words: a segment, a brand. `accepted` closes the list; without it any word may come."""

    name: str
    accepted: frozenset[str] | None = None
    text: Text | None = None

    @property
    def field(self) -> FactField:
        return FactField(self.name, Kind.CODE, self.text)

    def fault_of(self, cell: Cell) -> str | None:
        if not isinstance(cell, (Among, NoneOf)):
            return _not_fitting(cell, "one of these words, or none of them")
        unlisted = sorted(cell.codes - self.accepted) if self.accepted is not None else []
        return unknown_name(f"word of {self.name}", unlisted[0], self.accepted or ()) if unlisted else None


@attrs.frozen(kw_only=True)
class SpanDimension:
    """Ordered values: employees, revenue, a founding day."""

    name: str
    kind: Kind
    currency: str | None = None  # of money
    text: Text | None = None

    def __attrs_post_init__(self) -> None:
        if not self.kind.is_ordered:
            raise InvalidInput(f"{self.name}: found {self.kind.value}; accepted: an ordered kind of fact")
        if (self.kind is Kind.MONEY) != (self.currency is not None):
            raise InvalidInput(f"{self.name}: a currency is given for money, and only for money")

    @property
    def field(self) -> FactField:
        return FactField(self.name, self.kind, self.text, self.currency)

    def fault_of(self, cell: Cell) -> str | None:
        if not isinstance(cell, Within):
            return _not_fitting(cell, "spans of values")
        for bound in (bound for span in cell.spans for bound in span.bounds.values()):
            fault = self.kind.fault_of(bound)
            if fault:
                return fault
            if isinstance(bound, Money) and bound.currency != self.currency:
                return f"found {bound}; the dimension is counted in {self.currency}"
        return None


@attrs.frozen(kw_only=True)
class PostcodeDimension:
    """Postcodes, each in the country of the account's place in another dimension, a tree with ISO 3166 country codes."""

    name: str
    of: str = "geography"  # the dimension that says the country
    text: Text | None = None

    @property
    def field(self) -> FactField:
        return FactField(self.name, Kind.CODE, self.text)

    def fault_of(self, cell: Cell) -> str | None:
        return None if isinstance(cell, Postcodes) else _not_fitting(cell, "ranges of postcodes")


Dimension: TypeAlias = TreeDimension | CodeDimension | SpanDimension | PostcodeDimension


def _not_fitting(cell: Cell, accepted: str) -> str:
    return f"found a cell of {type(cell).__name__}; accepted: {accepted}"


# territories


class Distribution(StrEnum):
    """How a territory with several members hands out an account."""

    ROUND_ROBIN = "round-robin"  # by turns, as often as each one's weight
    CAPACITY = "capacity"  # to who has most room left
    SCORE = "score"  # to who scores highest


@attrs.frozen(kw_only=True)
class Member:
    """A partner, or a person, that accounts of a territory go to."""

    id: str
    weight: int = 1  # turns in each round
    capacity: int | None = None  # accounts at a time; None = any number

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the member {self.id!r:.60} cannot be used")
        with faults.within("id"):
            checked_id(self.id)
        if type(self.weight) is not int or not 1 <= self.weight <= 1000:
            faults.add(f"found {self.weight!r:.40}; accepted: 1 to 1000", "weight")
        if self.capacity is not None and (type(self.capacity) is not int or self.capacity < 0):
            faults.add(f"found {self.capacity!r:.40}; accepted: a whole number from 0 on", "capacity")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Territory:
    """Who covers accounts together. Without members, its name is the answer."""

    name: str
    members: tuple[Member, ...] = ()
    distribution: Distribution = Distribution.ROUND_ROBIN
    fallback: str | None = None  # the territory that takes what no member here can take
    text: Text | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the territory {self.name!r:.60} cannot be used")
        with faults.within("name"):
            checked_id(self.name)
        for member in repeated(one.id for one in self.members):
            faults.add(f"{member!r} stands here twice", "members")
        faults.raise_if_any()


# rules


@attrs.frozen(kw_only=True)
class CoverageRule:
    """Which accounts a territory covers, or does not."""

    id: str
    territory: str | None = None  # None: of an exclusion, every territory
    role: Role = Role.PRIMARY
    cells: Mapping[str, Cell] = attrs.field(
        factory=dict, hash=False
    )  # by dimension; one that is not here may be anything
    accounts: frozenset[str] | None = None  # ids of named accounts; None = any account
    priority: int = 0  # the larger wins
    effective: DateRange = _ANY_TIME
    text: Text | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the rule {self.id!r:.60} cannot be used")
        with faults.within("id"):
            checked_id(self.id)
        if self.territory is None and self.role is not Role.EXCLUSION:
            faults.add("is missing; only an exclusion may leave it out", "territory")
        if self.accounts is not None and not self.accounts:
            faults.add("names none; leave it out for any account", "accounts")
        if type(self.priority) is not int:
            faults.add(f"found {self.priority!r:.40}; accepted: a whole number", "priority")
        faults.raise_if_any()


# the model


@attrs.frozen(slots=False, kw_only=True, repr=False)
class CoverageModel:
    """One version of who covers what."""

    name: str  # like a document's, with its version: "coverage/2026"
    dimensions: tuple[Dimension, ...]
    territories: tuple[Territory, ...]
    rules: tuple[CoverageRule, ...]
    ranking: tuple[Ranking, ...] = (Ranking.PRIORITY, Ranking.NAMED, Ranking.SPECIFICITY)
    order: tuple[
        str, ...
    ] = ()  # the dimensions that SPECIFICITY and DIMENSIONS compare, most important first; () = all
    state: CoverageState = CoverageState.ACTIVE

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the coverage model {self.name!r:.60} cannot be used")
        self._check_names(faults)
        self._check_ranking(faults)
        self._check_territories(faults)
        known = {one.name: one for one in self.dimensions}
        territories = {one.name for one in self.territories}
        for rule in self.rules:
            path = f"rules.{rule.id}"
            if rule.territory is not None and rule.territory not in territories:
                faults.add(unknown_name("territory", rule.territory, territories), f"{path}.territory")
            for name, cell in rule.cells.items():
                if name not in known:
                    fault: str | None = unknown_name("dimension", name, known)
                else:
                    fault = known[name].fault_of(cell) or self._fault_of_countries(known[name], cell)
                if fault:
                    faults.add(fault, f"{path}.where.{name}")
        faults.raise_if_any()

    def _fault_of_countries(self, dimension: Dimension, cell: Cell) -> str | None:
        """No account lies in a country outside the tree: what is asked of its postcodes could never hold."""
        if not isinstance(dimension, PostcodeDimension) or not isinstance(cell, Postcodes):
            return None
        places = self.dimension_or_none(dimension.of)
        if not isinstance(places, TreeDimension):
            return None
        unlisted = sorted({one.country for one in cell.ranges} - places.tree.parents.keys())
        if not unlisted:
            return None
        countries = (code for code in places.tree.parents if len(code) == 2 and code.isalpha())
        return unknown_name(f"country of {places.tree.name}", unlisted[0], countries)

    def _check_names(self, faults: Faults) -> None:
        for name in repeated([ACCOUNT, *(one.name for one in self.dimensions)]):
            faults.add(
                "is the dimension of named accounts" if name == ACCOUNT else "is given twice",
                f"dimensions.{name}",
            )
        for name in repeated(one.name for one in self.territories):
            faults.add("is given twice", f"territories.{name}")
        for name in repeated(one.id for one in self.rules):
            faults.add("is given twice", f"rules.{name}")
        trees = {one.name for one in self.dimensions if isinstance(one, TreeDimension)}
        for one in self.dimensions:
            if isinstance(one, PostcodeDimension) and one.of not in trees:
                faults.add(unknown_name("dimension of places", one.of, trees), f"dimensions.{one.name}.of")

    def _check_ranking(self, faults: Faults) -> None:
        for step in repeated(self.ranking):
            faults.add(f"{step} stands here twice", "ranking")
        last = [step for step in self.ranking if step not in _TOTAL]
        if tuple(self.ranking[-len(last) :] if last else ()) != tuple(last) or last != sorted(
            last, key=list(Ranking).index
        ):
            faults.add(
                f"found {', '.join(self.ranking)}; accepted: priority and named first, in any order, then specificity, "
                "dimensions and id, in this order, each or none: what comes after a comparison of regions could not be checked",
                "ranking",
            )
        for name in self.order:
            if name not in (ACCOUNT, *(one.name for one in self.dimensions)):
                faults.add(unknown_name("dimension", name, [one.name for one in self.dimensions]), "order")
        for name in repeated(self.order):
            faults.add(f"{name} stands here twice", "order")

    def _check_territories(self, faults: Faults) -> None:
        named = {one.name: one for one in self.territories}
        for one in self.territories:
            if one.fallback is not None and one.fallback not in named:
                faults.add(unknown_name("territory", one.fallback, named), f"territories.{one.name}.fallback")
                continue
            way = [one.name]
            while (following := named[way[-1]].fallback) in named and following not in way:
                way.append(str(following))
            if following == one.name and one.name == min(way):
                faults.add(
                    f"falls back on itself: {' > '.join([*way, one.name])}",
                    f"territories.{one.name}.fallback",
                )

    @cached_property
    def facts(self) -> FactSchema:
        """What the rules may look at: the account's id and its value in each dimension."""
        label = Text.of("account", ja="取引先", zh="客户")
        fields = (FactField(ACCOUNT, Kind.CODE, label), *(one.field for one in self.dimensions))
        return FactSchema(f"accounts of {self.name}", fields)

    @property
    def compared(self) -> tuple[str, ...]:
        """The dimensions by which regions are compared, most important first."""
        return self.order or (*(one.name for one in self.dimensions), ACCOUNT)

    def territory(self, name: str) -> Territory:
        found = self._territories.get(name)
        if found is None:
            raise InvalidInput(unknown_name("territory", name, self._territories))
        return found

    def rule(self, id: str) -> CoverageRule:
        found = self._rules.get(id)
        if found is None:
            raise InvalidInput(unknown_name("rule", id, self._rules))
        return found

    def dimension(self, name: str) -> Dimension:
        return next(one for one in self.dimensions if one.name == name)

    def dimension_or_none(self, name: str) -> Dimension | None:
        """None: of named accounts."""
        return next((one for one in self.dimensions if one.name == name), None)

    def axes(self, asked: Mapping[str, Sequence[Asked]]) -> dict[str, Axis]:
        """Every dimension, that of named accounts first, cut into the pieces that rules which ask these cells tell apart."""
        found = {ACCOUNT: code_axis(ACCOUNT, asked[ACCOUNT], must_be_known=True)}
        found |= {one.name: self._axis(one, asked) for one in self.dimensions}
        return found

    def _axis(self, dimension: Dimension, asked: Mapping[str, Sequence[Asked]]) -> Axis:
        cells = asked[dimension.name]
        if isinstance(dimension, TreeDimension):
            return tree_axis(dimension.name, dimension.tree, cells, self._countries(dimension, asked))
        if isinstance(dimension, CodeDimension):
            return code_axis(dimension.name, cells, dimension.accepted)
        if isinstance(dimension, SpanDimension):
            return span_axis(dimension.name, dimension.kind, cells, dimension.currency)
        return postcode_axis(dimension.name, cells)

    def _countries(self, dimension: TreeDimension, asked: Mapping[str, Sequence[Asked]]) -> set[str]:
        """The countries in which some rule asks for postcodes: what lies in them is told apart."""
        return {
            one.country
            for postcodes in self.dimensions
            if isinstance(postcodes, PostcodeDimension) and postcodes.of == dimension.name
            for cell in asked[postcodes.name]
            if isinstance(cell, Postcodes)
            for one in cell.ranges
            if one.country in dimension.tree.parents
        }

    @cached_property
    def _territories(self) -> dict[str, Territory]:
        return {one.name: one for one in self.territories}

    @cached_property
    def _rules(self) -> dict[str, CoverageRule]:
        return {one.id: one for one in self.rules}

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __repr__(self) -> str:
        return f"CoverageModel({self.name!r}: {len(self.rules)} rules)"
