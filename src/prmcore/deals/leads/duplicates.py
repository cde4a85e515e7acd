"""Whether a lead is one that is there already: the same account and a product in common, not too far apart.

That an account is only possibly the same, or that one contact stands in two accounts, is for a person to see. A lead is
never dropped on a guess: names alone made Odoo match leads at random.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

import attrs

from prmcore.deals.leads.model import Lead, LeadState
from prmcore.deals.leads.policy import LeadPolicy
from prmcore.decisions import Decision, Ladder, any_of, fact, labelled, rung
from prmcore.errors import InvalidInput
from prmcore.values import Text, Tree

__all__ = ["DuplicateFacts", "Likeness", "LikenessFound", "Overlap", "Same", "likenesses", "settled"]


class Same(StrEnum):
    """Whether the accounts of two leads are one company; decided by whoever knows identities."""

    SAME = "same"
    POSSIBLE = "possible"
    DISTINCT = "distinct"


class Overlap(StrEnum):
    """Whether two leads have a product in common."""

    SHARED = "shared"
    APART = "apart"
    UNKNOWN = "unknown"  # one of them names none

    @classmethod
    def of(cls, one: Lead, other: Lead, products: Tree | None) -> Overlap:
        if not one.products or not other.products:
            return cls.UNKNOWN
        shared = any(_meet(a, b, products) for a in one.products for b in other.products)
        return cls.SHARED if shared else cls.APART


def _meet(one: str, other: str, products: Tree | None) -> bool:
    """Whether a product is another, or one lies below the other."""
    if one == other or products is None or one not in products or other not in products:
        return one == other
    return products.contains(one, other) or products.contains(other, one)


class Likeness(StrEnum):
    """Whether a new lead is one that is there already."""

    DUPLICATE = "duplicate"
    REVIEW = "review"  # a person decides
    NEW = "new"


@attrs.frozen
class DuplicateFacts:
    """What being a duplicate of an earlier lead depends on."""

    same: Same = attrs.field(metadata=labelled("same account", "同一取引先", "同一客户"))
    same_contact: bool | None = attrs.field(
        metadata=labelled("same contact", "同一連絡先", "同一联系人")
    )  # None = a contact is not known
    overlap: Overlap = attrs.field(metadata=labelled("products in common", "共通製品", "共同产品"))
    days_apart: int = attrs.field(metadata=labelled("days apart", "間隔日数", "间隔天数"))


@attrs.frozen
class LikenessFound:
    """A lead that came before, and whether the new one is a duplicate of it."""

    lead: str
    decision: Decision[Likeness]


def likenesses(
    lead: Lead, earlier: Iterable[tuple[Lead, Same]], policy: LeadPolicy, *, products: Tree | None = None
) -> tuple[LikenessFound, ...]:
    """The lead held against each that came before it, the earliest first; duplicates among them are left out."""
    given = sorted(
        ((one, same) for one, same in earlier if one.state is not LeadState.DUPLICATE),
        key=lambda pair: (pair[0].made_at, pair[0].id),
    )
    found = []
    for one, same in given:
        if (one.made_at, one.id) >= (lead.made_at, lead.id):
            raise InvalidInput(
                f"{one.id!r:.60} does not come before {lead.id!r:.60}; accepted: earlier leads"
            )
        contact = one.contact == lead.contact if one.contact and lead.contact else None
        days = (lead.made_at - one.made_at).days
        facts = DuplicateFacts(same, contact, Overlap.of(lead, one, products), days)
        found.append(LikenessFound(one.id, _comparing(policy).decide(facts, lead.made_at.date())))
    return tuple(found)


def settled(found: Iterable[LikenessFound]) -> LikenessFound | None:
    """The earliest lead that it is a duplicate of, else the earliest that a person has to see; None when it is new."""
    given = list(found)
    for likeness in (Likeness.DUPLICATE, Likeness.REVIEW):
        for one in given:
            if one.decision.outcome is likeness:
                return one
    return None


@lru_cache(maxsize=64)
def _comparing(policy: LeadPolicy) -> Ladder[DuplicateFacts, Likeness]:
    close = fact("days_apart").at_most(policy.same_within_days)
    alike = any_of(fact("same").one_of(Same.SAME, Same.POSSIBLE), fact("same_contact").is_true())
    return Ladder(
        f"{policy.name}/duplicates", facts=DuplicateFacts,
        rungs=(
            rung(Likeness.DUPLICATE, fact("same").one_of(Same.SAME), fact("overlap").one_of(Overlap.SHARED), close,
                 text=Text.of("a duplicate", ja="重複", zh="重复")),
            rung(Likeness.REVIEW, alike, fact("overlap").one_of(Overlap.SHARED, Overlap.UNKNOWN), close,
                 text=Text.of("a person decides", ja="担当者が判断", zh="由人员判断")),
        ),
        otherwise=Likeness.NEW, otherwise_text=Text.of("a new lead", ja="新規リード", zh="新线索"),
    )  # fmt: skip
