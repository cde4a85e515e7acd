"""The tier policy: the level that the rules give, then how the program lets the partner move."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any, TypeAlias

import attrs

from prmcore.decisions import Decision, FactSchema, Ladder, Reason
from prmcore.decisions.explain import Said, said_of_reason
from prmcore.decisions.wire import facts_from, value_to
from prmcore.errors import Faults, InvalidInput
from prmcore.tiers.model import Action, Movement, Standing, TierFacts, TierOutcome
from prmcore.tiers.movement import MovementFacts, is_due, moved, movement_ladder
from prmcore.tiers.said import said_of_scores, said_of_standing
from prmcore.tiers.scorecard import Scorecard
from prmcore.values import FiscalCalendar, PeriodKind, Window
from prmcore.values.wire import from_plain, to_plain

__all__ = ["TierPolicy"]

_GRANTED = {Action.UPGRADE_PROPOSED: Action.UPGRADED, Action.DOWNGRADE_PROPOSED: Action.DOWNGRADED}
MOST_CASES = 4096  # settled cases kept; a program has far fewer

# (level, level set by hand, place qualified for, rank guaranteed, review due, year end due, grace over, notice over)
_Case: TypeAlias = tuple[str | None, str | None, int, int, bool, bool, bool, bool]


@attrs.frozen(slots=False, repr=False)
class TierPolicy:
    """Answers which level a partner has on a day, and whether it moves there.

    The ladder gives the level that the partner qualifies for; the movement, itself a ladder over what is due, decides
    whether the partner moves to it now. The decision keeps both masks in one.
    """

    ladder: Ladder[Any, str]  # over the metrics, or over the scorecard's schema when there is one
    movement: Movement = Movement()
    calendar: FiscalCalendar = FiscalCalendar()
    scorecard: Scorecard | None = None
    best_day_of: Window | None = (
        None  # judge each day of this window, and take the best; None = the day itself
    )

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.ladder.name!r} cannot be used")
        if self.scorecard is not None and self.ladder.facts != self.scorecard.schema:
            faults.add("the ladder of a scorecard is built over the scorecard's schema", "ladder.facts")
        if self.movement.initial is not None:
            with faults.within("movement.initial.level"):
                self.ladder.rank(self.movement.initial.level)
        faults.raise_if_any()

    @property
    def name(self) -> str:
        return self.ladder.name

    @property
    def facts(self) -> FactSchema:
        """The metrics that the policy looks at."""
        return self.scorecard.facts if self.scorecard is not None else self.ladder.facts

    def decide(self, facts: TierFacts[Any], as_of: datetime.date) -> Decision[TierOutcome]:
        """The level after this day, the level qualified for, and the action that joins them."""
        place, mask, _ = self.qualified(facts.metrics, as_of)
        case = self._case(facts.standing, place, as_of)
        outcome, moved_by = self._settled.get(case) or self._settle(case)
        return Decision(outcome, self, as_of, facts, mask | moved_by)

    def qualified(self, metrics: Any, as_of: datetime.date) -> tuple[int, int, datetime.date]:
        """The place of the level among the ladder's, the mask, and the day that was judged (the best, if of several)."""
        if self.best_day_of is None:
            place, mask = self.ladder.judge(self.seen(metrics, as_of), as_of)
            return place, mask, as_of
        best: tuple[int, int, datetime.date] | None = None
        for day, of_day in metrics:
            place, mask = self.ladder.judge(self.seen(of_day, day), day)
            if best is None or place < best[0]:
                best = (place, mask, day)
        if best is None:
            raise InvalidInput(f"{self.name!r} judges the best day of a window; found no days")
        return best

    def seen(self, metrics: Any, as_of: datetime.date) -> Any:
        """What the ladder looks at: the metrics, with the points of the scorecard."""
        return metrics if self.scorecard is None else self.scorecard.with_points(metrics, as_of)

    def standing_after(self, decision: Decision[TierOutcome]) -> Standing:
        """Where the partner stands after the decision: what the next one is judged from."""
        outcome, standing = decision.outcome, decision.facts.standing
        return moved(standing, outcome.level, outcome.action, self.movement, decision.as_of)

    def approved(self, decision: Decision[TierOutcome]) -> Standing:
        """Where the partner stands once a person has approved the move that the decision proposes."""
        granted = _GRANTED.get(decision.outcome.action)
        if granted is None:
            raise InvalidInput(
                f"the decision proposes no move: its action is {decision.outcome.action.value}"
            )
        level = self._level_after(self._case_of(decision), granted)
        return moved(decision.facts.standing, level, granted, self.movement, decision.as_of)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """One reason per rung, best first; `movement_reasons` says why the partner moved or stayed."""
        return self.ladder.reasons(self.ladder_decision(decision))

    def ladder_decision(self, decision: Decision[Any]) -> Decision[str]:
        """The part of the decision that says which level the partner qualifies for."""
        mask = decision.mask & (1 << self._shift) - 1
        day = self.judged_day(decision)
        seen = self.seen(self.judged_metrics(decision), day)
        return Decision(decision.outcome.qualified, self.ladder, day, seen, mask)

    def movement_decision(self, decision: Decision[Any]) -> Decision[Action]:
        """The part of the decision that says why the level moved or stayed: one reason per action, in precedence."""
        facts = self._movement_facts(self._case_of(decision))
        return Decision(
            decision.outcome.action, self.movements, decision.as_of, facts, decision.mask >> self._shift
        )

    def judged_day(self, decision: Decision[Any]) -> datetime.date:
        """The day whose metrics decided: the best one where the best of a window counts."""
        return self.qualified(decision.facts.metrics, decision.as_of)[2]

    def judged_metrics(self, decision: Decision[Any]) -> Any:
        """The metrics that decided."""
        if self.best_day_of is None:
            return decision.facts.metrics
        return dict(decision.facts.metrics)[self.judged_day(decision)]

    def said(self, decision: Decision[Any]) -> Said:
        """The outcome, why the partner qualifies for it, the points, and why it moved or stayed."""
        outcome = decision.outcome
        values = {"policy": self.name, "day": decision.as_of, "level": self.ladder.called(outcome.level)}
        by_rules = self.ladder_decision(decision)
        qualified = {"level": self.ladder.called(outcome.qualified)}
        parts = [Said("qualifies for {level}", qualified, None, self.ladder.said_rungs(by_rules))]
        if self.best_day_of is not None:
            parts.insert(0, Said("judged on the best day: {day}", {"day": by_rules.as_of}))
        if self.scorecard is not None:
            metrics = self.judged_metrics(decision)
            parts.extend(said_of_scores(self.scorecard, self.scorecard.scores(metrics, by_rules.as_of)))
        parts.append(self._said_movement(decision))
        known = decision.facts.data_as_of
        if known is not None and known != decision.as_of:
            parts.append(Said("from data up to {day}", {"day": known}))
        return Said("{policy} on {day}: {level}", values, None, tuple(parts))

    def _said_movement(self, decision: Decision[TierOutcome]) -> Said:
        """The action, and the criteria that led to it."""
        standing, action = decision.facts.standing, decision.outcome.action
        by_movement = self.movement_decision(decision)
        met = [reason for reason in by_movement.reasons if reason.level is action]
        grounds = tuple(part for reason in met for part in (reason.parts or (reason,)))
        parts = [said_of_reason(part, self.movements.facts.label) for part in grounds]
        parts.extend(said_of_standing(standing, self.standing_after(decision), action))
        values = {"action": action, "from": self.ladder.called(standing.level) if standing else "-"}
        message = "{action}" if standing is None else "{action}; the level before was {from}"
        return Said(message, values, None, tuple(parts))

    def written(self, decision: Decision[Any]) -> dict[str, Any]:
        facts, outcome = decision.facts, decision.outcome
        return {
            "facts": {
                "metrics": self._metrics_to(facts.metrics),
                "standing": facts.standing and to_plain(facts.standing),
                "data_as_of": value_to(facts.data_as_of),
            },
            "outcome": {
                "level": outcome.level,
                "qualified": outcome.qualified,
                "action": outcome.action.value,
            },
        }

    def facts_from(self, written: Any) -> TierFacts[Any]:
        known = written.get("data_as_of")
        return TierFacts(
            metrics=self._metrics_from(written["metrics"]),
            standing=written["standing"] and from_plain(written["standing"], Standing),
            data_as_of=known and datetime.date.fromisoformat(known),
        )

    def _metrics_to(self, metrics: Any) -> Any:
        if self.best_day_of is not None:
            return {day.isoformat(): self._values_to(of_day) for day, of_day in metrics}
        return self._values_to(metrics)

    def _values_to(self, metrics: Any) -> dict[str, Any]:
        return {name: value_to(value) for name, value in self.facts.values_of(metrics).items()}

    def _metrics_from(self, written: Any) -> Any:
        if self.best_day_of is None:
            return facts_from(self.facts, written)
        days = sorted(written)
        return tuple((datetime.date.fromisoformat(day), facts_from(self.facts, written[day])) for day in days)

    def _case(self, standing: Standing | None, place: int, as_of: datetime.date) -> _Case:
        """All that movement depends on, in few distinct values, so that each case is settled once."""
        if standing is None:
            return (None, None, place, 0, False, False, False, False)
        ranks = self.ladder.ranks
        override, guarantee = standing.override, standing.guarantee
        set_level = None if override is None or as_of not in override.period else override.level
        floor = 0 if guarantee is None or as_of >= guarantee.until else ranks[guarantee.level]
        if ranks[standing.level] == max(len(ranks) - 1 - place, floor):
            return (standing.level, set_level, place, floor, False, False, False, False)
        return (
            standing.level,
            set_level,
            place,
            floor,
            *(self._due.get((standing.judged_on, as_of)) or self._find_due(standing.judged_on, as_of)),
            standing.grace_until is not None and standing.grace_until <= as_of,
            standing.notice_until is not None and standing.notice_until <= as_of,
        )

    def _find_due(self, judged_on: datetime.date, as_of: datetime.date) -> tuple[bool, bool]:
        """Whether a review, and a year's end, fell after the last judgement; a batch asks for few distinct days."""
        periods: tuple[PeriodKind, ...] = (self.movement.review, "year")
        review, year_end = (is_due(self.calendar, period, judged_on, as_of) for period in periods)
        if len(self._due) < MOST_CASES:
            self._due[judged_on, as_of] = (review, year_end)
        return review, year_end

    def _case_of(self, decision: Decision[TierOutcome]) -> _Case:
        place = self.ladder.levels.index(decision.outcome.qualified)
        return self._case(decision.facts.standing, place, decision.as_of)

    def _movement_facts(self, case: _Case) -> MovementFacts:
        level, set_level, place, floor, review_due, year_end_due, grace_over, notice_over = case
        rank = len(self.ladder.rungs) - place
        return MovementFacts(
            is_new=level is None,
            is_overridden=set_level is not None,
            is_guaranteed=floor > rank,
            steps=0 if level is None else max(rank, floor) - self.ladder.rank(level),
            review_due=review_due,
            year_end_due=year_end_due,
            grace_over=grace_over,
            notice_over=notice_over,
        )

    def _settle(self, case: _Case) -> tuple[TierOutcome, int]:
        """The outcome of a case, and the movement's mask in its place above the ladder's."""
        place, mask = self.movements.judge(self._movement_facts(case), datetime.date.min)
        action = self.movements.levels[place]
        outcome = TierOutcome(self._level_after(case, action), self.ladder.levels[case[2]], action)
        if len(self._settled) < MOST_CASES:
            self._settled[case] = (outcome, mask << self._shift)
        return outcome, mask << self._shift

    def _level_after(self, case: _Case, action: Action) -> str:
        level, set_level, place, floor, *_ = case
        if action is Action.OVERRIDDEN and set_level is not None:
            return set_level
        if level is not None and action not in (Action.UPGRADED, Action.DOWNGRADED):
            return level
        target = max(len(self.ladder.rungs) - place, floor, self._initial_rank if level is None else 0)
        if action is Action.DOWNGRADED and self.movement.one_step_down:
            target = max(target, self.ladder.rank(str(level)) - 1)
        return self.ladder.levels[-1 - target]

    @cached_property
    def _initial_rank(self) -> int:
        return 0 if self.movement.initial is None else self.ladder.rank(self.movement.initial.level)

    @cached_property
    def movements(self) -> Ladder[MovementFacts, Action]:
        """The movement as the ladder that it is."""
        return movement_ladder(self.name, self.movement)

    @cached_property
    def _settled(self) -> dict[_Case, tuple[TierOutcome, int]]:
        return {}

    @cached_property
    def _due(self) -> dict[tuple[datetime.date, datetime.date], tuple[bool, bool]]:
        return {}

    @cached_property
    def _shift(self) -> int:
        return 2 * len(self.ladder.leaves)

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __repr__(self) -> str:
        return f"TierPolicy({self.name!r}: {', '.join(self.ladder.levels)})"
