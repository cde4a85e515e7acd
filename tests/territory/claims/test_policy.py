"""Resolutions: a list of steps that leaves claims, decides nothing, or asks; never by an id, never by the order of a file."""

import datetime
import json
import pickle
import random
from collections.abc import Callable, Sequence
from fractions import Fraction

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from prmcore.decisions import Truth, recorded, replayed
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
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
