"""What is wrong with a coverage model before anybody is assigned by it, each finding with an account that shows it.

Holes, overlaps that nothing resolves, rules that never win or change nothing, rules that can hold for nobody. The pieces,
the order and the vectors are those that decide; so what is found here can be fed to `CoveragePolicy.decide`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice
from operator import and_
from typing import Any, TypeAlias

import attrs

from prmcore.decisions import FactSheet
from prmcore.decisions.explain import Said
from prmcore.decisions.lint import Finding
from prmcore.territory.coverage.axes import Likeness, Runs, united, without
from prmcore.territory.coverage.index import CoverageIndex, Result, bits, places_in
from prmcore.territory.coverage.model import CoverageRule, Role
from prmcore.territory.coverage.policy import CoveragePolicy
from prmcore.territory.coverage.said import called, territory_called
from prmcore.territory.coverage.search import Covered, Exhausted, Point, Region, Space
from prmcore.values import DateRange

__all__ = ["Analysis", "Hole", "Overlaps", "analysed", "as_account"]

BUDGET = 75_000  # steps of all searches together: some seconds
A_RULE = 1 / 32  # of a step: to tell one rule that holds apart from the others
MOST_HOLES = 50
A_DAY = datetime.date(2000, 1, 1)  # to show, where no rule and nobody says one
MOST_AMBIGUOUS = 200  # pairs; beyond it one for each rule
DAY = "day"
Box: TypeAlias = tuple[Runs, ...]  # by axis, in the order of the space


@attrs.frozen
class Overlaps:
    """Pairs of competing rules that can hold together."""

    resolved: int = 0  # the ranking tells them apart
    same: int = 0  # nothing tells them apart, and they are of one territory
    ambiguous: int = 0  # nothing tells them apart wherever nothing else wins


@attrs.frozen
class Hole:
    """Accounts that nobody covers: values by dimension that show it, and how ordinary they are."""

    values: Mapping[str, Any]
    day: datetime.date
    likeness: Likeness
    bounded: tuple[str, ...] = ()  # dimensions on which it does not take in everything
    singles: tuple[str, ...] = ()  # dimensions on which the hole is one value wide


@attrs.frozen
class Analysis:
    """Everything that was found, and what could not be decided."""

    findings: tuple[Finding, ...]
    overlaps: Overlaps
    holes: tuple[Hole, ...]
    is_complete: bool  # False: the steps ran out


def as_account(policy: CoveragePolicy, finding: Finding) -> tuple[FactSheet, datetime.date]:
    """The account and the day that show a finding, ready to be decided."""
    assert finding.witness is not None
    values = {name: value for name, value in finding.witness.items() if name != DAY}
    return FactSheet.of(policy.facts, values), finding.witness[DAY]


def analysed(policy: CoveragePolicy, within: DateRange | None = None, budget: int = BUDGET) -> Analysis:
    """All that looks wrong with a model, on the days of `within`; None = while some rule that covers is in force."""
    return _Analyst(policy, within, budget).analysis()


class _Analyst:
    def __init__(self, policy: CoveragePolicy, within: DateRange | None, budget: int) -> None:
        self.policy, self.index = policy, policy.index
        day = within.start if within is not None and within.start is not None else A_DAY
        self.space = Space(self.index, _days(self.index, within), budget, day)
        self.found: list[Finding] = []
        self.holes: list[Hole] = []
        self.regions: list[Region | None] = [None] * self.index.size
        self.meeting: list[int] = [0] * self.index.size
        self.satisfiable = 0
        self.is_complete = True

    def analysis(self) -> Analysis:
        for look in (self.look_for_holes, self.look_at_rules, self.look_for_ambiguity):
            self.attempt(look)
        self.look_at_territories()
        return Analysis(tuple(self.found), self.count_overlaps(), tuple(self.holes), self.is_complete)

    def attempt(self, look: Any) -> None:
        try:
            look()
        except Exhausted:
            if self.is_complete:
                self.note("undecided", "rules", Said("the coverage: too many combinations to decide"))
            self.is_complete = False

    def note(self, code: str, path: str, said: Said, point: Point | None = None) -> None:
        witness = None
        if point is not None:
            values, day, _ = self.space.witness(point)
            witness = {**values, DAY: day}
        self.found.append(Finding(code, path, said, witness))

    # holes

    def look_for_holes(self) -> None:
        covering = self.space.holding_from(self.space.whole)
        points = self._holes(self.index.every, covering, ())
        by_likeness: dict[Likeness, list[Box]] = {}
        for point in islice(points, MOST_HOLES):
            likeness = self.space.witness(point)[2]
            by_likeness.setdefault(likeness, []).append(tuple((run,) for run in point.runs))
        for likeness in sorted(by_likeness):
            for box in _joined(by_likeness[likeness]):
                self._note_hole(box, likeness)
        if next(points, None) is not None:
            self.note("gap-more", "rules", Said("there are more holes than are listed; close these first"))

    def _note_hole(self, box: Box, likeness: Likeness) -> None:
        point = Point(tuple(self._most_ordinary(place, runs) for place, runs in enumerate(box)))
        values, day, _ = self.space.witness(point)
        hole = Hole(values, day, likeness, self._bounded(box), self._singles(point))
        self.holes.append(hole)
        said, code = self._said_of_hole(hole)
        self.found.append(Finding(code, "rules", said, {**hole.values, DAY: hole.day}))

    def _most_ordinary(self, place: int, runs: Runs) -> tuple[int, int]:
        return min(runs, key=lambda run: (self.space.likeness(place, run), run))

    def _bounded(self, box: Box) -> tuple[str, ...]:
        """The dimensions on which the hole does not take in everything."""
        found = []
        for place, (name, runs) in enumerate(zip(self.space.names, box, strict=True)):
            pieces = self.space.columns[place].axis.pieces
            left = without(self.space.whole[place], united(runs))
            if any(
                pieces[one].likeness < Likeness.UNKNOWN for start, end in left for one in range(start, end)
            ):
                found.append(name or DAY)
        return tuple(found)

    def _holes(
        self, alive: int, covering: Sequence[int], chosen: tuple[tuple[int, int], ...]
    ) -> Iterator[Point]:
        space, index = self.space, self.index
        space.spend()
        depth = len(chosen)
        if space.not_taken(alive & covering[depth] & index.competing, alive & index.exclusions):
            return
        if not alive & index.competing or depth == len(space.columns):
            point = space.finished(space.whole, chosen)
            if point is not None:
                yield point
            return
        for run in space.cut(space.whole, alive & (index.competing | index.exclusions), chosen):
            yield from self._holes(alive & space.columns[depth].vectors[run[0]], covering, (*chosen, run))

    def _singles(self, point: Point) -> tuple[str, ...]:
        found = []
        for place, (name, (start, end)) in enumerate(zip(self.space.names, point.runs, strict=True)):
            if end - start == 1 and self.space.columns[place].axis.pieces[start].is_single:
                found.append(name or DAY)
        return tuple(found)

    def _said_of_hole(self, hole: Hole) -> tuple[Said, str]:
        """What the hole is, by the dimensions that make it one."""
        shown = [self._said_of_value(name, hole.values.get(name, hole.day)) for name in hole.bounded]
        where: dict[str, Any] = {"where": shown} if shown else {}
        if hole.likeness is Likeness.UNKNOWN:
            missing = [self._label(name) for name, value in hole.values.items() if value is None]
            return Said(
                "nobody covers an account of which this is not known: {dimensions}", {"dimensions": missing}
            ), "gap-unknown"
        if hole.likeness is Likeness.COARSE:
            return Said("nobody covers an account that is known only as {where}", where), "gap-coarse"
        if hole.singles:
            values = {"dimensions": [self._label(name) for name in hole.singles], **where}
            return Said("nobody covers exactly this value of {dimensions}: {where}", values), "boundary-gap"
        if not shown:
            return Said("nobody covers any account that no rule names"), "gap"
        return Said("nobody covers accounts such as {where}", where), "gap"

    def _said_of_value(self, name: str, value: Any) -> Said:
        shown = value if name == DAY else called(self.policy.model, name, value)
        return Said("{fact}: {value}", {"fact": self._label(name), "value": shown})

    def _label(self, name: str) -> Any:
        return Said("day") if name == DAY else self.policy.facts.label(name)

    # rules one by one

    def look_at_rules(self) -> None:
        for place in places_in(self.index.every):
            rule = self.index.rules[place]
            region = self.space.region(place)
            if region is None:
                self.note(
                    "unsatisfiable", _path(rule), Said("no account can meet {rule}", {"rule": _name(rule)})
                )
                continue
            self.regions[place] = region
            self.satisfiable |= 1 << place
            self.meeting[place] = self.space.meeting(region)
            if rule.role is Role.EXCLUSION:
                self.look_at_exclusion(place)
            else:
                self.look_at_rule(place, region)

    def look_at_exclusion(self, place: int) -> None:
        rule = self.index.rules[place]
        if not self.meeting[place] & self.index.excluded_by(place):
            said = Said("{rule} excludes nothing: no rule holds where it does", {"rule": _name(rule)})
            self.note("idle-exclusion", _path(rule), said, self._region(place).usual)

    def look_at_rule(self, place: int, region: Region) -> None:
        """Whether it ever wins, and whether anything would be different without it."""
        rule = self.index.rules[place]
        before = self.before(place)
        answer = self.space.point_outside(region, before)
        if isinstance(answer, Covered):
            self.note(*self._shadowed(place, region, before, answer), region.usual)
        elif rule.role is not Role.OVERLAY and self._is_redundant(place, region, before, answer):
            said = Said("{rule} changes nothing: without it, {territory} covers the same accounts", {
                "rule": _name(rule), "territory": self._territory(rule),
            })  # fmt: skip
            self.note("redundant", _path(rule), said, answer)

    def before(self, place: int) -> int:
        """The rules that keep this one from winning wherever they hold with it."""
        return (self.index.beaters(place) | self.index.excluding(place)) & self.meeting[place]

    def _shadowed(self, place: int, region: Region, before: int, answer: Covered) -> tuple[str, str, Said]:
        rule = self.index.rules[place]
        by = self._fewest(region, answer.by, before)
        names = [_name(self.index.rules[one]) for one in by]
        said = Said(
            "{rule} never wins: wherever it holds, this goes before it: {rules}",
            {"rule": _name(rule), "rules": names},
        )
        return ("shadowed" if len(by) == 1 else "shadowed-by-several", _path(rule), said)

    def _fewest(self, region: Region, covering: int, before: int) -> list[int]:
        """Rules that cover the region, none of which could be left out."""
        for place in places_in(before & self.space.holding_from(region.cells)[0]):
            if isinstance(self.space.point_outside(region, 1 << place), Covered):
                return [place]
        kept = list(places_in(covering))
        for place in list(kept):
            fewer = [one for one in kept if one != place]
            if isinstance(self.space.point_outside(region, bits(fewer)), Covered):
                kept = fewer
        return kept

    def _is_redundant(self, place: int, region: Region, before: int, seen: Point) -> bool:
        """Whether every account would be covered by the same territory without the rule.

        A rule matters only where nothing goes before it. There it changes nothing when another rule of its territory holds,
        and no rule of another territory would be left beside it: none ties with this one, and none is beaten by it alone.
        """
        index = self.index
        rule = index.rules[place]
        held = region.holding if seen is region.usual else self.space.holding(seen)
        own = index.of_territory[rule.territory] & ~(1 << place)
        same = own & index.of_role[rule.role] & self.meeting[place]
        if index.is_total:  # a tie is broken by ids: who would win then depends on all that are tied
            return not (
                self._differs(held, place) or self._some_differ(region, self.meeting[place], place, ())
            )
        if not index.without_excluded(held) & same or self._differs(held, place):
            return False
        covered = self.space.point_outside(region, before | same)
        if not isinstance(covered, Covered):
            return False
        others = self.meeting[place] & index.competing & ~own & ~(1 << place) & ~index.beaters(place)
        gone = (index.going_after(one) for one in places_in(covered.by & same))
        others &= ~reduce(and_, gone, others)  # wherever they hold, one that covers this one goes before them
        return not any(self._would_be_left(other, place, region, before) for other in places_in(others))

    def _would_be_left(self, other: int, place: int, region: Region, before: int) -> bool:
        """Whether nothing but this rule goes before the other one, somewhere where nothing goes before this one."""
        theirs = self.space.region(other)
        met = None if theirs is None else self.space.shared(region.cells, theirs.cells)
        if met is None:
            return False
        rules = before | (self.index.beaters(other) | self.index.excluding(other)) & ~(1 << place)
        return isinstance(self.space.point_outside(met, rules), Point)

    def _differs(self, holding: int, place: int) -> bool:
        self.space.spend(A_RULE * holding.bit_count())
        outcome, without = self.index.winner(holding), self.index.winner(holding & ~(1 << place))
        return _known(outcome) != _known(without)

    def _some_differ(
        self, region: Region, alive: int, place: int, chosen: tuple[tuple[int, int], ...]
    ) -> bool:
        """Looked at point by point."""
        self.space.spend()
        if len(chosen) == len(self.space.columns):
            return self._differs(alive, place)
        competing = alive & (self.index.competing | self.index.exclusions)
        for run in self.space.cut(region.cells, competing, chosen):
            if self._some_differ(
                region, alive & self.space.columns[len(chosen)].vectors[run[0]], place, (*chosen, run)
            ):
                return True
        return False

    # rules two by two

    def look_for_ambiguity(self) -> None:
        noted = 0
        for place in places_in(self.index.every):
            rule = self.index.rules[place]
            for other in places_in(self._unresolved(place)):
                met = self.space.shared(self._region(place).cells, self._region(other).cells)
                if met is None:
                    continue
                answer = self.space.point_outside(met, self.before(place) | self.before(other))
                if isinstance(answer, Covered):
                    continue
                noted += 1
                self._note_ambiguity(rule, self.index.rules[other], answer)
                if noted > MOST_AMBIGUOUS:
                    break

    def _note_ambiguity(self, rule: CoverageRule, other: CoverageRule, point: Point) -> None:
        values = {
            "rule": _name(rule),
            "other": _name(other),
            "territory": self._territory(rule),
            "another": self._territory(other),
        }
        singles = self._singles(point)
        if singles:
            values["dimensions"] = [self._label(name) for name in singles]
            said = Said(
                "{rule} ({territory}) and {other} ({another}) share one value of {dimensions}, and nothing tells them apart there",
                values,
            )
        else:
            said = Said(
                "nothing tells {rule} ({territory}) and {other} ({another}) apart where both hold", values
            )
        self.note("boundary-overlap" if singles else "ambiguous", _path(rule), said, point)

    def _territory(self, rule: CoverageRule) -> Any:
        assert rule.territory is not None  # only an exclusion has none
        return territory_called(self.policy.model, rule.territory)

    def _unresolved(self, place: int) -> int:
        """The rules of other territories, after this one, that hold with it and are not told apart from it."""
        index = self.index
        if self.regions[place] is None or not index.competing >> place & 1 or index.is_total:
            return 0
        peers = self.meeting[place] & index.rivals(place) & ~index.beaters(place)
        return self.satisfiable & peers & (1 << place) - 1

    def _region(self, place: int) -> Region:
        region = self.regions[place]
        assert region is not None
        return region

    def count_overlaps(self) -> Overlaps:
        resolved = same = ambiguous = 0
        satisfiable = self.satisfiable & self.index.competing
        for place in places_in(satisfiable):
            later = self.meeting[place] & satisfiable & (1 << place) - 1
            beaten = later & (self.index.beaten(place) | self.index.beaters(place) | ~self.index.peers[place])
            own = later & ~beaten & self.index.of_territory[self.index.rules[place].territory]
            resolved += beaten.bit_count()
            same += own.bit_count()
            ambiguous += (later & ~beaten & ~own).bit_count()
        return Overlaps(resolved, same, ambiguous)

    # territories

    def look_at_territories(self) -> None:
        used = {rule.territory for rule in self.index.rules}
        used |= {one.fallback for one in self.policy.model.territories}
        for one in self.policy.model.territories:
            if one.name not in used:
                said = Said("no rule gives {territory} anything", {"territory": one.text or one.name})
                self.found.append(Finding("unused-territory", f"territories.{one.name}", said))


def _days(index: CoverageIndex, within: DateRange | None) -> tuple[int, int]:
    """The run of days that is looked at."""
    axis = index.days.axis
    last = len(axis.pieces)
    if within is not None:
        start = 0 if within.start is None else axis.place(within.start)
        return start, last if within.end is None else axis.place(within.last_day) + 1
    in_force = [place for place in range(last) if index.days.vectors[place] & index.competing]
    return (in_force[0], in_force[-1] + 1) if in_force else (0, last)


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that differ on one axis only, as one."""
    found = list(boxes)
    for place in range(len(boxes[0]) if boxes else 0):
        alike: dict[tuple[Any, ...], list[Box]] = {}
        for box in found:
            alike.setdefault((*box[:place], *box[place + 1 :]), []).append(box)
        found = [
            (*rest[:place], tuple(sorted(run for box in some for run in box[place])), *rest[place:])
            for rest, some in alike.items()
        ]
    return found


def _known(outcome: Any) -> tuple[Any, ...]:
    """What counts as the same: who covers the account, or between whom it is ambiguous."""
    return (outcome.result, outcome.territory, outcome.result is Result.AMBIGUOUS and outcome.tied)


def _path(rule: CoverageRule) -> str:
    return f"rules.{rule.id}"


def _name(rule: CoverageRule) -> Any:
    return rule.text or rule.id
