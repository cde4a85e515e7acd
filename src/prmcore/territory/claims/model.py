"""The records of claims: who claims which account, for which products, since when, and where several claims meet."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeAlias

import attrs

from prmcore.errors import Faults, InvalidInput, repeated, unknown_name
from prmcore.territory.identity.model import Sameness
from prmcore.values import DateRange, checked_date, checked_id
from prmcore.values.business_hours import checked_instant

__all__ = ["EVER", "Claim", "ClaimKind", "Conflict", "CustomerChoice", "place"]

EVER = DateRange()
MOST_PRODUCTS = 10_000  # codes in one claim


class ClaimKind(StrEnum):
    """What the claim rests on."""

    REGISTRATION = "registration"  # a partner registered a deal
    OPPORTUNITY = "opportunity"  # somebody works on one
    ASSIGNMENT = "assignment"  # coverage gives the account to a partner
    DIRECT = "direct"  # the vendor's own team pursues it


def check_ids(faults: Faults, **ids: str | None) -> None:
    """Adds the ids that cannot be used; None is not looked at."""
    for name, one in ids.items():
        if one is not None:
            with faults.within(name):
                checked_id(one)


@attrs.frozen(kw_only=True)
class Claim:
    """Somebody's claim on an account, for some products, through some days."""

    id: str
    kind: ClaimKind
    account: str  # as it is called in the caller's books; which ones are one company is not said here
    claimant: str  # a partner; of a direct pursuit the vendor's own team
    products: frozenset[str] = frozenset()  # codes or groups of the product tree; empty = all
    period: DateRange = EVER  # in which it is live
    submitted: datetime.datetime  # kept in UTC
    completed: datetime.datetime | None = None  # when the submission was complete; None = it is not yet
    sequence: int = 0  # the order within one instant, the lowest first
    approved_on: datetime.date | None = None  # None = it is not
    protected: DateRange | None = None  # in which nobody else may take it; None = it never was

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the claim {self.id!r:.60} cannot be used")
        check_ids(faults, id=self.id, account=self.account, claimant=self.claimant)
        if not isinstance(self.products, frozenset) or len(self.products) > MOST_PRODUCTS:
            faults.add(f"accepted: a frozenset of at most {MOST_PRODUCTS} codes", "products")
        else:
            for code in sorted(map(str, self.products)):
                check_ids(faults, products=code)
        if type(self.sequence) is not int or self.sequence < 0:
            faults.add(f"found {self.sequence!r:.40}; accepted: a whole number from 0", "sequence")
        self._check_instants(faults)
        if self.approved_on is not None:
            with faults.within(""):
                checked_date(self.approved_on, "approved_on")
        faults.raise_if_any()

    def _check_instants(self, faults: Faults) -> None:
        """Keeps both in UTC."""
        for name in ("submitted", "completed"):
            given = getattr(self, name)
            if given is not None or name == "submitted":
                with faults.within(""):
                    object.__setattr__(self, name, checked_instant(given, name))
        if not faults.found and self.completed is not None and self.completed < self.submitted:
            faults.add(
                f"found {self.completed}; accepted: {self.submitted}, when it was submitted, or later",
                "completed",
            )

    @property
    def is_direct(self) -> bool:
        return self.kind is ClaimKind.DIRECT

    def is_live_on(self, day: datetime.date) -> bool:
        return day in self.period

    def is_protected_on(self, day: datetime.date) -> bool:
        return self.protected is not None and day in self.protected


Place: TypeAlias = tuple[bool, datetime.datetime, int, str]


def place(claim: Claim) -> Place:
    """A claim's place in the queue: complete ones first, by the instant, then the sequence, then the id.

    The id keeps the order the same from run to run, where a sequence should have told two claims apart. No conflict is
    decided by it.
    """
    return claim.completed is None, claim.completed or claim.submitted, claim.sequence, claim.id


@attrs.frozen(kw_only=True)
class CustomerChoice:
    """Whom the customer wants to work with, in writing."""

    claimant: str
    reference: str  # where the letter or e-mail is kept
    on: datetime.date
    by: str | None = None  # who decides at the customer; None = not noted

    def __attrs_post_init__(self) -> None:
        faults = Faults("the customer's choice cannot be used")
        check_ids(faults, claimant=self.claimant, reference=self.reference, by=self.by)
        with faults.within(""):
            checked_date(self.on, "on")
        faults.raise_if_any()


def _by_id(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(sorted(claims, key=lambda claim: claim.id))


@attrs.frozen(kw_only=True)
class Conflict:
    """Claims of several claimants on the same piece of an account: each of them claims all of it."""

    claims: tuple[Claim, ...] = attrs.field(converter=_by_id)
    products: frozenset[str] = frozenset()  # what all of them claim; empty = everything
    period: DateRange = EVER  # in which all of them are live
    sameness: Sameness = Sameness.SAME  # of their accounts; possible = a person looks at them first

    def __attrs_post_init__(self) -> None:
        faults = Faults("the conflict cannot be used")
        for name in repeated(claim.id for claim in self.claims):
            faults.add(f"the claim {name!r} stands here twice", "claims")
        if len(self.claimants) < 2:
            faults.add(f"found {len(self.claimants)} claimants; accepted: two at least", "claims")
        if self.sameness is Sameness.DISTINCT:
            faults.add("claims on distinct accounts are no conflict; accepted: same, possible", "sameness")
        faults.raise_if_any()

    @property
    def claimants(self) -> tuple[str, ...]:
        return tuple(sorted({claim.claimant for claim in self.claims}))

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(sorted({claim.account for claim in self.claims}))

    @property
    def key(self) -> str:
        """An id made of what meets: the same claims over the same products have the same one whenever they are found."""
        about = [[claim.id for claim in self.claims], sorted(self.products)]
        return hashlib.sha256(json.dumps(about).encode("ascii")).hexdigest()[:32]

    def claim(self, id: str) -> Claim:
        found = {claim.id: claim for claim in self.claims}
        if id not in found:
            raise InvalidInput(unknown_name("claim", id, found))
        return found[id]
