"""What each command does: a thin face over prmcore.program."""

from __future__ import annotations

import argparse
import datetime
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from prmcore.cli.folder import Facts, read_facts, replacing, write_rejects
from prmcore.cli.screen import Screen
from prmcore.decisions.distance import Way, said_of_way
from prmcore.decisions.explain import Words, explain
from prmcore.errors import InvalidInput, unknown_name
from prmcore.partners import Partner
from prmcore.program import Program, ProgramVersions, json_schema, load_program
from prmcore.program.check import lint, lint_versions
from prmcore.program.entitle import entitlement, keep_partners, may_be_reviewed
from prmcore.program.judge import (
    DECISIONS,
    Judged,
    RecordedDecision,
    Tally,
    history,
    judged,
    record,
    replay,
    standings,
)
from prmcore.program.what_if import Move, at_next_review, distance_of, moves, next_level
from prmcore.report import Shown, page
from prmcore.storage import SqliteStore
from prmcore.values import Dated, DateRange

__all__ = ["explain_one", "lint_programs", "run", "show_schema", "simulate"]


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Judges every partner at every period's end up to a day, and records the decisions."""
    versions = ProgramVersions.of(*map(load_program, options.program))
    program = versions.on(options.as_of)
    facts = read_facts(versions, options.facts)
    _check_asked(facts, options)
    days = _days(program, facts, options.every, options.as_of, versions.versions.entries[0][0].start)
    store = SqliteStore(options.store)
    rejects = options.rejects or options.store.with_suffix(".rejects.csv")
    write_rejects(rejects, facts.rejects)
    given = {identity: row.given for identity, row in facts.partners.items()}
    known = options.data_as_of or facts.book.last_day
    records = keep_partners(store, facts.partners.values())
    kept = standings(store, program.name)
    total = len(given) * len(days)
    decisions = list(
        screen.progress(
            judged(versions, facts.book, given, days, kept, known, _reviewed(records, program)),
            total,
            "deciding",
        )
    )
    tally = record(store, program.name, screen.progress(decisions, total, "recording"))
    store.close()
    _summary(screen, program, facts, decisions, tally, rejects)
    if known is not None and known < days[-1]:
        screen.line(
            f"the rows end on {known.isoformat()}: what is judged after that day knows of nothing later"
            + ("" if options.data_as_of else "; --data-as-of says so if they are complete for longer")
        )
    if options.report:
        with replacing(options.report) as out:
            out.write(_page(program, facts, decisions, options))
        screen.line(f"\nreport: {options.report}")
    return 0


def _check_asked(facts: Facts, options: argparse.Namespace) -> None:
    """Refuses what cannot be done in the end, before anything is done."""
    if options.partner is not None and options.partner not in facts.partners:
        raise InvalidInput(unknown_name("partner", options.partner, facts.partners))
    for path in (options.store, options.report, options.rejects):
        if path is not None and path.is_dir():
            raise InvalidInput(f"{path} is a folder; accepted: a file")
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)


def _days(
    program: Program, facts: Facts, every: str, as_of: datetime.date, since: datetime.date | None = None
) -> tuple[datetime.date, ...]:
    """The days to judge: periods' ends, from the first row on, and not before the first version of the program."""
    first = facts.book.first_day
    if first is None or first > as_of:
        raise InvalidInput(f"there are no rows up to {as_of.isoformat()}")
    first = first if since is None else min(max(first, since), as_of)
    days = program.calendar.ends(every, DateRange.of_days(first, as_of))  # type: ignore[arg-type]  # argparse's choices
    if not days:
        raise InvalidInput(
            f"no {every} ends between {first.isoformat()}, the first row, and {as_of.isoformat()}"
        )
    return days


def _summary(
    screen: Screen, program: Program, facts: Facts, decisions: Sequence[Judged], tally: Tally, rejects: Path
) -> None:
    screen.line(f"{program.full_name}: {len(facts.partners)} partners, {facts.taken} rows read")
    if facts.rejects:
        count = len(facts.rejects)
        said = (
            "1 row was not taken; the reason is"
            if count == 1
            else f"{count} rows were not taken; the reasons are"
        )
        screen.line(f"{said} in {rejects}")
    for source in facts.missing:
        screen.line(f"there is no file {source}.csv; its metrics are unknown")
    levels = list(program.tiers.ladder.levels)
    by_day: dict[datetime.date, list[Judged]] = {}
    for one in decisions:
        by_day.setdefault(one.decision.as_of, []).append(one)
    rows = [_day_row(day, found, levels) for day, found in by_day.items()]
    screen.table("partners by level", ["day", *levels, "up", "down", "in grace"], rows)
    screen.line()
    screen.line(f"decisions: {tally.recorded} recorded, {tally.already} recorded before and the same")
    if tally.different:
        partner, day = tally.different[0]
        screen.line(
            f"{len(tally.different)} recorded before would come out differently from today's facts and stay as they "
            f"were, the first: {partner} on {day.isoformat()}"
        )


def _day_row(day: datetime.date, found: Sequence[Judged], levels: Sequence[str]) -> list[str]:
    count = Counter(one.decision.outcome.level for one in found)
    actions = Counter(one.decision.outcome.action.value for one in found)
    shown = [count[level] for level in levels] + [
        actions[name] for name in ("upgraded", "downgraded", "in-grace")
    ]
    return [day.isoformat(), *(str(number) if number else "·" for number in shown)]


def _page(program: Program, facts: Facts, decisions: Sequence[Judged], options: argparse.Namespace) -> str:
    last = [one for one in decisions if one.decision.as_of == decisions[-1].decision.as_of]
    names = {identity: row.name for identity, row in facts.partners.items()}
    chosen = options.partner or _telling(last)
    found = [one for one in last if one.partner == chosen]
    if not found:
        raise InvalidInput(f"there is no partner {chosen!r}")
    shown = Shown(f"{names[chosen]} ({chosen})", found[0].decision)
    return page(program, decisions, shown, options.locale, names)


def _telling(decisions: Sequence[Judged]) -> str:
    """A partner worth looking at: one in grace if there is one, else the first that was moved, else the first."""
    for action in ("in-grace", "downgraded", "upgraded"):
        for one in decisions:
            if one.decision.outcome.action.value == action:
                return one.partner
    return decisions[0].partner


def explain_one(options: argparse.Namespace, screen: Screen) -> int:
    """Replays a recorded decision and says why it came out so, what is missing, and what the next review would do."""
    programs = [load_program(path) for path in options.program]
    if options.benefit:
        return _explain_benefit(programs, options, screen)
    kept = _recorded(options, programs[0].name)
    decision = replay(kept, programs)
    program = next(one for one in programs if one.full_name == decision.policy.name)
    words = Words.of(options.locale)
    following = (
        distance_of(program, decision, options.level) if options.level else next_level(program, decision)
    )
    screen.line(str(explain(decision, options.locale)))
    if following is not None:
        called = program.tiers.ladder.called(following.level)
        screen.line("\n" + words.sentence("What is missing for {level}", {"level": called}))
        for way in following.distance.ways:
            screen.line("  - " + _way(program, way, words))
        for score in following.room:
            room = {"line": score.line.text or score.line.fact, "points": score.room}
            screen.line("  " + words.sentence("{line}: {points} more points possible", room))
    review = at_next_review(program, decision)
    values = {"day": review.day, "level": program.tiers.ladder.called(review.decision.outcome.level)}
    screen.line(
        "\n" + words.sentence("If nothing changes, the level after the review of {day} is {level}", values)
    )
    return 0


def _explain_benefit(programs: Sequence[Program], options: argparse.Namespace, screen: Screen) -> int:
    """What the benefit gives on the day, by the version in force, and why."""
    kept = _recorded(options, programs[0].name)
    store = SqliteStore(options.store)
    day = options.day or kept.day
    decision = entitlement(store, ProgramVersions.of(*programs), options.partner, options.benefit, day)
    store.close()
    screen.line(str(explain(decision, options.locale)))
    return 0


def _recorded(options: argparse.Namespace, program: str) -> RecordedDecision:
    """The last decision about the partner, or that of the day asked for."""
    store = _existing(options.store)
    found = history(store, program, options.partner)
    if not found:
        with store.unit_of_work() as work:
            known = {one.record.partner for one in work.repository(DECISIONS).query(program=program)}
        store.close()
        raise InvalidInput(unknown_name("partner", options.partner, known))
    store.close()
    wanted = [one for one in found if options.day is None or one.day == options.day or options.benefit]
    if not wanted:
        days = ", ".join(one.day.isoformat() for one in found)
        raise InvalidInput(f"nothing is recorded about {options.partner!r} on {options.day}; days: {days}")
    return wanted[-1]


def _existing(path: Path) -> SqliteStore:
    if not path.exists():
        raise InvalidInput(f"there is no store {path}; `prmcore run` makes one")
    return SqliteStore(path)


def _way(program: Program, way: Way, words: Words) -> str:
    return "; ".join(
        words.sentence(one.message, one.values) for one in said_of_way(way, program.tiers.ladder.facts)
    )


def lint_programs(options: argparse.Namespace, screen: Screen) -> int:
    """Says what looks wrong with programs, each finding with facts that show it; 1 when there is something."""
    programs = [load_program(path) for path in options.program]
    found = 0
    for path, program in zip(options.program, programs, strict=True):
        for finding in lint(program):
            screen.line(f"{path}: {finding.code}: {finding.in_words(options.locale)} @ {finding.path}")
            found += 1
    for name in sorted({program.name for program in programs}):
        for finding in lint_versions([program for program in programs if program.name == name]):
            screen.line(f"{name}: {finding.code}: {finding.in_words(options.locale)}")
            found += 1
    screen.line(f"{len(programs)} checked, {found} found")
    return 1 if found else 0


def simulate(options: argparse.Namespace, screen: Screen) -> int:
    """Two versions over the same facts, or one against what was recorded: who would stand elsewhere, and why."""
    before, after = load_program(options.program), load_program(options.other)
    facts = read_facts(after, options.facts)
    days = _days(after, facts, options.every, options.as_of)
    if options.store:
        against = f"{before.name} as recorded"
        first: Sequence[Judged | RecordedDecision] = _all_recorded(options.store, before.name)
    else:
        against = before.full_name
        first = _over_all_days(before, read_facts(before, options.facts), days)
    found = moves(first, _over_all_days(after, facts, days))
    last = [one for one in found if one.day == days[-1]]
    rows = [[day.isoformat(), str(sum(one.day == day for one in found))] for day in days]
    screen.table(f"{against} against {after.full_name}", ["day", "stand elsewhere"], rows)
    pairs = Counter(one.levels for one in last)
    counts = [[*pair, str(count)] for pair, count in sorted(pairs.items())]
    screen.table(f"on {days[-1]}", ["from", "to", "partners"], counts)
    words = Words.of(options.locale)
    shown = last if options.all else last[:10]
    why = [_why(after, one, facts, words) for one in shown]
    screen.table("who, and why", ["partner", "from", "to", "missing for the old level"], why)
    if len(shown) < len(last):
        screen.line(f"... and {len(last) - len(shown)} more; --all shows them")
    return 0


def _all_recorded(path: Path, program: str) -> list[RecordedDecision]:
    store = _existing(path)
    with store.unit_of_work() as work:
        found = [one.record for one in work.repository(DECISIONS).query(program=program)]
    store.close()
    if not found:
        raise InvalidInput(f"nothing is recorded about the program {program!r} in {path}")
    return found


def _over_all_days(program: Program, facts: Facts, days: Sequence[datetime.date]) -> list[Judged]:
    """As if this version had always been in force."""
    always = ProgramVersions(Dated(((DateRange(), program),)))
    given = {identity: row.given for identity, row in facts.partners.items()}
    records = {identity: row.partner() for identity, row in facts.partners.items()}
    return list(
        judged(always, facts.book, given, days, None, facts.book.last_day, _reviewed(records, program))
    )


def _reviewed(partners: Mapping[str, Partner], program: Program) -> Callable[[str, datetime.date], bool]:
    return lambda partner, day: may_be_reviewed(partners[partner], program.name, day)


def _why(program: Program, move: Move, facts: Facts, words: Words) -> list[str]:
    """What the partner lacks under the other version for the level it has; "-" when it goes up."""
    before, after = move.levels
    ladder = program.tiers.ladder
    lacks = "-"
    if before in ladder.ranks and before != ladder.otherwise and ladder.ranks[before] > ladder.ranks[after]:
        ways = distance_of(program, move.after, before).distance.ways
        lacks = _way(program, ways[0], words) if ways else "-"
    return [f"{facts.partners[move.partner].name} ({move.partner})", before, after, lacks]


def show_schema(options: argparse.Namespace, screen: Screen) -> int:
    """The JSON Schema of program files, for editors."""
    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return 0
