"""The queue behind an approved claim: who waits, in which order, and who may be looked at once it is gone.

Siebel's rule for deal registrations: one is approved for an opportunity, the later ones wait, and cannot be approved until it
expires. GitLab's: when a registration falls away, the others are looked at again in the order in which they came in, and
a corrected one counts as new.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import attrs

from prmcore.territory.claims.conflicts import Companies, Samenesses, companies_of, covers, in_common
from prmcore.territory.claims.model import Claim, ClaimKind, place
from prmcore.territory.identity.model import Sameness
from prmcore.values import Tree, checked_date

__all__ = ["freed", "next_in_line", "queue_behind", "resubmitted"]


def queue_behind(
    holder: Claim,
    claims: Iterable[Claim],
    sameness: Samenesses | Companies,
    products: Tree | None = None,
    *,
    as_of: datetime.date,
) -> tuple[Claim, ...]:
    """The complete registrations that wait behind a claim, by their places: the instant, the sequence, the id.

    A claim on an account that is possibly the same does not wait: a person looks at it, see `conflicts`.
    """
    checked_date(as_of, "as_of")
    others = [one for one in claims if one.id != holder.id]
    waiting = [one for one in others if _waits(one, as_of)]
    known = companies_of((holder, *others), sameness)
    return tuple(sorted((one for one in waiting if not _are_apart(one, holder, known, products)), key=place))


def freed(
    released: Claim,
    claims: Iterable[Claim],
    sameness: Samenesses | Companies,
    products: Tree | None = None,
    *,
    as_of: datetime.date,
) -> tuple[Claim, ...]:
    """Those of the queue that may be approved now that a claim is gone: by expiry, withdrawal or rejection.

    In the order of the queue, and each only if it meets no other approved claim and none that is freed before it: of a claim
    for bikes that is gone, the road bikes and the city bikes may go to two partners. `claims` are all that there are, the
    released one may be among them.
    """
    others = [one for one in claims if one.id != released.id]
    known = companies_of((released, *others), sameness)
    taken = [one for one in others if one.approved_on is not None and one.is_live_on(as_of)]
    found: list[Claim] = []
    for one in queue_behind(released, others, known, products, as_of=as_of):
        if all(_are_apart(one, other, known, products) for other in (*taken, *found)):
            found.append(one)
    return tuple(found)


def next_in_line(
    released: Claim,
    claims: Iterable[Claim],
    sameness: Samenesses | Companies,
    products: Tree | None = None,
    *,
    as_of: datetime.date,
) -> Claim | None:
    """The first of the queue that may be approved now that a claim is gone; None when nobody may."""
    return next(iter(freed(released, claims, sameness, products, as_of=as_of)), None)


def resubmitted(
    claim: Claim,
    *,
    at: datetime.datetime,
    sequence: int = 0,
    products: frozenset[str] | None = None,
    keeps_place: bool = False,
    tree: Tree | None = None,
) -> Claim:
    """The claim, corrected and complete at that instant; a new submission, so that it loses its place in the queue.

    `products` is what it is for from now on, None = what it was. A program may let it keep its place (`keeps_place`, see
    `ConflictPolicy.resubmission_keeps_place`), unless it asks for more products than before: for those nobody queued.
    """
    wanted = claim.products if products is None else products
    if keeps_place and claim.completed is not None and covers(claim.products, wanted, tree):
        return attrs.evolve(claim, products=wanted)
    return attrs.evolve(claim, products=wanted, submitted=at, completed=at, sequence=sequence)


def _waits(claim: Claim, as_of: datetime.date) -> bool:
    is_open = claim.kind is ClaimKind.REGISTRATION and claim.approved_on is None
    return is_open and claim.completed is not None and claim.is_live_on(as_of)


def _are_apart(one: Claim, other: Claim, known: Companies, products: Tree | None) -> bool:
    """Whether both may be approved: not one company for certain, or no product in common. Whose they are does not matter."""
    if known.between(one.account, other.account) is not Sameness.SAME:
        return True
    return in_common(one.products, other.products, products) is None
