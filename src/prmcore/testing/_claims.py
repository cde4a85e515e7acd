"""Hypothesis strategies for claims: few accounts, products and instants, so that claims meet, tie and follow one another."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from hypothesis import strategies as st

from prmcore.territory.claims import (
    Appeal,
    AppealFacts,
    AppealPolicy,
    Award,
    CaseFacts,
    CaseMoved,
    CaseState,
    CaseStep,
    Claim,
    ClaimKind,
    Companies,
    Conflict,
    ConflictCase,
    ConflictFacts,
    ConflictPolicy,
    Contender,
    CountedFrom,
    CustomerChoice,
    Overlap,
    Resolution,
    ResolutionStep,
    Ruling,
    RunnerUp,
    SplitBy,
    StepKind,
    Verdict,
    WhenUnknown,
    appealed,
    closed,
    decided,
    lapsed,
    opened,
    overlap,
    reheard,
    settled,
)  # fmt: skip
from prmcore.territory.identity.model import Sameness
from prmcore.values import DateRange, Rate, Tree

__all__ = ["PRODUCTS", "STRATEGIES", "cases", "claims", "conflict_facts", "conflict_policies", "samenesses"]

Strategy = st.SearchStrategy

PRODUCTS = Tree(
    "products",
    {"bikes": None, "road": "bikes", "city": "bikes", "racing": "road", "gear": None, "helmets": "gear"},
    {"light": frozenset({"racing", "helmets"})},
)
CODES = ("bikes", "road", "city", "racing", "gear", "helmets", "light")
ACCOUNTS = ("A-1", "A-2", "A-3", "A-4")
CLAIMANTS = ("acme", "bolt", "cato", "vendor")
TIERS = ("gold", "silver", "registered")
ROLES = ("sourced", "fulfilled")
TODAY = datetime.date(2026, 6, 1)
MORNING = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)


def _days(first: int = -40, last: int = 40) -> Strategy[datetime.date]:
    return st.integers(first, last).map(lambda days: TODAY + datetime.timedelta(days=days))


def _ranges() -> Strategy[DateRange]:
    """Half of them hold the day that is decided for."""
    some = st.builds(
        lambda first, days: DateRange(first, first + datetime.timedelta(days=days)),
        _days(),
        st.integers(1, 40),
    )
    return some | st.just(DateRange(TODAY, None)) | st.just(DateRange(None, TODAY))


def claims(account: Strategy[str] | None = None, live: bool = False) -> Strategy[Claim]:
    """Claims of four claimants, `live` ones all on the day that is decided for."""

    def made(name: int, minutes: int, later: int | None, **told: Any) -> Claim:
        submitted = MORNING + datetime.timedelta(minutes=minutes)
        completed = None if later is None else submitted + datetime.timedelta(minutes=later)
        direct = told["claimant"] == "vendor"
        kind = ClaimKind.DIRECT if direct else told.pop("kind")
        told.pop("kind", None)
        return Claim(id=f"C-{name}", kind=kind, submitted=submitted, completed=completed, **told)

    return st.builds(
        made, name=st.integers(0, 999), minutes=st.integers(0, 3), later=st.none() | st.integers(0, 2),
        kind=st.sampled_from((ClaimKind.REGISTRATION, ClaimKind.OPPORTUNITY, ClaimKind.ASSIGNMENT)),
        account=st.sampled_from(ACCOUNTS) if account is None else account, claimant=st.sampled_from(CLAIMANTS),
        products=st.frozensets(st.sampled_from(CODES), max_size=3),
        period=st.just(DateRange()) if live else st.just(DateRange()) | _ranges(), sequence=st.integers(0, 2),
        approved_on=st.none() | _days(), protected=st.none() | _ranges(),
    )  # fmt: skip


def samenesses() -> Strategy[dict[tuple[str, str], Sameness]]:
    """What is known of pairs of accounts; most of it nothing."""
    pair = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS))
    return st.dictionaries(pair, st.sampled_from(Sameness), max_size=4)


def _contender(claim: Claim) -> Strategy[Contender]:
    return st.builds(
        Contender, claim=st.just(claim), tier=st.sampled_from((*TIERS, "unheard of", None)),
        owns_territory=st.sampled_from((True, False, None)), is_incumbent=st.sampled_from((True, False, None)),
        role=st.none() | st.sampled_from(ROLES),
        agreed_share=st.sampled_from((None, Rate(0), Rate(1, 3), Rate(2, 3), Rate(1, 2), Rate(1))),
    )  # fmt: skip


def _choices() -> Strategy[CustomerChoice]:
    return st.builds(
        CustomerChoice, claimant=st.sampled_from((*CLAIMANTS, "nobody here")), reference=st.just("mail-7"),
        on=_days(-5, 5), by=st.none() | st.just("head of purchasing"),
    )  # fmt: skip


def conflict_facts(sameness: Strategy[Sameness] | None = None) -> Strategy[ConflictFacts]:
    """Conflicts of two to five claims, much of what is asked about them unknown."""
    mostly = st.sampled_from((Sameness.SAME, Sameness.SAME, Sameness.POSSIBLE))
    accounts = mostly if sameness is None else sameness
    contested = st.lists(
        claims(st.just("A-1"), live=True), min_size=2, max_size=5, unique_by=lambda claim: claim.id
    ).filter(lambda found: len({claim.claimant for claim in found}) > 1)
    return contested.flatmap(
        lambda found: st.builds(
            ConflictFacts, contenders=st.tuples(*map(_contender, found)), sameness=accounts,
            is_house_account=st.sampled_from((False, False, True, None)), is_renewal=st.sampled_from((True, False, None)),
            engagements=st.none() | st.lists(_days(-60, 5), max_size=2).map(tuple), choice=st.none() | _choices(),
        )
    )  # fmt: skip


def _steps(kind: StepKind) -> Strategy[ResolutionStep]:
    told: dict[str, Strategy[Any]] = {"unknown": st.sampled_from(WhenUnknown)}
    if kind is StepKind.DIRECT_ENGAGEMENT:
        window = st.fixed_dictionaries({"days": st.integers(1, 60)}) | st.just({"months": 1})
        return st.builds(
            lambda window, counted, unknown: ResolutionStep(
                kind=kind, counted_from=counted, unknown=unknown, **window
            ),
            window, st.sampled_from(CountedFrom), told["unknown"],
        )  # fmt: skip
    if kind is StepKind.INCUMBENT:
        told["renewals_only"] = st.booleans()
    if kind is StepKind.TIER:
        told["order"] = st.permutations(TIERS).map(tuple)
    if kind is StepKind.SPLIT:
        roles = {"sourced": Rate(3, 5), "fulfilled": Rate(2, 5)}
        return st.sampled_from(SplitBy).map(
            lambda by: ResolutionStep(kind=kind, by=by, shares=roles if by is SplitBy.ROLES else {})
        )
    return st.builds(ResolutionStep, kind=st.just(kind), **told)


_DECIDING = tuple(kind for kind in StepKind if kind not in (StepKind.SPLIT, StepKind.REVIEW))


def conflict_policies() -> Strategy[ConflictPolicy]:
    """Any order of steps, some of them with a split or a review at their end."""
    kinds = st.tuples(
        st.lists(st.sampled_from(_DECIDING), min_size=1, max_size=6, unique=True),
        st.sampled_from(((), (StepKind.SPLIT,), (StepKind.REVIEW,))),
    ).map(lambda found: (*found[0], *found[1]))
    steps = kinds.flatmap(lambda found: st.tuples(*map(_steps, found)))
    return st.builds(
        ConflictPolicy, name=st.just("conflicts/2026"), steps=steps,
        runner_up=st.none() | st.sampled_from((Rate(1, 2), Rate(1))), runners_up=st.integers(1, 3),
        resubmission_keeps_place=st.booleans(), zone=st.sampled_from(("UTC", "Asia/Tokyo")),
    )  # fmt: skip


def _resolutions() -> Strategy[Resolution]:
    return st.builds(
        lambda policy, facts: policy.decide(facts, TODAY).outcome, conflict_policies(), conflict_facts()
    )


@attrs.frozen
class Story:
    """A case as far as it has come, and everything that was tried."""

    case: ConflictCase
    moved: tuple[CaseMoved[ConflictCase], ...]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A case decided, settled, appealed, heard again and closed, by people who may do so and people who may not."""
    policy, facts = draw(conflict_policies()), draw(conflict_facts())
    appeals = draw(_appeal_policies())
    conflict = facts.conflict
    case = opened(conflict, id=conflict.key, program="acme", by="run", on=TODAY)
    done: list[CaseMoved[ConflictCase]] = []
    people = st.sampled_from(("run", "sato", "mori", *conflict.claimants))
    day = TODAY
    for action in draw(
        st.lists(st.sampled_from(("decide", "settle", "appeal", "rehear", "lapse", "close")), max_size=7)
    ):
        day += datetime.timedelta(days=draw(st.integers(0, 9)))
        by = draw(people)
        if action == "decide":
            moved = decided(case, facts, policy, by=by, on=day)
        elif action == "settle":
            won = draw(st.sampled_from(facts.contenders))
            award = Resolution(verdict=Verdict.AWARDED, awards=(Award(claim=won.id, claimant=won.claimant),))
            moved = settled(case, award, policy, by=by, on=day, reason="both were heard", facts=facts)
        elif action == "appeal":
            moved = appealed(
                case, appeals, claimant=draw(st.sampled_from(conflict.claimants)), grounds="the letter was left out",
                evidence=draw(st.sampled_from(((), ("mail-8",), ("mail-8", "mail-9")))), by=by, on=day,
            )  # fmt: skip
        elif action == "rehear":
            moved = reheard(
                case, attrs.evolve(facts, choice=draw(st.none() | _choices())), policy, by=by, on=day
            )
        elif action == "lapse":
            moved = lapsed(case, by=by, on=day, reason="a claim was withdrawn")
        else:
            moved = closed(case, appeals, by=by, on=day)
        case = moved.record
        done.append(moved)
    return Story(case, tuple(done))


def cases() -> Strategy[ConflictCase]:
    return stories().map(lambda story: story.case)


def _appeal_policies() -> Strategy[AppealPolicy]:
    return st.builds(
        AppealPolicy, days=st.integers(0, 20), most=st.integers(0, 2), least_evidence=st.integers(0, 1)
    )


def _moves() -> Strategy[CaseMoved[ConflictCase]]:
    return (
        stories().filter(lambda story: bool(story.moved)).flatmap(lambda story: st.sampled_from(story.moved))
    )


def _part(name: str) -> Callable[[], Strategy[Any]]:
    """The rulings, appeals or steps of drawn cases."""
    return lambda: (
        cases().filter(lambda case: bool(getattr(case, name))).map(lambda case: getattr(case, name)[0])
    )


def _rulings() -> Strategy[Ruling]:
    def made(policy: ConflictPolicy, facts: ConflictFacts) -> Ruling:
        case = opened(facts.conflict, id="1", program="acme", by="run", on=TODAY)
        return decided(case, facts, policy, by="run", on=TODAY).record.rulings[0]

    return st.builds(made, conflict_policies(), conflict_facts())


def _appeals() -> Strategy[Appeal]:
    return st.builds(
        Appeal, against=st.integers(1, 3), claimant=st.sampled_from(CLAIMANTS), grounds=st.just("it was left out"),
        evidence=st.sampled_from(((), ("mail-8",))), by=st.just("sato"), on=_days(),
    )  # fmt: skip


def _overlaps() -> Strategy[Overlap]:
    def met(first: Claim, second: Claim, same: Sameness) -> Overlap | None:
        known = Companies.of(ACCOUNTS, {(first.account, second.account): same})
        return overlap(
            attrs.evolve(first, claimant="acme"), attrs.evolve(second, claimant="bolt"), known, PRODUCTS
        )

    both = st.sampled_from((Sameness.SAME, Sameness.POSSIBLE))
    return st.builds(met, claims(live=True), claims(live=True), both).filter(lambda found: found is not None)  # type: ignore[return-value]  # filtered


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    Appeal: _appeals,
    AppealFacts: lambda: st.builds(
        AppealFacts, st.sampled_from(CaseState), st.booleans(), st.integers(0, 30), st.integers(0, 2), st.integers(0, 2)
    ),
    AppealPolicy: _appeal_policies,
    Award: lambda: _resolutions().filter(lambda one: bool(one.awards)).map(lambda one: one.awards[0]),
    CaseFacts: lambda: st.builds(
        CaseFacts, st.sampled_from(CaseState), st.booleans(), st.booleans(), st.none() | st.integers(-3, 3)
    ),
    CaseMoved: _moves,
    CaseStep: _part("steps"),
    Claim: claims,
    Companies: lambda: samenesses().map(lambda known: Companies.of(ACCOUNTS, known)),
    Conflict: lambda: conflict_facts().map(lambda facts: facts.conflict),
    ConflictCase: cases,
    ConflictFacts: conflict_facts,
    ConflictPolicy: conflict_policies,
    Contender: lambda: conflict_facts().map(lambda facts: facts.contenders[0]),
    CustomerChoice: _choices,
    Overlap: _overlaps,
    Resolution: _resolutions,
    ResolutionStep: lambda: st.sampled_from(StepKind).flatmap(_steps),
    Ruling: _rulings,
    RunnerUp: lambda: st.builds(
        RunnerUp, claim=st.just("C-1"), claimant=st.sampled_from(CLAIMANTS), terms=st.just(Rate(1, 2))
    ),
}  # fmt: skip
