"""The plain reading of criteria: the reference that the compiled one is held against."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from prmcore.decisions.criteria import Criterion, Leaf, Truth
from prmcore.decisions.reasons import leaf_truth, truth_of

__all__ = ["interpret"]


def interpret(
    places: Mapping[Leaf, int],
    rules: Sequence[Criterion],
    values: Mapping[str, Any],
    facts: Any,
    as_of: datetime.date,
) -> tuple[int, int]:
    """The place of the first rule that is met (the number of rules when none is), and the mask of all leaves."""
    truths = {leaf: leaf_truth(leaf, values, facts, as_of) for leaf in places}
    mask = 0
    for leaf, place in places.items():
        if truths[leaf] is Truth.MET:
            mask |= 1 << place
        elif truths[leaf] is Truth.UNKNOWN:
            mask |= 1 << place + len(places)
    for number, rule in enumerate(rules):
        if truth_of(rule, truths.__getitem__) is Truth.MET:
            return number, mask
    return len(rules), mask
