"""The tier policy: the level that the rules give, then how the program lets the partner move."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any, TypeAlias

import attrs

from prmcore.decisions import Decision, FactSchema, Ladder, Reason
from prmcore.decisions.explain import Said, said_of_reason
from prmcore.decisions.wire import facts_from, facts_to, value_to
from prmcore.errors import Faults, InvalidInput
from prmcore.tiers.model import Action, Guarantee, Movement, Override, Standing, TierFacts, TierOutcome
from prmcore.tiers.movement import MovementFacts, is_due, moved, movement_ladder
from prmcore.tiers.said import said_of_scores, said_of_standing
from prmcore.tiers.scorecard import Scorecard
from prmcore.values import FiscalCalendar, Lifetime, PeriodKind, Window
from prmcore.values.date_ranges import checked_date
from prmcore.values.wire import from_plain, to_plain

__all__ = ["TierPolicy"]

_GRANTED = {Action.UPGRADE_PROPOSED: Action.UPGRADED, Action.DOWNGRADE_PROPOSED: Action.DOWNGRADED}
MOST_CASES = 4096  # settled cases kept; a program has far fewer

# (level, level set by hand, place qualified for, best place not ruled out, rank guaranteed,
#  review due, year end due, grace over, notice given, notice over)
_Case: TypeAlias = tuple[str | None, str | None, int, int, int, bool, bool, bool, bool, bool]
_NOTHING_DUE = (False, False, False, False, False)


@attrs.frozen
class _WrittenFacts:
    """The facts of a recorded decision."""

    metrics: Any  # by name; of a policy that judges the best day of a window, by day and name
    standing: Standing | None
    data_as_of: datetime.date | None = None


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
        if isinstance(self.best_day_of, Lifetime):
            faults.add("a lifetime has no first day; accepted: any other window", "best_day_of")
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
        if as_of.__class__ is not datetime.date:
            checked_date(as_of, "as_of")
        place, mask, _ = self.qualified(facts.metrics, as_of)
        case = self._case(facts, place, mask, as_of)
        outcome, moved_by = self._settled.get(case) or self._settle(case)
        return Decision(outcome, self, as_of, facts, mask | moved_by)

    def qualified(self, metrics: Any, as_of: datetime.date) -> tuple[int, int, datetime.date]:
        """The place of the level among the ladder's, the mask, and the day that was judged.

        Of several days it is the one with the best level; of those, with the most points; of those, the last.
        """
        if self.best_day_of is None:
            place, mask = self.ladder.judge(self.seen(metrics, as_of), as_of)
            return place, mask, as_of
        best: tuple[int, int, datetime.date] | None = None
        most: Any = None
        for day, of_day in metrics:
            seen = self.seen(of_day, day)
            place, mask = self.ladder.judge(seen, day)
            points = -1 if self.scorecard is None or seen["points"] is None else seen["points"]
            if best is None or (place, -points) <= (best[0], -most):
                best, most = (place, mask, day), points
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

    def approved(self, decision: Decision[TierOutcome], on: datetime.date | None = None) -> Standing:
        """Where the partner stands once a person has approved, on a day, the move that the decision proposes."""
        granted = _GRANTED.get(decision.outcome.action)
        if granted is None:
            raise InvalidInput(
                f"the decision proposes no move: its action is {decision.outcome.action.value}"
            )
        day = on or decision.as_of
        if day < decision.as_of:
            raise InvalidInput(
                f"approved on {day.isoformat()}, before {decision.as_of.isoformat()}, the decision's day"
            )
        level = self._level_after(self._case_of(decision), granted)
        return moved(decision.facts.standing, level, granted, self.movement, day)

    def with_notice(self, standing: Standing, on: datetime.date) -> Standing:
        """Where the partner stands once a person has given it notice, on a day, that its level will be lost."""
        if self.movement.notice_days is None:
            raise InvalidInput(f"{self.name!r} moves partners without notice")
        if standing.below_since is None or standing.notice_until is not None:
            found = "is not below its level" if standing.below_since is None else "was given notice already"
            raise InvalidInput(f"the partner {found}; nothing to give notice of")
        return attrs.evolve(standing, notice_until=on + datetime.timedelta(days=self.movement.notice_days))

    def with_override(self, standing: Standing, override: Override) -> Standing:
        """Where the partner stands once a person has set its level for a time; the level earned waits below it."""
        self.ladder.rank(override.level)
        return attrs.evolve(standing, override=override)

    def with_guarantee(self, standing: Standing, guarantee: Guarantee) -> Standing:
        """Where the partner stands once a person has granted it a level below which it does not fall for a time."""
        self.ladder.rank(guarantee.level)
        return attrs.evolve(standing, guarantee=guarantee)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """One reason per rung, best first; `movement_reasons` says why the partner moved or stayed."""
        return self.ladder.reasons(self.ladder_decision(decision))

    def ladder_decision(self, decision: Decision[Any]) -> Decision[str]:
        """The part of the decision that says which level the partner qualifies for."""
        day = self.judged_day(decision)
        seen = self.seen(self.judged_metrics(decision), day)
        return Decision(decision.outcome.qualified, self.ladder, day, seen, self._ladder_mask(decision))

    def _ladder_mask(self, decision: Decision[Any]) -> int:
        return decision.mask & (1 << self._shift) - 1

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
        parts = [said_of_reason(part, self.movements.facts) for part in grounds]
        parts.extend(said_of_standing(standing, self.standing_after(decision), action))
        values = {"action": action, "from": standing and self.ladder.called(standing.level)}
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
            "mask": self._ladder_mask(
                decision
            ),  # the movement's criteria are prmcore's, and follow from the rest
        }

    def facts_from(self, written: Any) -> TierFacts[Any]:
        read = from_plain(written, _WrittenFacts, f"the facts are not those of {self.name}")
        return TierFacts(self._metrics_from(read.metrics), read.standing, read.data_as_of)

    def _metrics_to(self, metrics: Any) -> Any:
        if self.best_day_of is not None:
            return {day.isoformat(): self._values_to(of_day) for day, of_day in metrics}
        return self._values_to(metrics)

    def _values_to(self, metrics: Any) -> dict[str, Any]:
        return facts_to(self.facts, metrics)

    def _metrics_from(self, written: Any) -> Any:
        if self.best_day_of is None:
            return facts_from(self.facts, written)
        days = sorted(from_plain(written, dict[datetime.date, Any], "the metrics cannot be read").items())
        return tuple((day, facts_from(self.facts, of_day)) for day, of_day in days)

    def _case(self, facts: TierFacts[Any], place: int, mask: int, as_of: datetime.date) -> _Case:
        """All that movement depends on, in few distinct values, so that each case is settled once."""
        standing = facts.standing
        if standing is None:
            return (None, None, place, place, 0, *_NOTHING_DUE)
        override, guarantee = standing.override, standing.guarantee
        set_level = None if override is None or as_of not in override.period else override.level
        if set_level is not None:
            self.ladder.rank(set_level)
        floor = 0 if guarantee is None or as_of >= guarantee.until else self.ladder.rank(guarantee.level)
        ranks = self.ladder.ranks
        rank = ranks[standing.level] if standing.level in ranks else self.ladder.rank(standing.level)
        earned = max(len(ranks) - 1 - place, floor)
        if rank == earned:
            return (standing.level, set_level, place, place, floor, *_NOTHING_DUE)
        days = (standing.judged_on, as_of)
        review_due, year_end_due = self._due.get(days) or self._find_due(*days)
        return (
            standing.level,
            set_level,
            place,
            place if rank < earned else self._not_ruled_out(facts.metrics, place, mask, as_of),
            floor,
            review_due,
            year_end_due,
            standing.grace_until is not None and standing.grace_until <= as_of,
            standing.notice_until is not None,
            standing.notice_until is not None and standing.notice_until <= as_of,
        )

    def _not_ruled_out(self, metrics: Any, place: int, mask: int, as_of: datetime.date) -> int:
        """The place of the best level that the facts would reach if all that is unknown turned out well."""
        if self.best_day_of is not None:
            judged = [(day, self.seen(of_day, day)) for day, of_day in metrics]
        elif mask >> len(self.ladder.leaves):
            judged = [(as_of, self.seen(metrics, as_of))]
        else:
            return place
        decisions = [self.ladder.decide(seen, day) for day, seen in judged]
        return min(self.ladder.levels.index(self.ladder.could_be(one)) for one in decisions)

    def _rank_at(self, place: int) -> int:
        return len(self.ladder.rungs) - place

    def _find_due(self, judged_on: datetime.date, as_of: datetime.date) -> tuple[bool, bool]:
        """Whether a review, and a year's end, fell after the last judgement; a batch asks for few distinct days."""
        periods: tuple[PeriodKind, ...] = (self.movement.review, "year")
        review, year_end = (is_due(self.calendar, period, judged_on, as_of) for period in periods)
        if len(self._due) < MOST_CASES:
            self._due[judged_on, as_of] = (review, year_end)
        return review, year_end

    def _case_of(self, decision: Decision[TierOutcome]) -> _Case:
        place = self.ladder.levels.index(decision.outcome.qualified)
        return self._case(decision.facts, place, self._ladder_mask(decision), decision.as_of)

    def _target(self, case: _Case) -> int:
        """The rank to move to: what is surely earned when it is higher, else the best that is not ruled out."""
        level, _, place, possible, floor, *_ = case
        earned = max(self._rank_at(place), floor)
        return earned if level is None else max(earned, min(self._rank_at(possible), self.ladder.rank(level)))

    def _movement_facts(self, case: _Case) -> MovementFacts:
        level, set_level, place, _, floor, review_due, year_end_due, grace_over, notice_given, notice_over = (
            case
        )
        target = self._target(case)
        return MovementFacts(
            is_new=level is None,
            is_overridden=set_level is not None,
            is_guaranteed=floor > self._rank_at(place),
            steps=0 if level is None else target - self.ladder.rank(level),
            is_unclear=target > max(self._rank_at(place), floor),
            review_due=review_due,
            year_end_due=year_end_due,
            grace_over=grace_over,
            notice_given=notice_given,
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
        level, set_level, *_ = case
        if action is Action.OVERRIDDEN and set_level is not None:
            return set_level
        if level is None:
            return self.ladder.levels[-1 - max(self._target(case), self._initial_rank)]
        if action not in (Action.UPGRADED, Action.DOWNGRADED):
            return level
        target = self._target(case)
        if action is Action.DOWNGRADED and self.movement.one_step_down:
            target = max(target, self.ladder.rank(level) - 1)
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
