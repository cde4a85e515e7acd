"""What is done with leads: each action gives a decision, and the lead after it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import attrs

from prmcore.deals._moving import check_ids
from prmcore.deals.leads.model import LEAD_MOVES, Lead, LeadAction, LeadState, LeadStep, Offer
from prmcore.deals.leads.policy import AfterOffers, LeadFacts, LeadPolicy, decided
from prmcore.deals.leads.routing import Routing
from prmcore.deals.leads.turns import Turns
from prmcore.decisions import Decision
from prmcore.errors import Faults, InvalidInput
from prmcore.values import checked_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prmcore.values.business_hours import BusinessHours

__all__ = [
    "LeadMoved", "accepted", "converted", "declined", "disqualified", "expired", "merged", "offered", "recalled", "referred",
    "returned", "routed", "worked",
]  # fmt: skip


@attrs.frozen
class LeadMoved:
    """What came of an action: the decision, the lead after it, and the turns where one was taken."""

    decision: Decision[bool]  # whether it was allowed, and why
    record: Lead  # as it was, when it was not allowed
    turns: Turns | None = None  # None = no turn was taken


def offered(
    lead: Lead,
    partners: Iterable[str],
    policy: LeadPolicy,
    *,
    by: str,
    at: datetime.datetime,
    hours: BusinessHours | None = None,
    by_person: bool = False,
) -> LeadMoved:
    """The lead offered to these partners, for the first time or anew; a person may go beyond the number of offers.

    `hours` are the hours of business, where times are counted in them.
    """
    now, asked = _checked(lead, by, at), tuple(sorted(partners))
    action = LeadAction.OFFER if lead.state is LeadState.NEW else LeadAction.RE_ROUTE
    facts = LeadFacts(
        state=lead.state, offers_left=policy.most_offers - len(lead.offers), offered_to=len(asked),
        had_it=len(lead.had.intersection(asked)), by_person=by_person,
    )  # fmt: skip
    decision = decided(policy, action, facts, now)
    if not decision.outcome:
        return LeadMoved(decision, lead)
    offer = Offer(partners=asked, at=now, accept_by=policy.accept_within.after(now, hours))
    return LeadMoved(decision, _after(lead, action, by, now, offers=(*lead.offers, offer)))


def accepted(
    lead: Lead,
    partner: str,
    policy: LeadPolicy,
    *,
    by: str,
    at: datetime.datetime,
    hours: BusinessHours | None = None,
) -> LeadMoved:
    """The lead accepted by a partner that was asked, in time; of several the first has it."""  # fmt: skip
    now, offer = _checked(lead, by, at), lead.offer
    facts = _of_partner(lead, partner, in_time=offer is not None and now <= offer.accept_by)
    decision = decided(policy, LeadAction.ACCEPT, facts, now)
    if not decision.outcome or offer is None:
        return LeadMoved(decision, lead)
    taken = attrs.evolve(offer, taken_by=partner, work_by=policy.work_by(offer.at, now, hours))
    offers = (*lead.offers[:-1], taken)
    return LeadMoved(decision, _after(lead, LeadAction.ACCEPT, by, now, partner, offers=offers))


def worked(lead: Lead, partner: str, policy: LeadPolicy, *, by: str, at: datetime.datetime) -> LeadMoved:
    """The lead worked by the partner that has it: somebody was spoken to."""
    now = _checked(lead, by, at)
    facts = _of_partner(lead, partner, in_time=not _is_over(lead, now))
    return _moved(lead, LeadAction.WORK, policy, facts, by, now, partner)


def declined(
    lead: Lead, partner: str, policy: LeadPolicy, *, by: str, at: datetime.datetime, reason: str | None = None
) -> LeadMoved:
    """The lead given back by a partner that was asked or has it; while others are asked it stays offered to them."""
    now, offer = _checked(lead, by, at), lead.offer
    facts = _of_partner(lead, partner)
    action = LeadAction.STAND_ASIDE if facts.is_asked and facts.others_asked else LeadAction.DECLINE
    decision = decided(policy, action, facts, now)
    if not decision.outcome or offer is None:
        return LeadMoved(decision, lead)
    passed = attrs.evolve(offer, passed=(*offer.passed, partner)) if facts.is_asked else offer
    offers = (*lead.offers[:-1], passed)
    return LeadMoved(decision, _after(lead, action, by, now, partner, reason, offers=offers))


def recalled(
    lead: Lead,
    policy: LeadPolicy,
    *,
    by: str,
    at: datetime.datetime,
    reason: str | None = None,
    by_person: bool = False,
) -> LeadMoved:
    """The lead taken back, because its time is over, or because a person says so."""
    now = _checked(lead, by, at)
    facts = LeadFacts(state=lead.state, is_over=_is_over(lead, now), by_person=by_person)
    return _moved(lead, LeadAction.RECALL, policy, facts, by, now, lead.owner, reason)


def referred(
    lead: Lead, policy: LeadPolicy, *, by: str, at: datetime.datetime, reason: str | None = None
) -> LeadMoved:
    """The lead put before a person."""
    now = _checked(lead, by, at)
    return _moved(lead, LeadAction.REFER, policy, LeadFacts(state=lead.state), by, now, None, reason)


def returned(
    lead: Lead, policy: LeadPolicy, *, by: str, at: datetime.datetime, reason: str | None = None
) -> LeadMoved:
    """The lead given to the vendor's own team."""
    now = _checked(lead, by, at)
    return _moved(lead, LeadAction.RETURN, policy, LeadFacts(state=lead.state), by, now, None, reason)


def disqualified(lead: Lead, policy: LeadPolicy, *, by: str, at: datetime.datetime, reason: str) -> LeadMoved:
    """The lead given up, for a reason that the policy knows."""
    now = _checked(lead, by, at)
    facts = LeadFacts(state=lead.state, has_reason=policy.has_reason(reason))
    return _moved(lead, LeadAction.DISQUALIFY, policy, facts, by, now, lead.owner, reason)


def merged(lead: Lead, same_as: Lead, policy: LeadPolicy, *, by: str, at: datetime.datetime) -> LeadMoved:
    """The lead as a duplicate of another, which goes on."""
    now = _checked(lead, by, at)
    if same_as.id == lead.id or same_as.same_as is not None:
        raise InvalidInput(
            f"same_as: found {same_as.id!r}; accepted: another lead that is no duplicate itself"
        )
    moved = _moved(lead, LeadAction.MERGE, policy, LeadFacts(state=lead.state), by, now, lead.owner)
    if not moved.decision.outcome:
        return moved
    return attrs.evolve(moved, record=attrs.evolve(moved.record, same_as=same_as.id))


def converted(
    lead: Lead, policy: LeadPolicy, *, opportunity: str, by: str, at: datetime.datetime
) -> LeadMoved:
    """The lead become an opportunity: of the partner that worked it, or of the vendor's own team."""
    now = _checked(lead, by, at)
    moved = _moved(lead, LeadAction.CONVERT, policy, LeadFacts(state=lead.state), by, now, lead.owner)
    if not moved.decision.outcome:
        return moved
    return attrs.evolve(moved, record=attrs.evolve(moved.record, opportunity=opportunity))


def expired(lead: Lead, policy: LeadPolicy, *, by: str, at: datetime.datetime) -> LeadMoved:
    """The lead too old to be offered; never while a partner still has time to accept it."""
    now = _checked(lead, by, at)
    ends = expires_at(lead, policy)
    facts = LeadFacts(state=lead.state, is_over=ends is not None and now > ends)
    return _moved(lead, LeadAction.EXPIRE, policy, facts, by, now)


def expires_at(lead: Lead, policy: LeadPolicy) -> datetime.datetime | None:
    """The last instant of a lead that nobody has; None when it does not expire."""
    if policy.expires_after_days is None:
        return None
    ends = lead.made_at + datetime.timedelta(days=policy.expires_after_days)
    return max(ends, lead.offer.accept_by) if lead.offer is not None else ends


def routed(
    lead: Lead,
    decision: Decision[Routing],
    policy: LeadPolicy,
    *,
    by: str,
    at: datetime.datetime,
    hours: BusinessHours | None = None,
    turns: Turns | None = None,
) -> LeadMoved:
    """The lead as its routing says: offered; before a person, when no step could tell; or where nobody's leads go.

    A turn is taken only where the offer is made, so that a second run for the same lead takes none.
    """
    found = decision.outcome
    if decision.facts.subject != lead.id:
        raise InvalidInput(
            f"found a routing of {decision.facts.subject!r:.60}; accepted: one of {lead.id!r:.60}"
        )
    if found.partners and len(lead.offers) < policy.most_offers:
        moved = offered(lead, found.partners, policy, by=by, at=at, hours=hours)
        taken = turns.taken(found.partners) if turns is not None and moved.decision.outcome else None
        return attrs.evolve(moved, turns=taken)
    if found.tied or policy.afterwards is AfterOffers.PERSON:
        return referred(
            lead, policy, by=by, at=at, reason="nobody stands out" if found.tied else "nobody is left"
        )
    return returned(lead, policy, by=by, at=at, reason="nobody is left")  # fmt: skip


# the common part


def deadline(lead: Lead) -> datetime.datetime | None:
    """By when the partner has to act; None when nobody has to."""
    if lead.offer is None or lead.state is LeadState.WORKED:
        return None
    return lead.offer.accept_by if lead.state is LeadState.OFFERED else lead.offer.work_by


def _is_over(lead: Lead, now: datetime.datetime) -> bool:
    ends = deadline(lead)
    return ends is not None and now > ends


def _of_partner(lead: Lead, partner: str, *, in_time: bool | None = None) -> LeadFacts:
    asked = lead.offer.asked if lead.offer is not None and lead.state is LeadState.OFFERED else ()
    return LeadFacts(
        state=lead.state, is_asked=partner in asked, is_owner=lead.owner == partner,
        others_asked=len([one for one in asked if one != partner]), in_time=in_time,
    )  # fmt: skip


def _moved(
    lead: Lead,
    action: LeadAction,
    policy: LeadPolicy,
    facts: LeadFacts,
    by: str,
    at: datetime.datetime,
    partner: str | None = None,
    reason: str | None = None,
) -> LeadMoved:
    decision = decided(policy, action, facts, at)
    if not decision.outcome:
        return LeadMoved(decision, lead)
    return LeadMoved(decision, _after(lead, action, by, at, partner, reason))


def _after(
    lead: Lead,
    action: LeadAction,
    by: str,
    at: datetime.datetime,
    partner: str | None = None,
    reason: str | None = None,
    **changes: Any,
) -> Lead:
    after = LEAD_MOVES[lead.state, action].value
    step = LeadStep(action=action.value, after=after, at=at, by=by, partner=partner, reason=reason)
    return attrs.evolve(lead, steps=(*lead.steps, step), **changes)


def _checked(lead: Lead, by: str, at: datetime.datetime) -> datetime.datetime:
    """The instant in UTC; a step before the last one is refused."""
    faults = Faults(f"the lead {lead.id!r:.60} cannot be moved")
    check_ids(faults, by=by)
    now = lead.last_step_at
    with faults.within(""):
        now = checked_instant(at)
        if now < lead.last_step_at:
            faults.add(f"found {now}; accepted: {lead.last_step_at}, when its last step was, or later", "at")
    faults.raise_if_any()
    return now
