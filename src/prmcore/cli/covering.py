"""The command `cover`: who covers each account of a list, and why; and which accounts another version would move."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prmcore.cli.folder import check_all_writable, opened, rejects_beside, replacing, write_rejects
from prmcore.cli.screen import Screen
from prmcore.decisions import Decision
from prmcore.decisions.explain import Words, explain, put_into_words
from prmcore.errors import InvalidInput, unknown_name
from prmcore.program import ProgramVersions, load_program
from prmcore.program.cover import assign_accounts, coverage_on
from prmcore.program.rows import Reject, account_rows, read_rows
from prmcore.report import coverage_page
from prmcore.storage import SqliteStore
from prmcore.territory.coverage import (
    ACCOUNT,
    Assignment,
    CoverageModel,
    CoveragePolicy,
    Result,
    moved_accounts,
    said_of_account_move,
    said_of_outcome,
)

__all__ = ["cover_accounts"]

MOST_SHOWN = 10  # accounts that nobody covers, or between several territories


def cover_accounts(options: argparse.Namespace, screen: Screen) -> int:
    """Decides every account; with a store it is handed out and kept. 1 when nobody, or nobody alone, covers one."""
    versions = ProgramVersions.of(*map(load_program, options.program))
    policy = coverage_on(versions, options.as_of)
    if options.against is not None:
        return _moves(options, policy, screen)
    rejects_to = _check_written(options)
    rejects: list[Reject] = []
    accounts = _read(policy, options.accounts, rejects)
    if options.account is not None and options.account not in accounts:
        raise InvalidInput(unknown_name("account", options.account, accounts))
    write_rejects(rejects_to, rejects)
    decisions = _decided(options, versions, policy, accounts, screen)
    if options.report:
        names = _names(options.accounts)
        with replacing(options.report) as out:
            program = versions.on(options.as_of)
            out.write(
                coverage_page(program, decisions, options.as_of, options.locale, names, options.account)
            )
    if options.account is not None:
        found = next(one for one in decisions if one.facts[ACCOUNT] == options.account)
        screen.line(str(explain(found, options.locale)))
        code = 0
    else:
        code = _summary(options, policy, decisions, rejects, screen)
    if rejects:
        screen.line(f"the reasons why rows were not taken are in {rejects_to}")
    if options.report:
        screen.line(f"\nreport: {options.report}")
    return code


def _check_written(options: argparse.Namespace) -> Path:
    """Refuses what cannot be written, before anything is done; where rejected rows go."""
    rejects_to: Path = options.rejects or rejects_beside(options.accounts)
    read = (*options.program, options.accounts, options.against)
    check_all_writable((options.store, options.report, rejects_to), read)
    return rejects_to


def _read(policy: CoveragePolicy, path: Path, rejects: list[Reject]) -> dict[str, dict[str, Any]]:
    with opened(path) as lines:
        return dict(account_rows(policy, lines, rejects.append))


def _names(path: Path) -> dict[str, str]:
    """What accounts are called, where the file has a column for it; rows that cannot be read are told elsewhere."""
    with opened(path) as lines:
        rows = read_rows("accounts", lines, [ACCOUNT], dict, lambda reject: None)
        return {row[ACCOUNT].strip(): row.get("name", "").strip() for row in rows}


# another version


def _moves(options: argparse.Namespace, before: CoveragePolicy, screen: Screen) -> int:
    """Which accounts another version, a draft perhaps, would give to somebody else; nothing is kept."""
    for name in ("store", "report", "account"):
        if getattr(options, name) is not None:
            raise InvalidInput(f"found --{name} and --against; accepted: one of them")
    program = load_program(options.against)
    if program.coverage is None:
        raise InvalidInput(f"{program.full_name} has no coverage; accepted: a program file with [coverage]")
    after, rejects_to = program.coverage, _check_written(options)
    rejects: list[Reject] = []
    ours, theirs = (_read(policy, options.accounts, rejects) for policy in (before, after))
    accounts = {id: {**theirs[id], **values} for id, values in ours.items() if id in theirs}
    rejects = list({one.line: one for one in rejects}.values())
    write_rejects(rejects_to, rejects)
    found = list(moved_accounts(before, after, accounts, options.as_of))
    words = Words.of(options.locale)
    counted = Counter(
        tuple(words.value(said_of_outcome(_model(each), each.outcome)) for each in (one.before, one.after))
        for one in found
    )
    title = f"{before.name} against {after.name}, on {options.as_of.isoformat()}"
    screen.table(title, ["from", "to", "accounts"], [[*pair, str(count)] for pair, count in counted.items()])
    screen.line()
    shown = found if options.all else found[:MOST_SHOWN]
    for one in shown:
        screen.line(str(put_into_words(said_of_account_move(one), options.locale)))
    if len(shown) < len(found):
        screen.line(f"... and {len(found) - len(shown)} more; --all shows them")
    screen.line(f"{len(accounts)} accounts, {len(found)} would move, {len(rejects)} rows not taken")
    return 0


def _model(decision: Decision[Assignment]) -> CoverageModel:
    assert isinstance(decision.policy, CoveragePolicy)
    return decision.policy.model


# one version


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
