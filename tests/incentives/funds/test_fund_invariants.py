"""What holds of funds after any sequence of actions, held against a naive model that keeps running balances.

The model knows nothing of moves, books and policies: it has a counter for each balance, changes them in place, and decides
by itself what may be done, from the rules as section 2.7 of the domain's file on incentives has them.
"""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from prmcore.decisions.explain import explain
from prmcore.incentives.funds import (
    Accrual,
    ActivityRule,
    Approver,
    ClaimAction,
    Fund,
    FundAction,
    FundMove,
    FundMoved,
    FundPolicy,
    Measure,
    Proof,
    RequestAction,
)
from prmcore.partners import Enrolment, Partner, Status
from prmcore.partners.repository import PARTNERS
from prmcore.program import fund_work as work
from prmcore.storage import MemoryStore
from prmcore.values import Dated, DateRange, Money, PartnerId, ProgramId, Rate

D = datetime.date
DAY = datetime.timedelta(days=1)
START, END, EXPIRES = D(2026, 1, 1), D(2026, 3, 1), D(2026, 3, 20)
PERIOD = DateRange(START, END)
CLAIM_DAYS = 10
LIMITS = {"clerk": 100, "head": 400}
PARENTS = {"root": None, "child": "root", "grandchild": "child", "strict": None, "loose": None}
ACCRUING = ("strict", "loose")
PARTNERS_ = ("acme", "bolt")
POLICY = FundPolicy(
    activities=(ActivityRule(kind="event", rate=Rate.percent(50), proofs=("invoice",)),),
    approvers=tuple(Approver(role, Money("EUR", limit)) for role, limit in LIMITS.items()),
    claim_days=CLAIM_DAYS,
)


def eur(minor: int) -> Money:
    return Money("EUR", minor)


def half(minor: int) -> int:
    return round(Fraction(minor, 2))  # Python rounds a tie to the even number


class Naive:
    """Running balances: the books as somebody without a ledger would keep them."""

    def __init__(self) -> None:
        self.budget = dict.fromkeys(PARENTS, 0)
        self.open = dict.fromkeys(PARENTS, True)
        self.allocated = {(fund, partner): 0 for fund in PARENTS for partner in PARTNERS_}
        self.refunded = dict(self.allocated)  # what refunds took back, without what was waived
        self.requests: dict[str, dict[str, Any]] = {}
        self.claims: dict[str, dict[str, Any]] = {}

    def children(self, fund: str) -> int:
        return sum(self.budget[one] for one, parent in PARENTS.items() if parent == fund)

    def free(self, fund: str) -> int:
        kept = (
            max(
                amount, self.claimed_in(of, partner)
            )  # what was claimed is given to nobody else, whatever refunds took
            for (of, partner), amount in self.allocated.items()
            if of == fund
        )
        return self.budget[fund] - self.children(fund) - sum(kept)

    def bound(self, fund: str, partner: str) -> int:
        return sum(
            int(one["bound"])
            for one in self.requests.values()
            if (one["fund"], one["partner"]) == (fund, partner)
        )

    def available(self, fund: str, partner: str) -> int:
        return self.allocated[fund, partner] - self.bound(fund, partner)

    def claims_of(self, request: str) -> list[dict[str, Any]]:
        return [one for one in self.claims.values() if one["request"] == request and one["live"]]

    def remainder(self, request: str) -> int:
        return int(self.requests[request]["bound"]) - sum(
            int(one["claimed"]) for one in self.claims_of(request)
        )

    def claimed_in(self, fund: str, partner: str | None = None) -> int:
        return sum(
            int(one["claimed"])
            for one in self.claims.values()
            if self.requests[one["request"]]["fund"] == fund
            and partner in (None, self.requests[one["request"]]["partner"])
        )

    def expire(self, fund: str, today: D) -> int:
        """How much is released, at every stage, and the balances after it."""
        released = 0
        for name, one in self.requests.items():
            if one["fund"] != fund or today <= one["until"] or one["state"] not in ("submitted", "approved"):
                continue
            waiting = [
                half(claim["spend"]) for claim in self.claims_of(name) if claim["state"] == "submitted"
            ]
            unused = max(self.remainder(name) - sum(waiting), 0)
            one["bound"] -= unused
            released += unused
            if not waiting:
                one["state"] = "expired"
        if today >= EXPIRES:
            for partner in PARTNERS_:
                unused = max(self.available(fund, partner), 0)
                self.allocated[fund, partner] -= unused
                released += unused
            released += max(self.free(fund), 0)
            self.budget[fund] -= max(self.free(fund), 0)
        return released


amounts = st.integers(-300, 600).filter(bool)
names = st.sampled_from(sorted(PARENTS))
partners = st.sampled_from(PARTNERS_)
people = st.sampled_from(("cat", "ben", "ann", "acme", "bolt"))  # of the vendor, and of the partners
roles = st.sampled_from(("clerk", "head", "guest"))
picks = st.integers(0, 20)  # which one, counted from the newest


def picked(among: dict[str, Any], pick: int) -> str:
    names = list(among)
    return names[-1 - pick % len(names)]


class Funds(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.store, self.naive, self.today = MemoryStore(), Naive(), START
        self.count = 0
        self.accruals: list[tuple[str, Accrual]] = []
        self.seen: dict[str, FundMove] = {}
        for name, parent in PARENTS.items():
            accrues = name in ACCRUING
            work.open_fund(self.store, Fund(
                id=name, program="acme-mdf", period=PERIOD, currency="EUR", parent=parent, accrues=accrues,
                below_zero=name == "loose", expires=EXPIRES, opened_by="ann", opened_on=START,
            ))  # fmt: skip
        with self.store.unit_of_work() as unit:
            for partner in PARTNERS_:
                enrolled = Enrolment(program=ProgramId("acme-mdf"), period=DateRange())
                unit.repository(PARTNERS).put(Partner(
                    id=PartnerId(partner), name=partner, enrolments=(enrolled,),
                    lifecycle=Dated.starting({D(2025, 1, 1): Status.ACTIVE}),
                ))  # fmt: skip
            unit.commit()

    def key(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def agrees(self, moved: FundMoved[Any], allowed: bool) -> bool:
        note(str(explain(moved.decision)))
        assert moved.decision.outcome == allowed, explain(moved.decision)
        assert allowed or not moved.moves
        return allowed

    @initialize(budget=st.integers(4_000, 9_000), accrued=st.integers(100, 900), part=st.integers(200, 450))
    def give_to_all(self, budget: int, accrued: int, part: int) -> None:
        for fund in ("root", "child", "grandchild"):
            self.change_the_budget(fund, budget if fund == "root" else budget // 2)
        for partner in PARTNERS_:
            for fund in ("root", "child", "grandchild"):
                self.allocate(fund, partner, part)
            for fund in ACCRUING:
                self.accrue(fund, partner, accrued)

    # budgets

    @rule(fund=names, amount=amounts)
    def change_the_budget(self, fund: str, amount: int) -> None:
        naive, parent = self.naive, PARENTS[fund]
        allowed = naive.free(fund) + amount >= 0
        if amount > 0:
            allowed = naive.open[fund] and (parent is None or naive.free(parent) >= amount)
        told: dict[str, Any] = {"key": self.key("B"), "by": "ann", "on": self.today}
        if self.agrees(work.change_budget(self.store, fund, eur(amount), POLICY, **told), allowed):
            naive.budget[fund] += amount
            again = work.change_budget(self.store, fund, eur(amount), POLICY, **told)
            assert (again.decision.outcome, again.moves) == (False, ())

    @rule(fund=names, partner=partners, amount=amounts)
    def allocate(self, fund: str, partner: str, amount: int) -> None:
        naive = self.naive
        allowed = naive.free(fund) >= amount and naive.open[fund]
        if amount < 0:
            allowed = naive.available(fund, partner) + amount >= 0
        told: dict[str, Any] = {"key": self.key("A"), "by": "ann", "on": self.today}
        if self.agrees(work.allocate(self.store, fund, partner, eur(amount), POLICY, **told), allowed):
            naive.allocated[fund, partner] += amount

    @rule(fund=st.sampled_from(ACCRUING), partner=partners, amount=amounts)
    def accrue(self, fund: str, partner: str, amount: int) -> None:
        one = Accrual(key=self.key("S"), partner=partner, amount=eur(amount), effective=self.today)
        work.accrue(self.store, fund, [one], by="run", on=self.today)
        taken = amount
        if amount < 0 and fund == "strict":
            taken = -min(-amount, max(self.naive.available(fund, partner), 0))
        self.naive.budget[fund] += taken
        self.naive.allocated[fund, partner] += taken
        self.naive.refunded[fund, partner] -= min(taken, 0)
        self.accruals.append((fund, one))

    @precondition(lambda self: self.accruals)
    @rule(pick=picks)
    def accrue_again(self, pick: int) -> None:
        fund, one = self.accruals[pick % len(self.accruals)]
        assert work.accrue(self.store, fund, [one], by="run", on=self.today) == ()

    @rule(fund=names, really=st.sampled_from((False, False, False, False, True)))
    def close_or_reopen(self, fund: str, really: bool) -> None:
        if self.naive.open[fund] and not really:
            return  # or most funds would be closed most of the time
        action = FundAction.CLOSE if self.naive.open[fund] else FundAction.REOPEN
        self.agrees(work.move_fund(self.store, fund, action, POLICY, by="ann", on=self.today), True)
        self.naive.open[fund] = not self.naive.open[fund]

    # requests

    @rule(
        fund=names, partner=partners, cost=st.integers(1, 900), asked=st.integers(1, 450), later=st.integers(0, 20),
        days=st.integers(1, 5),
    )  # fmt: skip
    def ask(self, fund: str, partner: str, cost: int, asked: int, later: int, days: int) -> None:
        planned = DateRange(self.today + later * DAY, self.today + (later + days) * DAY)
        allowed = self.naive.open[fund] and self.today + (later + days) * DAY <= END
        name = self.key("R")
        moved = work.ask_for_funds(
            self.store, fund, POLICY, id=name, partner=partner, activity="event", planned=planned, cost=eur(cost),
            amount=eur(asked), by=partner, on=self.today,
        )  # fmt: skip
        if self.agrees(moved, allowed):
            until = min(planned.last_day + CLAIM_DAYS * DAY, EXPIRES - DAY)
            self.naive.requests[name] = {
                "fund": fund, "partner": partner, "cost": cost, "asked": asked, "start": planned.start, "until": until,
                "bound": 0, "state": "submitted", "approvers": [],
            }  # fmt: skip

    @precondition(lambda self: self.naive.requests)
    @rule(pick=picks, by=people, role=roles, less=st.none() | st.integers(1, 450))
    def approve_a_request(self, pick: int, by: str, role: str, less: int | None) -> None:
        name = picked(self.naive.requests, pick)
        one = self.naive.requests[name]
        amount = one["asked"] if less is None else less
        allowed = (
            one["state"] == "submitted" and self.naive.open[one["fund"]] and by != one["partner"]
            and amount <= LIMITS.get(role, 0) and self.today <= one["until"] and amount <= one["asked"]
            and amount <= half(one["cost"]) and amount <= self.naive.available(one["fund"], one["partner"])
        )  # fmt: skip
        moved = work.approve_request(
            self.store,
            name,
            POLICY,
            by=by,
            role=role,
            on=self.today,
            amount=None if less is None else eur(less),
        )
        if self.agrees(moved, allowed):
            one.update(state="approved", bound=amount)
            one["approvers"].append(by)

    @precondition(lambda self: self.naive.requests)
    @rule(
        pick=picks, by=people,
        action=st.sampled_from((RequestAction.DECLINE, RequestAction.CANCEL, RequestAction.CLOSE)),
    )  # fmt: skip
    def end_a_request(self, pick: int, by: str, action: RequestAction) -> None:
        name = picked(self.naive.requests, pick)
        one, claims = self.naive.requests[name], self.naive.claims_of(name)
        allowed = {
            RequestAction.DECLINE: one["state"] == "submitted" and by != one["partner"],
            RequestAction.CANCEL: one["state"] in ("submitted", "approved") and not claims,
            RequestAction.CLOSE: one["state"] == "approved"
            and all(claim["state"] != "submitted" for claim in claims),
        }[action]
        if self.agrees(work.move_request(self.store, name, action, POLICY, by=by, on=self.today), allowed):
            one["bound"] -= self.naive.remainder(name)
            one["state"] = {"decline": "declined", "cancel": "cancelled", "close": "closed"}[action]

    # claims

    @precondition(lambda self: self.naive.requests)
    @rule(pick=picks, spend=st.integers(1, 900), proved=st.sampled_from((True, True, True, False)))
    def file_a_claim(self, pick: int, spend: int, proved: bool) -> None:
        request = picked(self.naive.requests, pick)
        one, name = self.naive.requests[request], self.key("C")
        allowed = (
            one["state"] == "approved" and one["start"] <= self.today <= one["until"]
            and self.naive.remainder(request) > 0
        )  # fmt: skip
        proofs = [Proof(kind="invoice", reference=name, dated=self.today)] if proved else []
        moved = work.file_claim(
            self.store,
            request,
            POLICY,
            id=name,
            spend=eur(spend),
            proofs=proofs,
            by=one["partner"],
            on=self.today,
        )
        if self.agrees(moved, allowed):
            self.naive.claims[name] = {
                "request": request, "spend": spend, "proved": proved, "state": "submitted", "claimed": 0, "paid": 0,
                "live": True, "approvers": [],
            }  # fmt: skip

    @precondition(lambda self: self.naive.claims)
    @rule(pick=picks, by=people, role=roles, less=st.none() | st.integers(1, 450))
    def approve_a_claim(self, pick: int, by: str, role: str, less: int | None) -> None:
        name = picked(self.naive.claims, pick)
        naive, claim = self.naive, self.naive.claims[name]
        one = naive.requests[claim["request"]]
        share, left = half(claim["spend"]), naive.remainder(claim["request"])
        amount = min(share, left) if less is None else less
        fund, partner = one["fund"], one["partner"]
        allowed = (
            claim["state"] == "submitted" and claim["proved"] and by != partner and by not in one["approvers"]
            and 0 < amount <= LIMITS.get(role, 0) and amount <= share and amount <= left
            and amount <= naive.allocated[fund, partner] - naive.claimed_in(fund, partner)
            and amount <= naive.budget[fund] - naive.children(fund) - naive.claimed_in(fund)
        )  # fmt: skip
        moved = work.approve_claim(
            self.store,
            name,
            POLICY,
            by=by,
            role=role,
            on=self.today,
            amount=None if less is None else eur(less),
        )
        if self.agrees(moved, allowed):
            claim.update(state="approved", claimed=amount)
            claim["approvers"].append(by)

    @precondition(lambda self: self.naive.claims)
    @rule(
        pick=picks, by=people,
        action=st.sampled_from((ClaimAction.DECLINE, ClaimAction.CANCEL, ClaimAction.CLOSE)),
    )  # fmt: skip
    def end_a_claim(self, pick: int, by: str, action: ClaimAction) -> None:
        name = picked(self.naive.claims, pick)
        claim = self.naive.claims[name]
        one = self.naive.requests[claim["request"]]
        allowed = {
            ClaimAction.DECLINE: claim["state"] == "submitted" and by != one["partner"],
            ClaimAction.CANCEL: claim["state"] in ("submitted", "approved"),
            ClaimAction.CLOSE: claim["state"] == "part-paid",
        }[action]
        if self.agrees(work.move_claim(self.store, name, action, POLICY, by=by, on=self.today), allowed):
            rest = claim["claimed"] - claim["paid"]
            claim["claimed"] -= rest
            claim["state"] = {"decline": "declined", "cancel": "cancelled", "close": "paid"}[action]
            claim["live"] = action is ClaimAction.CLOSE
            if one["state"] != "approved":
                one["bound"] -= rest

    @precondition(lambda self: self.naive.claims)
    @rule(pick=picks, by=people, part=st.none() | st.integers(1, 450))
    def reimburse(self, pick: int, by: str, part: int | None) -> None:
        name = picked(self.naive.claims, pick)
        claim = self.naive.claims[name]
        owed = claim["claimed"] - claim["paid"]
        amount = owed if part is None else part
        allowed = (
            claim["state"] in ("approved", "part-paid") and by not in claim["approvers"] and amount <= owed
        )
        told: dict[str, Any] = {"key": self.key("P"), "by": by, "on": self.today}
        told["amount"] = None if part is None else eur(part)
        if self.agrees(work.reimburse(self.store, name, POLICY, **told), allowed):
            claim["paid"] += amount
            claim["state"] = "paid" if claim["paid"] == claim["claimed"] else "part-paid"
            assert not work.reimburse(self.store, name, POLICY, **told).moves  # the same settlement, once

    @rule(
        fund=names, partner=partners, asked=st.integers(50, 400), spend=st.integers(20, 800),
        stages=st.sampled_from((4, 3, 2, 1)), part=st.none() | st.integers(1, 10),
    )  # fmt: skip
    def carry_through(
        self, fund: str, partner: str, asked: int, spend: int, stages: int, part: int | None
    ) -> None:
        """Asked, approved, claimed, approved and paid in one go, as far as it goes; each of them is held to the model."""
        before = len(self.naive.claims)
        self.ask(fund, partner, 2 * asked, asked, 0, 1)
        if self.naive.requests:
            self.approve_a_request(0, "ann", "head", None)
        if stages > 1 and self.naive.requests:
            self.file_a_claim(0, spend, True)
        if len(self.naive.claims) > before and stages > 2:
            self.approve_a_claim(0, "ben", "head", part)
            if stages > 3:
                self.reimburse(0, "cat", part and part // 2 + 1)

    @rule(partner=partners, asked=st.integers(20, 200), refund=st.integers(1, 900))
    def refund_between_the_approvals(self, partner: str, asked: int, refund: int) -> None:
        """What a request was promised is no longer there when its claim is to be approved."""
        before = len(self.naive.claims)
        self.carry_through("loose", partner, asked, 2 * asked, 2, None)
        self.accrue("loose", partner, -refund)
        if len(self.naive.claims) > before:
            self.approve_a_claim(0, "ben", "head", None)

    @precondition(lambda self: self.naive.claims)
    @rule(pick=picks)
    def wind_up(self, pick: int) -> None:
        """The request first, and then its claim: what the claim is not paid goes past the request."""
        claim = picked(self.naive.claims, pick)
        requests = list(self.naive.requests)
        place = requests.index(self.naive.claims[claim]["request"])
        self.end_a_request(len(requests) - 1 - place, "ann", RequestAction.CLOSE)
        paid = self.naive.claims[claim]["state"] == "part-paid"
        self.end_a_claim(pick, "ann", ClaimAction.CLOSE if paid else ClaimAction.CANCEL)

    # days

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self.today += days * DAY

    @rule(really=st.sampled_from((False, False, False, True)))
    def the_funds_come_to_their_end(self, really: bool) -> None:
        if really:
            self.today = max(self.today, EXPIRES)

    @rule()
    def expire(self) -> None:
        notices = {
            one.id: one.amount for one in work.fund_notices(self.store, "acme-mdf", POLICY, self.today)
        }
        moves = work.expire_funds(self.store, "acme-mdf", POLICY, by="run", on=self.today)
        for fund in ("grandchild", "child", "root", "strict", "loose"):
            released = -sum(one.amount.minor for one in moves if one.fund == fund)
            assert released == self.naive.expire(fund, self.today)
        for one in moves:
            if one.id in notices:  # a parent's notice does not know yet what its children give back
                assert one.kind == "budget-expired" or notices[one.id] == -one.amount
        assert work.expire_funds(self.store, "acme-mdf", POLICY, by="run", on=self.today) == ()

    # what holds

    @invariant()
    def every_balance_is_the_models(self) -> None:
        naive = self.naive
        for fund in PARENTS:
            book = work.fund_book(self.store, fund)
            assert book.budget.minor == naive.budget[fund]
            assert book.in_children.minor == naive.children(fund)
            assert book.free.minor == naive.free(fund)
            for partner in PARTNERS_:
                assert book.total(Measure.ALLOCATED, partner=partner).minor == naive.allocated[fund, partner]
                assert book.available(partner).minor == naive.available(fund, partner)
            for name, one in naive.requests.items():
                if one["fund"] == fund:
                    assert book.total(Measure.APPROVED, request=name).minor == one["bound"]
                    assert book.remainder(name).minor == naive.remainder(name)
            for name, claim in naive.claims.items():
                if naive.requests[claim["request"]]["fund"] == fund:
                    assert book.total(Measure.CLAIMED, claim=name).minor == claim["claimed"]
                    assert book.total(Measure.REIMBURSED, claim=name).minor == claim["paid"]
        states = {one.id: one.state for one in work.fund_requests(self.store)}
        assert states == {name: one["state"] for name, one in naive.requests.items()}
        claims = {one.id: one.state for one in work.fund_claims(self.store)}
        assert claims == {name: one["state"] for name, one in naive.claims.items()}

    @invariant()
    def nothing_is_given_twice(self) -> None:
        naive = self.naive
        for fund in PARENTS:
            given = sum(naive.allocated[fund, partner] for partner in PARTNERS_)
            assert naive.children(fund) + given <= naive.budget[fund]
            assert fund == "loose" or naive.free(fund) >= 0
            for partner in PARTNERS_:
                taken = naive.refunded[fund, partner] if fund == "loose" else 0
                assert naive.bound(fund, partner) <= naive.allocated[fund, partner] + taken
            if fund != "loose":
                assert naive.claimed_in(fund) <= naive.budget[fund] - naive.children(fund)
        for name in naive.requests:
            assert naive.remainder(name) >= 0
        for claim in naive.claims.values():
            assert 0 <= claim["paid"] <= claim["claimed"]

    @invariant()
    def moves_are_only_added_and_add_up_to_the_balances(self) -> None:
        for fund in PARENTS:
            book = work.fund_book(self.store, fund)
            own = [one for one in book if one.fund == fund]
            for one in own:
                assert self.seen.setdefault(one.id, one) == one
            by_kind: dict[str, int] = {}
            for one in own:
                by_kind[one.kind.value] = by_kind.get(one.kind.value, 0) + one.amount.minor
            gained = by_kind.get("accrual", 0) + by_kind.get("waiver", 0)
            given = by_kind.get("budget", 0) + by_kind.get("budget-expired", 0)
            assert self.naive.budget[fund] == given + gained
            allocated = by_kind.get("allocation", 0) + by_kind.get("allocation-expired", 0) + gained
            assert sum(self.naive.allocated[fund, one] for one in PARTNERS_) == allocated
        kept = sum(
            len([one for one in work.fund_book(self.store, fund) if one.fund == fund]) for fund in PARENTS
        )
        assert kept == len(self.seen)


Funds.TestCase.settings = settings(max_examples=50, stateful_step_count=50, deadline=None)
TestFunds = pytest.mark.slow(pytest.mark.filterwarnings("error")(Funds.TestCase))
