"""The policy of a coverage model: from an account and a day to who covers it, and why."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from prmcore.decisions import Decision, FactSchema, FactSheet, Reason, Rule, RuleReason, Truth
from prmcore.decisions.explain import Said
from prmcore.decisions.wire import facts_from, facts_to
from prmcore.errors import Faults, InvalidInput
from prmcore.territory.coverage.assignment import Assignment, Step, assignment, rules_at, steps
from prmcore.territory.coverage.batch import Batch
from prmcore.territory.coverage.index import CoverageIndex, Winner, places_in
from prmcore.territory.coverage.model import (
    ACCOUNT,
    CoverageModel,
    CoverageRule,
    CoverageState,
    PostcodeDimension,
)
from prmcore.territory.coverage.said import said_of_assignment
from prmcore.values import checked_date

__all__ = ["CoveragePolicy"]


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
        return Decision(assignment(self.index, holding), self, as_of, facts, holding)

    def check(self, facts: FactSheet) -> None:
        """Refuses values that their dimensions do not know, all of them at once."""
        faults = Faults(f"the account {facts[ACCOUNT]!r:.60} cannot be covered")
        for name, value in zip(self.index.names, facts.values, strict=True):
            if not isinstance(self.model.dimension_or_none(name), PostcodeDimension):
                with faults.within(name):
                    self.index.columns[name].axis.place(value)
        faults.raise_if_any()

    def winners(self, columns: Mapping[str, Sequence[Any]], as_of: datetime.date) -> list[Winner]:
        """The winner for each of many accounts, from columns of values by dimension; quicker than one by one."""
        if ACCOUNT not in columns:
            raise InvalidInput(f"the column {ACCOUNT!r} is missing; accepted: one value for each account")
        return self._batch.winners(columns, checked_date(as_of, "as_of"))

    def held(self, decision: Decision[Any]) -> tuple[CoverageRule, ...]:
        """Every rule that holds, in the order in which they win, with what is excluded."""
        return rules_at(self.index, places_in(decision.mask))

    def steps(self, decision: Decision[Any]) -> tuple[Step, ...]:
        """The ranking, step by step; a step after which one rule is left is the last."""
        return steps(self.index, decision.mask)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """The rules that hold, in the order in which they win; one that an exclusion takes away is unmet."""
        left = self.index.without_excluded(decision.mask)
        return tuple(
            Reason(_as_criterion(self.index.rules[place]), Truth.of(bool(left >> place & 1)))
            for place in places_in(decision.mask)
        )

    def said(self, decision: Decision[Any]) -> Said:
        return said_of_assignment(self.index, decision)

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
