"""The records of funds: budgets, what partners ask for and claim, and the moves that every balance is derived from.

A fund is a budget of a program; a child fund takes its budget from its parent. Part of a budget is allocated to a partner,
part of an allocation is approved for a request, part of what was approved is claimed, and what was claimed is reimbursed.
No record holds a balance: a balance is a sum of moves, and moves are only ever added.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum

import attrs

from prmcore.errors import Faults
from prmcore.values import DateRange, Money, Rate, checked_id, currency_digits, is_points, natural_key

__all__ = [
    "CHANGES", "CLAIM_MOVES", "FUND_MOVES", "REQUEST_MOVES", "ClaimAction", "ClaimState", "Fund", "FundAction", "FundClaim",
    "FundMove", "FundMoveKind", "FundRequest", "FundState", "FundStep", "Measure", "Proof", "RequestAction", "RequestState",
    "natural_key",
]  # fmt: skip


# lifecycles


class FundState(StrEnum):
    """Whether a fund takes new requests."""

    ACTIVE = "active"
    CLOSED = "closed"  # to new requests and allocations; what was approved is claimed and paid all the same


class FundAction(StrEnum):
    """What somebody can do with a fund."""

    CLOSE = "close"
    REOPEN = "reopen"


FUND_MOVES: Mapping[tuple[FundState, FundAction], FundState] = {
    (FundState.ACTIVE, FundAction.CLOSE): FundState.CLOSED,
    (FundState.CLOSED, FundAction.REOPEN): FundState.ACTIVE,
}


class RequestState(StrEnum):
    """How a request stands."""

    SUBMITTED = "submitted"
    APPROVED = "approved"  # its amount is bound
    DECLINED = "declined"
    CANCELLED = "cancelled"
    CLOSED = "closed"  # all of it is claimed that will be; the rest was released
    EXPIRED = "expired"  # the last day for claims has passed; the rest was released


class RequestAction(StrEnum):
    """What somebody can do with a request."""

    APPROVE = "approve"
    DECLINE = "decline"
    CANCEL = "cancel"
    CLOSE = "close"
    EXPIRE = "expire"


REQUEST_MOVES: Mapping[tuple[RequestState, RequestAction], RequestState] = {
    (RequestState.SUBMITTED, RequestAction.APPROVE): RequestState.APPROVED,
    (RequestState.SUBMITTED, RequestAction.DECLINE): RequestState.DECLINED,
    (RequestState.SUBMITTED, RequestAction.CANCEL): RequestState.CANCELLED,
    (RequestState.SUBMITTED, RequestAction.EXPIRE): RequestState.EXPIRED,
    (RequestState.APPROVED, RequestAction.CANCEL): RequestState.CANCELLED,
    (RequestState.APPROVED, RequestAction.CLOSE): RequestState.CLOSED,
    (RequestState.APPROVED, RequestAction.EXPIRE): RequestState.EXPIRED,
}


class ClaimState(StrEnum):
    """How a claim stands."""

    SUBMITTED = "submitted"
    APPROVED = "approved"  # owed
    PART_PAID = "part-paid"
    PAID = "paid"  # reimbursed in whole, or closed when the rest was not needed
    DECLINED = "declined"
    CANCELLED = "cancelled"


class ClaimAction(StrEnum):
    """What somebody can do with a claim."""

    APPROVE = "approve"
    DECLINE = "decline"
    CANCEL = "cancel"
    PAY_PART = "pay-part"
    PAY = "pay"  # all that is left
    CLOSE = "close"  # what is left is not paid, and is free for other claims of the request


CLAIM_MOVES: Mapping[tuple[ClaimState, ClaimAction], ClaimState] = {
    (ClaimState.SUBMITTED, ClaimAction.APPROVE): ClaimState.APPROVED,
    (ClaimState.SUBMITTED, ClaimAction.DECLINE): ClaimState.DECLINED,
    (ClaimState.SUBMITTED, ClaimAction.CANCEL): ClaimState.CANCELLED,
    (ClaimState.APPROVED, ClaimAction.CANCEL): ClaimState.CANCELLED,
    (ClaimState.APPROVED, ClaimAction.PAY_PART): ClaimState.PART_PAID,
    (ClaimState.APPROVED, ClaimAction.PAY): ClaimState.PAID,
    (ClaimState.PART_PAID, ClaimAction.PAY_PART): ClaimState.PART_PAID,
    (ClaimState.PART_PAID, ClaimAction.PAY): ClaimState.PAID,
    (ClaimState.PART_PAID, ClaimAction.CLOSE): ClaimState.PAID,
}


@attrs.frozen(kw_only=True)
class FundStep:
    """One step of a fund, a request or a claim, for the audit trail."""

    action: str  # of the table that its record moves by
    after: str  # the state
    on: datetime.date
    by: str
    role: str | None = None  # in which it was approved
    reason: str | None = None


# records


@attrs.frozen(kw_only=True)
class Fund:
    """A budget for a program, a period and a region; its amounts are in its moves."""

    id: str
    program: str  # in whose books reimbursements stand
    period: DateRange  # in which its activities take place
    currency: str
    parent: str | None = None  # id of the fund that its budget is taken from
    region: str | None = None
    accrues: bool = (
        False  # co-op: partners earn their allocations by their sales, and the budget grows with them
    )
    below_zero: bool = (
        False  # of an accruing fund: refunds take back what is bound already, and later sales settle it
    )
    expires: datetime.date | None = None  # the first day on which nothing can be claimed; None = never
    opened_by: str
    opened_on: datetime.date
    steps: tuple[FundStep, ...] = ()

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the fund {self.id!r:.60} cannot be used")
        _check_ids(faults, id=self.id, program=self.program, opened_by=self.opened_by)
        if is_points(self.currency):
            faults.add(f"found {self.currency}; accepted: a currency", "currency")
        else:
            with faults.within("currency"):
                currency_digits(self.currency)
        if self.parent == self.id:
            faults.add("a fund is not its own parent", "parent")
        if self.accrues and self.parent is not None:
            faults.add(
                "what partners accrue is not taken from a parent; accepted: a fund without one", "parent"
            )
        if self.below_zero and not self.accrues:
            faults.add(
                "only of a fund that accrues; in others nothing is taken back by refunds", "below_zero"
            )
        if self.expires is not None and (self.period.end is None or self.expires < self.period.end):
            faults.add(f"found {self.expires}; accepted: a day after {self.period}", "expires")
        faults.raise_if_any()

    @property
    def state(self) -> FundState:
        return FundState(self.steps[-1].after) if self.steps else FundState.ACTIVE


@attrs.frozen(kw_only=True)
class FundRequest:
    """What a partner asks for, for an activity; on which terms is kept with it, whatever the policy says later."""

    id: str
    fund: str
    partner: str
    activity: str  # its kind
    planned: DateRange
    cost: Money  # as estimated
    asked: Money
    rate: Rate  # the part of what is spent that is reimbursed
    proofs: tuple[str, ...] = ()  # the kinds of proof that each claim has to bring
    proofs_from: datetime.date  # a proof of an earlier day does not count
    claims_until: datetime.date  # the last day for claims
    asked_by: str
    asked_on: datetime.date
    steps: tuple[FundStep, ...] = ()

    @property
    def state(self) -> RequestState:
        return RequestState(self.steps[-1].after) if self.steps else RequestState.SUBMITTED

    @property
    def approved_by(self) -> tuple[str, ...]:
        return _approved_by(self.steps)

    @property
    def last_step_on(self) -> datetime.date:
        return self.steps[-1].on if self.steps else self.asked_on


@attrs.frozen(kw_only=True)
class Proof:
    """That an activity took place, or what it cost: an invoice, photographs, a list of those who came."""

    kind: str
    reference: str  # by which it is known: the number of the invoice, the name of the file
    dated: datetime.date

    def __attrs_post_init__(self) -> None:
        faults = Faults("the proof cannot be used")
        _check_ids(faults, kind=self.kind, reference=self.reference)
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class FundClaim:
    """What a partner spent on the activity of one request, and its proofs."""

    id: str
    fund: str
    partner: str
    request: str
    spend: Money
    proofs: tuple[Proof, ...] = ()
    claimed_by: str
    claimed_on: datetime.date
    steps: tuple[FundStep, ...] = ()

    @property
    def state(self) -> ClaimState:
        return ClaimState(self.steps[-1].after) if self.steps else ClaimState.SUBMITTED

    @property
    def approved_by(self) -> tuple[str, ...]:
        return _approved_by(self.steps)

    @property
    def is_live(self) -> bool:
        """Neither declined nor cancelled."""
        return self.state not in (ClaimState.DECLINED, ClaimState.CANCELLED)

    @property
    def last_step_on(self) -> datetime.date:
        return self.steps[-1].on if self.steps else self.claimed_on


def _approved_by(steps: tuple[FundStep, ...]) -> tuple[str, ...]:
    return tuple(step.by for step in steps if step.action == RequestAction.APPROVE)


# moves


class Measure(StrEnum):
    """What a balance is of."""

    BUDGET = "budget"
    ALLOCATED = "allocated"
    APPROVED = "approved"
    CLAIMED = "claimed"
    REIMBURSED = "reimbursed"


class FundMoveKind(StrEnum):
    """What a move in the book of a fund is for."""

    BUDGET = "budget"  # given to the fund, or taken from it; to a child it comes from its parent
    ALLOCATION = "allocation"  # to a partner, or taken back
    ACCRUAL = "accrual"  # earned by a partner's sales; below zero of a refund
    WAIVER = "waiver"  # what a refund does not take back, because it is bound already
    APPROVAL = "approval"  # of a request: binds a part of the allocation
    RELEASE = "release"  # of what a request does not need
    CLAIM = "claim"  # approved
    CLAIM_RELEASE = "claim-release"  # of what an approved claim is not paid
    REIMBURSEMENT = "reimbursement"
    REQUEST_EXPIRED = "request-expired"
    ALLOCATION_EXPIRED = "allocation-expired"
    BUDGET_EXPIRED = "budget-expired"


# which balances a kind of move changes, by its amount
CHANGES: Mapping[FundMoveKind, tuple[Measure, ...]] = {
    FundMoveKind.BUDGET: (Measure.BUDGET,),
    FundMoveKind.BUDGET_EXPIRED: (Measure.BUDGET,),
    FundMoveKind.ALLOCATION: (Measure.ALLOCATED,),
    FundMoveKind.ALLOCATION_EXPIRED: (Measure.ALLOCATED,),
    FundMoveKind.ACCRUAL: (Measure.BUDGET, Measure.ALLOCATED),
    FundMoveKind.WAIVER: (Measure.BUDGET, Measure.ALLOCATED),
    FundMoveKind.APPROVAL: (Measure.APPROVED,),
    FundMoveKind.RELEASE: (Measure.APPROVED,),
    FundMoveKind.REQUEST_EXPIRED: (Measure.APPROVED,),
    FundMoveKind.CLAIM: (Measure.CLAIMED,),
    FundMoveKind.CLAIM_RELEASE: (Measure.CLAIMED,),
    FundMoveKind.REIMBURSEMENT: (Measure.REIMBURSED,),
}
_ADDS = {FundMoveKind.WAIVER, FundMoveKind.APPROVAL, FundMoveKind.CLAIM, FundMoveKind.REIMBURSEMENT}
_EITHER = {FundMoveKind.BUDGET, FundMoveKind.ALLOCATION, FundMoveKind.ACCRUAL}


@attrs.frozen(kw_only=True)
class FundMove:
    """One movement of a fund's balances; it is never edited."""

    id: str  # its natural key
    fund: str
    kind: FundMoveKind
    amount: Money  # signed, and not zero
    parent: str | None = None  # of a budget: the fund that it is taken from
    partner: str | None = None
    request: str | None = None
    claim: str | None = None
    effective: datetime.date  # of what it is about
    recorded: datetime.date  # since when it is known
    by: str
    reason: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the move {self.id!r:.80} cannot be used")
        with faults.within("id"):
            checked_id(self.id, longest=1000)
        sign = self.amount.minor
        if not sign or (sign < 0 and self.kind in _ADDS):
            faults.add(f"found {self.amount}; accepted: above zero", "amount")
        elif sign > 0 and self.kind not in _ADDS | _EITHER:
            faults.add(f"found {self.amount}; accepted: below zero for {self.kind}", "amount")
        if self.parent is not None and CHANGES[self.kind] != (Measure.BUDGET,):
            faults.add("only a budget is taken from a parent", "parent")
        for name, wanted in self._named().items():
            if (getattr(self, name) is not None) != wanted:
                faults.add("is missing" if wanted else f"is not of a move of {self.kind}", name)
        faults.raise_if_any()

    def _named(self) -> dict[str, bool]:
        """Which of partner, request and claim a move of this kind has to name."""
        measure = CHANGES[self.kind][-1]
        of_request = measure in (Measure.APPROVED, Measure.CLAIMED, Measure.REIMBURSED)
        return {
            "partner": measure is not Measure.BUDGET,
            "request": of_request,
            "claim": of_request and measure is not Measure.APPROVED,
        }


def _check_ids(faults: Faults, **ids: str) -> None:
    for name, one in ids.items():
        with faults.within(name):
            checked_id(one)
