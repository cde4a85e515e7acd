"""What each command does: a thin face over prmcore.program."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs

from prmcore.cli.contracting import keep_contracts
from prmcore.cli.covering import cover_accounts
from prmcore.cli.folder import Facts, check_all_writable, read_facts, rejects_beside, replacing, write_rejects
from prmcore.cli.matching import match_accounts
from prmcore.cli.registering import settle_registrations
from prmcore.cli.screen import Screen, visible
from prmcore.contracts.lifecycle import said_of_due
from prmcore.deals.registrations import Registration
from prmcore.decisions.distance import Way, said_of_way
from prmcore.decisions.explain import Explanation, Words, explain, put_into_words
from prmcore.errors import InvalidInput, unknown_name
from prmcore.incentives import Bookkeeping, Entry, Ledger
from prmcore.incentives.ledger.disputes import Moved
from prmcore.incentives.ledger.statements import statement, why
from prmcore.incentives.outlook import compared as compared_costs
from prmcore.incentives.payouts.model import Payout, PayoutAction
from prmcore.partners import Partner
from prmcore.program import Program, ProgramVersions, json_schema, load_program, past_of, simulated
from prmcore.program.check import lint, lint_versions
from prmcore.program.earning import (
    Earned,
    circumstances,
    earn_over,
    ledger_of,
    levels_by_day,
    paid,
    policies_of,
    reading_of,
    sales_of,
    taken_over,
    transactions_of,
)
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
from prmcore.program.pay import approve_payout, move_payout, pay_payout, payouts_of, propose_payouts
from prmcore.program.what_if import Move, at_next_review, compared, distance_of, moves, next_level
from prmcore.report import Shown, levels_of, page
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.values import (
    Dated,
    DateRange,
    checked_id,
    months_after,
    total,
)
from prmcore.values.business_hours import last_second

MOST_PARTS = 6  # of one list of a statement, unless all are asked for

__all__ = [
    "cover_accounts",
    "explain_one",
    "keep_contracts",
    "lint_programs",
    "match_accounts",
    "pay_out",
    "run",
    "settle_registrations",
    "show_schema",
    "simulate",
    "statement_of",
]


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Judges every partner at every period's end up to a day, and records the decisions."""
    versions = ProgramVersions.of(*map(load_program, options.program))
    program = versions.on(options.as_of)
    facts = read_facts(versions, options.facts)
    days = _days(program, facts, options.every, options.as_of, versions.versions.entries[0][0].start)
    rejects = options.rejects or rejects_beside(options.store)
    _check_asked(facts, options, rejects)
    store = SqliteStore(options.store)
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
    shown = _shown(facts, decisions, options.partner)
    tally = record(store, program.name, screen.progress(decisions, len(decisions), "recording"))
    ledger = ledger_of(store, program.name)
    earned = _earn(store, versions, facts, days, ledger, screen)
    store.close()
    _summary(screen, program, facts, decisions, tally, rejects)
    _summary_of_incentives(screen, ledger, earned)
    if known is not None and known < days[-1]:
        screen.line(
            f"the facts end on {known.isoformat()}: days after it are judged from what was known by then"
            + ("" if options.data_as_of else "; if the files are complete for longer, give --data-as-of")
        )
    if options.report:
        names = {identity: row.name for identity, row in facts.partners.items()}
        with replacing(options.report) as out:
            out.write(page(program, decisions, shown, options.locale, names, ledger if earned else None))
        screen.line(f"\nreport: {options.report}")
    return 0


def _earn(
    store: SqliteStore,
    versions: ProgramVersions,
    facts: Facts,
    days: Sequence[datetime.date],
    ledger: Ledger,
    screen: Screen,
) -> Earned | None:
    """Posts what is due, day by day; None when the program has no incentives."""
    if reading_of(versions) is None:
        return None
    given = {identity: row.given for identity, row in facts.partners.items()}
    at = last_second(versions.on(days[-1]).zone, days[-1])
    known = list(sales_of(store, versions, facts.sales, given, at))
    around = circumstances(versions, facts.quotas, facts.quotes, facts.book.first_day)
    runs = list(
        screen.progress(earn_over(store, versions, known, days, around, ledger), len(days), "posting")
    )
    _say_taken_over(screen, taken_over(known))
    return runs[-1][1]


def _say_taken_over(screen: Screen, found: Mapping[str, Sequence[str]]) -> None:
    """Partners may number their invoices alike, and then all but one of those would go unpaid unseen."""
    for name, partners in list(found.items())[:1]:
        screen.line(
            f"transactions of one name and several partners: {len(found)}, the first: {name!r} of {', '.join(partners)}; the one "
            "known last counts, as a correction. If they are different sales, add a field of the partner to incentives.transactions.id"
        )


def _summary_of_incentives(screen: Screen, ledger: Ledger, earned: Earned | None) -> None:
    if earned is None:
        return
    entries = [entry for entry in ledger if entry.amount]
    rows = [
        [
            period,
            unit,
            component,
            str(len({one.payee for one in found})),
            str(total((one.amount for one in found), unit)),
        ]
        for (period, unit, component), found in _grouped(entries)
    ]
    screen.table("earned, by period of the books", ["period", "unit", "component", "payees", "amount"], rows)
    screen.line()
    screen.line(f"entries: {len(ledger)} in the ledger, {len(earned.entries)} of them new on the last day")
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in earned.uncounted:
        reasons.setdefault((one.why.value, one.component), []).append(one.transaction)
    for (reason, component), found in sorted(reasons.items()):
        where = f", {component}" if component else ""
        screen.line(f"not counted ({reason}{where}): {len(found)} transactions, the first: {found[0]}")
    for calculation, missing in earned.held[:10]:
        screen.line(f"held, because {' and '.join(missing)} is not known: {calculation}")


def _grouped(entries: Sequence[Entry]) -> list[tuple[tuple[str, str, str], list[Entry]]]:
    found: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        name = entry.component.rpartition("/")[2]
        found.setdefault((entry.booked, entry.amount.currency, name), []).append(entry)
    return sorted(found.items())


def _check_asked(facts: Facts, options: argparse.Namespace, rejects: Path) -> None:
    """Refuses what cannot be done in the end, before anything is done."""
    if options.partner is not None and options.partner not in facts.partners:
        raise InvalidInput(unknown_name("partner", options.partner, facts.partners))
    last = facts.book.last_day
    if options.data_as_of is not None and last is not None and options.data_as_of < min(last, options.as_of):
        raise InvalidInput(
            f"--data-as-of: found {options.data_as_of.isoformat()}, and there are rows up to {last.isoformat()}; "
            "accepted: the last day that the files know of"
        )
    check_all_writable((options.store, options.report, rejects), (*options.program, *facts.read))


def _days(
    program: Program, facts: Facts, every: str, as_of: datetime.date, since: datetime.date | None = None
) -> tuple[datetime.date, ...]:
    """The days to judge: periods' ends, from the first row on, and not before the first version of the program."""
    if not facts.partners:
        why = next(
            (f"; line {one.line}: {one.reason}" for one in facts.rejects if one.file == "partners"), ""
        )
        raise InvalidInput(f"partners.csv lists no partner{why}")
    first = facts.book.first_day
    if first is None and not program.sources:  # all facts are given, and known as they are now
        year = DateRange.of_days(datetime.date(max(as_of.year - 1, 1), 1, 1), as_of)
        return program.calendar.ends(every, year)[-1:]  # type: ignore[arg-type]  # argparse's choices
    if first is None or first > as_of:
        raise InvalidInput(f"there are no rows up to {as_of.isoformat()}{_why_no_rows(facts)}")
    first = first if since is None else min(max(first, since), as_of)
    days = program.calendar.ends(every, DateRange.of_days(first, as_of))  # type: ignore[arg-type]  # argparse's choices
    if not days:
        raise InvalidInput(
            f"no {every} ends between {first.isoformat()}, the first row, and {as_of.isoformat()}"
        )
    return days


def _why_no_rows(facts: Facts) -> str:
    """The files that are not there, and the first row that was not taken."""
    files = [f"; there is no file {source}.csv" for source in facts.missing]
    rows = [f"; {one.file}.csv, line {one.line}: {one.reason}" for one in facts.rejects[:1]]
    return "".join(files + rows)


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
    levels = levels_of(program, decisions)
    if len(levels) > 1:  # a program without levels has nothing to show of them
        _levels_by_day(screen, decisions, levels)
    screen.line()
    screen.line(f"decisions: {tally.recorded} recorded, {tally.already} recorded before and the same")
    if tally.different:
        partner, day = tally.different[0]
        screen.line(
            f"{len(tally.different)} recorded before would come out differently from today's facts and stay as they "
            f"were, the first: {partner} on {day.isoformat()}"
        )


def _levels_by_day(screen: Screen, decisions: Sequence[Judged], levels: Sequence[str]) -> None:
    by_day: dict[datetime.date, list[Judged]] = {}
    for one in decisions:
        by_day.setdefault(one.decision.as_of, []).append(one)
    rows = [_day_row(day, found, levels) for day, found in by_day.items()]
    screen.table("partners by level", ["day", *levels, "up", "down", "in grace"], rows)


def _day_row(day: datetime.date, found: Sequence[Judged], levels: Sequence[str]) -> list[str]:
    count = Counter(one.decision.outcome.level for one in found)
    actions = Counter(one.decision.outcome.action.value for one in found)
    shown = [count[level] for level in levels] + [
        actions[name] for name in ("upgraded", "downgraded", "in-grace")
    ]
    return [day.isoformat(), *(str(number) if number else "·" for number in shown)]


def _shown(facts: Facts, decisions: Sequence[Judged], partner: str | None) -> Shown:
    """The partner that the report explains: the one asked for, else one worth looking at."""
    if not decisions:
        raise InvalidInput(
            "no partner may be reviewed on any of the days; see active_from and ended_on in partners.csv"
        )
    last = decisions[-1].decision.as_of
    found = [one for one in decisions if one.decision.as_of == last]
    if partner is not None:
        found = [one for one in found if one.partner == partner]
    if not found:
        raise InvalidInput(
            f"{partner!r} is not reviewed on {last.isoformat()}: see active_from and ended_on in partners.csv"
        )
    chosen = _telling(found)
    return Shown(f"{facts.partners[chosen.partner].name} ({chosen.partner})", chosen.decision, chosen.partner)


def _telling(decisions: Sequence[Judged]) -> Judged:
    """One in grace if there is one, else the first that was moved, else the first."""
    for action in ("in-grace", "downgraded", "upgraded"):
        for one in decisions:
            if one.decision.outcome.action.value == action:
                return one
    return decisions[0]


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
            label = score.line.text or program.tiers.ladder.facts.label(score.line.fact)
            room = {"line": label, "points": score.room}
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


def statement_of(options: argparse.Namespace, screen: Screen) -> int:
    """What a payee had, what came, and what it has, in a period of the books, each entry down to its transactions."""
    versions = ProgramVersions.of(*map(load_program, options.program))
    store = _existing(options.store)
    ledger = ledger_of(store, versions.name)
    store.close()
    entries = ledger.of_payee(options.partner)
    if not entries:
        raise InvalidInput(unknown_name("payee", options.partner, ledger.payees()))
    known = ledger if options.as_of is None else ledger.as_of(options.as_of)
    policies = policies_of(versions)
    books, words = Bookkeeping(next(iter(versions)).calendar), Words.of(options.locale)
    lines = []  # shown when all of them are there
    for unit in ledger.units(options.partner):
        last = options.period or max(entry.booked for entry in entries if entry.amount.currency == unit)
        found = statement(known, books, options.partner, unit, last)
        values = {"payee": options.partner, "period": found.period}
        lines.append(words.sentence("Statement of {payee} for {period}", values))
        lines.append("  " + words.sentence("opening balance: {amount}", {"amount": found.opening}))
        for entry in found.entries:
            said = put_into_words(why(known, entry, policies), options.locale)
            lines.append("\n".join((said if options.all else _shortened(said, words)).lines(1)))
        lines.append("  " + words.sentence("closing balance: {amount}", {"amount": found.closing}))
        lines.append("  " + words.sentence("seal: {seal}", {"seal": found.seal}))
    for line in lines:
        screen.line(line)
    return 0


def pay_out(options: argparse.Namespace, screen: Screen) -> int:
    """Moves a payout, or proposes all that is due, and says why; 1 when it was refused. Without an action it lists them."""
    versions = ProgramVersions.of(*map(load_program, options.program))
    store = _existing(options.store)
    action = next(
        (name for name in ("approve", "release", "pay", "hold", "resume", "void") if getattr(options, name)),
        None,
    )
    if (action or options.propose) and not options.by:
        raise InvalidInput("who does it? accepted: --by NAME")
    if options.by:
        _check_person(options.by)
    refused = False
    if options.propose:
        _propose(store, versions, options, screen)
    elif action is not None:
        moved = _moved(store, versions, action, options)
        screen.line(str(explain(moved.decision, options.locale)))
        refused = not moved.decision.outcome or moved.decision.outcome == "refused"
    rows = [
        [
            one.id,
            one.payee,
            str(one.amount),
            one.state.value,
            one.proposed_by,
            ", ".join(given.by for given in one.approvals),
        ]
        for one in payouts_of(store, versions.name)
    ]
    store.close()
    screen.table("payouts", ["payout", "payee", "amount", "state", "proposed by", "approved by"], rows)
    return 1 if refused else 0


def _check_person(name: str) -> None:
    """Refuses what looks like another name and is not: "ann " could approve what "ann" proposed."""
    try:
        checked_id(name)
    except InvalidInput as error:
        raise InvalidInput(f"--by: {error}") from None


def _propose(
    store: SqliteStore, versions: ProgramVersions, options: argparse.Namespace, screen: Screen
) -> None:
    found = propose_payouts(store, versions, options.on, options.by)
    words = Words.of(options.locale)
    answers = Counter(one.decision.policy.said(one.decision).values["level"] for one in found)  # type: ignore[attr-defined]
    for answer, count in sorted(answers.items(), key=lambda pair: words.value(pair[0])):
        screen.line(f"{words.value(answer)}: {count}")


def _moved(
    store: SqliteStore, versions: ProgramVersions, action: str, options: argparse.Namespace
) -> Moved[Payout]:
    payout = getattr(options, action)
    if action == "approve":
        if not options.role:
            raise InvalidInput("in which role is it approved? accepted: --role ROLE")
        return approve_payout(store, versions, payout, by=options.by, role=options.role, on=options.on)
    if action == "pay":
        return pay_payout(store, versions, payout, by=options.by, on=options.on)
    return move_payout(
        store, versions, payout, PayoutAction(action), by=options.by, on=options.on, reason=options.reason
    )


def _shortened(said: Explanation, words: Words) -> Explanation:
    """Long lists with so many parts that one sees what they are of."""
    parts = [_shortened(part, words) for part in said.parts]
    if len(parts) > MOST_PARTS:
        more = words.sentence("and {count} more", {"count": len(parts) - MOST_PARTS})
        parts = [*parts[:MOST_PARTS], Explanation(more, None, ())]
    return attrs.evolve(said, parts=tuple(parts))


def lint_programs(options: argparse.Namespace, screen: Screen) -> int:
    """Says what looks wrong with programs, each finding with facts that show it; 1 when there is something.

    A file that cannot be read is said, and the others are still looked at.
    """
    programs, found, unread = [], 0, 0
    for path in options.program:
        try:
            program = load_program(path)
        except InvalidInput as error:
            print(visible(f"prmcore: {error}"), file=sys.stderr)
            unread += 1
            continue
        programs.append(program)
        for finding in lint(program):
            screen.line(f"{path}: {finding.code}: {finding.in_words(options.locale)} @ {finding.path}")
            found += 1
    for name in sorted({program.name for program in programs}):
        for finding in lint_versions([program for program in programs if program.name == name]):
            screen.line(f"{name}: {finding.code}: {finding.in_words(options.locale)}")
            found += 1
    if programs:
        screen.line(f"{len(programs)} checked, {found} found" + (f", {unread} not read" if unread else ""))
    return 2 if unread else 1 if found else 0


def simulate(options: argparse.Namespace, screen: Screen) -> int:
    """Two versions over the same facts, or one against what was recorded: who would stand elsewhere, and why.

    A version decides from the files, as if it had always been in force. What was recorded stays as it was recorded.
    """
    before, after = load_program(options.program), load_program(options.other)
    ours, facts = _read_for_both(after if options.store else before, after, options.facts)
    days = _days(after, facts, options.every, options.as_of)
    always = () if options.store else _over_all_days(before, ours, days)
    first = _all_recorded(options.store, before.name) if options.store else always
    against = f"{before.name} as recorded" if options.store else before.full_name
    second = _over_all_days(after, facts, days)
    found, counts = moves(first, second), compared(first, second)
    if not counts:
        raise InvalidInput(f"{against} and {after.full_name} judge no partner on the same day")
    if facts.rejects:
        screen.line(
            f"rows not taken: {len(facts.rejects)}; `prmcore run` writes them down with their reasons"
        )
    rows = [
        [day.isoformat(), str(counts[day]), str(sum(one.day == day for one in found))]
        for day in days
        if counts[day]
    ]
    title = f"{against} against {after.full_name}, over the files in {options.facts.name}"
    screen.table(title, ["day", "partners", "stand elsewhere"], rows)
    _show_moves(after, found, facts, max(counts), options, screen)
    if not options.store and (before.incentives is not None or after.incentives is not None):
        _show_costs(before, after, ours, facts, always, second, options, screen)
    if options.past is not None:
        _show_past(before, after, facts, days, options, screen)
    return 0


def _show_past(
    before: Program,
    after: Program,
    facts: Facts,
    days: Sequence[datetime.date],
    options: argparse.Namespace,
    screen: Screen,
) -> None:
    """The deals and deadlines of a store, under both versions."""
    store = _existing(options.past)
    past = past_of(
        store,
        after.name,
        since=options.since or months_after(options.as_of, -12),
        through=last_second(after.zone, options.as_of),
        book=facts.book,
        given={identity: row.given for identity, row in facts.partners.items()},
        days=tuple(days),
        data_as_of=facts.book.last_day,
    )
    store.close()
    found = simulated(past, before, after, MemoryStore)
    words = Words.of(options.locale)
    deals = [
        [
            one.id,
            one.after.partner,
            *map(words.value, (one.before.state, one.after.state)),
            *map(_until, (one.before, one.after)),
        ]
        for one in found.deals
    ]
    screen.table(
        f"registrations, {len(past.registrations)} lived through again",
        ["registration", "partner", "before", "after", "protected until", "then until"],
        deals,
    )
    rows = [
        [
            "new" if one.is_new else "gone",
            one.due.on.isoformat(),
            put_into_words(said_of_due(one.due), words.name).text,
        ]
        for one in sorted(found.deadlines, key=lambda one: (one.due.on, one.due.id))
    ]
    screen.table(f"deadlines of {len(past.agreements)} agreements", ["", "day", "what"], rows)


def _until(one: Registration) -> str:
    return "" if one.protection is None or one.protection.until is None else one.protection.until.isoformat()


def _show_costs(
    before: Program,
    after: Program,
    ours: Facts,
    facts: Facts,
    first: Sequence[Judged],
    second: Sequence[Judged],
    options: argparse.Namespace,
    screen: Screen,
) -> None:
    """What the other version's plans would have paid, partner by partner, those first whom it changes most."""
    rows = compared_costs(
        _paid_over_all_days(before, ours, first, options.as_of),
        _paid_over_all_days(after, facts, second, options.as_of),
    )
    changed = sorted(
        (row for row in rows if row.difference), key=lambda row: (-abs(row.difference.minor), row.payee)
    )
    for unit in sorted({row.unit for row in rows}):
        of_unit = [row for row in rows if row.unit == unit]
        was, would = (total((getattr(row, name) for row in of_unit), unit) for name in ("before", "after"))
        screen.table(
            f"paid, in {unit}", ["before", "after", "difference"], [[str(was), str(would), str(would - was)]]
        )
    shown = changed if options.all else changed[:10]
    table = [[_name(facts, row.payee), str(row.before), str(row.after), str(row.difference)] for row in shown]
    screen.table("whose payments differ most", ["partner", "before", "after", "difference"], table)
    if len(shown) < len(changed):
        screen.line(f"... and {len(changed) - len(shown)} more; --all shows them")


def _paid_over_all_days(
    program: Program, facts: Facts, judged: Sequence[Judged], known: datetime.date
) -> Ledger:
    """As if this version had always been in force."""
    always = ProgramVersions.always(program)
    given = {identity: row.given for identity, row in facts.partners.items()}
    decided = [(one.partner, one.decision.as_of, one.decision.outcome.level) for one in judged]
    sales = transactions_of(always, facts.sales, given, levels_by_day(always, decided))
    around = circumstances(always, facts.quotas, facts.quotes, facts.book.first_day)
    return paid(always, sales, known, around)


def _name(facts: Facts, payee: str) -> str:
    return f"{facts.partners[payee].name} ({payee})" if payee in facts.partners else payee


def _show_moves(
    after: Program,
    found: Sequence[Move],
    facts: Facts,
    day: datetime.date,
    options: argparse.Namespace,
    screen: Screen,
) -> None:
    """Who stands elsewhere on the last day, and why."""
    last = [one for one in found if one.day == day]
    if not last:
        screen.line(f"\nnobody stands elsewhere on {day.isoformat()}")
        return
    pairs = Counter(one.levels for one in last)
    counts = [[*pair, str(count)] for pair, count in sorted(pairs.items())]
    screen.table(f"on {day.isoformat()}", ["from", "to", "partners"], counts)
    words = Words.of(options.locale)
    shown = last if options.all else last[:10]
    why = [_why(after, one, facts, words) for one in shown]
    screen.table("who, and why", ["partner", "from", "to", "missing for the old level"], why)
    if len(shown) < len(last):
        screen.line(f"... and {len(last) - len(shown)} more; --all shows them")


def _read_for_both(before: Program, after: Program, folder: Path) -> tuple[Facts, Facts]:
    """The files read once, so that both can count their rows; for each anew where they are read differently."""
    day = datetime.date(2000, 1, 1)  # no matter which: one before the other, since versions may not overlap
    both = ProgramVersions(Dated(((DateRange(None, day), before), (DateRange(day, None), after))))
    if before.name == after.name:
        try:
            facts = read_facts(both, folder)
        except InvalidInput:  # whatever else is wrong shows again
            pass
        else:
            return facts, facts
    return read_facts(before, folder), read_facts(after, folder)


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
    always = ProgramVersions.always(program)
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
