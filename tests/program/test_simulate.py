"""The past lived through under two versions: tiers, money, accounts, deals and deadlines, each reaching the others.

acme sells 1,000 EUR in January 2025 and 2,000 in February, and is reviewed on 31 January. Silver partners earn 2 %, and are
protected for 90 days instead of 30. Worked out by hand.
"""

import datetime
from datetime import UTC, date
from typing import Any

import attrs
import pytest

from prmcore.contracts.lifecycle import DueKind
from prmcore.deals import Acting
from prmcore.deals.registrations import Deal, RegistrationAction, RegistrationState
from prmcore.errors import InvalidInput
from prmcore.partners import PARTNERS, Enrolment, Partner, Status
from prmcore.program import Office, Past, Program, ProgramVersions, from_document, past_of, simulated
from prmcore.program.contract import agreements_of, keep_agreements
from prmcore.program.register import move_registration, registrations_of
from prmcore.storage import MemoryStore
from prmcore.values import Dated, DateRange, Money, PartnerId, ProgramId


def document(
    silver: str = "1000 EUR", remind: str = "14 days", house: bool = False, **changed: Any
) -> dict[str, Any]:
    return {
        "format": "prmcore/1",
        "name": "acme",
        "version": "2025",
        "currency": "EUR",
        "sources": {
            "sales": {"fields": {"amount": {"kind": "money"}, "invoice": {"kind": "code"}}},
        },
        "metrics": {
            "revenue": {"source": "sales", "measure": {"sum": "amount"}, "window": {"lifetime": True}},
        },
        "tiers": {
            "otherwise": "registered",
            "rungs": [{"level": "silver", "requires": [{"fact": "revenue", "at_least": silver}]}],
        },
        "incentives": {
            "transactions": {"source": "sales", "id": ["invoice"], "net": "amount"},
            "plans": {
                "rebate": {
                    "components": [
                        {
                            "name": "volume", "kind": "volume_rebate", "period": "month", "bands": [{"rate": "2 %"}],
                            "when": {"fact": "level", "equals": "silver"},
                        }
                    ]
                }
            },
        },
        "coverage": {
            "dimensions": {"country": {"kind": "codes"}},
            "territories": {"japan": {"members": [{"id": "acme"}]}, "vendor": {}},
            "rules": {"all": {"territory": "vendor", "role": "house"} if house else {"territory": "japan"}},
        },
        "registrations": {
            "protection": {"term": {"days": 30}, "by_tier": [{"tier": "silver", "term": {"days": 90}}]},
            "approvers": {"approvers": [{"role": "manager"}]},
        },
        "contracts": {"reminders": {"before_deadline": [remind]}},
        "agreements": [
            {
                "id": "A-1", "kind": "reseller", "partner": "acme",
                "parties": [
                    {"role": "vendor", "id": "us", "name": "Us GmbH", "country": "DE"},
                    {"role": "partner", "id": "acme", "name": "Acme KK", "country": "JP"},
                ],
                "documents": [{"id": "master", "document_class": "master", "signed_on": "2024-03-15"}],
                "provisions": [
                    {"key": "term", "clause": {"kind": "term", "term": {"start": "2024-04-01", "length": "1 year"}}},
                    {"key": "renewal", "clause": {"kind": "renewal", "renewal": {"kind": "automatic"}}},
                    {"key": "stop", "clause": {"kind": "non-renewal", "notice": "30 days", "reading": "exclusive-end"}},
                    {"key": "law", "clause": {"kind": "law", "law": "DE", "zone": "Europe/Berlin"}},
                ],
            }
        ],
        **changed,
    }  # fmt: skip


def program(**changed: Any) -> Program:
    return from_document(document(**changed))


BEFORE = program()
ROWS = (
    ("acme", date(2025, 1, 20), (Money.of(1000, "EUR"), "I-1")),
    ("acme", date(2025, 2, 10), (Money.of(2000, "EUR"), "I-2")),
)


def at(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2025, month, day, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def past() -> Past:
    """What really happened, under the version as it is."""
    versions = ProgramVersions.of(BEFORE)
    office = Office(MemoryStore(), versions)
    acme = Partner(
        id=PartnerId("acme"), name="acme", languages=("ja",), enrolments=(Enrolment(program=ProgramId("acme")),),
        lifecycle=Dated(((DateRange(), Status.ACTIVE),)),
    )  # fmt: skip
    with office.store.unit_of_work() as work:
        work.repository(PARTNERS).put(acme)
        work.commit()
    keep_agreements(office.store, versions, BEFORE.agreements, at=at(1, 2), since=date(2025, 1, 1))
    book = versions.book()
    book.add("sales", ROWS)
    office.review_tiers(book, {"acme": {}}, [date(2025, 1, 31)], by="job", at=at(2, 1))
    deal = Deal(customer="Yamato KK", value=Money.of(500, "EUR"))
    office.submit_registration("R-1", "acme", "yamato", deal, by="rep", at=at(2, 2))
    office.approve_registration("R-1", who=Acting(by="kim", role="manager"), at=at(2, 3))
    office.submit_registration("R-2", "acme", "suzuki", deal, by="rep", at=at(2, 2))
    move_registration(
        office.store, versions, "R-2", RegistrationAction.REJECT, by="kim", at=at(2, 4), reason="not ours"
    )
    return past_of(
        office.store, "acme", since=date(2025, 1, 1), through=at(4, 1), given={"acme": {}}, book=book,
        days=(date(2025, 1, 31),), sales=ROWS, accounts={"yamato": {"country": "JP"}},
    )  # fmt: skip


def test_the_same_version_changes_nothing(past: Past) -> None:
    found = simulated(past, BEFORE, BEFORE, MemoryStore)
    assert (found.moves, found.accounts, found.deals, found.deadlines, found.dearer) == ((), (), (), (), ())
    assert [str(one.after) for one in found.costs] == ["40.00 EUR"]


def test_what_was_lived_through_again_is_what_is_recorded(past: Past) -> None:
    """Ninety days from 3 February end on 4 May; R-2 was rejected, and is again."""
    found = simulated(past, BEFORE, program(silver="9 EUR"), MemoryStore)
    assert found.deals == ()
    kept = {one.id: one for one in past.registrations}
    assert kept["R-1"].protection is not None
    assert (kept["R-1"].protection.until, kept["R-2"].state) == (date(2025, 5, 4), RegistrationState.REJECTED)


def test_a_level_that_is_missed_costs_the_rebate_and_the_longer_protection(past: Past) -> None:
    """At 2,000 EUR acme is not silver on 31 January. February's sale earns nothing, and thirty days from 3 February end
    on 5 March: by April the deal is no longer protected."""
    found = simulated(past, BEFORE, program(silver="2000 EUR"), MemoryStore)
    assert [(one.partner, one.day, one.levels) for one in found.moves] == [
        ("acme", date(2025, 1, 31), ("silver", "registered")),
    ]  # fmt: skip
    assert [(one.payee, str(one.difference)) for one in found.dearer] == [("acme", "-40.00 EUR")]
    (deal,) = found.deals
    assert (deal.id, deal.before.state, deal.after.state) == (
        "R-1", RegistrationState.APPROVED, RegistrationState.EXPIRED,
    )  # fmt: skip
    assert (found.accounts, found.deadlines) == ((), ())


def test_an_account_that_the_vendor_takes_and_a_reminder_that_comes_earlier(past: Past) -> None:
    """Thirty days before 1 April 2025 is 2 March, and the last day before it the 1st; fourteen days before that is 15
    February, twenty-one days 8 February."""
    found = simulated(past, BEFORE, program(house=True, remind="21 days"), MemoryStore)
    assert [one.account for one in found.accounts] == ["yamato"]
    assert [(one.due.kind, one.due.on, one.is_new) for one in found.deadlines] == [
        (DueKind.STOP_SOON, date(2025, 2, 15), False), (DueKind.STOP_SOON, date(2025, 2, 8), True),
    ]  # fmt: skip


def test_what_a_version_does_not_allow_does_not_happen_in_it(past: Past) -> None:
    """It asks for a customer that the vendor has not sold to, and nobody knows whether it has: the deal is never handed in."""
    strict = program(registrations={
        "protection": {"term": {"days": 30}}, "eligibility": {"new_customer": {"months": 12}},
        "approvers": {"approvers": [{"role": "manager"}]},
    })  # fmt: skip
    found = simulated(past, BEFORE, strict, MemoryStore)
    assert {one.id: one.after.state for one in found.deals} == {
        "R-1": RegistrationState.DRAFT, "R-2": RegistrationState.DRAFT,
    }  # fmt: skip
    known = attrs.evolve(past, known_of=lambda one: {"has_bought": False})
    assert {one.id for one in simulated(known, BEFORE, strict, MemoryStore).deals} == {"R-1"}


def test_the_store_is_left_as_it_was(past: Past) -> None:
    store = MemoryStore()
    with store.unit_of_work() as work:
        for partner in past.partners.values():
            work.repository(PARTNERS).put(partner)
        work.commit()
    simulated(past_of(store, "acme", since=past.since, through=past.through), BEFORE, BEFORE, MemoryStore)
    assert (registrations_of(store, "acme"), agreements_of(store)) == ((), ())


def test_two_programs_are_not_two_versions(past: Past) -> None:
    with pytest.raises(InvalidInput, match="accepted: two versions of one program"):
        simulated(past, BEFORE, program(name="other"), MemoryStore)
