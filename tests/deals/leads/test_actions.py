"""What is done with leads: what each action looks at, what the lead is after it, and what is refused."""

import datetime
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from prmcore.deals.leads import (
    AfterOffers,
    CandidateFacts,
    Lead,
    LeadFacts,
    LeadMoved,
    LeadPolicy,
    LeadReason,
    LeadState,
    LeadStep,
    Offer,
    RoutingFacts,
    RoutingPolicy,
    Timer,
    Turns,
    Unit,
    accepted,
    converted,
    declined,
    disqualified,
    expired,
    merged,
    offered,
    recalled,
    referred,
    returned,
    routed,
    worked,
)
from prmcore.errors import InvalidInput
from prmcore.values import BusinessHours

S = LeadState
AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)  # a Monday
DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)
LATER = AT + DAY
POLICY = LeadPolicy(offered_to=2)
LEAD = Lead(id="L-1", program="p", customer="Contoso", made_at=AT)
OFFICE = BusinessHours(
    zone="UTC",
    week={day: [(datetime.time(9), datetime.time(17))] for day in range(5)},
    years=frozenset({2026}),
)


def done(moved: LeadMoved) -> Lead:
    assert moved.decision.outcome
    return moved.record


def by(at: datetime.datetime = AT, **more: Any) -> dict[str, Any]:
    return {"by": "kim", "at": at, **more}


def step(action: str, after: LeadState, at: datetime.datetime = LATER, **told: Any) -> LeadStep:
    return LeadStep(action=action, after=after, at=at, by="kim", **told)


OFFERED = done(offered(LEAD, ["bolt", "acme"], POLICY, **by()))
ACCEPTED = done(accepted(OFFERED, "acme", POLICY, **by()))
WORKED = done(worked(ACCEPTED, "acme", POLICY, **by()))
DECLINED = done(declined(ACCEPTED, "acme", POLICY, **by()))


# one after the other


def test_an_offer_is_to_partners_by_id_with_a_time_to_accept() -> None:
    found = offered(LEAD, ["bolt", "acme"], POLICY, **by(LATER))
    offer = Offer(partners=("acme", "bolt"), at=LATER, accept_by=AT + 6 * DAY)
    assert found.record == attrs.evolve(LEAD, offers=(offer,), steps=(step("offer", S.OFFERED),))
    assert found.decision.facts == LeadFacts(S.NEW, offers_left=3, offered_to=2, had_it=0, by_person=False)
    assert found.turns is None
    again = offered(DECLINED, ["acme", "coil"], POLICY, **by(by_person=True))
    assert again.decision.facts == LeadFacts(
        S.DECLINED, offers_left=2, offered_to=2, had_it=1, by_person=True
    )
    assert (again.record, again.decision.policy.name) == (DECLINED, "leads/standard/re-route")
    second = done(offered(DECLINED, ["coil"], POLICY, **by(LATER)))
    assert (second.steps[-1], second.offers[0]) == (step("re-route", S.OFFERED), DECLINED.offers[0])


def test_whoever_accepts_has_a_time_to_work_it() -> None:
    found = accepted(OFFERED, "acme", POLICY, **by(LATER))
    taken = attrs.evolve(OFFERED.offers[0], taken_by="acme", work_by=AT + 10 * DAY)
    expected = attrs.evolve(
        OFFERED, offers=(taken,), steps=(*OFFERED.steps, step("accept", S.ACCEPTED, partner="acme"))
    )
    assert found.record == expected
    assert found.decision.facts == LeadFacts(
        S.OFFERED, is_asked=True, is_owner=False, others_asked=1, in_time=True
    )
    nobody = accepted(LEAD, "acme", POLICY, **by())
    assert nobody.decision.facts == LeadFacts(
        S.NEW, is_asked=False, is_owner=False, others_asked=0, in_time=False
    )
    assert nobody.record == LEAD


def test_a_second_offer_leaves_the_first_as_it_was() -> None:
    second = done(offered(DECLINED, ["coil"], POLICY, **by()))
    taken = done(accepted(second, "coil", POLICY, **by()))
    assert [one.taken_by for one in taken.offers] == ["acme", "coil"]
    passed = done(declined(second, "coil", POLICY, **by()))
    assert [one.passed for one in passed.offers] == [(), ("coil",)]


def test_hours_of_business_are_counted_to_accept_and_to_work() -> None:
    """Eight hours from Monday at nine: 17:00. Sixteen from there on are Tuesday and Wednesday."""
    hours = Timer(8, Unit.BUSINESS_HOURS)
    policy = attrs.evolve(POLICY, accept_within=hours, work_within=attrs.evolve(hours, count=24))
    found = done(offered(LEAD, ["acme"], policy, **by(hours=OFFICE)))
    assert found.offers[0].accept_by == AT + datetime.timedelta(hours=8)
    taken = done(accepted(found, "acme", policy, **by(hours=OFFICE)))
    assert taken.offers[0].work_by == AT + 2 * DAY + datetime.timedelta(hours=8)


def test_only_in_time_a_lead_is_worked() -> None:
    found = worked(ACCEPTED, "acme", POLICY, **by(AT + 10 * DAY))
    assert found.record.steps[-1] == step("work", S.WORKED, AT + 10 * DAY, partner="acme")
    late = worked(ACCEPTED, "acme", POLICY, **by(AT + 10 * DAY + SECOND))
    assert late.decision.facts == LeadFacts(
        S.ACCEPTED, is_asked=False, is_owner=True, others_asked=0, in_time=False
    )
    assert late.record == ACCEPTED
    endless = attrs.evolve(POLICY, work_within=None)
    kept = done(accepted(OFFERED, "acme", endless, **by()))
    assert done(worked(kept, "acme", endless, **by(AT + 99 * DAY))).state is S.WORKED


def test_of_two_that_are_asked_one_stands_aside_and_the_other_declines() -> None:
    aside = done(declined(OFFERED, "acme", POLICY, **by(LATER, reason="no time")))
    assert aside.steps[-1] == step("stand-aside", S.OFFERED, partner="acme", reason="no time")
    assert aside.offers[0].passed == ("acme",)
    last = done(declined(aside, "bolt", POLICY, **by(LATER)))
    assert (last.steps[-1], last.offers[0].passed) == (
        step("decline", S.DECLINED, partner="bolt"),
        ("acme", "bolt"),
    )
    given_back = done(declined(ACCEPTED, "acme", POLICY, **by(LATER, reason="no time")))
    assert given_back.steps[-1] == step("decline", S.DECLINED, partner="acme", reason="no time")
    assert given_back.offers[0].passed == ()
    other = declined(OFFERED, "coil", POLICY, **by())
    assert other.decision.facts == LeadFacts(S.OFFERED, is_asked=False, is_owner=False, others_asked=2)
    assert (other.decision.outcome, other.record) == (False, OFFERED)
    assert declined(LEAD, "acme", POLICY, **by()).record == LEAD
    again = declined(aside, "acme", POLICY, **by(LATER))
    assert (again.decision.outcome, again.record) == (False, aside)


def test_a_lead_is_recalled_when_its_time_is_over_or_by_a_person() -> None:
    early = recalled(ACCEPTED, POLICY, **by(AT + 10 * DAY))
    assert early.decision.facts == LeadFacts(S.ACCEPTED, is_over=False, by_person=False)
    assert early.record == ACCEPTED
    over = recalled(ACCEPTED, POLICY, **by(AT + 10 * DAY + SECOND, reason="late"))
    assert over.record.steps[-1] == step(
        "recall", S.RECALLED, AT + 10 * DAY + SECOND, partner="acme", reason="late"
    )
    person = recalled(WORKED, POLICY, **by(LATER, by_person=True))
    assert person.decision.facts == LeadFacts(S.WORKED, is_over=False, by_person=True)
    assert person.record.steps[-1] == step("recall", S.RECALLED, partner="acme")
    assert done(recalled(OFFERED, POLICY, **by(AT + 5 * DAY + SECOND))).steps[-1].partner is None


@pytest.mark.parametrize(
    ("move", "action", "state"), [(referred, "refer", S.IN_REVIEW), (returned, "return", S.WITH_HOUSE)]
)
def test_a_lead_is_put_before_a_person_or_given_to_the_house(
    move: Callable[..., LeadMoved], action: str, state: LeadState
) -> None:
    found = move(DECLINED, POLICY, **by(LATER, reason="why not"))
    assert found.record == attrs.evolve(
        DECLINED, steps=(*DECLINED.steps, step(action, state, reason="why not"))
    )
    assert found.decision.facts == LeadFacts(S.DECLINED)
    assert move(OFFERED, POLICY, **by()).record == OFFERED


def test_a_lead_is_given_up_for_a_reason() -> None:
    policy = attrs.evolve(POLICY, reasons=(LeadReason(code="no-budget"),))
    found = disqualified(WORKED, policy, reason="no-budget", **by(LATER))
    assert found.record.steps[-1] == step("disqualify", S.DISQUALIFIED, partner="acme", reason="no-budget")
    assert found.decision.facts == LeadFacts(S.WORKED, has_reason=True)
    other = disqualified(WORKED, policy, reason="tired", **by())
    assert (other.decision.facts.has_reason, other.record) == (False, WORKED)


def test_a_duplicate_names_another_lead_that_is_none_itself() -> None:
    other = attrs.evolve(LEAD, id="L-0")
    found = merged(ACCEPTED, other, POLICY, **by(LATER))
    assert found.record == attrs.evolve(
        ACCEPTED, same_as="L-0", steps=(*ACCEPTED.steps, step("merge", S.DUPLICATE, partner="acme"))
    )
    assert found.decision.facts == LeadFacts(S.ACCEPTED)
    refused = merged(WORKED, other, POLICY, **by())
    assert (refused.decision.outcome, refused.record) == (False, WORKED)
    message = "same_as: found '{}'; accepted: another lead that is no duplicate itself"
    for same_as in (LEAD, attrs.evolve(found.record, id="L-2")):
        with pytest.raises(InvalidInput) as wrong:
            merged(LEAD, same_as, POLICY, **by())
        assert str(wrong.value) == message.format(same_as.id)


def test_a_lead_becomes_an_opportunity_of_whoever_worked_it() -> None:
    found = converted(WORKED, POLICY, opportunity="O-1", **by(LATER))
    assert found.record == attrs.evolve(
        WORKED, opportunity="O-1", steps=(*WORKED.steps, step("convert", S.CONVERTED, partner="acme"))
    )
    assert (found.decision.facts, found.record.owner) == (LeadFacts(S.WORKED), "acme")
    early = converted(ACCEPTED, POLICY, opportunity="O-1", **by())
    assert (early.decision.outcome, early.record) == (False, ACCEPTED)
    house = done(converted(done(returned(LEAD, POLICY, **by())), POLICY, opportunity="O-1", **by()))
    assert (house.owner, house.opportunity) == (None, "O-1")


def test_a_lead_expires_days_after_it_was_made_but_not_before_its_offer_is_over() -> None:
    policy = attrs.evolve(POLICY, expires_after_days=3)
    in_time, late = (expired(LEAD, policy, **by(AT + 3 * DAY + more)) for more in (0 * SECOND, SECOND))
    assert (in_time.decision.facts, in_time.record) == (LeadFacts(S.NEW, is_over=False), LEAD)
    assert late.decision.facts == LeadFacts(S.NEW, is_over=True)
    assert late.record.steps[-1] == step("expire", S.EXPIRED, AT + 3 * DAY + SECOND)
    asked = [
        expired(OFFERED, policy, **by(AT + 5 * DAY + more)).record.state for more in (0 * SECOND, SECOND)
    ]
    assert asked == [S.OFFERED, S.EXPIRED]
    old = attrs.evolve(policy, expires_after_days=9)
    assert [expired(OFFERED, old, **by(AT + days * DAY)).decision.facts.is_over for days in (6, 9, 10)] == [
        False, False, True,
    ]  # fmt: skip
    assert expired(LEAD, POLICY, **by(AT + 999 * DAY)).decision.facts.is_over is False


def test_nobody_moves_a_lead_without_a_name_or_before_its_last_step() -> None:
    for lead, at in ((LEAD, AT), (OFFERED, AT)):
        with pytest.raises(InvalidInput) as refused:
            referred(lead, POLICY, by="", at=at - SECOND)
        assert str(refused.value) == (
            "the lead 'L-1' cannot be moved: 2 faults\n  found ''; accepted: an id of 1 to 200 characters @ by"
            "\n  found 2026-03-02 08:59:59+00:00; accepted: 2026-03-02 09:00:00+00:00, when its last step was, or later @ at"
        )
    with pytest.raises(InvalidInput) as refused:
        referred(LEAD, POLICY, by="kim", at=datetime.datetime(2026, 3, 2))
    assert [fault.path for fault in refused.value.faults] == [""]
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    told = done(referred(LEAD, POLICY, by="kim", at=datetime.datetime(2026, 3, 2, 18, tzinfo=tokyo))).steps[
        -1
    ]
    assert told.at.tzinfo is datetime.UTC


# routed


def route(*partners: str, by_id: bool = False, subject: str = "L-1") -> Any:
    facts = RoutingFacts(subject=subject, candidates=[CandidateFacts(partner=one) for one in partners])
    return RoutingPolicy(ties_by_id=by_id).decide(facts, AT.date())


@pytest.mark.parametrize(
    ("lead", "partners", "changed", "state", "reason"),
    [
        (LEAD, ("acme",), {}, S.OFFERED, None),
        (LEAD, ("acme", "bolt"), {}, S.IN_REVIEW, "nobody stands out"),
        (LEAD, (), {}, S.WITH_HOUSE, "nobody is left"),
        (LEAD, (), {"afterwards": AfterOffers.PERSON}, S.IN_REVIEW, "nobody is left"),
        (DECLINED, ("coil",), {"most_offers": 2}, S.OFFERED, None),
        (DECLINED, ("coil",), {"most_offers": 1}, S.WITH_HOUSE, "nobody is left"),
        (DECLINED, ("coil",), {"most_offers": 1, "afterwards": AfterOffers.PERSON}, S.IN_REVIEW, "nobody is left"),
    ],
)  # fmt: skip
def test_a_lead_goes_where_its_routing_says(
    lead: Lead, partners: tuple[str, ...], changed: dict[str, Any], state: LeadState, reason: str | None
) -> None:
    found = routed(lead, route(*partners), attrs.evolve(POLICY, **changed), **by(LATER))
    last = found.record.steps[-1]
    assert (last.after, last.reason, last.by, last.at, found.turns) == (state, reason, "kim", LATER, None)


def test_a_turn_is_taken_where_the_offer_is_made() -> None:
    turns = Turns.of("emea", {"acme": 1, "bolt": 1})
    assert routed(LEAD, route("acme"), POLICY, **by(turns=turns)).turns == turns.taken(("acme",))
    refused = routed(OFFERED, route("coil"), POLICY, **by(turns=turns))
    assert (refused.decision.outcome, refused.turns) == (False, None)
    assert routed(LEAD, route(), POLICY, **by(turns=turns)).turns is None
    hours = attrs.evolve(POLICY, accept_within=Timer(8, Unit.BUSINESS_HOURS))
    found = routed(LEAD, route("acme"), hours, **by(hours=OFFICE))
    assert found.record.offers[0].accept_by == AT + datetime.timedelta(hours=8)


def test_a_routing_of_another_lead_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        routed(LEAD, route("acme", subject="L-2"), POLICY, **by())
    assert str(refused.value) == "found a routing of 'L-2'; accepted: one of 'L-1'"
