"""What a resolution may look at: the claims that meet, and what is known of each and of the account."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import attrs

from prmcore.errors import Faults
from prmcore.territory.claims.model import Claim, Conflict, CustomerChoice, check_ids
from prmcore.territory.identity.model import Sameness
from prmcore.values import Rate, checked_date

__all__ = ["ConflictFacts", "Contender"]

MOST_ENGAGEMENTS = 10_000


@attrs.frozen(kw_only=True)
class Contender:
    """A claim, and what is known of its claimant. None = unknown throughout."""

    claim: Claim
    tier: str | None = None  # of the partner, on the day
    owns_territory: bool | None = None  # whether coverage gives the account to it
    is_incumbent: bool | None = None  # whether it sold everything that is contested before: see `covers`
    role: str | None = None  # its part in the deal, such as sourced or fulfilled
    agreed_share: Rate | None = None  # what the claimants have agreed on

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"what is known of the claim {self.claim.id!r} cannot be used")
        check_ids(faults, tier=self.tier, role=self.role)
        if self.agreed_share is not None and not Rate(0) <= self.agreed_share <= Rate(1):
            faults.add(f"found {self.agreed_share}; accepted: 0 to 100 %", "agreed_share")
        faults.raise_if_any()

    @property
    def id(self) -> str:
        return self.claim.id

    @property
    def claimant(self) -> str:
        return self.claim.claimant

    @property
    def is_direct(self) -> bool:
        return self.claim.is_direct


def _by_id(contenders: Iterable[Contender]) -> tuple[Contender, ...]:
    return tuple(sorted(contenders, key=lambda one: one.id))


def _in_order(days: Iterable[datetime.date] | None) -> tuple[datetime.date, ...] | None:
    return None if days is None else tuple(sorted(set(days)))


@attrs.frozen(kw_only=True)
class ConflictFacts:
    """Claims that meet, by their ids, and what is known of the account. None = unknown."""

    contenders: tuple[Contender, ...] = attrs.field(converter=_by_id)
    products: frozenset[str] = frozenset()  # what is contested; empty = everything
    sameness: Sameness = Sameness.SAME  # of the claims' accounts
    is_house_account: bool | None = None  # on the list of accounts that the vendor keeps
    is_renewal: bool | None = None
    engagements: tuple[datetime.date, ...] | None = attrs.field(  # of the direct team; () = there were none
        default=None, converter=_in_order
    )
    choice: CustomerChoice | None = None  # None = the customer made none

    def __attrs_post_init__(self) -> None:
        faults = Faults("the facts of a conflict cannot be used")
        with faults.within("contenders"):
            Conflict(
                claims=(one.claim for one in self.contenders), products=self.products, sameness=self.sameness
            )
        engagements = self.engagements or ()
        if len(engagements) > MOST_ENGAGEMENTS:
            faults.add(f"found {len(engagements)} days; accepted: at most {MOST_ENGAGEMENTS}", "engagements")
        for day in engagements[:MOST_ENGAGEMENTS]:
            with faults.within("engagements"):
                checked_date(day)
        faults.raise_if_any()

    @property
    def conflict(self) -> Conflict:
        """The claims by themselves."""
        return Conflict(
            claims=(one.claim for one in self.contenders), products=self.products, sameness=self.sameness
        )

    @property
    def claimants(self) -> tuple[str, ...]:
        return tuple(sorted({one.claimant for one in self.contenders}))
