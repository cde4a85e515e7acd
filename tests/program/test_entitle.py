"""May partner P use benefit B on day D: status, enrolment, level and version together."""

import datetime
from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.partners import PARTNERS, Contact, Status, Step, moved
from prmcore.program import Program, ProgramVersions, parse_program
from prmcore.program.entitle import entitlement, keep_partners, may_be_reviewed
from prmcore.program.judge import judged, record, standings
from prmcore.program.rows import PartnerRow, Reject, partner_rows
from prmcore.storage import MemoryStore
from prmcore.values import ContactId, Rate

PROGRAM = """
format = "prmcore/1"
name = "channel"
version = "{version}"
effective = {effective}
[facts.users]
kind = "count"
[tiers]
otherwise = "registered"
[[tiers.rungs]]
level = "gold"
requires = [{{ fact = "users", at_least = {users} }}]
[benefits.discount]
kind = "rate"
values = {{ registered = "5 %", gold = "{gold}" }}
[benefits.early_access]
levels = ["gold"]
"""
VERSIONS = ProgramVersions.of(
    parse_program(PROGRAM.format(version="2025", effective="{ end = 2026-01-01 }", users=10, gold="15 %")),
    parse_program(PROGRAM.format(version="2026", effective="{ start = 2026-01-01 }", users=10, gold="20 %")),
)
DAYS = tuple(
    datetime.date.fromisoformat(day) for day in ("2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30")
)


def rows(text: str) -> tuple[list[PartnerRow], list[Reject]]:
    rejects: list[Reject] = []
    program: Program = VERSIONS.on(DAYS[0])
    return list(partner_rows(program, text.splitlines(keepends=True), rejects.append)), rejects


def judged_into(store: MemoryStore, text: str) -> None:
    found, _ = rows(text)
    partners = keep_partners(store, found)
    given: dict[str, Mapping[str, Any]] = {row.id: row.given for row in found}
    decisions = judged(
        VERSIONS, VERSIONS.on(DAYS[0]).book(), given, DAYS, standings(store, "channel"),
        reviewed=lambda partner, day: may_be_reviewed(partners[partner], "channel", day),
    )  # fmt: skip
    record(store, "channel", decisions)


CSV = "partner,name,users,active_from,ended_on\nkept,Kept,12,,\nlate,Late,12,2025-11-01,\ngone,Gone,12,,2026-02-15\n"


@pytest.mark.parametrize(
    ("partner", "day", "discount", "early_access"),
    [
        ("kept", "2025-10-31", "15 %", True),  # gold by the review of September, the benefit of 2025
        ("kept", "2026-01-01", "20 %", True),  # the same level under the next version
        ("kept", "2025-09-29", False, False),  # no level yet
        ("late", "2025-10-15", False, False),  # a candidate has no benefits
        ("late", "2025-12-31", "15 %", True),
        ("gone", "2026-02-14", "20 %", True),
        ("gone", "2026-02-15", False, False),  # ended that day, whatever its level was
    ],
)
def test_a_benefit_needs_a_level_a_status_and_a_version(
    partner: str, day: str, discount: str | bool, early_access: bool
) -> None:
    store = MemoryStore()
    judged_into(store, CSV)
    on = datetime.date.fromisoformat(day)
    expected = Rate.parse(discount) if isinstance(discount, str) else discount
    assert entitlement(store, VERSIONS, partner, "discount", on).outcome == expected
    assert entitlement(store, VERSIONS, partner, "early_access", on).outcome is early_access


def test_a_partner_is_reviewed_only_while_its_status_allows_it() -> None:
    store = MemoryStore()
    judged_into(store, CSV)
    levels = standings(store, "channel")
    assert sorted(levels) == sorted(
        [("kept", day) for day in DAYS]
        + [("late", day) for day in DAYS[1:]]
        + [("gone", day) for day in DAYS[:2]]
    )


def test_a_suspended_partner_has_no_benefits_and_gets_them_back() -> None:
    store = MemoryStore()
    judged_into(store, CSV)
    suspended, resumed = datetime.date(2026, 4, 10), datetime.date(2026, 5, 10)
    with store.unit_of_work() as work:
        partners = work.repository(PARTNERS)
        kept = partners.get("kept")
        partner, _ = moved(kept.record, Step.SUSPEND, on=suspended, author="mk", reason="unpaid invoices")
        partner, _ = moved(partner, Step.RESUME, on=resumed, author="mk", reason="paid")
        partners.put(partner, expected=kept.version)
        work.commit()
    outcomes = [
        entitlement(store, VERSIONS, "kept", "early_access", day).outcome
        for day in (datetime.date(2026, 4, 9), suspended, datetime.date(2026, 5, 9), resumed)
    ]
    assert outcomes == [True, False, False, True]


def test_reading_the_file_again_keeps_what_it_does_not_say() -> None:
    store = MemoryStore()
    judged_into(store, CSV)
    with store.unit_of_work() as work:
        partners = work.repository(PARTNERS)
        kept = partners.get("kept")
        contact = Contact(id=ContactId("c"), name="Mai")
        partner, _ = moved(kept.record, Step.SUSPEND, on=DAYS[1], author="mk", reason="audit")
        partners.put(attrs.evolve(partner, contacts=(contact,)), expected=kept.version)
        work.commit()
    found, _ = rows(CSV.replace("kept,Kept", "kept,Kept & Co"))
    again = keep_partners(store, found)["kept"]
    assert (again.name, again.contacts, again.status_on(DAYS[2])) == (
        "Kept & Co",
        (contact,),
        Status.SUSPENDED,
    )


def test_a_row_that_cannot_be_a_partner_is_rejected_and_the_others_are_kept() -> None:
    found, rejects = rows(
        "partner,name,users,countries,kinds,ended_on\n"
        "a,A,1,JP;CN,reseller;oem,\n"
        "b,B,1,Japan,,\n"
        "c,C,1,,resaler,\n"
        "d,D,1,,,2026-02-30\n"
    )
    assert [(row.id, row.partner().countries) for row in found] == [("a", ("JP", "CN"))]
    assert [one.line for one in rejects] == [3, 4, 5]
    for reject, said in zip(
        rejects, ["an ISO 3166-1 code such as JP", "did you mean 'reseller'", "ended_on: found"], strict=True
    ):
        assert said in reject.reason


def test_an_unknown_partner_and_an_unknown_benefit_are_refused() -> None:
    store = MemoryStore()
    judged_into(store, CSV)
    with pytest.raises(InvalidInput, match="there is no partner 'nobody'"):
        entitlement(store, VERSIONS, "nobody", "discount", DAYS[0])
    with pytest.raises(InvalidInput, match="did you mean 'discount'"):
        entitlement(store, VERSIONS, "kept", "discont", DAYS[0])
