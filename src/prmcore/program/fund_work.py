"""The use cases of funds: open one, allocate it, ask and approve, claim and reimburse, expire what is unused.

Each is one unit of work, and each names the version of the fund that it saw: of two people who approve the last of a balance
at once, the second one is asked again, with what is left then. Whoever is refused is given the decision, and nothing changes.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import attrs

from prmcore.errors import InvalidInput
from prmcore.incentives import funds
from prmcore.incentives.funds import (
    Accrual,
    ClaimAction,
    Fund,
    FundAction,
    FundBook,
    FundClaim,
    FundExpiry,
    FundMove,
    FundMoved,
    FundPolicy,
    FundRequest,
    Notice,
    Proof,
    RequestAction,
)
from prmcore.incentives.funds.repository import (
    FUND_BOOK_MOVES,
    FUND_CLAIMS,
    FUND_NOTICES,
    FUND_REQUESTS,
    FUNDS,
)
from prmcore.partners import PARTNERS, PartnerFacts, Right, Rights
from prmcore.program.earning import bookkeeping_in, keep_entries
from prmcore.program.model import ProgramVersions
from prmcore.repository import Aggregate, Store, Stored, UnitOfWork, asked_for, committed, found_in
from prmcore.values import DateRange, Money

__all__ = [
    "accrue", "add_proofs", "allocate", "approve_claim", "approve_request", "ask_for_funds", "change_budget", "expire_funds",
    "file_claim", "fund_book", "fund_claims", "fund_notices", "fund_requests", "move_claim", "move_fund", "move_request",
    "open_fund", "reimburse",
]  # fmt: skip

R = TypeVar("R")
T = TypeVar("T")
_STANDARD = Rights()


@attrs.frozen
class _Kept:
    """A fund as it was read, with its book."""

    stored: Stored[Fund]
    book: FundBook

    @property
    def fund(self) -> Fund:
        return self.stored.record


def _read(work: UnitOfWork, fund: str) -> _Kept:
    stored = asked_for(work, FUNDS, fund)
    moves = [one.record for one in work.repository(FUND_BOOK_MOVES).query(book=fund)]
    return _Kept(stored, FundBook(stored.record, moves))


def _above(work: UnitOfWork, kept: _Kept) -> _Kept | None:
    return None if kept.fund.parent is None else _read(work, kept.fund.parent)


def _keep(work: UnitOfWork, kept: _Kept, moves: Iterable[FundMove] = (), fund: Fund | None = None) -> None:
    """Adds moves, and puts the fund that they were decided by: who decided by an older version begins again."""
    for move in moves:
        work.repository(FUND_BOOK_MOVES).put(move)
    work.repository(FUNDS).put(kept.fund if fund is None else fund, expected=kept.stored.version)


def _records(work: UnitOfWork, kind: Aggregate[R], **keys: str) -> list[R]:
    return [one.record for one in work.repository(kind).query(**keys)]


# funds and their budgets


def open_fund(store: Store, fund: Fund) -> Fund:
    """A new fund, with nothing in it yet; opening the same one again changes nothing."""

    def change(work: UnitOfWork) -> Fund:
        parent = None if fund.parent is None else asked_for(work, FUNDS, fund.parent).record
        funds.opened(fund, parent)
        kept = found_in(work.repository(FUNDS), fund.id)
        if kept is None:
            work.repository(FUNDS).put(fund)
            return fund
        if attrs.evolve(kept.record, steps=()) != attrs.evolve(fund, steps=()):
            raise InvalidInput(f"there is another fund {fund.id!r}; accepted: an id of its own")
        return kept.record

    return committed(store, change)


def move_fund(
    store: Store,
    fund: str,
    action: FundAction,
    policy: FundPolicy,
    *,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> FundMoved[Fund]:
    """Closes a fund to new requests, or opens it again."""

    def change(work: UnitOfWork) -> FundMoved[Fund]:
        kept = _read(work, fund)
        moved = funds.moved_fund(kept.fund, action, policy, by=by, on=on, reason=reason)
        if moved.decision.outcome:
            _keep(work, kept, fund=moved.record)
        return moved

    return committed(store, change)


def change_budget(
    store: Store,
    fund: str,
    amount: Money,
    policy: FundPolicy,
    *,
    key: str,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> FundMoved[Fund]:
    """More budget, or less of it; a child takes it from its parent, or gives it back."""

    def change(work: UnitOfWork) -> FundMoved[Fund]:
        kept = _read(work, fund)
        above = _above(work, kept)
        moved = funds.budget_changed(
            kept.book,
            amount,
            policy,
            key=key,
            by=by,
            on=on,
            reason=reason,
            above=None if above is None else above.book,
        )
        if moved.moves:
            _keep(work, kept, moved.moves)
            if above is not None:
                _keep(work, above)
        return moved

    return committed(store, change)


def allocate(
    store: Store,
    fund: str,
    partner: str,
    amount: Money,
    policy: FundPolicy,
    *,
    key: str,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> FundMoved[Fund]:
    """A part of the budget for a partner, or a part of it taken back."""

    def change(work: UnitOfWork) -> FundMoved[Fund]:
        kept = _read(work, fund)
        moved = funds.allocated(kept.book, partner, amount, policy, key=key, by=by, on=on, reason=reason)
        if moved.moves:
            _keep(work, kept, moved.moves)
        return moved

    return committed(store, change)


def accrue(
    store: Store, fund: str, accruals: Iterable[Accrual], *, by: str, on: datetime.date
) -> tuple[FundMove, ...]:
    """What partners earned for their allocations: each accrual once, whatever it is given with. The moves that were new."""
    given = tuple(accruals)

    def change(work: UnitOfWork) -> tuple[FundMove, ...]:
        kept = _read(work, fund)
        moves = funds.accrued(kept.book, given, by=by, on=on)
        if moves:
            _keep(work, kept, moves)
        return moves

    return committed(store, change)


# requests


def ask_for_funds(
    store: Store,
    fund: str,
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
    rights: Rights | None = None,
) -> FundMoved[FundRequest | None]:
    """A partner's request. Its status and its enrolment in the fund's program say whether it may ask; of one that the store
    does not know, nobody knows. Asking the same again, while it may be asked, gives the request that there is."""

    def change(work: UnitOfWork) -> FundMoved[FundRequest | None]:
        kept = _read(work, fund)
        moved = funds.asked(
            kept.fund, policy, id=id, partner=partner, activity=activity, planned=planned, cost=cost, amount=amount,
            by=by, on=on, may_ask=_may_ask(work, partner, kept.fund.program, on, rights or _STANDARD),
        )  # fmt: skip
        return _new(work, kept, FUND_REQUESTS, moved, "steps")

    return committed(store, change)


def _may_ask(work: UnitOfWork, partner: str, program: str, on: datetime.date, rights: Rights) -> bool | None:
    kept = found_in(work.repository(PARTNERS), partner)
    if kept is None:
        return None
    return rights.decide(Right.REQUEST_FUNDS, PartnerFacts.on(kept.record, program, on), on).outcome


def _new(
    work: UnitOfWork, kept: _Kept, kind: Aggregate[Any], moved: FundMoved[T | None], *since: str
) -> FundMoved[T | None]:
    """Keeps a new request or claim; when it is there already, that one, with what has become of it `since`."""
    if moved.record is None:
        return moved
    record: Any = moved.record
    before = found_in(work.repository(kind), kind.identity(record))
    if before is None:
        work.repository(kind).put(record)
        _keep(work, kept)
        return moved
    found = before.record
    if attrs.evolve(found, **{name: getattr(record, name) for name in since}) != record:
        what = kind.name.replace("-", " ")
        raise InvalidInput(f"there is another {what} {kind.identity(record)!r}; accepted: an id of its own")
    return attrs.evolve(moved, record=found)


def approve_request(
    store: Store,
    request: str,
    policy: FundPolicy,
    *,
    by: str,
    role: str,
    on: datetime.date,
    amount: Money | None = None,
) -> FundMoved[FundRequest]:
    """The approval of a request, for what was asked or for less."""
    return _move_request(
        store,
        request,
        lambda kept, one, claims: funds.request_approved(
            kept.book, one, policy, by=by, role=role, on=on, amount=amount
        ),
    )


def move_request(
    store: Store,
    request: str,
    action: RequestAction,
    policy: FundPolicy,
    *,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> FundMoved[FundRequest]:
    """A request declined, cancelled or closed; what is left of it is released."""
    return _move_request(
        store,
        request,
        lambda kept, one, claims: funds.request_moved(
            kept.book, one, claims, action, policy, by=by, on=on, reason=reason
        ),
    )


def _move_request(
    store: Store,
    request: str,
    step: Callable[[_Kept, FundRequest, list[FundClaim]], FundMoved[FundRequest]],
) -> FundMoved[FundRequest]:
    def change(work: UnitOfWork) -> FundMoved[FundRequest]:
        stored = asked_for(work, FUND_REQUESTS, request)
        kept = _read(work, stored.record.fund)
        moved = step(kept, stored.record, _records(work, FUND_CLAIMS, request=request))
        if moved.decision.outcome:
            work.repository(FUND_REQUESTS).put(moved.record, expected=stored.version)
            _keep(work, kept, moved.moves)
        return moved

    return committed(store, change)


# claims


def file_claim(
    store: Store,
    request: str,
    policy: FundPolicy,
    *,
    id: str,
    spend: Money,
    proofs: Iterable[Proof] = (),
    by: str,
    on: datetime.date,
) -> FundMoved[FundClaim | None]:
    """A claim of a request. Filing the same again, while it may be filed, gives the claim that there is."""
    given = tuple(proofs)

    def change(work: UnitOfWork) -> FundMoved[FundClaim | None]:
        asked = asked_for(work, FUND_REQUESTS, request).record
        kept = _read(work, asked.fund)
        moved = funds.claimed(
            kept.book, asked, policy, id=id, spend=spend, proofs=given, by=by, on=on,
            claims=_records(work, FUND_CLAIMS, partner=asked.partner),
        )  # fmt: skip
        return _new(work, kept, FUND_CLAIMS, moved, "steps", "proofs")

    return committed(store, change)


def add_proofs(store: Store, claim: str, proofs: Iterable[Proof]) -> FundClaim:
    """Further proofs of a claim that is not decided yet."""
    given = tuple(proofs)

    def change(work: UnitOfWork) -> FundClaim:
        stored = asked_for(work, FUND_CLAIMS, claim)
        after = funds.proved(stored.record, given)
        if after != stored.record:
            work.repository(FUND_CLAIMS).put(after, expected=stored.version)
        return after

    return committed(store, change)


def approve_claim(
    store: Store,
    claim: str,
    policy: FundPolicy,
    *,
    by: str,
    role: str,
    on: datetime.date,
    amount: Money | None = None,
) -> FundMoved[FundClaim]:
    """The approval of a claim, for what it comes to or for less."""
    return _move_claim(
        store,
        claim,
        lambda work, kept, request, one: funds.claim_approved(
            kept.book, request, one, policy, by=by, role=role, on=on, amount=amount,
            claims=_records(work, FUND_CLAIMS, partner=one.partner),
        ),
    )  # fmt: skip


def move_claim(
    store: Store,
    claim: str,
    action: ClaimAction,
    policy: FundPolicy,
    *,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> FundMoved[FundClaim]:
    """A claim declined, cancelled or closed; what of it was approved and is not paid goes back."""
    return _move_claim(
        store,
        claim,
        lambda work, kept, request, one: funds.claim_moved(
            kept.book, request, one, action, policy, by=by, on=on, reason=reason
        ),
    )


def reimburse(
    store: Store,
    claim: str,
    policy: FundPolicy,
    *,
    key: str,
    by: str,
    on: datetime.date,
    amount: Money | None = None,
    versions: ProgramVersions | None = None,
) -> FundMoved[FundClaim]:
    """A settlement of a claim. With the program's versions it is owed in its books, and a payout pays it; without, it is
    paid in another way."""

    def step(work: UnitOfWork, kept: _Kept, request: FundRequest, one: FundClaim) -> FundMoved[FundClaim]:
        if versions is not None and versions.name != kept.fund.program:
            raise InvalidInput(
                f"found the program {versions.name!r}; accepted: {kept.fund.program!r}, of the fund"
            )
        books = None if versions is None else bookkeeping_in(work, versions, on)
        moved = funds.reimbursed(
            kept.book, request, one, policy, key=key, by=by, on=on, amount=amount, books=books
        )
        if books is not None:
            keep_entries(work, books, moved.entries)
        return moved

    return _move_claim(store, claim, step)


def _move_claim(
    store: Store,
    claim: str,
    step: Callable[[UnitOfWork, _Kept, FundRequest, FundClaim], FundMoved[FundClaim]],
) -> FundMoved[FundClaim]:
    def change(work: UnitOfWork) -> FundMoved[FundClaim]:
        stored = asked_for(work, FUND_CLAIMS, claim)
        kept = _read(work, stored.record.fund)
        moved = step(work, kept, asked_for(work, FUND_REQUESTS, stored.record.request).record, stored.record)
        if moved.decision.outcome:
            work.repository(FUND_CLAIMS).put(moved.record, expected=stored.version)
            _keep(work, kept, moved.moves)
        return moved

    return committed(store, change)


# what is due


def expire_funds(
    store: Store, program: str, policy: FundPolicy, *, by: str, on: datetime.date
) -> tuple[FundMove, ...]:
    """Releases what is unused in the funds of a program, children before their parents; a second run posts nothing."""
    with store.unit_of_work() as work:
        every = {one.id: one for one in _records(work, FUNDS, program=program)}
    ordered = sorted(every.values(), key=lambda fund: (-_depth(fund, every), fund.id))
    return tuple(move for fund in ordered for move in _expire(store, fund.id, policy, by, on).moves)


def _depth(fund: Fund, every: dict[str, Fund]) -> int:
    return 0 if fund.parent is None else 1 + _depth(every[fund.parent], every)


def _expire(store: Store, fund: str, policy: FundPolicy, by: str, on: datetime.date) -> FundExpiry:
    def change(work: UnitOfWork) -> FundExpiry:
        kept = _read(work, fund)
        above = _above(work, kept)
        requests = {one.record.id: one for one in work.repository(FUND_REQUESTS).query(fund=fund)}
        found = funds.expired(
            kept.book, [one.record for one in requests.values()], _records(work, FUND_CLAIMS, fund=fund), policy,
            by=by, on=on, above=None if above is None else above.book,
        )  # fmt: skip
        for request in found.requests:
            work.repository(FUND_REQUESTS).put(request, expected=requests[request.id].version)
        if found.moves or found.requests:
            _keep(work, kept, found.moves)
        if above is not None and any(move.parent is not None for move in found.moves):
            _keep(work, above)
        return found

    return committed(store, change)


def fund_notices(store: Store, program: str, policy: FundPolicy, on: datetime.date) -> tuple[Notice, ...]:
    """What is to be told about the funds of a program on a day and was not told before; it is kept as told."""

    def change(work: UnitOfWork) -> tuple[Notice, ...]:
        told = work.repository(FUND_NOTICES)
        new: list[Notice] = []
        for fund in _records(work, FUNDS, program=program):
            known = {one.record.id for one in told.query(fund=fund.id)}
            requests = _records(work, FUND_REQUESTS, fund=fund.id)
            claims = _records(work, FUND_CLAIMS, fund=fund.id)
            found = funds.due(_read(work, fund.id).book, requests, claims, policy, on)
            new.extend(one for one in found if one.id not in known)
        for notice in new:
            told.put(notice)
        return tuple(new)

    return committed(store, change)


# reading


def fund_book(store: Store, fund: str) -> FundBook:
    """The book of a fund: every balance of it."""
    with store.unit_of_work() as work:
        return _read(work, fund).book


def fund_requests(store: Store, **keys: str) -> tuple[FundRequest, ...]:
    """The requests of a `fund`, a `partner` or in a `state`, by id."""
    with store.unit_of_work() as work:
        return tuple(_records(work, FUND_REQUESTS, **keys))


def fund_claims(store: Store, **keys: str) -> tuple[FundClaim, ...]:
    """The claims of a `fund`, a `partner`, a `request` or in a `state`, by id."""
    with store.unit_of_work() as work:
        return tuple(_records(work, FUND_CLAIMS, **keys))
