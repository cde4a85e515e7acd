"""Levels in a program document: what they ask for, movement between them, points, what levels give; and the way back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import attrs

from prmcore.decisions import FactSchema, Kind, Ladder, Rung
from prmcore.decisions.wire import criterion_to, value_from, value_to
from prmcore.errors import unknown_name
from prmcore.program.document.builder import Builder
from prmcore.program.document.metrics import plain_window, window_to
from prmcore.program.document.names import name_fault
from prmcore.program.document.shapes import (
    BenefitDocument,
    LineDocument,
    MovementDocument,
    RungDocument,
    TiersDocument,
)
from prmcore.tiers import Movement, PointsLine, Scorecard, TierPolicy, Track
from prmcore.tiers.benefits import Benefit, Benefits
from prmcore.tiers.scorecard import DERIVED
from prmcore.values import FiscalCalendar
from prmcore.values.wire import to_plain

__all__ = ["benefit_to", "benefits_from", "scorecard_to", "tiers_from", "tiers_to"]

ONE_LEVEL = TiersDocument(otherwise="partner", rungs=())  # of a program without tiers


def tiers_from(builder: Builder, facts: FactSchema, calendar: FiscalCalendar) -> TierPolicy | None:
    """The policy that was written; None, with faults, when it cannot be used."""
    document = builder.document.tiers or ONE_LEVEL
    scorecard = _scorecard(builder, facts)
    schema = facts
    if builder.document.scorecard is not None:
        derived = (field for field in DERIVED if field.name not in facts)
        schema = FactSchema(facts.name, (*facts.fields, *derived)) if scorecard is None else scorecard.schema
    rungs = [_rung(builder, one, schema, f"tiers.rungs[{place}]") for place, one in enumerate(document.rungs)]
    best_day_of = None
    if document.best_day_of is not None:
        best_day_of = plain_window(builder, document.best_day_of, "tiers.best_day_of")
    movement = _movement(builder, document.movement)
    with builder.faults.within("tiers"):
        ladder: Ladder[Any, str] = Ladder(
            builder.policy_name(),
            facts=schema,
            rungs=tuple(rungs),
            otherwise=document.otherwise,
            otherwise_text=document.otherwise_text,
        )
        return TierPolicy(ladder, movement, calendar, scorecard, best_day_of)
    return None


def _movement(builder: Builder, document: MovementDocument) -> Movement:
    values = {one.name: getattr(document, one.name) for one in attrs.fields(MovementDocument)}
    if not builder.lost.isdisjoint((document.initial.level,) if document.initial else ()):
        values["initial"] = None
    with builder.faults.within("tiers.movement"):
        return Movement(**{**values, "approval": frozenset(document.approval)})
    return Movement()


def _rung(builder: Builder, document: RungDocument, schema: FactSchema, path: str) -> Rung[str]:
    fault = name_fault(document.level, free=True)
    if fault:
        builder.faults.add(fault, f"{path}.level")
    criteria = builder.criteria(document.requires, schema, f"{path}.requires")
    return Rung(document.level, criteria, document.text)


def _scorecard(builder: Builder, facts: FactSchema) -> Scorecard | None:
    if builder.document.scorecard is None:
        return None
    tracks = []
    for place, track in enumerate(builder.document.scorecard.tracks):
        path = f"scorecard.tracks[{place}]"
        lines = [
            _line(builder, line, facts, f"{path}.lines[{number}]") for number, line in enumerate(track.lines)
        ]
        whole = tuple(line for line in lines if line is not None)
        if whole or not lines:  # else its lines have told what is wrong
            tracks.append(Track(track.name, whole, track.text))
    if builder.document.scorecard.tracks and not tracks:
        return None
    with builder.faults.within("scorecard"):
        return Scorecard(facts, tuple(tracks))
    return None


def _line(builder: Builder, document: LineDocument, facts: FactSchema, path: str) -> PointsLine | None:
    gate = None if document.gate is None else builder.criterion(document.gate, facts, f"{path}.gate")
    if document.fact in builder.lost:
        return None
    with builder.faults.within(f"{path}.fact"):
        facts.place(document.fact)
    if document.fact not in facts:
        return None
    with builder.faults.within(f"{path}.full_at"):
        return PointsLine(
            fact=document.fact,
            maximum=document.maximum,
            full_at=value_from(facts.field(document.fact).kind, document.full_at),
            floor=document.floor,
            gate=gate,
            text=document.text,
        )
    return None


def benefits_from(builder: Builder) -> Benefits:
    """What levels give."""
    tiers = builder.document.tiers or ONE_LEVEL
    texts = {one.level: one.text for one in tiers.rungs} | {tiers.otherwise: tiers.otherwise_text}
    found = [_benefit(builder, name, one, texts) for name, one in builder.document.benefits.items()]
    named = {level: text for level, text in texts.items() if text is not None}
    return Benefits(builder.policy_name(), tuple(found), named)


def _benefit(builder: Builder, name: str, document: BenefitDocument, levels: Collection[str]) -> Benefit:
    path = f"benefits.{name}"
    if (document.levels is None) == (document.values is None):
        builder.faults.add("accepted: either levels, or kind and values", path)
    elif (document.kind is None) != (document.values is None):
        builder.faults.add("kind and values go together", path)
    if document.values is None:
        for place, level in enumerate(document.levels or ()):
            _check_level(builder, level, levels, f"{path}.levels[{place}]")
        return Benefit(name, tuple((level, True) for level in document.levels or ()), text=document.text)
    kind = document.kind or Kind.BOOL
    by_level = []
    for level, written in document.values.items():
        _check_level(builder, level, levels, f"{path}.values.{level}")
        with builder.faults.within(f"{path}.values.{level}"):
            by_level.append((level, value_from(kind, written)))
    return Benefit(name, tuple(by_level), kind, document.text)


def _check_level(builder: Builder, level: str, levels: Collection[str], path: str) -> None:
    if level not in levels and not builder.lost & {level, "tiers", "rungs", "otherwise"}:
        builder.faults.add(unknown_name("level", level, levels), path)


def tiers_to(policy: TierPolicy) -> dict[str, Any]:
    """A policy as it is written."""
    movement = to_plain(policy.movement)
    return {
        "otherwise": policy.ladder.otherwise,
        "otherwise_text": to_plain(policy.ladder.otherwise_text),
        "best_day_of": None if policy.best_day_of is None else window_to(policy.best_day_of),
        "movement": {**movement, "approval": movement["approval"] or None},
        "rungs": [
            {
                "level": one.level,
                "text": to_plain(one.text),
                "requires": [criterion_to(criterion) for criterion in one.criteria],
            }
            for one in policy.ladder.rungs
        ],
    }


def scorecard_to(scorecard: Scorecard | None) -> dict[str, Any] | None:
    """Points as they are written."""
    if scorecard is None:
        return None
    return {
        "tracks": [
            {
                "name": track.name,
                "text": to_plain(track.text),
                "lines": [_line_to(line) for line in track.lines],
            }
            for track in scorecard.tracks
        ]
    }


def _line_to(line: PointsLine) -> dict[str, Any]:
    return {
        "fact": line.fact,
        "maximum": str(line.maximum),
        "full_at": value_to(line.full_at),
        "floor": str(line.floor) if line.floor else None,
        "gate": None if line.gate is None else criterion_to(line.gate),
        "text": to_plain(line.text),
    }


def benefit_to(benefit: Any) -> dict[str, Any]:
    """What levels give, as it is written."""
    text = to_plain(benefit.text)
    if benefit.kind is Kind.BOOL and all(value is True for _, value in benefit.by_level):
        return {"levels": [level for level, _ in benefit.by_level], "text": text}
    return {
        "kind": benefit.kind.value,
        "values": {level: value_to(value) for level, value in benefit.by_level},
        "text": text,
    }
