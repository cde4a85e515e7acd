"""What is done with a registration: what each action looks at, keeps and refuses."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import attrs
import pytest

from prmcore.deals import Acting, Approver, ApproverChain, Delegation
from prmcore.deals.registrations import (
    Approving,
    Circumstances,
    Conflict,
    Deal,
    ExtendedFrom,
    Extension,
    Missed,
    Place,
    ProtectedFrom,
    Protection,
    ProtectionWindow,
    RegisteredAccount,
    RegisteredScope,
    Registration,
    RegistrationAction,
    RegistrationMoved,
    RegistrationPolicy,
    RegistrationState,
    RegistrationStep,
    Resubmission,
    Review,
    Revision,
    Scope,
    Term,
    TierTerm,
    approved,
    approved_by_policy,
    converted,
    discounted,
    drafted,
    moved,
    queued,
    reconsidered,
    registration_facts,
    resubmitted,
    review_deadline,
    revised,
    shared,
    submitted,
)
from prmcore.deals.registrations.facts import ApprovalFacts, MoveFacts
from prmcore.decisions import fact
from prmcore.errors import InvalidInput
from prmcore.values import BusinessHours, DateRange, Money, PercentagePoints, Rate, Tree

A, S = RegistrationAction, RegistrationState
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SECOND = timedelta(seconds=1)
TREE = Tree(
    "products", {"bikes": None, "road": "bikes", "helmets": None}, {"city": frozenset({"road", "helmets"})}
)
OFFICE = BusinessHours(
    zone="UTC", week={day: [(time(9), time(17))] for day in range(5)}, years=frozenset({2026})
)
CHAIN = ApproverChain(approvers=(
    Approver(role="manager", limits=(Money.of(1000, "EUR"),)), Approver(role="director", limits=(Money.of(9000, "EUR"),)),
))  # fmt: skip
POLICY = RegistrationPolicy(
    approvers=CHAIN, extension=Extension(term=Term(days=30)), review=Review(hours=OFFICE, within=16, research_days=3),
    answer=Term(days=14), discount=PercentagePoints.of(20), second_share=Rate.percent(50),
)  # fmt: skip
ACCOUNT = RegisteredAccount(program="acme", account="A-1")
KNOWN = Circumstances()
KIM = Acting(by="kim", role="manager")
ROAD = Deal(customer="Contoso", products=frozenset({"road"}), value=Money.of(500, "EUR"))


def draft(name: str = "R-1", deal: Deal = ROAD, partner: str = "P-1") -> Registration:
    return drafted(id=name, program="acme", partner=partner, deal=deal, by="sato", at=AT)


def hand_in(
    one: Registration, account: RegisteredAccount = ACCOUNT, policy: RegistrationPolicy = POLICY, **told: Any
) -> RegistrationMoved:
    known = told.pop("known", KNOWN)
    return submitted(one, account, policy, known, **{"by": "sato", "at": AT, "products": TREE, **told})


def act(
    before: RegistrationMoved, action: RegistrationAction, policy: RegistrationPolicy = POLICY, **told: Any
) -> RegistrationMoved:
    return moved(before.registration, before.account, action, policy, **{"by": "kim", "at": AT, **told})


def approve(
    before: RegistrationMoved, policy: RegistrationPolicy = POLICY, known: Circumstances = KNOWN, **told: Any
) -> RegistrationMoved:
    told = {"who": KIM, "at": AT, "products": TREE, **told}
    return approved(before.registration, before.account, policy, known, **told)


IN = hand_in(draft())
HELD = approve(IN)


# written


def test_a_draft_is_what_the_partner_wrote() -> None:
    assert draft() == Registration(
        id="R-1", program="acme", partner="P-1", revisions=(Revision(deal=ROAD, at=AT, by="sato"),)
    )
    with pytest.raises(InvalidInput) as refused:
        drafted(id="R-1", program="acme", partner="P-1", deal=ROAD, by="", at=AT)
    assert str(refused.value) == (
        "the registration 'R-1' cannot be drafted: 1 fault\n  found ''; accepted: an id of 1 to 200 characters @ by"
    )
    with pytest.raises(InvalidInput, match="time zone"):
        drafted(id="R-1", program="acme", partner="P-1", deal=ROAD, by="sato", at=datetime(2026, 3, 2))


def test_a_deal_is_corrected_as_a_draft_or_when_it_was_returned() -> None:
    other = attrs.evolve(ROAD, source="fair")
    found = revised(draft(), other, by="abe", at=AT)
    assert found.revisions == (*draft().revisions, Revision(deal=other, at=AT, by="abe"))
    back = act(IN, A.RETURN, reason="who decides?").registration
    assert revised(back, other, by="abe", at=AT + DAY).deal == other
    with pytest.raises(InvalidInput, match="'R-1' is submitted; accepted: a draft, or what was returned"):
        revised(IN.registration, other, by="abe", at=AT)
    with pytest.raises(InvalidInput, match="its last step, or later"):
        revised(draft(), other, by="abe", at=AT - SECOND)


# handed in


def test_what_is_handed_in_has_its_account_scope_and_place() -> None:
    found = hand_in(draft(), attrs.evolve(ACCOUNT, counted=4), at=AT + HOUR).registration
    step = RegistrationStep(action=A.SUBMIT, after=S.SUBMITTED, at=AT + HOUR, by="sato")
    assert found == attrs.evolve(
        draft(), account="A-1", scope=Scope(products=frozenset({"road"})), place=Place(AT + HOUR, 5), steps=(step,)
    )  # fmt: skip


def test_a_deal_is_held_against_what_stands_on_the_account() -> None:
    """R-1 of the same partner is approved, R-2 of another waits: one holds, one is ahead, one is the partner's own."""
    second = hand_in(draft("R-2", partner="P-2"), HELD.account)
    third = draft("R-3")
    found = hand_in(third, second.account, known=Circumstances(tier="gold", open_registrations=1))
    assert found.decision.facts == registration_facts(
        S.DRAFT, ROAD, Circumstances(tier="gold", open_registrations=1), AT.date(), holders=1, ahead=1, open_on_account=1,
        days_left=90,
    )  # fmt: skip
    assert found.account.scopes[-1].registration == "R-3"
    endless = attrs.evolve(POLICY, protection=ProtectionWindow(term=None))
    facts = hand_in(draft(), ACCOUNT, endless).decision.facts
    assert (facts.days_left, facts.is_endless) == (None, True)


def test_a_deal_whose_window_ran_out_before_it_was_handed_in_again_has_no_day_left() -> None:
    window = ProtectionWindow(term=Term(days=9), starts=ProtectedFrom.SUBMISSION)
    policy = attrs.evolve(POLICY, protection=window)
    back = act(hand_in(draft(), ACCOUNT, policy), A.RETURN, policy, reason="who decides?")
    told: dict[str, Any] = {"by": "sato", "at": AT + 9 * DAY, "products": TREE}
    found = resubmitted(back.registration, back.account, policy, KNOWN, **told)
    assert (found.decision.facts.days_left, found.decision.facts.is_endless) == (0, False)


@pytest.mark.parametrize("code", ["gone", "city"])
def test_a_deal_is_for_products_of_the_tree_its_groups_included(code: str) -> None:
    one = draft(deal=attrs.evolve(ROAD, products=frozenset({code})))
    if code == "city":
        assert hand_in(one).registration.state is S.SUBMITTED
        return
    assert hand_in(one, products=None).registration.state is S.SUBMITTED  # nobody says which there are
    with pytest.raises(InvalidInput) as refused:
        hand_in(one)
    assert str(refused.value) == (
        "the registration 'R-1' cannot be handed in: 1 fault\n"
        "  unknown code of products 'gone'. There are: bikes, city, helmets, road @ products"
    )


@pytest.mark.parametrize(
    ("resubmission", "deal", "place"),
    [
        (Resubmission.KEEPS_PLACE, ROAD, Place(AT, 1)),
        (Resubmission.KEEPS_PLACE, attrs.evolve(ROAD, products=frozenset({"bikes"})), Place(AT + 2 * DAY, 2)),
        (Resubmission.NEW_PLACE, ROAD, Place(AT + 2 * DAY, 2)),
    ],
)
def test_what_comes_back_has_its_old_place_or_a_new_one(
    resubmission: Resubmission, deal: Deal, place: Place
) -> None:
    policy = attrs.evolve(POLICY, resubmission=resubmission)
    back = act(IN, A.RETURN, policy, at=AT + DAY, reason="who decides?").registration
    keeps = resubmission is Resubmission.KEEPS_PLACE
    assert (back.place is not None, back.scope is not None) == (keeps, keeps)
    again = revised(back, deal, by="sato", at=AT + DAY)
    told: dict[str, Any] = {"by": "sato", "at": AT + 2 * DAY, "products": TREE}
    found = resubmitted(again, IN.account, policy, KNOWN, **told).registration
    assert (found.state, found.place, found.steps[-1].action) == (S.SUBMITTED, place, A.RESUBMIT)


def test_only_what_was_returned_comes_back_and_only_a_draft_is_submitted() -> None:
    assert resubmitted(draft(), ACCOUNT, POLICY, KNOWN, by="sato", at=AT).registration == draft()
    again = hand_in(IN.registration, IN.account)
    assert (again.decision.outcome, again.registration, again.account) == (False, IN.registration, IN.account)


def test_a_return_alone_takes_the_place_away() -> None:
    policy = attrs.evolve(POLICY, resubmission=Resubmission.NEW_PLACE)
    assert act(IN, A.REJECT, policy, reason="too late").registration.place == Place(AT, 1)


def test_nobody_moves_a_registration_without_a_name_or_on_the_account_of_another() -> None:
    with pytest.raises(InvalidInput) as refused:
        moved(
            IN.registration, RegisteredAccount(program="other", account="A-2"), A.REVIEW, POLICY, by="", at=AT
        )
    assert str(refused.value) == (
        "the registration 'R-1' cannot be moved: 3 faults\n  found ''; accepted: an id of 1 to 200 characters @ by"
        "\n  it is of the program 'acme', the account of 'other' @ account"
        "\n  it is for 'A-1'; another customer is another registration @ account"
    )
    assert act(IN, A.REVIEW, at=AT).registration.state is S.UNDER_REVIEW  # at the instant of its last step
    with pytest.raises(InvalidInput, match="its last step, or later"):
        act(IN, A.REVIEW, at=AT - SECOND)


# moved


@pytest.mark.parametrize("action", [A.RETURN, A.REJECT, A.DECLINE_EXTENSION])
@pytest.mark.parametrize("reason", [None, "", " \n", 7])
def test_whoever_says_no_says_why(action: RegistrationAction, reason: Any) -> None:
    words = f"reason: is missing; accepted: why, in the words that the partner is told, for {action}"
    with pytest.raises(InvalidInput) as refused:
        act(IN, action, reason=reason)
    assert str(refused.value) == words


def test_a_step_says_who_did_what_when_and_why() -> None:
    found = act(IN, A.REJECT, by="mori", at=AT + DAY, reason="too late").registration
    assert found.steps[-1] == RegistrationStep(
        action=A.REJECT, after=S.REJECTED, at=AT + DAY, by="mori", reason="too late"
    )
    assert act(IN, A.REVIEW).registration.steps[-1].reason is None


@pytest.mark.parametrize("review", [None, Review(hours=OFFICE, within=16)])
def test_research_is_for_a_review_that_has_days_for_it(review: Review | None) -> None:
    under = act(IN, A.REVIEW)
    assert act(under, A.RESEARCH).decision.outcome is True
    policy = attrs.evolve(POLICY, review=review)
    with pytest.raises(InvalidInput, match="has no research days; accepted: a policy whose review has them"):
        act(under, A.RESEARCH, policy)
    assert act(IN, A.REVIEW, policy).decision.outcome is True  # nothing else needs them


@pytest.mark.parametrize("action", [A.ASK_EXTENSION, A.EXTEND])
def test_an_extension_is_for_a_policy_that_has_one(action: RegistrationAction) -> None:
    policy = attrs.evolve(POLICY, extension=None)
    with pytest.raises(InvalidInput, match="has no extension; accepted: a policy that has one"):
        act(HELD, action, policy)
    assert act(HELD, A.WIN, policy).decision.outcome is True


def test_whoever_moves_it_is_held_against_what_is_left_and_what_was_done() -> None:
    """Approved on 2 March for 90 days: until 31 May; on 10 March 82 are left."""
    asked = act(HELD, A.ASK_EXTENSION, by="sato", at=AT + 8 * DAY)
    assert asked.decision.facts == MoveFacts(state=S.APPROVED, asked_it=True, days_left=82)
    granted = act(asked, A.EXTEND, at=AT + 8 * DAY)
    assert granted.decision.facts == MoveFacts(
        state=S.APPROVED, asked_it=False, days_left=82, extension_asked=True, days_gained=30
    )
    assert granted.registration.protection == Protection(
        start=AT.date(), anchor=AT.date(), terms=(Term(days=90), Term(days=30))
    )
    assert granted.account.scopes[0].until == date(2026, 6, 30)
    again = act(granted, A.ASK_EXTENSION, at=AT + 9 * DAY)
    assert again.decision.facts == MoveFacts(state=S.APPROVED, asked_it=False, days_left=111, extensions=1)
    assert again.registration is granted.registration


def test_under_review_it_is_late_escalated_and_researched() -> None:
    """Sixteen business hours from Monday at nine end on Tuesday at 17:00; three days more on Friday at 17:00."""
    under = act(act(IN, A.REVIEW), A.RESEARCH)
    late = act(under, A.ESCALATE, by="run", at=datetime(2026, 3, 6, 17, tzinfo=UTC))
    assert late.decision.facts == MoveFacts(state=S.UNDER_REVIEW, asked_it=False, was_researched=True)
    later = act(under, A.ESCALATE, by="run", at=datetime(2026, 3, 6, 17, 0, 1, tzinfo=UTC))
    assert later.decision.facts == attrs.evolve(late.decision.facts, is_overdue=True)
    assert (late.decision.outcome, later.decision.outcome) == (False, True)
    assert act(later, A.ESCALATE, at=AT + 9 * DAY).decision.facts.was_escalated


def test_what_was_returned_has_some_days_to_come_back() -> None:
    back = act(IN, A.RETURN, at=AT + DAY, reason="who decides?")  # on 3 March: until 17 March
    found = act(back, A.EXPIRE, by="run", at=AT + 3 * DAY)
    assert found.decision.facts == MoveFacts(state=S.RETURNED, asked_it=False, days_to_answer=12)
    told: dict[str, Any] = {"by": "sato", "at": AT + DAY, "products": TREE}
    again = act(
        resubmitted(back.registration, back.account, POLICY, KNOWN, **told),
        A.RETURN,
        at=AT + 2 * DAY,
        reason="?",
    )
    later = act(again, A.EXPIRE, by="run", at=AT + 3 * DAY).decision.facts
    assert later.days_to_answer == 13  # from the last time that it was returned


@pytest.mark.parametrize(
    ("term", "tiers", "days_left"),
    [
        (Term(days=60), (), 50),
        (Term(days=60), (TierTerm(tier="gold", term=Term(days=90)),), 80),  # the longest, whatever the tier
        (Term(days=60), (TierTerm(tier="new", term=Term(days=30)),), 50),
        (Term(days=60), (TierTerm(tier="vip", term=None),), None),
        (None, (), None),
    ],
)
def test_what_waits_has_the_days_that_its_window_leaves(
    term: Term | None, tiers: tuple[TierTerm, ...], days_left: int | None
) -> None:
    window = ProtectionWindow(term=term, starts=ProtectedFrom.SUBMISSION, by_tier=tiers)
    policy = attrs.evolve(POLICY, protection=window)
    found = act(IN, A.EXPIRE, policy, by="run", at=AT + 10 * DAY).decision.facts
    assert (found.days_left, found.is_endless) == (days_left, False)
    from_approval = attrs.evolve(policy, protection=attrs.evolve(window, starts=ProtectedFrom.APPROVAL))
    assert act(IN, A.EXPIRE, from_approval, by="run", at=AT + 10 * DAY).decision.facts.days_left is None
    unplaced = moved(draft(), ACCOUNT, A.EXPIRE, policy, by="run", at=AT)
    assert unplaced.decision.facts == MoveFacts(state=S.DRAFT, asked_it=False)


def test_a_protection_without_end_is_neither_extended_nor_over() -> None:
    policy = attrs.evolve(POLICY, protection=ProtectionWindow(term=None))
    held = approve(IN, policy)
    found = act(held, A.EXTEND, policy)
    assert found.decision.facts == MoveFacts(state=S.APPROVED, asked_it=False, is_endless=True)
    assert (found.decision.outcome, found.registration) == (False, held.registration)


def test_an_extension_that_nobody_asked_for_changes_nothing() -> None:
    found = act(HELD, A.EXTEND)
    assert (found.decision.outcome, found.registration, found.account) == (
        False,
        HELD.registration,
        HELD.account,
    )
    assert found.decision.facts.days_gained == 0
    assert act(IN, A.EXTEND).decision.facts.days_gained is None  # nothing is protected


def test_an_extension_from_the_day_it_was_asked_for_is_of_that_day_in_the_zone_of_the_policy() -> None:
    """At 16:00 UTC on 10 March it is the 11th in Tokyo; granted at 16:00 UTC on the 20th, there the 21st."""
    extension = Extension(term=Term(days=100), counted_from=ExtendedFrom.ASKED)
    policy = attrs.evolve(POLICY, zone="Asia/Tokyo", extension=extension)
    asked = act(HELD, A.ASK_EXTENSION, policy, at=datetime(2026, 3, 10, 16, tzinfo=UTC))
    granted = act(asked, A.EXTEND, policy, at=datetime(2026, 3, 20, 16, tzinfo=UTC))
    assert granted.registration.protection == Protection(
        start=AT.date(), anchor=date(2026, 3, 11), terms=(Term(days=100),)
    )
    assert granted.decision.as_of == date(2026, 3, 21)


# behind others


def test_whoever_queues_behind_gets_a_part_of_the_first_discount_and_none_of_its_own_partner() -> None:
    second = hand_in(draft("R-2", partner="P-2"), HELD.account)
    told: dict[str, Any] = {"by": "kim", "at": AT, "products": TREE}
    found = queued(second.registration, second.account, POLICY, **told)
    assert found.decision.facts == MoveFacts(state=S.SUBMITTED, asked_it=False, in_its_way=1)
    assert (found.registration.state, found.registration.discount) == (S.QUEUED, PercentagePoints.of(10))
    assert found.account.scopes[-1].discount == PercentagePoints.of(10)
    own = hand_in(draft("R-3"), HELD.account)
    assert queued(own.registration, own.account, POLICY, **told).registration.discount is None


def test_what_waits_before_it_is_in_its_way_where_the_first_comes_first() -> None:
    second = hand_in(draft("R-2", partner="P-2"), IN.account)
    told: dict[str, Any] = {"by": "kim", "at": AT, "products": TREE}
    found = queued(second.registration, second.account, POLICY, **told)
    assert (found.decision.facts.in_its_way, found.registration.discount) == (1, None)  # nobody has one yet
    any_order = attrs.evolve(POLICY, first_come=False)
    assert queued(second.registration, second.account, any_order, **told).decision.facts.in_its_way == 0
    nothing = queued(draft(), ACCOUNT, POLICY, **told)
    assert (nothing.decision.outcome, nothing.decision.facts.in_its_way) == (False, 0)


def test_a_tree_of_products_says_what_is_in_the_way() -> None:
    bikes = hand_in(draft("R-2", deal=attrs.evolve(ROAD, products=frozenset({"bikes"}))), HELD.account)
    waiting = queued(bikes.registration, bikes.account, POLICY, by="kim", at=AT, products=TREE)
    assert waiting.registration.state is S.QUEUED
    assert queued(bikes.registration, bikes.account, POLICY, by="kim", at=AT).decision.outcome is False
    one, account = waiting.registration, waiting.account
    assert reconsidered(one, account, POLICY, by="kim", at=AT).decision.outcome is True
    assert approved(bikes.registration, account, POLICY, KNOWN, who=KIM, at=AT).decision.facts.holders == 0


def test_what_goes_on_waiting_has_its_part_of_what_the_first_has_by_now() -> None:
    second = hand_in(draft("R-2", partner="P-2"), IN.account)
    waiting = queued(second.registration, second.account, POLICY, by="kim", at=AT, products=TREE).registration
    first = approve(RegistrationMoved(IN.decision, IN.registration, second.account))
    found = shared(waiting, first.account, POLICY, products=TREE)
    assert found == attrs.evolve(waiting, discount=PercentagePoints.of(10))
    assert shared(found, IN.account, POLICY, products=TREE).discount is None
    assert shared(second.registration, first.account, POLICY, products=TREE) is second.registration
    bikes = attrs.evolve(waiting, scope=Scope(products=frozenset({"bikes"})))
    assert shared(bikes, first.account, POLICY).discount is None  # without the tree, bikes are something else


def test_what_is_free_is_reviewed_anew_and_loses_its_part() -> None:
    second = hand_in(draft("R-2", partner="P-2"), HELD.account)
    waiting = queued(second.registration, second.account, POLICY, by="kim", at=AT, products=TREE)
    told: dict[str, Any] = {"by": "kim", "at": AT, "products": TREE}
    refused = reconsidered(waiting.registration, waiting.account, POLICY, **told)
    assert (refused.decision.facts.in_its_way, refused.registration) == (1, waiting.registration)
    lost = act(RegistrationMoved(HELD.decision, HELD.registration, waiting.account), A.LOSE)
    found = reconsidered(waiting.registration, lost.account, POLICY, **told)
    assert (found.registration.state, found.registration.discount) == (S.UNDER_REVIEW, None)
    assert found.decision.facts == MoveFacts(state=S.QUEUED, asked_it=False)


# approved


FREE = ApprovalFacts(
    state=S.SUBMITTED, conflict=Conflict.NONE, holders=0, ahead=0, days_left=90, is_endless=False, asked_it=False,
    approved_it=False, holds_role=True, is_delegated=True, is_next=True, completes=True,
)  # fmt: skip


def test_an_approval_gives_the_protection_and_the_discount() -> None:
    assert HELD.decision.facts == FREE
    step = RegistrationStep(action=A.APPROVE, after=S.APPROVED, at=AT, by="kim", role="manager")
    assert HELD.registration == attrs.evolve(
        IN.registration, steps=(*IN.registration.steps, step), discount=PercentagePoints.of(20),
        protection=Protection(start=AT.date(), anchor=AT.date(), terms=(Term(days=90),)),
    )  # fmt: skip
    assert [(one.holds, one.discount) for one in HELD.account.scopes] == [(True, PercentagePoints.of(20))]


MARCH = DateRange(date(2026, 3, 1), date(2026, 4, 1))
TO_KIM = Delegation(by="mori", to="kim", role="director", period=MARCH, limits=(Money.of(5000, "EUR"),))


@pytest.mark.parametrize(
    ("amount", "changed", "facts"),
    [
        (500, {"who": Acting(by="sato", role="manager")}, {"asked_it": True}),
        (500, {"who": Acting(by="kim", role="director", delegation=attrs.evolve(TO_KIM, by="sato"))}, {"asked_it": True}),
        (500, {"who": Acting(by="kim", role="manager", is_held=False)}, {"holds_role": False}),
        (500, {"known": Circumstances(conflict=None)}, {"conflict": None}),
        (500, {"who": Acting(by="kim", role="guest")}, {"is_next": False}),
        (1001, {}, {"is_next": False}),
        (9001, {}, {"is_next": False, "completes": False}),  # nobody may: there is no last one
        (5001, {"who": Acting(by="kim", role="director", delegation=TO_KIM)}, {"is_delegated": False}),
    ],
)  # fmt: skip
def test_an_approval_is_held_against_who_gives_it(
    amount: int, changed: dict[str, Any], facts: dict[str, Any]
) -> None:
    one = hand_in(draft(deal=attrs.evolve(ROAD, value=Money.of(amount, "EUR"))))
    found = approve(one, **changed)
    assert found.decision.facts == attrs.evolve(FREE, **facts)
    assert (found.decision.outcome, found.registration) == (Approving.REFUSED, one.registration)


def test_whoever_stands_in_for_another_says_so_in_the_step() -> None:
    step = approve(IN, who=Acting(by="kim", role="director", delegation=TO_KIM)).registration.steps[-1]
    assert (step.by, step.role, step.acting_for) == ("kim", "director", "mori")


def test_the_levels_that_are_needed_approve_one_after_the_other() -> None:
    each = attrs.evolve(POLICY, approvers=attrs.evolve(CHAIN, every_level=True))
    one = hand_in(draft(deal=attrs.evolve(ROAD, value=Money.of(5000, "EUR"))))
    first = approve(one, each)
    assert first.decision.facts == attrs.evolve(FREE, completes=False)
    assert (first.registration.state, first.registration.protection) == (S.UNDER_REVIEW, None)
    assert first.registration.steps[-1].action is A.APPROVE_PART
    both = Acting(
        by="mori", role="director", delegation=Delegation(by="kim", to="mori", role="director", period=MARCH)
    )
    again = approve(first, each, who=both)  # in the place of whoever has approved already
    assert again.decision.facts == attrs.evolve(FREE, state=S.UNDER_REVIEW, approved_it=True)
    assert approve(first, each, who=Acting(by="mori", role="director")).registration.state is S.APPROVED
    acted = approve(
        one, each, who=Acting(by="kim", role="manager", delegation=attrs.evolve(TO_KIM, role="manager"))
    )
    late = approve(acted, each, who=Acting(by="mori", role="director"))
    assert late.decision.facts.approved_it  # the manager's approval was in her place


def test_a_draft_is_not_approved_and_stands_in_nobodys_way() -> None:
    found = approved(draft(), HELD.account, POLICY, KNOWN, who=KIM, at=AT)
    assert found.decision.facts == attrs.evolve(FREE, state=S.DRAFT, days_left=0)
    assert found.decision.outcome is Approving.REFUSED


def test_what_stands_before_an_approval_is_counted_by_the_tree() -> None:
    second = hand_in(draft("R-2", partner="P-2"), HELD.account)
    third = hand_in(draft("R-3", deal=attrs.evolve(ROAD, products=frozenset({"bikes"}))), second.account)
    assert approve(third).decision.facts == attrs.evolve(FREE, holders=1, ahead=1)
    endless = attrs.evolve(POLICY, protection=ProtectionWindow(term=None))
    assert approve(IN, endless).decision.facts == attrs.evolve(FREE, days_left=None, is_endless=True)


def test_the_tier_of_the_partner_and_the_zone_of_the_policy_say_how_long_it_is_protected() -> None:
    by_tier = (TierTerm(tier="gold", term=Term(days=10)),)
    policy = attrs.evolve(POLICY, zone="Asia/Tokyo", protection=ProtectionWindow(by_tier=by_tier))
    found = approve(IN, policy, Circumstances(tier="gold"), at=datetime(2026, 3, 2, 16, tzinfo=UTC))
    assert found.registration.protection == Protection(
        start=date(2026, 3, 3), anchor=date(2026, 3, 3), terms=(Term(days=10),)
    )  # it is the 3rd in Tokyo


def test_nobody_approves_what_a_policy_does_not_approve_by_itself() -> None:
    small = attrs.evolve(POLICY, auto_approval=(fact("tier").one_of("gold"),))
    told: dict[str, Any] = {"at": AT + HOUR, "products": TREE}
    found = approved_by_policy(IN.registration, IN.account, small, Circumstances(tier="gold"), **told)
    assert found.registration.steps[-1] == RegistrationStep(
        action=A.APPROVE, after=S.APPROVED, at=AT + HOUR, by="registrations/standard"
    )
    assert (found.registration.discount, found.account.scopes[0].holds) == (PercentagePoints.of(20), True)
    refused = approved_by_policy(IN.registration, IN.account, small, KNOWN, **told)
    assert (refused.decision.outcome, refused.registration) == (False, IN.registration)
    with pytest.raises(InvalidInput, match="approves nothing by itself"):
        approved_by_policy(IN.registration, IN.account, POLICY, KNOWN, at=AT + 9 * DAY)
    assert POLICY.review is not None
    unanswered = attrs.evolve(POLICY, review=attrs.evolve(POLICY.review, when_missed=Missed.APPROVE))
    late = approved_by_policy(IN.registration, IN.account, unanswered, KNOWN, at=AT + 9 * DAY, products=TREE)
    assert late.registration.state is S.APPROVED
    both = attrs.evolve(small, review=unanswered.review)
    in_time = approved_by_policy(IN.registration, IN.account, both, KNOWN, at=AT, products=TREE)
    assert in_time.decision.outcome is False  # in time its criteria count
    missed = approved_by_policy(IN.registration, IN.account, both, KNOWN, at=AT + 9 * DAY, products=TREE)
    assert missed.decision.outcome is True
    unreviewed = attrs.evolve(small, review=None)
    alone = approved_by_policy(IN.registration, IN.account, unreviewed, Circumstances(tier="gold"), at=AT)
    assert alone.decision.outcome is True


def test_an_opportunity_keeps_what_it_was_converted_from() -> None:
    found = converted(HELD.registration, HELD.account, POLICY, opportunity="O-1", by="kim", at=AT + DAY)
    step = RegistrationStep(action=A.CONVERT, after=S.CONVERTED, at=AT + DAY, by="kim")
    assert found.registration == attrs.evolve(
        HELD.registration, opportunity="O-1", steps=(*HELD.registration.steps, step)
    )
    assert found.decision.facts == MoveFacts(state=S.APPROVED, asked_it=False, days_left=89)
    assert [one.until for one in found.account.scopes] == [None]


# discounts, deadlines


@pytest.mark.parametrize(
    ("percent", "points", "state", "expected"),
    [
        (30, 20, S.APPROVED, 50),
        (30, 20, S.CONVERTED, 50),
        (30, 20, S.WON, 50),
        (30, 20, S.QUEUED, 50),
        (30, 20, S.SUBMITTED, 30),
        (30, 20, S.LOST, 30),
        (30, 20, S.EXPIRED, 30),
        (30, None, S.APPROVED, 30),
        (90, 20, S.APPROVED, 100),
        (80, 20, S.APPROVED, 100),
        (120, 20, S.APPROVED, 120),  # what is above the whole price already is not cut
    ],
)
def test_a_registration_adds_to_the_discount_while_it_counts(
    percent: int, points: int | None, state: RegistrationState, expected: int
) -> None:
    step = RegistrationStep(action=A.APPROVE, after=state, at=AT, by="kim")
    one = attrs.evolve(
        draft(), steps=(step,), discount=None if points is None else PercentagePoints.of(points)
    )
    assert discounted(Rate.percent(percent), one) == Rate.percent(expected)


def test_a_review_is_counted_from_when_it_came_back_or_was_free() -> None:
    """Sixteen business hours are two working days; each of these begins at nine."""
    assert review_deadline(draft(), POLICY) is None
    assert review_deadline(IN.registration, attrs.evolve(POLICY, review=None)) is None
    assert review_deadline(HELD.registration, POLICY) is None
    assert review_deadline(IN.registration, POLICY) == datetime(2026, 3, 3, 17, tzinfo=UTC)
    day = {number: AT + number * DAY for number in range(4)}
    steps = [
        RegistrationStep(action=action, after=state, at=day[number], by="kim")
        for number, (action, state) in enumerate(
            [(A.SUBMIT, S.SUBMITTED), (A.RECONSIDER, S.UNDER_REVIEW), (A.REVIEW, S.UNDER_REVIEW), (A.RECONSIDER, S.UNDER_REVIEW)]
        )
    ]  # fmt: skip
    once, twice = (attrs.evolve(IN.registration, steps=tuple(steps[:count])) for count in (3, 4))
    assert review_deadline(once, POLICY) == datetime(2026, 3, 4, 17, tzinfo=UTC)  # from Tuesday
    assert review_deadline(twice, POLICY) == datetime(2026, 3, 6, 17, tzinfo=UTC)  # from Thursday


def test_of_several_that_hold_the_first_of_another_partner_shares_its_discount() -> None:
    """Two hold parts of what is asked for: of P-1, which asks, and of P-2, whose twenty points are shared."""
    scopes = tuple(
        RegisteredScope(
            registration=f"R-{number}", partner=partner, scope=Scope(products=frozenset({code})), place=Place(AT, number),
            holds=True, discount=PercentagePoints.of(points),
        )
        for number, (partner, code, points) in enumerate([("P-1", "road", 40), ("P-2", "helmets", 20)], start=1)
    )  # fmt: skip
    account = attrs.evolve(ACCOUNT, scopes=scopes, counted=2)
    asked = hand_in(draft("R-3", deal=attrs.evolve(ROAD, products=frozenset[str]())), account)
    found = queued(asked.registration, asked.account, POLICY, by="kim", at=AT, products=TREE)
    assert (found.decision.facts.in_its_way, found.registration.discount) == (2, PercentagePoints.of(10))


@pytest.mark.parametrize("missing", ["scope", "place"])
def test_what_has_no_scope_or_no_place_has_nothing_in_its_way(missing: str) -> None:
    second = hand_in(draft("R-2", partner="P-2"), HELD.account)
    third = hand_in(draft("R-3", partner="P-3"), second.account)
    without: dict[str, Any] = {missing: None}
    one = attrs.evolve(third.registration, **without)
    assert queued(one, second.account, POLICY, by="kim", at=AT, products=TREE).decision.facts.in_its_way == 0
    facts = approve(attrs.evolve(third, registration=one)).decision.facts
    assert (facts.holders, facts.ahead) == (0, 0)
