"""The command `contracts`: agreements kept, notices judged, what is due told, written for a calendar, and as a page."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Sequence
from pathlib import Path

from prmcore.cli.folder import check_all_writable, opened, replacing
from prmcore.cli.screen import Screen
from prmcore.contracts.agreements import (
    Agreement,
    lint_agreement,
    resolved,
    severity_of,
)
from prmcore.contracts.agreements.said import said_of_terms
from prmcore.contracts.lifecycle import (
    AgreementAction,
    AgreementRecord,
    AgreementStep,
    AgreementTaken,
    Due,
    Purpose,
    commitments_of,
    course_on,
    deadlines_of,
    said_of_due,
    said_of_standing,
    standing_of,
    to_icalendar,
    upcoming,
)
from prmcore.contracts.notice import GivenNotice
from prmcore.contracts.notice.said import said_of_deadline, said_of_ending, said_of_judged
from prmcore.contracts.obligations import Done, Measured, Obligation, said_of_minimum
from prmcore.decisions.explain import Said, Words, explain, put_into_words
from prmcore.errors import InvalidInput, unknown_name
from prmcore.program import ProgramVersions, load_program
from prmcore.program.contract import (
    agreements_of,
    contract_policy,
    due_by,
    keep_agreements,
    keep_obligations,
    record_kept,
    record_notice,
    take_step,
    tell_due,
)
from prmcore.program.document.agreements import agreements_in_table, load_agreements, load_obligations
from prmcore.report import contracts_page
from prmcore.storage import SqliteStore
from prmcore.values import Money, checked_id, natural_key
from prmcore.values.business_hours import last_second

__all__ = ["keep_contracts"]

_DATES = {None: None, "day-first": True, "month-first": False}
AHEAD = datetime.timedelta(days=366)  # what a calendar shows unless a day is given


def keep_contracts(options: argparse.Namespace, screen: Screen) -> int:
    """Keeps the agreements of a file, or does one action, then lists all; 1 when something was refused or is due."""
    versions = ProgramVersions.of(*map(load_program, options.program))
    _check_asked(options)
    check_all_writable(
        (options.store, options.calendar, options.report), [*options.program, options.agreements]
    )
    noon = datetime.datetime.combine(options.on, datetime.time(12), datetime.UTC)
    if options.agreements is None and not versions.at(noon).agreements and not options.store.exists():
        raise InvalidInput(
            f"there is no store {options.store}; `prmcore contracts ... --agreements FILE` makes one"
        )
    at = last_second(contract_policy(versions, noon).zone, options.on)
    store = SqliteStore(options.store)
    try:
        return int(_Desk(store, versions, options, screen, at).act())
    finally:
        store.close()


def _check_asked(options: argparse.Namespace) -> None:
    """Refuses what cannot be done in the end, before anything is done."""
    asked = [name for name in ("notice", "step", "done", "measured") if getattr(options, name)]
    acts = bool(asked)
    if len(asked) > 1:
        raise InvalidInput(f"found {' and '.join(f'--{name}' for name in asked)}; accepted: one of them")
    if acts and options.agreements is not None:
        raise InvalidInput("found --agreements and an action; accepted: one of them")
    if acts and not options.by:
        raise InvalidInput("who does it? accepted: --by NAME")
    if options.by:
        try:
            checked_id(options.by)
        except InvalidInput as error:
            raise InvalidInput(f"--by: {error}") from None
    if options.notice and (options.party is None or options.sent is None):
        raise InvalidInput("whose notice is it, and when was it sent? accepted: --party ROLE --sent INSTANT")
    if options.done and (options.obligation is None or options.due is None):
        raise InvalidInput("what was done, and for which day? accepted: --obligation ID --due DATE")
    if options.measured and (options.minimum is None or options.year is None):
        raise InvalidInput("of which minimum, and in which year? accepted: --minimum KEY --year DATE")
    if options.step and options.action is None:
        raise InvalidInput(f"what is done? accepted: --action, one of {', '.join(_STEPS)}")
    if options.step and options.action not in _STEPS:
        raise InvalidInput(unknown_name("action", options.action, _STEPS))


_STEPS = (
    "negotiate", "approve", "reopen", "sign-part", "sign", "abandon", "withdraw-notice", "agree-renewal", "meet-condition",
    "suspend", "resume", "cure", "terminate",
)  # fmt: skip


class _Desk:
    """One call of the command over a store."""

    def __init__(
        self,
        store: SqliteStore,
        versions: ProgramVersions,
        options: argparse.Namespace,
        screen: Screen,
        at: datetime.datetime,
    ) -> None:
        self.store, self.versions, self.options, self.screen, self.at = store, versions, options, screen, at
        self.policy = contract_policy(versions, at)
        self.words = Words.of(options.locale)
        self.obligations: tuple[Obligation, ...] = ()

    def act(self) -> bool:
        """Whether something was refused, or is due."""
        options, refused = self.options, False
        agreements = self.read()
        self.check_can_show(agreements)
        if agreements:
            self.keep(agreements)
        if options.notice:
            refused = self.notice(options.notice)
        elif options.step:
            refused = self.step(options.step)
        elif options.done:
            self.done(options.done)
        elif options.measured:
            self.measured(options.measured)
        told = tell_due(self.store, self.versions, options.on, at=self.at) if options.tell else self.due()
        records = agreements_of(self.store)
        self.show(records)
        self.show_due(told)
        if options.explain:
            self.explain(self.record(options.explain))
        if options.calendar is not None:
            self.write_calendar(records, options.calendar)
        if options.report is not None:
            self.write_report(records, told, options.report)
        return refused or bool(told)

    def due(self) -> tuple[Due, ...]:
        return due_by(self.store, self.versions, self.options.on, at=self.at)

    def read(self) -> tuple[Agreement, ...]:
        """All of a file, or of the program's own, before anything is kept."""
        path = self.options.agreements
        if path is None:
            program = self.versions.at(self.at)
            self.obligations = program.obligations
            return program.agreements
        if path.suffix != ".csv":
            self.obligations = load_obligations(path)
            return load_agreements(path, read_at=self.at)
        with opened(path) as lines:
            try:
                return agreements_in_table(lines, read_at=self.at, day_first=_DATES[self.options.dates])
            except InvalidInput as error:
                raise InvalidInput(f"{path.name}: {error.title}", error.faults) from None

    def check_can_show(self, agreements: Sequence[Agreement]) -> None:
        """Refuses what cannot be shown in the end, before anything is kept or counts as told."""
        if self.options.explain:
            known = {one.agreement.id for one in agreements_of(self.store)} | {one.id for one in agreements}
            if self.options.explain not in known:
                raise InvalidInput(unknown_name("agreement", self.options.explain, known))
        if self.options.calendar is not None:
            to_icalendar((), zone=self.policy.zone, stamp=self.at)  # says so where the package is missing

    def keep(self, agreements: Sequence[Agreement]) -> None:
        kept = keep_agreements(self.store, self.versions, agreements, at=self.at, since=self.options.since)
        if kept or self.options.agreements is not None:
            self.screen.line(f"agreements read: {len(agreements)}, new or changed: {len(kept)}")
        new = keep_obligations(self.store, self.versions, self.obligations, at=self.at)
        if new or (self.obligations and self.options.agreements is not None):
            self.screen.line(f"obligations read: {len(self.obligations)}, new or changed: {len(new)}")
        for agreement in agreements if kept or self.options.agreements is not None else ():
            for finding in lint_agreement(
                agreement, calendars=self.policy.calendars, zone=self.policy.named_zone
            ):
                about = f"{severity_of(finding)}: {finding.code}: {finding.in_words(self.words.name)}"
                self.screen.line(f"  {agreement.id}: {about} @ {finding.path}")

    def notice(self, id: str) -> bool:
        options = self.options
        given = GivenNotice(
            id=natural_key(options.party, options.sent.isoformat(), options.purpose),
            by=options.party,
            sent_at=options.sent,
            received_at=options.received,
            channel=options.channel,
        )
        self.record(id)
        found = record_notice(
            self.store, self.versions, id, given,
            at=self.at, by=options.by, purpose=Purpose(options.purpose), is_agreed=options.agreed,
        )  # fmt: skip
        if found.judged is not None:
            judged = put_into_words(said_of_judged(found.judged), self.words.name)
            for line in list(judged.lines(0)) if options.explain else [judged.text]:
                self.screen.line(line)
        if found.ending is not None:
            self.say(said_of_ending(found.ending))
        return self.refused(id, found)

    def step(self, id: str) -> bool:
        options = self.options
        self.record(id)
        step = AgreementStep(
            action=AgreementAction(options.action),
            on=options.on,
            at=self.at,
            by=options.by,
            party=options.party,
            term=options.term,
            reason=options.reason,
        )
        return self.refused(id, take_step(self.store, self.versions, id, step))

    def done(self, id: str) -> None:
        options = self.options
        self.record(id)
        done = Done(
            obligation=options.obligation, due=options.due, on=options.on, at=self.at, by=options.by,
            evidence=options.evidence,
        )  # fmt: skip
        record_kept(self.store, self.versions, id, done, at=self.at)

    def measured(self, id: str) -> None:
        options = self.options
        self.record(id)
        amount = None if options.amount is None else Money.parse(options.amount)
        found = Measured(
            minimum=options.minimum, year=options.year, amount=amount, count=options.count,
            through=options.through or options.on, on=options.on,
        )  # fmt: skip
        record = record_kept(self.store, self.versions, id, found, at=self.at)
        held = commitments_of(record, self.policy, options.on, self.at)
        course = course_on(record.agreement, options.on, self.at, self.policy.calendars)
        assert course is not None  # as it has a minimum
        for one in held.judged(options.minimum, course.timetable, options.on, calendar=course.calendar):
            self.say(said_of_minimum(one))

    def refused(self, id: str, found: AgreementTaken) -> bool:
        if found.decision is None or found.decision.outcome:
            return False
        self.screen.line(f"{id}: {explain(found.decision, self.words.name)}")
        return True

    def record(self, id: str) -> AgreementRecord:
        known = {one.agreement.id: one for one in agreements_of(self.store)}
        if id not in known:
            raise InvalidInput(unknown_name("agreement", id, known))
        return known[id]

    # what is shown

    def say(self, said: Said) -> None:
        for line in put_into_words(said, self.words.name).lines(0):
            self.screen.line(line)

    def show(self, records: Sequence[AgreementRecord]) -> None:
        columns = ["agreement", "partner", "kind", "state", "term", "stop until", "ends", "next"]
        self.screen.table("agreements", columns, [self.row(one) for one in records])

    def row(self, record: AgreementRecord) -> list[str]:
        now, agreement = standing_of(record, self.policy, self.options.on, self.at), record.agreement
        term = "" if now.term is None else str(now.term.period)
        days = [now.safe_until, now.ends, record.next_action_on]
        return [
            agreement.id, agreement.partner, self.words.value(agreement.kind), self.words.value(now.state), term,
            *("" if day is None else day.isoformat() for day in days),
        ]  # fmt: skip

    def show_due(self, told: Sequence[Due]) -> None:
        if told:
            self.screen.line()
        for one in told:
            who = [who for who in (one.owner, one.escalate_to) if who is not None]
            about = put_into_words(said_of_due(one), self.words.name).text
            self.screen.line(f"{one.on}  {about}{f' ({chr(44).join(who)})' if who else ''}")

    def explain(self, record: AgreementRecord) -> None:
        """How it stands, until when its renewal can be stopped, and what its paper says, each with where it is written."""
        on = self.options.on
        self.screen.line()
        self.say(said_of_standing(standing_of(record, self.policy, on, self.at)))
        try:
            for deadline in deadlines_of(record, self.policy, on, self.at):
                self.say(said_of_deadline(deadline))
        except InvalidInput as error:  # such as a calendar that does not reach so far: no reason to stop here
            self.screen.line(str(error))
        self.say(said_of_terms(resolved(record.agreement, on, self.at)))

    def write_calendar(self, records: Sequence[AgreementRecord], path: Path) -> None:
        on = self.options.on
        until = self.options.until or on + AHEAD
        items = [one for record in records for one in upcoming(record, self.policy, until, self.at, after=on)]
        items.sort(key=lambda one: (one.on, one.agreement, one.kind))
        text = to_icalendar(items, zone=self.policy.zone, stamp=self.at, locale=self.words.name).decode(
            "utf-8"
        )
        with replacing(path) as out:
            out.write(text)
        self.screen.line(f"{len(items)} days until {until} are in {path}")

    def write_report(self, records: Sequence[AgreementRecord], told: Sequence[Due], path: Path) -> None:
        program = self.versions.at(self.at)
        text = contracts_page(program, records, self.options.on, self.at, told, self.words.name)
        with replacing(path) as out:
            out.write(text)
        self.screen.line(f"report: {path}")
