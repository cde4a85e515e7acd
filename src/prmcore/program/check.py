"""Lint: what is wrong with a program, or with its versions together, before anybody is judged by it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs

from prmcore.contracts.agreements import lint_agreement
from prmcore.contracts.periods import PERIOD_RULES
from prmcore.deals.lint import lint_bands, lint_leads, lint_registrations, lint_routing, lint_sales
from prmcore.deals.responsibility import ResponsibilityMatrix, check_matrix
from prmcore.decisions import ByOrder, ByScore, Prefer
from prmcore.decisions.criteria import Criterion, all_of, comparisons
from prmcore.decisions.explain import Said
from prmcore.decisions.lint import Finding, lint_ladder
from prmcore.incentives.lint import lint_plan
from prmcore.incentives.stacking import lint_stacking
from prmcore.performance.model import metrics_in
from prmcore.program.document.plans import as_written
from prmcore.program.model import Program
from prmcore.territory.coverage import analysed
from prmcore.values import DateRange

__all__ = ["lint", "lint_versions"]

MOST_ROWS = 50  # of one activity that are compared


def lint(program: Program) -> tuple[Finding, ...]:
    """Everything that looks wrong with one version, each finding with facts that show it."""
    findings = [_in_tiers(one) for one in lint_ladder(program.tiers.ladder, _limits(program))]
    findings.extend(_unused(program))
    findings.extend(_benefits_lost_on_the_way_up(program))
    findings.extend(_in_plans(program))
    findings.extend(_in_coverage(program))
    findings.extend(_in_deals(program))
    findings.extend(_no_levels(program))
    findings.extend(_no_holidays(program))
    findings.extend(_two_zones(program))
    findings.extend(_in_agreements(program))
    return tuple(findings)


def _in_tiers(finding: Finding) -> Finding:
    return attrs.evolve(finding, path=f"tiers.{finding.path}")


def _in_plans(program: Program) -> list[Finding]:
    """What looks wrong with the incentives."""
    incentives = program.incentives
    if incentives is None:
        return []
    plans = [("plans", plan.name, finding) for plan in incentives.plans for finding in lint_plan(plan)]
    prices = [("prices", one.name, finding) for one in incentives.prices for finding in lint_stacking(one)]
    return [
        attrs.evolve(
            finding,
            path=f"incentives.{kind}.{name.rpartition('/')[2]}.{as_written(finding.path)}".rstrip("."),
        )
        for kind, name, finding in [*plans, *prices]
    ]


def _in_coverage(program: Program) -> list[Finding]:
    """What looks wrong with the coverage, on the days on which the program is in force."""
    if program.coverage is None:
        return []
    found = analysed(program.coverage, program.effective if program.effective.start is not None else None)
    return [attrs.evolve(one, path=f"coverage.{one.path}") for one in found.findings]


def _in_deals(program: Program) -> list[Finding]:
    """What looks wrong with leads, sales, registrations, and with who does what."""
    found: dict[str, Iterable[Finding]] = {
        f"quantity_bands.{name}": lint_bands(bands) for name, bands in program.quantity_bands.items()
    }
    if program.registrations is not None:
        found["registrations"] = lint_registrations(program.registrations)
    if program.leads is not None:
        found["leads"] = lint_leads(program.leads)
    if program.routing is not None:
        found["routing"] = lint_routing(program.routing, has_pools=bool(program.pools))
    if program.sales is not None:
        found["sales"] = lint_sales(program.sales)
    if program.responsibilities is not None:
        found["responsibilities"] = _of_matrix(program.responsibilities)
    return [attrs.evolve(one, path=f"{path}.{one.path}") for path, ones in found.items() for one in ones]


def _of_matrix(matrix: ResponsibilityMatrix) -> tuple[Finding, ...]:
    """Every row is held against every other of its activity, which takes its time."""
    rows = max((len(matrix.rows_of(one.code)) for one in matrix.activities), default=0)
    if rows > MOST_ROWS:
        said = Said("{number} rows of one activity are not compared: too many to decide", {"number": rows})
        return (Finding("undecided", "rows", said),)
    return check_matrix(matrix)


def _no_levels(program: Program) -> list[Finding]:
    """Tiers that the clauses on deals speak of, and that the ladder does not have."""
    levels = program.tiers.ladder.levels
    said = "{level} is no level of the program"
    return [
        Finding("no-level", path, Said(said, {"level": level}))
        for path, level in _levels_named(program)
        if len(levels) > 1 and level not in levels  # a program without tiers may know them from elsewhere
    ]


def _levels_named(program: Program) -> Iterator[tuple[str, str]]:
    """The tiers that clauses on deals name, with the paths where they do."""
    if program.registrations is not None:
        for place, one in enumerate(program.registrations.protection.by_tier):
            yield f"registrations.protection.by_tier[{place}]", one.tier
        yield from _levels_asked("registrations.auto_approval", program.registrations.auto_approval)
    for place, claims in enumerate(() if program.conflicts is None else program.conflicts.steps):
        yield from ((f"conflicts.steps[{place}].order", level) for level in claims.order)
    if program.routing is None:
        return
    yield from _levels_asked("routing.eligible", program.routing.eligible)
    for place, step in enumerate(program.routing.steps):
        path = f"routing.steps[{place}]"
        if isinstance(step, ByOrder) and step.fact == "tier":
            yield from ((f"{path}.order", level) for level in step.order)
        elif isinstance(step, Prefer):
            yield from _levels_asked(f"{path}.criteria", step.criteria)
        elif isinstance(step, ByScore):
            for number, line in enumerate(step.lines):
                yield from _levels_asked(f"{path}.lines[{number}].when", line.when)


def _levels_asked(path: str, criteria: Iterable[Criterion]) -> Iterator[tuple[str, str]]:
    for place, criterion in enumerate(criteria):
        for one in comparisons(criterion):
            if one.fact == "tier":
                codes = sorted(one.bound) if isinstance(one.bound, frozenset) else [one.bound]
                yield from ((f"{path}[{place}]", code) for code in codes)


def _no_holidays(program: Program) -> list[Finding]:
    """The first year in which the program is in force, and of which business hours do not know the holidays."""
    first, end = program.effective.start, program.effective.end
    if first is None:
        return []
    last = first if end is None else program.effective.last_day
    review = None if program.registrations is None else program.registrations.review
    hours = {
        "registrations.review.hours": None if review is None else review.hours,
        "leads.hours": program.lead_hours,
    }
    said = "the holidays of {year} are not known: no time that reaches into it can be counted"
    found = []
    for path, one in hours.items():
        years = range(first.year, last.year + 1) if one is not None else ()
        missing = next((year for year in years if one is not None and year not in one.years), None)
        if missing is not None:
            found.append(Finding("no-holidays", f"{path}.years", Said(said, {"year": str(missing)})))
    return found


def _two_zones(program: Program) -> list[Finding]:
    """Conflicts whose days begin elsewhere than those of the registrations that are in conflict."""
    registrations, conflicts = program.registrations, program.conflicts
    if registrations is None or conflicts is None or registrations.zone == conflicts.zone:
        return []
    zones = {"zone": conflicts.zone, "other": registrations.zone}
    said = Said("days begin in {zone} here, and in {other} for the registrations", zones)
    return [Finding("two-zones", "conflicts.zone", said)]


def _in_agreements(program: Program) -> list[Finding]:
    """What looks wrong with the paper that stands in the program's own file."""
    policy = program.contracts
    calendars = None if policy is None else policy.calendars
    zone = None if policy is None else policy.named_zone
    return [
        attrs.evolve(finding, path=f"agreements[{place}].{finding.path}".rstrip("."))
        for place, agreement in enumerate(program.agreements)
        for finding in lint_agreement(agreement, counting_rules=PERIOD_RULES, calendars=calendars, zone=zone)
    ]


def _limits(program: Program) -> dict[str, tuple[Any, Any]]:
    """The points that a scorecard can give at most and at least."""
    scorecard = program.tiers.scorecard
    if scorecard is None:
        return {}
    totals = [sum((line.maximum for line in track.lines), Fraction(0)) for track in scorecard.tracks]
    lowest = [min(line.maximum for line in track.lines) for track in scorecard.tracks]
    most = max(len(track.lines) for track in scorecard.tracks)
    zero = Fraction(0)
    return {
        "points": (zero, max(totals)),
        "lowest_points": (zero, max(lowest)),
        "lines_below_floor": (0, most),
    }


def _unused(program: Program) -> list[Finding]:
    """Facts that nothing asks for: most often one that was meant to be asked for."""
    used = {one.fact for rung in program.tiers.ladder.rungs for one in comparisons(rung.criterion)}
    scorecard = program.tiers.scorecard
    for line in (line for track in scorecard.tracks for line in track.lines) if scorecard else ():
        used |= {line.fact, *(one.fact for one in comparisons(line.gate or all_of()))}
    for metric in program.registry.metrics:
        used |= set(metrics_in(metric.measure))
    for plan in () if program.incentives is None else program.incentives.plans:
        used |= {one.fact for component in plan.components for one in comparisons(component.when or all_of())}
    for price in () if program.incentives is None else program.incentives.prices:
        used |= {one.fact for benefit in price.benefits for one in comparisons(benefit.when or all_of())}
    given = {field.name for field in program.given}
    said = "nothing asks for the fact {fact}"
    return [
        Finding(
            "unused-fact", f"{'facts' if name in given else 'metrics'}.{name}", Said(said, {"fact": name})
        )
        for name in program.facts.names
        if name not in used
    ]


def _benefits_lost_on_the_way_up(program: Program) -> list[Finding]:
    """A right that a level gives and a better level does not."""
    levels = program.tiers.ladder.levels
    found = []
    for better, level in pairwise(levels):
        gone = sorted(set(program.benefits.of_level(level)) - set(program.benefits.of_level(better)))
        for name in gone:
            values = {
                "benefit": name,
                "level": program.tiers.ladder.called(level),
                "better": program.tiers.ladder.called(better),
            }
            said = Said("{level} gives {benefit}, and the better {better} does not", values)
            found.append(Finding("benefit-lost", f"benefits.{name}", said, {"level": better}))
    return found


def lint_versions(programs: Sequence[Program]) -> tuple[Finding, ...]:
    """Days on which two versions of a program are in force, or none between the first and the last."""
    ordered = sorted(programs, key=lambda program: program.effective.start or datetime.date.min)
    found: list[Finding] = []
    for place, second in enumerate(ordered[1:], start=1):
        first = max(
            ordered[:place], key=lambda one: one.effective.end or datetime.date.max
        )  # the last to end
        shared = first.effective.intersection(second.effective)
        values = {"first": first.full_name, "second": second.full_name}
        if shared is not None:
            day = shared.start or shared.last_day
            said = Said("{first} and {second} are both in force on {day}", {**values, "day": day})
            found.append(Finding("versions-overlap", "effective", said, {"day": day}))
        elif _gap(first.effective, second.effective) is not None:
            gap = _gap(first.effective, second.effective)
            said = Said(
                "no version is in force on {day}, between {first} and {second}", {**values, "day": gap}
            )
            found.append(Finding("versions-gap", "effective", said, {"day": gap}))
    return tuple(found)


def _gap(first: DateRange, second: DateRange) -> datetime.date | None:
    """The first day that neither covers."""
    return (
        first.end if first.end is not None and second.start is not None and first.end < second.start else None
    )
