"""Requests: a partner asks for funds for an activity; an approval binds a part of its allocation, a release frees it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

import attrs

from prmcore.decisions import Decision
from prmcore.errors import Faults, InvalidInput
from prmcore.incentives.funds.book import FundBook
from prmcore.incentives.funds.model import (
    REQUEST_MOVES,
    ClaimState,
    Fund,
    FundClaim,
    FundMove,
    FundMoveKind,
    FundRequest,
    FundStep,
    RequestAction,
)
from prmcore.incentives.funds.policy import (
    AskFacts,
    FundMoved,
    FundPolicy,
    RequestFacts,
    asking,
    check_amounts,
    check_ids,
    checked_step,
    moving_request,
)
from prmcore.values import DateRange, Money, checked_date, natural_key

__all__ = ["asked", "by_request", "claims_of", "request_approved", "request_move", "request_moved"]

_DAY = datetime.timedelta(days=1)


def asked(
    fund: Fund,
    policy: FundPolicy,
    *,
    id: str,
    partner: str,
    activity: str,
    planned: DateRange,
    cost: Money,
    amount: Money,
    by: str,
    on: datetime.date,
    may_ask: bool | None = True,
) -> FundMoved[FundRequest | None]:
    """A request for an activity that is still to come; None when it is refused.

    `may_ask` says whether the partner's status allows it, None that nobody knows. The rate, the proofs and the last day for
    claims are kept with the request: a later policy changes nothing of what was promised.
    """
    faults = Faults(f"the request {id!r:.60} cannot be made")
    check_ids(faults, (("id", id), ("partner", partner), ("by", by)))
    check_amounts(faults, fund.currency, {"cost": cost, "amount": amount})
    if planned.start is None or planned.end is None:
        faults.add(f"found {planned}; accepted: a first and a last day", "planned")
    faults.raise_if_any()
    assert planned.start is not None  # checked above
    checked_step(on, fund.opened_on)
    rule = policy.rule(activity)
    facts = AskFacts(
        fund_state=fund.state,
        may_ask=may_ask,
        is_supported=rule is not None,
        in_period=planned.intersection(fund.period) == planned,
        days_ahead=(planned.start - on).days,
        is_over=planned.last_day < on,
    )
    decision = asking(policy).decide(facts, on)
    if not decision.outcome or rule is None:
        return FundMoved(decision, None)
    until = planned.last_day + datetime.timedelta(days=policy.claim_days)
    return FundMoved(decision, FundRequest(
        id=id, fund=fund.id, partner=partner, activity=activity, planned=planned, cost=cost, asked=amount,
        rate=rule.rate, proofs=rule.proofs, proofs_from=planned.start - datetime.timedelta(days=policy.early_proof_days),
        claims_until=until if fund.expires is None else min(until, fund.expires - _DAY), asked_by=by, asked_on=on,
    ))  # fmt: skip


def request_approved(
    book: FundBook,
    request: FundRequest,
    policy: FundPolicy,
    *,
    by: str,
    role: str,
    on: datetime.date,
    amount: Money | None = None,
) -> FundMoved[FundRequest]:
    """The request approved, for what was asked or for less: so much of the allocation is bound."""
    check_belongs(book, request)
    checked_step(on, request.last_step_on)
    approved = request.asked if amount is None else amount
    faults = Faults(f"the request {request.id!r} cannot be approved")
    check_amounts(faults, book.fund.currency, {"amount": approved})
    faults.raise_if_any()
    facts = RequestFacts(
        state=request.state,
        fund_state=book.fund.state,
        asked_it=by == request.asked_by,
        within_limit=policy.is_within_limit(role, approved),
        left_of_asked=request.asked - approved,
        left_of_share=policy.share(request.rate, request.cost) - approved,
        left_of_allocation=book.available(request.partner) - approved,
        days_left=(request.claims_until - on).days,
    )
    decision = moving_request(policy, RequestAction.APPROVE, book.fund.currency).decide(facts, on)
    if not decision.outcome:
        return FundMoved(decision, request)
    move = request_move(book, request, FundMoveKind.APPROVAL, approved, by, on)
    return FundMoved(decision, _after(request, RequestAction.APPROVE, by, on, role=role), (move,))


def request_moved(
    book: FundBook,
    request: FundRequest,
    claims: Iterable[FundClaim],
    action: RequestAction,
    policy: FundPolicy,
    *,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> FundMoved[FundRequest]:
    """The request declined, cancelled or closed; what of it was approved and not claimed is released.

    `claims` are those of the request. It is cancelled while there are none, and closed once all of them are decided.
    """
    if action not in (RequestAction.DECLINE, RequestAction.CANCEL, RequestAction.CLOSE):
        raise InvalidInput(f"found {action}; accepted here: decline, cancel, close")
    check_belongs(book, request)
    checked_step(on, request.last_step_on)
    own = claims_of(request, claims)
    facts = RequestFacts(
        state=request.state,
        fund_state=book.fund.state,
        asked_it=by == request.asked_by,
        open_claims=sum(one.state is ClaimState.SUBMITTED for one in own),
        claims=len(own),
    )
    decision: Decision[bool] = moving_request(policy, action, book.fund.currency).decide(facts, on)
    if not decision.outcome:
        return FundMoved(decision, request)
    rest = book.remainder(request.id)
    moves = (request_move(book, request, FundMoveKind.RELEASE, -rest, by, on, reason=reason),) if rest else ()
    return FundMoved(decision, _after(request, action, by, on, reason=reason), moves)


def by_request(claims: Iterable[FundClaim]) -> Mapping[str, list[FundClaim]]:
    """Claims by the id of their request; none of a request that is not there."""
    found: defaultdict[str, list[FundClaim]] = defaultdict(list)
    for one in claims:
        found[one.request].append(one)
    return found


def claims_of(request: FundRequest, claims: Iterable[FundClaim]) -> tuple[FundClaim, ...]:
    """The claims of a request that are neither declined nor cancelled."""
    return tuple(one for one in claims if one.request == request.id and one.is_live)


def request_move(
    book: FundBook,
    request: FundRequest,
    kind: FundMoveKind,
    amount: Money,
    by: str,
    on: datetime.date,
    *further: str,
    reason: str | None = None,
) -> FundMove:
    """A move of a request; `further` tells it from others of its kind."""
    return FundMove(
        id=natural_key(request.id, kind, *further), fund=book.fund.id, kind=kind, amount=amount, partner=request.partner,
        request=request.id, effective=on, recorded=book.checked_day(on), by=by, reason=reason,
    )  # fmt: skip


def _after(
    request: FundRequest,
    action: RequestAction,
    by: str,
    on: datetime.date,
    role: str | None = None,
    reason: str | None = None,
) -> FundRequest:
    after = REQUEST_MOVES[request.state, action].value
    step = FundStep(action=action.value, after=after, on=on, by=by, role=role, reason=reason)
    return attrs.evolve(request, steps=(*request.steps, step))


def check_belongs(book: FundBook, one: FundRequest | FundClaim) -> None:
    if one.fund != book.fund.id:
        raise InvalidInput(f"{one.id!r} belongs to the fund {one.fund!r}; accepted: the book of that fund")


def expired_request(request: FundRequest, by: str, on: datetime.date) -> FundRequest:
    """The request after the last day for its claims."""
    return _after(request, RequestAction.EXPIRE, by, checked_date(on, "on"))
