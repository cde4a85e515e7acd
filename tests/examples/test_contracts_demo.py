"""The demo of contracts: what it says and writes, without the package `holidays`, and the same when it runs again."""

import datetime
import sys
import tomllib
from pathlib import Path

import pytest
from examples.contracts import demo

SAID = (
    "JP-001: a notice of 2 months before the end on September 20, 2026 has to be there on July 19, 2026 at the latest",
    "JP-001: 2026年9月20日の満了に対する 2 か月前の通知は、遅くとも2026年7月19日までに到達する必要がある",
    "JP-001: 针对2026年9月20日期满、提前 2 个月的通知，最迟须于2026年7月19日送达",
)


def test_it_says_what_is_due_and_one_deadline_in_three_languages_and_writes_a_calendar_and_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("icalendar")
    monkeypatch.setitem(sys.modules, "holidays", None)
    demo.main(tmp_path)
    first = capsys.readouterr().out
    demo.main(tmp_path)
    assert capsys.readouterr().out == first
    assert all(f"\n{said}\n" in first for said in SAID)
    assert "US-002 on July 1, 2026: suspended" in first
    assert "JP-002: notice n-1 of partner: late: without effect on this term" in first
    assert "2026-07-01  DE-002: its last day is September 30, 2026 (mori)" in first
    assert b"BEGIN:VEVENT" in (tmp_path / "contracts.ics").read_bytes()
    assert "Sample agreements (all made up)" in (tmp_path / "contracts.html").read_text(encoding="utf-8")


def test_every_company_of_the_example_says_that_it_is_made_up() -> None:
    agreements = tomllib.loads((demo.HERE / "agreements.toml").read_text(encoding="utf-8"))["agreements"]
    names = {party["name"] for one in agreements for party in one["parties"]}
    assert len(agreements) == 8
    assert [name for name in names if not any(word in name.lower() for word in ("sample", "見本"))] == []


@pytest.mark.parametrize(("name", "country", "subdivision"), [("tokyo", "JP", None), ("london", "GB", "ENG")])
def test_the_days_off_that_are_written_are_those_of_the_package(
    name: str, country: str, subdivision: str | None
) -> None:
    holidays = pytest.importorskip("holidays")
    program = tomllib.loads((demo.HERE / "channel-2026.toml").read_text(encoding="utf-8"))
    written = program["contracts"]["calendars"][name]["holidays"]
    known = holidays.country_holidays(country, subdiv=subdivision, years=(2025, 2026))
    assert {datetime.date.fromisoformat(day) for day in written} == set(known)
