"""The command `registrations`: partners' deals handed in, conflicts between them found, decided, appealed and approved."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import attrs

from prmcore.cli.folder import check_all_writable, opened, rejects_beside, write_rejects
from prmcore.cli.matching import read_accounts
from prmcore.cli.screen import Screen
from prmcore.deals import Acting
from prmcore.deals.registrations import Deal, Registration, RegistrationState
from prmcore.decisions import Decision
from prmcore.decisions.explain import Said, Words, explain, put_into_words
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.program import ProgramVersions, keep_partners, load_program, partner_rows
from prmcore.program.contest import (
    appeal_case,
    cases_of,
    claim_of,
    conflict_found,
    decide_case,
    open_cases,
    settle_case,
)
from prmcore.program.register import (
    approve_registration,
    circumstances,
    draft_registration,
    registration_policy,
    registrations_of,
    submit_registration,
)
from prmcore.program.rows import Reject, account_rows, read_rows, several
from prmcore.repository import Store
from prmcore.storage import SqliteStore
from prmcore.territory.claims import Award, CaseState, ConflictCase, Resolution, Ruling, Verdict
from prmcore.territory.claims.said import said_of_resolution
from prmcore.territory.identity import Account, IdentityPolicy, Pair, Sameness, grouped
from prmcore.values import Money, NothingOn, checked_id, checked_instant
from prmcore.values.business_hours import last_second

__all__ = ["settle_registrations"]

OF_CUSTOMERS = ("is_house_account", "engaged_on")
NEVER = "never"
IDENTITY = IdentityPolicy()
COLUMNS = ["registration", "partner", "account", "customer", "at"]


def settle_registrations(options: argparse.Namespace, screen: Screen) -> int:
    """Hands in what the rows say, or does one action, then lists all; 1 when something was refused or waits for a person."""
    versions = ProgramVersions.of(*map(load_program, options.program))
    _check_asked(options)
    beside = options.rows or options.accounts
    rejects_to = options.rejects or (None if beside is None else rejects_beside(beside))
    read = [*options.program, options.rows, options.partners, options.accounts]
    check_all_writable((options.store, rejects_to), read)
    if options.rows is None and not options.store.exists():
        raise InvalidInput(
            f"there is no store {options.store}; `prmcore registrations ... --rows FILE` makes one"
        )
    store = SqliteStore(options.store)
    desk = _Desk(store, versions, options, screen)
    try:
        refused = desk.act()
    finally:
        store.close()
    if rejects_to is not None:
        write_rejects(rejects_to, desk.rejects)
        if desk.rejects:
            screen.line(f"rows not taken: {len(desk.rejects)}; the reasons are in {rejects_to}")
    return 1 if refused else 0


def _check_asked(options: argparse.Namespace) -> None:
    """Refuses what cannot be done in the end, before anything is done."""
    action = options.approve or options.appeal or options.award
    if action and options.rows is not None:
        raise InvalidInput("found --rows and an action; accepted: one of them")
    if (action or options.rows is not None) and not options.by:
        raise InvalidInput("who does it? accepted: --by NAME")
    if options.by:
        try:
            checked_id(options.by)
        except InvalidInput as error:
            raise InvalidInput(f"--by: {error}") from None
    if options.approve and not options.role:
        raise InvalidInput("in which role is it approved? accepted: --role ROLE")
    if options.appeal and not options.reason:
        raise InvalidInput("on what grounds? accepted: --reason TEXT")
    if options.award and not options.reason:
        raise InvalidInput("why is it decided so? accepted: --reason TEXT")


@attrs.frozen
class _Row:
    """A registration as the file has it."""

    id: str
    partner: str
    account: str
    deal: Deal
    at: datetime.datetime
    by: str


class _Desk:
    """One call of the command over a store."""

    def __init__(
        self, store: Store, versions: ProgramVersions, options: argparse.Namespace, screen: Screen
    ) -> None:
        self.store, self.versions, self.options, self.screen = store, versions, options, screen
        self.words = Words.of(options.locale)
        self.rejects: list[Reject] = []
        self.accounts: dict[str, Account] = {}
        self.customers: dict[str, Mapping[str, Any]] = {}  # what the vendor has to do with each account
        self.attributes: dict[str, Mapping[str, Any]] = {}  # what the coverage asks of each account
        self.same: dict[tuple[str, str], Sameness] = {}
        if options.accounts is not None:
            self.read_customers(options.accounts)

    def act(self) -> bool:
        """Whether something was refused, or waits for a person."""
        options = self.options
        refused = False
        if options.rows is not None:
            refused = self.hand_in()
            self.decide()
        elif options.approve:
            refused = self.approve(options.approve)
        elif options.appeal:
            refused = self.appeal(options.appeal)
        elif options.award:
            refused = self.award(options.award)
        cases = cases_of(self.store, self.versions.name)
        self.show(cases)
        return refused or any(one.state is CaseState.UNDER_REVIEW for one in cases)

    # rows

    def hand_in(self) -> bool:
        """Drafts and submits every row that is new, in the order of their instants."""
        rows = self.read_all()
        known = {one.id: one for one in registrations_of(self.store, self.versions.name)}
        refused = False
        for row in sorted(rows, key=lambda one: (one.at, one.id)):
            before = known.get(row.id)
            if before is None:
                draft_registration(
                    self.store, self.versions,
                    id=row.id, partner=row.partner, deal=row.deal, by=row.by, at=row.at,
                )  # fmt: skip
            elif before.state is not RegistrationState.DRAFT:
                continue  # handed in before
            found = self.circumstances(row.partner, row.account, row.at)
            done = submit_registration(
                self.store, self.versions, row.id, row.account, found, by=row.by, at=row.at
            )
            if not done.decision.outcome:
                refused = True
                self.explain(row.id, done.decision)
        return refused

    def read_all(self) -> list[_Row]:
        """Everything is read before anything is kept."""
        options = self.options
        program, _ = registration_policy(self.versions, self.at)
        partners = []
        if options.partners is not None:
            with opened(options.partners) as lines:
                partners = list(partner_rows(program, lines, self.rejects.append))
        ids: dict[str, _Row] = {}
        kept = {one.id: one for one in registrations_of(self.store, self.versions.name)}

        def read(row: Mapping[str, str]) -> _Row:
            found = _row_of(row)
            if found.id in ids:
                raise InvalidInput(f"registration: {found.id!r} stands here twice")
            if options.accounts is not None and found.account not in self.accounts:
                raise InvalidInput(f"account: {unknown_name('account', found.account, self.accounts)}")
            before = kept.get(found.id)
            if before is not None and (before.partner, before.deal) != (found.partner, found.deal):
                raise InvalidInput(f"registration: {found.id!r} is there already, with another deal")
            if found.at > self.at:
                raise InvalidInput(f"at: found {row['at']}, after {options.on}; accepted: until then")
            self.check_row(found)
            ids[found.id] = found
            return found

        with opened(options.rows) as lines:
            rows = list(read_rows("registrations", lines, COLUMNS, read, self.rejects.append))
        keep_partners(self.store, partners)
        return rows

    def check_row(self, row: _Row) -> None:
        """Refuses products that are not in the tree, and an instant at which no version is in force."""
        try:
            program, _ = registration_policy(self.versions, row.at)
        except NothingOn as error:
            raise InvalidInput(f"at: {error}") from None
        tree = program.product_tree
        for code in sorted(row.deal.products if tree is not None else ()):
            if tree is not None and code not in tree:
                raise InvalidInput(f"products: {unknown_name('product', code, tree.parents)}")

    def read_customers(self, path: Path) -> None:
        """What the file of accounts says, each row read for what tells companies apart, for conflicts and for the coverage."""
        self.accounts = {one.id: one for one in read_accounts(path, None, self.rejects.append)}
        rejected = self._once({one.line for one in self.rejects})
        with opened(path) as lines:
            self.customers = dict(read_rows("accounts", lines, ["account"], _known, rejected))
        coverage = self.versions.on(self.options.on).coverage
        if coverage is not None:
            with opened(path) as lines:
                self.attributes = dict(account_rows(coverage, lines, rejected))
        self.same = grouped(self.accounts.values(), IDENTITY, self.options.on).pairs()

    def _once(self, refused: set[int]) -> Callable[[Reject], None]:
        """Rejects a row that is read several times once."""

        def rejected(one: Reject) -> None:
            if one.line not in refused:
                refused.add(one.line)
                self.rejects.append(one)

        return rejected

    def circumstances(
        self, partner: str, account: str | None, at: datetime.datetime, registration: str | None = None
    ) -> Any:
        days = self.customers.get(account or "", {}).get("engagements")
        engaged: dict[str, Any] = {}
        if days is not None:
            engaged = {"last_engaged": max(days)} if days else {"was_engaged": False}
        return circumstances(
            self.store, self.versions, partner, at,
            account=account, attributes=self.attributes.get(account or ""), registration=registration, **engaged,
        )  # fmt: skip

    # conflicts

    def decide(self) -> None:
        """Opens a case for every conflict that is new, and lets the policy decide those that nobody decided."""
        if self.versions.on(self.options.on).conflicts is None:
            return
        options, by = self.options, self.options.by
        open_cases(self.store, self.versions, options.on, self.same, by=by)
        for case in cases_of(self.store, self.versions.name, CaseState.OPEN):
            known = _together([self.customers.get(one, {}) for one in case.conflict.accounts])
            decide_case(self.store, self.versions, case.id, by=by, on=options.on, **known)

    def approve(self, id: str) -> bool:
        one = self.registration(id)
        known = self.circumstances(one.partner, one.account, self.at, id)
        who = Acting(by=self.options.by, role=self.options.role)
        done = approve_registration(self.store, self.versions, id, known, who=who, at=self.at)
        self.explain(id, done.decision)
        return done.registration == one

    def appeal(self, id: str) -> bool:
        case = self.case(id)
        done = appeal_case(
            self.store, self.versions, case.id,
            claimant=self.registration(id).partner, grounds=self.options.reason,
            evidence=tuple(self.options.evidence), by=self.options.by, on=self.options.on,
        )  # fmt: skip
        self.explain(id, done.decision)
        return not done.decision.outcome

    def award(self, id: str) -> bool:
        case = self.case(id)
        award = Award(claim=claim_of("registration", id), claimant=self.registration(id).partner)
        resolution = Resolution(verdict=Verdict.AWARDED, awards=(award,))
        done = settle_case(
            self.store, self.versions, case.id, resolution,
            by=self.options.by, on=self.options.on, reason=self.options.reason,
        )  # fmt: skip
        self.explain(id, done.decision)
        return not done.decision.outcome

    @property
    def at(self) -> datetime.datetime:
        """The end of the day of the action, where the clauses are at home."""
        noon = datetime.datetime.combine(self.options.on, datetime.time(12), datetime.UTC)
        _, policy = registration_policy(self.versions, noon)
        return last_second(policy.zone, self.options.on)

    def registration(self, id: str) -> Registration:
        known = {one.id: one for one in registrations_of(self.store, self.versions.name)}
        if id not in known:
            raise InvalidInput(unknown_name("registration", id, known))
        return known[id]

    def case(self, id: str) -> ConflictCase:
        """The case that the registration is in."""
        self.registration(id)
        claim = claim_of("registration", id)
        found = [
            one
            for one in cases_of(self.store, self.versions.name)
            if any(each.id == claim for each in one.conflict.claims) and one.state is not CaseState.CLOSED
        ]
        if len(found) != 1:
            count = "no conflict" if not found else f"{len(found)} conflicts"
            raise InvalidInput(f"{id!r} is in {count}; accepted: a registration that is in one")
        return found[0]

    # what is shown

    def explain(self, id: str, decision: Decision[Any]) -> None:
        self.screen.line(f"{id}: {explain(decision, self.words.name)}")

    def show(self, cases: Sequence[ConflictCase]) -> None:
        rows = [self.row(one) for one in registrations_of(self.store, self.versions.name)]
        columns = ["registration", "partner", "account", "customer", "state", "conflict"]
        self.screen.table("registrations", columns, rows)
        for case in sorted(cases, key=lambda one: (one.opened_on, one.conflict.accounts, one.id)):
            self.screen.line()
            for line in self.lines_of(case):
                self.screen.line(line)

    def row(self, one: Registration) -> list[str]:
        conflict = conflict_found(self.store, self.versions.name, one.id)
        states = [self.words.value(each) for each in (one.state, conflict)]
        return [one.id, one.partner, one.account or "", one.deal.customer, *states]

    def lines_of(self, case: ConflictCase) -> Iterator[str]:
        """A case: every decision about it, and every appeal against one, in their order."""
        values = {"accounts": list(case.conflict.accounts), "state": case.state}
        yield self.words.sentence("conflict over {accounts}: {state}", values)
        products = tuple(sorted(case.conflict.products))
        about = Said("products: {products}", {"products": products}) if products else Said("all products")
        claims = [one.id for one in case.conflict.claims]
        yield "  " + self.words.sentence("{claims}, {about}", {"claims": claims, "about": about})
        known = [self.accounts[one] for one in case.conflict.accounts if one in self.accounts]
        for first, second in combinations(known, 2):
            found = IDENTITY.decide(Pair(first, second), case.opened_on)
            yield from explain(found, self.words.name).lines(1)
        appeals = list(case.appeals)
        for number, ruling in enumerate(case.rulings, start=1):
            yield from self.lines_of_ruling(ruling)
            for appeal in [one for one in appeals if one.against == number]:
                told = {"day": appeal.on, "who": appeal.claimant, "reason": appeal.grounds}
                evidence = [Said("evidence: {evidence}", {"evidence": list(appeal.evidence)})]
                said = Said(
                    "{day}, appeal of {who}: {reason}", told, None, tuple(evidence if appeal.evidence else ())
                )
                yield from put_into_words(said, self.words.name).lines(1)

    def lines_of_ruling(self, ruling: Ruling) -> Iterator[str]:
        policies = {one.conflicts.name: one.conflicts for one in self.versions if one.conflicts is not None}
        if ruling.reason is None and ruling.policy in policies:
            yield from explain(ruling.decision(policies[ruling.policy]), self.words.name).lines(1)
            return
        told = {
            "day": ruling.on, "who": ruling.by, "state": said_of_resolution(ruling.resolution),
            "reason": ruling.reason or ruling.policy,
        }  # fmt: skip
        yield from put_into_words(
            Said("{day}, {who}: {state}, because {reason}", told), self.words.name
        ).lines(1)


# cells


def _row_of(row: Mapping[str, str]) -> _Row:
    faults = Faults("the registration cannot be used")
    cells = {name: cell.strip() for name, cell in row.items()}
    for name in ("registration", "partner", "account"):
        with faults.within(name):
            checked_id(cells[name])
    at = datetime.datetime.min
    with faults.within("at"):
        at = _instant(cells["at"])
    value = close = None
    if cells.get("value"):
        with faults.within("value"):
            value = Money.parse(cells["value"])
    if cells.get("expected_close"):
        with faults.within("expected_close"):
            close = _day(cells["expected_close"])
    deal: Deal | None = None
    with faults.within(""):
        deal = Deal(
            customer=cells["customer"],
            products=frozenset(several(cells.get("products", ""))),
            division=cells.get("division") or None,
            source=cells.get("source") or None,
            value=value,
            expected_close=close,
        )
    faults.raise_if_any()
    assert deal is not None
    by = cells.get("by") or cells["partner"]
    return _Row(cells["registration"], cells["partner"], cells["account"], deal, at, by)


def _known(row: Mapping[str, str]) -> tuple[str, Mapping[str, Any]]:
    """What the vendor has to do with an account: None = nobody knows."""
    faults = Faults("the account cannot be used")
    house, engaged = (row.get(name, "").strip() for name in OF_CUSTOMERS)
    is_house = {"": None, "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if house.lower() not in is_house:
        faults.add(f"found {house!r:.40}; accepted: yes, no, or nothing", "is_house_account")
    days: tuple[datetime.date, ...] | None = None if not engaged else ()
    if engaged and engaged != NEVER:
        with faults.within("engaged_on"):
            days = tuple(map(_day, several(engaged)))
    faults.raise_if_any()
    return row["account"].strip(), {"is_house_account": is_house[house.lower()], "engagements": days}


def _together(known: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is known of one company from all its accounts: one that is the vendor's makes it so, and every day counts."""
    houses = {one.get("is_house_account") for one in known}
    days = [one.get("engagements") for one in known]
    house = True if True in houses else False if houses == {False} else None
    engaged = None if None in days else tuple(day for one in days if one is not None for day in one)
    return {"is_house_account": house, "engagements": engaged}


def _instant(text: str) -> datetime.datetime:
    try:
        return checked_instant(datetime.datetime.fromisoformat(text))
    except ValueError:  # no instant, or one without a time zone
        raise InvalidInput(
            f"found {text!r:.40}; accepted: an instant with its time zone, such as 2026-03-02T09:00+09:00"
        ) from None


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"found {text!r:.40}; accepted: a date such as 2026-03-31") from None
