"""Conflicts in a program document: the steps that settle them, the terms of appeals, and the way back."""

from __future__ import annotations

from typing import Any

import attrs

from prmcore.program.document.builder import Builder
from prmcore.program.document.shapes import ConflictsDocument
from prmcore.territory.claims import AppealPolicy, ConflictPolicy, ResolutionStep
from prmcore.values.wire import to_plain

__all__ = ["conflicts_from", "conflicts_to"]


def conflicts_from(
    builder: Builder, document: ConflictsDocument
) -> tuple[ConflictPolicy, AppealPolicy] | None:
    """The policies that were written; None, with faults, when they cannot be used."""
    before = len(builder.faults.found)
    given = attrs.asdict(document, recurse=False)
    appeals = given.pop("appeals")
    made: tuple[ConflictPolicy, AppealPolicy] | None = None
    with builder.faults.within("conflicts"):
        policy = ConflictPolicy(name=builder.policy_name("conflicts"), **given)
        with builder.faults.within("appeals"):
            made = policy, AppealPolicy(name=builder.policy_name("appeals"), **attrs.asdict(appeals))
    return None if len(builder.faults.found) > before else made


def conflicts_to(conflicts: ConflictPolicy | None, appeals: AppealPolicy | None) -> dict[str, Any] | None:
    """The policies as they are written."""
    if conflicts is None or appeals is None:
        return None
    plain: dict[str, Any] = to_plain(conflicts)
    plain["steps"] = [_step(step) for step in conflicts.steps]
    plain["appeals"] = {key: value for key, value in to_plain(appeals).items() if key != "name"}
    return {key: value for key, value in plain.items() if key != "name"}


def _step(step: ResolutionStep) -> dict[str, Any]:
    """A step without what is not said."""
    plain: dict[str, Any] = to_plain(step)
    usual = {one.name: one.default for one in attrs.fields(ResolutionStep)}
    return {
        key: value
        for key, value in plain.items()
        if getattr(step, key) != usual[key] and value not in ([], {})
    }
