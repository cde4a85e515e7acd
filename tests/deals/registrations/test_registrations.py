"""Deal registration: every path of the table, who approves, what stands in whose way, and what is due.

The rules are those of points 9 to 11 of section 2.4 of the domain's file on territory, and Siebel's three: the same customer and
a product in common; one registration approved; later ones wait until it has expired, which clears the partner registered.
"""

import pickle
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import attrs
import pytest

from prmcore.deals import Acting, Approver, ApproverChain, Delegation, acting
from prmcore.deals.registrations import (
    REGISTRATION_MOVES,
    Approving,
    Capacity,
    Circumstances,
    Conflict,
    Deal,
    DueKind,
    Eligibility,
    ExtendedFrom,
    Extension,
    Missed,
    ProtectedFrom,
    ProtectionWindow,
    RegisteredAccount,
    Registration,
    RegistrationAction,
    RegistrationMoved,
    RegistrationPolicy,
    RegistrationState,
    Review,
    Scope,
    ScopedBy,
    Term,
    approved,
    approved_by_policy,
    converted,
    drafted,
    due,
    moved,
    next_action_at,
    queued,
    reconsidered,
    resubmitted,
    revised,
    submitted,
)
from prmcore.deals.registrations.facts import registration_facts
from prmcore.deals.registrations.policy import approving_by_criteria
from prmcore.deals.registrations.said import said_of_account, said_of_due, said_of_registration
from prmcore.decisions import fact
from prmcore.decisions.explain import explain, put_into_words
from prmcore.decisions.versions import recorded, replayed
from prmcore.errors import InvalidInput
from prmcore.values import BusinessHours, DateRange, Money, PercentagePoints, Rate, Tree

A, S = RegistrationAction, RegistrationState
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TREE = Tree(
    "products", {"bikes": None, "road": "bikes", "helmets": None}, {"city": frozenset({"road", "helmets"})}
)
OFFICE = BusinessHours(
    zone="UTC", week={day: [(time(9), time(17))] for day in range(5)}, years=frozenset({2026})
)
CHAIN = ApproverChain(
    approvers=(
        Approver(role="manager", limits=(Money.of(1_000, "EUR"),)),
        Approver(role="director", limits=(Money.of(9_000, "EUR"),)),
    )
)
POLICY = RegistrationPolicy(
    approvers=CHAIN, extension=Extension(term=Term(days=30)), review=Review(hours=OFFICE, within=16, research_days=3),
    answer=Term(days=14),
)  # fmt: skip
KIM, MORI = Acting(by="kim", role="manager"), Acting(by="mori", role="director")
NOTHING_KNOWN = Circumstances()


def deal(*products: str, amount: int = 500, **more: Any) -> Deal:
    return Deal(customer="Contoso", products=frozenset(products), value=Money.of(amount, "EUR"), **more)


class Desk:
    """One account, and what happens on it."""

    def __init__(self, policy: RegistrationPolicy = POLICY) -> None:
        self.policy, self.account, self.at = policy, RegisteredAccount(program="acme", account="A-1"), AT
        self.all: dict[str, Registration] = {}
        self.last: Any = None

    def took(self, done: RegistrationMoved) -> bool:
        self.last, before = done.decision, self.all.get(done.registration.id)
        self.all[done.registration.id], self.account = done.registration, done.account
        return done.registration is not before

    def hand_in(self, name: str = "R-1", one: Deal | None = None, **known: Any) -> bool:
        draft = drafted(
            id=name, program="acme", partner=f"p-{name}", deal=one or deal("road"), by=f"p-{name}", at=self.at
        )
        self.all[name] = draft
        told: dict[str, Any] = {"by": draft.partner, "at": self.at, "products": TREE}
        return self.took(submitted(draft, self.account, self.policy, Circumstances(**known), **told))

    def do(self, action: RegistrationAction, name: str = "R-1", by: str = "kim") -> bool:
        reason = "because" if action in (A.RETURN, A.REJECT, A.DECLINE_EXTENSION) else None
        return self.took(
            moved(self.all[name], self.account, action, self.policy, by=by, at=self.at, reason=reason)
        )

    def approve(self, name: str = "R-1", who: Acting = KIM, **known: Any) -> bool:
        told: dict[str, Any] = {"who": who, "at": self.at, "products": TREE}
        return self.took(approved(self.all[name], self.account, self.policy, Circumstances(**known), **told))

    def queue(self, name: str) -> bool:
        return self.took(
            queued(self.all[name], self.account, self.policy, by="kim", at=self.at, products=TREE)
        )

    def reconsider(self, name: str) -> bool:
        return self.took(
            reconsidered(self.all[name], self.account, self.policy, by="kim", at=self.at, products=TREE)
        )

    def convert(self, name: str = "R-1") -> bool:
        return self.took(
            converted(self.all[name], self.account, self.policy, opportunity="O-1", by="kim", at=self.at)
        )

    def resubmit(self, name: str = "R-1", one: Deal | None = None) -> bool:
        changed = revised(self.all[name], one, by="p", at=self.at) if one else self.all[name]
        told: dict[str, Any] = {"by": "p", "at": self.at, "products": TREE}
        return self.took(resubmitted(changed, self.account, self.policy, NOTHING_KNOWN, **told))

    def due(self) -> list[tuple[str, DueKind]]:
        return [(one.registration, one.kind) for one in due(self.all.values(), self.policy, self.at)]


def desk(policy: RegistrationPolicy = POLICY, **more: Any) -> Desk:
    made = Desk(policy)
    assert made.hand_in(**more)
    return made


# the table


def paths() -> list[list[tuple[RegistrationState, RegistrationAction]]]:
    """A shortest path to each move of the table, that move last."""
    reached: dict[RegistrationState, list[tuple[RegistrationState, RegistrationAction]]] = {S.DRAFT: []}
    for _ in RegistrationState:
        for (before, action), after in REGISTRATION_MOVES.items():
            if before in reached:
                reached.setdefault(after, [*reached[before], (before, action)])
    return [[*reached[before], (before, action)] for before, action in REGISTRATION_MOVES]


def walk(action: RegistrationAction, at: Desk) -> bool:
    """The action, and beforehand what it needs besides the state."""
    if action is A.SUBMIT:
        return at.took(submitted(
            at.all["R-1"], at.account, at.policy, NOTHING_KNOWN, by="p-R-1", at=at.at, products=TREE
        ))  # fmt: skip
    if action is A.QUEUE:
        before = RegisteredAccount(program="acme", account="A-1")
        other = desk(one=deal("bikes"))
        assert before != other.account
        at.account = at.account.with_(
            approved(
                Registration(**{**{f: getattr(other.all["R-1"], f) for f in ("program", "partner", "revisions", "account", "scope", "place", "steps")}, "id": "R-0"}),
                other.account, POLICY, NOTHING_KNOWN, who=KIM, at=AT, products=TREE,
            ).registration
        )  # fmt: skip
        return at.queue("R-1")
    if action is A.RECONSIDER:
        at.account = RegisteredAccount(program="acme", account="A-1").with_(at.all["R-1"])
        return at.reconsider("R-1")
    if action is A.RESUBMIT:
        return at.resubmit()
    if action is A.CONVERT:
        return at.convert()
    if action is A.APPROVE_PART:
        at.policy = RegistrationPolicy(
            approvers=ApproverChain(approvers=CHAIN.approvers, two_above_limits=True)
        )
        at.took(RegistrationMoved(at.last, at.all["R-1"], at.account))
        big = revise_for_test(at.all["R-1"], deal("road", amount=50_000))
        at.all["R-1"] = big
        return at.approve(who=MORI)
    if action is A.APPROVE:
        return at.approve()
    if action in (A.EXTEND, A.DECLINE_EXTENSION):
        assert at.do(A.ASK_EXTENSION, by="p-R-1")
    if action is A.ESCALATE:
        at.at += 7 * DAY
    if action is A.EXPIRE:
        at.policy = RegistrationPolicy(approvers=CHAIN, answer=Term(days=14)) if at.all["R-1"].state in (
            S.APPROVED, S.RETURNED) else at.policy  # fmt: skip
        at.at += 200 * DAY
    return at.do(action)


def revise_for_test(one: Registration, changed: Deal) -> Registration:
    parts = {
        name: getattr(one, name)
        for name in ("id", "program", "partner", "account", "scope", "place", "steps")
    }
    last = one.revisions[-1]
    return Registration(revisions=(*one.revisions, type(last)(deal=changed, at=last.at, by=last.by)), **parts)


@pytest.mark.parametrize("path", paths(), ids=lambda path: "-".join(action for _, action in path))
def test_every_move_of_the_table_can_be_made(
    path: list[tuple[RegistrationState, RegistrationAction]],
) -> None:
    made = Desk()
    made.all["R-1"] = drafted(
        id="R-1", program="acme", partner="p-R-1", deal=deal("road"), by="p-R-1", at=made.at
    )
    waits = path[-1][1] is A.EXPIRE and path[-1][0] in (S.SUBMITTED, S.UNDER_REVIEW, S.QUEUED)
    if waits:  # only a window that runs from submission runs out while somebody waits
        from prmcore.deals.registrations import ProtectedFrom

        made.policy = RegistrationPolicy(
            approvers=CHAIN, protection=ProtectionWindow(starts=ProtectedFrom.SUBMISSION, term=Term(days=60))
        )
    for before, action in path:
        assert made.all["R-1"].state is before
        assert walk(action, made), explain(made.last)
        assert made.all["R-1"].state is REGISTRATION_MOVES[before, action]


@pytest.mark.parametrize("state", [S.REJECTED, S.WITHDRAWN, S.EXPIRED, S.WON, S.LOST])
def test_what_is_over_stays_over(state: RegistrationState) -> None:
    assert not [action for before, action in REGISTRATION_MOVES if before is state]


# who stands in whose way


def test_a_later_registration_of_a_product_in_common_waits_until_the_approved_one_has_expired() -> None:
    made = desk(one=deal("bikes"))
    made.hand_in("R-2", deal("road"))
    made.hand_in("R-3", deal("helmets"))
    assert made.approve("R-1")
    assert made.approve("R-3")  # another product
    assert not made.approve("R-2")
    assert "✗ approved in the same scope: 1, asked for at most 0" in str(explain(made.last))
    assert made.queue("R-2")
    made.at += 89 * DAY
    assert not made.do(A.EXPIRE, "R-1")
    assert made.account.lapsed(made.at.date()) == ()
    made.at += DAY
    assert made.account.lapsed(made.at.date()) == ("R-1", "R-3")
    assert not made.reconsider("R-2")  # it has not been said yet
    assert made.do(A.EXPIRE, "R-1")
    assert [one.registration for one in made.account.scopes] == [
        "R-2",
        "R-3",
    ]  # cleared: nobody is registered
    assert made.account.next_in_line(TREE) == ("R-2",)
    assert made.reconsider("R-2")
    assert made.approve("R-2")


def test_whoever_came_first_is_approved_first_unless_the_policy_says_otherwise() -> None:
    made = desk()
    made.hand_in("R-2")
    assert not made.approve("R-2")
    assert made.last.facts.ahead == 1
    made.policy = RegistrationPolicy(approvers=CHAIN, first_come=False)
    assert made.approve("R-2")


def test_a_return_keeps_the_place_unless_the_scope_grows() -> None:
    made = desk(one=deal("road"))
    made.at += HOUR
    made.hand_in("R-2", deal("road"))
    first = made.all["R-1"].place
    assert made.do(A.RETURN)
    made.at += HOUR
    assert made.resubmit(one=deal("road", amount=700))
    assert made.all["R-1"].place == first
    assert made.all["R-1"].submitted_at == AT
    assert made.all["R-1"].completed_at == AT + 2 * HOUR
    assert made.do(A.RETURN)
    assert made.resubmit(one=deal("bikes"))  # holds more than road bikes
    assert [one.registration for one in made.account.scopes] == ["R-2", "R-1"]


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (Scope(), Scope(products=frozenset({"road"})), True),  # not said which: all
        (Scope(products=frozenset({"bikes"})), Scope(products=frozenset({"road"})), True),
        (Scope(products=frozenset({"road"})), Scope(products=frozenset({"helmets"})), False),
        (
            Scope(products=frozenset({"city"})),
            Scope(products=frozenset({"bikes"})),
            True,
        ),  # a group of some of them
        (Scope(products=frozenset({"gone"})), Scope(products=frozenset({"gone"})), True),
        (Scope(products=frozenset({"gone"})), Scope(products=frozenset({"bikes"})), False),
        (Scope(division="north"), Scope(division="south"), False),
        (Scope(division="north"), Scope(), True),
    ],
)
def test_scopes_overlap_by_division_and_by_the_tree_of_products(
    one: Scope, other: Scope, overlap: bool
) -> None:
    assert one.overlaps(other, TREE) is other.overlaps(one, TREE) is overlap


@pytest.mark.parametrize(
    ("scoped", "other", "free"),
    [
        (ScopedBy.ACCOUNT, deal("helmets", division="south"), False),
        (ScopedBy.DIVISION, deal("road", division="south"), True),
        (ScopedBy.DIVISION, deal("helmets", division="north"), False),
        (ScopedBy.PRODUCT, deal("helmets", division="north"), True),
        (ScopedBy.PRODUCT, deal("road", division="south"), False),
        (ScopedBy.DIVISION_AND_PRODUCT, deal("road", division="south"), True),
        (ScopedBy.DIVISION_AND_PRODUCT, deal("road", division="north"), False),
    ],
)
def test_what_one_registration_leaves_to_others(scoped: ScopedBy, other: Deal, free: bool) -> None:
    made = desk(RegistrationPolicy(approvers=CHAIN, scope=scoped), one=deal("road", division="north"))
    assert made.approve()
    made.hand_in("R-2", other)
    assert made.approve("R-2") is free


@pytest.mark.parametrize(
    ("conflict", "allowed"),
    [(Conflict.NONE, True), (Conflict.AWARDED, True), (Conflict.POSSIBLE, False), (Conflict.AWARDED_TO_OTHER, False), (None, False)],
)  # fmt: skip
def test_a_conflict_that_is_not_settled_is_not_approved_over(
    conflict: Conflict | None, allowed: bool
) -> None:
    made = desk()
    assert made.approve(conflict=conflict) is allowed
    assert made.all["R-1"].state is (S.APPROVED if allowed else S.SUBMITTED)


# who approves


@pytest.mark.parametrize(
    ("amount", "who", "allowed"),
    [(1_000, KIM, True), (1_001, KIM, False), (1_001, MORI, True), (500, MORI, True), (9_001, MORI, False),
     (500, Acting(by="x", role="guest"), False), (500, Acting(by="p-R-1", role="manager"), False),
     (500, Acting(by="kim", role="manager", is_held=None), False)],
)  # fmt: skip
def test_a_role_approves_up_to_its_limit_and_nobody_his_own(amount: int, who: Acting, allowed: bool) -> None:
    assert desk(one=deal("road", amount=amount)).approve(who=who) is allowed


def test_levels_approve_in_their_order_and_two_people_above_all_limits() -> None:
    chain = ApproverChain(approvers=CHAIN.approvers, every_level=True, two_above_limits=True)
    assert chain.needed(Money.of(20_000, "EUR")) == ("manager", "director", "director")
    made = desk(RegistrationPolicy(approvers=chain), one=deal("road", amount=20_000))
    assert not made.approve(who=MORI)  # the manager comes first
    for who, outcome in ((KIM, Approving.MORE_NEEDED), (MORI, Approving.MORE_NEEDED)):
        assert made.approve(who=who)
        assert made.last.outcome is outcome
    assert not made.approve(who=MORI)  # not twice
    assert made.approve(who=Acting(by="sato", role="director"))
    assert [step.by for step in made.all["R-1"].approvals] == ["kim", "mori", "sato"]


def test_a_delegate_acts_in_time_within_the_limit_and_not_for_whoever_registered() -> None:
    march = DateRange(date(2026, 3, 1), date(2026, 4, 1))
    away = Delegation(by="mori", to="kim", role="director", period=march, limits=(Money.of(5_000, "EUR"),))
    holders = {"director": frozenset({"mori"})}
    who = acting("kim", "director", AT.date(), holders=holders, delegations=[away])
    assert desk(one=deal("road", amount=5_000)).approve(who=who)
    assert not desk(one=deal("road", amount=5_001)).approve(who=who)
    late = desk(one=deal("road", amount=2_000))
    late.at += 30 * DAY  # 1 April
    assert not late.approve(who=who)
    again = Delegation(by="kim", to="lee", role="director", period=march)
    chained = acting("lee", "director", AT.date(), holders=holders, delegations=[away, again])
    assert not desk().approve(who=chained)  # a delegated role is not delegated on
    own = Delegation(by="p-R-1", to="kim", role="director", period=march)
    assert not desk().approve(who=Acting(by="kim", role="director", delegation=own))
    with pytest.raises(InvalidInput, match="nobody delegates to himself"):
        Delegation(by="kim", to="kim", role="director", period=march)


def test_whoever_stands_in_for_several_does_so_for_the_one_who_holds_the_role() -> None:
    period = DateRange(date(2026, 3, 1), date(2026, 4, 1))
    gone, mori = (Delegation(by=by, to="kim", role="director", period=period) for by in ("abe", "mori"))
    holders = {"director": frozenset({"mori"})}
    for delegations in ([gone, mori], [mori, gone]):
        who = acting("kim", "director", AT.date(), holders=holders, delegations=delegations)
        assert (who.delegation, who.is_held) == (mori, True)
    alone = acting("kim", "director", AT.date(), holders=holders, delegations=[gone])
    assert (alone.delegation, alone.is_held) == (gone, False)


def test_what_meets_the_criteria_is_approved_without_a_person() -> None:
    small = (fact("value").at_most(Money.of(1_000, "EUR")), fact("tier").one_of("gold"))
    policy = RegistrationPolicy(auto_approval=small)
    for amount, tier, allowed in (
        (1_000, "gold", True),
        (1_001, "gold", False),
        (10, "silver", False),
        (10, None, False),
    ):
        made = desk(policy, one=deal("road", amount=amount))
        known = Circumstances(tier=tier)
        done = approved_by_policy(made.all["R-1"], made.account, policy, known, at=AT, products=TREE)
        assert done.decision.outcome is allowed
    yen = desk(policy, one=Deal(customer="Contoso", value=Money.of(10, "JPY")))
    done = approved_by_policy(yen.all["R-1"], yen.account, policy, Circumstances(tier="gold"), at=AT)
    assert done.decision.outcome is False  # what it comes to in euros is not known
    with pytest.raises(InvalidInput, match="RegistrationFacts"):
        RegistrationPolicy(auto_approval=(fact("valeu").at_least(1),))


# eligibility, protection


def test_what_is_missing_is_named() -> None:
    policy = RegistrationPolicy(
        eligibility=Eligibility(required=frozenset({"value", "expected_close", "budget"}))
    )
    made = Desk(policy)
    assert not made.hand_in()
    assert "budget" in str(explain(made.last))
    assert made.all["R-1"].state is S.DRAFT
    answered = deal("road", expected_close=date(2026, 6, 30), answers=(("budget", "approved"),))
    assert made.hand_in("R-2", answered)


def test_a_partner_has_no_more_open_registrations_than_it_may() -> None:
    policy = RegistrationPolicy(capacity=Capacity(of_partner=2))
    assert Desk(policy).hand_in(open_registrations=1)
    assert not Desk(policy).hand_in(open_registrations=2)


@pytest.mark.parametrize(("on_account", "accepted"), [(1, False), (2, True)])
def test_a_partner_has_no_more_open_registrations_for_an_account_than_it_may(
    on_account: int, accepted: bool
) -> None:
    made = Desk(RegistrationPolicy(capacity=Capacity(on_account=on_account)))
    assert made.hand_in("R-1", deal("road"))
    second = made.all["R-2"] = drafted(
        id="R-2", program="acme", partner="p-R-1", deal=deal("helmets"), by="p-R-1", at=made.at
    )
    told: dict[str, Any] = {"by": "p-R-1", "at": made.at, "products": TREE}
    assert made.took(submitted(second, made.account, made.policy, NOTHING_KNOWN, **told)) == accepted


@pytest.mark.parametrize(
    ("counted_from", "until"),
    [  # 90 days from 2 March: until 31 May; asked on 10 May, granted on 20 May
        (ExtendedFrom.END, date(2026, 6, 30)), (ExtendedFrom.ASKED, date(2026, 6, 9)), (ExtendedFrom.GRANTED, date(2026, 6, 19)),
    ],
)  # fmt: skip
def test_an_extension_is_counted_from_where_the_clause_says(counted_from: ExtendedFrom, until: date) -> None:
    made = desk(
        RegistrationPolicy(
            approvers=CHAIN, extension=Extension(term=Term(days=30), counted_from=counted_from)
        )
    )
    assert made.approve()
    made.at = datetime(2026, 5, 10, 9, tzinfo=UTC)
    assert made.do(A.ASK_EXTENSION, by="p-R-1")
    assert not made.do(A.ASK_EXTENSION, by="p-R-1")  # asked already
    made.at = datetime(2026, 5, 20, 9, tzinfo=UTC)
    assert not made.do(A.EXTEND, by="p-R-1")
    assert made.do(A.EXTEND)
    protection = made.all["R-1"].protection
    assert protection is not None
    assert protection.until == until
    assert not made.do(A.ASK_EXTENSION, by="p-R-1")  # once


def test_an_extension_asked_for_in_time_keeps_the_protection_until_it_is_decided() -> None:
    made = desk()
    made.approve()
    made.at = datetime(2026, 5, 30, 9, tzinfo=UTC)  # the last protected day
    assert made.do(A.ASK_EXTENSION, by="p-R-1")
    made.at += 5 * DAY
    assert not made.do(A.EXPIRE)
    assert made.due() == [("R-1", DueKind.EXTENSION_WAITING)]
    assert made.do(A.DECLINE_EXTENSION)
    assert made.do(A.EXPIRE)


def test_conversion_freezes_the_protection() -> None:
    made = desk()
    made.approve()
    assert made.convert()
    made.at += 400 * DAY
    assert not made.do(A.EXPIRE)
    assert made.account.lapsed(made.at.date()) == ()
    assert made.due() == []
    assert made.do(A.WIN)
    assert made.account.scopes == ()
    late = desk()
    late.approve()
    late.at += 90 * DAY
    assert not late.convert()


# what is due


def test_a_review_is_due_in_business_hours_and_escalated_once() -> None:
    made = desk()  # 16 hours from Monday 09:00: Tuesday 17:00
    assert next_action_at(made.all["R-1"], POLICY, AT) == datetime(2026, 3, 3, 17, 0, 0, 1, tzinfo=UTC)
    made.at = datetime(2026, 3, 3, 17, tzinfo=UTC)
    assert made.due() == []
    made.at = datetime(2026, 3, 9, 9, tzinfo=UTC)  # a run that comes days later
    assert made.due() == [("R-1", DueKind.REVIEW_OVERDUE)]
    assert made.do(A.ESCALATE, by="run")
    assert made.due() == []
    assert not made.do(A.ESCALATE, by="run")


def test_research_gives_three_business_days_more() -> None:
    made = desk()
    made.do(A.REVIEW)
    assert made.do(A.RESEARCH)
    assert not made.do(A.RESEARCH)
    made.at = datetime(2026, 3, 6, 17, tzinfo=UTC)  # Tuesday 17:00, and Wednesday to Friday
    assert made.due() == []
    made.at += HOUR
    assert made.due() == [("R-1", DueKind.REVIEW_OVERDUE)]


def test_what_nobody_decided_in_time_is_approved_where_the_clause_says_so() -> None:
    policy = RegistrationPolicy(review=Review(hours=OFFICE, within=16, when_missed=Missed.APPROVE))
    made = desk(policy)
    with pytest.raises(InvalidInput, match="approves nothing by itself"):
        approved_by_policy(made.all["R-1"], made.account, policy, NOTHING_KNOWN, at=AT)
    made.at += 2 * DAY
    assert [one.action for one in due(made.all.values(), policy, made.at)] == [A.APPROVE]
    assert made.took(approved_by_policy(made.all["R-1"], made.account, policy, NOTHING_KNOWN, at=made.at))
    assert made.all["R-1"].steps[-1].by == policy.name
    assert made.due() == []


def test_reminders_come_before_the_end_and_the_last_one_stands_for_all() -> None:
    made = desk(RegistrationPolicy(approvers=CHAIN, reminder_days=(30, 7), zone="Asia/Tokyo"))
    made.approve()  # until 31 May
    assert next_action_at(made.all["R-1"], made.policy, AT) == datetime(
        2026, 4, 30, 15, tzinfo=UTC
    )  # 1 May in Tokyo
    made.at = datetime(2026, 5, 25, tzinfo=UTC)
    (only,) = due(made.all.values(), made.policy, made.at)
    assert only.id == "R-1|ending|2026-05-31|7"
    made.at = datetime(2026, 5, 30, 15, tzinfo=UTC)
    assert made.due() == [("R-1", DueKind.ENDED)]


def test_what_was_returned_and_did_not_come_back_expires() -> None:
    made = desk()
    made.do(A.RETURN)
    made.at += 13 * DAY
    assert made.due() == []
    assert not made.do(A.EXPIRE)
    made.at += DAY
    assert made.due() == [("R-1", DueKind.ANSWER_OVERDUE)]
    assert made.do(A.EXPIRE)


@pytest.mark.parametrize(
    ("days", "kind"), [(10, DueKind.ENDED), (14, DueKind.ANSWER_OVERDUE), (20, DueKind.ANSWER_OVERDUE)]
)
def test_what_was_returned_expires_once_for_the_reason_that_came_first(days: int, kind: DueKind) -> None:
    """Fourteen days to answer; so many from its submission on in which it could have been protected."""
    window = ProtectionWindow(starts=ProtectedFrom.SUBMISSION, term=Term(days=days))
    made = desk(RegistrationPolicy(approvers=CHAIN, protection=window, answer=Term(days=14)))
    made.do(A.RETURN)
    made.at += 30 * DAY
    assert made.due() == [("R-1", kind)]
    assert made.do(A.EXPIRE)
    assert made.due() == []


# what callers get wrong, words, storage


def test_callers_faults_are_refused() -> None:
    made = desk()
    with pytest.raises(InvalidInput, match="accepted: why"):
        moved(made.all["R-1"], made.account, A.REJECT, POLICY, by="kim", at=AT)
    with pytest.raises(InvalidInput, match="its last step, or later"):
        moved(made.all["R-1"], made.account, A.REVIEW, POLICY, by="kim", at=AT - HOUR)
    with pytest.raises(InvalidInput, match="another customer is another registration"):
        approved(
            made.all["R-1"],
            RegisteredAccount(program="acme", account="A-2"),
            POLICY,
            NOTHING_KNOWN,
            who=KIM,
            at=AT,
        )
    with pytest.raises(InvalidInput, match="unknown code of products 'gone'"):
        made.hand_in("R-2", deal("gone"))
    with pytest.raises(InvalidInput, match="accepted here"):
        moved(made.all["R-1"], made.account, A.APPROVE, POLICY, by="kim", at=AT)
    with pytest.raises(InvalidInput, match="accepted: one of them"):
        Term(days=1, months=1)


@pytest.mark.parametrize(("locale", "state"), [("en", "queued"), ("ja", "順番待ち"), ("zh", "排队中")])
def test_it_is_said_in_three_languages(locale: str, state: str) -> None:
    policy = RegistrationPolicy(
        approvers=CHAIN, discount=PercentagePoints.of(20), second_share=Rate.percent(50), reminder_days=(14,)
    )
    made = desk(policy)
    made.approve()
    made.hand_in("R-2")
    made.queue("R-2")
    assert state in str(put_into_words(said_of_registration(made.all["R-2"]), locale))
    assert "R-2" in str(put_into_words(said_of_account(made.account), locale))
    made.at += 80 * DAY
    (notice,) = due(made.all.values(), policy, made.at)
    assert "2026" in str(put_into_words(said_of_due(notice), locale))
    assert "R-1" in str(put_into_words(said_of_registration(made.all["R-1"]), locale))


def test_decisions_are_recorded_and_replayed() -> None:
    made = desk()
    submission = made.last
    made.approve()
    for decision in (submission, made.last):
        again = replayed(recorded(decision), [decision.policy])
        assert (again.outcome, again.mask) == (decision.outcome, decision.mask)
    assert pickle.loads(pickle.dumps(POLICY)) == POLICY


def test_an_approval_without_a_person_says_by_its_name_why() -> None:
    """Decisions are found again by the name of what decided them."""
    names = [approving_by_criteria(POLICY, missed).name for missed in (False, True)]
    assert names == [f"{POLICY.name}/approve-by-criteria", f"{POLICY.name}/approve-unanswered"]


def test_above_all_limits_two_of_the_highest_level_approve_after_each_level_or_alone() -> None:
    levels = (*CHAIN.approvers, Approver(role="board", limits=(Money.of(20_000, "EUR"),)))
    amount = Money.of(20_001, "EUR")
    two = ApproverChain(approvers=levels, two_above_limits=True)
    each = ApproverChain(approvers=levels, two_above_limits=True, every_level=True)
    assert ApproverChain(approvers=levels).needed(amount) is None
    assert two.needed(amount) == ("board", "board")
    assert each.needed(amount) == ("manager", "director", "board", "board")


@pytest.mark.parametrize(
    ("days", "approved_on", "ends"),
    [
        (90, date(2026, 3, 31), date(2026, 4, 1)),  # 90 days from 1 January: 31 + 28 + 31
        (90, date(2026, 4, 1), None),  # over before anybody approved
        (None, date(2026, 4, 1), None),
    ],
)
def test_what_is_protected_from_its_submission_may_be_over_before_it_is_approved(
    days: int | None, approved_on: date, ends: date | None
) -> None:
    term = None if days is None else Term(days=days)
    policy = attrs.evolve(POLICY, protection=ProtectionWindow(term=term, starts=ProtectedFrom.SUBMISSION))
    found = policy.protected(date(2026, 1, 1), approved_on, None)
    assert (found.until if found else None) == ends
    assert (found is None) == (days is not None and ends is None)


@pytest.mark.parametrize(
    ("bought", "days", "months"),
    [
        (date(2026, 1, 31), 30, 1),  # to 2 March; a month after the 31st of January is the 28th of February
        (date(2026, 2, 3), 27, 0),
        (date(2026, 3, 2), 0, 0),
        (date(2026, 3, 3), -1, -1),  # not yet
    ],
)
def test_how_long_ago_an_account_bought_is_counted_in_days_and_in_whole_months(
    bought: date, days: int, months: int
) -> None:
    known = Circumstances(last_bought=bought)
    found = registration_facts(S.DRAFT, deal(), known, AT.date(), holders=0, ahead=0, open_on_account=0)
    assert (found.days_since_purchase, found.months_since_purchase) == (days, months)
