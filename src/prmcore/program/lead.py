"""The use case of leads: take in, route, accept, work, decline, recall, convert; each one unit of work, and none is given twice.

Who a lead can be offered to is gathered by `_candidates.py`. Taking in and routing put
one record of the program, so that of two at a time one has to read anew: a duplicate is seen, and nobody is given more
leads than it has room for.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from prmcore.deals.leads import (
    FINAL,
    ByTurn,
    Lead,
    LeadMoved,
    LeadNotice,
    LeadNoticeKind,
    LeadPolicy,
    LeadState,
    Likeness,
    LikenessFound,
    Routing,
    RoutingFacts,
    RoutingPolicy,
    Same,
    Turns,
    accepted,
    converted,
    declined,
    due,
    expired,
    likenesses,
    merged,
    recalled,
    referred,
    routed,
    settled,
    worked,
)
from prmcore.deals.leads.repository import LEAD_NOTICES, LEAD_TURNS, LEADS
from prmcore.deals.opportunities import Opportunity, opened
from prmcore.deals.opportunities.repository import OPPORTUNITIES
from prmcore.deals.registrations import Deal, drafted
from prmcore.deals.registrations.repository import REGISTRATIONS
from prmcore.decisions import Decision, recorded
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.program._candidates import candidates_of, check_known
from prmcore.program.model import Program, ProgramVersions
from prmcore.repository import Aggregate, Store, Stored, UnitOfWork, asked_for, committed, found_in
from prmcore.territory.identity import Sameness
from prmcore.values import BusinessHours, Money, checked_instant, natural_key

__all__ = [
    "LEAD_DESKS", "LEAD_ROUTINGS", "LeadConverted", "LeadDesk", "LeadRouted", "LeadTaken", "RecordedRouting", "accept_lead",
    "catch_up", "convert_lead", "decline_lead", "lead_policy", "leads_of", "move_lead", "open_leads", "route_lead", "routings_of", "take_in",
    "work_lead",
]  # fmt: skip

Move: TypeAlias = Callable[[Lead, LeadPolicy, BusinessHours | None], LeadMoved]


# what is kept beside the leads


@attrs.frozen(kw_only=True)
class LeadDesk:
    """How many leads of a program were taken in and routed: what every such unit of work puts."""

    program: str
    taken: int = 0
    routed: int = 0


@attrs.frozen(kw_only=True)
class RecordedRouting:
    """Why a lead went where it did: the decision behind one of its steps."""

    program: str  # name without version; the version is in the record
    lead: str
    step: int  # the number of the lead's step that came of it, from 1
    record: Mapping[str, Any]  # see prmcore.decisions.recorded

    @property
    def id(self) -> str:
        return natural_key(self.lead, str(self.step))


LEAD_DESKS: Aggregate[LeadDesk] = Aggregate("lead-desk", LeadDesk, lambda desk: desk.program)
LEAD_ROUTINGS: Aggregate[RecordedRouting] = Aggregate(
    "lead-routing",
    RecordedRouting,
    lambda one: one.id,
    {"program": lambda one: one.program, "lead": lambda one: one.lead},
    is_log=True,
)


# what comes of an action


@attrs.frozen
class LeadTaken:
    """What came of taking a lead in."""

    record: Lead
    likeness: LikenessFound | None  # None = it is like no other, or was taken in before


@attrs.frozen
class LeadRouted:
    """To whom a lead goes and why, and what came of it."""

    decision: Decision[Routing]
    moved: LeadMoved

    @property
    def record(self) -> Lead:
        return self.moved.record


@attrs.frozen
class LeadConverted:
    """What came of converting a lead."""

    moved: LeadMoved
    opportunity: Opportunity | None  # None = it was not allowed


def lead_policy(versions: ProgramVersions, at: datetime.datetime) -> tuple[Program, LeadPolicy]:
    """The version in force at an instant, and its rules of leads."""
    program = versions.at(at)
    if program.leads is None:
        raise InvalidInput(f"{program.full_name} has no leads; accepted: a program file with [leads]")
    return program, program.leads


# coming in


def take_in(
    store: Store,
    versions: ProgramVersions,
    lead: Lead,
    *,
    at: datetime.datetime,
    sameness: Mapping[str, Sameness] | None = None,
) -> LeadTaken:
    """A new lead: merged into one that is there already, put before a person when it may be one, or left to be routed.

    `sameness` says of other accounts whether they are the company of the lead's account; what it does not name is distinct.
    Whichever was taken in first goes on. The same lead taken in again changes nothing; another one of its id is refused.
    """
    program, policy = lead_policy(versions, at)
    _check_new(lead, versions.name, at)

    def change(work: UnitOfWork) -> LeadTaken:
        desk = _Desk.of(work, program)
        leads = work.repository(LEADS)
        kept = found_in(leads, lead.id)
        if kept is not None:
            if _as_made(kept.record) != lead:
                raise InvalidInput(f"there is another lead {lead.id!r:.200} already")
            return LeadTaken(kept.record, None)
        others = {one.id: one for one in _alike(work, lead, sameness or {})}
        found = settled(_held_against(lead, others.values(), sameness or {}, policy, program))
        taken = LeadTaken(_settled(lead, found, others, policy, at), found)
        leads.put(taken.record)
        desk.put(taken=1)
        return taken

    return committed(store, change)


def _check_new(lead: Lead, program: str, at: datetime.datetime) -> None:
    faults = Faults(f"the lead {lead.id!r:.60} cannot be taken in")
    if lead.program != program:
        faults.add(f"found {lead.program!r:.60}; accepted: {program!r}", "program")
    if lead.steps or lead.offers:
        faults.add("something was done with it already; accepted: a new lead", "steps")
    if lead.made_at > checked_instant(at):
        faults.add(f"found {lead.made_at}; accepted: {at}, when it is taken in, or earlier", "made_at")
    faults.raise_if_any()


def _as_made(lead: Lead) -> Lead:
    return attrs.evolve(lead, offers=(), steps=(), same_as=None, opportunity=None)


def _alike(work: UnitOfWork, lead: Lead, sameness: Mapping[str, Sameness]) -> Iterator[Lead]:
    """The leads of the same contact, or of accounts that are or may be the same; duplicates among them are left out."""
    leads = work.repository(LEADS)
    accounts = [account for account, same in sameness.items() if same is not Sameness.DISTINCT]
    asked = [("account", one) for one in (lead.account, *accounts)] + [("contact", lead.contact)]
    for key, value in asked:
        if value is not None:
            found = (one.record for one in leads.query(**{"program": lead.program, key: value}))
            yield from (one for one in found if one.state is not LeadState.DUPLICATE)


def _held_against(
    lead: Lead,
    others: Iterable[Lead],
    sameness: Mapping[str, Sameness],
    policy: LeadPolicy,
    program: Program,
) -> Iterator[LikenessFound]:
    """The lead beside each that is there, the one made first at the front; one that is there may have been made later."""
    for other in sorted(others, key=lambda one: (one.made_at, one.id)):
        first, second = sorted((lead, other), key=lambda one: (one.made_at, one.id))
        same = _same(lead.account, other.account, sameness)
        for found in likenesses(second, [(first, same)], policy, products=program.product_tree):
            yield LikenessFound(other.id, found.decision)


def _same(mine: str | None, other: str | None, sameness: Mapping[str, Sameness]) -> Same:
    if mine is None or other is None:
        return Same.POSSIBLE  # nobody knows who it is
    return Same.SAME if mine == other else Same(sameness.get(other, Sameness.DISTINCT))


def _settled(
    lead: Lead,
    found: LikenessFound | None,
    others: Mapping[str, Lead],
    policy: LeadPolicy,
    at: datetime.datetime,
) -> Lead:
    if found is None:
        return lead
    if found.decision.outcome is Likeness.DUPLICATE:
        return merged(lead, others[found.lead], policy, by=policy.name, at=at).record
    reason = f"may be a duplicate of {found.lead}"
    return referred(lead, policy, by=policy.name, at=at, reason=reason).record


# to a partner


def route_lead(
    store: Store,
    versions: ProgramVersions,
    id: str,
    *,
    by: str,
    at: datetime.datetime,
    attributes: Mapping[str, Any] | None = None,
    known: Mapping[str, Mapping[str, Any]] | None = None,
    pool: str | None = None,
) -> LeadRouted:
    """The lead offered to whom the routing says, put before a person, or given to where nobody's leads go.

    Candidates are the partners that may receive leads on that day and were not offered this one before. The store knows
    their tier, languages and open leads, and the coverage, by the lead's account and `attributes`, in whose territory it
    is; `known` is what the caller knows of each partner besides, or better, by the names of `CandidateFacts`. `pool` is the
    one whose turns are taken; None = the only one there is. A lead that somebody has already is left as it is.

    The history of each candidate's tier is read, unless `known` says which it has: whoever routes many leads gives it.
    """
    program, policy = lead_policy(versions, at)
    if program.routing is None:
        raise InvalidInput(f"{program.full_name} has no routing; accepted: a program file with [routing]")
    routing, day = program.routing, program.day_at(at)
    round_id = _round_of(program, routing, pool)
    check_known(known or {})

    def change(work: UnitOfWork) -> LeadRouted:
        desk = _Desk.of(work, program)
        found = asked_for(work, LEADS, id)
        candidates = candidates_of(work, program, found.record, day, attributes, known or {})
        kept = None if round_id is None else found_in(work.repository(LEAD_TURNS), natural_key(*round_id))
        turns = None if round_id is None else _turns(program, round_id, kept)
        facts = RoutingFacts(subject=id, candidates=candidates, turns=turns)
        decision = routing.decide(facts, day)
        moved = routed(found.record, decision, policy, by=by, at=at, hours=program.lead_hours, turns=turns)
        if moved.record is not found.record:
            work.repository(LEADS).put(moved.record, expected=found.version)
            step = len(moved.record.steps)
            work.repository(LEAD_ROUTINGS).put(
                RecordedRouting(program=program.name, lead=id, step=step, record=recorded(decision))
            )
            desk.put(routed=1)
        if moved.turns is not None:
            work.repository(LEAD_TURNS).put(moved.turns, expected=0 if kept is None else kept.version)
        return LeadRouted(decision, moved)

    return committed(store, change)


def _round_of(program: Program, routing: RoutingPolicy, pool: str | None) -> tuple[str, str] | None:
    """The program and pool whose turns are taken; None when no step asks for turns."""
    if pool is not None and pool not in program.pools:
        raise InvalidInput(unknown_name("pool", pool, program.pools))
    if not program.pools or not any(isinstance(step, ByTurn) for step in routing.steps):
        return None
    if pool is None and len(program.pools) > 1:
        raise InvalidInput(f"pool: found none; accepted: one of {', '.join(sorted(program.pools))}")
    return program.name, pool or next(iter(program.pools))


def _turns(program: Program, round_id: tuple[str, str], kept: Stored[Turns] | None) -> Turns:
    """The round as it stands, with the members that the program gives it now."""
    weights = program.pools[round_id[1]]
    return Turns.of(natural_key(*round_id), weights) if kept is None else kept.record.with_members(weights)


# what partners and people do


def accept_lead(
    store: Store, versions: ProgramVersions, id: str, partner: str, *, by: str, at: datetime.datetime
) -> LeadMoved:
    """The lead accepted by a partner that was asked; of several the first has it."""
    return move_lead(
        store, versions, id, lambda lead, policy, hours: accepted(lead, partner, policy, by=by, at=at, hours=hours), at=at
    )  # fmt: skip


def work_lead(
    store: Store, versions: ProgramVersions, id: str, partner: str, *, by: str, at: datetime.datetime
) -> LeadMoved:
    """The lead worked by the partner that has it."""
    return move_lead(
        store, versions, id, lambda lead, policy, hours: worked(lead, partner, policy, by=by, at=at), at=at
    )


def decline_lead(
    store: Store,
    versions: ProgramVersions,
    id: str,
    partner: str,
    *,
    by: str,
    at: datetime.datetime,
    reason: str | None = None,
) -> LeadMoved:
    """The lead given back by a partner that was asked or has it; it waits to be routed again, unless others are asked."""
    return move_lead(
        store, versions, id,
        lambda lead, policy, hours: declined(lead, partner, policy, by=by, at=at, reason=reason), at=at,
    )  # fmt: skip


def move_lead(
    store: Store, versions: ProgramVersions, id: str, move: Move, *, at: datetime.datetime
) -> LeadMoved:
    """Any other action, such as `disqualified` or `recalled` of prmcore.deals.leads, by the rules in force at an instant.

    `move` is given the lead, the rules and the hours of business; it may be asked twice when somebody else was faster.
    """
    program, policy = lead_policy(versions, at)

    def change(work: UnitOfWork) -> LeadMoved:
        found = asked_for(work, LEADS, id)
        done = move(found.record, policy, program.lead_hours)
        if done.record is not found.record:
            work.repository(LEADS).put(done.record, expected=found.version)
        return done

    return committed(store, change)


def convert_lead(
    store: Store,
    versions: ProgramVersions,
    id: str,
    *,
    opportunity: str,
    amount: Money,
    expected_close: datetime.date,
    by: str,
    at: datetime.datetime,
    registration: str | None = None,
) -> LeadConverted:
    """The lead become an opportunity in the first stage, of the partner that worked it or of the vendor's own team.

    `registration` is the id of a registration that is drafted for that partner in the same unit of work; it is handed in
    like any other. Converting into the same opportunity again changes nothing; an id of something else is refused.
    """
    program, policy = lead_policy(versions, at)
    if program.sales is None:
        raise InvalidInput(f"{program.full_name} has no sales; accepted: a program file with [sales]")
    process = program.sales

    def change(work: UnitOfWork) -> LeadConverted:
        found = asked_for(work, LEADS, id)
        lead, sales = found.record, work.repository(OPPORTUNITIES)
        kept = found_in(sales, opportunity)
        moved = converted(lead, policy, opportunity=opportunity, by=by, at=at)
        if not moved.decision.outcome:
            mine = kept is not None and lead.opportunity == opportunity
            return LeadConverted(moved, kept.record if mine and kept is not None else None)
        _check_conversion(work, lead, opportunity, registration)
        assert lead.account is not None  # checked
        made = opened(
            process, id=opportunity, program=program.name, account=lead.account, amount=amount,
            expected_close=expected_close, by=by, at=at, partners=() if lead.owner is None else (lead.owner,),
            products=lead.products, lead=lead.id, registration=registration,
        )  # fmt: skip
        sales.put(made)
        work.repository(LEADS).put(moved.record, expected=found.version)
        if registration is not None and lead.owner is not None:
            deal = Deal(
                customer=lead.customer, products=lead.products, value=amount, expected_close=expected_close, source=lead.source
            )  # fmt: skip
            work.repository(REGISTRATIONS).put(
                drafted(id=registration, program=program.name, partner=lead.owner, deal=deal, by=by, at=at)
            )
        return LeadConverted(moved, made)

    return committed(store, change)


def _check_conversion(work: UnitOfWork, lead: Lead, opportunity: str, registration: str | None) -> None:
    faults = Faults(f"the lead {lead.id!r:.60} cannot be converted")
    if lead.account is None:
        faults.add("is not identified; accepted: a lead whose account is known", "account")
    if found_in(work.repository(OPPORTUNITIES), opportunity) is not None:
        faults.add(f"there is an opportunity {opportunity!r:.60} already", "opportunity")
    if registration is not None:
        if lead.owner is None:
            faults.add("no partner has the lead; accepted: none", "registration")
        if found_in(work.repository(REGISTRATIONS), registration) is not None:
            faults.add(f"there is a registration {registration!r:.60} already", "registration")
    faults.raise_if_any()


# time


def catch_up(store: Store, versions: ProgramVersions, at: datetime.datetime) -> tuple[LeadNotice, ...]:
    """What has become due by an instant: recalled or expired where its time is over, and told once.

    Running again does nothing, and a run that was missed is made good by the next one. What was recalled waits to be
    routed again: `leads_of(..., state=LeadState.RECALLED)`.
    """
    _, policy = lead_policy(versions, at)
    told: list[LeadNotice] = []
    while found := _caught_up(store, versions.name, policy, at):  # what was recalled may be too old already
        told += found
    return tuple(told)


def _caught_up(store: Store, program: str, policy: LeadPolicy, at: datetime.datetime) -> list[LeadNotice]:
    told = []
    for notice in due(open_leads(store, program), policy, at):

        def change(work: UnitOfWork, notice: LeadNotice = notice) -> bool:
            return _done(work, notice, policy, at)

        if committed(store, change):
            told.append(notice)
    return told


def _done(work: UnitOfWork, notice: LeadNotice, policy: LeadPolicy, at: datetime.datetime) -> bool:
    """Does what is due, and keeps that it was told; False when it no longer is, or was told before."""
    found = asked_for(work, LEADS, notice.lead)
    notices = work.repository(LEAD_NOTICES)
    if notice not in due([found.record], policy, at) or found_in(notices, notice.id) is not None:
        return False
    if notice.kind is not LeadNoticeKind.REMINDER:
        end = recalled if notice.kind is LeadNoticeKind.RECALL else expired
        moved = end(found.record, policy, by=policy.name, at=at)
        work.repository(LEADS).put(moved.record, expected=found.version)
    notices.put(notice)
    return True


# looking


def leads_of(
    store: Store,
    program: str,
    *,
    state: LeadState | None = None,
    account: str | None = None,
    owner: str | None = None,
) -> tuple[Lead, ...]:
    """The leads of a program, in a state, of an account or with a partner, in the order in which they were made."""
    keys = {"program": program, "state": state, "account": account, "owner": owner}
    with store.unit_of_work() as work:
        asked = {name: value for name, value in keys.items() if value is not None}
        found = [one.record for one in work.repository(LEADS).query(**asked)]
    return tuple(sorted(found, key=lambda one: (one.made_at, one.id)))


def open_leads(store: Store, program: str) -> tuple[Lead, ...]:
    """The leads of a program that are not over: of these something can become due."""
    states = (state for state in LeadState if state not in FINAL)
    return tuple(one for state in states for one in leads_of(store, program, state=state))


def routings_of(store: Store, lead: str) -> tuple[RecordedRouting, ...]:
    """Why a lead went where it did, step by step; `prmcore.decisions.replayed` gives each decision again."""
    with store.unit_of_work() as work:
        found = [one.record for one in work.repository(LEAD_ROUTINGS).query(lead=lead)]
    return tuple(sorted(found, key=lambda one: one.step))


@attrs.frozen
class _Desk:
    """The desk of a program as it was read, before anything else was; two units of work that put it are not both kept."""

    work: UnitOfWork
    record: LeadDesk
    version: int

    @classmethod
    def of(cls, work: UnitOfWork, program: Program) -> _Desk:
        found = found_in(work.repository(LEAD_DESKS), program.name)
        if found is None:
            return cls(work, LeadDesk(program=program.name), 0)
        return cls(work, found.record, found.version)

    def put(self, *, taken: int = 0, routed: int = 0) -> None:
        desk = attrs.evolve(self.record, taken=self.record.taken + taken, routed=self.record.routed + routed)
        self.work.repository(LEAD_DESKS).put(desk, expected=self.version)
