"""Two versions of a coverage model side by side: which accounts move, from whom to whom, and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from prmcore.decisions import Decision
from prmcore.decisions.explain import Said
from prmcore.territory.coverage.policy import Assignment, CoveragePolicy
from prmcore.territory.coverage.said import said_of_outcome

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
        if _who(was.outcome) != _who(is_now.outcome):
            yield AccountMove(id, was, is_now)


def _decided(
    policy: CoveragePolicy, id: str, values: Mapping[str, Any], as_of: datetime.date
) -> Decision[Assignment]:
    known = {name: value for name, value in values.items() if name in policy.facts}
    return policy.decide(policy.account(id, **known), as_of)


def _who(outcome: Assignment) -> tuple[Any, ...]:
    return (outcome.result, outcome.territory, outcome.tied, outcome.overlays)


def said_of_account_move(move: AccountMove) -> Said:
    """From whom to whom, and what became of the rule that had won."""
    before, after = _policy(move.before), _policy(move.after)
    values = {
        "account": move.account,
        "before": said_of_outcome(before.model, move.before.outcome),
        "after": said_of_outcome(after.model, move.after.outcome),
    }
    return Said("{account}: from {before} to {after}", values, None, tuple(_why(move, before, after)))


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
