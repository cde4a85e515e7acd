"""Leads: what partners may do with them, in time and late; timers, and duplicates.

Five days to accept and ten to work are those of GitLab's channel handbook. Every instant is worked out by hand beside it.
"""

import datetime
import pickle
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from prmcore.deals.leads import (
    FINAL,
    LEAD_MOVES,
    AfterOffers,
    CandidateFacts,
    Lead,
    LeadAction,
    LeadMoved,
    LeadNoticeKind,
    LeadPolicy,
    LeadReason,
    LeadState,
    Likeness,
    RoutingFacts,
    RoutingPolicy,
    Same,
    Timer,
    Turns,
    Unit,
    WorkedFrom,
    accepted,
    converted,
    declined,
    disqualified,
    due,
    expired,
    likenesses,
    merged,
    offered,
    recalled,
    referred,
    returned,
    routed,
    settled,
    taken_back,
    worked,
)
from prmcore.deals.leads.said import said_of_lead, said_of_lead_notice
from prmcore.decisions import Prefer, fact
from prmcore.decisions.explain import explain, put_into_words
from prmcore.errors import InvalidInput
from prmcore.testing._leads import lead_stories, new_lead
from prmcore.values import BusinessHours, Tree
from prmcore.values.wire import from_plain, to_plain

UTC = datetime.UTC
POLICY = LeadPolicy()  # 5 days to accept, 10 to work, both from the offer; one partner; three offers
SECOND = datetime.timedelta(seconds=1)


def at(day: int, hour: int = 9) -> datetime.datetime:
    return datetime.datetime(2026, 3, day, hour, tzinfo=UTC)


def kim(day: int, hour: int = 9) -> dict[str, Any]:
    return {"by": "kim", "at": at(day, hour)}


def done(moved: LeadMoved) -> Lead:
    assert moved.decision.outcome, str(explain(moved.decision))
    return moved.record


LEAD = new_lead()  # made on 2 March at nine
OFFERED = done(offered(LEAD, ["acme"], POLICY, **kim(2)))
ACCEPTED = done(accepted(OFFERED, "acme", POLICY, **kim(4)))
WORKED = done(worked(ACCEPTED, "acme", POLICY, **kim(6)))


# moves


def test_a_lead_is_offered_accepted_worked_and_converted() -> None:
    lead = done(converted(WORKED, POLICY, opportunity="O-1", **kim(9)))
    assert [step.after for step in lead.steps] == ["offered", "accepted", "worked", "converted"]
    assert (lead.owner, lead.opportunity, lead.is_final) == ("acme", "O-1", True)


def test_the_times_are_kept_with_the_offer() -> None:
    """Accepted by the 7th and worked by the 12th, at the hour of the offer, whatever policy comes later."""
    offer = ACCEPTED.offers[0]
    assert (offer.accept_by, offer.work_by) == (at(7), at(12))
    assert not worked(ACCEPTED, "acme", attrs.evolve(POLICY, work_within=None), **kim(13)).decision.outcome


def test_the_time_to_work_may_be_counted_from_the_acceptance() -> None:
    policy = attrs.evolve(POLICY, worked_from=WorkedFrom.ACCEPTANCE)
    assert done(accepted(OFFERED, "acme", policy, **kim(4))).offers[0].work_by == at(14)


@pytest.mark.parametrize(("late", "allowed"), [(0 * SECOND, True), (SECOND, False)])
def test_an_offer_is_accepted_up_to_its_last_instant_and_no_later(
    late: datetime.timedelta, allowed: bool
) -> None:
    moved = accepted(OFFERED, "acme", POLICY, by="kim", at=at(7) + late)
    assert moved.decision.outcome is allowed
    assert recalled(OFFERED, POLICY, by="run", at=at(7) + late).decision.outcome is not allowed


@pytest.mark.parametrize(("late", "allowed"), [(0 * SECOND, True), (SECOND, False)])
def test_a_lead_is_worked_up_to_its_last_instant_and_no_later(
    late: datetime.timedelta, allowed: bool
) -> None:
    assert worked(ACCEPTED, "acme", POLICY, by="kim", at=at(12) + late).decision.outcome is allowed
    assert recalled(ACCEPTED, POLICY, by="run", at=at(12) + late).decision.outcome is not allowed


def test_only_who_was_asked_accepts_and_only_the_owner_works() -> None:
    assert not accepted(OFFERED, "bolt", POLICY, **kim(3)).decision.outcome
    assert not worked(ACCEPTED, "bolt", POLICY, **kim(5)).decision.outcome
    assert not declined(ACCEPTED, "bolt", POLICY, **kim(5)).decision.outcome


def test_of_several_the_first_to_accept_has_it() -> None:
    policy = attrs.evolve(POLICY, offered_to=3)
    lead = done(offered(LEAD, ["coil", "acme", "bolt"], policy, **kim(2)))
    lead = done(declined(lead, "acme", policy, **kim(3)))
    assert (lead.state, lead.offers[0].asked) == (LeadState.OFFERED, ("bolt", "coil"))
    lead = done(accepted(lead, "coil", policy, **kim(3)))
    assert lead.owner == "coil"
    assert not accepted(lead, "bolt", policy, **kim(3)).decision.outcome


def test_when_the_last_of_several_says_no_the_lead_is_declined() -> None:
    policy = attrs.evolve(POLICY, offered_to=2)
    lead = done(offered(LEAD, ["acme", "bolt"], policy, **kim(2)))
    lead = done(declined(done(declined(lead, "bolt", policy, **kim(3))), "acme", policy, **kim(3)))
    assert (lead.state, lead.owner) == (LeadState.DECLINED, None)


def test_more_partners_than_the_policy_says_are_not_asked() -> None:
    assert not offered(LEAD, ["acme", "bolt"], POLICY, **kim(2)).decision.outcome


def test_a_partner_is_not_asked_twice_and_only_a_person_goes_beyond_the_number_of_offers() -> None:
    lead = LEAD
    for partner in ("acme", "bolt", "coil"):
        lead = done(declined(done(offered(lead, [partner], POLICY, **kim(2))), partner, POLICY, **kim(2)))
    assert not offered(lead, ["dyna"], POLICY, **kim(3)).decision.outcome
    assert not offered(lead, ["acme"], POLICY, by_person=True, **kim(3)).decision.outcome
    assert done(offered(lead, ["dyna"], POLICY, by_person=True, **kim(3))).state is LeadState.OFFERED


def test_a_person_may_take_a_lead_back_before_its_time() -> None:
    assert not recalled(WORKED, POLICY, **kim(7)).decision.outcome
    lead = done(recalled(WORKED, POLICY, by_person=True, reason="the customer asked", **kim(7)))
    assert (lead.state, lead.owner, lead.steps[-1].partner) == (LeadState.RECALLED, None, "acme")


def test_a_lead_is_disqualified_for_a_declared_reason_only() -> None:
    policy = attrs.evolve(POLICY, reasons=(LeadReason(code="no-budget"),))
    assert not disqualified(LEAD, policy, reason="tired", **kim(2)).decision.outcome
    assert done(disqualified(LEAD, policy, reason="no-budget", **kim(2))).steps[-1].reason == "no-budget"


def test_a_duplicate_names_the_lead_that_goes_on() -> None:
    first = new_lead("L-0")
    lead = done(merged(LEAD, first, POLICY, **kim(2)))
    assert (lead.state, lead.same_as) == (LeadState.DUPLICATE, "L-0")
    with pytest.raises(InvalidInput, match="no duplicate itself"):
        merged(new_lead("L-2"), lead, POLICY, **kim(2))


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_leads_on_from_a_final_state(state: LeadState) -> None:
    assert [action for before, action in LEAD_MOVES if before is state] == []


@pytest.mark.parametrize("state", [state for state in LeadState if state is not LeadState.NEW])
def test_every_state_is_reached(state: LeadState) -> None:
    reached = {LeadState.NEW}
    for _ in LeadState:
        reached |= {after for (before, _), after in LEAD_MOVES.items() if before in reached}
    assert state in reached


def test_every_action_stands_in_the_table() -> None:
    assert {action for _, action in LEAD_MOVES} == set(LeadAction)


def test_an_instant_without_a_time_zone_or_before_the_last_step_is_refused() -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        offered(LEAD, ["acme"], POLICY, by="kim", at=datetime.datetime(2026, 3, 2))
    with pytest.raises(InvalidInput, match="or later"):
        accepted(OFFERED, "acme", POLICY, **kim(1))


def test_business_hours_are_asked_for_where_a_time_is_counted_in_them() -> None:
    policy = attrs.evolve(POLICY, accept_within=Timer(16, Unit.BUSINESS_HOURS))
    with pytest.raises(InvalidInput, match="hours of business"):
        offered(LEAD, ["acme"], policy, **kim(2))


def test_sixteen_business_hours_are_two_days_of_eight() -> None:
    """Friday 6 March 2026, nine o'clock: eight hours on Friday, eight on Monday the 9th, until 17:00 UTC."""
    times = (datetime.time(9), datetime.time(17))
    hours = BusinessHours(zone="UTC", week={day: [times] for day in range(5)}, years=frozenset({2026}))
    policy = attrs.evolve(POLICY, accept_within=Timer(16, Unit.BUSINESS_HOURS))
    lead = done(offered(LEAD, ["acme"], policy, hours=hours, **kim(6)))
    assert lead.offers[0].accept_by == at(9, 17)


# routed

ROUTING = RoutingPolicy(steps=(Prefer(name="home", criteria=(fact("in_territory").is_true(),)),))


def decide(*candidates: CandidateFacts, subject: str = "L-1") -> Any:
    return ROUTING.decide(RoutingFacts(subject=subject, candidates=candidates), at(2).date())


def test_a_routing_that_is_ambiguous_goes_before_a_person_and_one_of_nobody_to_the_house() -> None:
    tie = decide(CandidateFacts(partner="acme"), CandidateFacts(partner="bolt"))
    assert done(routed(LEAD, tie, POLICY, **kim(2))).state is LeadState.IN_REVIEW
    assert done(routed(LEAD, decide(), POLICY, **kim(2))).state is LeadState.WITH_HOUSE
    to_person = attrs.evolve(POLICY, afterwards=AfterOffers.PERSON)
    assert done(routed(LEAD, decide(), to_person, **kim(2))).state is LeadState.IN_REVIEW


def test_after_the_last_offer_a_lead_goes_to_the_house() -> None:
    policy = attrs.evolve(POLICY, most_offers=1)
    lead = done(declined(OFFERED, "acme", policy, **kim(3)))
    moved = routed(lead, decide(CandidateFacts(partner="bolt")), policy, **kim(3))
    assert done(moved).state is LeadState.WITH_HOUSE


def test_routing_a_lead_again_takes_no_second_turn() -> None:
    turns, decision = Turns.of("emea", {"acme": 1}), decide(CandidateFacts(partner="acme"))
    moved = routed(LEAD, decision, POLICY, turns=turns, **kim(2))
    assert moved.turns == turns.taken(("acme",))
    again = routed(moved.record, decision, POLICY, turns=moved.turns, **kim(2))
    assert (again.decision.outcome, again.record, again.turns) == (False, moved.record, None)


def test_the_routing_of_another_lead_is_refused() -> None:
    with pytest.raises(InvalidInput, match="L-2"):
        routed(LEAD, decide(CandidateFacts(partner="acme"), subject="L-2"), POLICY, **kim(2))


# timers


def test_a_reminder_comes_a_day_before_and_a_recall_when_the_time_is_over() -> None:
    assert due([OFFERED], POLICY, at(6) - SECOND) == ()
    (reminder,) = due([OFFERED], POLICY, at(6))
    assert (reminder.kind, reminder.partners, reminder.until) == (LeadNoticeKind.REMINDER, ("acme",), at(7))
    assert due([OFFERED], POLICY, at(7))[0].kind is LeadNoticeKind.REMINDER
    (recall,) = due([OFFERED], POLICY, at(7) + SECOND)
    assert (recall.kind, recall.since, recall.accepted) == (LeadNoticeKind.RECALL, at(7), False)


def test_after_missed_days_one_reminder_stands_for_all_and_has_the_same_id_again() -> None:
    policy = attrs.evolve(POLICY, reminder_hours=(72, 24, 1))
    (found,) = due([OFFERED], policy, at(6, 12))
    assert found.id == "L-1|reminder|1|accept|24"
    assert due([OFFERED], policy, at(6, 20))[0].id == found.id


def test_a_run_that_missed_days_takes_back_all_that_is_due_and_a_second_does_nothing() -> None:
    moved = taken_back([OFFERED, ACCEPTED, WORKED], POLICY, by="run", at=at(20))
    assert [one.record.state for one in moved] == [LeadState.RECALLED, LeadState.RECALLED]
    assert taken_back([one.record for one in moved], POLICY, by="run", at=at(20)) == ()


def test_a_lead_expires_when_nobody_has_it_but_not_while_it_is_offered() -> None:
    """Made on the 2nd, ten days: over after the 12th at nine. Offered on the 11th it waits until the 16th."""
    policy = attrs.evolve(POLICY, expires_after_days=10)
    assert not expired(LEAD, policy, by="run", at=at(12)).decision.outcome
    assert done(expired(LEAD, policy, by="run", at=at(12) + SECOND)).state is LeadState.EXPIRED
    late = done(offered(LEAD, ["acme"], policy, **kim(11)))
    assert not expired(late, policy, by="run", at=at(16)).decision.outcome
    assert done(expired(late, policy, by="run", at=at(16) + SECOND)).state is LeadState.EXPIRED
    assert not expired(ACCEPTED, policy, by="run", at=at(30)).decision.outcome


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "acme: accept the lead L-1 by 2026-03-07 09:00 (UTC)"),
        ("ja", "acme：リード L-1 を 2026-03-07 09:00（UTC）までに受諾してください"),
        ("zh", "acme：请在 2026-03-07 09:00（UTC）前接受线索 L-1"),
    ],
)
def test_a_reminder_speaks_three_languages(locale: str, words: str) -> None:
    (reminder,) = due([OFFERED], POLICY, at(6))
    assert put_into_words(said_of_lead_notice(reminder), locale).text == words


def test_a_lead_says_where_it_stands() -> None:
    assert put_into_words(said_of_lead(OFFERED), "en").text == "lead L-1, Yamato KK: offered"
    assert put_into_words(said_of_lead(ACCEPTED), "ja").text == "リード L-1（Yamato KK）：受諾済み、担当 acme"


def test_a_refusal_says_why_in_three_languages() -> None:
    moved = accepted(OFFERED, "acme", POLICY, **kim(8))
    assert "✗ in time: no, asked for yes" in str(explain(moved.decision))
    assert "✗ 期限内" in str(explain(moved.decision, "ja"))
    assert "✗ 未超过期限" in str(explain(moved.decision, "zh"))


# duplicates

BIKES = frozenset(("bikes",))
TREE = Tree("products", {"bikes": None, "road bikes": "bikes", "helmets": None})


@pytest.mark.parametrize(
    ("same", "products", "days", "contacts", "answer"),
    [
        (Same.SAME, BIKES, 90, (None, None), Likeness.DUPLICATE),
        (Same.SAME, BIKES, 91, (None, None), Likeness.NEW),
        (Same.SAME, frozenset(("road bikes",)), 1, (None, None), Likeness.DUPLICATE),  # below bikes
        (Same.SAME, frozenset(("helmets",)), 1, (None, None), Likeness.NEW),
        (Same.SAME, frozenset[str](), 1, (None, None), Likeness.REVIEW),  # products are not known
        (Same.POSSIBLE, BIKES, 1, (None, None), Likeness.REVIEW),
        (Same.POSSIBLE, BIKES, 1, ("a@b.example", "a@b.example"), Likeness.REVIEW),  # still for a person
        (
            Same.DISTINCT,
            BIKES,
            1,
            ("a@b.example", "a@b.example"),
            Likeness.REVIEW,
        ),  # one person, two companies
        (Same.DISTINCT, BIKES, 1, ("a@b.example", "c@b.example"), Likeness.NEW),
        (Same.DISTINCT, BIKES, 1, (None, None), Likeness.NEW),
    ],
)
def test_a_lead_is_a_duplicate_of_an_earlier_one_for_the_same_account_and_product(
    same: Same, products: frozenset[str], days: int, contacts: tuple[str | None, str | None], answer: Likeness
) -> None:
    first = new_lead("L-0", products=BIKES, contact=contacts[0])
    lead = new_lead(made_at=at(2) + datetime.timedelta(days=days), products=products, contact=contacts[1])
    (found,) = likenesses(lead, [(first, same)], POLICY, products=TREE)
    assert found.decision.outcome is answer


def test_the_earliest_duplicate_counts_and_duplicates_of_duplicates_do_not() -> None:
    lead = new_lead("L-9", made_at=at(9), products=BIKES)
    early, later = new_lead("L-1", products=BIKES), new_lead("L-2", made_at=at(3), products=BIKES)
    doubled = done(merged(new_lead("L-0", made_at=at(1), products=BIKES), early, POLICY, **kim(2)))
    given_ = [(later, Same.SAME), (doubled, Same.SAME), (early, Same.SAME)]
    found = settled(likenesses(lead, given_, POLICY))
    assert found is not None
    assert found.lead == "L-1"


def test_a_certain_duplicate_comes_before_an_earlier_possible_one() -> None:
    lead = new_lead("L-9", made_at=at(9), products=BIKES)
    given_ = [
        (new_lead("L-1", products=BIKES), Same.POSSIBLE),
        (new_lead("L-2", made_at=at(3), products=BIKES), Same.SAME),
    ]
    found = settled(likenesses(lead, given_, POLICY))
    assert found is not None
    assert (found.lead, found.decision.outcome) == ("L-2", Likeness.DUPLICATE)  # fmt: skip


def test_a_lead_that_came_later_is_no_earlier_one() -> None:
    with pytest.raises(InvalidInput, match="earlier leads"):
        likenesses(LEAD, [(new_lead("L-2", made_at=at(3)), Same.SAME)], POLICY)


# laws


@given(lead_stories())
def test_a_lead_goes_through_plain_values_and_pickles_without_loss(story: Any) -> None:
    assert from_plain(to_plain(story.lead), Lead) == story.lead
    assert pickle.loads(pickle.dumps(story.lead)) == story.lead


def test_a_policy_that_cannot_be_used_lists_every_fault() -> None:
    with pytest.raises(InvalidInput) as caught:
        LeadPolicy(
            offered_to=0,
            most_offers=0,
            reminder_hours=(0, 5, 5),
            reasons=(LeadReason(code="x"), LeadReason(code="x")),
        )
    assert [fault.path for fault in caught.value.faults] == [
        "offered_to", "most_offers", "reminder_hours", "reminder_hours", "reasons",
    ]  # fmt: skip


class Leads(RuleBasedStateMachine):
    """Any sequence of actions, at any times, by anybody."""

    partners = ("acme", "bolt", "coil")

    @initialize(several=st.integers(1, 3), expires=st.none() | st.integers(1, 20))
    def begin(self, several: int, expires: int | None) -> None:
        self.policy = LeadPolicy(offered_to=several, expires_after_days=expires)
        self.lead, self.now = LEAD, at(2)
        self.history: list[Lead] = [LEAD]

    def follow(self, moved: LeadMoved) -> None:
        if not moved.decision.outcome:
            assert moved.record is self.lead
            return
        assert not self.lead.is_final
        assert len(moved.record.steps) == len(self.lead.steps) + 1
        assert moved.record.steps[:-1] == self.lead.steps
        self.lead = moved.record

    @rule(hours=st.integers(0, 200))
    def wait(self, hours: int) -> None:
        self.now += datetime.timedelta(hours=hours)

    @rule(
        asked=st.lists(st.sampled_from(partners), min_size=1, max_size=3, unique=True), person=st.booleans()
    )
    def offer(self, asked: list[str], person: bool) -> None:
        had = self.lead.had
        moved = offered(self.lead, asked, self.policy, by="kim", at=self.now, by_person=person)
        assert not (moved.decision.outcome and had.intersection(asked))
        self.follow(moved)

    @rule(partner=st.sampled_from(partners), action=st.sampled_from((accepted, worked, declined)))
    def answer(self, partner: str, action: Callable[..., LeadMoved]) -> None:
        self.follow(action(self.lead, partner, self.policy, by=partner, at=self.now))

    @rule()
    def run(self) -> None:
        """No timer fires early: nothing is taken back before the time that was said."""
        before, offer = self.lead, self.lead.offer
        for moved in taken_back([self.lead], self.policy, by="run", at=self.now):
            assert moved.decision.outcome
            self.follow(moved)
            if moved.record.state is LeadState.RECALLED:
                assert offer is not None
                limit = offer.accept_by if before.state is LeadState.OFFERED else offer.work_by
                assert limit is not None
                assert limit < self.now
            else:
                assert self.policy.expires_after_days is not None
                assert LEAD.made_at + datetime.timedelta(days=self.policy.expires_after_days) < self.now
        assert taken_back([self.lead], self.policy, by="run", at=self.now) == ()

    @rule(action=st.sampled_from((referred, returned)))
    def put_aside(self, action: Callable[..., LeadMoved]) -> None:
        self.follow(action(self.lead, self.policy, by="kim", at=self.now))

    @rule()
    def convert(self) -> None:
        self.follow(converted(self.lead, self.policy, opportunity="O-1", by="kim", at=self.now))

    @invariant()
    def has_at_most_one_owner_and_only_while_it_is_held(self) -> None:
        if not hasattr(self, "lead"):
            return
        held = (LeadState.ACCEPTED, LeadState.WORKED, LeadState.CONVERTED)
        assert self.lead.owner is None or self.lead.state in held
        assert self.lead.owner is not None or self.lead.state not in held[:2]
        earlier = {offer.taken_by for offer in self.lead.offers[:-1]}
        assert self.lead.owner is None or self.lead.owner not in earlier

    @invariant()
    def was_moved_by_the_table_and_in_order(self) -> None:
        if not hasattr(self, "lead"):
            return
        state, last = LeadState.NEW, LEAD.made_at
        for step in self.lead.steps:
            state = LEAD_MOVES[state, LeadAction(step.action)]
            assert (step.after, step.at >= last) == (state, True)
            last = step.at


TestLeads = Leads.TestCase
TestLeads.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
