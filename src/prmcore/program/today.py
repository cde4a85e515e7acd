"""What is due today, of everything that has days: registrations, leads, funds and agreements, as one list."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import StrEnum

import attrs

from prmcore.contracts.lifecycle import said_of_due as said_of_agreement
from prmcore.deals import leads, registrations
from prmcore.deals.leads.said import said_of_lead_notice
from prmcore.deals.registrations.said import said_of_due as said_of_registration
from prmcore.decisions.explain import Said
from prmcore.incentives import funds
from prmcore.incentives.funds.repository import FUNDS
from prmcore.incentives.funds.said import said_of_notice
from prmcore.program.contract import due_by
from prmcore.program.fund_work import fund_book, fund_claims, fund_requests
from prmcore.program.lead import open_leads
from prmcore.program.model import Program, ProgramVersions
from prmcore.program.register import running_registrations
from prmcore.repository import Store
from prmcore.values import checked_instant

__all__ = ["Area", "DueToday", "due_today"]


class Area(StrEnum):
    """What something that is due belongs to."""

    REGISTRATION = "registration"
    LEAD = "lead"
    FUND = "fund"
    AGREEMENT = "agreement"


@attrs.frozen(kw_only=True)
class DueToday:
    """One thing to do, or to tell somebody."""

    id: str  # what it is about: the same from one day to the next
    area: Area
    kind: str  # the capability's own word for it
    subject: str  # the id of the registration, the lead, the fund or the agreement
    since: datetime.date  # since when it is due
    until: datetime.date | None = None  # the last day for it; None = it has none, or it is over
    partner: str | None = None
    said: Said  # in no language yet


def due_today(store: Store, versions: ProgramVersions, at: datetime.datetime) -> tuple[DueToday, ...]:
    """All that is due at an instant and was not done or told yet, what has waited longest first; nothing is changed.

    A day is that of the program's zone. What a program has no rules for is never due.
    """
    instant = checked_instant(at)
    program = versions.at(instant)
    found = [
        *_of_registrations(store, program, instant),
        *_of_leads(store, program, instant),
        *_of_funds(store, versions, program.day_at(instant)),
        *_of_agreements(store, versions, program, instant),
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.area, one.id)))


def _of_registrations(store: Store, program: Program, at: datetime.datetime) -> Iterator[DueToday]:
    if program.registrations is None:
        return
    for one in registrations.due(running_registrations(store, program.name), program.registrations, at):
        yield DueToday(
            id=one.id, area=Area.REGISTRATION, kind=one.kind, subject=one.registration, partner=one.partner,
            since=program.day_at(one.since), until=one.until, said=said_of_registration(one),
        )  # fmt: skip


def _of_leads(store: Store, program: Program, at: datetime.datetime) -> Iterator[DueToday]:
    if program.leads is None:
        return
    for one in leads.due(open_leads(store, program.name), program.leads, at):
        until = program.day_at(one.until)
        yield DueToday(
            id=one.id, area=Area.LEAD, kind=one.kind, subject=one.lead, since=program.day_at(one.since),
            until=until, partner=one.partners[0] if len(one.partners) == 1 else None, said=said_of_lead_notice(one),
        )  # fmt: skip


def _of_funds(store: Store, versions: ProgramVersions, day: datetime.date) -> Iterator[DueToday]:
    incentives = versions.on(day).incentives
    if incentives is None or incentives.funds is None:
        return
    with store.unit_of_work() as work:
        every = [one.record for one in work.repository(FUNDS).query(program=versions.name)]
    for fund in every:
        requests, claims = fund_requests(store, fund=fund.id), fund_claims(store, fund=fund.id)
        for one in funds.due(fund_book(store, fund.id), requests, claims, incentives.funds, day):
            yield DueToday(
                id=one.id, area=Area.FUND, kind=one.kind, subject=fund.id, since=one.since, until=one.until,
                partner=one.partner, said=said_of_notice(one),
            )  # fmt: skip


def _of_agreements(
    store: Store, versions: ProgramVersions, program: Program, at: datetime.datetime
) -> Iterator[DueToday]:
    if program.contracts is None:
        return
    for one in due_by(store, versions, program.day_at(at), at=at):
        yield DueToday(
            id=one.id, area=Area.AGREEMENT, kind=one.kind, subject=one.agreement, since=one.on, until=one.until,
            said=said_of_agreement(one),
        )  # fmt: skip
