"""Two versions of a coverage model side by side: which accounts move, from whom to whom, and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from prmcore.decisions import Decision
from prmcore.decisions.explain import Said
from prmcore.territory.coverage.assignment import Assignment
from prmcore.territory.coverage.index import Result
from prmcore.territory.coverage.policy import CoveragePolicy
from prmcore.territory.coverage.said import said_of_outcome, territory_called

__all__ = ["AccountMove", "moved_accounts", "said_of_account_move"]


@attrs.frozen
class AccountMove:
    """An account that another version of the model gives to somebody else."""

    account: str
    before: Decision[Assignment]
    after: Decision[Assignment]


def moved_accounts(
    before: CoveragePolicy,
    after: CoveragePolicy,
    accounts: Mapping[str, Mapping[str, Any]],
    as_of: datetime.date,
) -> Iterator[AccountMove]:
    """The accounts that move when one version takes the other's place, in their order.

    `accounts` are values by dimension; each version looks at the dimensions that it has.
    """
    for id, values in accounts.items():
        was, is_now = (_decided(policy, id, values, as_of) for policy in (before, after))
        if _who(was) != _who(is_now):
            yield AccountMove(id, was, is_now)


def _decided(
    policy: CoveragePolicy, id: str, values: Mapping[str, Any], as_of: datetime.date
) -> Decision[Assignment]:
    known = {name: value for name, value in values.items() if name in policy.facts}
    return policy.decide(policy.account(id, **known), as_of)


def _who(decision: Decision[Assignment]) -> tuple[Any, ...]:
    """Who covers the account, or between whom it is ambiguous, by territory: by which rule does not matter."""
    outcome = decision.outcome
    return (outcome.result, outcome.territory, _tied(decision), outcome.overlays)


def _tied(decision: Decision[Assignment]) -> frozenset[str | None]:
    """The territories between which an account is ambiguous."""
    if decision.outcome.result is not Result.AMBIGUOUS:
        return frozenset()
    return frozenset(_policy(decision).model.rule(rule).territory for rule in decision.outcome.tied)


def said_of_account_move(move: AccountMove) -> Said:
    """From whom to whom, and why: what became of the rules that decided, and of who covers it beside the winner."""
    before, after = _policy(move.before), _policy(move.after)
    values = {
        "account": move.account,
        "before": said_of_outcome(before.model, move.before.outcome),
        "after": said_of_outcome(after.model, move.after.outcome),
    }
    why = (*_why(move, before, after), *_why_tied(move), *_why_beside(move, before, after))
    return Said("{account}: from {before} to {after}", values, None, why)


def _policy(decision: Decision[Assignment]) -> CoveragePolicy:
    assert isinstance(decision.policy, CoveragePolicy)
    return decision.policy


def _why(move: AccountMove, before: CoveragePolicy, after: CoveragePolicy) -> Iterator[Said]:
    lost, won = move.before.outcome.rule, move.after.outcome.rule
    held = {rule.id for rule in after.held(move.after)}
    known = {rule.id for rule in after.model.rules}
    if lost is not None and lost not in known:
        yield Said("{rule}, which won before, is gone", {"rule": lost})
    elif lost is not None and lost in move.after.outcome.excluded:
        yield Said("{rule}, which won before, is excluded now", {"rule": lost})
    elif lost is not None and lost not in held:
        yield Said("{rule}, which won before, does not hold for it any more", {"rule": lost})
    elif lost is not None and lost != won:
        yield Said(
            "{rule}, which won before, still holds, and others go before it or beside it", {"rule": lost}
        )
    if won is not None and won != lost:
        is_new = won not in {rule.id for rule in before.model.rules}
        yield Said("{rule} is new, and wins" if is_new else "{rule} wins now", {"rule": won})
    elif won is not None and _given(move.before) != _given(move.after):
        outcome = said_of_outcome(after.model, move.after.outcome)
        yield Said("{rule} wins as before, and was changed: {outcome}", {"rule": won, "outcome": outcome})


def _given(decision: Decision[Assignment]) -> tuple[Any, ...]:
    return decision.outcome.result, decision.outcome.territory


def _why_tied(move: AccountMove) -> Iterator[Said]:
    """What a person has to decide, and had to."""
    if _tied(move.before) != _tied(move.after):
        if _tied(move.before):
            yield Said("nothing told {rules} apart before", {"rules": move.before.outcome.tied})
        if _tied(move.after):
            yield Said("nothing tells {rules} apart", {"rules": move.after.outcome.tied})


def _why_beside(move: AccountMove, before: CoveragePolicy, after: CoveragePolicy) -> Iterator[Said]:
    """Who covers it beside the winner now, and who does not any more."""
    were, are = move.before.outcome.overlays, move.after.outcome.overlays
    for name in sorted(set(were) - set(are)):
        territory = territory_called(before.model, name)
        yield Said("{territory} does not cover it beside others any more", {"territory": territory})
    for name in sorted(set(are) - set(were)):
        yield Said("{territory} covers it, too", {"territory": territory_called(after.model, name)})
