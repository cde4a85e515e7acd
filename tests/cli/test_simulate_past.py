"""`prmcore simulate --past`: the deals and agreements of a store, lived through again under both programs."""

import datetime
from collections.abc import Callable
from datetime import UTC, date
from pathlib import Path

import pytest

from prmcore.deals import Acting
from prmcore.deals.registrations import Deal
from prmcore.partners import PARTNERS, Enrolment, Partner, Status
from prmcore.program import Office, ProgramVersions, load_program
from prmcore.program.contract import keep_agreements
from prmcore.storage import SqliteStore
from prmcore.values import Dated, DateRange, Money, PartnerId, ProgramId

Run = Callable[..., tuple[int, str, str]]
PROGRAM = """format = "prmcore/1"
name = "acme"
version = "2025"

[registrations]
protection = { term = { days = 90 } }
approvers = { approvers = [{ role = "manager" }] }

[contracts]
reminders = { before_deadline = ["14 days"] }

[[agreements]]
id = "A-1"
kind = "reseller"
partner = "acme"
parties = [{ role = "vendor", id = "us", name = "Us GmbH" }, { role = "partner", id = "acme", name = "Acme KK" }]
documents = [{ id = "master", document_class = "master", signed_on = 2024-03-15 }]
provisions = [
  { key = "term", clause = { kind = "term", term = { start = 2024-04-01, length = "1 year" } } },
  { key = "renewal", clause = { kind = "renewal", renewal = { kind = "automatic" } } },
  { key = "stop", clause = { kind = "non-renewal", notice = "30 days", reading = "exclusive-end" } },
  { key = "law", clause = { kind = "law", law = "DE", zone = "Europe/Berlin" } },
]
"""

ASKED = ("simulate", "was.toml", "would.toml", "--facts", "facts", "--as-of", "2025-03-31", "--past")


def at(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2025, month, day, 9, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Run) -> Run:
    """A folder with both programs, the facts, and a store of what happened."""
    monkeypatch.chdir(tmp_path)
    Path("was.toml").write_text(PROGRAM, encoding="utf-8")
    would = PROGRAM.replace("days = 90", "days = 30").replace('"14 days"', '"21 days"')
    Path("would.toml").write_text(would, encoding="utf-8")
    Path("facts").mkdir()
    Path("facts/partners.csv").write_text("partner,name\nacme,Acme KK\n", encoding="utf-8")
    office = Office(SqliteStore("past.sqlite"), ProgramVersions.of(load_program("was.toml")))
    acme = Partner(
        id=PartnerId("acme"), name="Acme KK", languages=("ja",), enrolments=(Enrolment(program=ProgramId("acme")),),
        lifecycle=Dated(((DateRange(), Status.ACTIVE),)),
    )  # fmt: skip
    with office.store.unit_of_work() as work:
        work.repository(PARTNERS).put(acme)
        work.commit()
    agreements = office.versions.on(date(2025, 1, 2)).agreements
    keep_agreements(office.store, office.versions, agreements, at=at(1, 2), since=date(2025, 1, 1))
    deal = Deal(customer="Yamato KK", value=Money.of(500, "EUR"))
    office.submit_registration("R-1", "acme", "yamato", deal, by="rep", at=at(2, 2))
    office.approve_registration("R-1", who=Acting(by="kim", role="manager"), at=at(2, 3))
    return typed


def test_deals_and_deadlines_are_shown_that_would_come_out_otherwise(kept: Run) -> None:
    """Ninety days from 3 February end on 4 May, thirty on 5 March; thirty days before 1 April is 2 March, the last day before
    that the 1st; fourteen days before it 15 February, twenty-one 8 February."""
    asked = (*ASKED, "past.sqlite")
    code, out, err = kept(*asked)
    assert (code, err) == (0, "")
    (deal,) = [line.split() for line in out.splitlines() if "R-1" in line]
    assert deal == ["R-1", "acme", "approved", "expired", "2025-05-04", "2025-03-05"]
    told = [line.split()[:2] for line in out.splitlines() if "A-1" in line]
    assert told == [["new", "2025-02-08"], ["gone", "2025-02-15"]]
    code, out, err = kept(*asked, "--locale", "ja")
    assert "A-1" in out
    assert "the next term" not in out


def test_a_store_that_is_not_there_is_said(kept: Run) -> None:
    code, _, err = kept(*ASKED, "lost.sqlite")
    assert code == 2
    assert "lost.sqlite" in err
