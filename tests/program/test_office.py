"""The office of a program: every action gathers from all capabilities, is one unit of work, and leaves its event.

One program in one file. acme sells 1,000 EUR in January and 2,000 in February 2025. Silver is who sold 1,000 in all, and is
reviewed at the end of January; silver partners with an agreement in force earn 2 %. So February's sale earns 40 EUR.
"""

import datetime
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any

import attrs
import pytest

from prmcore.contracts.notice import GivenNotice
from prmcore.contracts.obligations import Obligation
from prmcore.deals import Acting
from prmcore.deals.leads import Lead
from prmcore.deals.registrations import Approving, Deal, RegistrationState
from prmcore.decisions import replayed
from prmcore.decisions.explain import put_into_words
from prmcore.errors import InvalidInput
from prmcore.incentives import PeriodState
from prmcore.partners import PARTNERS, Enrolment, Partner, Status
from prmcore.program import (
    EVENTS,
    Area,
    Changed,
    Event,
    Office,
    ProgramVersions,
    Trail,
    from_document,
    history,
    ledger_of,
)
from prmcore.program.contract import keep_agreements, keep_obligations
from prmcore.program.lead import take_in
from prmcore.repository import Conflict, Store, committed
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.values import Dated, DateRange, Money, PartnerId, ProgramId, Text
from prmcore.values.wire import from_plain, to_plain

DOCUMENT: dict[str, Any] = {
    "format": "prmcore/1",
    "name": "acme",
    "version": "2025",
    "currency": "EUR",
    "sources": {"sales": {"fields": {"amount": {"kind": "money", "rounding": "half_even"}, "invoice": {"kind": "code"}}}},
    "metrics": {"revenue": {"source": "sales", "measure": {"sum": "amount"}, "window": {"lifetime": True}}},
    "tiers": {
        "otherwise": "registered",
        "rungs": [{"level": "silver", "requires": [{"fact": "revenue", "at_least": "1000 EUR"}]}],
    },
    "incentives": {
        "transactions": {"source": "sales", "id": ["invoice"], "net": "amount"},
        "plans": {
            "rebate": {
                "components": [
                    {
                        "name": "volume", "kind": "volume_rebate", "period": "month", "bands": [{"rate": "2 %"}],
                        "when": {"all_of": [{"fact": "level", "equals": "silver"}, {"fact": "has_agreement", "is": True}]},
                    }
                ]
            }
        },
    },
    "registrations": {
        "eligibility": {"valid_agreement": True},
        "protection": {"term": {"days": 90}},
        "reminder_days": [14],
        "approvers": {"approvers": [{"role": "manager"}]},
    },
    "contracts": {"reminders": {"before_deadline": ["30 days"], "owner": "office"}},
    "agreements": [
        {
            "id": "A-1",
            "kind": "reseller",
            "partner": "acme",
            "parties": [
                {"role": "vendor", "id": "us", "name": "Us GmbH", "country": "DE"},
                {"role": "partner", "id": "acme", "name": "Acme KK", "country": "JP"},
            ],
            "documents": [{"id": "master", "document_class": "master", "signed_on": "2024-12-15"}],
            "provisions": [
                {"key": "term", "clause": {"kind": "term", "term": {"start": "2025-01-01", "length": "1 year"}}},
                {"key": "renewal", "clause": {"kind": "renewal", "renewal": {"kind": "automatic"}}},
                {"key": "stop", "clause": {"kind": "non-renewal", "notice": "90 days", "reading": "exclusive-end"}},
                {"key": "law", "clause": {"kind": "law", "law": "DE", "zone": "Europe/Berlin"}},
            ],
        }
    ],
}  # fmt: skip
VERSIONS = ProgramVersions.of(from_document(DOCUMENT))
ROWS = [
    ("acme", date(2025, 1, 20), (Money.of(1000, "EUR"), "I-1")),
    ("acme", date(2025, 2, 10), (Money.of(2000, "EUR"), "I-2")),
]
GIVEN: dict[str, dict[str, Any]] = {"acme": {}}
KIM = Acting(by="kim", role="manager")
DEAL = Deal(customer="Yamato KK", value=Money.of(500, "EUR"))


def at(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2025, month, day, 9, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "store.sqlite")
    with store.unit_of_work() as work:
        for id in ("acme", "bolt"):
            work.repository(PARTNERS).put(
                Partner(
                    id=PartnerId(id), name=id, languages=("ja",), enrolments=(Enrolment(program=ProgramId("acme")),),
                    lifecycle=Dated(((DateRange(), Status.ACTIVE),)),
                )
            )  # fmt: skip
        work.commit()
    yield Office(store, VERSIONS)
    if isinstance(store, SqliteStore):
        store.close()


def keep_paper(office: Office) -> None:
    acting = office.acting("keep-agreements", by="kim", at=at(1, 10))
    keep_agreements(acting, VERSIONS, VERSIONS.on(date(2025, 1, 10)).agreements, at=at(1, 10))


def review(office: Office) -> Any:
    book = VERSIONS.book()
    book.add("sales", ROWS)
    return office.review_tiers(book, GIVEN, [date(2025, 1, 31)], by="job", at=at(2, 1))


def earned(office: Office) -> list[str]:
    sales = office.transactions(ROWS, GIVEN, at=at(3, 1))
    return [
        str(one.amount) for one in office.post_earnings(sales, by="job", at=at(3, 1)).entries if one.amount
    ]


def actions(office: Office, **asked: str) -> list[str]:
    return [one.action for one in office.events(**asked)]


# facts that cross capabilities


def test_a_rebate_asks_for_the_level_and_the_agreement_of_the_day_of_the_sale(office: Office) -> None:
    keep_paper(office)
    review(office)
    assert earned(office) == ["40.00 EUR"]


def test_without_an_agreement_on_record_nothing_is_earned_and_with_it_later_the_same_run_pays(
    office: Office,
) -> None:
    review(office)
    assert earned(office) == []
    keep_paper(office)
    assert earned(office) == ["40.00 EUR"]


def test_a_registration_without_an_agreement_is_refused_and_the_refusal_is_an_event(office: Office) -> None:
    given: dict[str, Any] = {"partner": "acme", "account": "yamato", "deal": DEAL, "by": "rep"}
    refused = office.submit_registration("R-1", **given, at=at(1, 9))
    assert refused.registration.state is RegistrationState.DRAFT
    assert actions(office) == ["submit-registration", "submit-registration"]  # drafted, then refused
    told = next(one for one in office.events() if not one.changed)
    assert told.decision is not None
    policy: Any = refused.decision.policy
    assert replayed(told.decision, [policy]).reasons == refused.decision.reasons
    keep_paper(office)
    assert (
        office.submit_registration("R-1", **given, at=at(1, 11)).registration.state
        is RegistrationState.SUBMITTED
    )


def test_another_deal_of_one_registration_is_its_next_revision_until_it_is_handed_in(office: Office) -> None:
    given: dict[str, Any] = {"partner": "acme", "account": "yamato", "by": "rep"}
    larger = attrs.evolve(DEAL, value=Money.of(900, "EUR"))
    assert office.submit_registration("R-1", deal=DEAL, **given, at=at(1, 9)).registration.place is None
    with pytest.raises(InvalidInput, match=r"^found 'bolt'; the registration 'R-1' is of 'acme'$"):
        office.submit_registration("R-1", deal=DEAL, **{**given, "partner": "bolt"}, at=at(1, 10))
    keep_paper(office)
    moved = office.submit_registration("R-1", deal=larger, **given, at=at(1, 11))
    assert [one.deal for one in moved.registration.revisions] == [DEAL, larger]
    with pytest.raises(InvalidInput, match=r"^'R-1' is submitted; accepted: a draft, or what was returned$"):
        office.submit_registration("R-1", deal=DEAL, **given, at=at(1, 12))


# one unit of work, done once


def test_a_review_is_recorded_once_and_says_who_did_it(office: Office) -> None:
    first, again = review(office), review(office)
    assert (first.tally.recorded, again.tally.recorded, again.tally.already) == (1, 0, 1)
    assert [one.level for one in history(office.store, "acme", "acme")] == ["silver"]
    (event,) = office.events()
    assert (event.action, event.by, event.at, dict(event.added)) == (
        "review-tiers",
        "job",
        at(2, 1),
        {"tier-decision": 1},
    )


def test_a_partner_that_is_not_kept_is_refused_before_anything_is_decided(office: Office) -> None:
    with pytest.raises(InvalidInput, match="did you mean 'acme'"):
        office.review_tiers(VERSIONS.book(), {"acmee": {}}, [date(2025, 1, 31)], by="job", at=at(2, 1))
    assert office.events() == ()


def test_a_period_is_closed_once(office: Office) -> None:
    first = office.close_period(date(2025, 1, 5), by="ann", at=at(2, 3))
    again = office.close_period(date(2025, 1, 5), by="bob", at=at(2, 4))
    assert (first.state, again) == (PeriodState.CLOSED, first)
    assert [(one.by, one.changed) for one in office.events()] == [
        ("ann", (Changed(kind="book-period", id=first.id, version=1),))
    ]


def test_what_is_earned_after_a_close_is_booked_in_an_open_period(office: Office) -> None:
    keep_paper(office)
    review(office)
    office.close_period(date(2025, 2, 1), by="ann", at=at(3, 1))
    sales = office.transactions(ROWS, GIVEN, at=at(3, 2))
    posted = office.post_earnings(sales, by="job", at=at(3, 2)).entries
    assert [(one.booked, str(one.amount)) for one in posted] == [("2025-03", "40.00 EUR")]
    assert office.post_earnings(sales, by="job", at=at(3, 2)).entries == ()
    assert len(list(ledger_of(office.store, "acme"))) == 1


def test_the_second_approval_of_one_scope_is_refused_and_both_are_in_the_trail(office: Office) -> None:
    keep_paper(office)
    first = VERSIONS.on(date(2025, 1, 10)).agreements[0]
    parties = (first.parties[0], attrs.evolve(first.parties[1], id="bolt"))
    paper = attrs.evolve(first, id="A-2", partner="bolt", parties=parties)
    keep_agreements(office.acting("keep-agreements", by="kim", at=at(1, 10)), VERSIONS, [paper], at=at(1, 10))
    for id, partner in (("R-1", "acme"), ("R-2", "bolt")):
        office.submit_registration(id, partner, "yamato", DEAL, by=partner, at=at(1, 11))
    assert office.approve_registration("R-1", who=KIM, at=at(1, 12)).decision.outcome is Approving.APPROVED
    assert office.approve_registration("R-2", who=KIM, at=at(1, 12)).decision.outcome is Approving.REFUSED
    approvals = [one for one in office.events() if one.action == "approve-registration"]
    assert [{each.id for each in one.changed if each.kind == "registration"} for one in approvals] in (
        [{"R-1"}, set()], [set(), {"R-1"}],
    )  # fmt: skip
    assert actions(office, kind="registration", id="R-1") == [
        "submit-registration", "submit-registration", "approve-registration",
    ]  # fmt: skip


def test_a_notice_in_time_is_kept_and_leaves_its_event(office: Office) -> None:
    """90 days before New Year is 3 October, and before that day is in time."""
    keep_paper(office)
    sent = GivenNotice(id="N-1", by="partner", sent_at=at(9, 1), received_at=at(9, 1), channel=None)
    done = office.record_notice("A-1", sent, by="kim", at=at(9, 1))
    again = office.record_notice("A-1", sent, by="kim", at=at(9, 1))
    assert (done.record.steps != (), again.record) == (True, done.record)
    assert actions(office, kind="agreement", id="A-1") == ["keep-agreements", "record-notice"]


# today


def test_what_is_due_today_is_one_list_of_registrations_and_agreements(office: Office) -> None:
    """Protection from 12 January for 90 days ends on 12 April, two weeks before which is 29 March; 90 days before New Year
    is 3 October, and the last day before it the 2nd, thirty days before which is 2 September."""
    keep_paper(office)
    office.submit_registration("R-1", "acme", "yamato", DEAL, by="rep", at=at(1, 11))
    office.approve_registration("R-1", who=KIM, at=at(1, 12))
    assert office.due_today(at(3, 28)) == ()
    (one,) = office.due_today(at(3, 29))
    assert (one.area, one.subject, one.partner, one.since, one.until) == (
        Area.REGISTRATION, "R-1", "acme", date(2025, 3, 29), date(2025, 4, 12),
    )  # fmt: skip
    for locale in ("en", "ja", "zh"):
        assert "{" not in str(put_into_words(one.said, locale))
    later = office.due_today(at(9, 2))
    assert [(one.area, one.subject, one.since) for one in later] == [
        (Area.REGISTRATION, "R-1", date(2025, 4, 12)), (Area.AGREEMENT, "A-1", date(2025, 9, 2)),
    ]  # fmt: skip


# the trail


def test_any_use_case_leaves_its_event_through_the_same_store() -> None:
    document = {
        "format": "prmcore/1",
        "name": "acme",
        "version": "1",
        "leads": {"accept_within": {"count": 2}},
    }
    versions = ProgramVersions.of(from_document(document))
    office = Office(MemoryStore(), versions)
    lead = Lead(id="L-1", program="acme", made_at=at(2, 1), customer="Yamato KK", contact="sato")
    acting = office.acting("take-in", by="web", at=at(3, 1))
    assert take_in(acting, versions, lead, at=at(3, 1)).record == lead
    take_in(acting, versions, lead, at=at(3, 1))
    (event,) = office.events(kind="lead", id=lead.id)
    assert {(one.kind, one.version) for one in event.changed} == {("lead", 1), ("lead-desk", 1)}


class Stubborn:
    """A store in which somebody else is faster once."""

    def __init__(self, store: Store) -> None:
        self.store, self.times = store, 0

    def unit_of_work(self) -> Any:
        work = self.store.unit_of_work()
        commit = work.commit

        def refuse() -> None:
            self.times += 1
            if self.times == 1:
                raise Conflict("partner", "acme", 1, 2)
            commit()

        work.commit = refuse  # type: ignore[method-assign]
        return work


def test_a_change_that_was_begun_again_is_one_event() -> None:
    inner = MemoryStore()
    trail = Trail(store=Stubborn(inner), program="acme", action="keep", by="kim", at=at(1, 1))
    kept = Partner(
        id=PartnerId("acme"),
        name="a",
        languages=(),
        enrolments=(),
        lifecycle=Dated(((DateRange(), Status.ACTIVE),)),
    )

    def change(work: Any) -> None:
        partners = work.repository(PARTNERS)
        partners.put(kept)
        partners.put(attrs.evolve(kept, name="b"), expected=1)

    committed(trail, change)
    with inner.unit_of_work() as work:
        events = [one.record for one in work.repository(EVENTS)]
    assert [one.changed for one in events] == [(Changed(kind="partner", id="acme", version=1),)]


def test_what_is_given_up_leaves_nothing() -> None:
    inner = MemoryStore()
    trail = Trail(store=inner, program="acme", action="keep", by="kim", at=at(1, 1))
    with trail.unit_of_work() as work:
        work.repository(PARTNERS)
    with inner.unit_of_work() as work:
        assert list(work.repository(EVENTS)) == []


def test_an_event_goes_through_plain_values_without_loss(office: Office) -> None:
    keep_paper(office)
    (event,) = office.events()
    assert from_plain(to_plain(event), Event) == event


def test_who_acts_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        Trail(store=MemoryStore(), program="acme", action="keep", by="", at=datetime.datetime(2025, 1, 1))
    assert [one.path for one in refused.value.faults] == ["by", "at"]


def test_an_obligation_is_due_today_too(office: Office) -> None:
    keep_paper(office)
    plan = Obligation(id="plan", agreement="A-1", what=Text.of("a plan"), by="partner", on=date(2025, 5, 1))
    keep_obligations(
        office.acting("keep-obligations", by="kim", at=at(1, 11)), VERSIONS, [plan], at=at(1, 11)
    )
    assert [(one.kind, one.since) for one in office.due_today(at(5, 1))] == [
        ("obligation-due", date(2025, 5, 1))
    ]
