"""Leads in words: what is read in English."""

import datetime

import attrs
import pytest

from prmcore.deals.leads import (
    Lead,
    LeadNotice,
    LeadNoticeKind,
    LeadPolicy,
    accepted,
    offered,
)
from prmcore.deals.leads.said import said_of_lead, said_of_lead_notice
from prmcore.decisions.explain import put_into_words

AT = datetime.datetime(2026, 3, 2, 9, 5, tzinfo=datetime.UTC)
NOTICE = LeadNotice(
    id="1", kind=LeadNoticeKind.REMINDER, lead="L-1", partners=("acme", "bolt"), since=AT, until=AT
)


@pytest.mark.parametrize(
    ("kind", "to_work", "told"),
    [
        (LeadNoticeKind.REMINDER, False, "acme and bolt: accept the lead L-1 by 2026-03-02 09:05 (UTC)"),
        (LeadNoticeKind.REMINDER, True, "acme and bolt: work the lead L-1 by 2026-03-02 09:05 (UTC)"),
        (LeadNoticeKind.RECALL, False,
         "the lead L-1 was not accepted by 2026-03-02 09:05 (UTC): it is taken back from acme and bolt"),
        (LeadNoticeKind.RECALL, True,
         "the lead L-1 was not worked by 2026-03-02 09:05 (UTC): it is taken back from acme and bolt"),
        (LeadNoticeKind.EXPIRY, False, "the lead L-1 expired at 2026-03-02 09:05 (UTC)"),
        (LeadNoticeKind.EXPIRY, True, "the lead L-1 expired at 2026-03-02 09:05 (UTC)"),
    ],
)  # fmt: skip
def test_a_notice_says_who_has_to_do_what_until_when(kind: LeadNoticeKind, to_work: bool, told: str) -> None:
    said = said_of_lead_notice(attrs.evolve(NOTICE, kind=kind, accepted=to_work))
    assert str(put_into_words(said, "en")) == told


def test_a_lead_says_where_it_stands_and_who_has_it() -> None:
    lead = Lead(id="L-1", program="p", customer="Contoso", made_at=AT)
    assert str(put_into_words(said_of_lead(lead), "en")) == "lead L-1, Contoso: new"
    taken = accepted(
        offered(lead, ["acme"], LeadPolicy(), by="kim", at=AT).record, "acme", LeadPolicy(), by="kim", at=AT
    )
    said = said_of_lead(taken.record)
    assert str(put_into_words(said, "en")) == "lead L-1, Contoso: accepted, with acme"
