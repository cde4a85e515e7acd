"""Sales in a program document: the stages of a sale, discounts that roles may give, and the way back."""

from __future__ import annotations

from typing import Any

import attrs

from prmcore.deals.opportunities import (
    NegotiationPolicy,
    SalesProcess,
)
from prmcore.program.document.builder import Builder
from prmcore.program.document.shapes import NegotiationDocument, SalesDocument
from prmcore.values.wire import to_plain

__all__ = ["negotiation_from", "sales_from", "without_name"]

MOST_STAGES = 100


def sales_from(builder: Builder, document: SalesDocument) -> SalesProcess | None:
    """The stages that were written; None, with faults, when they cannot be used."""
    if builder.is_left_out("sales.stages"):
        return None  # what others say of a stage that could not be read is no fault of theirs
    builder.check_size(document.stages, MOST_STAGES, "sales.stages")
    if len(document.stages) > MOST_STAGES:
        return None
    with builder.faults.within("sales"):
        return SalesProcess(name=builder.policy_name("sales"), **attrs.asdict(document, recurse=False))
    return None


def negotiation_from(builder: Builder, document: NegotiationDocument) -> NegotiationPolicy | None:
    """The limits that were written; None, with faults, when they cannot be used."""
    with builder.faults.within("negotiation"):
        return NegotiationPolicy(name=builder.policy_name("negotiation"), limits=document.limits)
    return None


def without_name(policy: SalesProcess | NegotiationPolicy | None) -> dict[str, Any] | None:
    """A policy as it is written: its name is the program's."""
    if policy is None:
        return None
    plain: dict[str, Any] = to_plain(policy)
    return {key: value for key, value in plain.items() if key != "name"}
