"""Requests: every field of what is asked for, approved and released, and everything that is refused."""

import datetime
from typing import Any

import attrs
import pytest
from tests.incentives.funds.test_funds import (
    FAIR,
    POLICY,
    TODAY,
    YEAR,
    approve_claim,
    approved,
    ask,
    budgeted,
    claim_of,
    eur,
    fund,
    refused,
    request_of,
)

from prmcore.errors import InvalidInput
from prmcore.incentives.funds import (
    ClaimAction,
    FundAction,
    FundBook,
    FundMove,
    FundMoveKind,
    FundRequest,
    FundState,
    FundStep,
    RequestAction,
    RequestState,
    claim_moved,
    moved_fund,
    request_approved,
    request_moved,
)
from prmcore.incentives.funds.policy import AskFacts, RequestFacts
from prmcore.incentives.funds.requests import by_request, claims_of, expired_request
from prmcore.values import DateRange, Money, Rate

D = datetime.date
LATER = D(2026, 3, 2)


# asking


def test_a_request_keeps_all_that_was_asked_and_on_which_terms() -> None:
    """The fair begins 35 days after the 2 February; claims until 30 days after the 11 March, the 10 April."""
    found = ask(budgeted())
    assert found.record == FundRequest(
        id="R-1", fund="mdf", partner="acme", activity="event", planned=FAIR, cost=eur(4_000), asked=eur(2_000),
        rate=Rate.percent(50), proofs=("invoice", "photo"), proofs_from=D(2026, 3, 9), claims_until=D(2026, 4, 10),
        asked_by="yamada", asked_on=TODAY, steps=(),
    )  # fmt: skip
    assert found.decision.facts == AskFacts(
        fund_state=FundState.ACTIVE,
        may_ask=True,
        is_supported=True,
        in_period=True,
        days_ahead=35,
        is_over=False,
    )
    assert (found.decision.policy.name, found.decision.as_of) == ("funds/standard/ask", TODAY)
    assert (found.moves, found.entries) == ((), ())


@pytest.mark.parametrize(
    ("more", "until", "proofs_from"),
    [
        ({}, D(2026, 4, 10), D(2026, 3, 9)),
        ({"policy": attrs.evolve(POLICY, claim_days=0)}, D(2026, 3, 11), D(2026, 3, 9)),
        ({"policy": attrs.evolve(POLICY, early_proof_days=7)}, D(2026, 4, 10), D(2026, 3, 2)),
    ],
)
def test_how_long_claims_and_from_when_proofs_count_is_the_policys(
    more: dict[str, Any], until: D, proofs_from: D
) -> None:
    request = request_of(budgeted(), **more)
    assert (request.claims_until, request.proofs_from) == (until, proofs_from)


@pytest.mark.parametrize(
    ("expires", "until"), [(D(2027, 1, 10), D(2027, 1, 9)), (D(2027, 1, 22), D(2027, 1, 21)), (D(2027, 3, 1), D(2027, 1, 21))]
)  # fmt: skip
def test_nothing_is_claimed_once_the_fund_has_expired(expires: D, until: D) -> None:
    """30 days after the 22 December is the 21 January."""
    planned = DateRange.of_days(D(2026, 12, 20), D(2026, 12, 22))
    assert request_of(budgeted(expires=expires), planned=planned).claims_until == until


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({"id": ""}, ["id"]),
        ({"partner": ""}, ["partner"]),
        ({"by": ""}, ["by"]),
        ({"cost": eur(0)}, ["cost"]),
        ({"cost": Money.of(1, "CHF")}, ["cost"]),
        ({"amount": eur(0)}, ["amount"]),
        ({"amount": Money.of(1, "CHF")}, ["amount"]),
        ({"planned": DateRange(D(2026, 3, 9))}, ["planned"]),
        ({"planned": DateRange(None, D(2026, 3, 9))}, ["planned"]),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_with_its_path(
    more: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(InvalidInput, match=r"the request .* cannot be made") as caught:
        ask(budgeted(), **more)
    assert [fault.path for fault in caught.value.faults] == faults


def test_the_least_that_is_asked_for_is_one_cent() -> None:
    request = request_of(budgeted(), cost=eur("0.01"), amount=eur("0.01"))
    assert (request.cost, request.asked) == (eur("0.01"), eur("0.01"))


def test_nothing_is_asked_of_a_fund_before_it_is_open() -> None:
    with pytest.raises(InvalidInput, match="on: found 2025-12-31; accepted: 2026-01-01"):
        ask(budgeted(), on=D(2025, 12, 31))
    assert request_of(budgeted(), on=D(2026, 1, 1)).asked_on == D(2026, 1, 1)


@pytest.mark.parametrize(
    ("planned", "allowed"),
    [
        (YEAR, True),
        (DateRange(D(2025, 12, 31), D(2026, 2, 4)), False),
        (DateRange(D(2026, 12, 31), D(2027, 1, 2)), False),
        (DateRange(D(2026, 1, 31), D(2026, 2, 3)), True),  # its last day is today
        (DateRange(D(2026, 1, 31), D(2026, 2, 2)), False),
    ],
)
def test_an_activity_is_in_the_period_of_the_fund_and_not_over(planned: DateRange, allowed: bool) -> None:
    assert (ask(budgeted(), planned=planned).record is not None) is allowed


# approval


def approve(request: FundRequest | None = None, **more: Any) -> Any:
    book = more.pop("book") if "book" in more else budgeted()
    told: dict[str, Any] = {"by": "sato", "role": "director", "on": LATER, **more}
    return request_approved(book, request or request_of(book), POLICY, **told)


def test_an_approval_is_a_move_a_step_and_the_facts_that_it_was_held_against() -> None:
    """1,500 of 2,000 asked for, of half of 4,000, of 3,000 allocated: 500, 500 and 1,500 are left, for 39 days."""
    request = request_of(budgeted())
    found = approve(request, amount=eur(1_500))
    assert found.moves == (
        FundMove(
            id="R-1|approval", fund="mdf", kind=FundMoveKind.APPROVAL, amount=eur(1_500), partner="acme", request="R-1",
            effective=LATER, recorded=LATER, by="sato",
        ),
    )  # fmt: skip
    step = FundStep(action="approve", after="approved", on=LATER, by="sato", role="director", reason=None)
    assert (found.record, found.entries) == (attrs.evolve(request, steps=(step,)), ())
    assert found.decision.facts == RequestFacts(
        state=RequestState.SUBMITTED, fund_state=FundState.ACTIVE, asked_it=False, within_limit=True,
        left_of_asked=eur(500), left_of_share=eur(500), left_of_allocation=eur(1_500), days_left=39, open_claims=0, claims=0,
    )  # fmt: skip
    assert found.decision.policy.name == "funds/standard/request/approve/EUR"
    assert approve(request).moves[0].amount == eur(2_000)


def test_a_request_is_approved_up_to_the_last_day_for_its_claims() -> None:
    assert approve(on=D(2026, 4, 10)).decision.outcome is True
    refused(approve(on=D(2026, 4, 11)), "✗ days left for claims: -1, asked for at least 0")


def test_a_request_is_approved_up_to_what_is_left_and_no_cent_more() -> None:
    small = request_of(budgeted(given=1_500), amount=eur(1_800))
    refused(
        approve(small, book=budgeted(given=1_500), amount=eur("1500.01")),
        "✗ left of the allocation after it: -€0.01, asked for at least €0.00",
    )
    assert approve(small, book=budgeted(given=1_500), amount=eur(1_500)).decision.outcome is True
    refused(
        approve(small, amount=eur("1800.01")),
        "✗ left of what was asked for: -€0.01, asked for at least €0.00",
    )
    much = request_of(budgeted(), cost=eur(3_000))
    refused(
        approve(much),
        "✗ left of the supported part of the cost: -€500.00, asked for at least €0.00",
    )
    assert approve(much, amount=eur(1_500)).decision.outcome is True


def test_nothing_is_approved_in_a_closed_fund() -> None:
    book = budgeted()
    closed = FundBook(moved_fund(book.fund, FundAction.CLOSE, POLICY, by="kim", on=TODAY).record, book)
    found = approve(request_of(book), book=closed)
    refused(found, "✗ state of the fund: closed, asked for one of active")


@pytest.mark.parametrize("amount", [eur(0), Money.of(1, "CHF")])
def test_the_amount_of_an_approval_is_above_zero_and_in_the_currency_of_the_fund(amount: Money) -> None:
    with pytest.raises(InvalidInput, match="the request 'R-1' cannot be approved") as caught:
        approve(amount=amount)
    assert [fault.path for fault in caught.value.faults] == ["amount"]


# declined, cancelled, closed


def move(action: RequestAction, book: FundBook, request: FundRequest, claims: Any = (), **more: Any) -> Any:
    told: dict[str, Any] = {"by": "kim", "on": LATER, **more}
    return request_moved(book, request, claims, action, POLICY, **told)


def test_what_is_released_is_a_move_and_a_step_that_say_why() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    found = move(RequestAction.CANCEL, book, request, reason="no hall")
    assert found.moves == (
        FundMove(
            id="R-1|release", fund="mdf", kind=FundMoveKind.RELEASE, amount=eur(-2_000), partner="acme", request="R-1",
            effective=LATER, recorded=LATER, by="kim", reason="no hall",
        ),
    )  # fmt: skip
    step = FundStep(action="cancel", after="cancelled", on=LATER, by="kim", role=None, reason="no hall")
    assert found.record == attrs.evolve(request, steps=(*request.steps, step))
    assert found.decision.facts == RequestFacts(
        state=RequestState.APPROVED, fund_state=FundState.ACTIVE, asked_it=False, within_limit=None, left_of_asked=None,
        left_of_share=None, left_of_allocation=None, days_left=None, open_claims=0, claims=0,
    )  # fmt: skip
    assert found.decision.policy.name == "funds/standard/request/cancel/EUR"
    assert move(RequestAction.CANCEL, book, request, by="yamada").decision.facts.asked_it is True


def test_the_claims_of_the_request_that_are_not_over_count_and_no_others() -> None:
    book, request = approved(budgeted(), request_of(budgeted()))
    waiting = claim_of(book, request, eur(100))
    decided = approve_claim(book, request, attrs.evolve(waiting, id="C-2")).record
    over = claim_moved(
        book, request, waiting, ClaimAction.DECLINE, POLICY, by="mori", on=D(2026, 3, 21)
    ).record
    other = attrs.evolve(waiting, id="C-4", request="R-9")
    given = [waiting, decided, attrs.evolve(over, id="C-3"), other]
    found = move(RequestAction.CLOSE, book, request, iter(given))
    assert (found.decision.facts.open_claims, found.decision.facts.claims) == (1, 2)
    refused(found, "✗ claims not decided: 1, asked for at most 0")
    refused(
        move(RequestAction.CANCEL, book, request, [decided]),
        "✗ claims: 1, asked for at most 0",
    )
    assert move(RequestAction.CLOSE, book, request, [decided, over, other]).decision.outcome is True
    assert claims_of(request, given) == (waiting, decided)
    assert by_request(given) == {"R-1": given[:3], "R-9": [other]}


@pytest.mark.parametrize("action", [RequestAction.APPROVE, RequestAction.EXPIRE])
def test_actions_that_are_other_functions_are_refused_by_name(action: RequestAction) -> None:
    book = budgeted()
    with pytest.raises(InvalidInput, match=f"found {action}; accepted here: decline, cancel, close"):
        move(action, book, request_of(book))


def test_every_action_is_in_the_book_of_the_fund_and_not_before_the_last_step() -> None:
    book, request = approved(budgeted(), request_of(budgeted()), on=LATER)
    early = D(2026, 3, 1)
    calls: list[Any] = [
        lambda on, of: approve(request, book=of, on=on),
        lambda on, of: move(RequestAction.CLOSE, of, request, on=on),
    ]
    for call in calls:
        with pytest.raises(InvalidInput, match="'R-1' belongs to the fund 'mdf'; accepted: the book of that"):
            call(LATER, FundBook(fund(id="other")))
        with pytest.raises(
            InvalidInput, match="on: found 2026-03-01; accepted: 2026-03-02, the day of its last"
        ):
            call(early, book)
    refused(
        approve(request, book=book, amount=eur(1)),
        "✗ state: approved, asked for one of submitted",
    )


def test_a_request_expires_by_a_step_of_the_day() -> None:
    request = request_of(budgeted())
    step = FundStep(action="expire", after="expired", on=D(2026, 4, 11), by="run", role=None, reason=None)
    assert expired_request(request, "run", D(2026, 4, 11)) == attrs.evolve(request, steps=(step,))
    wrong: Any = "2026-04-11"
    with pytest.raises(InvalidInput, match=r"^on: found '2026-04-11'"):
        expired_request(request, "run", wrong)
