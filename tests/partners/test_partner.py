"""The partner record: what it refuses, and what it answers."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.partners import (
    PARTNERS,
    Contact,
    ContactRole,
    Enrolment,
    Partner,
    PartnerKind,
    Reference,
    Status,
    hierarchy,
)
from prmcore.storage import MemoryStore
from prmcore.values import ContactId, Dated, DateRange, PartnerId, ProgramId
from prmcore.values.wire import from_plain, to_plain

APRIL = datetime.date(2026, 4, 1)
JULY = datetime.date(2026, 7, 1)


def partner(identity: str = "p-1", **fields: Any) -> Partner:
    return Partner(id=PartnerId(identity), name=fields.pop("name", "株式会社サンプル"), **fields)


FULL = partner(
    kinds=frozenset({PartnerKind.RESELLER, PartnerKind.SERVICE}),
    parent=PartnerId("p-0"),
    contacts=(
        Contact(id=ContactId("c-1"), name="山田 花子", roles=frozenset({ContactRole.PRIMARY}), language="ja"),
        Contact(
            id=ContactId("c-2"), name="Li Wei", roles=frozenset({ContactRole.FINANCE}), email="li@example.com"
        ),
    ),
    countries=("JP", "CN"),
    languages=("ja", "zh_Hans"),
    time_zone="Asia/Tokyo",
    enrolments=(Enrolment(program=ProgramId("reseller"), period=DateRange(APRIL, JULY)),),
    references=(Reference(system="crm", id="001"), Reference(system="erp", id="001")),
    lifecycle=Dated.starting({APRIL: Status.ACTIVE, JULY: Status.SUSPENDED}),
)


def test_a_partner_goes_through_plain_values_without_loss() -> None:
    assert from_plain(to_plain(FULL), Partner) == FULL


def test_the_status_of_a_day_is_the_one_in_force() -> None:
    days = [datetime.date(2026, 3, 31), APRIL, datetime.date(2026, 6, 30), JULY]
    assert [FULL.status_on(day) for day in days] == [
        Status.CANDIDATE, Status.ACTIVE, Status.ACTIVE, Status.SUSPENDED,
    ]  # fmt: skip


def test_an_enrolment_ends_before_its_last_day() -> None:
    days = [datetime.date(2026, 3, 31), APRIL, datetime.date(2026, 6, 30), JULY]
    assert [FULL.is_enrolled("reseller", day) for day in days] == [False, True, True, False]
    assert not FULL.is_enrolled("alliance", APRIL)


def test_whom_to_ask_falls_back_to_the_primary_contact() -> None:
    assert [one.name for one in FULL.contacts_for(ContactRole.FINANCE)] == ["Li Wei"]
    assert [one.name for one in FULL.contacts_for(ContactRole.LEGAL)] == ["山田 花子"]


def test_every_fault_is_reported_at_once() -> None:
    twice = (
        Enrolment(program=ProgramId("reseller")),
        Enrolment(program=ProgramId("reseller"), period=DateRange(APRIL)),
    )
    with pytest.raises(InvalidInput) as caught:
        partner(
            " p",
            name=" ",
            parent=PartnerId(" p"),
            countries=("JP", "Japan", "EU", "jp"),
            languages=("ja", "klingonisch"),
            time_zone="Asia/Tokio",
            references=(Reference(system="crm", id="1"), Reference(system="crm", id="1")),
            enrolments=twice,
        )
    found = {fault.path: fault.message for fault in caught.value.faults}
    assert list(found) == [
        "id", "name", "parent", "countries[1]", "countries[2]", "countries[3]", "languages[1]", "time_zone", "references",
        "enrolments[0]",
    ]  # fmt: skip
    assert "did you mean 'Asia/Tokyo'" in found["time_zone"]
    assert "accepted: an ISO 3166-1 code" in found["countries[2]"]


def test_children_are_found_through_the_hierarchy_and_through_a_repository() -> None:
    company = [partner("p-0"), FULL, partner("p-2", parent=PartnerId("p-1"))]
    tree = hierarchy(company)
    assert tree.path("p-2") == ("p-0", "p-1", "p-2")
    assert list(tree.below("p-0")) == ["p-1", "p-2"]
    store = MemoryStore()
    with store.unit_of_work() as work:
        for one in company:
            work.repository(PARTNERS).put(one)
        work.commit()
    with store.unit_of_work() as work:
        partners = work.repository(PARTNERS)
        assert [one.record.id for one in partners.query(parent="p-0")] == ["p-1"]
        assert [one.record.id for one in partners.query(kind="service", country="CN")] == ["p-1"]
        assert [one.record.id for one in partners.query(reference="erp|001")] == ["p-1"]
        assert [one.record.id for one in partners.query(program="reseller")] == ["p-1"]


def test_a_circle_of_parents_is_refused() -> None:
    circle = [attrs.evolve(FULL, parent=PartnerId("p-2")), partner("p-2", parent=PartnerId("p-1"))]
    with pytest.raises(InvalidInput, match="stands below itself: p-1 > p-2 > p-1"):
        hierarchy(circle)
