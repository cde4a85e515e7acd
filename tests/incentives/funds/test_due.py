"""What is due in a fund: every field of what is told, and of what expires."""

import datetime
from typing import Any

import attrs
import pytest
from tests.incentives.funds.test_funds import (
    INVOICE,
    PHOTO,
    POLICY,
    TODAY,
    after,
    approve_claim,
    approved,
    budgeted,
    claim_of,
    eur,
    fund,
    request_of,
)

from prmcore.errors import InvalidInput
from prmcore.incentives.funds import (
    ClaimAction,
    FundBook,
    FundMove,
    FundMoveKind,
    FundRequest,
    FundStep,
    Notice,
    NoticeKind,
    RequestAction,
    allocated,
    budget_changed,
    claim_moved,
    due,
    expired,
    opened,
    proved,
    request_moved,
)
from prmcore.values import DateRange

D = datetime.date
OVER = D(2026, 4, 11)  # the day after the last one for claims
ENDS = D(2027, 2, 1)


def case(**more: Any) -> tuple[FundBook, FundRequest]:
    """2,000 of 3,000 approved for a fair that ends on the 11 March; claims until the 10 April."""
    return approved(budgeted(**more), request_of(budgeted(**more)))


def told(kind: NoticeKind, id: str, since: D, **more: Any) -> Notice:
    given: dict[str, Any] = {"partner": "acme", "until": D(2026, 4, 10), **more}
    return Notice(id=id, kind=kind, fund="mdf", since=since, **given)


# what is told


def test_a_notice_names_what_it_is_about_and_nothing_else() -> None:
    made = Notice(id="x", kind=NoticeKind.EXPIRY, fund="mdf", since=TODAY)
    assert (made.partner, made.request, made.claim, made.amount, made.until, made.missing) == (
        None, None, None, None, None, (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "since", "days"),
    [
        (D(2026, 3, 12), None, None),
        (D(2026, 3, 13), D(2026, 3, 13), 2),
        (D(2026, 3, 24), D(2026, 3, 13), 2),
        (D(2026, 3, 25), D(2026, 3, 25), 14),
        (D(2026, 4, 10), D(2026, 4, 8), 28),
    ],
)
def test_a_reminder_says_what_can_be_claimed_until_when(on: D, since: D | None, days: int | None) -> None:
    book, request = case()
    expected = () if since is None else (
        told(NoticeKind.REMINDER, f"R-1|reminder|{days}", since, request="R-1", amount=eur(2_000)),
    )  # fmt: skip
    assert due(book, iter([request]), iter(()), POLICY, on) == expected


def test_after_the_last_day_it_is_told_what_was_not_claimed_and_what_expires() -> None:
    book, request = case()
    assert due(book, [request], (), POLICY, D(2026, 4, 12)) == (
        told(NoticeKind.CLAIM_OVERDUE, "R-1|claim-overdue", OVER, request="R-1", amount=eur(2_000)),
        told(NoticeKind.EXPIRY, "R-1|request-expired|1", D(2026, 4, 12), request="R-1", amount=eur(2_000)),
    )


def test_a_claim_that_waits_is_told_with_the_proofs_that_it_lacks() -> None:
    book, request = case()
    claim = claim_of(book, request, eur(4_000), proofs=())
    lacking = told(
        NoticeKind.MISSING_PROOF, "C-1|missing-proof|invoice|photo", D(2026, 3, 20), request="R-1", claim="C-1",
        missing=("invoice", "photo"),
    )  # fmt: skip
    assert due(book, [request], [claim], POLICY, D(2026, 4, 1)) == (lacking,)
    assert due(book, [], [claim], POLICY, D(2026, 4, 1)) == ()  # its request is of another fund
    assert due(book, [request], [proved(claim, [INVOICE, PHOTO])], POLICY, D(2026, 4, 1)) == ()
    declined = claim_moved(book, request, claim, ClaimAction.DECLINE, POLICY, by="mori", on=D(2026, 3, 20))
    (reminder,) = due(book, [request], [declined.record], POLICY, D(2026, 4, 1))
    assert reminder.kind is NoticeKind.REMINDER


def test_nothing_is_due_of_a_request_that_is_not_approved() -> None:
    book, request = case()
    gone = request_moved(book, request, (), RequestAction.CANCEL, POLICY, by="kim", on=TODAY)
    for one in (request_of(budgeted()), gone.record):
        assert due(after(book, gone), [one], (), POLICY, D(2026, 4, 20)) == ()


def test_all_that_is_due_is_told_in_the_order_of_its_ids() -> None:
    book, first = case()
    book, other = approved(book, request_of(book, id="A-1", amount=eur(500)))
    claim = claim_of(book, first, eur(1), proofs=(), id="B-1")
    found = due(book, [first, other], [claim], POLICY, D(2026, 4, 1))
    assert [one.id for one in found] == ["A-1|reminder|14", "B-1|missing-proof|invoice|photo"]
    wrong: Any = "2026-04-01"
    with pytest.raises(InvalidInput, match="as_of: found '2026-04-01'"):
        due(book, [], (), POLICY, wrong)


def test_what_will_have_expired_is_told_the_days_of_notice_before() -> None:
    """With 10 days: the request on the 1 April; the 3,000 of acme and the 7,000 beside them on the 22 January."""
    early = attrs.evolve(POLICY, expiry_notice_days=10, reminder_days=())
    book, request = case(expires=ENDS)
    assert due(book, [request], (), early, D(2026, 3, 31)) == ()
    assert due(book, [request], (), early, D(2026, 4, 1)) == (
        told(NoticeKind.EXPIRY, "R-1|request-expired|1", D(2026, 4, 1), request="R-1", amount=eur(2_000)),
    )
    until = D(2027, 1, 31)
    assert due(book, [], (), early, D(2027, 1, 21)) == ()
    assert due(book, [], (), early, D(2027, 1, 22)) == (
        told(NoticeKind.EXPIRY, "mdf|allocation-expired|acme|1", D(2027, 1, 22), amount=eur(1_000), until=until),
        told(NoticeKind.EXPIRY, "mdf|budget-expired|1", D(2027, 1, 22), amount=eur(8_000), until=until, partner=None),
    )  # fmt: skip


# what expires


def test_what_expires_are_moves_of_the_day_of_the_run_and_the_steps_of_its_requests() -> None:
    """2,000 of the request go back to the 1,000 of acme, these to the 7,000 beside them: 10,000 leave the fund."""
    book, request = case(expires=ENDS)
    found = expired(book, iter([request]), iter(()), POLICY, by="run", on=ENDS)

    def move(id: str, kind: FundMoveKind, amount: int, **more: Any) -> FundMove:
        return FundMove(
            id=id, fund="mdf", kind=kind, amount=eur(amount), effective=ENDS, recorded=ENDS, by="run", **more
        )

    assert found.moves == (
        move("R-1|request-expired|1", FundMoveKind.REQUEST_EXPIRED, -2_000, partner="acme", request="R-1"),
        move("mdf|allocation-expired|acme|1", FundMoveKind.ALLOCATION_EXPIRED, -3_000, partner="acme"),
        move("mdf|budget-expired|1", FundMoveKind.BUDGET_EXPIRED, -10_000),
    )
    step = FundStep(action="expire", after="expired", on=ENDS, by="run")
    assert found.requests == (attrs.evolve(request, steps=(*request.steps, step)),)
    over = book.with_moves(found.moves)
    assert (over.budget, over.free, over.available("acme")) == (eur(0), eur(0), eur(0))
    assert expired(over, found.requests, (), POLICY, by="run", on=ENDS).moves == ()


def test_what_comes_into_a_fund_that_is_over_expires_by_the_next_number() -> None:
    book, request = case(expires=ENDS)
    found = expired(book, [request], (), POLICY, by="run", on=ENDS)
    book = book.with_moves(found.moves)
    changes: list[Any] = [
        lambda one: budget_changed(one, eur(50), POLICY, key="late", by="kim", on=ENDS),
        lambda one: allocated(one, "acme", eur(20), POLICY, key="late", by="kim", on=ENDS),
        lambda one: allocated(one, "bolt", eur(5), POLICY, key="late", by="kim", on=ENDS),
    ]
    for change in changes:
        book = after(book, change(book))
    assert [(one.id, one.amount) for one in expired(book, (), (), POLICY, by="run", on=ENDS).moves] == [
        ("mdf|allocation-expired|acme|2", eur(-20)),
        ("mdf|allocation-expired|bolt|1", eur(-5)),
        ("mdf|budget-expired|2", eur(-50)),
    ]


def test_the_budget_of_a_child_goes_back_to_its_parent() -> None:
    above = budgeted(expires=ENDS)
    book = FundBook(opened(fund(id="apac", parent="mdf", expires=ENDS), above.fund))
    book = after(book, budget_changed(book, eur(40), POLICY, key="1", by="kim", on=TODAY, above=above))
    book = after(book, allocated(book, "acme", eur(10), POLICY, key="1", by="kim", on=TODAY))
    found = expired(book, (), (), POLICY, by="run", on=ENDS, above=above)
    assert [(one.parent, one.amount) for one in found.moves] == [(None, eur(-10)), ("mdf", eur(-40))]


def test_nothing_expires_before_the_last_move_of_the_fund_or_of_its_parent() -> None:
    book, request = case()
    early: dict[str, Any] = {"by": "run", "on": D(2026, 2, 1)}
    calls: list[Any] = [
        lambda: expired(book, [request], (), POLICY, **early),
        lambda: expired(FundBook(fund(id="x", parent="mdf")), (), (), POLICY, above=book, **early),
    ]
    for call in calls:
        with pytest.raises(InvalidInput, match="accepted: 2026-02-02, the day of the fund's last move"):
            call()


def test_a_request_expires_the_day_after_the_last_one_for_claims_unless_a_claim_of_it_waits() -> None:
    book, request = case()
    waiting = claim_of(book, request, eur(4_000))
    other = attrs.evolve(waiting, request="R-9")
    run: dict[str, Any] = {"policy": POLICY, "by": "run"}
    assert expired(book, [request], [other], on=D(2026, 4, 10), **run).requests == ()
    assert [one.id for one in expired(book, [request], [other], on=OVER, **run).requests] == ["R-1"]
    held = expired(book, [request], [waiting], on=OVER, **run)
    assert (held.moves, held.requests) == ((), ())  # the claim may take all 2,000
    declined = claim_moved(
        book, request, waiting, ClaimAction.DECLINE, POLICY, by="mori", on=D(2026, 4, 1)
    ).record
    gone = expired(book, [request], [declined], on=OVER, **run)
    assert ([one.amount for one in gone.moves], len(gone.requests)) == ([eur(-2_000)], 1)
    closed = request_moved(book, request, (), RequestAction.CLOSE, POLICY, by="kim", on=TODAY).record
    assert expired(book, [closed], (), on=OVER, **run).requests == ()


def test_what_several_requests_release_goes_back_to_the_allocation_of_each_partner() -> None:
    """acme: 1,000 free, 2,000 approved, 500 of them claimed; bolt: 300 free, 200 approved. Then 6,500 beside them."""
    book = after(
        budgeted(expires=ENDS), allocated(budgeted(), "bolt", eur(500), POLICY, key="1", by="kim", on=TODAY)
    )
    book, first = approved(book, request_of(book))
    short = DateRange.of_days(D(2026, 3, 9), D(2026, 3, 9))
    told: dict[str, Any] = {"activity": "training", "cost": eur(200), "amount": eur(200), "planned": short}
    book, second = approved(book, request_of(book, id="R-2", partner="bolt", **told))
    paid = approve_claim(book, first, claim_of(book, first, eur(1_000)))
    book = after(book, paid)
    found = expired(book, [first, second], [paid.record], POLICY, by="run", on=ENDS)
    assert [(one.kind.value, one.partner, one.amount) for one in found.moves] == [
        ("request-expired", "acme", eur(-1_500)), ("request-expired", "bolt", eur(-200)),
        ("allocation-expired", "acme", eur(-2_500)), ("allocation-expired", "bolt", eur(-500)),
        ("budget-expired", None, eur(-9_500)),
    ]  # fmt: skip
