"""What a store is asked for: each record by its id, and by the keys that are looked up."""

import datetime
from typing import Any

from prmcore.deals.leads import (
    Lead,
    LeadNotice,
    LeadNoticeKind,
    LeadPolicy,
    LeadState,
    Turns,
    accepted,
    offered,
)
from prmcore.deals.leads.repository import LEAD_NOTICES, LEAD_TURNS, LEADS

AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
POLICY = LeadPolicy(offered_to=2)
LEAD = Lead(id="L-1", program="p", customer="Contoso", account="A-1", contact="sato", made_at=AT)


def kept(aggregate: Any, record: Any) -> tuple[Any, ...]:
    keys = {name: key(record) for name, key in aggregate.keys.items()}
    return aggregate.name, aggregate.record, aggregate.identity(record), keys, aggregate.is_log


def test_leads_are_found_by_who_has_them_who_is_asked_and_whose_they_are() -> None:
    offer = offered(LEAD, ["acme", "bolt"], POLICY, by="kim", at=AT).record
    taken = accepted(offer, "acme", POLICY, by="kim", at=AT).record
    about = {"program": "p", "account": "A-1", "contact": "sato"}
    for lead, state, owner, asked in (
        (LEAD, LeadState.NEW, None, ()),
        (offer, LeadState.OFFERED, None, ("acme", "bolt")),
        (taken, LeadState.ACCEPTED, "acme", ()),
    ):
        keys = {**about, "state": state, "owner": owner, "asked": asked}
        assert kept(LEADS, lead) == ("lead", Lead, "L-1", keys, False)


def test_turns_are_found_by_their_pool_and_notices_in_a_log_by_their_lead() -> None:
    assert kept(LEAD_TURNS, Turns.of("emea", {"acme": 1})) == ("lead-turns", Turns, "emea", {}, False)
    notice = LeadNotice(id="N-1", kind=LeadNoticeKind.EXPIRY, lead="L-1", since=AT, until=AT)
    assert kept(LEAD_NOTICES, notice) == ("lead-notice", LeadNotice, "N-1", {"lead": "L-1"}, True)
