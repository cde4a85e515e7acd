"""The use case of benefits: may this partner use that benefit on a day? Joins status, enrolment and level."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from prmcore.decisions import Decision
from prmcore.errors import InvalidInput
from prmcore.partners import PARTNERS, Partner, PartnerFacts, Right, Rights
from prmcore.program.judge import level_recorded
from prmcore.program.model import ProgramVersions
from prmcore.program.rows import PartnerRow
from prmcore.repository import Store, UnitOfWork, committed, found_in
from prmcore.tiers.benefits import BenefitFacts

__all__ = ["entitlement", "keep_partners", "may", "may_be_reviewed"]


def entitlement(
    store: Store,
    versions: ProgramVersions,
    partner: str,
    benefit: str,
    day: datetime.date,
    rights: Rights | None = None,
) -> Decision[Any]:
    """What the benefit gives the partner on that day, or False; the reasons say why.

    The level is the one recorded last up to that day, the benefit is that of the version in force on the day, and a
    status that allows no benefits gives none, whatever the level.
    """
    program = versions.on(day)
    with store.unit_of_work() as work:
        kept = found_in(work.repository(PARTNERS), partner)
        level = level_recorded(work, program.name, partner, day)
    if kept is None:
        raise InvalidInput(f"there is no partner {partner!r} in the store")
    allowed = may(kept.record, Right.USE_BENEFITS, program.name, day, rights)
    facts = BenefitFacts(level, allowed)
    return program.benefits.entitlement(benefit, facts, day)


def may(
    partner: Partner, right: Right, program: str, day: datetime.date, rights: Rights | None = None
) -> bool:
    """Whether the partner has a right in a program on a day: its status gives it, and it is enrolled where that is asked."""
    return (rights or _STANDARD).decide(right, PartnerFacts.on(partner, program, day), day).outcome


def may_be_reviewed(partner: Partner, program: str, day: datetime.date, rights: Rights | None = None) -> bool:
    """Whether the partner is judged for a level on that day."""
    return may(partner, Right.BE_REVIEWED, program, day, rights)


_STANDARD = Rights()


def keep_partners(store: Store, rows: Iterable[PartnerRow]) -> dict[str, Partner]:
    """The partners of these rows, kept: new ones are added, and of the others what the rows say otherwise is changed.

    What the rows say nothing about, such as contacts, stays as it was. All or none.
    """
    told = list(rows)

    def put(work: UnitOfWork) -> dict[str, Partner]:
        repository, partners = work.repository(PARTNERS), {}
        for row in told:
            kept = found_in(repository, row.id)
            partner = row.partner(None if kept is None else kept.record)
            if kept is None or partner != kept.record:
                repository.put(partner, expected=0 if kept is None else kept.version)
            partners[str(row.id)] = partner
        return partners

    return committed(store, put)
