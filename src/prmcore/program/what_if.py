"""What if: two versions of a program over the same facts, the way to the next level, and what the next review takes."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from prmcore.decisions import Decision
from prmcore.decisions.criteria import AllOf, Truth
from prmcore.decisions.distance import Change, Distance, distance_to
from prmcore.decisions.domains import ordinal
from prmcore.errors import InvalidInput
from prmcore.program.judge import Judged, RecordedDecision
from prmcore.program.model import Program
from prmcore.tiers import TierFacts, TierOutcome
from prmcore.tiers.scorecard import LineScore

__all__ = [
    "AtReview",
    "Close",
    "Move",
    "NextLevel",
    "at_next_review",
    "close_to_next",
    "compared",
    "distance_of",
    "in_danger",
    "moves",
    "next_level",
]


LITTLE = Fraction(1, 4)  # of what a level asks for, so that a partner is close to it


@attrs.frozen
class Move:
    """A partner whose level differs between two ways of deciding, on one day."""

    partner: str
    day: datetime.date
    before: str  # the level
    after: Decision[TierOutcome]

    @property
    def levels(self) -> tuple[str, str]:
        return self.before, self.after.outcome.level


def moves(before: Iterable[Judged | RecordedDecision], after: Iterable[Judged]) -> tuple[Move, ...]:
    """Who stands elsewhere, on each day that both judge: two versions over the same facts, or history and what-if."""
    was = dict(map(_level_of, before))
    found = []
    for one in after:
        (partner, day), level = _level_of(one)
        if was.get((partner, day), level) != level:
            found.append(Move(partner, day, was[partner, day], one.decision))
    return tuple(found)


def compared(before: Iterable[Judged | RecordedDecision], after: Iterable[Judged]) -> Counter[datetime.date]:
    """How many partners both ways judge, by day: where there are none, nothing can be said to have moved."""
    was = dict(map(_level_of, before))
    keys = (key for key, _ in map(_level_of, after))
    return Counter(day for partner, day in keys if (partner, day) in was)


def _level_of(one: Judged | RecordedDecision) -> tuple[tuple[str, datetime.date], str]:
    if isinstance(one, RecordedDecision):
        return (one.partner, one.day), one.level
    return (one.partner, one.decision.as_of), one.decision.outcome.level


@attrs.frozen
class NextLevel:
    """What is missing for a level."""

    level: str
    distance: Distance
    room: tuple[
        LineScore, ...
    ] = ()  # of a scorecard: the best track's lines and how many points each could add


def distance_of(program: Program, decision: Decision[TierOutcome], level: str) -> NextLevel:
    """What is missing for any level of the ladder, with every smallest set of changes that would do it."""
    policy = program.tiers
    by_rules = policy.ladder_decision(decision)
    rungs = {one.level: one for one in policy.ladder.rungs}
    if level not in rungs:
        raise InvalidInput(f"{program.full_name} has no rung {level!r}; its rungs: {', '.join(rungs)}")
    values = policy.ladder.facts.values_of(by_rules.facts)
    distance = distance_to(
        rungs[level].criterion, policy.ladder.facts, values, by_rules.facts, by_rules.as_of
    )
    return NextLevel(level, distance, _room(program, decision, by_rules.as_of))


def _room(program: Program, decision: Decision[TierOutcome], day: datetime.date) -> tuple[LineScore, ...]:
    scorecard = program.tiers.scorecard
    if scorecard is None:
        return ()
    scores = scorecard.scores(program.tiers.judged_metrics(decision), day)
    best = scorecard.best(scores)
    return () if best is None else best.lines


def next_level(program: Program, decision: Decision[TierOutcome]) -> NextLevel | None:
    """What is missing for the level above the one the partner qualifies for; None at the top."""
    levels = program.tiers.ladder.levels
    place = levels.index(decision.outcome.qualified)
    return None if place == 0 else distance_of(program, decision, levels[place - 1])


@attrs.frozen
class AtReview:
    """What the next review would do if nothing changed until then."""

    day: datetime.date
    decision: Decision[TierOutcome]
    lost: Mapping[str, Any]  # benefits of today's level that would be gone, by name


def at_next_review(program: Program, decision: Decision[TierOutcome]) -> AtReview:
    """The level on the next review day from the same metrics, and the benefits that would be lost."""
    policy = program.tiers
    tomorrow = decision.as_of + datetime.timedelta(days=1)
    day = policy.calendar.period(policy.movement.review, tomorrow).range.last_day
    facts = decision.facts
    then = policy.decide(TierFacts(facts.metrics, policy.standing_after(decision), facts.data_as_of), day)
    return AtReview(day, then, program.benefits.lost(decision.outcome.level, then.outcome.level))


@attrs.frozen
class Close:
    """A partner that one change would lift to the next level, and that change."""

    partner: str
    level: str  # to be reached
    change: Change
    share: Fraction  # of the target that is missing, from 0 to 1


def in_danger(program: Program, decisions: Iterable[Judged]) -> tuple[tuple[str, AtReview], ...]:
    """Who would stand lower after the next review if nothing changed, those that lose most levels first."""
    ranks = program.tiers.ladder.ranks
    found = []
    for one in decisions:
        level = one.decision.outcome.level
        review = at_next_review(program, one.decision)
        lost = ranks[level] - ranks[review.decision.outcome.level] if level in ranks else 0
        if lost > 0:
            found.append((-lost, one.partner, review))
    return tuple((partner, review) for _, partner, review in sorted(found, key=lambda one: one[:2]))


def close_to_next(program: Program, decisions: Iterable[Judged]) -> tuple[Close, ...]:
    """Who lacks one thing for the next level, and at most a quarter of that: nearest first.

    Only amounts are compared: money, counts, numbers and rates above zero.
    """
    found: list[Close] = []
    for one in decisions:
        following = next_level(program, one.decision) if _lacks_one_thing(program, one.decision) else None
        for way in following.distance.ways if following is not None else ():
            share = _share_missing(way.changes[0]) if len(way.changes) == 1 and not way.rules else None
            if share is not None and share <= LITTLE and following is not None:
                found.append(Close(one.partner, following.level, way.changes[0], share))
                break
    return tuple(sorted(found, key=lambda close: (close.share, close.partner)))


def _lacks_one_thing(program: Program, decision: Decision[TierOutcome]) -> bool:
    """Whether all but one of the criteria of the next level are met; cheaper than its distance."""
    levels = program.tiers.ladder.levels
    place = levels.index(decision.outcome.qualified) - 1
    if place < 0:
        return False
    reason = program.tiers.reasons(decision)[place]
    parts = reason.parts if isinstance(reason.criterion, AllOf) else (reason,)
    return sum(part.truth is not Truth.MET for part in parts) == 1


def _share_missing(change: Change) -> Fraction | None:
    if change.observed is None or isinstance(change.target, (bool, str, frozenset, datetime.date)):
        return None
    target, observed = ordinal(change.target), ordinal(change.observed)
    return (target - observed) / target if target > 0 and 0 <= observed < target else None
