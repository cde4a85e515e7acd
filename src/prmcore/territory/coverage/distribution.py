"""Handing out accounts inside a territory: by turns, by room or by score; the same state gives the same member.

Turns are counted for each member and kept by the caller. A member that leaves resets nobody, and one that joins starts
where the least served stands, so that it is not flooded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias

import attrs

from prmcore.decisions.explain import Said
from prmcore.errors import InvalidInput
from prmcore.territory.coverage.model import CoverageModel, Distribution, Member, Territory

__all__ = ["Handed", "Turns", "handed"]

Number: TypeAlias = int | Fraction
_NO_LOADS: Mapping[str, int] = {}
_NO_SCORES: Mapping[str, Number] = {}


@attrs.frozen(kw_only=True)
class Turns:
    """How many accounts each member of a territory was given by turns, ever."""

    territory: str
    given: tuple[tuple[str, int], ...] = ()

    def count(self, members: Iterable[Member]) -> dict[str, int]:
        """By member; one that was given none yet counts as if it had had its share so far."""
        known = dict(self.given)
        present = list(members)
        served = [Fraction(known[one.id], one.weight) for one in present if one.id in known]
        start = min(served, default=Fraction(0))
        return {one.id: known.get(one.id, math.ceil(start * one.weight)) for one in present}

    def after(self, member: Member, members: Iterable[Member]) -> Turns:
        """The counter once this member had one more."""
        counted = self.count(members)
        counted[member.id] += 1
        return attrs.evolve(self, given=tuple(sorted({**dict(self.given), **counted}.items())))


@attrs.frozen
class Handed:
    """Who was given an account, of which territory, and why; None = nobody could take it."""

    member: str | None
    territory: str
    turns: Mapping[str, Turns]  # the counters as they are afterwards, by territory
    steps: tuple[Said, ...]


def handed(
    model: CoverageModel,
    territory: str,
    turns: Mapping[str, Turns],
    *,
    loads: Mapping[str, int] = _NO_LOADS,
    scores: Mapping[str, Number] = _NO_SCORES,
    unavailable: frozenset[str] = frozenset(),
) -> Handed:
    """The member that takes the next account; a territory in which nobody has room falls back on another.

    `loads` are the accounts that each member has; who is not there has none. `scores` are as the caller counts them; a
    member without one comes last. Equal ones are told apart by turns, and those by the order of the members.
    """
    steps: list[Said] = []
    tried: str | None = territory
    while tried is not None:
        one = model.territory(tried)
        free = [member for member in one.members if _has_room(member, loads) and member.id not in unavailable]
        if free or not one.members:
            return _handed(one, free, turns, loads, scores, steps)
        steps.append(Said("nobody in {territory} has room", {"territory": one.text or one.name}))
        tried = one.fallback
    return Handed(None, territory, turns, tuple(steps))


def _handed(
    one: Territory,
    free: list[Member],
    turns: Mapping[str, Turns],
    loads: Mapping[str, int],
    scores: Mapping[str, Number],
    steps: list[Said],
) -> Handed:
    if not one.members:
        return Handed(None, one.name, turns, tuple(steps))
    counter = turns.get(one.name, Turns(territory=one.name))
    counted = counter.count(one.members)
    places = {member.id: place for place, member in enumerate(one.members)}

    def turn(member: Member) -> tuple[Fraction, int]:
        return Fraction(counted[member.id], member.weight), places[member.id]

    best = min(free, key=lambda member: (_rank(one, member, loads, scores), *turn(member)))
    steps.append(_said(one, best, loads, scores, counted))
    after = {**turns, one.name: counter.after(best, one.members)}
    return Handed(best.id, one.name, after, tuple(steps))


def _has_room(member: Member, loads: Mapping[str, int]) -> bool:
    return member.capacity is None or loads.get(member.id, 0) < member.capacity


def _rank(
    one: Territory, member: Member, loads: Mapping[str, int], scores: Mapping[str, Number]
) -> tuple[int, Number]:
    """Smaller is better."""
    if one.distribution is Distribution.CAPACITY:
        load = loads.get(member.id, 0)
        return (1, load) if member.capacity is None else (0, load - member.capacity)
    if one.distribution is Distribution.SCORE:
        score = scores.get(member.id)
        return (1, 0) if score is None else (0, -score)
    return 0, 0


_WHY = {
    Distribution.ROUND_ROBIN: "{member} is next by turns: it had {count}, at weight {weight}",
    Distribution.CAPACITY: "{member} has most room: {load} of {capacity} are taken",
    Distribution.SCORE: "{member} has the highest score: {score}",
}


def _said(
    one: Territory,
    member: Member,
    loads: Mapping[str, int],
    scores: Mapping[str, Number],
    counted: Mapping[str, int],
) -> Said:
    values = {
        "member": member.id,
        "count": counted[member.id],
        "weight": member.weight,
        "load": loads.get(member.id, 0),
        "capacity": member.capacity,
        "score": scores.get(member.id),
    }
    return Said(_WHY[one.distribution], values)


def checked_turns(turns: Iterable[Turns]) -> dict[str, Turns]:
    """Counters by territory; two of one territory are refused."""
    found: dict[str, Turns] = {}
    for one in turns:
        if one.territory in found:
            raise InvalidInput(f"the turns of {one.territory!r} are given twice")
        found[one.territory] = one
    return found
