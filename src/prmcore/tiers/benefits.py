"""Benefits: what a level gives, by program version, level and day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import attrs

from prmcore.decisions import Decision, FactSchema, Kind, Ladder, fact, rung
from prmcore.decisions.wire import value_from
from prmcore.errors import Faults, InvalidInput, repeated, unknown_name
from prmcore.values import Text

__all__ = ["Benefit", "BenefitFacts", "Benefits"]


@attrs.frozen
class BenefitFacts:
    """What an entitlement depends on."""

    level: str | None = attrs.field(  # the level on the day; None = unknown
        metadata={"text": Text.of("level", ja="レベル", zh="等级")}
    )
    may_use: bool | None = attrs.field(  # whether the partner's status allows benefits at all
        default=True,
        metadata={
            "text": Text.of("status allows benefits", ja="特典を利用できる状態", zh="状态允许享受权益")
        },
    )


@attrs.frozen
class Benefit:
    """Something that levels give: a right (True), or a value of some kind for each level."""

    name: str
    by_level: tuple[tuple[str, Any], ...]  # levels that are not listed get nothing
    kind: Kind = Kind.BOOL
    text: Text | None = None

    def policy(
        self, program: str, levels: Mapping[str, Text] = MappingProxyType({})
    ) -> Ladder[BenefitFacts, Any]:
        """The benefit as a ladder: its value for the level, or False; `levels` are what people call them."""
        facts = FactSchema.of(BenefitFacts)
        named = attrs.evolve(facts.field("level"), words=tuple(levels.items()))
        facts = attrs.evolve(facts, fields=(named, *facts.fields[1:]))
        values = dict.fromkeys(value for _, value in self.by_level)
        rungs = tuple(
            rung(
                value,
                fact("level").one_of(*(level for level, given in self.by_level if given == value)),
                fact("may_use").is_true(),
                text=_GRANTED if value is True else None,
            )
            for value in values
        )
        name = f"{program}/benefits/{self.name}"
        return Ladder(name, facts=facts, rungs=rungs, otherwise=False, otherwise_text=_NOT_GRANTED)


_GRANTED = Text.of("granted", ja="利用可", zh="可享有")
_NOT_GRANTED = Text.of("not granted", ja="利用不可", zh="不可享有")


@attrs.frozen(slots=False)
class Benefits:
    """All benefits of a program version."""

    program: str  # its name and version
    benefits: tuple[Benefit, ...] = ()
    levels: Mapping[str, Text] = attrs.field(
        factory=dict
    )  # what people call the levels that have a name beside their code

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the benefits of {self.program!r} cannot be used")
        for name in repeated(benefit.name for benefit in self.benefits):
            faults.add(f"the benefit {name!r} stands here twice", name)
        for benefit in self.benefits:
            for level, value in benefit.by_level:
                with faults.within(f"{benefit.name}.{level}"):
                    value_from(benefit.kind, value)
        faults.raise_if_any()

    def entitlement(self, benefit: str, facts: BenefitFacts, as_of: datetime.date) -> Decision[Any]:
        """What this benefit gives on that day: True or its value, or False; the reasons say why."""
        if benefit not in self.policies:
            raise InvalidInput(unknown_name("benefit", benefit, self.policies))
        return self.policies[benefit].decide(facts, as_of)

    def of_level(self, level: str) -> dict[str, Any]:
        """All that a level gives, by name."""
        return {one.name: dict(one.by_level)[level] for one in self.benefits if level in dict(one.by_level)}

    def lost(self, before: str, after: str) -> dict[str, Any]:
        """What a level gave and the other does not give alike, by name."""
        kept = self.of_level(after)
        return {name: value for name, value in self.of_level(before).items() if kept.get(name) != value}

    @cached_property
    def policies(self) -> Mapping[str, Ladder[BenefitFacts, Any]]:
        return {benefit.name: benefit.policy(self.program, self.levels) for benefit in self.benefits}

    def __getstate__(self) -> dict[str, Any]:
        return {"program": self.program, "benefits": self.benefits, "levels": self.levels}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
