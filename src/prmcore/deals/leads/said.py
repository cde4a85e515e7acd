"""Leads in words: where a lead stands, and what is due, in no language yet."""

from __future__ import annotations

from typing import Any

from prmcore.deals.leads.due import LeadNotice, LeadNoticeKind
from prmcore.deals.leads.model import Lead
from prmcore.decisions.explain import Said

__all__ = ["said_of_lead", "said_of_lead_notice"]

_ACCEPTING = {
    LeadNoticeKind.REMINDER: "{partners}: accept the lead {lead} by {until} (UTC)",
    LeadNoticeKind.RECALL: "the lead {lead} was not accepted by {until} (UTC): it is taken back from {partners}",
    LeadNoticeKind.EXPIRY: "the lead {lead} expired at {until} (UTC)",
}
_WORKING = {
    LeadNoticeKind.REMINDER: "{partners}: work the lead {lead} by {until} (UTC)",
    LeadNoticeKind.RECALL: "the lead {lead} was not worked by {until} (UTC): it is taken back from {partners}",
    LeadNoticeKind.EXPIRY: "the lead {lead} expired at {until} (UTC)",
}


def said_of_lead_notice(notice: LeadNotice) -> Said:
    """One thing that is due."""
    values: dict[str, Any] = {
        "lead": notice.lead,
        "partners": notice.partners,
        "until": f"{notice.until:%Y-%m-%d %H:%M}",
    }
    return Said(_WORKING[notice.kind], values) if notice.accepted else Said(_ACCEPTING[notice.kind], values)


def said_of_lead(lead: Lead) -> Said:
    """Where a lead stands, and who has it."""
    values = {"lead": lead.id, "customer": lead.customer, "state": lead.state, "owner": lead.owner}
    if lead.owner is None:
        return Said("lead {lead}, {customer}: {state}", values)
    return Said("lead {lead}, {customer}: {state}, with {owner}", values)
