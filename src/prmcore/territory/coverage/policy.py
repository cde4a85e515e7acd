"""The policy of a coverage model: from an account and a day to who covers it, and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from prmcore.decisions import Decision, FactSchema, FactSheet, Reason, Rule, RuleReason, Truth
from prmcore.decisions.explain import Said
from prmcore.decisions.wire import facts_from, facts_to
from prmcore.errors import Faults, InvalidInput
from prmcore.territory.coverage.batch import Batch
from prmcore.territory.coverage.index import CoverageIndex, Result, Winner, places_in
from prmcore.territory.coverage.model import (
    ACCOUNT,
    CoverageModel,
    CoverageRule,
    CoverageState,
    PostcodeDimension,
    Ranking,
    Role,
)
from prmcore.values import checked_date

__all__ = ["Assignment", "CoveragePolicy", "Step"]


@attrs.frozen
class Assignment:
    """Who covers an account."""

    result: Result
    territory: str | None = None
    rule: str | None = None  # the one that won
    tied: tuple[str, ...] = ()  # rules that nothing tells apart, of several territories
    overlays: tuple[str, ...] = ()  # territories that cover the account beside the winner
    excluded: tuple[str, ...] = ()  # rules that hold, and that an exclusion takes away
    is_arbitrary: bool = False  # told apart by ids alone


@attrs.frozen
class Step:
    """One step of the ranking: which rules were left after it, and which fell out."""

    ranking: Ranking | None  # None = by role: a house rule falls out beside a primary one
    left: tuple[CoverageRule, ...]
    fell: tuple[CoverageRule, ...] = ()


@attrs.frozen(slots=False, repr=False)
class CoveragePolicy:
    """Decides who covers an account on a day; the same for every order of the rules in the model.

    `facts` are those of the model: a `FactSheet` with the account's id and its value in each dimension, None = unknown.
    """

    model: CoverageModel

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def facts(self) -> FactSchema:
        return self.model.facts

    @cached_property
    def index(self) -> CoverageIndex:
        return CoverageIndex(self.model)

    @cached_property
    def _batch(self) -> Batch:
        return Batch(self.index)

    def account(self, id: str, /, **values: Any) -> FactSheet:
        """An account as the policy takes it; what is not given is unknown."""
        if ACCOUNT in values:
            raise InvalidInput(f"found {ACCOUNT} among the values of {id!r:.60}; accepted: dimensions only")
        return FactSheet.of(self.facts, {ACCOUNT: id, **values})

    def decide(self, facts: FactSheet, as_of: datetime.date) -> Decision[Assignment]:
        """Who covers the account on that day; the mask is the set of rules that hold, by their places in the index."""
        checked_date(as_of, "as_of")
        if facts.schema != self.facts:
            raise InvalidInput(
                f"found facts of {facts.schema.name!r}; these are asked of {self.facts.name!r}"
            )
        holding = self.index.holding(facts.values, as_of)
        return Decision(self.outcome(holding), self, as_of, facts, holding)

    def check(self, facts: FactSheet) -> None:
        """Refuses values that their dimensions do not know, all of them at once."""
        faults = Faults(f"the account {facts[ACCOUNT]!r:.60} cannot be covered")
        for name, value in zip(self.index.names, facts.values, strict=True):
            if name in self.index.columns and not isinstance(
                self.model.dimension_or_none(name), PostcodeDimension
            ):
                with faults.within(name):
                    self.index.columns[name].axis.place(value)
        faults.raise_if_any()

    def outcome(self, holding: int) -> Assignment:
        """What comes of rules that hold together."""
        index = self.index
        left = index.without_excluded(holding)
        winner = index.winner(left)
        overlays = {index.rules[place].territory for place in places_in(left & index.of_role[Role.OVERLAY])}
        return Assignment(
            winner.result, winner.territory, winner.rule, winner.tied,
            tuple(sorted(one for one in overlays if one is not None)),
            tuple(sorted(index.rules[place].id for place in places_in(holding & ~left))),
            winner.is_arbitrary,
        )  # fmt: skip

    def winners(self, columns: Mapping[str, Sequence[Any]], as_of: datetime.date) -> list[Winner]:
        """The winner for each of many accounts, from columns of values by dimension; quicker than one by one."""
        if ACCOUNT not in columns:
            raise InvalidInput(f"the column {ACCOUNT!r} is missing; accepted: one value for each account")
        return self._batch.winners(columns, checked_date(as_of, "as_of"))

    def held(self, decision: Decision[Any]) -> tuple[CoverageRule, ...]:
        """Every rule that holds, in the order in which they win, with what is excluded."""
        return tuple(self.index.rules[place] for place in places_in(decision.mask))

    def steps(self, decision: Decision[Any]) -> tuple[Step, ...]:
        """The ranking, step by step; a step after which one rule is left is the last."""
        index = self.index
        left = list(places_in(index.without_excluded(decision.mask) & index.competing))
        if not left:
            return ()
        found = [self._by_role(left)]
        left = [place for place in left if index.rules[place] in found[0].left]
        for ranking in self.model.ranking:
            if len(left) == 1:
                break
            kept = self._kept(ranking, left)
            fell = [place for place in left if place not in kept]
            found.append(Step(ranking, self._rules(kept), self._rules(fell)))
            left = kept
        return tuple(found)

    def _by_role(self, places: list[int]) -> Step:
        rules = self._rules(places)
        primaries = tuple(rule for rule in rules if rule.role is Role.PRIMARY)
        return Step(
            None, primaries or rules, tuple(rule for rule in rules if primaries and rule not in primaries)
        )

    def _kept(self, ranking: Ranking, places: list[int]) -> list[int]:
        rules = self.index.rules
        if ranking is Ranking.PRIORITY:
            highest = max(rules[place].priority for place in places)
            return [place for place in places if rules[place].priority == highest]
        if ranking is Ranking.NAMED:
            return [place for place in places if rules[place].accounts is not None] or places
        if ranking is Ranking.ID:
            return [min(places, key=lambda place: rules[place].id)]
        beaten = self.index.beaten_inside if ranking is Ranking.SPECIFICITY else self.index.beaten_by_order
        return [place for place in places if not any(beaten(other) >> place & 1 for other in places)]

    def _rules(self, places: Iterable[int]) -> tuple[CoverageRule, ...]:
        return tuple(self.index.rules[place] for place in places)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """The rules that hold, in the order in which they win; one that an exclusion takes away is unmet."""
        left = self.index.without_excluded(decision.mask)
        return tuple(
            Reason(_as_criterion(self.index.rules[place]), Truth.of(bool(left >> place & 1)))
            for place in places_in(decision.mask)
        )

    def said(self, decision: Decision[Any]) -> Said:
        from prmcore.territory.coverage.said import said_of_assignment

        return said_of_assignment(self, decision)

    def written(self, decision: Decision[Any]) -> dict[str, Any]:
        """The account, the outcome and the rules that hold, as plain JSON values."""
        facts = facts_to(self.facts, decision.facts)
        outcome = {name: _plain(value) for name, value in attrs.asdict(decision.outcome).items()}
        return {"facts": facts, "outcome": outcome, "mask": decision.mask}

    def facts_from(self, written: Any) -> FactSheet:
        found: FactSheet = facts_from(self.facts, written)
        return found

    @property
    def decides(self) -> bool:
        """Whether the model may be used: a draft is looked at only."""
        return self.model.state is not CoverageState.DRAFT

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __repr__(self) -> str:
        return f"CoveragePolicy({self.name!r})"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _as_criterion(rule: CoverageRule) -> Rule:
    return Rule(rule.id, _held, rule.text)


def _held(facts: Any, as_of: datetime.date) -> RuleReason:
    """Stands for a coverage rule, which is data of its own; what it asks is said by `said`."""
    return RuleReason(Truth.UNKNOWN)
