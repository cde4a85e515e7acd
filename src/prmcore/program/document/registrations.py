"""Deal registration in a program document: the clauses that are built from it, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from prmcore.deals.registrations import (
    RegistrationFacts,
    RegistrationPolicy,
)
from prmcore.decisions import FactSchema
from prmcore.decisions.wire import criterion_to
from prmcore.errors import unknown_name
from prmcore.program.document.builder import Builder
from prmcore.program.document.shapes import RegistrationsDocument
from prmcore.values import Tree
from prmcore.values.wire import to_plain

__all__ = ["products_from", "registrations_from", "registrations_to"]


def registrations_from(builder: Builder, document: RegistrationsDocument) -> RegistrationPolicy | None:
    """The clauses that were written; None, with faults, when they cannot be used."""
    before = len(builder.faults.found)
    schema = FactSchema.of(RegistrationFacts)
    criteria = builder.criteria(document.auto_approval, schema, "registrations.auto_approval")
    with builder.faults.within("registrations.protection"):
        window = document.protection.window()
    if len(builder.faults.found) > before:
        return None
    given = {**attrs.asdict(document, recurse=False), "auto_approval": criteria, "protection": window}
    with builder.faults.within("registrations"):
        return RegistrationPolicy(name=builder.policy_name("registrations"), **given)
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
