"""What is due of a lead, to the instant: told with all that it is about, and done in one run."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.deals.leads import (
    Lead,
    LeadNotice,
    LeadNoticeKind,
    LeadPolicy,
    LeadState,
    accepted,
    declined,
    due,
    offered,
    taken_back,
    worked,
)
from prmcore.errors import InvalidInput

AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
TICK = datetime.timedelta(microseconds=1)
POLICY = LeadPolicy(reminder_hours=(48, 24), offered_to=2, expires_after_days=20)
LEAD = Lead(id="L-1", program="acme", customer="Contoso", made_at=AT)
TOLD: dict[str, Any] = {"by": "kim", "at": AT}
OFFERED = offered(
    LEAD, ["bolt", "acme"], POLICY, **TOLD
).record  # to accept until the 7th, to work until the 12th
ACCEPTED = accepted(OFFERED, "acme", POLICY, **TOLD).record


def test_a_notice_is_given_by_name() -> None:
    assert all(field.kw_only for field in attrs.fields(LeadNotice))
    assert [field.name for field in attrs.fields(LeadNotice) if field.default is False] == ["accepted"]


def test_a_reminder_to_accept_is_to_all_who_are_still_asked() -> None:
    told = LeadNotice(
        id="L-1|reminder|1|accept|48", kind=LeadNoticeKind.REMINDER, lead="L-1", partners=("acme", "bolt"),
        since=AT + 3 * DAY, until=AT + 5 * DAY, accepted=False,
    )  # fmt: skip
    assert due([OFFERED], POLICY, AT + 3 * DAY - TICK) == ()
    assert due([OFFERED], POLICY, AT + 3 * DAY) == (told,)
    aside = declined(OFFERED, "acme", POLICY, **TOLD).record
    assert due([aside], POLICY, AT + 3 * DAY) == (attrs.evolve(told, partners=("bolt",)),)
    last = attrs.evolve(told, id="L-1|reminder|1|accept|24", since=AT + 4 * DAY)
    assert due([OFFERED], POLICY, AT + 5 * DAY) == (last,)
    over = attrs.evolve(told, id="L-1|recall|1|accept", kind=LeadNoticeKind.RECALL, since=AT + 5 * DAY)
    assert due([OFFERED], POLICY, AT + 5 * DAY + TICK) == (over,)


def test_a_reminder_to_work_is_to_the_partner_that_has_it() -> None:
    told = LeadNotice(
        id="L-1|reminder|1|work|48", kind=LeadNoticeKind.REMINDER, lead="L-1", partners=("acme",), since=AT + 8 * DAY,
        until=AT + 10 * DAY, accepted=True,
    )  # fmt: skip
    assert due([ACCEPTED], POLICY, AT + 8 * DAY) == (told,)
    over = attrs.evolve(told, id="L-1|recall|1|work", kind=LeadNoticeKind.RECALL, since=AT + 10 * DAY)
    assert due([ACCEPTED], POLICY, AT + 10 * DAY + TICK) == (over,)
    done = worked(ACCEPTED, "acme", POLICY, **TOLD).record
    assert due([done, LEAD], POLICY, AT + 10 * DAY) == ()
    endless = accepted(OFFERED, "acme", attrs.evolve(POLICY, work_within=None), **TOLD).record
    assert due([endless], POLICY, AT + 19 * DAY) == ()


def test_the_second_offer_has_notices_of_its_own() -> None:
    again = declined(offered(LEAD, ["coil"], POLICY, **TOLD).record, "coil", POLICY, **TOLD).record
    second = offered(again, ["acme"], POLICY, **TOLD).record
    assert [one.id for one in due([second], POLICY, AT + 3 * DAY)] == ["L-1|reminder|2|accept|48"]


def test_a_lead_expires_after_its_days_unless_somebody_has_it() -> None:
    told = LeadNotice(
        id="L-1|expiry", kind=LeadNoticeKind.EXPIRY, lead="L-1", since=AT + 20 * DAY, until=AT + 20 * DAY
    )
    assert due([LEAD], POLICY, AT + 20 * DAY) == ()
    assert due([LEAD], POLICY, AT + 20 * DAY + TICK) == (told,)
    assert [one.kind for one in due([ACCEPTED], POLICY, AT + 21 * DAY)] == [LeadNoticeKind.RECALL]
    expired = taken_back([LEAD], POLICY, by="run", at=AT + 21 * DAY)[0].record
    assert due([expired], POLICY, AT + 21 * DAY) == ()
    assert due([LEAD], attrs.evolve(POLICY, expires_after_days=None), AT + 999 * DAY) == ()


def test_notices_come_by_id() -> None:
    others = [attrs.evolve(OFFERED, id=name) for name in ("L-3", "L-2")]
    assert [one.lead for one in due([*others, OFFERED], POLICY, AT + 3 * DAY)] == ["L-1", "L-2", "L-3"]
    with pytest.raises(InvalidInput, match="now: found"):
        due([], POLICY, datetime.datetime(2026, 3, 2))


def test_a_run_recalls_what_is_over_and_expires_what_is_then_too_old() -> None:
    """Offered on the 2nd: over on the 7th, and after the 22nd too old: both are done in one run."""
    done = taken_back([OFFERED, LEAD], POLICY, by="run", at=AT + 21 * DAY)
    assert [(one.record.id, one.record.state) for one in done] == [
        ("L-1", LeadState.EXPIRED), ("L-1", LeadState.EXPIRED),
    ]  # fmt: skip
    moved = taken_back([ACCEPTED, OFFERED], POLICY, by="run", at=AT + 11 * DAY)
    assert [one.record.state for one in moved] == [LeadState.RECALLED, LeadState.RECALLED]
    step = moved[0].record.steps[-1]
    assert (step.by, step.at, step.partner, step.reason) == (
        "run", AT + 11 * DAY, "acme", "its time was over",
    )  # fmt: skip
    both = taken_back([ACCEPTED], POLICY, by="run", at=AT + 21 * DAY)
    assert [one.record.state for one in both] == [LeadState.RECALLED, LeadState.EXPIRED]
    assert both[1].record.steps[-1].by == "run"
