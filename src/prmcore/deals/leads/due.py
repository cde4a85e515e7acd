"""What is due for leads at an instant: reminders, recalls and expiries; told once each, however late the run is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from enum import StrEnum

import attrs

from prmcore.deals.leads.actions import LeadMoved, deadline, expired, expires_at, recalled
from prmcore.deals.leads.model import LEAD_MOVES, Lead, LeadAction, LeadState
from prmcore.deals.leads.policy import LeadPolicy
from prmcore.decisions.timeline import last_reached
from prmcore.values import checked_instant, natural_key

__all__ = ["LeadNotice", "LeadNoticeKind", "due", "taken_back"]


class LeadNoticeKind(StrEnum):
    """What becomes due of a lead."""

    REMINDER = "reminder"
    RECALL = "recall"
    EXPIRY = "expiry"


@attrs.frozen(kw_only=True)
class LeadNotice:
    """Something that is due; its id is what it is about, so that it is told once."""

    id: str
    kind: LeadNoticeKind
    lead: str
    partners: tuple[str, ...] = ()  # who has to act, or had to
    since: datetime.datetime  # when it became due
    until: datetime.datetime  # when the time is over, or was
    accepted: bool = False  # the time to work the lead; else the time to accept it


def due(leads: Iterable[Lead], policy: LeadPolicy, now: datetime.datetime) -> tuple[LeadNotice, ...]:
    """All that is due at that instant, by id. Whoever sends them keeps the ids, and sends each once.

    Of several reminders that have come the last stands for all, and none is given when the time is over.
    """
    instant = checked_instant(now, "now")
    found = [notice for lead in leads for notice in _of_lead(lead, policy, instant)]
    return tuple(sorted(found, key=lambda one: one.id))


def taken_back(
    leads: Iterable[Lead], policy: LeadPolicy, *, by: str, at: datetime.datetime
) -> tuple[LeadMoved, ...]:
    """Every recall and expiry that is due, done; a second run does nothing, and missed days are caught up with."""
    done = []
    for lead in leads:
        # what was recalled may be too old already
        while (moved := _taken_back(lead, policy, by, at)) is not None:
            done.append(moved)
            if not moved.decision.outcome:
                break
            lead = moved.record
    return tuple(done)


def _taken_back(lead: Lead, policy: LeadPolicy, by: str, at: datetime.datetime) -> LeadMoved | None:
    kinds = {one.kind for one in due([lead], policy, at)}
    if LeadNoticeKind.RECALL in kinds:
        return recalled(lead, policy, by=by, at=at, reason="its time was over")
    return expired(lead, policy, by=by, at=at) if LeadNoticeKind.EXPIRY in kinds else None


def _of_lead(lead: Lead, policy: LeadPolicy, now: datetime.datetime) -> Iterator[LeadNotice]:
    ends = expires_at(lead, policy)
    if ends is not None and now > ends and (lead.state, LeadAction.EXPIRE) in LEAD_MOVES:
        key = natural_key(lead.id, LeadNoticeKind.EXPIRY)
        yield LeadNotice(id=key, kind=LeadNoticeKind.EXPIRY, lead=lead.id, since=ends, until=ends)
        return
    until, offer = deadline(lead), lead.offer
    if until is None or offer is None:
        return
    accepted = lead.state is LeadState.ACCEPTED
    partners = (offer.taken_by,) if accepted and offer.taken_by is not None else offer.asked
    about: tuple[str, ...] = (str(len(lead.offers)), "work" if accepted else "accept")
    reminders = ((until - datetime.timedelta(hours=hours), hours) for hours in policy.reminder_hours)
    reached = last_reached(reminders, now)
    if now > until:
        kind, since, told = LeadNoticeKind.RECALL, until, about
    elif reached is not None:
        since, hours = reached
        kind, told = LeadNoticeKind.REMINDER, (*about, str(hours))
    else:
        return
    yield LeadNotice(
        id=natural_key(lead.id, kind, *told), kind=kind, lead=lead.id, partners=partners, since=since, until=until,
        accepted=accepted,
    )  # fmt: skip
