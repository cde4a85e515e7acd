"""Deal registration over a store: handed in, decided, converted, expired; who is refused, who comes next, who has which part.

Ninety days of protection, and half the first partner's discount for the second one on the same opportunity: the terms of
gumdropcases.com, section 2.3 of the domain's file on territory. Every day and discount is worked out by hand.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from prmcore.deals import Acting
from prmcore.deals.registrations import (
    Approving,
    Circumstances,
    Deal,
    DueKind,
    Registration,
    RegistrationAction,
    RegistrationMoved,
    RegistrationState,
)
from prmcore.deals.registrations.repository import REGISTERED_ACCOUNTS, REGISTRATIONS
from prmcore.deals.registrations.said import said_of_registration
from prmcore.decisions.explain import Said, put_into_words
from prmcore.errors import InvalidInput
from prmcore.incentives.payouts.model import PayoutState
from prmcore.partners import PARTNERS, Enrolment, Partner, Status
from prmcore.program import ProgramVersions, from_document
from prmcore.program.judge import DECISIONS, RecordedDecision
from prmcore.program.register import (
    approve_registration,
    catch_up,
    circumstances,
    convert_registration,
    draft_registration,
    move_registration,
    registration_policy,
    registrations_of,
    revise_registration,
    submit_registration,
)
from prmcore.repository import Store
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.tiers import Standing
from prmcore.values import Dated, DateRange, Money, PartnerId, PercentagePoints, ProgramId
from prmcore.values.dated import NothingOn

A, S = RegistrationAction, RegistrationState
CLAUSES: dict[str, Any] = {
    "protection": {"term": {"days": 90}, "by_tier": [{"tier": "gold", "term": {"days": 180}}]},
    "eligibility": {"no_direct_accounts": True},
    "approvers": {
        "approvers": [{"role": "manager", "limits": ["1000 EUR"]}, {"role": "director"}],
        "every_level": True,
    },
    "capacity": {"of_partner": 2},
    "discount": "20 pp",
    "second_share": "50 %",
    "reminder_days": [14],
}
DOCUMENT: dict[str, Any] = {
    "format": "prmcore/1",
    "name": "deals",
    "version": "2026",
    "facts": {"users": {"kind": "count"}},
    "tiers": {
        "otherwise": "registered",
        "rungs": [{"level": "gold", "requires": [{"fact": "users", "at_least": 9}]}],
    },
    "coverage": {
        "dimensions": {"country": {"kind": "codes"}},
        "territories": {"all": {"members": [{"id": "acme"}]}, "house": {}},
        "rules": {
            "all": {"territory": "all"},
            "kept": {
                "role": "exclusion",
                "accounts": ["suzuki"],
            },  # from partners; a house rule comes after theirs
            "named": {"territory": "house", "role": "house", "accounts": ["suzuki"]},
        },
    },
    "registrations": CLAUSES,
}
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
KIM, MORI = Acting(by="kim", role="manager"), Acting(by="mori", role="director")


def clauses(**changed: Any) -> ProgramVersions:
    """The program with some clauses changed."""
    return ProgramVersions.of(from_document({**DOCUMENT, "registrations": {**CLAUSES, **changed}}))


VERSIONS = clauses()


def partner(id: str, status: Status = Status.ACTIVE) -> Partner:
    return Partner(
        id=PartnerId(id),
        name=id,
        languages=("ja",),
        enrolments=(Enrolment(program=ProgramId("deals")),),
        lifecycle=Dated(((DateRange(), status),)),
    )


def with_partners(store: Store) -> Store:
    with store.unit_of_work() as work:
        for id in ("acme", "bolt", "coil"):
            work.repository(PARTNERS).put(partner(id))
        work.repository(PARTNERS).put(partner("dorm", Status.SUSPENDED))
        work.commit()
    return store


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return with_partners(MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "store.db"))


def draft(store: Store, id: str, partner: str, at: datetime = AT, amount: int = 500) -> Registration:
    deal = Deal(customer="Yamato KK", value=Money.of(amount, "EUR"))
    by = f"{partner}-rep"
    return draft_registration(store, VERSIONS, id=id, partner=partner, deal=deal, by=by, at=at)


def submit(
    store: Store, id: str, at: datetime = AT, account: str = "yamato", versions: ProgramVersions = VERSIONS
) -> RegistrationMoved:
    one = kept(store, id)
    known = circumstances(store, versions, one.partner, at, account=account, registration=id)
    return submit_registration(store, versions, id, account, known, by=f"{one.partner}-rep", at=at)


def hand_in(store: Store, id: str, partner: str, at: datetime = AT, **more: Any) -> RegistrationMoved:
    draft(store, id, partner, at, **more)
    return submit(store, id, at)


def approve(store: Store, id: str, who: Acting = KIM, at: datetime = AT) -> RegistrationMoved:
    one = kept(store, id)
    known = circumstances(store, VERSIONS, one.partner, at, account=one.account, registration=id)
    return approve_registration(store, VERSIONS, id, known, who=who, at=at)


def move(store: Store, id: str, action: RegistrationAction, by: str = "kim", at: datetime = AT) -> Any:
    return move_registration(store, VERSIONS, id, action, by=by, at=at, reason="so it is")


def nothing_known(one: Registration) -> Circumstances:
    return Circumstances()


def kept(store: Store, id: str) -> Registration:
    (found,) = [one for one in registrations_of(store, "deals") if one.id == id]
    return found


def states(store: Store) -> dict[str, str]:
    return {one.id: one.state.value for one in registrations_of(store, "deals")}


def parts(store: Store) -> dict[str, int | None]:
    """What each registration adds to its partner's discount, in percentage points."""
    found = registrations_of(store, "deals")
    return {one.id: None if one.discount is None else int(one.discount.points) for one in found}


def everything(store: Store) -> tuple[Any, Any]:
    """All registrations and accounts, with their versions."""
    with store.unit_of_work() as work:
        registrations = [(one.record, one.version) for one in work.repository(REGISTRATIONS)]
        return registrations, [(one.record, one.version) for one in work.repository(REGISTERED_ACCOUNTS)]


# from a draft to an opportunity


def test_a_deal_is_written_handed_in_approved_and_converted(store: Store) -> None:
    """Protected for 90 days from 2 March: 29 more in March, 30, 31: 31 May is the first day that is free."""
    assert draft(store, "R-1", "acme").state is S.DRAFT
    assert submit(store, "R-1").registration.state is S.SUBMITTED
    assert approve(store, "R-1").decision.outcome is Approving.APPROVED
    protection = kept(store, "R-1").protection
    assert protection is not None
    assert protection.period == DateRange(date(2026, 3, 2), date(2026, 5, 31))
    done = convert_registration(store, VERSIONS, "R-1", "O-1", by="kim", at=AT + DAY)
    assert done.decision.outcome
    assert (kept(store, "R-1").state, kept(store, "R-1").opportunity) == (S.CONVERTED, "O-1")
    assert catch_up(store, VERSIONS, AT + 400 * DAY, nothing_known) == ()  # it no longer runs out


def test_what_was_returned_is_corrected_and_handed_in_again_in_its_place(store: Store) -> None:
    hand_in(store, "R-1", "acme")
    place = kept(store, "R-1").place
    assert move(store, "R-1", A.RETURN).registration.state is S.RETURNED
    deal = Deal(customer="Yamato KK", value=Money.of(700, "EUR"))
    revise_registration(store, "R-1", deal, by="acme-rep", at=AT + DAY)
    assert submit(store, "R-1", AT + DAY).registration.state is S.SUBMITTED
    assert (kept(store, "R-1").place, kept(store, "R-1").deal) == (place, deal)


def test_an_id_that_is_there_is_refused_and_so_is_one_that_is_not(store: Store) -> None:
    draft(store, "R-1", "acme")
    with pytest.raises(InvalidInput, match="there is a registration 'R-1' already"):
        draft(store, "R-1", "bolt")
    with pytest.raises(InvalidInput, match="R-2"):
        move(store, "R-2", A.REVIEW)


def test_each_action_done_twice_changes_nothing_more(store: Store) -> None:
    draft(store, "R-1", "acme")
    actions: list[Any] = [
        lambda: submit(store, "R-1"),
        lambda: move(store, "R-1", A.REVIEW),
        lambda: approve(store, "R-1"),
        lambda: convert_registration(store, VERSIONS, "R-1", "O-1", by="kim", at=AT),
        lambda: move(store, "R-1", A.WIN),
    ]
    for action in actions:
        assert action().decision.outcome not in (False, Approving.REFUSED)
        before = everything(store)
        assert action().decision.outcome in (False, Approving.REFUSED)
        assert everything(store) == before


def test_what_is_due_is_done_and_told_once(store: Store) -> None:
    """The last fourteen days begin on 17 May."""
    hand_in(store, "R-1", "acme")
    approve(store, "R-1")
    told = []
    for at in (datetime(2026, 5, 16, 23, tzinfo=UTC), datetime(2026, 5, 17, tzinfo=UTC), datetime(2026, 5, 31, tzinfo=UTC)):  # fmt: skip
        told.append([one.kind for one in catch_up(store, VERSIONS, at, nothing_known)])
        before = everything(store)
        assert catch_up(store, VERSIONS, at, nothing_known) == ()
        assert everything(store) == before
    assert told == [[], [DueKind.ENDING], [DueKind.ENDED]]
    assert states(store) == {"R-1": "expired"}


# who is refused


def test_a_partner_that_is_suspended_or_not_known_registers_nothing(store: Store) -> None:
    for id, partner in (("R-1", "dorm"), ("R-2", "nobody")):
        assert hand_in(store, id, partner).decision.outcome is False
    assert states(store) == {"R-1": "draft", "R-2": "draft"}


def test_an_account_that_the_coverage_leaves_to_the_house_by_name_is_refused(store: Store) -> None:
    draft(store, "R-1", "acme")
    assert submit(store, "R-1", account="suzuki").decision.outcome is False
    assert submit(store, "R-1", account="yamato").decision.outcome is True


def test_a_partner_has_no_more_open_registrations_than_the_clauses_allow(store: Store) -> None:
    for number, account in enumerate(("a", "b", "c")):
        draft(store, f"R-{number}", "acme")
        allowed = submit(store, f"R-{number}", account=account).decision.outcome
        assert allowed is (number < 2)
    move(store, "R-0", A.WITHDRAW, "acme-rep")
    assert submit(store, "R-2", account="c").decision.outcome is True


def test_the_tier_of_the_day_says_how_long_and_who_is_approved_without_a_person(store: Store) -> None:
    """180 days from 2 March: 29, 30, 31, 30, 31 make 151 on 31 July; 29 more are 29 August."""
    by_tier = clauses(auto_approval=[{"fact": "tier", "one_of": ["gold"]}])
    with store.unit_of_work() as work:
        work.repository(DECISIONS).put(
            RecordedDecision(
                program="deals", partner="bolt", day=AT.date() - DAY, level="gold", action="upgrade", record={},
                after=Standing(level="gold", since=AT.date() - DAY, judged_on=AT.date() - DAY),
            )
        )  # fmt: skip
        work.commit()
    for id, partner, account in (("R-1", "acme", "a"), ("R-2", "bolt", "b")):
        draft(store, id, partner)
        submit(store, id, account=account, versions=by_tier)
    assert states(store) == {"R-1": "submitted", "R-2": "approved"}
    protection = kept(store, "R-2").protection
    assert protection is not None
    assert protection.until == date(2026, 8, 29)
    assert circumstances(store, VERSIONS, "bolt", AT - 2 * DAY).tier is None  # nobody had decided yet


# who approves


def test_whoever_asks_does_not_approve_and_levels_come_in_their_order(store: Store) -> None:
    hand_in(store, "R-1", "acme", amount=5_000)
    for who in (Acting(by="acme-rep", role="manager"), MORI, Acting(by="lee", role="guest")):
        assert approve(store, "R-1", who).decision.outcome is Approving.REFUSED
    assert approve(store, "R-1", KIM).decision.outcome is Approving.MORE_NEEDED
    assert states(store) == {"R-1": "under-review"}
    for who in (KIM, Acting(by="kim", role="director")):  # nobody approves twice, in whatever role
        assert approve(store, "R-1", who).decision.outcome is Approving.REFUSED
    assert approve(store, "R-1", MORI).decision.outcome is Approving.APPROVED
    assert [one.by for one in kept(store, "R-1").approvals] == ["kim", "mori"]


# who comes next


def test_after_an_expiry_the_next_in_the_queue_is_looked_at_and_the_one_behind_it_waits_on(
    store: Store,
) -> None:
    for id, partner in (("R-1", "acme"), ("R-2", "bolt"), ("R-3", "coil")):
        hand_in(store, id, partner)
    approve(store, "R-1")
    assert states(store) == {"R-1": "approved", "R-2": "queued", "R-3": "queued"}
    end = datetime(2026, 5, 31, tzinfo=UTC)
    assert approve(store, "R-2", at=end - DAY).decision.outcome is Approving.REFUSED
    (told,) = catch_up(store, VERSIONS, end, nothing_known)
    assert (told.registration, told.kind) == ("R-1", DueKind.ENDED)
    assert states(store) == {"R-1": "expired", "R-2": "under-review", "R-3": "queued"}
    assert approve(store, "R-2", at=end).decision.outcome is Approving.APPROVED


def test_what_has_run_out_stands_in_nobodys_way_before_anybody_caught_up(store: Store) -> None:
    hand_in(store, "R-1", "acme")
    approve(store, "R-1")
    later = datetime(2026, 5, 31, tzinfo=UTC)
    assert hand_in(store, "R-2", "bolt", later).registration.state is S.SUBMITTED
    assert states(store) == {"R-1": "expired", "R-2": "submitted"}


# the part of whoever comes second


def test_the_second_partner_has_half_the_first_ones_discount_whenever_it_came(store: Store) -> None:
    hand_in(store, "R-1", "acme")
    hand_in(store, "R-2", "bolt")  # before the first one is approved
    assert parts(store) == {"R-1": None, "R-2": None}  # half of nothing
    approve(store, "R-1")
    hand_in(store, "R-3", "coil")  # after that
    assert parts(store) == {"R-1": 20, "R-2": 10, "R-3": 10}


def test_a_part_ends_with_what_it_is_a_part_of(store: Store) -> None:
    for id, partner in (("R-1", "acme"), ("R-2", "bolt"), ("R-3", "coil")):
        hand_in(store, id, partner)
    approve(store, "R-1")
    move(store, "R-1", A.WITHDRAW, "acme-rep")
    assert states(store) == {"R-1": "withdrawn", "R-2": "under-review", "R-3": "queued"}
    assert parts(store) == {"R-1": 20, "R-2": None, "R-3": None}  # what is over adds nothing any more
    approve(store, "R-2")
    assert parts(store) == {"R-1": 20, "R-2": 20, "R-3": 10}


def test_a_partner_behind_itself_has_no_part_of_its_own_discount(store: Store) -> None:
    hand_in(store, "R-1", "acme")
    hand_in(store, "R-2", "acme")
    approve(store, "R-1")
    assert parts(store) == {"R-1": 20, "R-2": None}


def test_the_account_says_of_whoever_waits_what_the_registration_says(store: Store) -> None:
    hand_in(store, "R-1", "acme")
    hand_in(store, "R-2", "bolt")
    approve(store, "R-1")
    with store.unit_of_work() as work:
        (account,) = [one.record for one in work.repository(REGISTERED_ACCOUNTS)]
    assert [one.discount for one in account.scopes] == [PercentagePoints.of(20), PercentagePoints.of(10)]


# which version is in force


APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Asia/Tokyo", "2026-03-31T15:00:00+00:00", "2026-04-30T14:59:59+00:00"),
        ("UTC", "2026-04-01T00:00:00+00:00", "2026-04-30T23:59:59+00:00"),
        ("America/New_York", "2026-04-01T04:00:00+00:00", "2026-05-01T03:59:59+00:00"),  # summer time
    ],
)
def test_clauses_are_in_force_from_the_first_to_the_last_second_of_their_own_days(
    zone: str, first: str, last: str
) -> None:
    told = {"version": "april", "effective": {"start": APRIL, "end": MAY}, "registrations": {"zone": zone}}
    versions = ProgramVersions.of(from_document({**DOCUMENT, **told}))
    begins, ends = datetime.fromisoformat(first), datetime.fromisoformat(last)
    for at in (begins, ends):
        assert registration_policy(versions, at)[0].version == "april"
    for at in (begins - timedelta(seconds=1), ends + timedelta(seconds=1)):
        with pytest.raises(NothingOn):
            registration_policy(versions, at)


# what people are told


@pytest.mark.parametrize(
    ("locale", "registration", "payout"),
    [("en", "returned", "returned"), ("ja", "差戻し", "返金"), ("zh", "退回", "已退回")],
)
def test_a_registration_is_returned_in_other_words_than_a_payout(
    locale: str, registration: str, payout: str
) -> None:
    store = with_partners(MemoryStore())
    hand_in(store, "R-1", "acme")
    move(store, "R-1", A.RETURN)
    assert registration in str(put_into_words(said_of_registration(kept(store, "R-1")), locale))
    for state, word in ((S.RETURNED, registration), (PayoutState.RETURNED, payout)):
        assert str(put_into_words(Said("{note}", {"note": state}), locale)) == word
