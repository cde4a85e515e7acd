"""Leads over a store: from coming in to an opportunity; every partner that a lead goes to is worked out by hand.

Five days to accept and ten to work, then the lead is recalled: GitLab's channel handbook.
"""

import datetime
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prmcore.deals.leads import Lead, LeadNoticeKind, LeadState, Likeness, disqualified, offered
from prmcore.deals.leads.repository import LEAD_NOTICES, LEAD_TURNS, LEADS
from prmcore.deals.opportunities.repository import OPPORTUNITIES
from prmcore.deals.registrations import RegistrationState
from prmcore.deals.registrations.repository import REGISTRATIONS
from prmcore.decisions import recorded, replayed
from prmcore.errors import InvalidInput
from prmcore.partners import PARTNERS, Enrolment, Partner, Status
from prmcore.program import ProgramVersions, from_document
from prmcore.program.cover import pin_account
from prmcore.program.judge import DECISIONS, RecordedDecision
from prmcore.program.lead import (
    LEAD_DESKS,
    accept_lead,
    catch_up,
    convert_lead,
    decline_lead,
    lead_policy,
    leads_of,
    move_lead,
    route_lead,
    routings_of,
    take_in,
    work_lead,
)
from prmcore.repository import Store, UnitOfWork
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.territory.coverage.repository import Pin
from prmcore.territory.identity import Sameness
from prmcore.tiers import Standing
from prmcore.values import Dated, DateRange, Money, PartnerId, ProgramId

DOCUMENT: dict[str, Any] = {
    "format": "prmcore/1",
    "name": "channel",
    "version": "2026",
    "facts": {"users": {"kind": "count"}},
    "tiers": {
        "otherwise": "registered",
        "rungs": [{"level": "gold", "requires": [{"fact": "users", "at_least": 9}]}],
    },
    "coverage": {
        "dimensions": {"country": {"kind": "codes"}},
        "territories": {"japan": {"members": [{"id": "acme"}, {"id": "bolt"}]}, "china": {"members": [{"id": "coil"}]}},
        "rules": {
            "jp": {"territory": "japan", "where": {"country": ["JP"]}},
            "cn": {"territory": "china", "where": {"country": ["CN"]}},
        },
    },
    "leads": {"work_within": {"count": 10}, "expires_after_days": 90, "most_offers": 2, "reasons": [{"code": "no-budget"}]},
    "routing": {
        "steps": [
            {"name": "home", "kind": "prefer", "criteria": [{"fact": "in_territory", "is": True}]},
            {"name": "tier", "kind": "by_order", "fact": "tier", "order": ["gold"]},
            {"name": "turn", "kind": "by_turn"},
        ],
        "pools": {"all": {"acme": 1, "bolt": 1, "coil": 1}},
    },
    "sales": {
        "stages": [
            {"code": "qualified", "probability": "20 %"},
            {"code": "won", "probability": "100 %", "state": "won"},
            {"code": "lost", "probability": "0 %", "state": "lost"},
        ]
    },
}  # fmt: skip
VERSIONS = ProgramVersions.of(from_document(DOCUMENT))
WITH_ROOM = ProgramVersions.of(
    from_document(
        {**DOCUMENT, "routing": {**DOCUMENT["routing"], "eligible": [{"fact": "has_room", "is": True}]}}
    )
)
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
JAPAN = {"country": "JP"}


def other(**changes: Any) -> ProgramVersions:
    """The program with some parts changed."""
    return ProgramVersions.of(from_document({**DOCUMENT, **changes}))


def partner(id: str, status: Status = Status.ACTIVE) -> Partner:
    return Partner(
        id=PartnerId(id),
        name=id,
        languages=("ja",),
        enrolments=(Enrolment(program=ProgramId("channel")),),
        lifecycle=Dated(((DateRange(), status),)),
    )


def with_partners(store: Store | None = None) -> Store:
    """acme, bolt and coil, and one that is suspended."""
    store = store or MemoryStore()
    with store.unit_of_work() as work:
        for id in ("acme", "bolt", "coil"):
            work.repository(PARTNERS).put(partner(id))
        work.repository(PARTNERS).put(partner("dorm", Status.SUSPENDED))
        work.commit()
    return store


def lead(id: str = "L-1", **known: Any) -> Lead:
    told: dict[str, Any] = {"program": "channel", "customer": "Yamato KK", "made_at": NOON, **known}
    return Lead(id=id, **told)


def came_in(store: Store, id: str = "L-1", **known: Any) -> Lead:
    return take_in(store, VERSIONS, lead(id, **known), at=NOON).record


def routed_to(store: Store, id: str, at: datetime.datetime = NOON, **given: Any) -> tuple[str, ...]:
    found = route_lead(store, VERSIONS, id, by="kim", at=at, **{"attributes": JAPAN, **given}).record
    return found.offer.partners if found.offer is not None else ()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return with_partners(MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "store.db"))


# coming in


def test_a_lead_of_the_same_account_and_product_is_merged_into_the_one_that_is_there(store: Store) -> None:
    came_in(store, "L-1", account="yamato", products=frozenset({"bikes"}))
    found = take_in(store, VERSIONS, lead("L-2", account="yamato", products=frozenset({"bikes"})), at=NOON)
    assert found.record.state is LeadState.DUPLICATE
    assert found.record.same_as == "L-1"
    assert [one.id for one in leads_of(store, "channel", state=LeadState.NEW)] == ["L-1"]


def test_whichever_was_taken_in_first_goes_on_also_when_it_was_made_later() -> None:
    store = with_partners()
    came_in(store, "L-1", account="yamato", products=frozenset({"bikes"}))
    earlier = lead("L-0", account="yamato", products=frozenset({"bikes"}), made_at=NOON - DAY)
    assert take_in(store, VERSIONS, earlier, at=NOON).record.same_as == "L-1"


@pytest.mark.parametrize(
    ("known", "sameness"),
    [
        ({"account": "yamato-jp", "products": frozenset({"bikes"})}, {"yamato": Sameness.POSSIBLE}),
        ({"account": "yamato"}, {}),  # which product is not known
        ({"account": "other", "contact": "sato@yamato.example"}, {}),
        ({"contact": "sato@yamato.example"}, {}),
    ],
)
def test_what_may_be_a_duplicate_is_put_before_a_person(
    known: dict[str, Any], sameness: dict[str, Sameness]
) -> None:
    store = with_partners()
    came_in(store, "L-1", account="yamato", products=frozenset({"bikes"}), contact="sato@yamato.example")
    found = take_in(store, VERSIONS, lead("L-2", **known), at=NOON, sameness=sameness)
    assert found.likeness is not None
    assert found.likeness.decision.outcome is Likeness.REVIEW
    assert found.record.state is LeadState.IN_REVIEW
    assert found.record.steps[-1].reason == "may be a duplicate of L-1"


def test_another_account_or_another_product_makes_another_lead() -> None:
    store = with_partners()
    came_in(store, "L-1", account="yamato", products=frozenset({"bikes"}))
    for id, known in (
        ("L-2", {"account": "suzuki", "products": frozenset({"bikes"})}),
        ("L-3", {"account": "yamato", "products": frozenset({"helmets"})}),
    ):
        assert came_in(store, id, **known).state is LeadState.NEW


def test_a_lead_that_is_taken_in_twice_is_there_once(store: Store) -> None:
    came_in(store)
    routed_to(store, "L-1")
    again = take_in(store, VERSIONS, lead(), at=NOON + DAY)
    assert again.record.state is LeadState.OFFERED
    with pytest.raises(InvalidInput, match="there is another lead 'L-1' already"):
        take_in(store, VERSIONS, lead(customer="Suzuki KK"), at=NOON)


def test_a_lead_that_cannot_be_new_is_refused_with_every_fault() -> None:
    used = offered(lead(), ["acme"], lead_policy(VERSIONS, NOON)[1], by="kim", at=NOON).record
    with pytest.raises(InvalidInput) as caught:
        take_in(with_partners(), other(name="direct"), used, at=NOON - DAY)
    assert [fault.path for fault in caught.value.faults] == ["program", "steps", "made_at"]


# routing


def test_a_lead_goes_to_whose_turn_it_is_in_its_territory(store: Store) -> None:
    """In Japan are acme and bolt: one after the other. coil has its turn in China, dorm is suspended and has none."""
    for number in range(1, 6):
        came_in(store, f"L-{number}", account=f"A-{number}")
    assert [routed_to(store, f"L-{number}") for number in (1, 2, 3)] == [("acme",), ("bolt",), ("acme",)]
    assert routed_to(store, "L-4", attributes={"country": "CN"}) == ("coil",)
    assert routed_to(store, "L-5") == ("bolt",)


def test_a_better_tier_comes_before_the_turn() -> None:
    store = with_partners()
    with store.unit_of_work() as work:
        work.repository(DECISIONS).put(
            RecordedDecision(
                program="channel", partner="bolt", day=NOON.date() - DAY, level="gold", action="upgrade", record={},
                after=Standing(level="gold", since=NOON.date() - DAY, judged_on=NOON.date() - DAY),
            )
        )  # fmt: skip
        work.commit()
    for number in (1, 2):
        came_in(store, f"L-{number}", account=f"A-{number}")
        assert routed_to(store, f"L-{number}") == ("bolt",)


def test_an_account_that_a_person_gave_to_a_territory_is_in_it_whatever_the_rules_say() -> None:
    store = with_partners()
    pin = Pin(territory="china", by="kim", reason="head office", on=NOON.date())
    pin_account(store, VERSIONS, "yamato", JAPAN, pin)
    came_in(store, account="yamato")
    assert routed_to(store, "L-1") == ("coil",)


def test_where_nobody_knows_the_territory_the_turn_decides() -> None:
    """Neither account nor attributes: all three stay, and the one that stands first has its turn."""
    store = with_partners()
    came_in(store)
    found = route_lead(store, VERSIONS, "L-1", by="kim", at=NOON)
    assert found.decision.outcome.partners == ("acme",)
    assert found.decision.outcome.stages[1].left == ("acme", "bolt", "coil")


def test_what_the_caller_knows_counts_beside_what_the_store_knows() -> None:
    """acme has one lead then, and room for one: it has no room any more. bolt is full by itself, coil is what is left."""
    store = with_partners()
    known: dict[str, dict[str, Any]] = {
        "acme": {"capacity": 1},
        "bolt": {"has_room": False},
        "coil": {"capacity": 9},
    }
    for number, expected in ((1, ("acme",)), (2, ("coil",))):
        came_in(store, f"L-{number}", account=f"A-{number}")
        found = route_lead(store, WITH_ROOM, f"L-{number}", by="kim", at=NOON, attributes=JAPAN, known=known)
        assert found.decision.outcome.partners == expected
    with pytest.raises(InvalidInput) as caught:
        routed_to(store, "L-2", known={"acme": {"winrate": 1}, "bolt": {"partner": "x"}})
    assert [fault.path for fault in caught.value.faults] == ["known.acme", "known.bolt"]
    assert "did you mean 'win_rate'?" in caught.value.faults[0].message


def test_a_lead_that_somebody_has_is_left_as_it_is_and_takes_no_turn(store: Store) -> None:
    came_in(store)
    routed_to(store, "L-1")
    again = route_lead(store, VERSIONS, "L-1", by="kim", at=NOON, attributes=JAPAN)
    assert not again.moved.decision.outcome
    with store.unit_of_work() as work:
        assert [one.version for one in work.repository(LEAD_TURNS)] == [1]
    assert len(routings_of(store, "L-1")) == 1


def test_nobody_is_asked_twice_and_then_the_house_has_it() -> None:
    store = with_partners()
    came_in(store)
    asked = []
    for day in range(3):
        at = NOON + day * DAY
        asked.append(routed_to(store, "L-1", at))
        if asked[-1]:
            decline_lead(store, VERSIONS, "L-1", asked[-1][0], by="rep", at=at)
    assert asked == [("acme",), ("bolt",), ()]  # two offers at most
    (found,) = leads_of(store, "channel")
    assert found.state is LeadState.WITH_HOUSE


def test_why_a_lead_went_where_it_did_is_kept_and_comes_out_alike() -> None:
    store = with_partners()
    came_in(store)
    found = route_lead(store, VERSIONS, "L-1", by="kim", at=NOON, attributes=JAPAN)
    (kept,) = routings_of(store, "L-1")
    routing = VERSIONS.on(NOON.date()).routing
    assert routing is not None
    assert recorded(replayed(kept.record, [routing])) == recorded(found.decision)
    assert kept.step == len(found.record.steps)


def test_of_several_pools_one_has_to_be_named() -> None:
    pools = {"east": {"acme": 1}, "west": {"bolt": 1}}
    versions = other(routing={**DOCUMENT["routing"], "pools": pools})
    store = with_partners()
    came_in(store)
    with pytest.raises(InvalidInput, match="accepted: one of east, west"):
        route_lead(store, versions, "L-1", by="kim", at=NOON)
    with pytest.raises(InvalidInput, match="unknown pool 'wset'; did you mean 'west'"):
        route_lead(store, versions, "L-1", by="kim", at=NOON, pool="wset")
    found = route_lead(store, versions, "L-1", by="kim", at=NOON, pool="west")
    assert found.decision.outcome.partners == ("bolt",)


def test_a_lead_is_routed_by_the_version_in_force_where_the_program_is_at_home() -> None:
    """At 15:00 UTC the first of April begins in Tokyo, and with it a version that asks coil."""
    april = datetime.date(2026, 4, 1)
    parts = {"products": "goods", "trees": {"goods": {"bikes": {}}}, "registrations": {"zone": "Asia/Tokyo"}}
    coil = {"steps": [{"name": "turn", "kind": "by_turn"}], "pools": {"all": {"coil": 1}}}
    versions = ProgramVersions.of(
        from_document({**DOCUMENT, **parts, "version": "old", "effective": {"end": april}}),
        from_document(
            {**DOCUMENT, **parts, "version": "new", "effective": {"start": april}, "routing": coil}
        ),
    )
    store, begins = with_partners(), datetime.datetime(2026, 3, 31, 15, tzinfo=datetime.UTC)
    asked = []
    for id, at in (("L-1", begins - datetime.timedelta(seconds=1)), ("L-2", begins)):
        came_in(store, id, account=id)
        found = route_lead(store, versions, id, by="kim", at=at, attributes=JAPAN)
        asked.append((found.decision.outcome.partners, found.decision.as_of))
    assert asked == [(("acme",), datetime.date(2026, 3, 31)), (("coil",), april)]


def test_the_open_leads_of_a_partner_are_those_it_has_and_those_it_is_asked_to_take() -> None:
    """acme is asked for one, has one and worked one; a fourth is converted, and a fifth was declined."""
    store = with_partners()
    for number in range(5):
        came_in(store, f"L-{number}", account=f"A-{number}")
        found = route_lead(
            store, VERSIONS, f"L-{number}", by="kim", at=NOON, attributes=JAPAN,
            known={"bolt": {"tier": "none"}, "acme": {"tier": "gold"}},
        )  # fmt: skip
        assert found.decision.outcome.partners == ("acme",)
    for id in ("L-1", "L-2", "L-3"):
        accept_lead(store, VERSIONS, id, "acme", by="rep", at=NOON)
    for id in ("L-2", "L-3"):
        work_lead(store, VERSIONS, id, "acme", by="rep", at=NOON)
    told: dict[str, Any] = {"amount": Money.of(1, "EUR"), "expected_close": NOON.date()}
    convert_lead(store, VERSIONS, "L-3", opportunity="O-1", by="rep", at=NOON, **told)
    decline_lead(store, VERSIONS, "L-4", "acme", by="rep", at=NOON)
    came_in(store, "L-9", account="A-9")
    found = route_lead(store, VERSIONS, "L-9", by="kim", at=NOON, attributes=JAPAN)
    assert {one.partner: one.open_leads for one in found.decision.facts.candidates} == {
        "acme": 3, "bolt": 0, "coil": 0,
    }  # fmt: skip


# partners and people


def test_of_two_that_are_asked_the_first_has_it(store: Store) -> None:
    versions = other(
        leads={**DOCUMENT["leads"], "offered_to": 2}, routing={**DOCUMENT["routing"], "winners": 2}
    )
    take_in(store, versions, lead(), at=NOON)
    found = route_lead(store, versions, "L-1", by="kim", at=NOON, attributes=JAPAN)
    assert found.decision.outcome.partners == ("acme", "bolt")
    assert accept_lead(store, versions, "L-1", "bolt", by="b", at=NOON + DAY).decision.outcome
    late = accept_lead(store, versions, "L-1", "acme", by="a", at=NOON + DAY)
    assert not late.decision.outcome
    assert late.record.owner == "bolt"


def test_a_person_does_what_the_rules_do_not() -> None:
    store = with_partners()
    came_in(store)
    given = move_lead(
        store, VERSIONS, "L-1",
        lambda one, policy, hours: offered(one, ["coil"], policy, by="kim", at=NOON, hours=hours, by_person=True), at=NOON,
    )  # fmt: skip
    assert given.record.offer is not None
    assert given.record.offer.partners == ("coil",)
    ended = move_lead(
        store, VERSIONS, "L-1",
        lambda one, policy, hours: disqualified(one, policy, by="kim", at=NOON, reason="no-budget"), at=NOON,
    )  # fmt: skip
    assert ended.record.state is LeadState.DISQUALIFIED


# time


def test_what_is_late_is_recalled_once_and_goes_to_the_next() -> None:
    """Offered on the 2nd at noon: five days end on the 7th at noon, and a reminder comes a day before."""
    store = with_partners()
    came_in(store)
    routed_to(store, "L-1")
    assert catch_up(store, VERSIONS, NOON + 4 * DAY - datetime.timedelta(seconds=1)) == ()
    told = [catch_up(store, VERSIONS, NOON + 4 * DAY) for _ in range(2)]
    assert [[one.kind for one in found] for found in told] == [[LeadNoticeKind.REMINDER], []]
    assert catch_up(store, VERSIONS, NOON + 5 * DAY) == ()  # the last instant is in time
    late = NOON + 5 * DAY + datetime.timedelta(seconds=1)
    told = [catch_up(store, VERSIONS, late) for _ in range(2)]
    assert [[one.kind for one in found] for found in told] == [[LeadNoticeKind.RECALL], []]
    assert [one.state for one in leads_of(store, "channel")] == [LeadState.RECALLED]
    assert routed_to(store, "L-1", late) == ("bolt",)


def test_a_lead_that_is_accepted_and_not_worked_is_recalled_too() -> None:
    """Ten days from the offer of the 2nd at noon end on the 12th at noon."""
    store = with_partners()
    came_in(store)
    routed_to(store, "L-1")
    accept_lead(store, VERSIONS, "L-1", "acme", by="a", at=NOON + DAY)
    assert catch_up(store, VERSIONS, NOON + 10 * DAY)[0].kind is LeadNoticeKind.REMINDER
    (found,) = catch_up(store, VERSIONS, NOON + 11 * DAY)
    assert (found.kind, found.partners, found.accepted) == (LeadNoticeKind.RECALL, ("acme",), True)


def test_a_lead_that_nobody_has_expires_however_late_the_run_is() -> None:
    store = with_partners()
    came_in(store)
    assert [one.kind for one in catch_up(store, VERSIONS, NOON + 400 * DAY)] == [LeadNoticeKind.EXPIRY]
    assert catch_up(store, VERSIONS, NOON + 400 * DAY) == ()
    with store.unit_of_work() as work:
        assert len(list(work.repository(LEAD_NOTICES))) == 1


# an end


def test_a_late_run_recalls_and_expires_at_once_and_a_second_finds_nothing() -> None:
    store = with_partners()
    came_in(store)
    routed_to(store, "L-1")
    accept_lead(store, VERSIONS, "L-1", "acme", by="a", at=NOON + DAY)  # so that it does not expire
    late = NOON + 400 * DAY
    kinds = [one.kind for one in catch_up(store, VERSIONS, late)]
    assert kinds == [LeadNoticeKind.RECALL, LeadNoticeKind.EXPIRY]
    assert catch_up(store, VERSIONS, late) == ()


def worked_lead(store: Store, **known: Any) -> None:
    came_in(store, **{"account": "yamato", "products": frozenset({"bikes"}), "source": "fair", **known})
    routed_to(store, "L-1")
    accept_lead(store, VERSIONS, "L-1", "acme", by="a", at=NOON)
    work_lead(store, VERSIONS, "L-1", "acme", by="a", at=NOON + DAY)


def convert(store: Store, opportunity: str = "O-1", **given: Any) -> Any:
    told: dict[str, Any] = {
        "amount": Money.of(9000, "EUR"), "expected_close": datetime.date(2026, 6, 30), "by": "a", "at": NOON + 2 * DAY, **given,
    }  # fmt: skip
    return convert_lead(store, VERSIONS, "L-1", opportunity=opportunity, **told)


def test_a_worked_lead_becomes_an_opportunity_of_its_partner_once(store: Store) -> None:
    worked_lead(store)
    made = convert(store, registration="R-1").opportunity
    assert (made.partners, made.account, made.lead, made.stage) == (("acme",), "yamato", "L-1", "qualified")
    assert convert(store, registration="R-1").opportunity == made
    with store.unit_of_work() as work:
        assert len(list(work.repository(OPPORTUNITIES))) == 1
        (draft,) = [one.record for one in work.repository(REGISTRATIONS)]
    assert (draft.partner, draft.state, draft.deal.source) == ("acme", RegistrationState.DRAFT, "fair")
    assert made.registration == draft.id
    refused = convert(store, "O-2")
    assert refused.opportunity is None
    assert not refused.moved.decision.outcome


def test_a_lead_that_nobody_worked_becomes_nothing() -> None:
    store = with_partners()
    came_in(store, account="yamato")
    assert convert(store).opportunity is None
    with store.unit_of_work() as work:
        assert list(work.repository(OPPORTUNITIES)) == []


def test_a_lead_that_cannot_be_converted_is_refused_with_every_fault_and_left_as_it_was() -> None:
    store = with_partners()
    worked_lead(store)
    convert(store)
    came_in(store, "L-2")
    for _ in range(2):
        found = route_lead(store, VERSIONS, "L-2", by="kim", at=NOON, attributes=JAPAN).record
        assert found.offer is not None
        decline_lead(store, VERSIONS, "L-2", found.offer.partners[0], by="rep", at=NOON)
    assert route_lead(store, VERSIONS, "L-2", by="kim", at=NOON).record.state is LeadState.WITH_HOUSE
    with pytest.raises(InvalidInput) as caught:
        convert_lead(
            store, VERSIONS, "L-2", opportunity="O-1", amount=Money.of(1, "EUR"), expected_close=NOON.date(), by="kim", at=NOON,
            registration="R-9",
        )  # fmt: skip
    assert [fault.path for fault in caught.value.faults] == ["account", "opportunity", "registration"]
    assert [one.id for one in leads_of(store, "channel", state=LeadState.WITH_HOUSE)] == ["L-2"]


# two at a time


class Meanwhile:
    """A store in which something else is done before the first commit, and after everything was read."""

    def __init__(self, store: Store, happens: Callable[[], object]) -> None:
        self.store, self.happens = store, [happens]

    def unit_of_work(self) -> "Interrupted":
        return Interrupted(self.store.unit_of_work(), self.happens)


class Interrupted:
    def __init__(self, work: UnitOfWork, happens: list[Callable[[], object]]) -> None:
        self.work, self.happens = work, happens
        self.repository = work.repository

    def commit(self) -> None:
        if self.happens:
            self.happens.pop()()
        self.work.commit()

    def __enter__(self) -> "Interrupted":
        self.work.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self.work.__exit__(*raised)


def test_of_two_alike_that_come_in_at_once_one_is_a_duplicate(store: Store) -> None:
    known = {"account": "yamato", "products": frozenset({"bikes"})}
    busy = Meanwhile(store, lambda: came_in(store, "L-2", **known))
    assert take_in(busy, VERSIONS, lead("L-1", **known), at=NOON).record.same_as == "L-2"


def test_two_leads_that_are_routed_at_once_take_no_more_room_than_there_is(store: Store) -> None:
    """Both would go to acme, which has room for one."""
    known = {"acme": {"capacity": 1}, "bolt": {"capacity": 9}}

    def route(store: Any, id: str) -> tuple[str, ...]:
        told: dict[str, Any] = {"by": "kim", "at": NOON, "attributes": JAPAN, "known": known}
        return route_lead(store, WITH_ROOM, id, **told).decision.outcome.partners

    for number in (1, 2):
        came_in(store, f"L-{number}", account=f"A-{number}")
    assert route(Meanwhile(store, lambda: route(store, "L-2")), "L-1") == ("bolt",)
    with store.unit_of_work() as work:
        assert [one.record.id for one in work.repository(LEADS).query(asked="acme")] == ["L-2"]
        assert [one.record.routed for one in work.repository(LEAD_DESKS)] == [2]


def test_two_leads_that_are_routed_at_once_take_two_turns(store: Store) -> None:
    for number in (1, 2):
        came_in(store, f"L-{number}", account=f"A-{number}")
    busy = Meanwhile(store, lambda: routed_to(store, "L-2"))
    found = route_lead(busy, VERSIONS, "L-1", by="kim", at=NOON, attributes=JAPAN)
    assert found.decision.outcome.partners == ("bolt",)  # acme has had its turn


def test_several_threads_give_nobody_more_than_it_has_room_for_and_see_every_duplicate(
    tmp_path: Path,
) -> None:
    """Every account comes twice: of 40 leads 20 are duplicates. Of the others 9, 4 and 3 have room, and 4 go to the house."""
    with_partners(SqliteStore(tmp_path / "store.db"))
    known = {"acme": {"capacity": 9}, "bolt": {"capacity": 4}, "coil": {"capacity": 3}}

    def work(number: int) -> None:
        own = SqliteStore(tmp_path / "store.db")
        for place in range(10):
            came_in(
                own, f"L-{number}-{place}", account=f"A-{number // 2}-{place}", products=frozenset({"bikes"})
            )
            route_lead(
                own, WITH_ROOM, f"L-{number}-{place}", by="kim", at=NOON, attributes=JAPAN, known=known
            )

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = leads_of(SqliteStore(tmp_path / "store.db"), "channel")
    assert Counter(one.state for one in found) == {
        LeadState.DUPLICATE: 20, LeadState.OFFERED: 16, LeadState.WITH_HOUSE: 4,
    }  # fmt: skip
    asked = Counter(partner for one in found if one.offer is not None for partner in one.offer.partners)
    assert asked == {"acme": 9, "bolt": 4, "coil": 3}


def test_one_lead_that_is_routed_twice_at_once_is_offered_once(store: Store) -> None:
    came_in(store)
    busy = Meanwhile(store, lambda: routed_to(store, "L-1"))
    assert not route_lead(busy, VERSIONS, "L-1", by="kim", at=NOON, attributes=JAPAN).moved.decision.outcome
    (found,) = leads_of(store, "channel")
    assert len(found.offers) == 1


def test_a_lead_that_is_accepted_while_it_is_recalled_is_either_and_never_both(store: Store) -> None:
    """The acceptance of the last instant comes first: nothing is due any more."""
    came_in(store)
    routed_to(store, "L-1")
    in_time = NOON + 5 * DAY
    busy = Meanwhile(store, lambda: accept_lead(store, VERSIONS, "L-1", "acme", by="a", at=in_time))
    assert catch_up(busy, VERSIONS, in_time + DAY) == ()
    with store.unit_of_work() as work:
        assert work.repository(LEADS).get("L-1").record.owner == "acme"


def test_two_conversions_at_once_make_one_opportunity(store: Store) -> None:
    worked_lead(store)
    busy = Meanwhile(store, lambda: convert(store, "O-2"))
    assert convert(busy, "O-1").opportunity is None
    with store.unit_of_work() as work:
        assert [one.record.id for one in work.repository(OPPORTUNITIES)] == ["O-2"]


# what a program does not have


@pytest.mark.parametrize(
    ("part", "act"),
    [
        ("leads", lambda store, versions: take_in(store, versions, lead(), at=NOON)),
        ("routing", lambda store, versions: route_lead(store, versions, "L-1", by="kim", at=NOON)),
        (
            "sales",
            lambda store, versions: convert_lead(
                store, versions, "L-1", opportunity="O-1", amount=Money.of(1, "EUR"), expected_close=NOON.date(), by="a", at=NOON
            ),
        ),
    ],
)  # fmt: skip
def test_a_program_that_says_nothing_of_it_is_told_what_to_write(
    part: str, act: Callable[..., object]
) -> None:
    versions = ProgramVersions.of(
        from_document({key: value for key, value in DOCUMENT.items() if key != part})
    )
    with pytest.raises(InvalidInput, match=rf"has no {part}; accepted: a program file with \[{part}\]"):
        act(with_partners(), versions)
