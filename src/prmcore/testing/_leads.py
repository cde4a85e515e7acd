"""Hypothesis strategies for leads, opportunities and who does what: as far as they have come."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import strategies as st

from prmcore.deals import leads, opportunities
from prmcore.deals.leads import (
    ByTurn,
    CandidateFacts,
    DuplicateFacts,
    Lead,
    LeadFacts,
    LeadMoved,
    LeadNotice,
    LeadPolicy,
    LeadReason,
    LeadStep,
    LikenessFound,
    Offer,
    RouteStep,
    Routing,
    RoutingFacts,
    RoutingPolicy,
    Same,
    Timer,
    Turn,
    Turns,
    WorkedFrom,
)
from prmcore.deals.opportunities import (
    Approval,
    ApprovalFacts,
    DiscountLimit,
    Entered,
    EntryFacts,
    EntryKind,
    Forecast,
    ForecastLine,
    LossReason,
    NegotiationEntry,
    NegotiationLog,
    NegotiationPolicy,
    Opportunity,
    OpportunityFacts,
    OpportunityMoved,
    OpportunityNotice,
    OpportunityStep,
    Price,
    QuantityBand,
    QuantityBands,
    SalesProcess,
    SalesStage,
    Side,
)
from prmcore.deals.responsibility import Activity, ActivityPolicy, Duty, DutyRow, Party, ResponsibilityMatrix
from prmcore.decisions import (
    ByOrder,
    ByScore,
    ByValue,
    FactField,
    FactSchema,
    Kind,
    Prefer,
    ScoreLine,
    fact,
)
from prmcore.values import Money, Rate, Text

__all__ = [
    "STRATEGIES",
    "candidates",
    "lead_policies",
    "lead_stories",
    "negotiations",
    "new_lead",
    "sales_processes",
]

Strategy = st.SearchStrategy
START = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
PARTNERS = ("acme", "bolt", "coil")


def new_lead(id: str = "L-1", **known: Any) -> Lead:
    """A lead that nobody was offered yet."""
    told: dict[str, Any] = {"program": "acme-one", "customer": "Yamato KK", "made_at": START, **known}
    return Lead(id=id, **told)


def lead_policies() -> Strategy[LeadPolicy]:
    return st.builds(
        LeadPolicy, accept_within=st.integers(1, 5).map(Timer), work_within=st.none() | st.integers(1, 10).map(Timer),
        worked_from=st.sampled_from(WorkedFrom), offered_to=st.integers(1, 3), most_offers=st.integers(1, 3),
        reminder_hours=st.sampled_from(((), (24,), (1, 48))), expires_after_days=st.none() | st.integers(1, 30),
        reasons=st.sampled_from(((), (LeadReason(code="no-budget", text=Text.of("no budget", ja="予算なし", zh="无预算")),))),
    )  # fmt: skip


@attrs.frozen
class Story:
    """What was done with a lead, allowed or not."""

    policy: LeadPolicy
    moved: tuple[LeadMoved, ...]

    @property
    def lead(self) -> Lead:
        return self.moved[-1].record


@st.composite
def lead_stories(draw: st.DrawFn) -> Story:
    """A lead with what was done with it: offers, answers, recalls, an end."""
    policy, at = draw(lead_policies()), START
    lead = new_lead(products=frozenset(("bikes",)), contact=draw(st.none() | st.just("sato@yamato.example")))
    done: list[LeadMoved] = []
    partners = st.lists(st.sampled_from(PARTNERS), min_size=1, max_size=policy.offered_to, unique=True)
    for action in draw(st.lists(st.sampled_from(_ACTIONS), min_size=1, max_size=6)):
        at += draw(st.integers(0, 6)) * DAY
        told: dict[str, Any] = {"by": "kim", "at": at}
        done.append(action(lead, policy, draw(partners), told))
        lead = done[-1].record
    return Story(policy, tuple(done))


_ACTIONS: tuple[Callable[[Lead, LeadPolicy, Sequence[str], dict[str, Any]], LeadMoved], ...] = (
    lambda lead, policy, partners, told: leads.offered(lead, partners, policy, **told),
    lambda lead, policy, partners, told: leads.offered(lead, partners, policy, **told),
    lambda lead, policy, partners, told: leads.accepted(lead, partners[0], policy, **told),
    lambda lead, policy, partners, told: leads.accepted(
        lead, (lead.offer.asked or ("acme",))[0] if lead.offer else "acme", policy, **told
    ),
    lambda lead, policy, partners, told: leads.worked(lead, lead.owner or partners[0], policy, **told),
    lambda lead, policy, partners, told: leads.declined(lead, partners[0], policy, **told),
    lambda lead, policy, partners, told: leads.recalled(lead, policy, **told),
    lambda lead, policy, partners, told: leads.referred(lead, policy, **told),
    lambda lead, policy, partners, told: leads.returned(lead, policy, **told),
    lambda lead, policy, partners, told: leads.disqualified(lead, policy, reason="no-budget", **told),
    lambda lead, policy, partners, told: leads.converted(lead, policy, opportunity="O-1", **told),
    lambda lead, policy, partners, told: leads.merged(lead, new_lead("L-0"), policy, **told),
    lambda lead, policy, partners, told: leads.expired(lead, policy, **told),
)


def candidates() -> Strategy[CandidateFacts]:
    known = st.sampled_from((None, True, False))
    rates = st.none() | st.sampled_from((Rate(1, 2), Rate(1, 3)))
    return st.builds(
        CandidateFacts, partner=st.sampled_from(PARTNERS), in_territory=known, covers_industry=known, certified=known,
        tier=st.sampled_from((None, "gold", "silver")), open_leads=st.none() | st.integers(0, 3),
        capacity=st.none() | st.integers(0, 3), acceptance_rate=rates, win_rate=rates,
        distance_km=st.none() | st.fractions(0, 500, max_denominator=10), has_relationship=known, declined_before=known,
        languages=st.none() | st.just(frozenset(("ja", "en"))),
    )  # fmt: skip


def _turns() -> Strategy[Turns]:
    weights = st.dictionaries(st.sampled_from(PARTNERS), st.integers(1, 3), min_size=1)
    taken = st.lists(st.sampled_from(PARTNERS), max_size=5)
    return st.builds(_played, weights, taken)


def _played(weights: dict[str, int], taken: list[str]) -> Turns:
    turns = Turns.of("emea", weights)
    for partner in taken:
        turns = turns.taken((partner,))
    return turns


SCORE = ByScore(name="score", lines=(ScoreLine(points=Fraction(10), when=(fact("certified").is_true(),)),))
STEPS: tuple[RouteStep, ...] = (
    Prefer(name="territory", criteria=(fact("in_territory").is_true(),)),
    ByOrder(name="tier", fact="tier", order=("gold", "silver")),
    ByValue(name="near", fact="distance_km", highest=False),
    SCORE,
    ByTurn(name="turn"),
)


def _routing_policies() -> Strategy[RoutingPolicy]:
    return st.builds(
        RoutingPolicy, eligible=st.sampled_from(((), (fact("covers_industry").is_true(),))), winners=st.integers(1, 2),
        steps=st.lists(st.sampled_from(STEPS), unique_by=lambda one: one.name).map(tuple), ties_by_id=st.booleans(),
    )  # fmt: skip


def _routing_facts() -> Strategy[RoutingFacts]:
    found = st.lists(candidates(), max_size=3, unique_by=lambda one: one.partner)
    return st.builds(RoutingFacts, subject=st.just("L-1"), candidates=found, turns=st.none() | _turns())


def _routings() -> Strategy[Routing]:
    return st.builds(
        lambda policy, facts: policy.decide(facts, START.date()).outcome, _routing_policies(), _routing_facts()
    )  # fmt: skip


def _likenesses() -> Strategy[LikenessFound]:
    def one(same: Same, days: int, products: frozenset[str]) -> LikenessFound:
        later = new_lead("L-2", made_at=START + days * DAY, products=products)
        return leads.likenesses(later, [(new_lead(products=frozenset(("bikes",))), same)], LeadPolicy())[0]

    products = st.sampled_from((frozenset[str](), frozenset(("bikes",)), frozenset(("helmets",))))
    return st.builds(one, st.sampled_from(Same), st.integers(1, 200), products)


def sales_processes() -> Strategy[SalesProcess]:
    """From qualified through proposed to won or lost."""
    stages = st.builds(
        lambda first, second, days: (
            SalesStage(code="qualified", probability=first, stalled_after_days=days),
            SalesStage(code="proposed", probability=second),
            SalesStage(code="won", probability=Rate.of(1), state=opportunities.OpportunityState.WON),
            SalesStage(code="lost", probability=Rate.of(0), state=opportunities.OpportunityState.LOST),
        ),
        st.sampled_from((Rate.percent(10), Rate(1, 3))), st.sampled_from((Rate.percent(50), Rate(2, 3))),
        st.none() | st.integers(1, 30),
    )  # fmt: skip
    reason = LossReason(code="price", text=Text.of("price", ja="価格", zh="价格"))
    return st.builds(
        SalesProcess, stages=stages, loss_reasons=st.just((reason,)), may_skip=st.booleans(), may_go_back=st.booleans()
    )  # fmt: skip


@st.composite
def _sales(draw: st.DrawFn) -> tuple[SalesProcess, list[OpportunityMoved]]:
    process, at = draw(sales_processes()), START
    sale = opportunities.opened(
        process, id="O-1", program="acme-one", account="yamato", amount=Money("EUR", draw(st.integers(0, 10**6))),
        expected_close=datetime.date(2026, 6, 30), by="kim", at=at, partners=("acme",),
    )  # fmt: skip
    done = [opportunities.revised(sale, process, by="kim", at=at)]
    for stage in draw(st.lists(st.sampled_from(("qualified", "proposed", "won", "lost")), max_size=4)):
        at += draw(st.integers(0, 20)) * DAY
        done.append(opportunities.moved(done[-1].record, stage, process, by="kim", at=at, reason="price"))
    return process, done


def _forecasts() -> Strategy[Forecast]:
    return _sales().map(lambda found: opportunities.forecast([found[1][0].record], found[0]))


def _late() -> Strategy[OpportunityNotice]:
    return _sales().map(lambda found: opportunities.stalled([found[1][0].record], found[0], START + 200 * DAY)[0])  # fmt: skip


def _prices() -> Strategy[Price]:
    money = st.integers(1, 10_000).map(lambda minor: Money("EUR", minor))
    return st.builds(
        Price, list_price=money, quantity=st.integers(1, 9), unit_price=money
    ) | st.builds(
        Price, list_price=money, quantity=st.integers(1, 9), discount=st.integers(0, 100).map(Rate.percent)
    )  # fmt: skip


LIMITS = (DiscountLimit("rep", Rate.percent(10)), DiscountLimit("head", Rate.percent(60)))
NEGOTIATING = NegotiationPolicy(limits=LIMITS)


@st.composite
def _entered(draw: st.DrawFn) -> list[Entered]:
    log, done, at = NegotiationLog(opportunity="O-1"), [], START
    kinds = draw(st.lists(st.sampled_from(EntryKind), max_size=6))
    for number, kind in enumerate((EntryKind.OFFERED, *kinds)):
        at += draw(st.integers(0, 3)) * DAY
        standing = log.standing("bikes")
        priced = kind in (EntryKind.ASKED, EntryKind.OFFERED, EntryKind.COUNTERED)
        if standing is None and kind not in (EntryKind.ASKED, EntryKind.OFFERED):
            continue
        valid = draw(st.none() | st.just(at.date() + DAY)) if priced and kind is not EntryKind.ASKED else None
        done.append(
            opportunities.entered(
                log, kind, NEGOTIATING, id=f"N-{number}", product="bikes", side=draw(st.sampled_from(Side)), by="kim",
                at=at, role="rep", price=draw(_prices()) if priced else None, valid_until=valid,
                refers_to=standing.id if standing else None,
            )
        )  # fmt: skip
        log = done[-1].record
    return done


def negotiations() -> Strategy[NegotiationLog]:
    """Logs of what was offered and answered, as far as it was allowed."""
    return _entered().map(lambda done: done[-1].record)


def _entries() -> Strategy[NegotiationEntry]:
    return negotiations().filter(lambda log: bool(log.entries)).map(lambda log: log.entries[-1])


def _approvals() -> Strategy[Approval]:
    def one(percent: int) -> Approval | None:
        told: dict[str, Any] = {"asked_by": "kim", "by": "mori", "role": "head", "at": START}
        return opportunities.discount_approved(Rate.percent(percent), NEGOTIATING, **told)[1]

    return st.integers(0, 60).map(one).filter(lambda found: found is not None).map(_known)


def _known(found: Approval | None) -> Approval:
    assert found is not None  # filtered
    return found


def _bands() -> Strategy[QuantityBands]:
    def built(sizes: list[int]) -> QuantityBands:
        bands: list[QuantityBand] = []
        lowest = 1
        for size in sizes:
            bands.append(
                QuantityBand(lowest=lowest, highest=lowest + size, discount=Rate.percent(len(bands)))
            )
            lowest += size + 1
        return QuantityBands((*bands, QuantityBand(lowest=lowest, discount=Rate.percent(50))))

    return st.lists(st.integers(0, 500), max_size=4).map(built)


def _matrices() -> Strategy[ResponsibilityMatrix]:
    schema = FactSchema("deal", (FactField("size", Kind.MONEY), FactField("kind", Kind.CODE)))
    duties = st.builds(
        Duty, responsible=st.sampled_from(("vendor", "partner")), accountable=st.just("vendor")
    )
    large = (fact("size").at_least(Money.of(100_000, "EUR")),)
    rows = st.builds(
        lambda one, other: (
            DutyRow(name="close/large", activity="close", when=large, duty=one),
            DutyRow(name="close/other", activity="close", duty=other),
        ),
        duties, duties,
    )  # fmt: skip
    return st.builds(
        ResponsibilityMatrix, facts=st.just(schema), parties=st.just((Party("vendor"), Party("partner"))),
        activities=st.just((Activity("close"),)), rows=rows,
    )  # fmt: skip


def _moved() -> Strategy[LeadMoved]:
    return lead_stories().flatmap(lambda story: st.sampled_from(story.moved))


def _offers() -> Strategy[Offer]:
    return (
        lead_stories().filter(lambda story: bool(story.lead.offers)).map(lambda story: story.lead.offers[-1])
    )


def _notices() -> Strategy[LeadNotice]:
    found = lead_stories().map(lambda one: leads.due([one.lead], one.policy, START + 60 * DAY))
    return found.filter(bool).map(lambda notices: notices[0])


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    Activity: lambda: _matrices().map(lambda one: one.activities[0]),
    ActivityPolicy: lambda: _matrices().map(lambda one: one.policy("close")),
    Approval: _approvals,
    ApprovalFacts: lambda: st.builds(ApprovalFacts, st.booleans(), st.integers(0, 100).map(Rate.percent)),
    ByTurn: lambda: st.just(STEPS[4]),
    CandidateFacts: candidates,
    DiscountLimit: lambda: st.sampled_from(LIMITS),
    DuplicateFacts: lambda: _likenesses().map(lambda one: one.decision.facts),
    Duty: lambda: _matrices().map(lambda one: one.rows[0].duty),
    DutyRow: lambda: _matrices().map(lambda one: one.rows[0]),
    Entered: lambda: _entered().flatmap(st.sampled_from),
    EntryFacts: lambda: _entered().flatmap(st.sampled_from).map(lambda one: one.decision.facts),
    Forecast: _forecasts,
    ForecastLine: lambda: _forecasts().map(lambda one: one.lines[0]),
    Lead: lambda: lead_stories().map(lambda one: one.lead),
    LeadFacts: lambda: _moved().map(lambda one: one.decision.facts),
    LeadMoved: _moved,
    LeadNotice: _notices,
    LeadPolicy: lead_policies,
    LeadReason: lambda: lead_policies().filter(lambda one: bool(one.reasons)).map(lambda one: one.reasons[0]),
    LeadStep: lambda: lead_stories().filter(lambda one: bool(one.lead.steps)).map(lambda one: one.lead.steps[0]),
    LikenessFound: _likenesses,
    LossReason: lambda: sales_processes().map(lambda one: one.loss_reasons[0]),
    NegotiationEntry: _entries,
    NegotiationLog: negotiations,
    NegotiationPolicy: lambda: st.just(NEGOTIATING),
    Offer: _offers,
    Opportunity: lambda: _sales().map(lambda found: found[1][-1].record),
    OpportunityFacts: lambda: _sales().map(lambda found: found[1][-1].decision.facts),
    OpportunityMoved: lambda: _sales().map(lambda found: found[1][-1]),
    OpportunityNotice: _late,
    OpportunityStep: lambda: _sales().map(lambda found: found[1][-1].record.last),
    Party: lambda: st.sampled_from((Party("vendor"), Party("partner"))),
    Price: _prices,
    QuantityBand: lambda: _bands().map(lambda one: one.bands[0]),
    QuantityBands: _bands,
    ResponsibilityMatrix: _matrices,
    Routing: _routings,
    RoutingFacts: _routing_facts,
    RoutingPolicy: _routing_policies,
    SalesProcess: sales_processes,
    SalesStage: lambda: sales_processes().map(lambda one: one.stages[0]),
    Timer: lambda: st.integers(1, 9).map(Timer),
    Turn: lambda: _turns().map(lambda one: one.turns[0]),
    Turns: _turns,
}  # fmt: skip
