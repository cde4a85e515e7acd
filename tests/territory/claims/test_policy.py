"""Resolutions: a list of steps that leaves claims, decides nothing, or asks; never by an id, never by the order of a file."""

import datetime
import json
import pickle
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from prmcore.decisions import Rule, Truth, recorded, replayed
from prmcore.decisions.explain import explain
from prmcore.errors import Fault, InvalidInput
from prmcore.territory.claims import (
    Award,
    Claim,
    ClaimKind,
    ConflictFacts,
    ConflictPolicy,
    Contender,
    CustomerChoice,
    Resolution,
    ResolutionStep,
    RunnerUp,
    SplitBy,
    StepKind,
    Verdict,
    WhenUnknown,
    WhyReview,
)
from prmcore.territory.identity.model import Sameness
from prmcore.testing._claims import TODAY, claims, conflict_facts, conflict_policies
from prmcore.values import DateRange, Money, Rate
from prmcore.values.wire import from_plain, to_plain

NINE = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)


def contender(
    name: str, claimant: str, *, minutes: int = 0, protected: DateRange | None = None, **known: object
) -> Contender:
    at = NINE + datetime.timedelta(minutes=minutes)
    kind = ClaimKind.DIRECT if claimant == "vendor" else ClaimKind.REGISTRATION
    claim = Claim(
        id=name, kind=kind, account="A", claimant=claimant, submitted=at, completed=at, protected=protected
    )
    return Contender(claim=claim, **known)  # type: ignore[arg-type]  # its fields


def steps(*kinds: StepKind) -> tuple[ResolutionStep, ...]:
    return tuple(ResolutionStep(kind=kind) for kind in kinds)


def policy(*given: ResolutionStep, runner_up: Rate | None = None, runners_up: int = 1) -> ConflictPolicy:
    return ConflictPolicy(name="conflicts/2026", steps=given, runner_up=runner_up, runners_up=runners_up)


FIRST = policy(*steps(StepKind.PROTECTION, StepKind.EARLIEST))


def test_the_explanation_tells_the_claims_left_after_each_step_and_why_the_others_fell_out() -> None:
    facts = ConflictFacts(
        contenders=[
            contender("C-1", "acme", tier="silver"), contender("C-2", "bolt", tier="gold", minutes=7),
            contender("C-3", "cato", tier="gold", minutes=5),
        ]
    )  # fmt: skip
    tier = ResolutionStep(kind=StepKind.TIER, order=("gold", "silver"))
    decision = policy(
        *steps(StepKind.PROTECTION), tier, *steps(StepKind.EARLIEST), runner_up=Rate.percent(50)
    ).decide(facts, TODAY)
    assert str(explain(decision)).splitlines() == [
        "conflicts/2026 on June 1, 2026: C-3 of cato stands",
        "  C-1 of acme gets 50% of the winner's terms",
        "  ✗ protected claim: decides nothing here",
        "  ✓ partner tier: leaves C-2 and C-3",
        "    C-1 of acme falls out: its tier silver is lower",
        "  ✓ first complete submission: leaves C-3",
        "    C-2 of bolt falls out: it was complete later, at 2026-05-04 09:07:00 UTC",
    ]
    assert [(one.truth, one.observed) for one in decision.reasons] == [
        (Truth.UNMET, ("C-1", "C-2", "C-3")), (Truth.MET, ("C-2", "C-3")), (Truth.MET, ("C-3",)),
    ]  # fmt: skip


def test_it_speaks_japanese_and_chinese() -> None:
    facts = ConflictFacts(contenders=[contender("C-1", "acme"), contender("C-2", "bolt", minutes=1)])
    decision = FIRST.decide(facts, TODAY)
    assert (
        str(explain(decision, "ja")).splitlines()[0]
        == "2026年6月1日時点の conflicts/2026：acme の C-1 を認めます"
    )
    assert (
        str(explain(decision, "zh")).splitlines()[0] == "conflicts/2026，截至2026年6月1日：acme 的 C-1 成立"
    )


def test_where_the_customers_letter_stands_in_the_list_is_data() -> None:
    letter = CustomerChoice(claimant="bolt", reference="mail-7", on=TODAY)
    protected = DateRange(datetime.date(2026, 5, 4), datetime.date(2026, 8, 2))
    facts = ConflictFacts(
        contenders=[contender("1", "acme", protected=protected), contender("2", "bolt", minutes=1)],
        choice=letter,
    )
    override = policy(*steps(StepKind.CUSTOMER_CHOICE, StepKind.PROTECTION))
    no_override = policy(*steps(StepKind.PROTECTION, StepKind.CUSTOMER_CHOICE))
    assert override.decide(facts, TODAY).outcome.share_of("bolt") == Rate(1)
    assert no_override.decide(facts, TODAY).outcome.share_of("acme") == Rate(1)


def test_a_step_that_may_not_ask_is_skipped() -> None:
    known = ResolutionStep(kind=StepKind.TERRITORY_OWNER, unknown=WhenUnknown.SKIP)
    facts = ConflictFacts(
        contenders=[contender("1", "acme"), contender("2", "bolt", owns_territory=True, minutes=1)]
    )
    assert policy(known, *steps(StepKind.EARLIEST)).decide(facts, TODAY).outcome.awards[0].claimant == "acme"
    asking = policy(*steps(StepKind.TERRITORY_OWNER, StepKind.EARLIEST)).decide(facts, TODAY).outcome
    assert (asking.why, asking.step) == (WhyReview.UNKNOWN, StepKind.TERRITORY_OWNER)


def test_the_direct_team_has_no_tier_and_is_left_where_it_is() -> None:
    tier = ResolutionStep(kind=StepKind.TIER, order=("gold", "silver"))
    facts = ConflictFacts(
        contenders=[
            contender("1", "acme", tier="silver"), contender("2", "bolt", tier="gold", minutes=2), contender("3", "vendor", minutes=1),
        ]
    )  # fmt: skip
    assert policy(tier, *steps(StepKind.EARLIEST)).decide(facts, TODAY).outcome.awards[0].claimant == "vendor"


def test_nobody_is_a_runner_up_to_the_direct_team_or_where_it_was_engaged() -> None:
    engaged = ResolutionStep(kind=StepKind.DIRECT_ENGAGEMENT, days=10)
    days = (datetime.date(2026, 5, 1),)
    facts = ConflictFacts(
        contenders=[contender("1", "acme"), contender("2", "vendor", minutes=1)], engagements=days
    )
    assert policy(engaged, runner_up=Rate(1, 2)).decide(facts, TODAY).outcome.runners_up == ()


def test_who_comes_at_the_same_time_as_the_last_runner_up_is_one_too() -> None:
    found = policy(*steps(StepKind.EARLIEST), runner_up=Rate(1, 2)).decide(
        ConflictFacts(
            contenders=[
                contender("1", "acme"), contender("2", "bolt", minutes=3), contender("3", "cato", minutes=3),
                contender("4", "dora", minutes=4),
            ]
        ),
        TODAY,
    )  # fmt: skip
    assert [one.claimant for one in found.outcome.runners_up] == ["bolt", "cato"]


def test_shares_of_one_claimant_that_differ_are_not_known() -> None:
    facts = ConflictFacts(
        contenders=[
            contender("1", "acme", agreed_share=Rate(1)), contender("2", "acme", agreed_share=Rate(0)),
            contender("3", "bolt", agreed_share=Rate(0)),
        ]
    )  # fmt: skip
    split = ResolutionStep(kind=StepKind.SPLIT, by=SplitBy.AGREED)
    assert policy(split).decide(facts, TODAY).outcome.why is WhyReview.UNKNOWN


def test_a_day_begins_where_the_policy_says() -> None:
    """23:30 UTC of the 3rd is the 4th in Tokyo: the engagement of the 4th counts there, and not in UTC."""
    late = datetime.datetime(2026, 5, 3, 23, 30, tzinfo=datetime.UTC)
    one = contender("1", "acme")
    claim = attrs.evolve(one.claim, submitted=late)
    facts = ConflictFacts(
        contenders=[attrs.evolve(one, claim=claim), contender("2", "vendor")], engagements=(datetime.date(2026, 5, 4),)
    )  # fmt: skip
    utc = policy(ResolutionStep(kind=StepKind.DIRECT_ENGAGEMENT, days=10))
    assert utc.decide(facts, TODAY).outcome.verdict is Verdict.REVIEW
    assert attrs.evolve(utc, zone="Asia/Tokyo").decide(facts, TODAY).outcome.awards[0].claimant == "vendor"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: ResolutionStep(kind=StepKind.TIER), "accepted: the tiers"),
        (lambda: ResolutionStep(kind=StepKind.TIER, order=("gold", "gold")), "'gold' stands here twice"),
        (lambda: ResolutionStep(kind=StepKind.DIRECT_ENGAGEMENT), "found neither; accepted: days or months"),
        (lambda: ResolutionStep(kind=StepKind.DIRECT_ENGAGEMENT, days=1, months=1), "found days and months"),
        (lambda: ResolutionStep(kind=StepKind.DIRECT_ENGAGEMENT, days=0), "accepted: 1 to 10000"),
        (lambda: ResolutionStep(kind=StepKind.EARLIEST, days=3), "goes with direct_engagement, not with earliest"),
        (lambda: ResolutionStep(kind=StepKind.SPLIT), "accepted: equal, roles, agreed"),
        (lambda: ResolutionStep(kind=StepKind.SPLIT, by=SplitBy.ROLES), "go together"),
        (
            lambda: ResolutionStep(kind=StepKind.SPLIT, by=SplitBy.ROLES, shares={"a": Rate(1, 2), "b": Rate(1, 3)}),
            "the shares make 5/6; accepted: 100 % exactly",
        ),
        (lambda: policy(), "found none; accepted: one at least"),
        (lambda: policy(*steps(StepKind.REVIEW, StepKind.EARLIEST)), "after review no step is reached"),
        (lambda: policy(*steps(StepKind.EARLIEST, StepKind.EARLIEST)), "the step earliest stands here twice"),
        (lambda: policy(*steps(StepKind.EARLIEST), runner_up=Rate(2)), "above 0 %, up to 100 %"),
        (lambda: Resolution(verdict=Verdict.SPLIT, awards=(Award(claim="1", claimant="a"),)), "two awards or more"),
        (lambda: Resolution(verdict=Verdict.REVIEW), "the reason for it go together"),
        (
            lambda: Resolution(
                verdict=Verdict.SPLIT,
                awards=(Award(claim="1", claimant="a", share=Rate(1, 2)), Award(claim="2", claimant="b", share=Rate(1, 3))),
            ),
            "the shares make 5/6",
        ),
        (lambda: ConflictFacts(contenders=[contender("1", "acme"), contender("2", "acme")]), "two at least"),
        (
            lambda: ConflictFacts(
                contenders=[contender("1", "acme"), contender("2", "bolt")], sameness=Sameness.DISTINCT
            ),
            "claims on distinct accounts are no conflict",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(made: Callable[[], object], says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        made()
    assert says in str(caught.value)


@given(conflict_policies(), conflict_facts(st.just(Sameness.POSSIBLE)))
def test_possibly_one_company_never_decides_anything(
    given_policy: ConflictPolicy, facts: ConflictFacts
) -> None:
    found = given_policy.decide(facts, TODAY).outcome
    assert (found.verdict, found.why, found.awards) == (Verdict.REVIEW, WhyReview.POSSIBLY_SAME, ())


def winners(resolution: Resolution) -> tuple[Verdict, tuple[tuple[str, Rate], ...], WhyReview | None]:
    return resolution.verdict, tuple((one.claimant, one.share) for one in resolution.awards), resolution.why


def next_in_line(resolution: Resolution) -> set[str]:
    return {one.claimant for one in resolution.runners_up}


@given(conflict_policies(), conflict_facts(), st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_ids_of_claims_make_a_winner(
    given_policy: ConflictPolicy, facts: ConflictFacts, shuffle: random.Random
) -> None:
    found = given_policy.decide(facts, TODAY).outcome
    other = list(facts.contenders)
    shuffle.shuffle(other)
    assert given_policy.decide(attrs.evolve(facts, contenders=other), TODAY).outcome == found
    ids = [one.id for one in other]
    renamed = [
        attrs.evolve(one, claim=attrs.evolve(one.claim, id=name))
        for one, name in zip(facts.contenders, ids, strict=True)
    ]
    assert winners(given_policy.decide(attrs.evolve(facts, contenders=renamed), TODAY).outcome) == winners(
        found
    )


@settings(max_examples=50)
@given(conflict_policies(), conflict_facts(), st.integers(-10_000, 10_000))
def test_shares_make_the_whole_and_every_minor_unit_is_given(
    given_policy: ConflictPolicy, facts: ConflictFacts, minor: int
) -> None:
    found = given_policy.decide(facts, TODAY).outcome
    assume(found.awards)
    assert sum((one.share.fraction for one in found.awards), Fraction(0)) == 1
    amount = Money("EUR", minor)
    given_out = amount.allocate({one.claimant: one.share for one in found.awards})
    assert sum((one.minor for one in given_out.values()), 0) == minor


@given(conflict_policies(), conflict_facts())
def test_a_step_leaves_claims_or_says_why_they_fell_out(
    given_policy: ConflictPolicy, facts: ConflictFacts
) -> None:
    before: Sequence[Contender] = facts.contenders
    for one in given_policy.narrowings(facts, TODAY):
        left, out = {each.id for each in one.left}, {each.claim.id for each in one.fell_out}
        assert left | out == {each.id for each in before}
        assert not left & out
        before = one.left


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.filter_too_much]
)  # few fall out at the first step
@given(conflict_policies(), conflict_facts(st.just(Sameness.SAME)), claims(st.just("A-1"), live=True))
def test_a_further_claim_that_falls_out_at_the_first_step_changes_no_winner(
    given_policy: ConflictPolicy, facts: ConflictFacts, further: Claim
) -> None:
    """Whether a claim is left depends on the best there is, so that one which is not among the best changes nothing.

    Of the first step alone: at a later one, a claim may be the one that keeps the list from ending before.
    """
    added = Contender(
        claim=attrs.evolve(further, id="further"), tier="registered", owns_territory=False, is_incumbent=False
    )
    more = attrs.evolve(facts, contenders=(*facts.contenders, added))
    first = given_policy.narrowings(more, TODAY)[0]
    assume("further" in {one.claim.id for one in first.fell_out})
    assume(not (facts.choice and facts.choice.claimant == further.claimant))
    assert winners(given_policy.decide(more, TODAY).outcome) == winners(
        given_policy.decide(facts, TODAY).outcome
    )


@given(conflict_policies(), conflict_facts())
def test_a_resolution_is_recorded_replayed_pickled_and_explained(
    given_policy: ConflictPolicy, facts: ConflictFacts
) -> None:
    decision = given_policy.decide(facts, TODAY)
    record = json.loads(json.dumps(recorded(decision)))
    again = replayed(record, [from_plain(to_plain(given_policy), ConflictPolicy)])
    assert (again, again.facts) == (decision, decision.facts)
    assert pickle.loads(pickle.dumps(decision)) == decision
    for locale in ("en", "ja", "zh"):
        assert "{" not in str(explain(decision, locale))


# what comes of the steps, by hand


def resolved(facts: ConflictFacts, *given: ResolutionStep, **more: Any) -> Resolution:
    return policy(*given, **more).decide(facts, TODAY).outcome


def conflict(*contenders: Contender, **known: Any) -> ConflictFacts:
    return ConflictFacts(contenders=contenders, **known)


TWO = conflict(contender("1", "acme"), contender("2", "bolt"))
EARLIEST, ASK = steps(StepKind.EARLIEST, StepKind.REVIEW)
SPLIT = ResolutionStep(kind=StepKind.SPLIT, by=SplitBy.EQUAL)
ROLES = ResolutionStep(
    kind=StepKind.SPLIT, by=SplitBy.ROLES, shares={"sourced": Rate(3, 5), "fulfilled": Rate(2, 5)}
)
AGREED = ResolutionStep(kind=StepKind.SPLIT, by=SplitBy.AGREED)


def review(why: WhyReview, step: StepKind | None = None) -> Resolution:
    return Resolution(verdict=Verdict.REVIEW, why=why, step=step)


@pytest.mark.parametrize(
    ("facts", "given_steps", "expected"),
    [
        (attrs.evolve(TWO, sameness=Sameness.POSSIBLE), (ASK,), review(WhyReview.POSSIBLY_SAME)),
        (TWO, steps(StepKind.HOUSE_ACCOUNT), review(WhyReview.UNKNOWN, StepKind.HOUSE_ACCOUNT)),
        (
            attrs.evolve(TWO, choice=CustomerChoice(claimant="cato", reference="mail", on=TODAY)),
            steps(StepKind.CUSTOMER_CHOICE), review(WhyReview.CHOSEN_OUTSIDE, StepKind.CUSTOMER_CHOICE),
        ),
        (TWO, (EARLIEST, ASK), review(WhyReview.ASKED, StepKind.REVIEW)),
        (TWO, (EARLIEST,), review(WhyReview.UNDECIDED)),
        (
            attrs.evolve(TWO, is_house_account=True), steps(StepKind.HOUSE_ACCOUNT, StepKind.EARLIEST),
            Resolution(verdict=Verdict.HOUSE, step=StepKind.HOUSE_ACCOUNT),
        ),
        (
            conflict(contender("1", "acme", minutes=1), contender("2", "bolt")), (EARLIEST, ASK),
            Resolution(verdict=Verdict.AWARDED, awards=(Award(claim="2", claimant="bolt"),), step=StepKind.EARLIEST),
        ),
    ],
)  # fmt: skip
def test_a_conflict_ends_with_its_verdict_the_step_and_why(
    facts: ConflictFacts, given_steps: tuple[ResolutionStep, ...], expected: Resolution
) -> None:
    found = resolved(facts, *given_steps)
    assert found == expected
    assert found.is_settled is (expected.verdict is not Verdict.REVIEW)


def shares_of(facts: ConflictFacts, split: ResolutionStep) -> dict[str, Rate] | WhyReview | None:
    found = resolved(facts, EARLIEST, split)
    assert found.step is StepKind.SPLIT
    if found.why is not None:
        return found.why
    assert found.verdict is (Verdict.SPLIT if len(found.awards) > 1 else Verdict.AWARDED)
    assert [one.claimant for one in found.awards] == sorted(one.claimant for one in found.awards)
    return {f"{one.claim} of {one.claimant}": one.share for one in found.awards}


@pytest.mark.parametrize(
    ("split", "contenders", "expected"),
    [
        # claimants share, not claims, and each is named by the first of its own
        (
            SPLIT, [("1", "bolt", {}), ("3", "acme", {}), ("2", "acme", {})],
            {"2 of acme": Rate(1, 2), "1 of bolt": Rate(1, 2)},
        ),
        (
            SPLIT, [("1", "acme", {}), ("2", "bolt", {}), ("3", "cato", {})],
            {"1 of acme": Rate(1, 3), "2 of bolt": Rate(1, 3), "3 of cato": Rate(1, 3)},
        ),
        # 60 % to who found the deal; the 40 % for fulfilling it in two halves
        (
            ROLES, [("1", "acme", {"role": "sourced"}), ("2", "bolt", {"role": "fulfilled"}), ("3", "cato", {"role": "fulfilled"})],
            {"1 of acme": Rate(3, 5), "2 of bolt": Rate(1, 5), "3 of cato": Rate(1, 5)},
        ),
        # one partner with both roles: 60 % and half of 40 %
        (
            ROLES, [("1", "acme", {"role": "sourced"}), ("2", "acme", {"role": "fulfilled"}), ("3", "bolt", {"role": "fulfilled"})],
            {"1 of acme": Rate(4, 5), "3 of bolt": Rate(1, 5)},
        ),
        # whose role has no part gets nothing, so that it does not stand
        (
            ROLES,
            [("1", "acme", {"role": "sourced"}), ("2", "acme", {"role": "fulfilled"}), ("3", "bolt", {"role": "advised"})],
            {"1 of acme": Rate(1)},
        ),
        (ROLES, [("1", "acme", {"role": "sourced"}), ("2", "bolt", {"role": "advised"})], WhyReview.SHARES),
        (ROLES, [("1", "acme", {"role": "sourced"}), ("2", "bolt", {})], WhyReview.UNKNOWN),
        (
            AGREED, [("1", "acme", {"agreed_share": Rate(2, 3)}), ("2", "bolt", {"agreed_share": Rate(1, 3)})],
            {"1 of acme": Rate(2, 3), "2 of bolt": Rate(1, 3)},
        ),
        (
            AGREED, [("1", "acme", {"agreed_share": Rate(1)}), ("2", "bolt", {"agreed_share": Rate(0)})],
            {"1 of acme": Rate(1)},
        ),
        # one claim of a claimant may say what it agreed on for all of them
        (
            AGREED, [("1", "acme", {}), ("2", "acme", {"agreed_share": Rate(1, 2)}), ("3", "bolt", {"agreed_share": Rate(1, 2)})],
            {"1 of acme": Rate(1, 2), "3 of bolt": Rate(1, 2)},
        ),
        (AGREED, [("1", "acme", {"agreed_share": Rate(1)}), ("2", "bolt", {})], WhyReview.UNKNOWN),
        (
            AGREED, [("1", "acme", {"agreed_share": Rate(1, 2)}), ("2", "bolt", {"agreed_share": Rate(1, 3)})],
            WhyReview.SHARES,
        ),
    ],
)  # fmt: skip
def test_credit_is_split_equally_by_roles_or_as_agreed(
    split: ResolutionStep, contenders: list[tuple[str, str, dict[str, Any]]], expected: object
) -> None:
    facts = conflict(*(contender(name, claimant, **known) for name, claimant, known in contenders))
    assert shares_of(facts, split) == expected


def waiting(name: str, claimant: str, minutes: int, **claim: Any) -> Contender:
    found = contender(name, claimant, minutes=minutes)
    return attrs.evolve(found, claim=attrs.evolve(found.claim, **claim))


ONE, SECOND, THIRD = (
    waiting("1", "acme", 0),
    waiting("2", "bolt", 2),
    waiting("3", "cato", 3),
)  # acme comes first


@pytest.mark.parametrize(
    ("others", "most", "behind"),
    [
        ((THIRD, SECOND), 1, ["2 of bolt"]),
        ((THIRD, SECOND), 2, ["2 of bolt", "3 of cato"]),
        ((THIRD, SECOND), 3, ["2 of bolt", "3 of cato"]),
        ((SECOND, waiting("4", "bolt", 4), THIRD), 2, ["2 of bolt", "3 of cato"]),  # each partner once
        ((waiting("0", "acme", 1), SECOND), 1, ["2 of bolt"]),  # the winner does not come behind itself
        ((waiting("4", "dora", 1, kind=ClaimKind.OPPORTUNITY), SECOND), 1, ["2 of bolt"]),  # it registered nothing
        ((waiting("4", "dora", 1, completed=None), SECOND), 1, ["2 of bolt"]),
        ((waiting("4", "vendor", 1), SECOND), 1, ["2 of bolt"]),
        ((SECOND, waiting("3", "cato", 2)), 1, ["2 of bolt", "3 of cato"]),  # of one instant
        ((waiting("2", "bolt", 2, sequence=1), waiting("3", "cato", 2)), 1, ["3 of cato"]),
    ],
)  # fmt: skip
def test_the_partners_next_in_line_get_a_part_of_the_terms(
    others: tuple[Contender, ...], most: int, behind: list[str]
) -> None:
    found = resolved(conflict(ONE, *others), EARLIEST, runner_up=Rate(1, 2), runners_up=most)
    assert found.share_of("acme") == Rate(1)
    assert [f"{one.claim} of {one.claimant}" for one in found.runners_up] == behind
    assert {one.terms for one in found.runners_up} == {Rate(1, 2)}
    assert resolved(conflict(ONE, *others), EARLIEST, runners_up=most).runners_up == ()


def test_whoever_came_while_the_direct_team_was_at_work_is_not_next_in_line() -> None:
    """Two days back from acme's 4th of May the team was not at work, from bolt's 6th it was; cato came on the 9th."""
    days = 24 * 60
    late = [waiting(name, claimant, after * days, submitted=NINE + datetime.timedelta(days=after))
            for name, claimant, after in (("2", "bolt", 2), ("3", "cato", 5))]  # fmt: skip
    facts = conflict(ONE, *late, engagements=[datetime.date(2026, 5, 5)])
    engaged = ResolutionStep(kind=StepKind.DIRECT_ENGAGEMENT, days=2)
    found = resolved(facts, engaged, EARLIEST, runner_up=Rate(1, 2))
    assert [one.claimant for one in found.awards] == ["acme"]
    assert [one.claimant for one in found.runners_up] == ["cato"]


def test_a_decision_is_written_with_its_facts_its_outcome_and_no_mask() -> None:
    decision = FIRST.decide(TWO, TODAY)
    assert (decision.policy, decision.as_of, decision.facts, decision.mask) == (FIRST, TODAY, TWO, 0)
    written = FIRST.written(decision)
    assert written == {"facts": to_plain(TWO), "outcome": to_plain(decision.outcome), "mask": 0}
    assert FIRST.facts_from(written["facts"]) == TWO


def test_each_reason_names_its_step_and_asked_again_says_the_same() -> None:
    decision = FIRST.decide(TWO, TODAY)  # neither is protected, and both came at one instant
    for reason, name in zip(decision.reasons, ("protection", "earliest"), strict=True):
        assert isinstance(reason.criterion, Rule)
        assert reason.criterion.name == name
        told = reason.criterion.function(TWO, TODAY)
        assert (told.truth, told.observed) == (reason.truth, reason.observed) == (Truth.UNMET, ("1", "2"))


def test_a_decision_is_of_a_day() -> None:
    with pytest.raises(InvalidInput, match=r"^as_of: found 'today'; accepted: a date"):
        FIRST.decide(TWO, "today")  # type: ignore[arg-type]


# refusals, each with its path


def award(claim: str, claimant: str, share: Rate | None = None) -> Award:
    return Award(claim=claim, claimant=claimant) if share is None else Award(claim=claim, claimant=claimant, share=share)  # fmt: skip


HALVES = (award("1", "acme", Rate(1, 2)), award("2", "bolt", Rate(1, 2)))
BEHIND = (RunnerUp(claim="3", claimant="cato", terms=Rate(1, 2)),)
WHY = Fault("a review and the reason for it go together", "why")


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ({"verdict": Verdict.AWARDED}, [Fault("found 0; awarded goes with one award", "awards")]),
        ({"verdict": Verdict.AWARDED, "awards": HALVES}, [Fault("found 2; awarded goes with one award", "awards")]),
        (
            {"verdict": Verdict.SPLIT, "awards": (award("1", "acme"),)},
            [Fault("found 1; split goes with two awards or more", "awards")],
        ),
        ({"verdict": Verdict.HOUSE, "awards": (award("1", "acme"),)}, [Fault("found 1; house goes with none", "awards")]),
        (
            {"verdict": Verdict.REVIEW, "why": WhyReview.ASKED, "awards": (award("1", "acme"),)},
            [Fault("found 1; review goes with none", "awards")],
        ),
        (
            {"verdict": Verdict.SPLIT, "awards": (award("1", "acme", Rate(1, 2)), award("2", "acme", Rate(1, 2)))},
            [Fault("found 'acme' twice; accepted: one award for each claimant", "awards")],
        ),
        (
            {"verdict": Verdict.SPLIT, "awards": (award("1", "acme"), award("2", "bolt", Rate(0)))},
            [Fault("accepted: shares above 0 %", "awards")],
        ),
        (
            {"verdict": Verdict.SPLIT, "awards": (HALVES[0], award("2", "bolt", Rate(1, 4)))},
            [Fault("the shares make 75 %; accepted: 100 % exactly", "awards")],
        ),
        ({"verdict": Verdict.SPLIT, "awards": HALVES, "runners_up": BEHIND}, [Fault("goes with one award", "runners_up")]),
        ({"verdict": Verdict.HOUSE, "runners_up": BEHIND}, [Fault("goes with one award", "runners_up")]),
        ({"verdict": Verdict.REVIEW}, [WHY]),
        ({"verdict": Verdict.HOUSE, "why": WhyReview.ASKED}, [WHY]),
    ],
)  # fmt: skip
def test_a_resolution_that_cannot_be_meant_is_refused(told: dict[str, Any], faults: list[Fault]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Resolution(**told)
    assert list(refused.value.faults) == faults


def test_shares_are_those_of_the_awards_and_nothing_of_anybody_else() -> None:
    found = Resolution(
        verdict=Verdict.SPLIT, awards=(award("1", "acme", Rate(1, 4)), award("2", "bolt", Rate(3, 4)))
    )
    assert [found.share_of(claimant) for claimant in ("acme", "bolt", "cato")] == [
        Rate(1, 4), Rate(3, 4), Rate(0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ({"name": " x"}, [Fault("found ' x'; accepted: an id without outer blanks, in Unicode NFC", "name")]),
        ({"steps": ()}, [Fault("found none; accepted: one at least", "steps")]),
        ({"steps": (EARLIEST, ASK, EARLIEST)}, [
            Fault("the step earliest stands here twice", "steps"), Fault("after review no step is reached", "steps[2]"),
        ]),
        ({"steps": (SPLIT, EARLIEST)}, [Fault("after split no step is reached", "steps[1]")]),
        ({"runner_up": Rate(0)}, [Fault("found 0 %; accepted: above 0 %, up to 100 %", "runner_up")]),
        ({"runner_up": Rate(101, 100)}, [Fault("found 101 %; accepted: above 0 %, up to 100 %", "runner_up")]),
        ({"runners_up": 0}, [Fault("found 0; accepted: 1 to 100", "runners_up")]),
        ({"runners_up": 101}, [Fault("found 101; accepted: 1 to 100", "runners_up")]),
        ({"runners_up": True}, [Fault("found True; accepted: 1 to 100", "runners_up")]),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_meant_is_refused(told: dict[str, Any], faults: list[Fault]) -> None:
    with pytest.raises(InvalidInput) as refused:
        ConflictPolicy(**{"name": "conflicts/2026", "steps": (EARLIEST,), **told})
    assert list(refused.value.faults) == faults


def test_a_zone_that_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"found 'Mars/Base'; accepted: a zone .* @ zone"):
        ConflictPolicy(name="conflicts/2026", steps=(EARLIEST,), zone="Mars/Base")


@pytest.mark.parametrize(
    "told", [{"runner_up": Rate(1)}, {"runner_up": Rate(1, 100)}, {"runners_up": 1}, {"runners_up": 100}]
)
def test_what_is_just_within_the_bounds_of_a_policy_is_taken(told: dict[str, Any]) -> None:
    assert ConflictPolicy(name="conflicts/2026", steps=(EARLIEST,), **told)


def test_what_is_not_said_of_a_policy_is_the_usual() -> None:
    usual = ConflictPolicy(name="conflicts/2026", steps=(EARLIEST, SPLIT))
    assert (usual.runner_up, usual.runners_up, usual.resubmission_keeps_place, usual.zone) == (
        None, 1, False, "UTC",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (Verdict, "awarded split house review"),
        (WhyReview, "possibly-same unknown chosen-outside shares asked undecided"),
    ],
)
def test_records_write_these_words(words: Any, written: str) -> None:
    """What was written years ago has to be read for ever."""
    assert [word.value for word in words] == written.split()


@pytest.mark.parametrize("record", [Award, RunnerUp, Resolution, ConflictPolicy])
def test_every_part_is_told_by_its_name(record: type[attrs.AttrsInstance]) -> None:
    assert all(field.kw_only for field in attrs.fields(record))
