"""Which benefits apply to a line, and why the others do not; of exclusive ones the first that applies."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

import attrs

from prmcore.decisions import FactSchema, FactSheet, Ladder, Rung
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.incentives.stacking.model import LeftOut, PriceBenefit, WhyLeftOut

__all__ = ["Choice", "asking", "check_priorities", "choose_first", "chosen", "known"]


@attrs.frozen
class Choice:
    """The first benefit that applies, if one does, and why the others are not it."""

    benefit: PriceBenefit | None  # None = none applies, or which one does is not known
    left_out: tuple[LeftOut, ...]


def choose_first(
    benefits: Iterable[PriceBenefit],
    schema: FactSchema,
    facts: FactSheet | None = None,
    as_of: datetime.date = datetime.date.min,
) -> Choice:
    """The first of some benefits that applies, by priority, the lowest number first; two of one priority are refused.

    None is chosen when none applies, and when whether an earlier one applies is not known: neither is a benefit of zero.
    """
    given = tuple(benefits)
    faults = Faults("the first of these benefits cannot be told")
    for one in given:
        if one.priority is None:
            faults.add("has no priority; accepted: a number of its own for each", one.name)
    check_priorities(given, faults)
    faults.raise_if_any()
    eligibility = {one.name: asking(one, schema) for one in given if one.when is not None}
    return chosen(given, eligibility, known(facts, schema), as_of)


def check_priorities(group: Iterable[PriceBenefit], faults: Faults, path: str = "") -> None:
    for same in repeated(str(one.priority) for one in group if one.priority is not None):
        faults.add(f"two benefits have the priority {same}; accepted: a priority of its own for each", path)


def known(facts: FactSheet | None, schema: FactSchema) -> FactSheet:
    """What is known of a line; facts of another schema are refused, since they would be taken for others."""
    if facts is None:
        return FactSheet.of(schema, {})
    if facts.schema != schema:
        raise InvalidInput(f"found facts of {facts.schema.name!r}; accepted: a FactSheet of {schema.name!r}")
    return facts


def asking(one: PriceBenefit, facts: FactSchema) -> Ladder[FactSheet, str]:
    assert one.when is not None
    return Ladder(one.name, facts=facts, rungs=(Rung(one.name, (one.when,), one.text),), otherwise="")


def chosen(
    group: Sequence[PriceBenefit],
    eligibility: Mapping[str, Ladder[FactSheet, str]],
    facts: FactSheet,
    as_of: datetime.date,
) -> Choice:
    """The first of a group that applies; as long as an earlier one may apply, none that comes after it is given."""
    chosen: PriceBenefit | None = None
    open_one: str | None = None
    left_out: list[LeftOut] = []
    for one in sorted(group, key=lambda one: one.priority or 0):
        if chosen is not None:
            left_out.append(LeftOut(one.name, WhyLeftOut.NOT_FIRST, chosen.name))
            continue
        why, what = _why_not(eligibility.get(one.name), facts, as_of)
        if why is not None:
            left_out.append(LeftOut(one.name, why, what))
            open_one = open_one or (one.name if why is WhyLeftOut.UNKNOWN_FACT else None)
        elif open_one is not None:
            left_out.append(LeftOut(one.name, WhyLeftOut.WAITS, open_one))
        else:
            chosen = one
    return Choice(chosen, tuple(left_out))


def _why_not(
    ladder: Ladder[FactSheet, str] | None, facts: FactSheet, as_of: datetime.date
) -> tuple[WhyLeftOut | None, str]:
    """Why a benefit does not apply, and the facts that are missing; None when it does."""
    if ladder is None:
        return None, ""
    decision = ladder.decide(facts, as_of)
    if decision.outcome:
        return None, ""
    if not ladder.could_be(decision):
        return WhyLeftOut.NOT_MET, ""
    missing = (name for name in sorted(ladder.asked) if facts[name] is None)
    return WhyLeftOut.UNKNOWN_FACT, ", ".join(missing)
