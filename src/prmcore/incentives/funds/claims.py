"""Claims: a partner says what it spent, and proves it; what is approved of it is owed, and reimbursed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import attrs

from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.incentives.funds.book import FundBook
from prmcore.incentives.funds.model import (
    CLAIM_MOVES,
    ClaimAction,
    ClaimState,
    FundClaim,
    FundMove,
    FundMoveKind,
    FundRequest,
    FundStep,
    Measure,
    Proof,
    RequestState,
)
from prmcore.incentives.funds.policy import (
    ClaimFacts,
    FileFacts,
    FundMoved,
    FundPolicy,
    check_amounts,
    check_ids,
    checked_step,
    filing,
    moving_claim,
)
from prmcore.incentives.funds.requests import check_belongs, request_move
from prmcore.incentives.ledger.model import Bookkeeping, Entry, EntryKind
from prmcore.incentives.payouts.paying import entry_by_person
from prmcore.incentives.plans.lines import LineKind
from prmcore.values import Money, natural_key

__all__ = ["claim_approved", "claim_moved", "claimed", "entitled", "missing_proofs", "proved", "reimbursed"]


def claimed(
    book: FundBook,
    request: FundRequest,
    policy: FundPolicy,
    *,
    id: str,
    spend: Money,
    proofs: Iterable[Proof] = (),
    by: str,
    on: datetime.date,
    claims: Iterable[FundClaim] = (),
) -> FundMoved[FundClaim | None]:
    """A claim of one request; None when it is refused. Proofs may follow, until it is decided.

    `claims` are those of the partner that there are: no proof serves twice.
    """
    check_belongs(book, request)
    given = tuple(proofs)
    faults = Faults(f"the claim {id!r:.60} cannot be made")
    check_ids(faults, (("id", id), ("by", by)))
    check_amounts(faults, book.fund.currency, {"spend": spend})
    _check_proofs(faults, given)
    faults.raise_if_any()
    checked_step(on, request.last_step_on)
    assert request.planned.start is not None  # of every request
    claim = FundClaim(
        id=id, fund=request.fund, partner=request.partner, request=request.id, spend=spend, proofs=given, claimed_by=by,
        claimed_on=on,
    )  # fmt: skip
    facts = FileFacts(
        state=request.state,
        days_begun=(on - request.planned.start).days,
        days_left=(request.claims_until - on).days,
        remainder=book.remainder(request.id),
        used_proofs=_used_proofs(claim, claims),
    )
    decision = filing(policy, book.fund.currency).decide(facts, on)
    return FundMoved(decision, claim if decision.outcome else None)


def _check_proofs(faults: Faults, proofs: tuple[Proof, ...]) -> None:
    for one in repeated(f"{one.kind} {one.reference}" for one in proofs):
        faults.add(f"{one!r} stands here twice", "proofs")


def proved(claim: FundClaim, proofs: Iterable[Proof]) -> FundClaim:
    """The claim with further proofs; once it is decided there is nothing more to prove."""
    if claim.state is not ClaimState.SUBMITTED:
        raise InvalidInput(
            f"the claim {claim.id!r} is {claim.state}; accepted: proofs of a claim that is submitted"
        )
    given = tuple(dict.fromkeys((*claim.proofs, *proofs)))
    faults = Faults(f"the proofs of {claim.id!r} cannot be added")
    _check_proofs(faults, given)
    faults.raise_if_any()
    return attrs.evolve(claim, proofs=given)


def missing_proofs(request: FundRequest, claim: FundClaim) -> tuple[str, ...]:
    """The kinds of proof that the claim still has to bring, dated while the activity could be paid for and claimed."""
    last = request.claims_until
    brought = {one.kind for one in claim.proofs if request.proofs_from <= one.dated <= last}
    return tuple(kind for kind in request.proofs if kind not in brought)


def _used_proofs(claim: FundClaim, claims: Iterable[FundClaim]) -> int:
    """How many of its proofs another claim that is not declined or cancelled has brought."""
    used = {
        (proof.kind, proof.reference)
        for one in claims
        if one.id != claim.id and one.is_live
        for proof in one.proofs
    }
    return sum((proof.kind, proof.reference) in used for proof in claim.proofs)


def entitled(book: FundBook, request: FundRequest, claim: FundClaim, policy: FundPolicy) -> Money:
    """What a claim comes to: the agreed part of what was spent, and no more than is left of what was approved."""
    return min(policy.share(request.rate, claim.spend), book.remainder(request.id))


def claim_approved(
    book: FundBook,
    request: FundRequest,
    claim: FundClaim,
    policy: FundPolicy,
    *,
    by: str,
    role: str,
    on: datetime.date,
    amount: Money | None = None,
    claims: Iterable[FundClaim] = (),
) -> FundMoved[FundClaim]:
    """The claim approved, for what it comes to or for less: so much is owed.

    It is held against what is left of the request, of the partner's allocation and of the fund, as they are now.
    """
    _check_of_request(book, request, claim)
    checked_step(on, claim.last_step_on)
    approved = entitled(book, request, claim, policy) if amount is None else amount
    faults = Faults(f"the claim {claim.id!r} cannot be approved")
    check_amounts(faults, book.fund.currency, {"amount": amount})
    faults.raise_if_any()
    partner = request.partner
    unclaimed = book.total(Measure.ALLOCATED, partner=partner) - book.total(Measure.CLAIMED, partner=partner)
    facts = _facts(
        request, claim, by,
        within_limit=policy.is_within_limit(role, approved),
        missing_proofs=len(missing_proofs(request, claim)),
        used_proofs=_used_proofs(claim, claims),
        amount=approved,
        left_of_share=policy.share(request.rate, claim.spend) - approved,
        left_of_request=book.remainder(request.id) - approved,
        left_of_allocation=unclaimed - approved,
        left_of_fund=book.unclaimed - approved,
    )  # fmt: skip
    decision = moving_claim(policy, ClaimAction.APPROVE, book.fund.currency).decide(facts, on)
    if not decision.outcome:
        return FundMoved(decision, claim)
    move = _move(book, claim, FundMoveKind.CLAIM, approved, by, on)
    return FundMoved(decision, _after(claim, ClaimAction.APPROVE, by, on, role=role), (move,))


def claim_moved(
    book: FundBook,
    request: FundRequest,
    claim: FundClaim,
    action: ClaimAction,
    policy: FundPolicy,
    *,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> FundMoved[FundClaim]:
    """The claim declined, cancelled or closed.

    What of it was approved and is not paid goes back to its request; when that is closed or expired, to the allocation.
    """
    if action not in (ClaimAction.DECLINE, ClaimAction.CANCEL, ClaimAction.CLOSE):
        raise InvalidInput(f"found {action}; accepted here: decline, cancel, close")
    _check_of_request(book, request, claim)
    checked_step(on, claim.last_step_on)
    decision = moving_claim(policy, action, book.fund.currency).decide(_facts(request, claim, by), on)
    if not decision.outcome:
        return FundMoved(decision, claim)
    moves: list[FundMove] = []
    rest = book.owed(claim.id)
    if rest:
        moves.append(_move(book, claim, FundMoveKind.CLAIM_RELEASE, -rest, by, on, reason=reason))
        if request.state is not RequestState.APPROVED:
            moves.append(
                request_move(book, request, FundMoveKind.RELEASE, -rest, by, on, claim.id, reason=reason)
            )
    return FundMoved(decision, _after(claim, action, by, on, reason=reason), tuple(moves))


def reimbursed(
    book: FundBook,
    request: FundRequest,
    claim: FundClaim,
    policy: FundPolicy,
    *,
    key: str,
    by: str,
    on: datetime.date,
    amount: Money | None = None,
    books: Bookkeeping | None = None,
) -> FundMoved[FundClaim]:
    """A settlement of the claim, of all that is owed or of a part of it; with the same key it is made once.

    With `books` it is an entry for the ledger of the fund's program, which a payout then pays; without, it is paid in
    another way, by a credit note for instance.
    """
    _check_of_request(book, request, claim)
    checked_step(on, claim.last_step_on)
    owed = book.owed(claim.id)
    paid = owed if amount is None else amount
    faults = Faults(f"the claim {claim.id!r} cannot be reimbursed")
    check_ids(faults, (("key", key), ("by", by)))
    check_amounts(faults, book.fund.currency, {"amount": amount})
    faults.raise_if_any()
    identity = natural_key(claim.id, FundMoveKind.REIMBURSEMENT, key)
    action = ClaimAction.PAY if paid == owed else ClaimAction.PAY_PART
    facts = _facts(request, claim, by, is_new=identity not in book, left_of_claim=owed - paid)
    decision = moving_claim(policy, action, book.fund.currency).decide(facts, on)
    if not decision.outcome:
        return FundMoved(decision, claim)
    move = attrs.evolve(_move(book, claim, FundMoveKind.REIMBURSEMENT, paid, by, on), id=identity)
    entries = () if books is None else (_entry(book, claim, paid, books, by, on),)
    return FundMoved(decision, _after(claim, action, by, on), (move,), entries)


def _entry(
    book: FundBook, claim: FundClaim, amount: Money, books: Bookkeeping, by: str, on: datetime.date
) -> Entry:
    """A settlement as it stands in the ledger: an entry of the claim for each."""
    number = 1 + sum(one.claim == claim.id and one.kind is FundMoveKind.REIMBURSEMENT for one in book)
    return entry_by_person(
        claim.partner, f"{book.fund.program}/fund", claim.id, number, EntryKind.REIMBURSEMENT, LineKind.DECISION, amount,
        books, by, on,
    )  # fmt: skip


def _facts(request: FundRequest, claim: FundClaim, by: str, **more: object) -> ClaimFacts:
    return ClaimFacts(
        state=claim.state,
        asked_it=by in (claim.claimed_by, request.asked_by),
        approved_request=by in request.approved_by,
        approved_it=by in claim.approved_by,
        **more,  # type: ignore[arg-type]  # facts of an action
    )


def _move(
    book: FundBook,
    claim: FundClaim,
    kind: FundMoveKind,
    amount: Money,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> FundMove:
    return FundMove(
        id=natural_key(claim.id, kind), fund=book.fund.id, kind=kind, amount=amount, partner=claim.partner,
        request=claim.request, claim=claim.id, effective=on, recorded=book.checked_day(on), by=by, reason=reason,
    )  # fmt: skip


def _after(
    claim: FundClaim,
    action: ClaimAction,
    by: str,
    on: datetime.date,
    role: str | None = None,
    reason: str | None = None,
) -> FundClaim:
    after = CLAIM_MOVES[claim.state, action].value
    step = FundStep(action=action.value, after=after, on=on, by=by, role=role, reason=reason)
    return attrs.evolve(claim, steps=(*claim.steps, step))


def _check_of_request(book: FundBook, request: FundRequest, claim: FundClaim) -> None:
    check_belongs(book, request)
    check_belongs(book, claim)
    if claim.request != request.id:
        raise InvalidInput(
            f"{claim.id!r} is a claim of the request {claim.request!r}; accepted: that request"
        )
