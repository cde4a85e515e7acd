"""What is due in a fund on a day: reminders, proofs, claims that did not come, and amounts that expire."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import attrs

from prmcore.decisions.timeline import last_reached
from prmcore.incentives.funds.book import FundBook
from prmcore.incentives.funds.claims import missing_proofs
from prmcore.incentives.funds.model import (
    ClaimState,
    FundClaim,
    FundMove,
    FundMoveKind,
    FundRequest,
    RequestState,
)
from prmcore.incentives.funds.policy import FundPolicy
from prmcore.incentives.funds.requests import by_request, claims_of, expired_request
from prmcore.values import Money, checked_date, natural_key, total

__all__ = ["FundExpiry", "Notice", "NoticeKind", "due", "expired"]

_DAY = datetime.timedelta(days=1)


@attrs.frozen
class FundExpiry:
    """What expired: the moves to add, and the requests that are over."""

    moves: tuple[FundMove, ...]
    requests: tuple[FundRequest, ...]


def expired(
    book: FundBook,
    requests: Iterable[FundRequest],
    claims: Iterable[FundClaim],
    policy: FundPolicy,
    *,
    by: str,
    on: datetime.date,
    above: FundBook | None = None,
) -> FundExpiry:
    """Releases exactly what is unused: of requests after the last day for claims, and of the fund once it expired.

    What a claim that came in time may still take stays bound until it is decided. From requests it goes back to the
    allocation; when the fund is over, from allocations to the budget, and from the budget to the parent, or out of the
    fund. A second run posts nothing.
    """
    book.checked_day(on)
    if above is not None:
        above.checked_day(on)
    given, filed = list(requests), by_request(claims)
    moves = tuple(_expiring(book, given, filed, policy, by, on))
    return FundExpiry(moves, tuple(expired_request(one, by, on) for one in given if _is_over(one, filed, on)))


def _is_over(request: FundRequest, claims: Mapping[str, list[FundClaim]], on: datetime.date) -> bool:
    waiting = any(one.state is ClaimState.SUBMITTED for one in claims_of(request, claims.get(request.id, ())))
    return (
        on > request.claims_until
        and request.state in (RequestState.SUBMITTED, RequestState.APPROVED)
        and not waiting
    )


def _expiring(
    book: FundBook,
    requests: list[FundRequest],
    claims: Mapping[str, list[FundClaim]],
    policy: FundPolicy,
    by: str,
    on: datetime.date,
) -> Iterator[FundMove]:
    fund, back = book.fund, dict.fromkeys(book.partners(), Money.zero(book.fund.currency))

    def move(
        kind: FundMoveKind, owner: str, unused: Money, partner: str | None, request: str | None
    ) -> FundMove:
        number = book.number(kind, partner=partner, request=request)
        named = () if partner is None or request is not None else (partner,)
        return FundMove(
            id=natural_key(owner, kind, *named, str(number)), fund=fund.id, kind=kind, amount=-unused,
            parent=fund.parent if kind is FundMoveKind.BUDGET_EXPIRED else None, partner=partner, request=request,
            effective=on, recorded=on, by=by,
        )  # fmt: skip

    for one in requests:
        unused = _unused(book, one, claims, policy, on)
        if unused.minor > 0:
            back[one.partner] += unused
            yield move(FundMoveKind.REQUEST_EXPIRED, one.id, unused, one.partner, one.id)
    if fund.expires is None or on < fund.expires:
        return
    free = book.free
    for partner, released in back.items():
        unused = book.available(partner) + released
        if unused.minor > 0:
            free += unused
            yield move(FundMoveKind.ALLOCATION_EXPIRED, fund.id, unused, partner, None)
    if free.minor > 0:
        yield move(FundMoveKind.BUDGET_EXPIRED, fund.id, free, None, None)


def _unused(
    book: FundBook,
    request: FundRequest,
    claims: Mapping[str, list[FundClaim]],
    policy: FundPolicy,
    on: datetime.date,
) -> Money:
    """What of an approved request can no longer be claimed."""
    if request.state is not RequestState.APPROVED or on <= request.claims_until:
        return Money.zero(book.fund.currency)
    waiting = [
        one.spend
        for one in claims_of(request, claims.get(request.id, ()))
        if one.state is ClaimState.SUBMITTED
    ]
    held = total((policy.share(request.rate, spend) for spend in waiting), book.fund.currency)
    return book.remainder(request.id) - held


class NoticeKind(StrEnum):
    """What becomes due in a fund."""

    REMINDER = "reminder"  # to claim what was approved
    MISSING_PROOF = "missing-proof"
    CLAIM_OVERDUE = "claim-overdue"  # the last day has passed, and nothing was claimed
    EXPIRY = "expiry"  # of an amount: soon, or by the next run of expiry


@attrs.frozen(kw_only=True)
class Notice:
    """Something to tell somebody; its id is what it is about, so that it is told once."""

    id: str
    kind: NoticeKind
    fund: str
    since: datetime.date  # the day since when it is due
    partner: str | None = None
    request: str | None = None
    claim: str | None = None
    amount: Money | None = None  # what is left to be claimed, or expires
    until: datetime.date | None = None  # the last day for claims, or before it expires
    missing: tuple[str, ...] = ()  # kinds of proof


def due(
    book: FundBook,
    requests: Iterable[FundRequest],
    claims: Iterable[FundClaim],
    policy: FundPolicy,
    as_of: datetime.date,
) -> tuple[Notice, ...]:
    """All that is due by the end of that day, by id. Whoever sends them keeps the ids, and sends each once.

    Of several reminders that have come, the last one stands for all: a run after a holiday sends one, not three.
    """
    checked_date(as_of, "as_of")
    given, filed = list(requests), by_request(claims)
    found = [notice for one in given for notice in _of_request(book, one, filed, policy, as_of)]
    by_id = {one.id: one for one in given}
    for claim in (claim for own in filed.values() for claim in own):
        if claim.state is ClaimState.SUBMITTED and claim.request in by_id:
            found.extend(_of_claim(by_id[claim.request], claim))
    found.extend(_of_expiry(book, by_id, filed, policy, as_of))
    return tuple(sorted(found, key=lambda one: one.id))


def _of_request(
    book: FundBook,
    request: FundRequest,
    claims: Mapping[str, list[FundClaim]],
    policy: FundPolicy,
    as_of: datetime.date,
) -> Iterator[Notice]:
    if request.state is not RequestState.APPROVED or claims_of(request, claims.get(request.id, ())):
        return
    rest, last = book.remainder(request.id), request.planned.last_day
    reached = last_reached(((last + days * _DAY, days) for days in policy.reminder_days), as_of)
    key: tuple[str, ...] = ()
    if as_of > request.claims_until:
        kind, since = NoticeKind.CLAIM_OVERDUE, request.claims_until + _DAY
    elif reached is not None:
        kind, key, since = NoticeKind.REMINDER, (str(reached[1]),), reached[0]
    else:
        return
    yield Notice(
        id=natural_key(request.id, kind, *key), kind=kind, fund=request.fund, since=since, partner=request.partner,
        request=request.id, amount=rest, until=request.claims_until,
    )  # fmt: skip


def _of_expiry(
    book: FundBook,
    requests: Mapping[str, FundRequest],
    claims: Mapping[str, list[FundClaim]],
    policy: FundPolicy,
    as_of: datetime.date,
) -> Iterator[Notice]:
    """What will have expired when the days of notice are over, if nothing is claimed until then."""
    later = as_of + policy.expiry_notice_days * _DAY
    for move in _expiring(book, list(requests.values()), claims, policy, "", later):
        ends = book.fund.expires
        last = requests[move.request].claims_until if move.request else ends - _DAY if ends else None
        yield Notice(
            id=move.id, kind=NoticeKind.EXPIRY, fund=book.fund.id, since=as_of, partner=move.partner, request=move.request,
            amount=-move.amount, until=last,
        )  # fmt: skip


def _of_claim(request: FundRequest, claim: FundClaim) -> Iterator[Notice]:
    missing = missing_proofs(request, claim)
    if missing:
        yield Notice(
            id=natural_key(claim.id, NoticeKind.MISSING_PROOF, *missing), kind=NoticeKind.MISSING_PROOF, fund=claim.fund,
            since=claim.claimed_on, partner=claim.partner, request=request.id, claim=claim.id, missing=missing,
            until=request.claims_until,
        )  # fmt: skip
