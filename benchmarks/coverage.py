"""A coverage model as large as they come, asked and analysed beside what people use instead.

Ten thousand rules over five dimensions, drawn with a fixed seed but shaped like those of a vendor: most cover a place, some
of them with an industry, products or a size; a quarter name accounts; a few cut across the world; some begin or end.
"""

from __future__ import annotations

import datetime
import gc
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import zen

from prmcore.decisions import Kind
from prmcore.territory.coverage import (
    ACCOUNT,
    Cell,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    Role,
    Span,
    SpanDimension,
    Territory,
    TreeDimension,
    Under,
    Winner,
    Within,
    analysed,
)
from prmcore.values import DateRange, Tree, geography

__all__ = ["searched"]

DAY = datetime.date(2026, 5, 1)
NAMES = ("geography", "industry", "product", "size")
SIZES = (0, 50, 250, 1000, 5000, 20_000)
MARKETS = ("US", "JP", "DE", "CN", "GB", "FR", "IN", "IT", "BR", "CA", "ES", "KR", "AU", "NL", "CH", "SE", "PL", "MX", "TW",
           "SG")  # fmt: skip
Row = tuple[
    str, str | None, str | None, str | None, int | None
]  # an account, and its values in the order of NAMES


def tree(name: str, *widths: int) -> Tree:
    """Codes such as i3.2.5, as many below each as the widths say."""
    parents: dict[str, str | None] = {}
    level: list[str | None] = [None]
    for width in widths:
        below = [
            f"{one}.{number}" if one else f"{name[0]}{number}" for one in level for number in range(width)
        ]
        parents.update({code: level[place // width] for place, code in enumerate(below)})
        level = list(below)
    return Tree(name, parents)


GEOGRAPHY, INDUSTRY, PRODUCT = geography(), tree("industry", 12, 6, 5), tree("product", 8, 5, 4)
TREES = {"geography": GEOGRAPHY, "industry": INDUSTRY, "product": PRODUCT}


def model(count: int = 10_000, seed: int = 7) -> CoverageModel:
    """The rules of a vendor that has split twenty larger markets closely, and many small ones hardly at all."""
    dice = random.Random(seed)
    countries = [code for code in GEOGRAPHY.parents if len(code) == 2 and code.isalpha()]
    splits = {country: dice.choice(("industry", "product", "size")) for country in countries}
    drawn: dict[Any, CoverageRule] = {}
    while len(drawn) < count - 1:
        rule = _named(dice) if dice.random() < 0.25 else _regional(dice, countries, splits)
        region = (rule.accounts, frozenset(rule.cells.items()))
        if region not in drawn:  # nobody writes the same region twice
            drawn[region] = attrs.evolve(rule, id=f"rule-{len(drawn)}", effective=_period(dice))
    return _of((CoverageRule(id="house", territory="house", role=Role.HOUSE), *drawn.values()))


def _named(dice: random.Random) -> CoverageRule:
    """One to five accounts, for one country or one line of products now and then."""
    first = 5 * dice.randrange(4000)
    named = frozenset(f"account-{first + number}" for number in range(dice.randrange(1, 6)))
    cells: dict[str, Cell] = {"product": _one_of(dice, "product")} if dice.random() < 0.2 else {}
    return CoverageRule(id="drawn", territory=f"key-{first % 60}", accounts=named, cells=cells)


def _regional(dice: random.Random, countries: Sequence[str], splits: Mapping[str, str]) -> CoverageRule:
    """A place, split by what its country is split by; or what cuts across the world."""
    if dice.random() < 0.0007:
        return CoverageRule(id="drawn", territory="world", cells={"industry": _one_of(dice, "industry")})
    country = dice.choice(MARKETS if dice.random() < 0.85 else countries)
    place = dice.choice(GEOGRAPHY.children(country) or (country,)) if dice.random() < 0.95 else country
    if dice.random() < 0.01:
        place = GEOGRAPHY.parents[country] or country
    cells: dict[str, Cell] = {"geography": Under(codes=frozenset((place,)))}
    if (place != country and dice.random() < 0.9) or dice.random() < 0.05:
        cells[splits[country]] = _one_of(dice, splits[country])
    return CoverageRule(id="drawn", territory=f"in-{country}-{dice.randrange(4)}", cells=cells)


def _one_of(dice: random.Random, name: str) -> Cell:
    if name == "size":
        low = dice.randrange(len(SIZES))
        return Within(spans=(Span(at_least=SIZES[low], less_than=(*SIZES, None)[low + 1]),))
    codes = [code for code in TREES[name].parents if code.count(".") < 2]
    return Under(codes=frozenset((dice.choice(codes),)))


def _period(dice: random.Random) -> DateRange:
    if dice.random() < 0.9:
        return DateRange()
    return DateRange(datetime.date(2026, dice.choice((1, 4, 7)), 1), datetime.date(2027, 1, 1))


def nasty(count: int = 10_000, seed: int = 3) -> CoverageModel:
    """Rules without any shape: nearly every two of them overlap, and nothing tells most of them apart."""
    dice = random.Random(seed)
    rules = []
    for number in range(count):
        cells: dict[str, Cell] = {}
        for name, one in TREES.items():
            if dice.random() < 0.8:
                cells[name] = Under(codes=frozenset(dice.sample(list(one.parents), 12)))
        if dice.random() < 0.8:
            low = dice.randrange(10_000)
            cells["size"] = Within(spans=(Span(at_least=low, less_than=low + dice.randrange(1, 10_000)),))
        rules.append(CoverageRule(id=f"rule-{number}", territory=f"t{dice.randrange(50)}", cells=cells))
    return _of(rules)


def _of(rules: Sequence[CoverageRule]) -> CoverageModel:
    return CoverageModel(
        name="coverage/benchmark",
        dimensions=(
            *(TreeDimension(name=name, tree=one) for name, one in TREES.items()),
            SpanDimension(name="size", kind=Kind.COUNT),
        ),
        territories=tuple(Territory(name=one) for one in sorted({str(rule.territory) for rule in rules})),
        rules=tuple(rules),
    )


def accounts(count: int = 100_000, seed: int = 11) -> list[Row]:
    """Most in the larger markets; of one in twenty each attribute is not known."""
    dice = random.Random(seed)
    places = [code for code in GEOGRAPHY.parents if not GEOGRAPHY.children(code)]
    in_markets = [code for code in places if code.partition("-")[0] in MARKETS]
    leaves = [[code for code in one.parents if code.count(".") == 2] for one in (INDUSTRY, PRODUCT)]
    found: list[Row] = []
    for number in range(count):
        drawn: list[Any] = [
            dice.choice(in_markets if dice.random() < 0.7 else places),
            *(dice.choice(codes) for codes in leaves),
            int(dice.lognormvariate(5, 2)),
        ]
        place, industry, product, size = (None if dice.random() < 0.05 else one for one in drawn)
        found.append((f"account-{number}", place, industry, product, size))
    return found


def as_columns(rows: Sequence[Row]) -> dict[str, Sequence[Any]]:
    return dict(zip((ACCOUNT, *NAMES), zip(*rows, strict=True), strict=True))


# a plain scan


@attrs.frozen
class Plain:
    """A rule as a loop tests it: the codes below its codes are looked up once."""

    rule: CoverageRule
    named: frozenset[str] | None
    sets: tuple[frozenset[str] | None, ...]  # geography, industry, product
    low: int
    high: int | None
    asks_size: bool


def plain(rule: CoverageRule) -> Plain:
    size = rule.cells.get("size")
    span = size.spans[0] if isinstance(size, Within) else None
    sets = tuple(_below(name, rule.cells.get(name)) for name in TREES)
    low, high = (span.at_least, span.less_than) if span else (0, None)
    return Plain(rule, rule.accounts, sets, low, high, span is not None)


def _below(name: str, cell: Cell | None) -> frozenset[str] | None:
    if cell is None:
        return None
    assert isinstance(cell, Under)
    return frozenset(code for code in BELOW[name] if not cell.codes.isdisjoint(BELOW[name][code]))


BELOW = {name: {code: one.path(code) for code in one.parents} for name, one in TREES.items()}


def scanned(rules: Sequence[tuple[Any, ...]], row: Row) -> list[Plain]:
    """Every rule that holds, by looking at every rule; the test that fails most often comes first."""
    account, place, industry, product, size = row
    found = []
    for places, named, industries, products, asks_size, low, high, one in rules:
        if places is not None and place not in places:
            continue
        if named is not None and account not in named:
            continue
        if industries is not None and industry not in industries:
            continue
        if products is not None and product not in products:
            continue
        if asks_size and (size is None or size < low or (high is not None and size >= high)):
            continue
        found.append(one)
    return found


def told_apart(held: Sequence[Plain]) -> tuple[str, str | None]:
    """The result and the territory, by the ranking of the model: named, then the region strictly inside."""
    primaries = [one for one in held if one.rule.role is Role.PRIMARY]
    left = [one for one in primaries if one.named is not None] or primaries
    best = [one for one in left if not any(_inside(other, one) for other in left)]
    if not best:
        return ("house", "house") if held else ("unassigned", None)
    territories = {one.rule.territory for one in best}
    return ("assigned", territories.pop()) if len(territories) == 1 else ("ambiguous", None)


def _inside(first: Plain, second: Plain) -> bool:
    if first.sets == second.sets and (first.named, first.low, first.high) == (
        second.named,
        second.low,
        second.high,
    ):
        return first.asks_size and not second.asks_size
    pairs = [*zip(first.sets, second.sets, strict=True), (first.named, second.named)]
    return (
        all(yours is None or (mine is not None and mine <= yours) for mine, yours in pairs)
        and (not second.asks_size or first.asks_size)
        and first.low >= second.low
        and (second.high is None or (first.high is not None and first.high <= second.high))
    )


def scanner(one: CoverageModel) -> Callable[[Row], tuple[str, str | None]]:
    rules = []
    for rule in one.rules:
        if DAY in rule.effective:
            it = plain(rule)
            rules.append((it.sets[0], it.named, it.sets[1], it.sets[2], it.asks_size, it.low, it.high, it))
    return lambda row: told_apart(scanned(rules, row))


# the decision table of zen


def table(one: CoverageModel) -> Callable[[Row], list[str]]:
    """The same rules as rows of a table that collects every row that holds; codes are tested with all that is above them."""
    inputs = [{"id": name, "name": name, "field": name} for name in (ACCOUNT, *NAMES)]
    rows = [_row(rule) for rule in one.rules if DAY in rule.effective]
    content = {
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": rows,
    }
    graph = {
        "nodes": [
            {"id": "in", "name": "request", "type": "inputNode"},
            {"id": "table", "name": "coverage", "type": "decisionTableNode", "content": content},
            {"id": "out", "name": "response", "type": "outputNode"},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"coverage": graph}}})

    def collect(row: Row) -> list[str]:
        facts: dict[str, Any] = {ACCOUNT: row[0], "size": row[4]}
        for name, code in zip(TREES, row[1:4], strict=True):
            facts[name] = [] if code is None else list(BELOW[name][code])
        return [one["rule"] for one in engine.evaluate("coverage", facts)["result"]]

    return collect


def _row(rule: CoverageRule) -> dict[str, str]:
    cells = {"_id": rule.id, "rule": f"'{rule.id}'"}
    if rule.accounts is not None:
        cells[ACCOUNT] = ", ".join(f"'{one}'" for one in sorted(rule.accounts))
    for name, cell in rule.cells.items():
        if isinstance(cell, Under):
            (code,) = cell.codes
            cells[name] = f"contains($, '{code}')"
        elif isinstance(cell, Within):
            (span,) = cell.spans
            cells[name] = f"$ != null and $ >= {span.at_least}"
            cells[name] += "" if span.less_than is None else f" and $ < {span.less_than}"
    return cells


# what is measured


def searched(count: int, asked: int) -> dict[str, float]:
    """Seconds to index and to analyse, microseconds of an account: ours, a scan of all rules, and a table of zen's."""
    one, rows = model(), accounts(count)
    columns = as_columns(rows)
    found = {"rules": float(len(one.rules)), "accounts": float(count)}
    gc.collect()  # what was made before is not swept while the index is made
    began = time.perf_counter()
    policy = CoveragePolicy(one)
    policy.winners(as_columns(rows[:1]), DAY)  # makes all that many accounts are decided by
    found["index"] = time.perf_counter() - began
    winners = policy.winners(columns, DAY)
    runs = [_timed(lambda: policy.winners(columns, DAY)) for _ in range(3)]
    found["prmcore"] = min(runs) / count * 1e6
    scan, collect = scanner(one), table(one)
    plain_rules = {rule.id: plain(rule) for rule in one.rules}
    _agree("the scan", rows[:asked], winners, scan)
    few = max(asked // 20, 5)
    _agree("zen", rows[:few], winners, lambda row: told_apart([plain_rules[id] for id in collect(row)]))
    found["a scan of all rules"] = _timed(lambda: [scan(row) for row in rows[:asked]]) / asked * 1e6
    found["zen-engine, its table"] = _timed(lambda: [collect(row) for row in rows[:few]]) / few * 1e6
    gc.collect()
    began = time.perf_counter()
    whole = analysed(policy)
    found["analysed"] = time.perf_counter() - began
    found["is complete"] = float(whole.is_complete)
    without_shape = CoveragePolicy(nasty())
    _ = without_shape.index
    found["analysed, without any shape"] = _timed(lambda: analysed(without_shape))
    return found


def _timed(job: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def _agree(
    who: str, rows: Sequence[Row], winners: Sequence[Winner], decide: Callable[[Row], tuple[str, str | None]]
) -> None:
    for row, winner in zip(rows, winners, strict=False):
        if decide(row) != (winner.result.value, winner.territory):
            raise SystemExit(f"{who} says {decide(row)} of {row}; prmcore says {winner}")
