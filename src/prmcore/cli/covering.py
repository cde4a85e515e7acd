"""The command `cover`: who covers each account of a list, and why."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from typing import Any

from prmcore.cli.folder import opened, write_rejects
from prmcore.cli.screen import Screen
from prmcore.decisions import Decision
from prmcore.decisions.explain import Words, explain
from prmcore.errors import InvalidInput, unknown_name
from prmcore.program import ProgramVersions, load_program
from prmcore.program.cover import assign_accounts, coverage_on
from prmcore.program.rows import Reject, account_rows
from prmcore.storage import SqliteStore
from prmcore.territory.coverage import Assignment, CoveragePolicy, Result

__all__ = ["cover_accounts"]

MOST_SHOWN = 10  # accounts that nobody covers, or between several territories


def cover_accounts(options: argparse.Namespace, screen: Screen) -> int:
    """Decides every account; with a store it is handed out and kept. 1 when nobody, or nobody alone, covers one."""
    versions = ProgramVersions.of(*map(load_program, options.program))
    policy = coverage_on(versions, options.as_of)
    rejects: list[Reject] = []
    with opened(options.accounts) as lines:
        accounts = dict(account_rows(policy, lines, rejects.append))
    if options.account is not None and options.account not in accounts:
        raise InvalidInput(unknown_name("account", options.account, accounts))
    write_rejects(options.rejects or options.accounts.with_suffix(".rejects.csv"), tuple(rejects))
    decisions = _decided(options, versions, policy, accounts, screen)
    if options.account is not None:
        found = next(one for one in decisions if one.facts["account"] == options.account)
        screen.line(str(explain(found, options.locale)))
        return 0
    return _summary(options, policy, decisions, rejects, screen)


def _decided(
    options: argparse.Namespace,
    versions: ProgramVersions,
    policy: CoveragePolicy,
    accounts: Mapping[str, Mapping[str, Any]],
    screen: Screen,
) -> list[Decision[Assignment]]:
    if options.store is None:
        return [policy.decide(policy.account(id, **values), options.as_of) for id, values in accounts.items()]
    store = SqliteStore(options.store)
    covered = assign_accounts(store, versions, accounts, options.as_of)
    store.close()
    screen.line(f"{covered.decided} accounts decided, {covered.moved} moved, {covered.pinned} pinned")
    return list(covered.decisions)


def _summary(
    options: argparse.Namespace,
    policy: CoveragePolicy,
    decisions: list[Decision[Assignment]],
    rejects: list[Reject],
    screen: Screen,
) -> int:
    words = Words.of(options.locale)
    names = {one.name: words.value(one.text or one.name) for one in policy.model.territories}
    counted = Counter(one.outcome.territory for one in decisions if one.outcome.territory is not None)
    beside = Counter(name for one in decisions for name in one.outcome.overlays)
    rows = [[names[name], str(counted[name]), str(beside[name])] for name in names]
    screen.table(f"{policy.name} on {options.as_of.isoformat()}", ["territory", "accounts", "beside"], rows)
    unclear = [one for one in decisions if one.outcome.result in (Result.AMBIGUOUS, Result.UNASSIGNED)]
    for decision in unclear[:MOST_SHOWN]:
        screen.line(explain(decision, options.locale).text)
    if len(unclear) > MOST_SHOWN:
        screen.line(words.sentence("and {count} more", {"count": len(unclear) - MOST_SHOWN}))
    screen.line(
        f"{len(decisions)} accounts, {len(unclear)} without one territory, {len(rejects)} rows not taken"
    )
    return 1 if unclear else 0
