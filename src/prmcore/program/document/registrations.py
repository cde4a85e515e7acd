"""Deal registration in a program document: the clauses that are built from it, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from prmcore.deals import ApproverChain
from prmcore.deals.registrations import (
    Capacity,
    Eligibility,
    Extension,
    ProtectedFrom,
    ProtectionWindow,
    RegistrationFacts,
    RegistrationPolicy,
    Resubmission,
    Review,
    ScopedBy,
    Term,
    TierTerm,
)
from prmcore.decisions import FactSchema
from prmcore.decisions.wire import criterion_to
from prmcore.errors import InvalidInput, unknown_name
from prmcore.values import PercentagePoints, Rate, Tree
from prmcore.values.wire import to_plain

if TYPE_CHECKING:
    from prmcore.program.document.build import Builder

__all__ = [
    "ProtectionDocument",
    "RegistrationsDocument",
    "TierTermDocument",
    "products_from",
    "registrations_from",
    "registrations_to",
]

_ANYTHING, _ANY_NUMBER, _NOBODY = Eligibility(), Capacity(), ApproverChain()


def _check_one(term: Term | None, endless: bool) -> None:
    if term is not None and endless:
        raise InvalidInput("found term and endless; accepted: one of them")


@attrs.frozen(kw_only=True)
class TierTermDocument:
    """The window for partners of a tier: a term, or without end."""

    tier: str
    term: Term | None = None
    endless: bool = False

    def __attrs_post_init__(self) -> None:
        _check_one(self.term, self.endless)
        if self.term is None and not self.endless:
            raise InvalidInput("found neither term nor endless; accepted: one of them")


@attrs.frozen(kw_only=True)
class ProtectionDocument:
    """How long nobody else is approved; no file can hold a term that is None, so that it says `endless`."""

    term: Term | None = None  # None = as long as where nothing is said, unless it is endless
    endless: bool = False
    starts: ProtectedFrom = ProtectedFrom.APPROVAL
    by_tier: tuple[TierTermDocument, ...] = ()

    def __attrs_post_init__(self) -> None:
        _check_one(self.term, self.endless)

    def window(self) -> ProtectionWindow:
        """The clause; a tier that is named twice is refused."""
        term = None if self.endless else self.term or ProtectionWindow().term
        by_tier = tuple(TierTerm(tier=one.tier, term=one.term) for one in self.by_tier)
        return ProtectionWindow(term=term, starts=self.starts, by_tier=by_tier)


@attrs.frozen(kw_only=True)
class RegistrationsDocument:
    """The clauses of deal registration; see prmcore.deals.registrations.RegistrationPolicy."""

    zone: str = "UTC"
    protection: ProtectionDocument = ProtectionDocument()
    extension: Extension | None = None
    review: Review | None = None
    scope: ScopedBy = ScopedBy.PRODUCT
    eligibility: Eligibility = _ANYTHING
    auto_approval: tuple[Any, ...] = ()  # criteria
    approvers: ApproverChain = _NOBODY
    capacity: Capacity = _ANY_NUMBER
    first_come: bool = True
    resubmission: Resubmission = Resubmission.KEEPS_PLACE
    answer: Term | None = None
    discount: PercentagePoints | None = None
    second_share: Rate | None = None
    reminder_days: tuple[int, ...] = (14,)


def registrations_from(builder: Builder, document: RegistrationsDocument) -> RegistrationPolicy | None:
    """The clauses that were written; None, with faults, when they cannot be used."""
    before = len(builder.faults.found)
    schema = FactSchema.of(RegistrationFacts)
    criteria = tuple(
        builder.criterion(written, schema, f"registrations.auto_approval[{place}]")
        for place, written in enumerate(document.auto_approval)
    )
    with builder.faults.within("registrations.protection"):
        window = document.protection.window()
    if len(builder.faults.found) > before:
        return None
    whole = builder.document
    given = {**attrs.asdict(document, recurse=False), "auto_approval": criteria, "protection": window}
    with builder.faults.within("registrations"):
        return RegistrationPolicy(name=f"{whole.name}/{whole.version}/registrations", **given)
    return None


def products_from(builder: Builder, name: str | None, trees: Mapping[str, Tree]) -> None:
    """Checks that the tree of products is one of the document's."""
    if name is not None and name not in trees and name not in builder.lost:
        builder.faults.add(unknown_name("tree", name, trees), "products")


def registrations_to(policy: RegistrationPolicy | None) -> dict[str, Any] | None:
    """The clauses as they are written."""
    if policy is None:
        return None
    criteria = [criterion_to(one) for one in policy.auto_approval]
    plain: dict[str, Any] = to_plain(attrs.evolve(policy, auto_approval=()))
    for window in (plain["protection"], *plain["protection"]["by_tier"]):
        window["endless"] = True if window["term"] is None else None
    return {
        key: value for key, value in {**plain, "auto_approval": criteria or None}.items() if key != "name"
    }
