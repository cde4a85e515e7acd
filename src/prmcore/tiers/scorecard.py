"""Weighted points: lines with linear partial credit, caps, floors and gates; the best of several tracks.

A scorecard turns metrics into further facts (`points`, `lowest_points`, `track`), which the rungs of a ladder ask for
like any other. A score is the sum of its lines: the explanation is the calculation.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from prmcore.decisions import Criterion, FactField, FactSchema, FactSheet, Kind, Truth
from prmcore.decisions.criteria import check_criterion
from prmcore.decisions.facts import schema_of
from prmcore.decisions.lines import total_of
from prmcore.decisions.reasons import truth_on
from prmcore.errors import Faults
from prmcore.values import CurrencyMismatch, Money, Rate, Text

__all__ = ["LineScore", "PointsLine", "Scorecard", "Track", "TrackScore"]

DERIVED = (
    FactField("points", Kind.NUMBER, Text.of("total points", ja="合計ポイント", zh="总分")),
    FactField(
        "lowest_points",
        Kind.NUMBER,
        Text.of("points of the lowest line", ja="最も低い項目のポイント", zh="最低单项得分"),
    ),
    FactField(
        "lines_below_floor",
        Kind.COUNT,
        Text.of("lines below their floor", ja="下限未満の項目数", zh="低于下限的项目数"),
    ),
    FactField("track", Kind.CODE, Text.of("best track", ja="最良のトラック", zh="最佳路径")),
)


@attrs.frozen(kw_only=True)
class PointsLine:
    """One line: a metric earns points in proportion, up to a maximum.

    3 customer adds give 30 points: `PointsLine(fact="customer_adds", maximum=30, full_at=3)`; 1 gives 10.
    """

    fact: str  # a count, number, money or rate
    maximum: Fraction = attrs.field(converter=Fraction)  # the cap
    full_at: Any  # the value of the fact that earns the maximum; credit below it is linear
    floor: Fraction = attrs.field(
        default=Fraction(0), converter=Fraction
    )  # points up to it make the line "below floor"
    gate: Criterion | None = None  # until it is met the line scores nothing
    text: Text | None = None

    def points(self, value: Any) -> Fraction | None:
        """The points of a value; None when it is unknown. Nothing is earned below zero."""
        if value is None:
            return None
        if isinstance(value, Money) and value.currency != self.full_at.currency:
            raise CurrencyMismatch(value, self.full_at)
        share = _amount(value) / _amount(self.full_at)
        return self.maximum * min(max(share, Fraction(0)), Fraction(1))


@attrs.frozen
class Track:
    """One way to score: a partner is judged by the track with the highest total."""

    name: str
    lines: tuple[PointsLine, ...]
    text: Text | None = None


@attrs.frozen
class LineScore:
    """What one line earned, and from what."""

    line: PointsLine
    value: Any  # None = unknown
    gate: Truth | None  # None = the line has no gate
    points: Fraction | None  # None = unknown

    @property
    def room(self) -> Fraction:
        """How many points the line could still add."""
        return self.line.maximum - (self.points or 0)


@attrs.frozen
class TrackScore:
    """The lines of one track."""

    track: Track
    lines: tuple[LineScore, ...]

    @property
    def total(self) -> Fraction | None:
        """The sum of the lines; None while one of them is unknown."""
        return total_of(line.points for line in self.lines)

    @property
    def most(self) -> Fraction:
        """What the total would be if every line that is unknown earned its maximum."""
        return sum(
            (one.line.maximum if one.points is None else one.points for one in self.lines), Fraction(0)
        )


@attrs.frozen(slots=False)
class Scorecard:
    """All tracks, and the metrics they score."""

    facts: FactSchema = attrs.field(converter=schema_of)
    tracks: tuple[Track, ...]

    def __attrs_post_init__(self) -> None:
        faults = Faults("the scorecard cannot be used")
        if len({track.name for track in self.tracks}) < len(self.tracks) or not self.tracks:
            faults.add("there is at least one track, and each has its own name", "tracks")
        for field in DERIVED:
            if field.name in self.facts:
                faults.add(
                    f"the metric {field.name!r} has the name of a fact that the scorecard derives", field.name
                )
        for place, track in enumerate(self.tracks):
            for number, line in enumerate(track.lines):
                self._check(line, faults, f"tracks[{place}].lines[{number}]")
            if not track.lines:
                faults.add("has no lines", f"tracks[{place}]")
        faults.raise_if_any()

    def _check(self, line: PointsLine, faults: Faults, path: str) -> None:
        if line.gate is not None:
            check_criterion(line.gate, self.facts, faults, f"{path}.gate")
        if line.fact not in self.facts:
            with faults.within(f"{path}.fact"):
                self.facts.place(line.fact)
            return
        field = self.facts.field(line.fact)
        kind = field.kind
        if kind not in (Kind.COUNT, Kind.NUMBER, Kind.MONEY, Kind.RATE):
            faults.add(f"{line.fact} is a {kind.value}; accepted: count, number, money, rate", f"{path}.fact")
        elif fault := kind.fault_of(line.full_at) or (None if line.full_at is not None else "is missing"):
            faults.add(fault, f"{path}.full_at")
        elif isinstance(line.full_at, Money) and field.currency not in (None, line.full_at.currency):
            faults.add(
                f"{line.fact} is counted in {field.currency}, the value is {line.full_at}", f"{path}.full_at"
            )
        elif _amount(line.full_at) <= 0:
            faults.add(f"found {line.full_at}; accepted: above zero", f"{path}.full_at")
        if line.maximum <= 0 or not 0 <= line.floor <= line.maximum:
            faults.add(
                f"the maximum, {line.maximum}, is above zero, and the floor, {line.floor}, not above it", path
            )

    @cached_property
    def schema(self) -> FactSchema:
        """The metrics, and what the scorecard derives from them."""
        return FactSchema(f"{self.facts.name} with points", (*self.facts.fields, *DERIVED))

    def scores(self, metrics: Any, as_of: datetime.date) -> tuple[TrackScore, ...]:
        """Every line of every track."""
        values = self.facts.values_of(metrics)
        return tuple(
            TrackScore(track, tuple(_line_score(line, values, metrics, as_of) for line in track.lines))
            for track in self.tracks
        )

    def best(self, scores: tuple[TrackScore, ...]) -> TrackScore | None:
        """The track with the highest total, the first of equals; None while an unknown one might reach it."""
        best = max(scores, key=lambda score: -1 if score.total is None else score.total)
        if best.total is None or any(one.total is None and one.most >= best.total for one in scores):
            return None
        return best

    def with_points(self, metrics: Any, as_of: datetime.date) -> FactSheet:
        """The metrics and the facts derived from the best track."""
        best = self.best(self.scores(metrics, as_of))
        derived: tuple[Any, ...] = (None, None, None, None)
        if best is not None:
            points = [line.points or Fraction(0) for line in best.lines]
            below = sum(line.points is None or line.points <= line.line.floor for line in best.lines)
            derived = (best.total, min(points), below, best.track.name)
        return FactSheet(self.schema, (*self.facts.values_of(metrics).values(), *derived))

    def __getstate__(self) -> dict[str, Any]:
        return {"facts": self.facts, "tracks": self.tracks}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def _line_score(line: PointsLine, values: dict[str, Any], metrics: Any, as_of: datetime.date) -> LineScore:
    value = values[line.fact]
    if line.gate is None:
        return LineScore(line, value, None, line.points(value))
    gate = truth_on(line.gate, values, metrics, as_of)
    points = {Truth.MET: line.points(value), Truth.UNMET: Fraction(0), Truth.UNKNOWN: None}[gate]
    return LineScore(line, value, gate, points)


def _amount(value: Any) -> Fraction:
    if isinstance(value, Money):
        return Fraction(value.minor)
    return value.fraction if isinstance(value, Rate) else Fraction(value)
