"""The clauses of deal registration: what they say when nothing is said, and what each of them asks for."""

from datetime import UTC, date, datetime, time
from typing import Any

import attrs
import pytest

from prmcore.deals import ApproverChain
from prmcore.deals.registrations import (
    REGISTRATION_MOVES,
    Approving,
    Capacity,
    Conflict,
    Deal,
    Eligibility,
    ExtendedFrom,
    Extension,
    Missed,
    ProtectedFrom,
    Protection,
    ProtectionWindow,
    RegistrationAction,
    RegistrationPolicy,
    RegistrationState,
    Resubmission,
    Review,
    Scope,
    ScopedBy,
    Tenders,
    Term,
    TierTerm,
)
from prmcore.deals.registrations.facts import ApprovalFacts, MoveFacts, RegistrationFacts
from prmcore.deals.registrations.policy import approving, approving_by_criteria, moving, submitting, suited
from prmcore.decisions import fact
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.values import BusinessHours, Money, PercentagePoints, Rate

A, S = RegistrationAction, RegistrationState
DAY = date(2026, 3, 2)
OFFICE = BusinessHours(
    zone="UTC", week={day: [(time(9), time(17))] for day in range(5)}, years=frozenset({2026})
)
POLICY = RegistrationPolicy()
THIRTY = Term(days=30)
EXTENDED = RegistrationPolicy(extension=Extension(term=THIRTY, at_most=2, ask_days=10))


def eur(amount: int) -> Money:
    return Money.of(amount, "EUR")


@pytest.mark.parametrize(
    "record",
    [TierTerm, ProtectionWindow, Extension, Review, Eligibility, Capacity, RegistrationPolicy],
)
def test_every_clause_is_given_by_name(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_what_the_clauses_do_not_say_is_not_asked_for() -> None:
    assert attrs.asdict(POLICY, recurse=False) == {
        "name": "registrations/standard", "zone": "UTC", "protection": ProtectionWindow(), "extension": None, "review": None,
        "scope": ScopedBy.PRODUCT, "eligibility": Eligibility(), "auto_approval": (), "approvers": ApproverChain(),
        "capacity": Capacity(), "first_come": True, "resubmission": Resubmission.KEEPS_PLACE, "answer": None,
        "discount": None, "second_share": None, "reminder_days": (14,),
    }  # fmt: skip
    assert attrs.asdict(ProtectionWindow(), recurse=False) == {
        "term": Term(days=90), "starts": ProtectedFrom.APPROVAL, "by_tier": (),
    }  # fmt: skip
    assert attrs.asdict(Extension(term=THIRTY), recurse=False) == {
        "term": THIRTY, "at_most": 1, "ask_days": 1, "counted_from": ExtendedFrom.END,
    }  # fmt: skip
    assert attrs.asdict(Eligibility(), recurse=False) == {
        "required": frozenset({"customer"}), "new_customer": None, "direct_not_engaged": None, "no_direct_accounts": False,
        "renewals_by_partner_of_record": False, "valid_agreement": False, "certified": False, "tenders": Tenders.ALLOWED,
        "minimums": (),
    }  # fmt: skip
    assert attrs.asdict(Capacity()) == {"of_partner": None, "on_account": None}
    review = Review(hours=OFFICE, within=8)
    assert (review.research_days, review.when_missed) == (None, Missed.ESCALATE)


@pytest.mark.parametrize(
    ("record", "changed", "message"),
    [
        (ProtectionWindow(), {"by_tier": (TierTerm(tier="gold", term=THIRTY), TierTerm(tier="gold", term=None))},
         "the window cannot be used: 1 fault\n  'gold' has two terms"),
        (Capacity(), {"of_partner": 0, "on_account": 0},
         "the capacity cannot be used: 2 faults\n  found 0; accepted: a whole number from 1 to 100000 @ of_partner"
         "\n  found 0; accepted: a whole number from 1 to 100000 @ on_account"),
        (Review(hours=OFFICE, within=8), {"within": 0, "research_days": 0},
         "the review cannot be used: 2 faults\n  found 0; accepted: a whole number from 1 to 100000 @ within"
         "\n  found 0; accepted: a whole number from 1 to 100000 @ research_days"),
        (Extension(term=THIRTY), {"at_most": 100_001, "ask_days": 0},
         "the extension cannot be used: 2 faults\n  found 100001; accepted: a whole number from 1 to 100000 @ at_most"
         "\n  found 0; accepted: a whole number from 1 to 100000 @ ask_days"),
        (Eligibility(), {"minimums": (eur(1), eur(2)), "required": frozenset({""})},
         "the eligibility cannot be used: 2 faults\n  two minimums in EUR @ minimums"
         "\n  found ''; accepted: an id of 1 to 200 characters @ required"),
        (POLICY, {"reminder_days": (0,)},
         "the policy 'registrations/standard' cannot be used: 1 fault"
         "\n  found 0; accepted: a whole number from 1 to 100000 @ reminder_days"),
        (POLICY, {"second_share": Rate.of(0), "discount": PercentagePoints.of(0)},
         "the policy 'registrations/standard' cannot be used: 2 faults"
         "\n  found 0 %; accepted: above 0 %, up to 100 % @ second_share\n  found 0 pp; accepted: above zero @ discount"),
        (POLICY, {"second_share": Rate.percent(101)},
         "the policy 'registrations/standard' cannot be used: 1 fault"
         "\n  found 101 %; accepted: above 0 %, up to 100 % @ second_share"),
    ],
)  # fmt: skip
def test_a_clause_says_what_is_wrong_with_it(record: Any, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        attrs.evolve(record, **changed)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("changed", "path"),
    [({"zone": "Mars/Olympus"}, "zone"), ({"auto_approval": (fact("valeu").at_most(eur(1)),)}, "auto_approval")],
)  # fmt: skip
def test_a_policy_says_where_its_zone_or_its_criteria_are_wrong(changed: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        attrs.evolve(POLICY, **changed)
    assert [fault.path.partition(".")[0] for fault in refused.value.faults] == [path]


def test_the_least_that_a_clause_may_give_is_accepted() -> None:
    """An adding of one thousandth of a point, a share of one thousandth of a percent, and all of it."""
    found = attrs.evolve(POLICY, second_share=Rate(1, 100_000), discount=PercentagePoints.of("0.001"))
    assert (found.second_share, found.discount) == (Rate(1, 100_000), PercentagePoints.of("0.001"))
    assert attrs.evolve(POLICY, second_share=Rate.of(1)).second_share == Rate.of(1)
    assert Extension(term=THIRTY, at_most=100_000).at_most == 100_000


def test_a_tier_may_have_a_term_of_its_own_or_none() -> None:
    window = ProtectionWindow(by_tier=(TierTerm(tier="gold", term=THIRTY), TierTerm(tier="vip", term=None)))
    assert [window.of(tier) for tier in ("gold", "vip", "silver", None)] == [
        THIRTY, None, Term(days=90), Term(days=90),
    ]  # fmt: skip


def test_research_adds_business_days_to_the_hours_of_the_review() -> None:
    """Eight hours from Monday at nine: Monday at 17:00; two business days more: Wednesday at 17:00."""
    review = Review(hours=OFFICE, within=8, research_days=2)
    since = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert review.deadline(since, False) == datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert review.deadline(since, True) == datetime(2026, 3, 4, 17, tzinfo=UTC)
    without = attrs.evolve(review, research_days=None)
    assert without.deadline(since, True) == datetime(2026, 3, 2, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("scoped", "division", "products"),
    [
        (ScopedBy.ACCOUNT, None, frozenset[str]()),
        (ScopedBy.DIVISION, "north", frozenset[str]()),
        (ScopedBy.PRODUCT, None, frozenset({"road"})),
        (ScopedBy.DIVISION_AND_PRODUCT, "north", frozenset({"road"})),
    ],
)
def test_a_deal_takes_of_the_account_what_the_clause_says(
    scoped: ScopedBy, division: str | None, products: frozenset[str]
) -> None:
    deal = Deal(customer="Contoso", division="north", products=frozenset({"road"}))
    policy = attrs.evolve(POLICY, scope=scoped)
    assert policy.scope_of(deal) == Scope(division=division, products=products)


SUBMITTED, APPROVED = date(2026, 1, 1), date(2026, 2, 1)


@pytest.mark.parametrize(
    ("starts", "tier", "expected"),
    [
        (ProtectedFrom.APPROVAL, None, Protection(start=APPROVED, anchor=APPROVED, terms=(Term(days=32),))),
        (ProtectedFrom.SUBMISSION, None, Protection(start=SUBMITTED, anchor=SUBMITTED, terms=(Term(days=32),))),
        (ProtectedFrom.SUBMISSION, "short", None),  # 31 days from 1 January: it ends on 1 February
        (ProtectedFrom.APPROVAL, "short", Protection(start=APPROVED, anchor=APPROVED, terms=(Term(days=31),))),
        (ProtectedFrom.SUBMISSION, "vip", Protection(start=SUBMITTED, anchor=SUBMITTED)),
    ],
)  # fmt: skip
def test_protection_starts_where_the_clause_says_and_lasts_as_the_tier_has_it(
    starts: ProtectedFrom, tier: str | None, expected: Protection | None
) -> None:
    by_tier = (TierTerm(tier="short", term=Term(days=31)), TierTerm(tier="vip", term=None))
    window = ProtectionWindow(term=Term(days=32), starts=starts, by_tier=by_tier)
    found = attrs.evolve(POLICY, protection=window).protected(SUBMITTED, APPROVED, tier)
    assert found == expected


@pytest.mark.parametrize(
    ("counted_from", "anchor", "terms"),
    [
        (ExtendedFrom.END, APPROVED, (Term(days=90), THIRTY)),
        (ExtendedFrom.ASKED, date(2026, 4, 1), (THIRTY,)),
        (ExtendedFrom.GRANTED, date(2026, 4, 9), (THIRTY,)),
    ],
)
def test_an_extension_is_added_or_counted_anew(
    counted_from: ExtendedFrom, anchor: date, terms: tuple[Term, ...]
) -> None:
    policy = attrs.evolve(POLICY, extension=Extension(term=THIRTY, counted_from=counted_from))
    before = Protection(start=APPROVED, anchor=APPROVED, terms=(Term(days=90),))
    found = policy.extended(before, date(2026, 4, 1), date(2026, 4, 9))
    assert found == Protection(start=APPROVED, anchor=anchor, terms=terms)


def test_whoever_queues_behind_gets_a_share_of_the_first_discount() -> None:
    half, twenty = attrs.evolve(POLICY, second_share=Rate.percent(50)), PercentagePoints.of(20)
    assert half.second_discount(twenty) == PercentagePoints.of(10)
    assert half.second_discount(None) is None
    assert POLICY.second_discount(twenty) is None


# what can be registered

OF_CUSTOMER = RegistrationFacts(S.DRAFT, frozenset({"customer"}), may_register=True)


def registered(policy: RegistrationPolicy, unit: str | None = None, **known: Any) -> bool:
    facts = attrs.evolve(OF_CUSTOMER, **known)
    return submitting(policy, A.SUBMIT, unit).decide(facts, DAY).outcome


def rules(**clauses: Any) -> RegistrationPolicy:
    return RegistrationPolicy(eligibility=Eligibility(**clauses))


DAYS, MONTHS = Term(days=30), Term(months=6)


@pytest.mark.parametrize(
    ("policy", "allowed", "refused"),
    [
        (POLICY, {}, {"may_register": False}),
        (POLICY, {}, {"may_register": None}),
        (POLICY, {}, {"filled": frozenset[str]()}),
        (rules(required=frozenset()), {"filled": frozenset[str]()}, {"may_register": False}),
        (rules(required=frozenset({"a", "b"})), {"filled": frozenset({"a", "b", "c"})}, {"filled": frozenset({"a"})}),
        (rules(valid_agreement=True), {"has_agreement": True}, {"has_agreement": False}),
        (rules(valid_agreement=True), {"has_agreement": True}, {"has_agreement": None}),
        (rules(certified=True), {"certified": True}, {"certified": False}),
        (rules(new_customer=DAYS), {"has_bought": False}, {"has_bought": True}),
        (rules(new_customer=DAYS), {"has_bought": True, "days_since_purchase": 30}, {"has_bought": True, "days_since_purchase": 29}),
        (rules(new_customer=MONTHS), {"has_bought": True, "months_since_purchase": 6},
         {"has_bought": True, "months_since_purchase": 5, "days_since_purchase": 200}),
        (rules(direct_not_engaged=DAYS), {"was_engaged": False}, {"was_engaged": None}),
        (rules(direct_not_engaged=DAYS), {"was_engaged": True, "days_since_engaged": 30},
         {"was_engaged": True, "days_since_engaged": 29}),
        (rules(direct_not_engaged=MONTHS), {"was_engaged": True, "months_since_engaged": 6},
         {"was_engaged": True, "months_since_engaged": 5}),
        (rules(no_direct_accounts=True), {"is_direct_account": False}, {"is_direct_account": True}),
        (rules(no_direct_accounts=True), {"is_direct_account": False}, {"is_direct_account": None}),
        (rules(renewals_by_partner_of_record=True), {"is_renewal": False}, {"is_renewal": True, "is_partner_of_record": False}),
        (rules(renewals_by_partner_of_record=True), {"is_renewal": True, "is_partner_of_record": True}, {"is_renewal": None}),
        (rules(tenders=Tenders.NEVER), {"is_tender": False}, {"is_tender": True, "tender_published": False}),
        (rules(tenders=Tenders.UNTIL_PUBLISHED), {"is_tender": True, "tender_published": False},
         {"is_tender": True, "tender_published": True}),
        (rules(tenders=Tenders.UNTIL_PUBLISHED), {"is_tender": False}, {"is_tender": None}),
        (rules(tenders=Tenders.ALLOWED), {"is_tender": True, "tender_published": True}, {"may_register": None}),
        (RegistrationPolicy(capacity=Capacity(of_partner=3)), {"open_registrations": 2}, {"open_registrations": 3}),
        (RegistrationPolicy(capacity=Capacity(on_account=3)), {"open_on_account": 2}, {"open_on_account": 3}),
        (RegistrationPolicy(capacity=Capacity(of_partner=3)), {"open_on_account": 9}, {"open_registrations": 9}),
    ],
)  # fmt: skip
def test_a_clause_on_eligibility_refuses_what_it_is_about(
    policy: RegistrationPolicy, allowed: dict[str, Any], refused: dict[str, Any]
) -> None:
    assert registered(policy, **allowed) is True
    assert registered(policy, **refused) is False


@pytest.mark.parametrize(
    ("amount", "allowed"),
    [(eur(1000), True), (eur(999), False), (Money.of(500, "USD"), True), (Money.of(499, "USD"), False),
     (Money.of(10**6, "JPY"), False), (None, False)],
)  # fmt: skip
def test_a_minimum_is_asked_for_in_the_currency_of_the_deal(amount: Money | None, allowed: bool) -> None:
    policy = rules(minimums=(eur(1000), Money.of(500, "USD")))
    unit = amount.currency if amount else None
    assert registered(policy, unit, value=amount, currency=unit) is allowed


@pytest.mark.parametrize("state", RegistrationState)
def test_a_draft_is_submitted_and_what_was_returned_comes_back(state: RegistrationState) -> None:
    facts = attrs.evolve(OF_CUSTOMER, state=state)
    assert submitting(POLICY, A.SUBMIT, None).decide(facts, DAY).outcome is (state is S.DRAFT)
    assert submitting(POLICY, A.RESUBMIT, None).decide(facts, DAY).outcome is (state is S.RETURNED)


def test_a_decision_is_found_again_by_the_name_of_what_decided_it() -> None:
    assert submitting(POLICY, A.SUBMIT, "EUR").name == "registrations/standard/submit/EUR"
    assert submitting(POLICY, A.RESUBMIT, None).name == "registrations/standard/resubmit/-"
    assert moving(POLICY, A.EXPIRE).name == "registrations/standard/expire"
    assert approving(POLICY).name == "registrations/standard/approve"


# what moves


@pytest.mark.parametrize(
    ("action", "allowed", "refused"),
    [
        (A.REVIEW, {}, {"asked_it": True}),
        (A.RETURN, {}, {"asked_it": True}),
        (A.REJECT, {}, {"asked_it": True}),
        (A.RESEARCH, {}, {"asked_it": True}),
        (A.RESEARCH, {}, {"was_researched": True}),
        (A.RESEARCH, {}, {"is_overdue": True}),
        (A.ESCALATE, {"is_overdue": True}, {}),
        (A.ESCALATE, {"is_overdue": True}, {"is_overdue": True, "was_escalated": True}),
        (A.QUEUE, {"in_its_way": 1}, {"in_its_way": 0}),
        (A.QUEUE, {"in_its_way": 2, "asked_it": True}, {}),
        (A.RECONSIDER, {"in_its_way": 0}, {"in_its_way": 1}),
        (A.ASK_EXTENSION, {"extensions": 1, "days_left": 10, "asked_it": True}, {"extensions": 2, "days_left": 10}),
        (A.ASK_EXTENSION, {"extensions": 0, "days_left": 11}, {"days_left": 9}),
        (A.ASK_EXTENSION, {"days_left": 10}, {"days_left": 10, "extension_asked": True}),
        (A.ASK_EXTENSION, {"days_left": 10}, {"days_left": None}),
        (A.EXTEND, {"extension_asked": True, "days_gained": 1}, {"extension_asked": True, "days_gained": 0}),
        (A.EXTEND, {"extension_asked": True, "days_gained": 1, "extensions": 1},
         {"extension_asked": True, "days_gained": 1, "extensions": 2}),
        (A.EXTEND, {"extension_asked": True, "days_gained": 9}, {"days_gained": 9}),
        (A.EXTEND, {"extension_asked": True, "days_gained": 9}, {"extension_asked": True, "days_gained": 9, "asked_it": True}),
        (A.DECLINE_EXTENSION, {"extension_asked": True}, {}),
        (A.DECLINE_EXTENSION, {"extension_asked": True}, {"extension_asked": True, "asked_it": True}),
        (A.EXPIRE, {"days_left": 0}, {"days_left": 1}),
        (A.EXPIRE, {"days_left": -9}, {}),
        (A.EXPIRE, {"days_to_answer": 0}, {"days_to_answer": 1}),
        (A.EXPIRE, {"days_to_answer": -1, "days_left": 5}, {"days_left": 0, "extension_asked": True}),
        (A.CONVERT, {"days_left": 1, "asked_it": True}, {"days_left": 0}),
        (A.CONVERT, {"is_endless": True}, {}),
    ],
)  # fmt: skip
def test_an_action_asks_for_what_the_clauses_say(
    action: RegistrationAction, allowed: dict[str, Any], refused: dict[str, Any]
) -> None:
    state = next(before for before, taken in REGISTRATION_MOVES if taken is action)
    facts = MoveFacts(state, False)
    assert moving(EXTENDED, action).decide(attrs.evolve(facts, **allowed), DAY).outcome is True
    assert moving(EXTENDED, action).decide(attrs.evolve(facts, **refused), DAY).outcome is False


@pytest.mark.parametrize("action", [A.WITHDRAW, A.WIN, A.LOSE])
def test_a_withdrawal_and_an_end_ask_for_nothing_but_the_state(action: RegistrationAction) -> None:
    for state in RegistrationState:
        allowed = (state, action) in REGISTRATION_MOVES
        assert moving(POLICY, action).decide(MoveFacts(state, True), DAY).outcome is allowed


def test_without_a_clause_on_extensions_there_is_none() -> None:
    asked = MoveFacts(S.APPROVED, False, days_left=50)
    assert moving(POLICY, A.ASK_EXTENSION).decide(asked, DAY).outcome is False
    granted = attrs.evolve(asked, extension_asked=True, days_gained=30)
    assert moving(POLICY, A.EXTEND).decide(granted, DAY).outcome is False


# who approves


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "another approval is needed"), ("ja", "さらに承認が必要"), ("zh", "还需要其他审批")],
)
def test_that_an_approval_is_not_enough_is_said(locale: str, words: str) -> None:
    found = approving(POLICY).decide(attrs.evolve(FREE, completes=False), DAY)
    assert words in str(explain(found, locale))


FREE = ApprovalFacts(
    state=S.SUBMITTED, conflict=Conflict.NONE, holders=0, ahead=0, days_left=1, is_endless=False, asked_it=False,
    approved_it=False, holds_role=True, is_delegated=True, is_next=True, completes=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, Approving.APPROVED),
        ({"completes": False}, Approving.MORE_NEEDED),
        ({"state": S.UNDER_REVIEW}, Approving.APPROVED),
        ({"state": S.RETURNED}, Approving.REFUSED),
        ({"conflict": Conflict.AWARDED}, Approving.APPROVED),
        ({"conflict": Conflict.POSSIBLE}, Approving.REFUSED),
        ({"conflict": None}, Approving.REFUSED),
        ({"holders": 1}, Approving.REFUSED),
        ({"ahead": 1}, Approving.REFUSED),
        ({"days_left": 0}, Approving.REFUSED),
        ({"days_left": None}, Approving.REFUSED),
        ({"days_left": None, "is_endless": True}, Approving.APPROVED),
        ({"asked_it": True}, Approving.REFUSED),
        ({"approved_it": True}, Approving.REFUSED),
        ({"holds_role": False}, Approving.REFUSED),
        ({"holds_role": None}, Approving.REFUSED),
        ({"is_delegated": False}, Approving.REFUSED),
        ({"is_delegated": None}, Approving.REFUSED),
        ({"is_next": False}, Approving.REFUSED),
        ({"is_next": False, "completes": False}, Approving.REFUSED),
        ({"completes": False, "holders": 1}, Approving.REFUSED),
        ({"completes": False, "asked_it": True}, Approving.REFUSED),
    ],
)
def test_a_person_approves_what_is_free_and_next(changed: dict[str, Any], outcome: Approving) -> None:
    facts = attrs.evolve(FREE, **changed)
    assert approving(POLICY).decide(facts, DAY).outcome is outcome
    if "ahead" in changed:
        assert (
            approving(attrs.evolve(POLICY, first_come=False)).decide(facts, DAY).outcome is Approving.APPROVED
        )


SMALL = RegistrationPolicy(auto_approval=(fact("value").at_most(eur(1000)),))
OPEN = RegistrationFacts(
    S.SUBMITTED, frozenset(), value=eur(1000), currency="EUR", conflict=Conflict.NONE, days_left=1
)


@pytest.mark.parametrize(
    ("changed", "by_criteria", "unanswered"),
    [
        ({}, True, True),
        ({"value": eur(1001)}, False, True),  # whoever did not answer in time is not asked how much
        ({"state": S.UNDER_REVIEW}, True, True),
        ({"state": S.DRAFT}, False, False),
        ({"conflict": Conflict.AWARDED}, True, True),
        ({"conflict": Conflict.AWARDED_TO_OTHER}, False, False),
        ({"holders": 1}, False, False),
        ({"ahead": 1}, False, False),
        ({"days_left": 0}, False, False),
        ({"days_left": None, "is_endless": True}, True, True),
    ],
)  # fmt: skip
def test_a_policy_approves_by_its_criteria_or_because_nobody_answered(
    changed: dict[str, Any], by_criteria: bool, unanswered: bool
) -> None:
    facts = attrs.evolve(OPEN, **changed)
    assert approving_by_criteria(SMALL, False).decide(facts, DAY).outcome is by_criteria
    assert approving_by_criteria(SMALL, True).decide(facts, DAY).outcome is unanswered
    if "ahead" in changed:
        late = attrs.evolve(SMALL, first_come=False)
        assert approving_by_criteria(late, False).decide(facts, DAY).outcome is True


def test_a_value_in_a_currency_that_no_clause_names_is_not_known_to_it() -> None:
    ladder = approving_by_criteria(SMALL, False)
    yen = attrs.evolve(OPEN, value=Money.of(10, "JPY"), currency="JPY")
    assert suited(OPEN, ladder) == OPEN
    assert suited(yen, ladder) == attrs.evolve(yen, value=None)
    assert suited(yen, approving_by_criteria(POLICY, True)) == yen  # it asks for no amount
