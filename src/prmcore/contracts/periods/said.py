"""Counted periods in words, in no language yet."""

from __future__ import annotations

from prmcore.contracts.periods.model import (
    Ambiguity,
    Counted,
    CountedHours,
    PeriodStep,
    WhyAmbiguous,
    WhyStepped,
)
from prmcore.decisions.explain import Said
from prmcore.values import Length, Unit, clock_in

__all__ = ["said_of_counted", "said_of_hours", "said_of_length"]

_LENGTHS = {
    Unit.HOURS: "{count} hours", Unit.DAYS: "{count} days", Unit.BUSINESS_DAYS: "{count} business days",
    Unit.WEEKS: "{count} weeks", Unit.MONTHS: "{count} months", Unit.YEARS: "{count} years",
}  # fmt: skip
_ONES = {
    Unit.HOURS: "{count} hour", Unit.DAYS: "{count} day", Unit.BUSINESS_DAYS: "{count} business day",
    Unit.WEEKS: "{count} week", Unit.MONTHS: "{count} month", Unit.YEARS: "{count} year",
}  # fmt: skip

_STEPS = {
    WhyStepped.EVENT_EXCLUDED: "{before} does not count: {after} is the first day that does",
    WhyStepped.EVENT_COUNTED: "{after} is the first day that counts",
    WhyStepped.COUNTED: "{length} counted from {before}: {after}",
    WhyStepped.CLEAR: "all counted days are clear: {after} is the day before them",
    WhyStepped.ROLLED: "no period ends on {before}: {after}",
    WhyStepped.FEW_BUSINESS_DAYS: "too few business days until {before}: {after}",
}
_DOUBTS = {
    WhyAmbiguous.MONTHS_BACK: "months can be counted back in another way: {other}; the earlier day is safe",
    WhyAmbiguous.ROLL_BACK_DISPUTED: "it is disputed whether a day off moves a period that is counted back: {other}",
    WhyAmbiguous.CUSTOM_UNKNOWN: "a day off would move the end where it is the custom not to trade; no calendar was given",
    WhyAmbiguous.AS_DRAFTED: "no law stands behind this rule: what the contract says goes first",
}


def said_of_counted(counted: Counted) -> Said:
    """The last day, each step to it, whatever may be seen in another way, and what it rests on."""
    words = (
        "the last day before {event} is {day}" if counted.backward else "the last day after {event} is {day}"
    )
    parts = [*map(_said_of_step, counted.steps), *map(_said_of_doubt, counted.ambiguities)]
    if counted.calendar is not None:
        parts.append(Said("calendar: {calendar}", {"calendar": counted.calendar}))
    parts += [
        Said("period rule: {rule}", {"rule": counted.rule.id}),
        Said("source: {source}", {"source": counted.rule.source}),
    ]
    return Said(words, {"event": counted.event, "day": counted.last_day}, None, tuple(parts))


def _said_of_step(step: PeriodStep) -> Said:
    values: dict[str, object] = {"before": step.before, "after": step.after}
    if step.length is not None:
        values["length"] = said_of_length(step.length)
    return Said(_STEPS[step.why], values)


def said_of_length(length: Length) -> Said:
    """A length in the words of a language."""
    values = {"count": length.count}
    return Said(_ONES[length.unit], values) if length.count == 1 else Said(_LENGTHS[length.unit], values)


def _said_of_doubt(doubt: Ambiguity) -> Said:
    return Said(_DOUBTS[doubt.why], {} if doubt.other is None else {"other": doubt.other})


def said_of_hours(counted: CountedHours) -> Said:
    """When the hours are over by the clock of the place, and what that rests on."""
    values = {
        "length": said_of_length(counted.length), "event": clock_in(counted.zone, counted.event),
        "ends": clock_in(counted.zone, counted.ends),
    }  # fmt: skip
    parts = []
    if counted.ends != counted.elapsed:
        parts.append(Said("no period ends at {at}", {"at": clock_in(counted.zone, counted.elapsed)}))
    if counted.calendar is not None:
        parts.append(Said("calendar: {calendar}", {"calendar": counted.calendar}))
    parts += [
        Said("period rule: {rule}", {"rule": counted.rule.id}),
        Said("source: {source}", {"source": counted.rule.source}),
    ]
    return Said("{length} from {event} on are over at {ends}", values, None, tuple(parts))
