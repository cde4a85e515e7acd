"""Funds: budgets, requests, claims and what is due; every number worked out by hand beside it.

The rules are those of section 2.7 of the domain's file on incentives: a request has many claims and a claim one request; an
approval is held against what is left of the request and of the fund when it is given (Siebel's "Has Enough Funds"); the
currency is the parent's. The days of reminders (2, 14, 28) are those of GitLab's channel handbook.
"""

import datetime
import pickle
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions.explain import explain, put_into_words
from prmcore.decisions.versions import recorded, replayed
from prmcore.errors import InvalidInput
from prmcore.incentives import Bookkeeping, Entry, EntryKind, Ledger, Line, LineKind
from prmcore.incentives.funds import (
    CHANGES,
    CLAIM_MOVES,
    FUND_MOVES,
    REQUEST_MOVES,
    Accrual,
    ActivityRule,
    Approver,
    ClaimAction,
    ClaimState,
    ConversionAnswer,
    ConversionOf,
    Fund,
    FundAction,
    FundBook,
    FundClaim,
    FundMove,
    FundMoved,
    FundMoveKind,
    FundPolicy,
    FundRequest,
    FundState,
    Measure,
    NoticeKind,
    Proof,
    RequestAction,
    RequestState,
    accrued,
    allocated,
    asked,
    budget_changed,
    claim_approved,
    claim_moved,
    claimed,
    conversions,
    due,
    entitled,
    expired,
    missing_proofs,
    moved_fund,
    opened,
    proved,
    reimbursed,
    request_approved,
    request_moved,
)
from prmcore.incentives.funds.said import said_of_fund, said_of_notice, said_of_partner
from prmcore.incentives.plans.curve import Rounding
from prmcore.values import DateRange, Money, Rate

D = datetime.date
TODAY = D(2026, 2, 2)
YEAR = DateRange(D(2026, 1, 1), D(2027, 1, 1))
FAIR = DateRange.of_days(D(2026, 3, 9), D(2026, 3, 11))  # three days


def eur(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


POLICY = FundPolicy(
    activities=(
        ActivityRule(kind="event", rate=Rate.percent(50), proofs=("invoice", "photo")),
        ActivityRule(kind="training", rate=Rate.percent(100)),
    ),
    approvers=(Approver("manager", eur(1_000)), Approver("director", eur(5_000))),
)
INVOICE = Proof(kind="invoice", reference="2026-118", dated=D(2026, 3, 11))
PHOTO = Proof(kind="photo", reference="stand.jpg", dated=D(2026, 3, 9))


def fund(**more: Any) -> Fund:
    told: dict[str, Any] = {
        "id": "mdf", "program": "acme", "period": YEAR, "currency": "EUR", "opened_by": "kim", "opened_on": D(2026, 1, 1),
        **more,
    }  # fmt: skip
    return Fund(**told)


def after(book: FundBook, moved: FundMoved[Any]) -> FundBook:
    assert moved.decision.outcome is True, explain(moved.decision)
    return book.with_moves(moved.moves)


def budgeted(amount: str | int = 10_000, given: str | int = 3_000, **more: Any) -> FundBook:
    """A fund with a budget, and an allocation to acme."""
    book = FundBook(fund(**more))
    book = after(book, budget_changed(book, eur(amount), POLICY, key="2026", by="kim", on=TODAY))
    return after(book, allocated(book, "acme", eur(given), POLICY, key="2026", by="kim", on=TODAY))


def ask(book: FundBook, **more: Any) -> FundMoved[FundRequest | None]:
    told: dict[str, Any] = {
        "id": "R-1", "partner": "acme", "activity": "event", "planned": FAIR, "cost": eur(4_000), "amount": eur(2_000),
        "by": "yamada", "on": TODAY, "policy": POLICY, **more,
    }  # fmt: skip
    return asked(book.fund, **told)


def request_of(book: FundBook, **more: Any) -> FundRequest:
    found = ask(book, **more)
    assert found.record is not None, explain(found.decision)
    return found.record


def approved(
    book: FundBook, request: FundRequest, amount: Money | None = None, **more: Any
) -> tuple[FundBook, FundRequest]:
    told: dict[str, Any] = {"by": "sato", "role": "director", "on": TODAY, **more}
    moved = request_approved(book, request, POLICY, amount=amount, **told)
    return after(book, moved), moved.record


def claim_of(book: FundBook, request: FundRequest, spend: Money, **more: Any) -> FundClaim:
    told: dict[str, Any] = {
        "id": "C-1", "proofs": (INVOICE, PHOTO), "by": "yamada", "on": D(2026, 3, 20), "policy": POLICY, **more,
    }  # fmt: skip
    found = claimed(book, request, spend=spend, **told)
    assert found.record is not None, explain(found.decision)
    return found.record


def approve_claim(
    book: FundBook, request: FundRequest, claim: FundClaim, amount: Money | None = None, **more: Any
) -> FundMoved[FundClaim]:
    told: dict[str, Any] = {"by": "mori", "role": "director", "on": D(2026, 3, 23), "policy": POLICY, **more}
    return claim_approved(book, request, claim, amount=amount, **told)


def refused(moved: FundMoved[Any], *words: str) -> None:
    """Not allowed, nothing posted, and these reasons are what is not met."""
    assert moved.decision.outcome is False
    assert not moved.moves
    unmet = [line.strip() for line in explain(moved.decision).lines() if line.strip().startswith(("✗", "?"))]
    assert sorted(unmet[1:]) == sorted(words)  # the first one says "allowed" as a whole


# budgets


def test_a_budget_is_shared_out_between_children_and_partners() -> None:
    """10,000 less 3,000 for acme leave 7,000; a child takes 2,500 of them, and 4,500 are left."""
    book = budgeted()
    child = FundBook(opened(fund(id="mdf-apac", parent="mdf", region="APAC"), book.fund))
    moved = budget_changed(child, eur(2_500), POLICY, key="2026", by="kim", on=TODAY, above=book)
    book, child = book.with_moves(moved.moves), child.with_moves(moved.moves)
    assert (book.budget, book.in_children, book.free) == (eur(10_000), eur(2_500), eur(4_500))
    assert (child.budget, child.free) == (eur(2_500), eur(2_500))


def test_a_child_takes_no_more_than_is_free_above_it() -> None:
    book = budgeted()
    child = FundBook(opened(fund(id="mdf-apac", parent="mdf"), book.fund))
    moved = budget_changed(child, eur("7000.01"), POLICY, key="2026", by="kim", on=TODAY, above=book)
    refused(moved, "✗ left of the parent fund after it: -€0.01, asked for at least €0.00")


def test_a_budget_is_not_shrunk_below_what_is_given() -> None:
    """Of 10,000 acme has 3,000 and a child 2,500: 4,500 can be taken back, and not a cent more."""
    book = budgeted()
    child = FundBook(opened(fund(id="mdf-apac", parent="mdf"), book.fund))
    book = book.with_moves(
        budget_changed(child, eur(2_500), POLICY, key="1", by="kim", on=TODAY, above=book).moves
    )
    told: dict[str, Any] = {"by": "kim", "on": TODAY}
    refused(
        budget_changed(book, eur("-4500.01"), POLICY, key="cut", **told),
        "✗ left of the fund after it: -€0.01, asked for at least €0.00",
    )
    assert after(book, budget_changed(book, eur(-4_500), POLICY, key="cut", **told)).free == eur(0)


def test_an_allocation_is_not_shrunk_below_what_is_approved() -> None:
    book, _ = approved(budgeted(), request_of(budgeted()))
    told: dict[str, Any] = {"by": "kim", "on": TODAY}
    refused(
        allocated(book, "acme", eur("-1000.01"), POLICY, key="cut", **told),
        "✗ left of the allocation after it: -€0.01, asked for at least €0.00",
    )
    book = after(book, allocated(book, "acme", eur(-1_000), POLICY, key="cut", **told))
    assert (book.available("acme"), book.free) == (eur(0), eur(8_000))


def test_a_change_is_made_once_by_its_key() -> None:
    book = budgeted()
    again = budget_changed(book, eur(10_000), POLICY, key="2026", by="lee", on=D(2026, 2, 3))
    refused(again, "✗ not posted before: no, asked for yes")
    with pytest.raises(InvalidInput, match="accepted: a key of its own"):
        budget_changed(book, eur(9_000), POLICY, key="2026", by="kim", on=TODAY)


def test_the_same_key_for_another_partner_is_another_allocation() -> None:
    book = budgeted()
    assert after(
        book, allocated(book, "bolt", eur(5), POLICY, key="2026", by="kim", on=TODAY)
    ).partners() == (
        "acme",
        "bolt",
    )


def test_a_fund_fits_its_parent() -> None:
    """Siebel and Salesforce: the currency is the parent's. Every fault comes at once."""
    parent = fund(expires=D(2027, 2, 1))
    child = fund(
        id="x", parent="mdf", currency="CHF", program="other", period=DateRange(D(2026, 7, 1), D(2027, 7, 1)),
        expires=D(2027, 8, 1),
    )  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        opened(child, parent)
    assert [fault.path for fault in caught.value.faults] == ["currency", "program", "period", "expires"]


def test_a_fund_names_its_parent_and_is_given_it() -> None:
    for parent in (None, fund(id="other")):
        with pytest.raises(InvalidInput, match="accepted: that fund beside it"):
            opened(fund(id="x", parent="mdf"), parent)
    child = FundBook(fund(id="x", parent="mdf"))
    with pytest.raises(InvalidInput, match="accepted: its book as `above`"):
        budget_changed(child, eur(1), POLICY, key="1", by="kim", on=TODAY)


def test_a_fund_that_makes_no_sense_is_refused_with_every_fault() -> None:
    with pytest.raises(InvalidInput) as caught:
        fund(id=" ", parent=" ", currency="EURO", below_zero=True, expires=D(2026, 6, 1))
    assert [fault.path for fault in caught.value.faults] == [
        "id",
        "currency",
        "parent",
        "below_zero",
        "expires",
    ]
    with pytest.raises(InvalidInput, match="found points; accepted: a currency"):
        fund(currency="points")


@pytest.mark.parametrize("name", ["kind", "reference"])
def test_a_proof_says_what_it_is_and_by_what_it_is_known(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Proof(**{"kind": "invoice", "reference": "1", name: ""}, dated=TODAY)
    assert [fault.path for fault in caught.value.faults] == [name]


def test_a_closed_fund_gives_nothing_new_and_pays_what_it_approved() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    closed = moved_fund(book.fund, FundAction.CLOSE, POLICY, by="kim", on=TODAY)
    assert closed.record.state is FundState.CLOSED
    book = FundBook(closed.record, book)
    state = "✗ state of the fund: closed, asked for one of active"
    refused(ask(book, id="R-2"), state)
    refused(allocated(book, "acme", eur(1), POLICY, key="2", by="kim", on=TODAY), state)
    refused(budget_changed(book, eur(1), POLICY, key="2", by="kim", on=TODAY), state)
    claim = claim_of(book, request, eur(4_000))
    assert after(book, approve_claim(book, request, claim)).total(Measure.CLAIMED) == eur(2_000)
    again = moved_fund(closed.record, FundAction.CLOSE, POLICY, by="kim", on=TODAY)
    refused(again, "✗ state of the fund: closed, asked for one of active")
    assert again.record is closed.record
    assert moved_fund(closed.record, FundAction.REOPEN, POLICY, by="kim", on=TODAY).record.state == "active"


def test_no_move_is_recorded_before_the_last_one() -> None:
    """Else what was known on an earlier day would change after it."""
    book = budgeted()
    with pytest.raises(InvalidInput, match="the day of the fund's last move, or later"):
        budget_changed(book, eur(1), POLICY, key="late", by="kim", on=D(2026, 2, 1))


def test_what_was_known_on_a_day_can_be_read_again() -> None:
    book = budgeted()
    book = after(book, budget_changed(book, eur(500), POLICY, key="more", by="kim", on=D(2026, 5, 1)))
    assert [book.as_of(day).budget for day in (D(2026, 2, 1), D(2026, 4, 30), D(2026, 5, 1))] == [
        eur(0),
        eur(10_000),
        eur(10_500),
    ]


# accruals: co-op


def coop(below_zero: bool = False) -> FundBook:
    return FundBook(fund(id="coop", accrues=True, below_zero=below_zero))


def earned(key: str, amount: str | int, partner: str = "acme", on: D = D(2026, 2, 1)) -> Accrual:  # noqa: B008
    return Accrual(key=key, partner=partner, amount=eur(amount), effective=on)


def accrue(book: FundBook, *accruals: Accrual) -> FundBook:
    return book.with_moves(accrued(book, accruals, by="run", on=max(TODAY, D(2026, 2, 2))))


def test_what_a_partner_earns_is_its_allocation_and_the_budget_grows_with_it() -> None:
    book = accrue(coop(), earned("S-1", "150"), earned("S-2", "75.50", "bolt"), earned("S-3", "0"))
    assert (book.budget, book.free) == (eur("225.50"), eur(0))
    assert (book.available("acme"), book.available("bolt")) == (eur("150"), eur("75.50"))


def test_an_accrual_is_posted_once_whatever_it_comes_with() -> None:
    book = accrue(coop(), earned("S-1", "150"))
    assert accrued(book, [earned("S-1", "150")], by="other", on=D(2026, 3, 1)) == ()
    (new,) = accrued(book, [earned("S-1", "150"), earned("S-2", "10")], by="run", on=TODAY)
    assert new.id == "coop|accrual|S-2"
    with pytest.raises(InvalidInput, match="accepted: a key of its own"):
        accrued(book, [earned("S-1", "151")], by="run", on=TODAY)


def test_accruals_that_cannot_be_posted_are_refused_together() -> None:
    wrong = [
        earned("S-1", 1),
        earned("S-1", 1),
        Accrual(key="S-2", partner="acme", amount=Money.of(1, "CHF"), effective=TODAY),
    ]
    with pytest.raises(InvalidInput) as caught:
        accrued(FundBook(fund()), wrong, by="run", on=TODAY)
    assert [fault.path for fault in caught.value.faults] == ["", "S-1", "S-2"]


def bound_coop(below_zero: bool) -> FundBook:
    """150 earned, of which 120 are approved: 30 are free."""
    book = accrue(coop(below_zero), earned("S-1", 150))
    request = request_of(book, activity="training", cost=eur(200), amount=eur(120))
    return approved(book, request)[0]


def test_a_refund_takes_back_what_is_free_and_waives_the_rest() -> None:
    """100 refunded, 30 free: 30 are taken, 70 are waived by a move of their own; the next sale counts in full."""
    book = accrue(bound_coop(below_zero=False), earned("S-1/refund", -100))
    assert (book.budget, book.available("acme")) == (eur(120), eur(0))
    waived = [one.amount for one in book if one.kind is FundMoveKind.WAIVER]
    assert waived == [eur(70)]
    assert accrue(book, earned("S-2", 40)).available("acme") == eur(40)


def test_a_refund_takes_the_balance_below_zero_where_the_fund_says_so() -> None:
    """100 refunded, 30 free: 70 below zero, which the next 40 reduce to 30; nothing is approved until then."""
    book = accrue(bound_coop(below_zero=True), earned("S-1/refund", -100))
    assert (book.budget, book.available("acme")) == (eur(50), eur(-70))
    book = accrue(book, earned("S-2", 40))
    assert book.available("acme") == eur(-30)
    request = request_of(book, id="R-2", activity="training", cost=eur(5), amount=eur(1))
    refused(
        request_approved(book, request, POLICY, by="sato", role="director", on=TODAY),
        "✗ left of the allocation after it: -€31.00, asked for at least €0.00",
    )


def test_a_claim_is_held_against_the_fund_as_it_is_now() -> None:
    """Siebel's "Has Enough Funds": 120 were approved, and then a refund left 50 in the fund; 50 can be paid, 120 not."""
    book = accrue(coop(below_zero=True), earned("S-1", 150))
    book, request = approved(book, request_of(book, activity="training", cost=eur(200), amount=eur(120)))
    book = accrue(book, earned("S-1/refund", -100))
    claim = claim_of(book, request, eur(200), proofs=())
    refused(
        approve_claim(book, request, claim),
        "✗ left of the allocation after it: -€70.00, asked for at least €0.00",
        "✗ left of the fund after it: -€70.00, asked for at least €0.00",
    )
    assert after(book, approve_claim(book, request, claim, eur(50))).owed("C-1") == eur(50)


def test_what_was_claimed_is_not_given_to_others_whatever_refunds_took_back() -> None:
    """120 of 150 claimed, 100 refunded: the fund holds 50, and 70 more are paid than it has. Of 100 that are added, 30 can
    be given: 150 less the 120."""
    book = accrue(coop(below_zero=True), earned("S-1", 150))
    book, request = approved(book, request_of(book, activity="training", cost=eur(120), amount=eur(120)))
    book = after(
        book, approve_claim(book, request, claim_of(book, request, eur(120), proofs=()), on=D(2026, 3, 23))
    )
    later: dict[str, Any] = {"by": "kim", "on": D(2026, 4, 1)}
    book = book.with_moves(accrued(book, [earned("S-1/refund", -100)], **later))
    assert (book.budget, book.free, book.unclaimed) == (eur(50), eur(-70), eur(-70))
    book = after(
        book, budget_changed(book, eur(50), POLICY, key="1", **later)
    )  # raised, and still below zero
    book = after(book, budget_changed(book, eur(50), POLICY, key="2", **later))
    assert book.free == eur(30)
    refused(
        allocated(book, "bolt", eur(31), POLICY, key="1", **later),
        "✗ left of the fund after it: -€1.00, asked for at least €0.00",
    )
    refused(
        budget_changed(book, eur(-31), POLICY, key="3", **later),
        "✗ left of the fund after it: -€1.00, asked for at least €0.00",
    )


def test_entries_of_a_plan_become_accruals() -> None:
    entry = Entry(
        payee="acme", earner="acme", component="acme-coop/2026/coop/accrual", period="FY2026-Q1", number=2,
        kind=EntryKind.CLAWBACK, amount=eur("-15"), lines=(Line(what=LineKind.BAND, amount=Fraction(-1500)),),
        attributed="2026-02", booked="2026-03", effective=D(2026, 2, 20), recorded=D(2026, 3, 5),
    )  # fmt: skip
    (move,) = accrued(accrue(coop(), earned("S-1", 20)), [Accrual.of(entry)], by="run", on=D(2026, 3, 6))
    assert (move.partner, move.amount, move.effective, move.recorded) == (
        "acme", eur("-15"), D(2026, 2, 20), D(2026, 3, 6),
    )  # fmt: skip
    assert move.id.startswith("coop|accrual|acme%7Cacme-coop/2026/coop/accrual%7CFY2026-Q1")


# requests


def test_a_request_keeps_the_terms_on_which_it_was_made() -> None:
    """Half of the cost, two proofs, claims until 30 days after the 11 March: the 10 April."""
    request = request_of(budgeted())
    assert (request.rate, request.proofs, request.claims_until) == (
        Rate.percent(50), ("invoice", "photo"), D(2026, 4, 10),
    )  # fmt: skip
    assert request_of(budgeted(expires=D(2027, 1, 1)), planned=DateRange.of_days(
        D(2026, 12, 20), D(2026, 12, 22))).claims_until == D(2026, 12, 31)  # fmt: skip


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"activity": "yacht"}, "✗ activity is supported: no, asked for yes"),
        ({"may_ask": False}, "✗ may ask for funds: no, asked for yes"),
        ({"may_ask": None}, "? may ask for funds: unknown, asked for yes"),
        ({"on": D(2026, 3, 12)}, "✗ activity is over: yes, asked for no"),
        (
            {"planned": DateRange.of_days(D(2026, 12, 31), D(2027, 1, 1))},
            "✗ activity is in the fund's period: no, asked for yes",
        ),
    ],
)
def test_a_request_that_may_not_be_made_says_why(told: dict[str, Any], reason: str) -> None:
    found = ask(budgeted(), **told)
    refused(found, reason)
    assert found.record is None


def test_a_policy_may_ask_for_requests_in_good_time() -> None:
    """14 days before the 9 March is the 23 February."""
    strict = attrs.evolve(POLICY, ahead_days=14)
    assert ask(budgeted(), policy=strict, on=D(2026, 2, 23)).record is not None
    refused(
        ask(budgeted(), policy=strict, on=D(2026, 2, 24)),
        "✗ days until the activity: 13, asked for at least 14",
    )


def test_an_approval_binds_what_was_asked_or_less() -> None:
    book, request = approved(budgeted(), request_of(budgeted()), eur(1_500))
    assert request.state is RequestState.APPROVED
    assert (book.remainder("R-1"), book.available("acme")) == (eur(1_500), eur(1_500))


@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        ({"by": "yamada"}, ["✗ asked for it: yes, asked for no"]),
        ({"role": "manager"}, ["✗ within the limit of the role: no, asked for yes"]),
        ({"role": "guest"}, ["✗ within the limit of the role: no, asked for yes"]),
        ({"on": D(2026, 4, 11)}, ["✗ days left for claims: -1, asked for at least 0"]),
        (
            {"amount": eur("2000.01")},
            [
                "✗ left of what was asked for: -€0.01, asked for at least €0.00",
                "✗ left of the supported part of the cost: -€0.01, asked for at least €0.00",
            ],
        ),
    ],
)
def test_an_approval_that_may_not_be_given_says_why(told: dict[str, Any], reasons: list[str]) -> None:
    book = budgeted()
    full: dict[str, Any] = {"by": "sato", "role": "director", "on": TODAY, **told}
    moved = request_approved(book, request_of(book), POLICY, **full)
    refused(moved, *reasons)
    assert moved.record.state is RequestState.SUBMITTED


def test_no_more_is_approved_than_is_allocated() -> None:
    """3,000 allocated: after 2,000 for one request there are 1,000, and 1,500 are too much."""
    book, _ = approved(budgeted(), request_of(budgeted()))
    second = request_of(book, id="R-2", amount=eur(1_500))
    refused(
        request_approved(book, second, POLICY, by="sato", role="director", on=TODAY),
        "✗ left of the allocation after it: -€500.00, asked for at least €0.00",
    )


def test_a_request_that_is_cancelled_gives_back_what_was_bound() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    moved = request_moved(
        book, request, (), RequestAction.CANCEL, POLICY, by="yamada", on=TODAY, reason="no hall"
    )
    assert moved.record.state is RequestState.CANCELLED
    assert after(book, moved).available("acme") == eur(3_000)
    assert [step.reason for step in moved.record.steps] == [None, "no hall"]


def test_a_request_is_closed_once_its_claims_are_decided_and_the_rest_is_free() -> None:
    """2,000 approved, 1,200 claimed: 800 are released."""
    book, request = approved(budgeted(), request_of(budgeted()))
    claim = claim_of(book, request, eur(2_400))
    told: dict[str, Any] = {"by": "kim", "on": D(2026, 3, 24)}
    refused(
        request_moved(book, request, [claim], RequestAction.CANCEL, POLICY, **told),
        "✗ claims: 1, asked for at most 0",
    )
    refused(
        request_moved(book, request, [claim], RequestAction.CLOSE, POLICY, **told),
        "✗ claims not decided: 1, asked for at most 0",
    )
    paid = approve_claim(book, request, claim)
    book = after(book, paid)
    closed = request_moved(book, request, [paid.record], RequestAction.CLOSE, POLICY, **told)
    assert [one.amount for one in closed.moves] == [eur(-800)]
    assert after(book, closed).available("acme") == eur(1_800)


def test_who_asked_does_not_decline_it() -> None:
    book = budgeted()
    own = request_moved(book, request_of(book), (), RequestAction.DECLINE, POLICY, by="yamada", on=TODAY)
    refused(own, "✗ asked for it: yes, asked for no")
    done = request_moved(book, request_of(book), (), RequestAction.DECLINE, POLICY, by="sato", on=TODAY)
    assert (done.record.state, done.moves) == (RequestState.DECLINED, ())


# claims


def test_half_of_the_spend_is_paid_up_to_what_was_approved() -> None:
    """2,000 approved. Half of 3,001.01 is 1,500.505, to even 1,500.50; half of 5,000 would be 2,500: 2,000."""
    book, request = approved(budgeted(), request_of(budgeted()))
    claim = claim_of(book, request, eur("3001.01"))
    assert entitled(book, request, claim, POLICY) == eur("1500.50")
    assert entitled(book, request, claim, attrs.evolve(POLICY, rounding=Rounding.HALF_UP)) == eur("1500.51")
    assert entitled(book, request, claim_of(book, request, eur(5_000)), POLICY) == eur(2_000)


def test_a_request_has_many_claims_up_to_its_amount() -> None:
    """2,000 approved: 1,500 for the first claim, and of 1,000 for the second one only the 500 that are left."""
    book, request = approved(budgeted(), request_of(budgeted()))
    book = after(book, approve_claim(book, request, claim_of(book, request, eur(3_000))))
    proofs = [attrs.evolve(one, reference=f"{one.reference}/2") for one in (INVOICE, PHOTO)]
    second = claim_of(book, request, eur(2_000), id="C-2", proofs=proofs)
    refused(
        approve_claim(book, request, second, eur("500.01")),
        "✗ left of the request after it: -€0.01, asked for at least €0.00",
    )
    book = after(book, approve_claim(book, request, second))
    assert (book.owed("C-1"), book.owed("C-2"), book.remainder("R-1")) == (eur(1_500), eur(500), eur(0))
    third = claimed(book, request, POLICY, id="C-3", spend=eur(1), by="yamada", on=D(2026, 3, 24))
    refused(third, "✗ left of the request: €0.00, asked for more than €0.00")


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        (D(2026, 3, 8), "✗ days since the activity began: -1, asked for at least 0"),
        (D(2026, 4, 11), "✗ days left for claims: -1, asked for at least 0"),
    ],
)
def test_a_claim_comes_once_the_activity_began_and_in_time(on: D, reason: str) -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    refused(claimed(book, request, POLICY, id="C-1", spend=eur(9), by="yamada", on=on), reason)
    for last in (D(2026, 3, 9), D(2026, 4, 10)):
        assert claimed(book, request, POLICY, id="C-1", spend=eur(9), by="yamada", on=last).record is not None


def test_a_claim_needs_an_approved_request() -> None:
    book = budgeted()
    refused(
        claimed(book, request_of(book), POLICY, id="C-1", spend=eur(9), by="yamada", on=D(2026, 3, 20)),
        "✗ state of the request: submitted, asked for one of approved",
        "✗ left of the request: €0.00, asked for more than €0.00",
    )


def test_a_claim_brings_every_kind_of_proof_of_the_right_days() -> None:
    """An invoice of the day before the fair is too early, unless the policy allows a day."""
    book, request = approved(budgeted(), request_of(budgeted()))
    early = attrs.evolve(INVOICE, dated=D(2026, 3, 8))
    claim = claim_of(book, request, eur(4_000), proofs=[early])
    assert missing_proofs(request, claim) == ("invoice", "photo")
    refused(approve_claim(book, request, claim), "✗ proofs missing: 2, asked for at most 0")
    claim = proved(claim, [PHOTO, attrs.evolve(INVOICE, reference="2026-119"), PHOTO])
    assert missing_proofs(request, claim) == ()
    assert len(claim.proofs) == 3
    patient = request_of(book, id="R-2", policy=attrs.evolve(POLICY, early_proof_days=1))
    assert missing_proofs(patient, attrs.evolve(claim, proofs=(early, PHOTO))) == ()
    late = attrs.evolve(INVOICE, dated=D(2026, 4, 11))
    assert missing_proofs(request, attrs.evolve(claim, proofs=(late, PHOTO))) == ("invoice",)


def test_no_invoice_is_claimed_twice() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    first = claim_of(book, request, eur(100))
    told: dict[str, Any] = {"id": "C-2", "spend": eur(100), "by": "yamada", "on": D(2026, 3, 21)}
    again = claimed(book, request, POLICY, proofs=[INVOICE], claims=[first], **told)
    refused(again, "✗ proofs used in another claim: 1, asked for at most 0")
    second = claimed(book, request, POLICY, claims=[first], **told).record
    assert second is not None
    second = proved(second, [INVOICE, attrs.evolve(PHOTO, reference="b.jpg")])
    refused(
        approve_claim(book, request, second, claims=[first, second]),
        "✗ proofs used in another claim: 1, asked for at most 0",
    )
    declined = claim_moved(
        book, request, first, ClaimAction.DECLINE, POLICY, by="mori", on=D(2026, 3, 22)
    ).record
    assert approve_claim(book, request, second, claims=[declined, second]).decision.outcome is True


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"by": "yamada"}, "✗ asked for it: yes, asked for no"),
        ({"by": "sato"}, "✗ approved the request: yes, asked for no"),
        ({"role": "manager"}, "✗ within the limit of the role: no, asked for yes"),
    ],
)
def test_a_claim_is_approved_by_somebody_else_within_the_limit(told: dict[str, Any], reason: str) -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    claim = claim_of(book, request, eur(4_000))
    refused(approve_claim(book, request, claim, **told), reason)


def test_who_asked_does_not_approve_what_a_colleague_claims() -> None:
    book, request = approved(budgeted(), request_of(budgeted(), by="yamada"))
    claim = claim_of(book, request, eur(4_000), by="tanaka")
    refused(approve_claim(book, request, claim, by="yamada"), "✗ asked for it: yes, asked for no")


def test_who_approved_the_request_approves_its_claim_where_the_policy_says_so() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    claim = claim_of(book, request, eur(4_000))
    lenient = attrs.evolve(POLICY, name="funds/lenient", approver_may_approve_claims=True)
    assert approve_claim(book, request, claim, policy=lenient, by="sato").record.state is ClaimState.APPROVED


def test_a_claim_of_nothing_is_not_approved() -> None:
    """Half of one cent is rounded to even: nothing."""
    book, request = approved(budgeted(), request_of(budgeted()))
    claim = claim_of(book, request, eur("0.01"))
    refused(approve_claim(book, request, claim), "✗ amount: €0.00, asked for more than €0.00")


def owed_claim() -> tuple[FundBook, FundRequest, FundClaim]:
    """2,000 approved and claimed."""
    book, request = approved(budgeted(), request_of(budgeted()))
    moved = approve_claim(book, request, claim_of(book, request, eur(4_000)))
    return after(book, moved), request, moved.record


def test_a_claim_is_paid_in_parts_and_never_beyond_it() -> None:
    book, request, claim = owed_claim()
    told: dict[str, Any] = {"by": "bank", "on": D(2026, 3, 25)}
    first = reimbursed(book, request, claim, POLICY, key="1", amount=eur(750), **told)
    book, claim = after(book, first), first.record
    assert (claim.state, book.owed("C-1")) == (ClaimState.PART_PAID, eur(1_250))
    refused(
        reimbursed(book, request, claim, POLICY, key="2", amount=eur("1250.01"), **told),
        "✗ left of the claim after it: -€0.01, asked for at least €0.00",
    )
    refused(
        reimbursed(book, request, claim, POLICY, key="1", amount=eur(750), **told),
        "✗ not posted before: no, asked for yes",
    )
    last = reimbursed(book, request, claim, POLICY, key="2", **told)
    assert (last.record.state, [one.amount for one in last.moves]) == (ClaimState.PAID, [eur(1_250)])
    assert after(book, last).total(Measure.REIMBURSED) == eur(2_000)


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"key": ""}, "key"),
        ({"by": " "}, "by"),
        ({"amount": Money.of(1, "USD")}, "amount"),
        ({"amount": eur(0)}, "amount"),
    ],
)
def test_a_payment_says_by_whom_by_which_key_and_how_much(changed: dict[str, Any], path: str) -> None:
    told: dict[str, Any] = {"key": "1", "by": "bank", "on": D(2026, 3, 25), **changed}
    with pytest.raises(InvalidInput) as caught:
        reimbursed(*owed_claim(), POLICY, **told)
    assert [fault.path for fault in caught.value.faults] == [path]


def test_who_approved_a_claim_does_not_pay_it() -> None:
    book, request, claim = owed_claim()
    refused(
        reimbursed(book, request, claim, POLICY, key="1", by="mori", on=D(2026, 3, 25)),
        "✗ approved it: yes, asked for no",
    )


def test_a_settlement_is_an_entry_of_the_ledger_where_there_are_books() -> None:
    book, request, claim = owed_claim()
    told: dict[str, Any] = {"by": "bank", "on": D(2026, 3, 25), "books": Bookkeeping()}
    first = reimbursed(book, request, claim, POLICY, key="1", amount=eur(750), **told)
    second = reimbursed(after(book, first), request, first.record, POLICY, key="2", **told)
    ledger = Ledger([*first.entries, *second.entries])
    assert [(one.kind, one.amount, one.number, one.books) for one in ledger] == [
        (EntryKind.REIMBURSEMENT, eur(750), 1, "acme"),
        (EntryKind.REIMBURSEMENT, eur(1_250), 2, "acme"),
    ]
    assert ledger.balance("acme", "EUR") == eur(2_000)


def test_a_claim_that_is_not_paid_goes_back_to_its_request() -> None:
    book, request, claim = owed_claim()
    moved = claim_moved(book, request, claim, ClaimAction.CANCEL, POLICY, by="kim", on=D(2026, 3, 25))
    book = after(book, moved)
    assert (moved.record.state, book.remainder("R-1"), book.available("acme")) == (
        ClaimState.CANCELLED, eur(2_000), eur(1_000),
    )  # fmt: skip


def test_a_claim_of_a_closed_request_goes_back_to_the_allocation() -> None:
    """750 of 2,000 are paid; the request is closed, then the claim: 1,250 are free again, beside the 1,000."""
    book, request, claim = owed_claim()
    told: dict[str, Any] = {"by": "bank", "on": D(2026, 3, 25)}
    paid = reimbursed(book, request, claim, POLICY, key="1", amount=eur(750), **told)
    book = after(book, paid)
    closed = request_moved(book, request, [paid.record], RequestAction.CLOSE, POLICY, **told)
    book = after(book, closed)
    moved = claim_moved(book, closed.record, paid.record, ClaimAction.CLOSE, POLICY, **told)
    book = after(book, moved)
    assert moved.record.state is ClaimState.PAID
    assert (book.remainder("R-1"), book.available("acme")) == (eur(0), eur(2_250))


def test_amounts_of_another_currency_or_below_zero_are_bad_input() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    with pytest.raises(InvalidInput) as caught:
        ask(book, id="", cost=Money.of(1, "CHF"), amount=eur(-1), planned=DateRange())
    assert [fault.path for fault in caught.value.faults] == ["id", "cost", "amount", "planned"]
    with pytest.raises(InvalidInput) as caught:
        claimed(
            book,
            request,
            POLICY,
            id="C",
            spend=Money.of(1, "CHF"),
            proofs=[PHOTO, PHOTO],
            by="",
            on=D(2026, 3, 20),
        )
    assert [fault.path for fault in caught.value.faults] == ["by", "spend", "proofs"]
    claim = claim_of(book, request, eur(1))
    for call in (
        lambda: request_approved(book, request, POLICY, by="a", role="b", on=TODAY, amount=eur(0)),
        lambda: approve_claim(book, request, claim, Money.of(1, "CHF")),
        lambda: reimbursed(book, request, claim, POLICY, key="", by="x", on=D(2026, 3, 25), amount=eur(0)),
        lambda: budget_changed(book, eur(0), POLICY, key="", by="", on=TODAY),
        lambda: allocated(book, "", eur(0), POLICY, key="", by="", on=TODAY),
    ):
        with pytest.raises(InvalidInput, match="@ amount"):
            call()


def test_records_of_another_fund_are_refused() -> None:
    book, request, claim = owed_claim()
    other = FundBook(fund(id="other"))
    told: dict[str, Any] = {"by": "kim", "on": D(2026, 3, 25)}
    with pytest.raises(InvalidInput, match="accepted: the book of that fund"):
        request_approved(other, request, POLICY, role="director", **told)
    with pytest.raises(InvalidInput, match="accepted: that request"):
        claim_moved(book, attrs.evolve(request, id="R-9"), claim, ClaimAction.CANCEL, POLICY, **told)
    with pytest.raises(InvalidInput, match=r"6 faults|accepted: moves of 'other'"):
        FundBook(other.fund, book)


def test_a_book_refuses_two_moves_of_one_id_and_takes_one_twice() -> None:
    book = budgeted()
    first = next(iter(book))
    assert len(FundBook(book.fund, [*book, first])) == len(book) == 2
    with pytest.raises(InvalidInput, match="a move is never changed"):
        FundBook(book.fund, [*book, attrs.evolve(first, reason="other")])


def test_actions_that_are_other_functions_are_refused_by_name() -> None:
    book, request, claim = owed_claim()
    with pytest.raises(InvalidInput, match="accepted here: decline, cancel, close"):
        request_moved(book, request, (), RequestAction.APPROVE, POLICY, by="kim", on=D(2026, 3, 25))
    with pytest.raises(InvalidInput, match="accepted here: decline, cancel, close"):
        claim_moved(book, request, claim, ClaimAction.PAY, POLICY, by="kim", on=D(2026, 3, 25))
    with pytest.raises(InvalidInput, match="proofs of a claim that is submitted"):
        proved(claim, [PHOTO])
    with pytest.raises(InvalidInput, match="the day of its last step, or later"):
        claim_moved(book, request, claim, ClaimAction.CANCEL, POLICY, by="kim", on=D(2026, 3, 22))


# lifecycles


@pytest.mark.parametrize("table", [FUND_MOVES, REQUEST_MOVES, CLAIM_MOVES])
def test_every_state_is_reached_and_what_is_over_stays_over(table: Any) -> None:
    kinds: list[Any] = list({type(after) for after in table.values()})
    (kind,) = kinds
    states: list[Any] = list(kind)
    first = states[0]
    reached, waiting = {first}, [first]
    while waiting:
        state = waiting.pop()
        for (before, _), following in table.items():
            if before is state and following not in reached:
                reached.add(following)
                waiting.append(following)
    assert reached == set(states)
    over = set(states) - {before for before, _ in table}
    assert (
        over
        == {
            FundState: set(),
            RequestState: {
                RequestState.DECLINED,
                RequestState.CANCELLED,
                RequestState.CLOSED,
                RequestState.EXPIRED,
            },
            ClaimState: {ClaimState.PAID, ClaimState.DECLINED, ClaimState.CANCELLED},
        }[kind]
    )


@pytest.mark.parametrize("action", [RequestAction.DECLINE, RequestAction.CANCEL, RequestAction.CLOSE])
@pytest.mark.parametrize("state", list(RequestState))
def test_a_request_moves_by_its_table_and_no_other_way(state: RequestState, action: RequestAction) -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    ways = {
        RequestState.SUBMITTED: request_of(budgeted()),
        RequestState.APPROVED: request,
        RequestState.DECLINED: request_moved(
            book, request_of(book), (), RequestAction.DECLINE, POLICY, by="kim", on=TODAY
        ).record,
        RequestState.CANCELLED: request_moved(
            book, request, (), RequestAction.CANCEL, POLICY, by="kim", on=TODAY
        ).record,
        RequestState.CLOSED: request_moved(
            book, request, (), RequestAction.CLOSE, POLICY, by="kim", on=TODAY
        ).record,
        RequestState.EXPIRED: expired(book, [request], (), POLICY, by="run", on=D(2026, 4, 11)).requests[0],
    }
    before = ways[state]
    assert before.state is state
    moved = request_moved(book, before, (), action, POLICY, by="kim", on=D(2026, 4, 12))
    assert moved.decision.outcome is ((state, action) in REQUEST_MOVES)
    assert moved.record.state is REQUEST_MOVES.get((state, action), state)


def test_every_kind_of_move_changes_a_balance_and_names_what_it_is_about() -> None:
    assert set(CHANGES) == set(FundMoveKind)
    for kind in FundMoveKind:
        with pytest.raises(InvalidInput) as caught:
            FundMove(id="m", fund="mdf", kind=kind, amount=eur(0), effective=TODAY, recorded=TODAY, by="kim")
        assert ("partner" in [fault.path for fault in caught.value.faults]) is ("budget" not in kind)
    with pytest.raises(InvalidInput, match="only a budget is taken from a parent @ parent"):
        FundMove(
            id="m", fund="mdf", kind=FundMoveKind.ALLOCATION, amount=eur(1), parent="root", partner="acme", effective=TODAY,
            recorded=TODAY, by="kim",
        )  # fmt: skip
    with pytest.raises(InvalidInput, match="accepted: below zero for release"):
        FundMove(
            id="m", fund="mdf", kind=FundMoveKind.RELEASE, amount=eur(1), partner="acme", request="R", effective=TODAY,
            recorded=TODAY, by="kim",
        )  # fmt: skip


def test_the_key_of_a_move_has_up_to_a_thousand_letters() -> None:
    told: dict[str, Any] = {"fund": "mdf", "kind": FundMoveKind.BUDGET, "amount": eur(1), "by": "kim"}
    assert FundMove(id="m" * 1000, effective=TODAY, recorded=TODAY, **told).amount == eur(1)
    with pytest.raises(InvalidInput, match="@ id"):
        FundMove(id="m" * 1001, effective=TODAY, recorded=TODAY, **told)


# what is due


def test_reminders_come_on_day_2_14_and_28_and_then_the_claim_is_overdue() -> None:
    """The fair ends on the 11 March: the 13th, the 25th and the 8 April; the last day for claims is the 10 April."""
    book, request = approved(budgeted(), request_of(budgeted()))
    found: dict[D, str] = {}
    for later in range(60):
        day = D(2026, 3, 5) + later * datetime.timedelta(days=1)
        for notice in due(book, [request], (), POLICY, day):
            if notice.id not in found.values() and notice.kind is not NoticeKind.EXPIRY:
                found[day] = notice.id
                assert (notice.since, notice.amount, notice.until) == (day, eur(2_000), D(2026, 4, 10))
    assert found == {
        D(2026, 3, 13): "R-1|reminder|2",
        D(2026, 3, 25): "R-1|reminder|14",
        D(2026, 4, 8): "R-1|reminder|28",
        D(2026, 4, 11): "R-1|claim-overdue",
    }


def test_a_run_after_a_holiday_sends_the_last_reminder_only() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    (notice,) = due(book, [request], (), POLICY, D(2026, 3, 30))
    assert (notice.id, notice.since) == ("R-1|reminder|14", D(2026, 3, 25))


def test_who_has_claimed_is_reminded_of_proofs_only() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    claim = claim_of(book, request, eur(4_000), proofs=[PHOTO])
    (notice,) = due(book, [request], [claim], POLICY, D(2026, 4, 12))
    assert (notice.kind, notice.missing, notice.claim) == (NoticeKind.MISSING_PROOF, ("invoice",), "C-1")
    assert due(book, [request], [proved(claim, [INVOICE])], POLICY, D(2026, 4, 12)) == ()


def test_what_is_unused_expires_after_the_last_day_and_once() -> None:
    """2,000 approved, 1,200 claimed: 800 go back to the allocation on the 11 April, not on the 10th."""
    book, request = approved(budgeted(), request_of(budgeted()))
    paid = approve_claim(book, request, claim_of(book, request, eur(2_400)))
    book = after(book, paid)
    told: dict[str, Any] = {"by": "run", "policy": POLICY}
    assert expired(book, [request], [paid.record], on=D(2026, 4, 10), **told).moves == ()
    found = expired(book, [request], [paid.record], on=D(2026, 4, 11), **told)
    assert [(one.id, one.amount) for one in found.moves] == [("R-1|request-expired|1", eur(-800))]
    assert [one.id for one in due(book, [request], [paid.record], POLICY, D(2026, 4, 11))] == [
        "R-1|request-expired|1"
    ]
    book = book.with_moves(found.moves)
    assert (found.requests[0].state, book.available("acme")) == (RequestState.EXPIRED, eur(1_800))
    again = expired(book, found.requests, [paid.record], on=D(2026, 4, 11), **told)
    assert (again.moves, again.requests) == ((), ())


def test_what_expires_can_be_told_before_it_does() -> None:
    """With two weeks of notice: the request's 2,000 on the 28 March, the fund's on the 18 January, two weeks before it."""
    early = attrs.evolve(POLICY, expiry_notice_days=14, reminder_days=())
    book, request = approved(budgeted(expires=D(2027, 2, 1)), request_of(budgeted(expires=D(2027, 2, 1))))
    assert due(book, [request], (), early, D(2026, 3, 27)) == ()
    (notice,) = due(book, [request], (), early, D(2026, 3, 28))
    assert (notice.id, notice.amount, notice.until) == ("R-1|request-expired|1", eur(2_000), D(2026, 4, 10))
    gone = expired(book, [request], (), early, by="run", on=D(2026, 4, 11))
    book = book.with_moves(gone.moves)
    assert due(book, gone.requests, (), early, D(2027, 1, 17)) == ()
    assert [
        (one.partner, one.amount, one.until) for one in due(book, gone.requests, (), early, D(2027, 1, 18))
    ] == [
        ("acme", eur(3_000), D(2027, 1, 31)),
        (None, eur(10_000), D(2027, 1, 31)),
    ]


def test_what_an_undecided_claim_may_take_stays_bound_until_it_is_decided() -> None:
    """2,000 approved; a claim of 2,400 waits: 1,200 stay, 800 expire. 1,000 of it are approved: then 200 expire, too."""
    book, request = approved(budgeted(), request_of(budgeted()))
    claim = claim_of(book, request, eur(2_400))
    told: dict[str, Any] = {"by": "run", "policy": POLICY, "on": D(2026, 4, 20)}
    first = expired(book, [request], [claim], **told)
    assert ([one.amount for one in first.moves], first.requests) == ([eur(-800)], ())
    book = book.with_moves(first.moves)
    decided = approve_claim(book, request, claim, eur(1_000), on=D(2026, 4, 20))
    book = after(book, decided)
    second = expired(book, [request], [decided.record], **told)
    assert [(one.id, one.amount) for one in second.moves] == [("R-1|request-expired|2", eur(-200))]
    assert second.requests[0].state is RequestState.EXPIRED


def test_a_fund_that_is_over_releases_allocations_and_then_its_budget_to_its_parent() -> None:
    """A child of 1,000 with 400 for acme and 250 of them approved and claimed: 150, then 750 go back; 250 stay."""
    above = budgeted(expires=D(2027, 2, 1))
    book = FundBook(opened(fund(id="apac", parent="mdf", expires=D(2027, 2, 1)), above.fund))
    given = budget_changed(book, eur(1_000), POLICY, key="1", by="kim", on=TODAY, above=above)
    above, book = above.with_moves(given.moves), book.with_moves(given.moves)
    book = after(book, allocated(book, "acme", eur(400), POLICY, key="1", by="kim", on=TODAY))
    book, request = approved(book, request_of(book, activity="training", cost=eur(250), amount=eur(250)))
    paid = approve_claim(book, request, claim_of(book, request, eur(250), proofs=()))
    book = after(book, paid)
    told: dict[str, Any] = {"by": "run", "policy": POLICY, "above": above}
    assert expired(book, [request], [paid.record], on=D(2027, 1, 31), **told).moves == ()
    found = expired(book, [request], [paid.record], on=D(2027, 2, 1), **told)
    assert [(one.kind, one.amount) for one in found.moves] == [
        (FundMoveKind.ALLOCATION_EXPIRED, eur(-150)),
        (FundMoveKind.BUDGET_EXPIRED, eur(-750)),
    ]
    book = book.with_moves(found.moves)
    above = above.with_moves(one for one in found.moves if one.parent == "mdf")
    assert (book.budget, book.free, above.in_children, above.free) == (eur(250), eur(0), eur(250), eur(6_750))


def test_a_request_that_nobody_decided_expires_with_nothing_to_release() -> None:
    book = budgeted()
    found = expired(book, [request_of(book)], (), POLICY, by="run", on=D(2026, 4, 11))
    assert (found.moves, [one.state for one in found.requests]) == ((), [RequestState.EXPIRED])


# conversion


def test_conversion_below_a_threshold_is_a_finding() -> None:
    """acme: one of two approved requests was claimed, 50 %; bolt has none that counts yet, so that nobody knows."""
    book = budgeted()
    book = after(book, allocated(book, "bolt", eur(500), POLICY, key="1", by="kim", on=TODAY))
    book, first = approved(book, request_of(book, amount=eur(1_000)))
    book, second = approved(book, request_of(book, id="R-2", amount=eur(1_000)))
    later = DateRange.of_days(D(2026, 9, 1), D(2026, 9, 2))
    book, third = approved(book, request_of(book, id="R-3", partner="bolt", planned=later, amount=eur(500)))
    paid = approve_claim(book, first, claim_of(book, first, eur(1_500)))  # 750
    book = after(book, paid)
    told: dict[str, Any] = {
        "requests": [first, second, third], "claims": [paid.record], "threshold": Rate.percent(60), "on": D(2026, 4, 11),
    }  # fmt: skip
    acme, bolt = conversions(book, **told)
    assert (acme.partner, acme.requests, acme.rate) == ("acme", 2, Rate.percent(50))
    assert acme.decision.outcome is ConversionAnswer.BELOW
    assert (bolt.partner, bolt.requests, bolt.rate) == ("bolt", 0, None)
    assert bolt.decision.outcome is ConversionAnswer.UNKNOWN
    # 750 of 2,000 approved are 37.5 %; a pipeline of 3,000 for 750 is 4 to 1
    assert conversions(book, of=ConversionOf.AMOUNTS, **told)[0].rate == Rate.percent("37.5")
    pipeline = conversions(book, of=ConversionOf.PIPELINE, pipeline={"acme": eur(3_000)}, **told)
    assert [one.rate for one in pipeline] == [Rate.of(4), None]
    assert pipeline[0].decision.outcome is ConversionAnswer.REACHED
    with pytest.raises(InvalidInput, match=r"pipeline.acme: found 1.00 CHF"):
        conversions(book, of=ConversionOf.PIPELINE, pipeline={"acme": Money.of(1, "CHF")}, **told)


def test_a_request_that_was_cancelled_or_can_still_be_claimed_says_nothing() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    gone = request_moved(book, request, (), RequestAction.CANCEL, POLICY, by="kim", on=TODAY).record
    told: dict[str, Any] = {"claims": (), "threshold": Rate.percent(60)}
    assert conversions(book, [request], on=D(2026, 4, 10), **told)[0].rate is None
    assert conversions(book, [request], on=D(2026, 4, 11), **told)[0].rate == Rate.of(0)
    assert conversions(book, [gone], on=D(2026, 4, 11), **told)[0].rate is None


# policies and words


def test_a_policy_that_makes_no_sense_is_refused_with_every_fault() -> None:
    event = ActivityRule(kind="event", rate=Rate.percent(101), proofs=("photo", "photo"))
    with pytest.raises(InvalidInput) as caught:
        FundPolicy(
            activities=(event, event), claim_days=-1, reminder_days=(2, -2), ahead_days=-3,
            approvers=(Approver("clerk", eur(0)), Approver("clerk", eur(1))),
        )  # fmt: skip
    assert sorted({fault.path for fault in caught.value.faults}) == [
        "activities", "activities[0].proofs", "activities[0].rate", "activities[1].proofs", "activities[1].rate",
        "ahead_days", "approvers", "approvers[0].limit", "claim_days", "reminder_days",
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match="nothing else is supported"):
        FundPolicy(activities=())


def test_a_decision_is_recorded_replayed_and_pickled() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    moved = approve_claim(book, request, claim_of(book, request, eur(4_000)), by="sato")
    policy: Any = moved.decision.policy
    again = replayed(recorded(moved.decision), [policy])
    assert (again.outcome, again.mask, again.facts) == (False, moved.decision.mask, moved.decision.facts)
    assert pickle.loads(pickle.dumps(moved)) == moved


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("ja", "実行後の割当残額：-€500.00（必要：€0.00 以上）"),
        ("zh", "执行后分配余额：-€500.00（要求：不低于 €0.00）"),
    ],
)
def test_a_refusal_is_said_in_the_readers_language(locale: str, words: str) -> None:
    book, _ = approved(budgeted(), request_of(budgeted()))
    second = request_of(book, id="R-2", amount=eur(1_500))
    moved = request_approved(book, second, POLICY, by="sato", role="director", on=TODAY)
    assert words in str(explain(moved.decision, locale))


def test_balances_and_notices_are_said_in_three_languages() -> None:
    book, request, claim = owed_claim()
    assert str(put_into_words(said_of_fund(book), "en")) == (
        "mdf, budget: €10,000.00\n  budgets of child funds: €0.00\n  allocated: €3,000.00\n  free: €7,000.00"
    )
    assert str(put_into_words(said_of_partner(book, "acme"), "ja")) == (
        "mdf における acme への割当：€3,000.00\n  承認済みの申請：€2,000.00\n  承認済みの請求：€2,000.00\n"
        "  支払済み：€0.00\n  未使用：€1,000.00"
    )
    open_book, open_request = approved(budgeted(), request_of(budgeted()))
    waiting = claim_of(open_book, open_request, eur(1), proofs=())
    said = [
        put_into_words(said_of_notice(notice), "zh").text
        for claims, day in (((), D(2026, 3, 13)), ((), D(2026, 4, 11)), ((waiting,), D(2026, 4, 10)))
        for notice in due(open_book, [open_request], claims, POLICY, day)
    ]
    assert said == [
        "acme 可在2026年4月10日前就 R-1 申报 €2,000.00",
        "acme 未就 R-1 申报 €2,000.00（截止日：2026年4月10日）",
        "2026年4月10日后失效：R-1 的 €2,000.00",
        "acme 的申报 C-1 缺少凭证：invoice和photo",
    ]
    assert claim.request == request.id


# laws


@given(
    st.lists(st.tuples(st.integers(-500, 500).filter(bool), st.sampled_from(["acme", "bolt"])), max_size=8)
)
def test_what_is_accrued_and_waived_never_leaves_less_than_nothing(given_: list[tuple[int, str]]) -> None:
    """Without leave to fall below zero: at each step the larger of nothing and of what there was plus what came."""
    book, left = coop(), {"acme": 0, "bolt": 0}
    for number, (minor, partner) in enumerate(given_):
        one = Accrual(key=f"S-{number}", partner=partner, amount=Money("EUR", minor), effective=TODAY)
        book = accrue(book, one)
        left[partner] = max(left[partner] + minor, 0)
    assert {partner: book.available(partner).minor for partner in left} == left
    assert book.budget.minor == sum(left.values())


@given(st.lists(st.integers(-500, 500).filter(bool), max_size=8), st.data())
def test_accruals_are_independent_of_batches(amounts: list[int], data: st.DataObject) -> None:
    accruals = [
        Accrual(key=f"S-{number}", partner="acme", amount=Money("EUR", minor), effective=TODAY)
        for number, minor in enumerate(amounts)
    ]
    cut = data.draw(st.integers(0, len(accruals)))
    at_once = accrue(coop(), *accruals)
    in_two = accrue(accrue(coop(), *accruals[:cut]), *accruals)
    assert list(at_once) == list(in_two)


@given(st.integers(1, 10**9), st.fractions(Fraction(1, 20), 1, max_denominator=20))
def test_the_share_is_the_exact_one_rounded_to_even(minor: int, rate: Fraction) -> None:
    """Python's own rounding of a fraction takes a tie to the even number."""
    assert POLICY.share(Rate.of(rate), Money("EUR", minor)).minor == round(minor * rate)
