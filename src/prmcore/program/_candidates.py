"""The candidates of a lead: the partners that it can be offered to, with what the store and the caller know of each."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from prmcore.deals.leads import CandidateFacts, Lead, LeadState
from prmcore.deals.leads.repository import LEADS
from prmcore.decisions import FactSchema
from prmcore.errors import Faults, unknown_name
from prmcore.partners import PARTNERS, Right
from prmcore.program.entitle import may
from prmcore.program.judge import level_recorded
from prmcore.program.model import Program
from prmcore.repository import UnitOfWork, found_in
from prmcore.territory.coverage import Result
from prmcore.territory.coverage.repository import ACCOUNT_ASSIGNMENTS
from prmcore.values import natural_key

__all__ = ["candidates_of", "check_known"]

_CANDIDATES = FactSchema.of(CandidateFacts)
_HAD = (LeadState.ACCEPTED, LeadState.WORKED)  # by a partner


def check_known(known: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuses what a caller says of candidates and no candidate has, all of it at once, below `known.<partner>`."""
    faults = Faults("what is known of the candidates cannot be used")
    for partner, values in known.items():
        for name in values:
            if name not in _CANDIDATES or name == "partner":
                faults.add(
                    unknown_name("fact", name, set(_CANDIDATES.names) - {"partner"}), f"known.{partner}"
                )
    faults.raise_if_any()


def candidates_of(
    work: UnitOfWork,
    program: Program,
    lead: Lead,
    day: datetime.date,
    attributes: Mapping[str, Any] | None,
    known: Mapping[str, Mapping[str, Any]],
) -> tuple[CandidateFacts, ...]:
    """The partners that the lead can be offered to, with what is known of each; what nobody knows stays unknown."""
    local = _local(work, program, lead, attributes, day)
    found = []
    for one in work.repository(PARTNERS).query(program=program.name):
        partner = one.record
        if partner.id in lead.had or not may(partner, Right.RECEIVE_LEADS, program.name, day):
            continue
        mine = known.get(partner.id, {})
        gathered: dict[str, Any] = {
            "in_territory": None if local is None else partner.id in local,
            "declined_before": False,  # else it was offered the lead before
            "languages": frozenset(partner.languages) or None,
        }
        if "tier" not in mine:
            gathered["tier"] = level_recorded(work, program.name, partner.id, day)
        if "open_leads" not in mine:
            gathered["open_leads"] = _open_leads(work, program.name, partner.id)
        found.append(CandidateFacts(partner=partner.id, **{**gathered, **mine}))
    return tuple(found)


def _open_leads(work: UnitOfWork, program: str, partner: str) -> int:
    """How many leads a partner has, or is asked to take."""
    leads = work.repository(LEADS)
    has = (leads.count(program=program, owner=partner, state=state) for state in _HAD)
    return leads.count(program=program, asked=partner) + sum(has)


def _local(
    work: UnitOfWork,
    program: Program,
    lead: Lead,
    attributes: Mapping[str, Any] | None,
    day: datetime.date,
) -> frozenset[str] | None:
    """Who covers the lead's account: by what was assigned, else by the rules; None = nobody knows."""
    coverage = program.coverage
    if coverage is None or not coverage.decides or (lead.account is None and not attributes):
        return None
    members = {one.name: [member.id for member in one.members] for one in coverage.model.territories}
    kept = found_in(work.repository(ACCOUNT_ASSIGNMENTS), natural_key(program.name, lead.account or ""))
    step = None if kept is None else kept.record.on(day)
    if step is not None and step.territory in members:
        return frozenset(members[step.territory])
    account = coverage.account(lead.account or lead.id, **(attributes or {}))
    outcome = coverage.decide(account, day).outcome
    if outcome.result is Result.AMBIGUOUS:
        return None
    names = [one for one in (outcome.territory, *outcome.overlays) if one is not None]
    return frozenset(member for name in names for member in members[name])
