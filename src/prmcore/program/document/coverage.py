"""Coverage in a program document: trees and the model that is built from them, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from prmcore.decisions import Kind
from prmcore.decisions.wire import value_from, value_to
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.program.document.builder import Builder
from prmcore.program.document.names import name_fault
from prmcore.program.document.shapes import (
    CoverageDocument,
    CoverageRuleDocument,
    DimensionDocument,
    NodeDocument,
    TerritoryDocument,
)
from prmcore.territory.coverage import (
    Among,
    Cell,
    CodeDimension,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    CoverageState,
    Dimension,
    NoneOf,
    PostcodeDimension,
    PostcodeRange,
    Postcodes,
    Span,
    SpanDimension,
    Territory,
    TreeDimension,
    Under,
    Within,
)
from prmcore.values import DateRange, Text, Tree, geography
from prmcore.values.wire import to_plain

__all__ = ["coverage_from", "coverage_to", "trees_from", "trees_to"]

GEOGRAPHY = "geography"  # the tree that is always there
_SPAN_KINDS = {kind.value: kind for kind in Kind if kind.is_ordered}
_SPAN_WORDS = ("at_least", "more_than", "at_most", "less_than")


# from a document


def trees_from(builder: Builder, written: Mapping[str, Mapping[str, NodeDocument]]) -> dict[str, Tree]:
    """The trees that a document declares."""
    found: dict[str, Tree] = {}
    for name, nodes in written.items():
        fault = name_fault(name) or ("is the geography of the world" if name == GEOGRAPHY else None)
        if fault:
            builder.faults.add(fault, f"trees.{name[:60]}")
            continue
        try:
            found[name] = Tree(name, {code: node.below for code, node in nodes.items()})
        except InvalidInput:
            with builder.faults.within(f"trees.{name}"):
                raise
            builder.lost.add(name)
    return found


def coverage_from(
    builder: Builder, document: CoverageDocument, trees: Mapping[str, Tree]
) -> CoveragePolicy | None:
    """The model that was written; None, with faults, when it cannot be used."""
    return _CoverageBuilder(builder, document, trees).policy()


class _CoverageBuilder:
    def __init__(self, builder: Builder, document: CoverageDocument, trees: Mapping[str, Tree]) -> None:
        self.builder, self.document, self.trees = builder, document, trees
        self.faults = builder.faults

    def policy(self) -> CoveragePolicy | None:
        before = len(self.faults.found)
        document = self.document
        self.builder.check_keys(document.dimensions, "coverage.dimensions")
        dimensions = {name: self.dimension(name, one) for name, one in document.dimensions.items()}
        known = {name: one for name, one in dimensions.items() if one is not None}
        territories = [self.territory(name, one) for name, one in document.territories.items()]
        rules = [self.rule(name, one, known) for name, one in document.rules.items()]
        usable = [one for one in rules if one is not None and one.territory not in self.builder.lost]
        with self.faults.within("coverage"):
            model = CoverageModel(
                name=self.builder.policy_name("coverage"),
                dimensions=tuple(known.values()),
                territories=tuple(one for one in territories if one is not None),
                rules=tuple(usable),
                ranking=document.ranking,
                order=document.order,
                state=CoverageState(document.state),
            )
            return None if len(self.faults.found) > before else CoveragePolicy(model)
        return None

    def dimension(self, name: str, document: DimensionDocument) -> Dimension | None:
        path = f"coverage.dimensions.{name}"
        belongs = {"tree": "tree", "accepted": "codes", "of": "postcode", "currency": "money"}
        for key, kind in belongs.items():
            if getattr(document, key) is not None and document.kind != kind:
                self.faults.add(f"goes with the kind {kind} only", f"{path}.{key}")
        with self.faults.within(path):
            return self.made(name, document)
        return None

    def made(self, name: str, document: DimensionDocument) -> Dimension | None:
        if document.kind == "tree":
            tree = document.tree or name
            if tree != GEOGRAPHY and tree not in self.trees:
                if tree not in self.builder.lost:
                    raise InvalidInput(unknown_name("tree", tree, [GEOGRAPHY, *self.trees]))
                return None
            words = self.builder.document.trees.get(tree, {})
            called = tuple((code, node.text) for code, node in words.items() if node.text is not None)
            made = geography() if tree == GEOGRAPHY else self.trees[tree]
            return TreeDimension(name=name, tree=made, text=document.text, words=called)
        if document.kind == "codes":
            accepted = None if document.accepted is None else frozenset(document.accepted)
            return CodeDimension(name=name, accepted=accepted, text=document.text)
        if document.kind == "postcode":
            return PostcodeDimension(name=name, of=document.of or GEOGRAPHY, text=document.text)
        kind = _SPAN_KINDS[document.kind]
        if kind is not Kind.MONEY:
            return SpanDimension(name=name, kind=kind, text=document.text)
        currency = document.currency or self.builder.currency
        if currency is None and not self.builder.lacks_currency:
            return None  # it cannot be used, as is told where it stands
        return SpanDimension(name=name, kind=kind, currency=currency, text=document.text)

    def territory(self, name: str, document: TerritoryDocument) -> Territory | None:
        with self.faults.within(f"coverage.territories.{name}"):
            return Territory(name=name, **attrs.asdict(document, recurse=False))
        return None

    def rule(
        self, id: str, document: CoverageRuleDocument, known: Mapping[str, Dimension]
    ) -> CoverageRule | None:
        path = f"coverage.rules.{id}"
        before = len(self.faults.found)
        cells = {}
        for name, written in document.where.items():
            if name in known:
                with self.faults.within(f"{path}.where.{name}"):
                    cells[name] = _READERS[type(known[name])](written, known[name])
            elif name not in self.document.dimensions and name not in self.builder.lost:
                self.faults.add(
                    unknown_name("dimension", name, self.document.dimensions), f"{path}.where.{name}"
                )
        effective = self.effective(document, path)
        if len(self.faults.found) > before:
            return None
        with self.faults.within(path):
            return CoverageRule(
                id=id,
                territory=document.territory,
                role=document.role,
                cells=cells,
                accounts=None if document.accounts is None else frozenset(document.accounts),
                priority=document.priority,
                effective=effective,
                text=document.text,
            )
        return None

    def effective(self, document: CoverageRuleDocument, path: str) -> DateRange:
        with self.faults.within(path):
            return DateRange(value_from(Kind.DATE, document.start), value_from(Kind.DATE, document.end))
        return DateRange()


def _table(written: Any, accepted: tuple[str, ...], short: str) -> dict[str, Any]:
    """A cell as a table of its keys; a list alone stands for one of them."""
    if isinstance(written, (list, tuple, str)):
        return {short: [written] if isinstance(written, str) else list(written)}
    if not isinstance(written, Mapping):
        raise InvalidInput(f"found {written!r:.60}; accepted: a list, or a table of {', '.join(accepted)}")
    faults = Faults("the cell cannot be read")
    for key in written:
        if key not in accepted:
            faults.add(unknown_name("key", str(key), accepted), str(key))
    if not isinstance(written.get("unknown", False), bool):
        faults.add(f"found {written['unknown']!r:.40}; accepted: true or false", "unknown")
    faults.raise_if_any()
    return dict(written)


def _codes(table: Mapping[str, Any], key: str) -> frozenset[str]:
    return value_from(Kind.CODES, table.get(key, [])) or frozenset()


def _under(written: Any, dimension: Any) -> Under:
    table = _table(written, ("under", "outside", "unknown"), "under")
    return Under(
        codes=_codes(table, "under"), outside=_codes(table, "outside"), unknown=table.get("unknown", False)
    )


def _words(written: Any, dimension: Any) -> Among | NoneOf:
    table = _table(written, ("one_of", "none_of", "unknown"), "one_of")
    unknown = table.get("unknown", False)
    if "none_of" not in table:
        return Among(codes=_codes(table, "one_of"), unknown=unknown)
    if "one_of" in table:
        raise InvalidInput("both one_of and none_of are given; accepted: one of them")
    return NoneOf(codes=_codes(table, "none_of"), unknown=unknown)


def _within(written: Any, dimension: SpanDimension) -> Within:
    table = written if isinstance(written, Mapping) else {"within": written}
    unknown = table.get("unknown", False)
    if "within" in table:
        spans = _table(table, ("within", "unknown"), "within")["within"]
    else:
        bounds = {key: bound for key, bound in table.items() if key != "unknown"}
        spans = [bounds] if bounds else []
    if not isinstance(spans, (list, tuple)) or not isinstance(unknown, bool):
        raise InvalidInput(
            f"found {written!r:.60}; accepted: a table of {', '.join(_SPAN_WORDS)}, or a list of such"
        )
    return Within(spans=tuple(_span(one, dimension) for one in spans), unknown=unknown)


def _span(written: Any, dimension: SpanDimension) -> Span:
    table = _table(written, _SPAN_WORDS, "at_least") if isinstance(written, Mapping) else None
    if table is None:
        raise InvalidInput(f"found {written!r:.60}; accepted: a table of {', '.join(_SPAN_WORDS)}")
    return Span(**{word: value_from(dimension.kind, bound) for word, bound in table.items()})


def _postcodes(written: Any, dimension: Any) -> Postcodes:
    table = _table(written, ("ranges", "unknown"), "ranges")
    ranges = table.get("ranges", [])
    if not isinstance(ranges, (list, tuple)) or not all(isinstance(one, str) for one in ranges):
        raise InvalidInput(f"found {ranges!r:.60}; accepted: a list of ranges, such as ['JP 100..102']")
    return Postcodes(ranges=tuple(map(PostcodeRange.read, ranges)), unknown=table.get("unknown", False))


_READERS: dict[type, Callable[[Any, Any], Cell]] = {
    TreeDimension: _under,
    CodeDimension: _words,
    SpanDimension: _within,
    PostcodeDimension: _postcodes,
}


# to a document


def trees_to(trees: Mapping[str, Tree], words: Mapping[str, Mapping[str, Text]]) -> dict[str, Any]:
    """Trees as they are written."""
    return {
        name: {code: _node(below, words.get(name, {}).get(code)) for code, below in tree.parents.items()}
        for name, tree in trees.items()
    }


def _node(below: str | None, text: Text | None) -> dict[str, Any]:
    return {
        **({} if below is None else {"below": below}),
        **({} if text is None else {"text": to_plain(text)}),
    }


def coverage_to(policy: CoveragePolicy | None, program_currency: str | None) -> dict[str, Any] | None:
    """The model as it is written."""
    if policy is None:
        return None
    model = policy.model
    return {
        "state": model.state.value,
        "ranking": [step.value for step in model.ranking],
        "order": list(model.order) or None,
        "dimensions": {one.name: _dimension(one, program_currency) for one in model.dimensions},
        "territories": {one.name: _territory(one) for one in model.territories},
        "rules": {one.id: _rule(one) for one in model.rules},
    }


def _dimension(one: Dimension, program_currency: str | None) -> dict[str, Any]:
    text = to_plain(one.text)
    if isinstance(one, TreeDimension):
        return {"kind": "tree", "tree": one.tree.name, "text": text}
    if isinstance(one, CodeDimension):
        accepted = None if one.accepted is None else sorted(one.accepted)
        return {"kind": "codes", "accepted": accepted, "text": text}
    if isinstance(one, PostcodeDimension):
        return {"kind": "postcode", "of": one.of, "text": text}
    currency = None if one.currency == program_currency else one.currency
    return {"kind": one.kind.value, "currency": currency, "text": text}


def _territory(one: Territory) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(one)
    return {key: value for key, value in plain.items() if key != "name" and value != []}


def _rule(one: CoverageRule) -> dict[str, Any]:
    return {
        "territory": one.territory,
        "role": one.role.value,
        "where": {name: _cell(cell) for name, cell in one.cells.items()},
        "accounts": None if one.accounts is None else sorted(one.accounts),
        "priority": one.priority or None,
        **to_plain(one.effective),
        "text": to_plain(one.text),
    }


def _cell(cell: Cell) -> Any:
    """A cell in its shortest form: a list alone, or the table of one span, where nothing else is said."""
    if isinstance(cell, Under):
        plain: dict[str, Any] = {"under": sorted(cell.codes), "outside": sorted(cell.outside)}
        short = "under"
    elif isinstance(cell, Among):
        plain, short = {"one_of": sorted(cell.codes)}, "one_of"
    elif isinstance(cell, NoneOf):
        plain, short = {"none_of": sorted(cell.codes)}, ""
    elif isinstance(cell, Postcodes):
        plain, short = {"ranges": list(map(str, cell.ranges))}, "ranges"
    else:
        return _spans(cell)
    said = {key: value for key, value in plain.items() if value}
    return said[short] if list(said) == [short] and not cell.unknown else _or_unknown(said, cell)


def _spans(cell: Within) -> Any:
    spans = [{word: value_to(bound) for word, bound in span.bounds.items()} for span in cell.spans]
    if len(spans) == 1:
        return _or_unknown(spans[0], cell)
    return _or_unknown({"within": spans} if spans else {}, cell) if cell.unknown else spans


def _or_unknown(said: dict[str, Any], cell: Cell) -> dict[str, Any]:
    return {**said, "unknown": True} if cell.unknown else said
