"""What leads keep, as aggregates for any store: see prmcore.repository."""

from __future__ import annotations

from prmcore.deals.leads.due import LeadNotice
from prmcore.deals.leads.model import Lead
from prmcore.deals.leads.turns import Turns
from prmcore.repository import Aggregate

__all__ = ["LEADS", "LEAD_NOTICES", "LEAD_TURNS"]

LEADS: Aggregate[Lead] = Aggregate(
    "lead",
    Lead,
    lambda lead: lead.id,
    {
        "program": lambda lead: lead.program,
        "state": lambda lead: lead.state,
        "account": lambda lead: lead.account,
        "contact": lambda lead: lead.contact,
        "owner": lambda lead: lead.owner,
        "asked": lambda lead: lead.offer.asked if lead.offer is not None else (),
    },
)
LEAD_TURNS: Aggregate[Turns] = Aggregate("lead-turns", Turns, lambda turns: turns.id)
LEAD_NOTICES: Aggregate[LeadNotice] = Aggregate(
    "lead-notice", LeadNotice, lambda notice: notice.id, {"lead": lambda notice: notice.lead}, is_log=True
)
