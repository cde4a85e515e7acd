"""What holds of registrations after any sequence of actions by several partners, on one account of a memory store's worth.

The invariants are those of points 9 to 11 of the domain's file on territory: one approved registration of a scope, the order
of the queue, nothing leaves a final state, protection ends after it starts, steps only grow, and time does not go back.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from prmcore.deals import Acting, Approver, ApproverChain
from prmcore.deals.registrations import (
    HOLDING,
    REGISTRATION_MOVES,
    Circumstances,
    Deal,
    ExtendedFrom,
    Extension,
    ProtectedFrom,
    ProtectionWindow,
    RegisteredAccount,
    Registration,
    RegistrationAction,
    RegistrationMoved,
    RegistrationPolicy,
    Resubmission,
    ScopedBy,
    Term,
    approved,
    converted,
    drafted,
    due,
    moved,
    queued,
    reconsidered,
    resubmitted,
    revised,
    submitted,
)
from prmcore.decisions.explain import explain
from prmcore.values import Money, Tree
from prmcore.values.wire import from_plain, to_plain

TREE = Tree("products", {"bikes": None, "road": "bikes", "gravel": "bikes", "helmets": None})
UNDER = {"bikes": {"bikes", "road", "gravel"}, "road": {"road"}, "gravel": {"gravel"}, "helmets": {"helmets"}}
START = datetime(2026, 1, 31, 9, tzinfo=UTC)
CHAIN = ApproverChain(
    approvers=(
        Approver(role="manager", limits=(Money.of(1000, "EUR"),)), Approver(role="director", limits=(Money.of(9000, "EUR"),)),
    ),
    every_level=True, two_above_limits=True,
)  # fmt: skip
ALONE = [one for one in RegistrationAction if one not in (
    RegistrationAction.SUBMIT, RegistrationAction.RESUBMIT, RegistrationAction.QUEUE, RegistrationAction.RECONSIDER,
    RegistrationAction.APPROVE, RegistrationAction.APPROVE_PART, RegistrationAction.CONVERT, RegistrationAction.RESEARCH,
)]  # fmt: skip
FINAL = {"rejected", "withdrawn", "expired", "won", "lost"}

policies = st.builds(
    RegistrationPolicy, approvers=st.just(CHAIN), first_come=st.booleans(), scope=st.sampled_from(ScopedBy),
    resubmission=st.sampled_from(Resubmission), answer=st.none() | st.just(Term(days=10)),
    protection=st.builds(
        ProtectionWindow, starts=st.sampled_from(ProtectedFrom), term=st.sampled_from((Term(days=20), Term(months=1), None))
    ),
    extension=st.builds(
        Extension, term=st.sampled_from((Term(days=5), Term(months=1))), counted_from=st.sampled_from(ExtendedFrom)
    ),
)  # fmt: skip
products = st.frozensets(st.sampled_from(sorted(UNDER)), max_size=2)
divisions = st.sampled_from((None, None, "north", "south"))
deals = st.builds(
    Deal, customer=st.just("Contoso"), products=products, division=divisions,
    value=st.sampled_from((500, 500, 5_000, 50_000, None)).map(lambda amount: amount and Money.of(amount, "EUR")),
)  # fmt: skip
picks = st.integers(0, 30)


def covered(one: Registration, scoped: ScopedBy) -> tuple[set[str], set[str]]:
    """What a registration takes, spelled out: codes and divisions, without the code under test."""
    deal, everything = one.deal, set().union(*UNDER.values())
    codes = (
        set().union(*(UNDER[code] for code in deal.products))
        if deal.products and "product" in scoped
        else everything
    )
    return codes, {deal.division} if deal.division and "division" in scoped else {"north", "south", "rest"}


class Registrations(RuleBasedStateMachine):
    @initialize(policy=policies)
    def open(self, policy: RegistrationPolicy) -> None:
        self.policy, self.now, self.count = policy, START, 0
        self.account = RegisteredAccount(program="acme", account="A-1")
        self.all: dict[str, Registration] = {}

    def pick(self, place: int) -> Registration:
        names = list(self.all)
        return self.all[names[-1 - place % len(names)]]

    def take(self, before: Registration, done: RegistrationMoved, explains: bool = True) -> bool:
        after = done.registration
        if after is before:
            assert done.account is self.account
            return False
        step = after.steps[-1]
        assert after.steps[:-1] == before.steps
        assert REGISTRATION_MOVES[before.state, step.action] is step.after
        assert before.state not in FINAL
        assert not explains or explain(done.decision, "ja").text
        self.all[after.id], self.account = after, done.account
        return True

    def told(self) -> dict[str, Any]:
        return {"at": self.now}

    @rule(hours=st.sampled_from((0, 0, 1, 30, 200, 700)))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        deal=deals,
        partner=st.sampled_from(("ann", "bob", "cy")),
        handed=st.sampled_from((True, True, True, False)),
    )
    def draft(self, deal: Deal, partner: str, handed: bool) -> None:
        self.count += 1
        one = drafted(
            id=f"R-{self.count:03}", program="acme", partner=partner, deal=deal, by=partner, at=self.now
        )
        self.all[one.id] = one
        if handed:
            self.submit(0)

    @precondition(lambda self: self.all)
    @rule(place=picks)
    def submit(self, place: int) -> None:
        one = self.pick(place)
        done = submitted(
            one, self.account, self.policy, Circumstances(), by=one.partner, products=TREE, **self.told()
        )
        assert self.take(one, done) is (one.state == "draft")

    @precondition(lambda self: self.all)
    @rule(place=picks, deal=deals)
    def correct(self, place: int, deal: Deal) -> None:
        one = self.pick(place)
        if one.state == "returned":
            changed = revised(one, deal, by=one.partner, at=self.now)
            done = resubmitted(
                changed, self.account, self.policy, Circumstances(), by="ann", products=TREE, **self.told()
            )
            assert self.take(one, done)
            if self.policy.resubmission is Resubmission.KEEPS_PLACE:
                before, after = covered(one, self.policy.scope), covered(changed, self.policy.scope)
                if not (before[0] >= after[0] and before[1] >= after[1]):
                    assert done.registration.place != one.place

    @precondition(lambda self: self.all)
    @rule(place=picks, action=st.sampled_from(ALONE), by=st.sampled_from(("kim", "mori", "ann")))
    def do(self, place: int, action: RegistrationAction, by: str) -> None:
        one = self.pick(place)
        if action in (RegistrationAction.WITHDRAW, RegistrationAction.REJECT) and place % 4:
            return  # or most of them would be over at once
        done = moved(one, self.account, action, self.policy, by=by, reason="so it is", **self.told())
        if self.take(one, done) and action is RegistrationAction.EXPIRE:
            ends = one.protection.until if one.protection else None
            assert ends is None or ends <= self.now.date()

    @precondition(lambda self: self.all)
    @rule(
        place=picks,
        by=st.sampled_from(("kim", "mori", "sato", "ann")),
        role=st.sampled_from(("manager", "director")),
    )
    def approve(self, place: int, by: str, role: str) -> None:
        one = self.pick(place)
        others = [
            other for other in self.all.values() if other.id != one.id and other.scope is not None and other.place is not None
            and all(a & b for a, b in zip(covered(one, self.policy.scope), covered(other, self.policy.scope), strict=True))
        ]  # fmt: skip
        done = approved(
            one,
            self.account,
            self.policy,
            Circumstances(),
            who=Acting(by=by, role=role),
            products=TREE,
            **self.told(),
        )
        if not self.take(one, done):
            return
        assert by != one.partner
        assert not [other for other in others if other.state in HOLDING]
        if self.policy.first_come:
            waiting = ("submitted", "under-review", "queued", "returned")
            assert not [other for other in others if other.state in waiting and other.place < one.place]  # type: ignore[operator]
        if done.registration.state == "approved":
            amount = one.deal.value
            wanted = {500: 1, 5_000: 2, 50_000: 3}[int(amount.amount)] if amount else 0
            assert len(done.registration.approvals) == wanted
            assert len({step.by for step in done.registration.approvals}) == wanted

    @precondition(lambda self: self.all)
    @rule(place=picks)
    def approve_by_all(self, place: int) -> None:
        name = self.pick(place).id
        for by, role in (("kim", "manager"), ("mori", "director"), ("sato", "director")):
            self.approve(list(reversed(self.all)).index(name), by, role)

    @precondition(lambda self: self.all)
    @rule(place=picks, granted=st.booleans())
    def extend(self, place: int, granted: bool) -> None:
        self.do(place, RegistrationAction.ASK_EXTENSION, "ann")
        if granted:
            self.do(place, RegistrationAction.EXTEND, "kim")

    @precondition(lambda self: self.all)
    @rule(place=picks, deal=deals)
    def return_and_correct(self, place: int, deal: Deal) -> None:
        self.do(place, RegistrationAction.RETURN, "kim")
        self.correct(place, deal)

    @precondition(lambda self: self.all)
    @rule(place=picks)
    def queue_or_reconsider(self, place: int) -> None:
        one = self.pick(place)
        self.take(one, queued(one, self.account, self.policy, by="kim", products=TREE, **self.told()))
        one = self.pick(place)
        done = reconsidered(one, self.account, self.policy, by="kim", products=TREE, **self.told())
        if self.take(one, done):
            assert one.state == "queued"

    @precondition(lambda self: self.all)
    @rule(place=picks)
    def convert(self, place: int) -> None:
        one = self.pick(place)
        done = converted(one, self.account, self.policy, opportunity="O-1", by="kim", **self.told())
        self.take(one, done)

    @precondition(lambda self: self.all)
    @rule(days=st.sampled_from((0, 25, 45)))
    def run_what_is_due(self, days: int) -> None:
        """A run leaves nothing that a second run would do again, however late it comes."""
        self.now += timedelta(days=days)
        for one in due(self.all.values(), self.policy, self.now):
            if one.action is not None:
                assert self.take(
                    self.all[one.registration],
                    moved(
                        self.all[one.registration],
                        self.account,
                        one.action,
                        self.policy,
                        by="run",
                        **self.told(),
                    ),
                )
        assert [one for one in due(self.all.values(), self.policy, self.now) if one.action is not None] == []

    @invariant()
    def one_registration_holds_a_scope(self) -> None:
        held = [one for one in getattr(self, "all", {}).values() if one.state in HOLDING]
        for place, one in enumerate(held):
            for other in held[place + 1 :]:
                scopes = covered(one, self.policy.scope), covered(other, self.policy.scope)
                assert not all(a & b for a, b in zip(*scopes, strict=True)), (one, other)

    @invariant()
    def records_are_whole(self) -> None:
        for one in getattr(self, "all", {}).values():
            instants = [step.at for step in one.steps]
            assert instants == sorted(instants)
            if one.protection is not None:
                assert one.protection.until is None or one.protection.start < one.protection.until
        for line in getattr(self, "account", RegisteredAccount(program="acme", account="A")).scopes:
            assert line.holds == (self.all[line.registration].state in HOLDING)

    def teardown(self) -> None:
        for one in getattr(self, "all", {}).values():
            assert from_plain(to_plain(one), Registration) == one
        if hasattr(self, "account"):
            assert from_plain(to_plain(self.account), RegisteredAccount) == self.account


TestRegistrations = Registrations.TestCase
TestRegistrations.settings = settings(max_examples=60, stateful_step_count=50, deadline=None)
