"""The records of funds: what each of them has to say, which words it keeps, and what is refused with its path."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.incentives.funds import (
    CHANGES,
    ActivityRule,
    ClaimState,
    Fund,
    FundClaim,
    FundMove,
    FundMoveKind,
    FundRequest,
    FundState,
    FundStep,
    Measure,
    Notice,
    Proof,
    RequestState,
)
from prmcore.incentives.funds.budgets import Accrual
from prmcore.values import DateRange, Money, Rate

D = datetime.date
DAYS = [D(2026, 2, day) for day in (2, 3, 4)]
YEAR = DateRange(D(2026, 1, 1), D(2027, 1, 1))


def eur(amount: int) -> Money:
    return Money.of(amount, "EUR")


def fund(**more: Any) -> Fund:
    told: dict[str, Any] = {
        "id": "mdf", "program": "acme", "period": YEAR, "currency": "EUR", "opened_by": "kim", "opened_on": D(2026, 1, 1),
        **more,
    }  # fmt: skip
    return Fund(**told)


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({"id": ""}, [("id", "found ''")]),
        ({"program": ""}, [("program", "found ''")]),
        ({"opened_by": ""}, [("opened_by", "found ''")]),
        ({"currency": "EURO"}, [("currency", "EURO")]),
        ({"currency": "points"}, [("currency", "found points; accepted: a currency")]),
        ({"parent": "mdf"}, [("parent", "a fund is not its own parent")]),
        ({"parent": "root", "accrues": True}, [("parent", "what partners accrue is not taken from a parent")]),
        ({"below_zero": True}, [("below_zero", "only of a fund that accrues")]),
        ({"expires": D(2026, 12, 31)}, [("expires", "found 2026-12-31; accepted: a day after")]),
        ({"expires": D(2027, 1, 1), "period": DateRange(D(2026, 1, 1))}, [("expires", "accepted: a day after")]),
        ({"parent": "mdf", "accrues": True}, [("parent", "not its own parent"), ("parent", "from a parent")]),
    ],
)  # fmt: skip
def test_a_fund_that_contradicts_itself_is_refused(
    more: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput, match=r"the fund .* cannot be used") as caught:
        fund(**more)
    assert [fault.path for fault in caught.value.faults] == [path for path, _ in faults]
    for fault, (_, words) in zip(caught.value.faults, faults, strict=True):
        assert words in fault.message


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"expires": D(2027, 1, 1)},  # nothing can be claimed from the day after its period
        {"period": DateRange(D(2026, 1, 1))},
        {"parent": "root", "region": "APAC"},
        {"accrues": True},
        {"accrues": True, "below_zero": True},
    ],
)
def test_a_fund_may_say_all_that_goes_together(more: dict[str, Any]) -> None:
    made = fund(**more)
    assert {name: getattr(made, name) for name in more} == more
    others = {
        "parent": None,
        "region": None,
        "accrues": False,
        "below_zero": False,
        "expires": None,
        "steps": (),
    }
    assert {name: getattr(made, name) for name in others if name not in more} == {
        name: value for name, value in others.items() if name not in more
    }  # fmt: skip


@pytest.mark.parametrize(
    "record", [FundStep, Fund, FundRequest, Proof, FundClaim, FundMove, ActivityRule, Accrual, Notice]
)
def test_a_record_is_made_by_the_names_of_its_fields(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


@pytest.mark.parametrize(
    ("more", "path"), [({"kind": ""}, "kind"), ({"reference": " "}, "reference"), ({"kind": " x"}, "kind")]
)
def test_a_proof_says_what_it_is_and_by_what_it_is_known(more: dict[str, str], path: str) -> None:
    with pytest.raises(InvalidInput, match="the proof cannot be used") as caught:
        Proof(**({"kind": "invoice", "reference": "1"} | more), dated=DAYS[0])
    assert [fault.path for fault in caught.value.faults] == [path]


# how a record stands


def steps(*told: tuple[str, str, str]) -> tuple[FundStep, ...]:
    """Each a day after the one before it: action, state after it, and by whom."""
    return tuple(
        FundStep(action=action, after=after, on=on, by=by)
        for (action, after, by), on in zip(told, DAYS, strict=False)
    )


def request(*told: tuple[str, str, str]) -> FundRequest:
    return FundRequest(
        id="R-1", fund="mdf", partner="acme", activity="event", planned=YEAR, cost=eur(2), asked=eur(1), rate=Rate.percent(50),
        proofs_from=DAYS[0], claims_until=DAYS[2], asked_by="yamada", asked_on=D(2026, 1, 9), steps=steps(*told),
    )  # fmt: skip


def claim(*told: tuple[str, str, str]) -> FundClaim:
    return FundClaim(
        id="C-1", fund="mdf", partner="acme", request="R-1", spend=eur(1), claimed_by="yamada", claimed_on=D(2026, 1, 9),
        steps=steps(*told),
    )  # fmt: skip


def test_a_request_stands_as_its_last_step_left_it() -> None:
    new = request()
    assert (new.state, new.approved_by, new.last_step_on) == (RequestState.SUBMITTED, (), D(2026, 1, 9))
    assert (new.proofs, new.steps) == ((), ())
    done = request(("approve", "approved", "sato"), ("close", "closed", "kim"))
    assert (done.state, done.approved_by, done.last_step_on) == (RequestState.CLOSED, ("sato",), DAYS[1])
    over = request(
        ("approve", "approved", "sato"), ("cancel", "approved", "kim"), ("expire", "expired", "run")
    )
    assert (over.state, over.last_step_on) == (RequestState.EXPIRED, DAYS[2])


def test_a_claim_stands_as_its_last_step_left_it() -> None:
    new = claim()
    assert (new.state, new.approved_by, new.last_step_on) == (ClaimState.SUBMITTED, (), D(2026, 1, 9))
    assert new.proofs == ()
    paid = claim(("approve", "approved", "mori"), ("pay-part", "part-paid", "bank"), ("pay", "paid", "bank"))
    assert (paid.state, paid.approved_by, paid.last_step_on) == (ClaimState.PAID, ("mori",), DAYS[2])


@pytest.mark.parametrize("state", ClaimState)
def test_a_claim_is_live_until_it_is_declined_or_cancelled(state: ClaimState) -> None:
    assert claim(("x", state, "kim")).is_live is (state not in ("declined", "cancelled"))


def test_a_fund_is_active_until_its_last_step_closed_it() -> None:
    assert fund().state is FundState.ACTIVE
    closed = steps(("close", "closed", "kim"))
    assert fund(steps=closed).state is FundState.CLOSED
    again = steps(("close", "closed", "kim"), ("reopen", "active", "kim"), ("close", "closed", "kim"))
    assert [fund(steps=again[:count]).state.value for count in (1, 2, 3)] == ["closed", "active", "closed"]


# moves: which sign each kind has, whom it names, and what it changes

PARTNER = ("partner",)
REQUEST = ("partner", "request")
CLAIM = ("partner", "request", "claim")
KINDS: dict[FundMoveKind, tuple[tuple[int, ...], tuple[str, ...], tuple[Measure, ...]]] = {
    FundMoveKind.BUDGET: ((-1, 1), (), (Measure.BUDGET,)),
    FundMoveKind.BUDGET_EXPIRED: ((-1,), (), (Measure.BUDGET,)),
    FundMoveKind.ALLOCATION: ((-1, 1), PARTNER, (Measure.ALLOCATED,)),
    FundMoveKind.ALLOCATION_EXPIRED: ((-1,), PARTNER, (Measure.ALLOCATED,)),
    FundMoveKind.ACCRUAL: ((-1, 1), PARTNER, (Measure.BUDGET, Measure.ALLOCATED)),
    FundMoveKind.WAIVER: ((1,), PARTNER, (Measure.BUDGET, Measure.ALLOCATED)),
    FundMoveKind.APPROVAL: ((1,), REQUEST, (Measure.APPROVED,)),
    FundMoveKind.RELEASE: ((-1,), REQUEST, (Measure.APPROVED,)),
    FundMoveKind.REQUEST_EXPIRED: ((-1,), REQUEST, (Measure.APPROVED,)),
    FundMoveKind.CLAIM: ((1,), CLAIM, (Measure.CLAIMED,)),
    FundMoveKind.CLAIM_RELEASE: ((-1,), CLAIM, (Measure.CLAIMED,)),
    FundMoveKind.REIMBURSEMENT: ((1,), CLAIM, (Measure.REIMBURSED,)),
}


def move(kind: FundMoveKind, amount: int, names: tuple[str, ...], **more: Any) -> FundMove:
    told: dict[str, Any] = dict.fromkeys(names, "x") | more
    return FundMove(
        id="m",
        fund="mdf",
        kind=kind,
        amount=eur(amount),
        effective=DAYS[0],
        recorded=DAYS[0],
        by="kim",
        **told,
    )


def faults_of(kind: FundMoveKind, amount: int, names: tuple[str, ...], **more: Any) -> list[tuple[str, str]]:
    try:
        move(kind, amount, names, **more)
    except InvalidInput as error:
        return [(fault.path, fault.message) for fault in error.faults]
    return []


@pytest.mark.parametrize("kind", FundMoveKind)
def test_a_move_has_the_sign_of_its_kind_and_is_never_of_nothing(kind: FundMoveKind) -> None:
    signs, names, changes = KINDS[kind]
    assert CHANGES[kind] == changes
    below, above = "found -1.00 EUR; accepted: above zero", f"found 1.00 EUR; accepted: below zero for {kind}"
    assert faults_of(kind, -1, names) == ([] if -1 in signs else [("amount", below)])
    assert faults_of(kind, 1, names) == ([] if 1 in signs else [("amount", above)])
    assert faults_of(kind, 0, names) == [("amount", "found 0.00 EUR; accepted: above zero")]


@pytest.mark.parametrize("kind", FundMoveKind)
def test_a_move_names_the_partner_request_and_claim_that_it_is_of_and_no_other(kind: FundMoveKind) -> None:
    (sign, *_), names, _ = KINDS[kind]
    assert faults_of(kind, sign, ()) == [(name, "is missing") for name in names]
    assert faults_of(kind, sign, CLAIM) == [
        (name, f"is not of a move of {kind}") for name in CLAIM if name not in names
    ]


@pytest.mark.parametrize("kind", FundMoveKind)
def test_only_a_budget_is_taken_from_a_parent(kind: FundMoveKind) -> None:
    (sign, *_), names, _ = KINDS[kind]
    found = faults_of(kind, sign, names, parent="root")
    is_budget = kind in (FundMoveKind.BUDGET, FundMoveKind.BUDGET_EXPIRED)
    assert found == ([] if is_budget else [("parent", "only a budget is taken from a parent")])
