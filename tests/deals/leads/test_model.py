"""The records of leads: what they do not accept, and what is read from the steps and offers of a lead."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.deals.leads import FINAL, LEAD_MOVES, Lead, LeadAction, LeadState, LeadStep, Offer
from prmcore.errors import InvalidInput

AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
A, S = LeadAction, LeadState
LEAD = Lead(id="L-1", program="acme", customer="Contoso", made_at=AT)
OFFER = Offer(partners=("a", "b"), at=AT, accept_by=AT + DAY)
OPEN = frozenset(LeadState) - FINAL


def refused(record: Any, **changed: Any) -> list[str]:
    with pytest.raises(InvalidInput) as found:
        attrs.evolve(record, **changed)
    return [str(fault) for fault in found.value.faults]


@pytest.mark.parametrize("record", [LeadStep, Offer, Lead])
def test_every_part_of_a_record_is_given_by_name(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


@pytest.mark.parametrize(
    ("action", "moves"),
    [
        (A.OFFER, {S.NEW: S.OFFERED}),
        (A.RE_ROUTE, dict.fromkeys((S.DECLINED, S.RECALLED, S.IN_REVIEW, S.WITH_HOUSE), S.OFFERED)),
        (A.ACCEPT, {S.OFFERED: S.ACCEPTED}),
        (A.STAND_ASIDE, {S.OFFERED: S.OFFERED}),
        (A.WORK, {S.ACCEPTED: S.WORKED}),
        (A.DECLINE, dict.fromkeys((S.OFFERED, S.ACCEPTED, S.WORKED), S.DECLINED)),
        (A.RECALL, dict.fromkeys((S.OFFERED, S.ACCEPTED, S.WORKED), S.RECALLED)),
        (A.REFER, dict.fromkeys((S.NEW, S.DECLINED, S.RECALLED, S.WITH_HOUSE), S.IN_REVIEW)),
        (A.RETURN, dict.fromkeys((S.NEW, S.DECLINED, S.RECALLED, S.IN_REVIEW), S.WITH_HOUSE)),
        (A.DISQUALIFY, dict.fromkeys(OPEN, S.DISQUALIFIED)),
        (A.MERGE, dict.fromkeys(OPEN - {S.WORKED}, S.DUPLICATE)),
        (A.CONVERT, {S.WORKED: S.CONVERTED, S.WITH_HOUSE: S.CONVERTED}),
        (A.EXPIRE, dict.fromkeys((S.NEW, S.OFFERED, S.DECLINED, S.RECALLED, S.IN_REVIEW), S.EXPIRED)),
    ],
)
def test_an_action_leads_from_these_states_and_no_others(
    action: LeadAction, moves: dict[LeadState, LeadState]
) -> None:
    assert {before: after for (before, one), after in LEAD_MOVES.items() if one is action} == moves


def test_a_lead_is_over_in_four_states() -> None:
    assert {S.DISQUALIFIED, S.DUPLICATE, S.CONVERTED, S.EXPIRED} == FINAL


NOT_AN_ID = "found ''; accepted: an id of 1 to 200 characters"
NOT_AN_INSTANT = "found datetime.datetime(2026, 3, 2, 0, 0); accepted: a datetime with its time zone"
NAIVE = datetime.datetime(2026, 3, 2)


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        *(
            ({name: ""}, [f"{NOT_AN_ID} @ {name}"])
            for name in (
                "id",
                "program",
                "customer",
                "account",
                "contact",
                "source",
                "same_as",
                "opportunity",
            )
        ),
        ({"products": frozenset({"a", ""})}, [f"{NOT_AN_ID} @ products"]),
        ({"same_as": "L-1"}, ["a lead is no duplicate of itself @ same_as"]),
        ({"made_at": NAIVE}, [f"made_at: {NOT_AN_INSTANT}"]),
    ],
)
def test_a_lead_says_what_is_wrong_with_it(changed: dict[str, Any], messages: list[str]) -> None:
    assert refused(LEAD, **changed) == messages


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        ({"partners": ()}, ["found none; accepted: one partner or more @ partners"]),
        ({"partners": ("a", "")}, [f"{NOT_AN_ID} @ partners[1]"]),
        ({"partners": ("a", "a")}, ["'a' stands here twice @ partners"]),
        ({"passed": ("c",)}, ["'c' was not offered the lead @ partners"]),
        ({"passed": ("a",), "taken_by": "c"}, ["'c' was not offered the lead @ partners"]),
        ({"accept_by": AT - datetime.timedelta(seconds=1)},
         ["found 2026-03-02 08:59:59+00:00; accepted: not before 2026-03-02 09:00:00+00:00 @ accept_by"]),
        ({"accept_by": NAIVE}, [f"accept_by: {NOT_AN_INSTANT}"]),
        ({"at": NAIVE}, [f"at: {NOT_AN_INSTANT}"]),
        ({"work_by": NAIVE}, [f"work_by: {NOT_AN_INSTANT}"]),
    ],
)  # fmt: skip
def test_an_offer_says_what_is_wrong_with_it(changed: dict[str, Any], messages: list[str]) -> None:
    assert refused(OFFER, **changed) == messages


def test_whoever_said_no_or_took_it_is_not_asked_any_more() -> None:
    assert OFFER.asked == ("a", "b")
    assert attrs.evolve(OFFER, passed=("a",)).asked == ("b",)
    assert attrs.evolve(OFFER, taken_by="a").asked == ()
    assert attrs.evolve(OFFER, accept_by=AT).accept_by == AT  # at once


def with_steps(*states: LeadState, partner: str | None = None, **known: Any) -> Lead:
    steps = tuple(
        LeadStep(action="x", after=state, at=AT + number * DAY, by="kim", partner=partner)
        for number, state in enumerate(states, start=1)
    )
    return attrs.evolve(LEAD, steps=steps, **known)


def test_a_lead_without_steps_is_new_since_it_was_made() -> None:
    assert (LEAD.state, LEAD.last_step_at, LEAD.offer, LEAD.owner, LEAD.had) == (
        S.NEW,
        AT,
        None,
        None,
        frozenset(),
    )
    told = with_steps(S.OFFERED, S.ACCEPTED, S.WORKED)
    assert (told.state, told.last_step_at) == (S.WORKED, AT + 3 * DAY)


@pytest.mark.parametrize("state", LeadState)
def test_who_has_a_lead_depends_on_where_it_stands(state: LeadState) -> None:
    """Offered to c and d, who declined, then to a and b, of whom a took it."""
    first, taken = (
        attrs.evolve(OFFER, partners=("c", "d"), passed=("c", "d")),
        attrs.evolve(OFFER, taken_by="a"),
    )
    lead = with_steps(state, partner="a", offers=(first, first, taken))
    assert lead.offer == (taken if state in (S.OFFERED, S.ACCEPTED, S.WORKED) else None)
    assert lead.owner == ("a" if state in (S.ACCEPTED, S.WORKED, S.CONVERTED) else None)
    assert lead.had == {"a", "b", "c", "d"}
    assert lead.is_final is (state in FINAL)
    assert with_steps(state, partner="a").owner is None  # nothing was offered
    of_house = with_steps(state, offers=(taken,))
    assert of_house.owner == (
        "a" if state in (S.ACCEPTED, S.WORKED) else None
    )  # converted by the vendor's own team


def test_a_lead_was_converted_by_whoever_took_the_last_step() -> None:
    taken = attrs.evolve(OFFER, taken_by="a")
    steps = with_steps(S.WORKED, S.CONVERTED, partner="a").steps
    by_house = (steps[0], attrs.evolve(steps[1], partner=None))
    assert attrs.evolve(LEAD, steps=steps, offers=(taken,)).owner == "a"
    assert attrs.evolve(LEAD, steps=by_house, offers=(taken,)).owner is None
