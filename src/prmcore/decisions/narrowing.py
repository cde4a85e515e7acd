"""Narrowing: the walk over steps that each leave some of the claims, and the two ways in which a step leaves some.

Every precedence walks so: `Precedence`, the conflicts of claims, the routing of leads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import attrs

from prmcore.decisions.criteria import Truth

__all__ = ["FellOut", "Narrowed", "best", "kept", "narrowings"]

ClaimT = TypeVar("ClaimT")
StepT = TypeVar("StepT")


@attrs.frozen
class FellOut(Generic[ClaimT]):
    """A claim that a step does not leave."""

    claim: ClaimT
    why: Any = None  # a word of the capability; None = the step says it all
    seen: Any = None  # what the step saw of it


@attrs.frozen(kw_only=True)
class Narrowed(Generic[ClaimT]):
    """What a step did: the claims left after it, and who fell out and why."""

    step: Any
    left: tuple[ClaimT, ...]
    fell_out: tuple[FellOut[ClaimT], ...] = ()
    unknown: tuple[ClaimT, ...] = ()  # of which what it asks for is not known: a person is asked; () = it is

    @property
    def passes(self) -> bool:
        """Whether it left everything as it was."""
        return not self.fell_out and not self.unknown

    @property
    def truth(self) -> Truth:
        """Met when it told some apart, unknown when a person is asked."""
        return Truth.UNKNOWN if self.unknown else Truth.of(not self.passes)


def narrowings(
    claims: Iterable[ClaimT],
    steps: Iterable[StepT],
    narrow: Callable[[StepT, tuple[ClaimT, ...]], Narrowed[ClaimT]],
    is_settled: Callable[[tuple[ClaimT, ...]], bool],
) -> Iterator[Narrowed[ClaimT]]:
    """What each step did, up to the one after which all is settled, or a person is asked."""
    left = tuple(claims)
    for step in steps:
        found = narrow(step, left)
        yield found
        left = found.left
        if found.unknown or is_settled(left):
            return


def kept(
    step: Any,
    left: Sequence[ClaimT],
    holds: Callable[[ClaimT], bool | None],
    *,
    why: Any = None,
    seen: Callable[[ClaimT], Any] = lambda claim: None,
    may_empty: bool = False,
) -> Narrowed[ClaimT]:
    """Those stay of whom it holds; when it holds of none all stay, unless the step may leave nobody. None = not known."""
    held = [(one, holds(one)) for one in left]
    unknown = tuple(one for one, holding in held if holding is None)
    stay = tuple(one for one, holding in held if holding)
    if unknown or (not stay and not may_empty):
        return Narrowed(step=step, left=tuple(left), unknown=unknown)
    out = tuple(FellOut(one, why, seen(one)) for one, holding in held if not holding)
    return Narrowed(step=step, left=stay, fell_out=out)


def best(
    step: Any,
    left: Sequence[ClaimT],
    rank: Callable[[ClaimT], Any],
    *,
    why: Any = None,
    seen: Callable[[ClaimT], Any] = lambda claim: None,
) -> Narrowed[ClaimT]:
    """Those of the highest rank stay. None = it has no rank, and comes last; when nobody has one, all stay."""
    ranked = [(one, rank(one)) for one in left]
    highest = max((place for _, place in ranked if place is not None), default=None)
    out = tuple(FellOut(one, why, seen(one)) for one, place in ranked if place != highest)
    return Narrowed(step=step, left=tuple(one for one, place in ranked if place == highest), fell_out=out)
