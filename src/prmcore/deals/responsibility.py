"""Who does what in a deal: presales, demonstration, quote, close, delivery, by the kind of deal.

For each activity the first row whose criteria hold says who is responsible and who is accountable, each exactly one, and
who is consulted and informed. What is not known of a deal may make no difference; where it may, a person decides.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import combinations
from typing import Any, TypeAlias

import attrs

from prmcore.deals._moving import check_ids
from prmcore.decisions import (
    Criterion,
    Decision,
    FactSchema,
    Ladder,
    Not,
    Reason,
    Truth,
    all_of,
    any_of,
    rung,
)
from prmcore.decisions.criteria import check_criteria
from prmcore.decisions.explain import Said
from prmcore.decisions.facts import schema_of
from prmcore.decisions.lint import Budget, Finding, Undecided, facts_meeting
from prmcore.decisions.wire import facts_to
from prmcore.errors import Faults, InvalidInput, repeated, unknown_name
from prmcore.values import Text

__all__ = [
    "Activity", "ActivityPolicy", "Duty", "DutyRow", "Party", "ResponsibilityMatrix", "check_matrix", "responsible_for",
]  # fmt: skip

Search: TypeAlias = Callable[[Criterion], dict[str, Any] | None]  # facts that meet a criterion

UNDECIDED = "(undecided)"  # what a ladder says when no row holds


@attrs.frozen
class Party:
    """Somebody who takes part: the vendor, a distributor, a partner, a second partner."""

    code: str
    text: Text | None = None


@attrs.frozen
class Activity:
    """Something that has to be done: presales, demonstration, quote, close, delivery, support, renewal."""

    code: str
    text: Text | None = None


@attrs.frozen(kw_only=True)
class Duty:
    """Who does an activity, and who takes part in it, by the codes of parties."""

    responsible: str  # does it
    accountable: str  # answers for it; may be the same
    consulted: frozenset[str] = frozenset()
    informed: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class DutyRow:
    """Who does an activity in which deals; of an activity's rows the first that holds is the one."""

    name: str  # of the row, such as "close/large"
    activity: str
    when: tuple[Criterion, ...] = ()  # none = in all others
    duty: Duty

    @property
    def criterion(self) -> Criterion | None:
        return all_of(*self.when) if self.when else None


@attrs.frozen(kw_only=True, slots=False)
class ResponsibilityMatrix:
    """Who does what: every activity has rows, each with one responsible and one accountable party."""

    name: str = "responsibilities/standard"
    facts: FactSchema = attrs.field(converter=schema_of)  # what rows may ask of a deal
    parties: tuple[Party, ...]
    activities: tuple[Activity, ...]
    rows: tuple[DutyRow, ...]

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the matrix {self.name!r:.60} cannot be used")
        check_ids(faults, name=self.name)
        for what, codes in (
            ("parties", [one.code for one in self.parties]),
            ("activities", [one.code for one in self.activities]),
            ("rows", [one.name for one in self.rows]),
        ):
            for place, code in enumerate(codes):
                check_ids(faults, **{f"{what}[{place}]": code})
            for code in repeated(codes):
                faults.add(f"{code!r} stands here twice", what)
        known = [one.code for one in self.activities]
        for place, row in enumerate(self.rows):
            if row.activity not in known:
                faults.add(unknown_name("activity", row.activity, known), f"rows[{place}].activity")
            self._check_duty(faults, f"rows[{place}]", row.duty)
            check_criteria(row.when, self.facts, faults, f"rows[{place}].when")
        for code in known:
            self._check_rows(faults, code)
        faults.raise_if_any()

    def _check_duty(self, faults: Faults, path: str, duty: Duty) -> None:
        known = [one.code for one in self.parties]
        named = [("responsible", duty.responsible), ("accountable", duty.accountable)]
        named += [("consulted", code) for code in sorted(duty.consulted)]
        named += [("informed", code) for code in sorted(duty.informed)]
        for role, code in named:
            if code not in known:
                faults.add(unknown_name("party", code, known), f"{path}.{role}")
        does = {duty.responsible, duty.accountable}
        for code in sorted((does & (duty.consulted | duty.informed)) | (duty.consulted & duty.informed)):
            faults.add(f"{code!r} has two parts in it; accepted: one", path)

    def _check_rows(self, faults: Faults, activity: str) -> None:
        """Every activity has rows, no two with the same criteria, and none after the one for all others."""
        rows = [(place, one) for place, one in enumerate(self.rows) if one.activity == activity]
        if not rows:
            faults.add(f"nobody is responsible for {activity!r}; accepted: one row or more", "rows")
        for (_, one), (place, other) in combinations(rows, 2):
            if one.when == other.when:
                faults.add(
                    f"{other.name!r} has the criteria of {one.name!r}, which comes first", f"rows[{place}]"
                )
            elif not one.when:
                faults.add(f"{other.name!r} comes after {one.name!r}, which is for all others", f"rows[{place}]")  # fmt: skip

    def rows_of(self, activity: str) -> tuple[DutyRow, ...]:
        found = tuple(one for one in self.rows if one.activity == activity)
        if not found:
            raise InvalidInput(unknown_name("activity", activity, [one.code for one in self.activities]))
        return found

    def policy(self, activity: str) -> ActivityPolicy:
        """The policy that says who does it."""
        self.rows_of(activity)
        return ActivityPolicy(self, activity)

    def called(self, party: str) -> Text | str:
        """What people call a party."""
        return next((one.text or one.code for one in self.parties if one.code == party), party)

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def responsible_for(
    matrix: ResponsibilityMatrix, activity: str, facts: Any, as_of: datetime.date
) -> Decision[Duty | None]:
    """Who does the activity in this deal; None when no row holds, or when that depends on what is not known."""
    return matrix.policy(activity).decide(facts, as_of)


@attrs.frozen(slots=False)
class ActivityPolicy:
    """Answers who does one activity."""

    matrix: ResponsibilityMatrix
    activity: str

    @property
    def name(self) -> str:
        return f"{self.matrix.name}/{self.activity}"

    def decide(self, facts: Any, as_of: datetime.date) -> Decision[Duty | None]:
        found = self._ladder.decide(facts, as_of)
        possible = list(self._possible(found))
        duty = possible[0] if all(one == possible[0] for one in possible) else None
        return Decision(duty, self, as_of, facts, found.mask)

    def _possible(self, found: Decision[str]) -> Iterator[Duty | None]:
        """The duties of the rows that may be the first to hold, whatever is not known."""
        for reason in self._ladder.reasons(found):
            if reason.truth is not Truth.UNMET:
                yield self._duties[reason.level]
            if reason.truth is Truth.MET:
                return
        yield self._duties.get(UNDECIDED)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """Each row with criteria, as far as it holds; the row's name is the level."""
        return self._ladder.reasons(decision)

    def said(self, decision: Decision[Duty | None]) -> Said:
        """Who does it, and the rows that were looked at."""
        values: dict[str, Any] = {"activity": self._activity.text or self.activity, "day": decision.as_of}
        parts = self._ladder.said_rungs(decision)
        duty = decision.outcome
        if duty is None:
            return Said("{activity} on {day}: nobody is said to do it; a person decides", values, None, parts)
        values.update(
            {name: self.matrix.called(getattr(duty, name)) for name in ("responsible", "accountable")}
        )
        return Said("{activity} on {day}: {responsible} does it, {accountable} answers for it", values, None, parts)  # fmt: skip

    def written(self, decision: Decision[Duty | None]) -> dict[str, Any]:
        from prmcore.values.wire import to_plain

        facts = facts_to(self.matrix.facts, decision.facts)
        outcome = None if decision.outcome is None else to_plain(decision.outcome)
        return {"facts": facts, "outcome": outcome, "mask": decision.mask}

    def facts_from(self, written: Mapping[str, Any]) -> Any:
        return self._ladder.facts_from(written)

    @cached_property
    def _activity(self) -> Activity:
        return next(one for one in self.matrix.activities if one.code == self.activity)

    @cached_property
    def _duties(self) -> dict[str, Duty]:
        rows = self.matrix.rows_of(self.activity)
        return {one.name if one.when else UNDECIDED: one.duty for one in rows}

    @cached_property
    def _ladder(self) -> Ladder[Any, str]:
        return _ladder(self.name, self.matrix.facts, self.matrix.rows_of(self.activity))

    def __getstate__(self) -> dict[str, Any]:
        return {"matrix": self.matrix, "activity": self.activity}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


@lru_cache(maxsize=256)
def _ladder(name: str, facts: FactSchema, rows: tuple[DutyRow, ...]) -> Ladder[Any, str]:
    rungs = tuple(rung(one.name, *one.when) for one in rows if one.when)
    return Ladder(name, facts=facts, rungs=rungs, otherwise=UNDECIDED)


def check_matrix(
    matrix: ResponsibilityMatrix, limits: Mapping[str, tuple[Any, Any]] | None = None
) -> tuple[Finding, ...]:
    """What is wrong with the rows: deals for which nobody does an activity, rows that are never reached, and rows that
    meet and say different things, where only their order decides. Each with facts that show it.
    """
    found: list[Finding] = []
    budget = Budget()
    search: Search = partial(facts_meeting, schema=matrix.facts, limits=limits, budget=budget)
    for activity in matrix.activities:
        rows = matrix.rows_of(activity.code)
        found.extend(_gap(activity, rows, search))
        for place, row in enumerate(rows):
            found.extend(_unreached(matrix, row, rows[:place], search))
        for one, other in combinations([row for row in rows if row.when], 2):
            found.extend(_overlap(matrix, one, other, search))
            if budget.is_spent:
                break  # the other pairs of the activity are not decided either
    return tuple(found)


def _path(matrix: ResponsibilityMatrix, row: DutyRow) -> str:
    return f"rows[{matrix.rows.index(row)}]"


def _gap(activity: Activity, rows: Sequence[DutyRow], search: Search) -> list[Finding]:
    if any(not one.when for one in rows):
        return []
    wanted = all_of(*(Not(all_of(*one.when)) for one in rows))
    values = {"activity": activity.text or activity.code}
    try:
        witness = search(wanted)
    except Undecided:
        said = Said("whether somebody always does {activity}: not decided", values)
        return [Finding("undecided", "rows", said)]
    if witness is None:
        return []
    return [Finding("gap", "rows", Said("nobody does {activity}", values), witness)]


def _unreached(
    matrix: ResponsibilityMatrix, row: DutyRow, before: Sequence[DutyRow], search: Search
) -> list[Finding]:
    """That the rows before it, together, leave nothing to a row, or that its own criteria cannot hold."""
    wanted = all_of(*row.when, *(Not(all_of(*one.when)) for one in before))
    if not wanted.parts:
        return []
    try:
        if search(wanted) is not None:
            return []
        earlier = any_of(*(all_of(*one.when) for one in before))
        shown = search(all_of(*row.when, earlier)) if before and row.when else None
    except Undecided:
        said = Said("whether the row {row} is ever reached: not decided", {"row": row.name})
        return [Finding("undecided", _path(matrix, row), said)]
    said = Said("the row {row} is never reached", {"row": row.name})
    return [Finding("unreached", _path(matrix, row), said, shown)]


def _overlap(matrix: ResponsibilityMatrix, one: DutyRow, other: DutyRow, search: Search) -> list[Finding]:
    if one.duty == other.duty:
        return []
    values = {"row": other.name, "first": one.name}
    try:
        witness = search(all_of(*one.when, *other.when))
    except Undecided:
        said = Said("whether the rows {first} and {row} meet: not decided", values)
        return [Finding("undecided", _path(matrix, other), said)]
    if witness is None:
        return []
    said = Said("the rows {first} and {row} meet; {first} comes first", values)
    return [Finding("overlap", _path(matrix, other), said, witness)]
