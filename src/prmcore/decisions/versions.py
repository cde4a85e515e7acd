"""Policy versions by effective date, and decisions replayed from their records."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Generic, Protocol, TypeVar

import attrs

from prmcore.decisions.decision import Decision, Policy
from prmcore.errors import InvalidInput, PrmError, unknown_name
from prmcore.values import Dated

__all__ = ["PolicyVersions", "Recordable", "ReplayDiffers", "recorded", "replayed"]

PolicyT = TypeVar("PolicyT", bound=Policy[Any, Any])


class Recordable(Policy[Any, Any], Protocol):
    """A policy whose facts and outcomes can be written as plain JSON values and read again."""

    def written(self, decision: Decision[Any]) -> dict[str, Any]:
        """The facts, the outcome and the mask of the program's own criteria: `{"facts": ..., "outcome": ..., "mask": 5}`.

        Plain values: strings, numbers, lists, dicts. What prmcore itself brings is not in that mask, so that a record
        replays under a later prmcore.
        """
        ...

    def facts_from(self, written: Any) -> Any: ...


class ReplayDiffers(PrmError):
    """A recorded decision comes out differently today: the policy of that name, or a function rule, was changed."""

    def __init__(self, record: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        self.record = record
        self.now = now
        was, found = _in_words(record["outcome"]), _in_words(now["outcome"])
        if was == found:
            was, found = (f"{was} (criteria {one['mask']:b})" for one in (record, now))
        super().__init__(
            f"the decision of {record['policy']!r} for {record['as_of']} was {was}; replayed it is {found}. "
            "A published version must not change: publish the change under a new version"
        )


def _in_words(outcome: Any) -> str:
    if isinstance(outcome, Mapping):
        return ", ".join(f"{name} {value}" for name, value in sorted(outcome.items()))
    return str(outcome)


@attrs.frozen(slots=False)
class PolicyVersions(Generic[PolicyT]):
    """One policy through time: which version is in force on which day.

    Versions that overlap are refused by `Dated`; days without a version are found with `versions.gaps(...)`.
    """

    versions: Dated[PolicyT]

    def on(self, day: datetime.date) -> PolicyT:
        """The version in force on that day."""
        return self.versions.on(day)

    def decide(self, facts: Any, as_of: datetime.date) -> Decision[Any]:
        """Decides by the version in force on that day."""
        return self.on(as_of).decide(facts, as_of)

    def __iter__(self) -> Any:
        return (policy for _, policy in self.versions.entries)


@attrs.frozen
class _Recorded:
    """What a record has to hold."""

    policy: str
    as_of: datetime.date
    facts: Any
    outcome: Any
    mask: int


_PARTS = tuple(field.name for field in attrs.fields(_Recorded))


def recorded(decision: Decision[Any]) -> dict[str, Any]:
    """The decision as a flat record of plain JSON values: enough to explain and replay it, with the policy at hand."""
    policy: Recordable = decision.policy  # type: ignore[assignment]  # says so itself when it has no `written`
    written = policy.written(decision)
    return {"policy": policy.name, "as_of": decision.as_of.isoformat(), **written}


def replayed(record: Mapping[str, Any], policies: Iterable[Recordable]) -> Decision[Any]:
    """The decision again, from its record and the published policies; refuses to differ from what was recorded."""
    from prmcore.values.wire import from_plain

    kept = {name: record[name] for name in _PARTS if name in record}  # whoever keeps it may keep more beside
    read = from_plain(kept, _Recorded, "the record cannot be read")
    by_name = {policy.name: policy for policy in policies}
    if read.policy not in by_name:
        raise InvalidInput(unknown_name("policy", read.policy, by_name))
    policy = by_name[read.policy]
    decision = policy.decide(policy.facts_from(read.facts), read.as_of)
    now = recorded(decision)
    if (now["outcome"], now["mask"]) != (read.outcome, read.mask):
        raise ReplayDiffers(record, now)
    return decision
