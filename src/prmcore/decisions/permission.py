"""Permission: whether a record may be moved by an action, by its table of moves and what the clauses ask besides."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from prmcore.decisions.criteria import Criterion, fact
from prmcore.decisions.facts import FactSchema
from prmcore.decisions.ladder import Ladder, rung
from prmcore.values import Text

__all__ = ["NO", "YES", "permission", "starts_of"]

YES = Text.of("allowed", ja="可", zh="允许")
NO = Text.of("not allowed", ja="不可", zh="不允许")


def permission(name: str, facts: type | FactSchema, *asked: Criterion) -> Ladder[Any, bool]:
    """A policy that allows something when all that it asks for is met."""
    return Ladder(
        name, facts=facts, rungs=(rung(True, *asked, text=YES),), otherwise=False, otherwise_text=NO
    )


def starts_of(moves: Mapping[tuple[Any, Any], Any], action: StrEnum) -> Criterion:
    """That the fact `state` is one from which the table leads on by this action."""
    return fact("state").one_of(*(before for before, taken in moves if taken is action))
