"""What if: two versions of a program over the same facts, the way to the next level, and what the next review takes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from prmcore.decisions import Decision
from prmcore.decisions.distance import Distance, distance_to
from prmcore.errors import InvalidInput
from prmcore.program.judge import Judged
from prmcore.program.model import Program
from prmcore.tiers import TierFacts, TierOutcome
from prmcore.tiers.scorecard import LineScore

__all__ = ["AtReview", "Move", "NextLevel", "at_next_review", "distance_of", "moves", "next_level"]


@attrs.frozen
class Move:
    """A partner whose level differs between two ways of deciding, on one day."""

    partner: str
    day: datetime.date
    before: Decision[TierOutcome]
    after: Decision[TierOutcome]

    @property
    def levels(self) -> tuple[str, str]:
        return self.before.outcome.level, self.after.outcome.level


def moves(before: Iterable[Judged], after: Iterable[Judged]) -> tuple[Move, ...]:
    """Who stands elsewhere, on each day that both judge: two versions over the same facts, or history and what-if."""
    was = {(one.partner, one.decision.as_of): one.decision for one in before}
    found = []
    for one in after:
        other = was.get((one.partner, one.decision.as_of))
        if other is not None and other.outcome.level != one.decision.outcome.level:
            found.append(Move(one.partner, one.decision.as_of, other, one.decision))
    return tuple(found)


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
