"""Routing: candidates narrowed step by step; every expected partner is worked out by hand beside it.

The traps are those of section 2.2 of the domain's file on territory: what Odoo's and Frappe's assignment do.
"""

import datetime
import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.deals.leads import (
    ByTurn,
    CandidateFacts,
    LeadPolicy,
    RouteStep,
    Routing,
    RoutingFacts,
    RoutingPolicy,
    TurnBy,
    Turns,
    routed,
)
from prmcore.decisions import ByOrder, ByScore, ByValue, Decision, FactSchema, Prefer, ScoreLine, Stage, fact
from prmcore.decisions.explain import explain
from prmcore.decisions.versions import recorded, replayed
from prmcore.errors import InvalidInput
from prmcore.testing._leads import new_lead
from prmcore.values import Rate, Text

DAY = datetime.date(2026, 3, 2)
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)

POLICY = RoutingPolicy(
    name="routing/2026",
    eligible=(fact("covers_industry").is_true(), fact("has_room").is_true()),
    steps=(
        Prefer(name="relationship", criteria=(fact("has_relationship").is_true(),)),
        Prefer(name="territory", criteria=(fact("in_territory").is_true(),)),
        ByOrder(name="tier", fact="tier", order=("gold", "silver")),
        ByScore(
            name="score",
            lines=(
                ScoreLine(points=10, when=(fact("certified").is_true(),)),
                ScoreLine(points=20, times="win_rate", unknown=Fraction(2)),
            ),
        ),
        ByTurn(name="turn"),
    ),
)


def candidate(partner: str, **known: Any) -> CandidateFacts:
    told: dict[str, Any] = {"covers_industry": True, "open_leads": 1, "capacity": 5, "tier": "gold", **known}
    return CandidateFacts(partner=partner, **told)


def route(
    *candidates: CandidateFacts, turns: Turns | None = None, policy: RoutingPolicy = POLICY
) -> Decision[Routing]:
    return policy.decide(RoutingFacts(subject="L-1", candidates=candidates, turns=turns), DAY)  # fmt: skip


def test_each_step_says_who_is_left_and_who_fell_out() -> None:
    """acme is full; bolt is out of the territory; of coil and dyna, both gold, the score decides: 10 + 20 x 1/4 = 15
    against 2 for a win rate that is not known and 10 for the certificate."""
    found = route(
        candidate("acme", open_leads=5),
        candidate("bolt", in_territory=False, tier="gold"),
        candidate("coil", in_territory=True, certified=True, win_rate=Rate.percent(25)),
        candidate("dyna", in_territory=True, certified=True),
        candidate("echo", in_territory=True, tier="silver"),
    ).outcome
    assert found.partners == ("coil",)
    assert found.stages == (
        Stage(step="eligible", left=("bolt", "coil", "dyna", "echo"), fell=("acme",)),
        Stage(step="relationship", left=("bolt", "coil", "dyna", "echo"), fell=()),
        Stage(step="territory", left=("coil", "dyna", "echo"), fell=("bolt",)),
        Stage(step="tier", left=("coil", "dyna"), fell=("echo",)),
        Stage(step="score", left=("coil",), fell=("dyna",)),
    )


def test_a_relationship_beats_the_territory() -> None:
    found = route(candidate("acme", in_territory=True), candidate("bolt", has_relationship=True)).outcome
    assert found.partners == ("bolt",)


def test_whoever_is_not_known_to_be_eligible_is_not() -> None:
    assert route(candidate("acme", covers_industry=None)).outcome == Routing(
        stages=(Stage(step="eligible", left=(), fell=("acme",)),)
    )


def test_no_step_sends_away_the_last() -> None:
    """Neither is in the territory, nor of a tier in the list: those steps pass, and the score decides."""
    found = route(candidate("acme", tier="bronze", certified=True), candidate("bolt", tier=None)).outcome
    assert found.partners == ("acme",)


def test_a_tie_that_no_step_breaks_is_for_a_person() -> None:
    found = route(candidate("bolt"), candidate("acme")).outcome
    assert (found.partners, found.tied) == ((), ("acme", "bolt"))


def test_the_order_of_ids_decides_only_where_the_policy_says_so_and_is_called_arbitrary() -> None:
    decision = route(candidate("bolt"), candidate("acme"), policy=attrs.evolve(POLICY, ties_by_id=True))
    assert (decision.outcome.partners, decision.outcome.is_arbitrary) == (("acme",), True)
    assert "arbitrary" in str(explain(decision))


def test_of_several_winners_all_that_are_left_are_asked() -> None:
    policy = attrs.evolve(POLICY, winners=2)
    given_ = (candidate("acme"), candidate("bolt"), candidate("coil", tier="silver"))
    assert route(*given_, policy=policy).outcome.partners == ("acme", "bolt")


@pytest.mark.parametrize(
    ("step", "winner"),
    [
        (ByValue(name="near", fact="distance_km", highest=False), "acme"),  # 7/2 before 12.5; unknown last
        (ByValue(name="wins", fact="win_rate"), "bolt"),  # 1/2 before 1/3
        (ByValue(name="idle", fact="open_leads", highest=False), "coil"),  # 0 before 1 and 2
        (Prefer(name="language", criteria=(fact("languages").includes("ja"),)), "bolt"),
    ],
)
def test_a_value_decides_by_the_highest_or_the_lowest(step: RouteStep, winner: str) -> None:
    given_ = (
        candidate("acme", distance_km=Fraction(7, 2), win_rate=Rate(1, 3), open_leads=2),
        candidate("bolt", distance_km=Decimal("12.5"), win_rate=Rate(1, 2), open_leads=1, languages=frozenset(("ja", "en"))),
        candidate("coil", open_leads=0),
    )  # fmt: skip
    assert route(*given_, policy=RoutingPolicy(steps=(step,))).outcome.partners == (winner,)


def test_whoever_waits_longest_is_next_and_whoever_never_had_a_lead_first() -> None:
    policy = RoutingPolicy(steps=(ByTurn(name="turn", by=TurnBy.LONGEST_WAITING),))
    turns = Turns.of("emea", {"acme": 1, "bolt": 1, "coil": 1}).taken(("acme",)).taken(("coil",))
    given_ = [candidate(one) for one in ("acme", "bolt", "coil")]
    assert route(*given_, turns=turns, policy=policy).outcome.partners == ("bolt",)
    assert route(*given_, turns=turns.taken(("bolt",)), policy=policy).outcome.partners == ("acme",)


# traps


def test_routing_twice_gives_the_same_partner_where_odoo_draws_lots() -> None:
    turns = Turns.of("emea", {"acme": 3, "bolt": 1})
    found = {route(candidate("acme"), candidate("bolt"), turns=turns).outcome.partners for _ in range(20)}
    assert found == {("acme",)}


def test_in_one_batch_every_lead_gets_its_own_partner_where_odoo_gives_all_the_first_ones() -> None:
    turns, given_ = Turns.of("emea", {"acme": 1, "bolt": 1}), []
    policy = LeadPolicy()
    for number in range(4):
        facts = RoutingFacts(
            subject=f"L-{number}", candidates=(candidate("acme"), candidate("bolt")), turns=turns
        )
        moved = routed(
            new_lead(f"L-{number}"), POLICY.decide(facts, DAY), policy, by="run", at=NOON, turns=turns
        )
        assert moved.turns is not None
        given_.append(moved.record.offers[-1].partners)
        turns = moved.turns
    assert given_ == [("acme",), ("bolt",), ("acme",), ("bolt",)]


def test_a_lead_without_a_country_is_routed_where_odoo_leaves_it() -> None:
    """That the territory is not known sends nobody away; the tier decides."""
    assert route(candidate("acme", in_territory=None), candidate("bolt", tier="silver")).outcome.partners == (
        "acme",
    )


def test_two_with_as_few_open_leads_are_a_tie_where_frappe_takes_the_first_of_its_list() -> None:
    policy = RoutingPolicy(steps=(ByValue(name="idle", fact="open_leads", highest=False),))
    assert route(candidate("bolt"), candidate("acme"), policy=policy).outcome.tied == ("acme", "bolt")


def test_a_member_that_is_removed_does_not_put_the_turn_back_to_the_first_as_in_frappe() -> None:
    """acme and bolt had a lead, coil is next; bolt leaves: coil is still next."""
    turns = Turns.of("emea", {"acme": 1, "bolt": 1, "coil": 1}).taken(("acme",)).taken(("bolt",))
    left = turns.with_members({"acme": 1, "coil": 1})
    assert route(candidate("acme"), candidate("coil"), turns=left).outcome.partners == ("coil",)


# explained, kept, refused


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "offered to coil"), ("ja", "coil に提示"), ("zh", "提供给coil")],
)
def test_a_routing_explains_itself_in_three_languages(locale: str, words: str) -> None:
    said = str(
        explain(route(candidate("coil", in_territory=True), candidate("bolt", in_territory=False)), locale)
    )
    assert words in said  # fmt: skip


def test_an_explanation_says_what_each_candidate_was_measured_by() -> None:
    said = str(explain(route(candidate("acme", certified=True), candidate("bolt"))))
    assert "score: 1 left\n    ✓ acme\n      score: 12\n    ✗ bolt\n      score: 2" in said


def test_the_reasons_are_what_each_candidate_was_asked_for_by_id() -> None:
    reasons = route(candidate("bolt"), candidate("acme", capacity=1)).reasons
    assert [(one.level, one.truth.value) for one in reasons] == [("acme", "unmet"), ("bolt", "met")]


def test_a_recorded_routing_replays_to_the_same_answer() -> None:
    turns = Turns.of("emea", {"acme": 2, "bolt": 1}).taken(("acme",))
    decision = route(candidate("acme", distance_km=Fraction(1, 3)), candidate("bolt"), turns=turns)
    again = replayed(recorded(decision), [POLICY])
    assert (again.outcome, again.facts) == (decision.outcome, decision.facts)
    assert pickle.loads(pickle.dumps(decision)) == decision


def test_a_policy_that_cannot_be_used_lists_every_fault() -> None:
    with pytest.raises(InvalidInput) as caught:
        RoutingPolicy(
            eligible=(fact("covers_industri").is_true(),),
            steps=(ByValue(name="x", fact="tier"), ByOrder(name="x", fact="tier", order=()), ByScore(name="s", lines=())),
            winners=0,
        )  # fmt: skip
    assert {fault.path for fault in caught.value.faults} == {
        "winners", "eligible[0]", "steps", "steps[0].fact", "steps[1].order", "steps[2].lines",
    }  # fmt: skip


def test_a_candidate_twice_or_with_a_float_is_refused() -> None:
    with pytest.raises(InvalidInput, match="stands here twice"):
        route(candidate("acme"), candidate("acme"))
    with pytest.raises(InvalidInput, match="float"):
        candidate("acme", distance_km=1.5)


# laws

BOOLS = st.sampled_from((None, True, False))
CANDIDATES = st.lists(
    st.builds(
        CandidateFacts, partner=st.sampled_from("abcdefgh"), in_territory=BOOLS, covers_industry=st.sampled_from((True, True, None)),
        certified=BOOLS, tier=st.sampled_from(("gold", "silver", None)), open_leads=st.integers(0, 3), capacity=st.just(3),
        win_rate=st.sampled_from((None, Rate(1, 2), Rate(1, 3))), has_relationship=BOOLS,
    ),
    max_size=8, unique_by=lambda one: one.partner,
)  # fmt: skip
TURNS = st.none() | st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 3), min_size=1).map(
    lambda weights: Turns.of("pool", weights)
)


@given(CANDIDATES, TURNS, st.integers(1, 3), st.randoms(use_true_random=False))
def test_routing_depends_on_no_order_of_the_candidates(
    candidates: list[CandidateFacts], turns: Turns | None, winners: int, random: Any
) -> None:
    policy, shuffled = attrs.evolve(POLICY, winners=winners), list(candidates)
    random.shuffle(shuffled)
    assert route(*candidates, turns=turns, policy=policy) == route(*shuffled, turns=turns, policy=policy)


@given(CANDIDATES, TURNS, st.integers(1, 3))
def test_stages_only_narrow_and_nobody_is_picked_out_of_a_tie(
    candidates: list[CandidateFacts], turns: Turns | None, winners: int
) -> None:
    found = route(*candidates, turns=turns, policy=attrs.evolve(POLICY, winners=winners)).outcome
    left = tuple(sorted(one.partner for one in candidates))
    for stage in found.stages:
        assert sorted((*stage.left, *stage.fell)) == list(left)
        assert stage.left or stage.step == "eligible"
        left = stage.left
    assert len(found.partners) <= winners
    assert (found.partners or found.tied) == left
    assert not (found.partners and found.tied)


@given(CANDIDATES, TURNS)
def test_a_candidate_that_is_not_eligible_changes_nothing_for_the_others(
    candidates: list[CandidateFacts], turns: Turns | None
) -> None:
    with_another = [*candidates, CandidateFacts(partner="z", covers_industry=False, has_relationship=True)]
    assert (
        route(*candidates, turns=turns).outcome.partners == route(*with_another, turns=turns).outcome.partners
    )


# every part


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (CandidateFacts, {
            "partner": ("partner", "パートナー", "合作伙伴"),
            "in_territory": ("in its territory", "担当テリトリー内", "在其区域内"),
            "covers_industry": ("covers the industry", "業種に対応", "覆盖该行业"),
            "certified": ("certified for the products", "製品の認定あり", "已获产品认证"),
            "tier": ("tier", "ティア", "等级"),
            "open_leads": ("open leads", "対応中のリード", "未结线索"),
            "capacity": ("capacity", "受入可能なリード数", "线索容量"),
            "has_room": ("has room for a lead", "受入余力あり", "尚有余量"),
            "acceptance_rate": ("leads accepted", "リード受諾率", "线索接受率"),
            "win_rate": ("deals won", "成約率", "赢单率"),
            "distance_km": ("distance in km", "距離（km）", "距离（公里）"),
            "has_relationship": ("knows the account", "取引先と既存の関係あり", "与客户已有关系"),
            "declined_before": ("declined it before", "以前に辞退", "曾拒绝该线索"),
            "languages": ("languages", "対応言語", "语言"),
        }),
    ],
)  # fmt: skip
def test_facts_are_called_what_people_call_them(record: type, words: dict[str, tuple[str, str, str]]) -> None:
    expected = {name: Text.of(english, ja=ja, zh=zh) for name, (english, ja, zh) in words.items()}
    assert {one.name: one.text for one in FactSchema.of(record).fields if one.text is not None} == expected


@pytest.mark.parametrize("record", [CandidateFacts, ByTurn, Routing, RoutingFacts, RoutingPolicy])
def test_every_part_of_a_routing_is_given_by_name(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_what_nobody_said_is_unknown_and_a_policy_offers_to_one_at_once() -> None:
    facts = attrs.asdict(CandidateFacts(partner="acme"))
    assert facts == {**dict.fromkeys(facts), "partner": "acme"}
    policy = RoutingPolicy()
    assert (policy.name, policy.eligible, policy.steps) == ("routing/standard", (), ())
    assert (policy.winners, policy.ties_by_id) == (1, False)
    assert (ByTurn(name="turn").by, ByTurn(name="turn").text) == (TurnBy.FAIR_SHARE, None)
    assert Routing() == Routing(partners=(), tied=(), is_arbitrary=False, stages=())


@pytest.mark.parametrize(
    ("told", "room"),
    [
        ({"open_leads": 4, "capacity": 5}, True),
        ({"open_leads": 5, "capacity": 5}, False),
        ({"open_leads": 5}, None),
        ({"capacity": 5}, None),
        ({"open_leads": 5, "capacity": 5, "has_room": True}, True),  # unless it is said
        ({"has_room": False}, False),
    ],
)
def test_whoever_has_fewer_open_leads_than_its_capacity_has_room(
    told: dict[str, Any], room: bool | None
) -> None:
    assert CandidateFacts(partner="acme", **told).has_room is room


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: CandidateFacts(partner=""),
         "the candidate '' cannot be used: 1 fault\n  found ''; accepted: an id of 1 to 200 characters @ partner"),
        (lambda: CandidateFacts(partner="acme", tier=1),  # type: ignore[arg-type]
         "the candidate 'acme' cannot be used: 1 fault\n  found 1 (int); accepted: a str, or None for unknown @ tier"),
        (lambda: RoutingFacts(subject="", candidates=()),
         "the lead '' cannot be routed: 1 fault\n  found ''; accepted: an id of 1 to 200 characters @ subject"),
        (lambda: RoutingFacts(subject="L-1", candidates=(CandidateFacts(partner="a"), CandidateFacts(partner="a"))),
         "the lead 'L-1' cannot be routed: 1 fault\n  'a' stands here twice @ candidates"),
        (lambda: RoutingFacts(subject="L-1", candidates=[CandidateFacts(partner="a")] * 100_001),
         "the lead 'L-1' cannot be routed: 2 faults\n  found 100001; accepted: at most 100000 @ candidates"
         "\n  'a' stands here twice @ candidates"),
        (lambda: RoutingFacts(subject="L-1", candidates=[CandidateFacts(partner="a")] * 100_000),
         "the lead 'L-1' cannot be routed: 1 fault\n  'a' stands here twice @ candidates"),
        (lambda: RoutingPolicy(name=""),
         "the policy '' cannot be used: 1 fault\n  found ''; accepted: an id of 1 to 200 characters @ name"),
        (lambda: RoutingPolicy(winners=0),
         "the policy 'routing/standard' cannot be used: 1 fault\n  found 0; accepted: a whole number from 1 to 100000 @ winners"),
    ],
)  # fmt: skip
def test_a_routing_says_what_is_wrong_with_it(build: Callable[[], object], message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        build()
    assert str(refused.value) == message


def test_a_routing_asks_for_a_day() -> None:
    with pytest.raises(InvalidInput, match="as_of: found"):
        POLICY.decide(RoutingFacts(subject="L-1", candidates=()), NOON)


SHARE = RoutingPolicy(name="turns", steps=(ByTurn(name="turn"),))
WAITING = RoutingPolicy(name="turns", steps=(ByTurn(name="turn", by=TurnBy.LONGEST_WAITING),))
POOL = Turns.of("emea", {"acme": 2, "bolt": 1}).taken(("bolt",)).taken(("acme",))


@pytest.mark.parametrize(
    ("policy", "turns", "partners", "words"),
    [
        (SHARE, POOL, ("acme", "bolt", "coil"),
         "turns on March 2, 2026: offered to acme\n  turn: 1 left\n    ✓ acme\n      0.5 of the round passed, weight 2"
         "\n    ✗ bolt\n      1 of the round passed, weight 1\n    ✗ coil\n      no member of the pool"),
        (WAITING, POOL, ("acme", "bolt"),
         "turns on March 2, 2026: offered to bolt\n  turn: 1 left\n    ✓ bolt\n      waiting since lead 1"
         "\n    ✗ acme\n      waiting since lead 2"),
        (SHARE, None, ("acme", "bolt"),
         "turns on March 2, 2026: ambiguous: nothing tells acme and bolt apart; a person decides\n  turn: 2 left"
         "\n    ✓ acme\n      no member of the pool\n    ✓ bolt\n      no member of the pool"),
        (WAITING, POOL, ("coil", "dyna"),
         "turns on March 2, 2026: ambiguous: nothing tells coil and dyna apart; a person decides\n  turn: 2 left"
         "\n    ✓ coil\n      no member of the pool\n    ✓ dyna\n      no member of the pool"),
        (attrs.evolve(SHARE, steps=(), ties_by_id=True), None, ("acme", "bolt"),
         "turns on March 2, 2026: offered to acme, an arbitrary choice: nothing but their ids tells them apart"),
        (attrs.evolve(SHARE, steps=()), None, (), "turns on March 2, 2026: nobody is left"),
    ],
)  # fmt: skip
def test_a_routing_says_what_each_step_saw(
    policy: RoutingPolicy, turns: Turns | None, partners: tuple[str, ...], words: str
) -> None:
    found = route(*(candidate(one) for one in partners), turns=turns, policy=policy)
    assert str(explain(found)).startswith(words)


def test_as_many_have_their_turn_as_the_lead_is_offered_to() -> None:
    policy = attrs.evolve(SHARE, winners=2)
    turns = Turns.of("emea", {"acme": 1, "bolt": 1, "coil": 1}).taken(("acme",))
    found = route(*(candidate(one) for one in ("acme", "bolt", "coil")), turns=turns, policy=policy).outcome
    assert found.partners == ("bolt", "coil")


def test_a_routing_is_written_with_its_candidates_and_turns() -> None:
    decision = route(candidate("bolt"), candidate("acme"), turns=POOL, policy=SHARE)
    written = SHARE.written(decision)
    assert set(written) == {"facts", "outcome", "mask"}
    assert (written["mask"], written["outcome"]["partners"]) == (0, ["acme"])
    assert (written["facts"]["subject"], len(written["facts"]["candidates"])) == ("L-1", 2)
    assert SHARE.facts_from(written["facts"]) == decision.facts
    wrong = {**written["facts"], "subject": 1}
    with pytest.raises(InvalidInput, match="the facts are not those of turns"):
        SHARE.facts_from(wrong)
