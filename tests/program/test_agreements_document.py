"""Files of agreements, and what a program file says of all agreements: read, refused with path and line, written back."""

import datetime
import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    LawClause,
    MinimumClause,
    Runs,
    resolved,
    shipped_templates,
)
from prmcore.contracts.lifecycle import ContractPolicy, Reminders, courses
from prmcore.contracts.notice import NoticeClause
from prmcore.errors import InvalidInput
from prmcore.program import Program, from_document, lint, parse_program, to_document
from prmcore.program.document.agreements import (
    agreements_from,
    agreements_to,
    load_agreements,
    parse_agreements,
)
from prmcore.program.document.files import to_toml
from prmcore.program.document.schema import json_schema
from prmcore.testing import strategies
from prmcore.testing._lifecycle import KNOWN, contract_policies, papers
from prmcore.values import Length, Money

D = datetime.date
READ_AT = datetime.datetime(2026, 1, 1, 9, tzinfo=datetime.UTC)
PARTIES = """parties = [
  { role = "partner", id = "sakura", name = "株式会社さくら", country = "JP" },
  { role = "vendor", id = "us", name = "Us" },
]
"""
SAKURA = f"""format = "prmcore-agreements/1"

[[agreements]]
id = "sakura-2025"
partner = "sakura"
template = "reseller/JP"
values = {{ start = 2025-04-01, territory = ["JP"], notice = "3 months" }}
{PARTIES}
[[agreements.documents]]
id = "master"
document_class = "master"
signed_on = 2025-03-20

[[agreements.documents]]
id = "amendment-1"
document_class = "amendment"
signed_on = 2025-09-01
effective_from = 2025-10-01

[[agreements.provisions]]
key = "minimum"
number = "7.1"
clause = {{ kind = "minimum", metric = "purchases", amount = "5000000 JPY" }}

[[agreements.provisions]]
key = "non-renewal"
document = "amendment-1"
clause = {{ kind = "non-renewal", notice = "2 months" }}
"""


def read(text: str, **more: Any) -> tuple[Agreement, ...]:
    return parse_agreements(text, read_at=READ_AT, **more)


def faults(text: str, **more: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read(text, **more)
    return [str(fault) for fault in caught.value.faults]


def plain(**changed: Any) -> dict[str, Any]:
    """A file of one agreement without a template."""
    one: dict[str, Any] = {
        "id": "a-1",
        "kind": "nda",
        "partner": "acme",
        "parties": [{"role": "partner", "id": "acme", "name": "Acme"}],
        "documents": [{"id": "master", "document_class": "master"}],
        **changed,
    }
    return {
        "format": "prmcore-agreements/1",
        "agreements": [{key: value for key, value in one.items() if value is not None}],
    }


def refused(**changed: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        agreements_from(plain(**changed), read_at=READ_AT)
    return [str(fault) for fault in caught.value.faults]


# what is read


def test_a_template_and_what_fills_it_in_make_an_agreement_with_its_own_provisions_and_its_amendment() -> (
    None
):
    (one,) = read(SAKURA)
    assert (one.id, one.kind, one.partner, one.signed_on) == (
        "sakura-2025", AgreementKind.RESELLER, "sakura", D(2025, 3, 20),
    )  # fmt: skip
    assert [party.name for party in one.parties] == ["株式会社さくら", "Us"]
    before, after = (resolved(one, day, READ_AT) for day in (D(2025, 9, 30), D(2025, 10, 1)))
    (runs,) = before.clauses(Runs).values()
    assert (runs.term.start, str(runs.term.length)) == (D(2025, 4, 1), "1 year")
    assert [str(said.clauses(NoticeClause)["non-renewal"].notice) for said in (before, after)] == [
        "3 months",
        "2 months",
    ]
    minimum = before.clauses(MinimumClause)["minimum"]
    assert minimum.amount == Money.of(5_000_000, "JPY")
    assert {said.document for said in one.provisions} == {"master", "amendment-1"}


def test_a_provision_of_the_first_paper_takes_the_place_of_that_of_the_template() -> None:
    other = SAKURA + '\n[[agreements.provisions]]\nkey = "law"\nclause = { kind = "law", law = "DE" }\n'
    (one,) = read(other)
    assert [said.clause for said in one.provisions if said.key == "law"] == [LawClause(law="DE")]


def test_a_signed_paper_is_known_since_its_day_began_anywhere_and_a_draft_since_it_is_read() -> None:
    # 20 March begins at UTC+14: at 10:00 UTC on the 19th; so what is signed in Tokyo at 8:00 is known at once
    (one,) = read(SAKURA)
    assert one.documents[0].known_since == datetime.datetime(2025, 3, 19, 10, tzinfo=datetime.UTC)
    (draft,) = read(SAKURA.replace("signed_on = 2025-03-20\n", ""))
    assert draft.documents[0].known_since == READ_AT
    (told,) = read(SAKURA.replace("signed_on = 2025-03-20\n", "signed_on = 2025-03-20\nknown_since = 2025-06-01T09:00:00+09:00\n"))  # fmt: skip
    assert told.documents[0].known_since == datetime.datetime(2025, 6, 1, tzinfo=datetime.UTC)


def test_what_is_read_can_be_followed() -> None:
    (one,) = read(SAKURA)
    assert [(day, str(course.notices[0].notice)) for day, course in courses(one, READ_AT)] == [
        (D(2025, 3, 20), "3 months"),
        (D(2025, 10, 1), "2 months"),
    ]


def test_json_says_the_same_as_toml(tmp_path: Path) -> None:
    (from_toml,) = read(SAKURA)
    written = json.dumps(agreements_to((from_toml,)), ensure_ascii=False)
    assert read(written, is_json=True) == (from_toml,)
    for name, text in (("a.toml", SAKURA), ("a.JSON", written)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert load_agreements(tmp_path / name, read_at=READ_AT) == (from_toml,)


def test_a_file_may_hold_any_number_of_agreements_and_none() -> None:
    second = SAKURA[SAKURA.index("[[") :].replace("sakura-2025", "sakura-nda")
    assert [one.id for one in read(SAKURA + second)] == ["sakura-2025", "sakura-nda"]
    assert read('format = "prmcore-agreements/1"\nagreements = []\n') == ()


@pytest.mark.parametrize("id", sorted(shipped_templates()))
def test_every_template_says_in_a_file_what_is_missing_to_fill_it_in(id: str) -> None:
    text = SAKURA.replace("reseller/JP", id).replace(
        'values = { start = 2025-04-01, territory = ["JP"], notice = "3 months" }\n', ""
    )
    found = faults(text)
    for name in shipped_templates()[id].placeholders:
        assert [fault for fault in found if f"({name}) is missing @ agreements[0].values." in fault]


# what is refused


def test_every_fault_of_every_agreement_has_its_path_and_its_line() -> None:
    text = SAKURA.replace('notice = "3 months"', 'notise = "3 months"') + SAKURA[
        SAKURA.index("[[") :
    ].replace("reseller/JP", "reseller/JQ").replace(
        'document = "amendment-1"\n', 'document = "amendment-2"\n'
    )
    found = faults(text)
    lines = text.splitlines()
    assert len(found) == 5
    for fault, said, path, line in zip(
        found,
        (
            "how long before the end notice is given (notice) is missing",
            "unknown placeholder 'notise'; did you mean 'notice'?",
            "'sakura-2025' is given twice",
            "unknown template 'reseller/JQ'; did you mean 'reseller/JP'?",
            "unknown document 'amendment-2'; did you mean 'amendment-1'?",
        ),
        (
            "agreements[0].values.provisions[2].clause.notice",
            "agreements[0].values.notise",
            "agreements[1].id",
            "agreements[1].template",
            "agreements[1].provisions[1].document",
        ),
        (
            lines.index('values = { start = 2025-04-01, territory = ["JP"], notise = "3 months" }'),
            lines.index('values = { start = 2025-04-01, territory = ["JP"], notise = "3 months" }'),
            len(lines) - 1 - lines[::-1].index('id = "sakura-2025"'),
            lines.index('template = "reseller/JQ"'),
            lines.index('document = "amendment-2"'),
        ),
        strict=True,
    ):
        assert fault.startswith(said)
        assert fault.endswith(f" @ {path} (line {line + 1})")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("prmcore-agreements/1", "prmcore/1", "found 'prmcore/1'; accepted: prmcore-agreements/1 @ format (line 1)"),
        ("3 months", "3 moons", "@ agreements[0].values.provisions[2].clause.notice (line 7)"),
        ("2025-04-01", '"yesterday"', "@ agreements[0].values.provisions[0].clause.term.start (line 7)"),
        ('"JP" }', '"XX" }', "accepted: an ISO 3166-1 code such as JP @ agreements[0].parties[0].country (line 9)"),
        ('partner = "sakura"', 'partner = "fuji"', "unknown party 'fuji'. There are: sakura, us @ agreements[0].partner (line 5)"),
        ("2 months", "0 months", "@ agreements[0].provisions[1].clause.notice"),
        ("metric =", "metrik =", "unknown key 'metrik'; did you mean 'metric'?"),
        ('kind = "minimum"', 'kind = "minimun"', "minimun"),
        ("signed_on = 2025-03-20", "signed_on = 2025-02-30", "Invalid date or datetime"),
        ("5000000 JPY", "5000000.5 JPY", "@ agreements[0].provisions[0].clause.amount"),
        ("amendment-1", "master", "unknown document 'amendment-1'"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_with_its_place(old: str, new: str, fault: str) -> None:
    assert old in SAKURA
    assert [one for one in faults(SAKURA.replace(old, new, 1)) if fault in one]


def test_a_kind_or_a_template_is_needed_and_values_only_with_one() -> None:
    assert refused(kind=None, values={"a": 1}) == [
        "is missing; accepted: a kind, or a template that has one @ agreements[0].kind",
        "found some, and no template that they fill in @ agreements[0].values",
    ]
    assert refused(template="nda/GB") == [
        "found one; accepted: none, it is that of the template @ agreements[0].kind"
    ]
    assert refused(documents=[]) == ["found none; accepted: one at least @ agreements[0].documents"]
    twice = [{"id": "master", "document_class": "master"}] * 2
    assert refused(documents=twice) == ["'master' is given twice @ agreements[0].documents"]
    assert refused(documents=None) == ["is missing @ agreements[0].documents"]


def test_a_value_that_fills_in_is_never_evaluated() -> None:
    inside = SAKURA.replace('notice = "3 months"', 'notice = "{start}"')
    assert [fault for fault in faults(inside) if "'{start}'" in fault]


@pytest.mark.parametrize(
    ("text", "is_json", "said"),
    [
        ("a = " + "[" * 100_000, False, "nested deeper than 64 levels"),
        ('{"agreements":' * 100_000, True, "nested deeper than 64 levels"),
        ("[" + "a." * 100_000 + "a]", False, "the file cannot be read"),
        ('format = "prmcore-agreements/1"\nagreements = ' + "9" * 100_000, False, "the file cannot be read"),
        ("x" * 10_000_001, False, "larger than 10,000,000 bytes"),
        ("", False, "is missing @ format"),
        ("", True, "the file is not JSON"),
        ("null", True, "accepted: a table"),
        ("[]", True, "accepted: a table"),
        ('{"format": "prmcore-agreements/1", "agreements": [1]}', True, "accepted: a table @ agreements"),
        ('{"format": "prmcore-agreements/1", "agreements": {"a": 1}}', True, "@ agreements"),
        ('{"format": "prmcore-agreements/1", "agreements": [], "agreements": []}', True, "stands twice"),
        ('{"format": "prmcore-agreements/1", "agreements": NaN}', True, "found NaN; accepted: a finite number"),
        ('{"format": "\\ud800", "agreements": []}', True, "accepted: whole characters @ format"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused(text: str, is_json: bool, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(text, is_json=is_json)
    assert said in str(caught.value)


def test_clauses_that_are_nested_in_plain_values_are_refused_too() -> None:
    deep: Any = "x"
    for _ in range(60):
        deep = {"a": deep}
    assert refused(
        template="reseller/JP", kind=None, values={"start": deep, "territory": ["JP"], "notice": "1 month"}
    )


def test_a_file_that_is_not_there_not_text_or_no_file_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes("name = 'é'".encode("latin-1"))
    (tmp_path / "folder.toml").mkdir()
    for name in ("none.toml", "latin.toml", "folder.toml"):
        with pytest.raises(InvalidInput, match=f"{name} cannot be read"):
            load_agreements(tmp_path / name, read_at=READ_AT)


def test_an_instant_of_reading_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="read_at: found"):
        parse_agreements(SAKURA, read_at=datetime.datetime(2026, 1, 1))


# the way back


@settings(max_examples=30)
@given(strategies.of(Agreement))
def test_agreements_go_through_a_file_without_loss(one: Agreement) -> None:
    written = agreements_to((one,))
    assert agreements_from(written, read_at=READ_AT) == (one,)
    assert read(json.dumps(written), is_json=True) == (one,)


@settings(max_examples=50)
@given(papers())
def test_agreements_that_are_followed_go_through_toml_without_loss(one: Agreement) -> None:
    tomli_w = pytest.importorskip("tomli_w")
    (again,) = read(tomli_w.dumps(agreements_to((one,))))
    assert again == one
    assert courses(again, KNOWN) == courses(one, KNOWN)


# what a program says of all agreements


def document(**contracts: Any) -> dict[str, Any]:
    return {"format": "prmcore/1", "name": "p", "version": "1", "contracts": contracts}


def policy(**contracts: Any) -> ContractPolicy:
    found = from_document(document(**contracts)).contracts
    assert found is not None
    return found


def contract_faults(**contracts: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        from_document(document(**contracts))
    return [str(fault) for fault in caught.value.faults]


WRITTEN = {
    "years": [2026],
    "version": "office list",
    "holidays": {"2026-01-01": "元日", "2026-06-29": "founding day"},
    "worked": ["2026-07-04"],
}


def test_a_program_that_says_nothing_more_has_the_plain_policy() -> None:
    assert policy() == ContractPolicy()
    assert AgreementKind.NDA not in policy().qualifying


def test_zone_reminders_and_kinds_are_read() -> None:
    found = policy(
        zone="Asia/Tokyo",
        qualifying=["nda"],
        reminders={"before_deadline": ["90 days", "1 month"], "owner": "office", "escalate_to": "legal"},
    )
    assert (found.zone, found.qualifying) == ("Asia/Tokyo", frozenset({AgreementKind.NDA}))
    assert found.reminders == Reminders(
        before_deadline=(Length.of("90 days"), Length.of("1 month")), owner="office", escalate_to="legal"
    )


def test_a_calendar_that_is_written_has_its_days_off_and_its_days_on() -> None:
    tokyo = policy(calendars={"tokyo": WRITTEN}).calendars["tokyo"]
    # 4 July 2026 is a Saturday, and 29 June a Monday
    days = {day: tokyo.is_business_day(D(2026, *day)) for day in ((1, 1), (6, 29), (6, 30), (7, 4), (7, 11))}
    assert days == {(1, 1): False, (6, 29): False, (6, 30): True, (7, 4): True, (7, 11): False}
    assert tokyo.pinned == "tokyo (office list)"
    gulf = policy(calendars={"gulf": {"years": [2026], "version": "1", "weekend": [4, 5]}}).calendars["gulf"]
    assert [gulf.is_business_day(D(2026, 6, day)) for day in (25, 26, 27, 28)] == [True, False, False, True]


def test_a_calendar_of_a_country_has_its_public_holidays_under_its_own_name() -> None:
    pytest.importorskip("holidays")
    found = policy(
        calendars={"bavaria": {"country": "DE", "subdivision": "BY", "years": [2025, 2026]}}
    ).calendars["bavaria"]
    assert found.name == "bavaria"
    assert "holidays" in found.version
    # Epiphany is a holiday in Bavaria, not in Berlin (BayFTG art. 1; recalled); 3 October is one in all of Germany
    assert not found.is_business_day(D(2026, 1, 6))
    assert not found.is_business_day(D(2025, 10, 3))
    assert found.is_business_day(D(2026, 1, 7))


def test_what_is_wrong_with_calendars_and_the_rest_is_said_with_its_path() -> None:
    found = contract_faults(
        calendars={
            "a": {"years": [], "version": "1"},
            "b": {"years": [2026]},
            "c": {"years": [2026], "country": "DE", "version": "1", "holidays": {}, "weekend": [6]},
            "d": {"years": [2026], "version": "1", "subdivision": "BY"},
            "e": {"years": [1900, 2200], "version": "1"},
        },
    )
    for path in (
        "calendars.a.years", "calendars.b.version", "calendars.c.version", "calendars.c.holidays", "calendars.c.weekend",
        "calendars.d.subdivision", "calendars.e.years",
    ):  # fmt: skip
        assert [fault for fault in found if fault.endswith(f"@ contracts.{path}")], path


@pytest.mark.parametrize(
    ("contracts", "path"),
    [
        ({"zone": "Tokyo"}, "contracts.zone"),
        ({"qualifying": ["resellers"]}, "contracts.qualifying"),
        ({"reminders": {"before_end": ["2 hours"]}}, "contracts.reminders.before_end[0]"),
        ({"reminders": {"befor_end": []}}, "contracts.reminders.befor_end"),
        (
            {"calendars": {"a": {**WRITTEN, "holidays": {"2025-01-01": "x"}}}},
            "contracts.calendars.a.holidays[0]",
        ),
        ({"calendars": {"a": {**WRITTEN, "worked": ["2026-07-06"]}}}, "contracts.calendars.a.worked"),
        (
            {"calendars": {"a": {**WRITTEN, "weekend": [0, 1, 2, 3, 4, 5, 6]}}},
            "contracts.calendars.a.weekend",
        ),
        ({"calender": {}}, "contracts.calender"),
    ],
)
def test_a_fault_of_what_a_program_says_of_agreements_has_its_path(
    contracts: dict[str, Any], path: str
) -> None:
    found = contract_faults(**contracts)
    assert [fault for fault in found if f"@ {path}" in fault], found


def test_a_country_or_a_part_of_one_that_nobody_knows_is_refused_with_its_path() -> None:
    pytest.importorskip("holidays")
    for written in ({"country": "XX"}, {"country": "DE", "subdivision": "XX"}):
        (fault,) = contract_faults(calendars={"a": {"years": [2026], **written}})
        assert "@ contracts.calendars.a" in fault


@settings(max_examples=20)
@given(contract_policies())
def test_what_a_program_says_of_agreements_goes_through_its_document_without_loss(
    found: ContractPolicy,
) -> None:
    program = attrs.evolve(from_document(document()), contracts=found)
    for again in (from_document(to_document(program)), parse_program(to_toml(program))):
        assert again.contracts == found


def test_the_schema_of_program_files_knows_what_is_said_of_agreements() -> None:
    assert "contracts" in json.dumps(json_schema())


IN_PROGRAM = """format = "prmcore/1"
name = "small"
version = "1"

[contracts]
"""


def test_a_small_program_holds_its_agreements_itself() -> None:
    program = parse_program(IN_PROGRAM + SAKURA.replace('format = "prmcore-agreements/1"\n', ""))
    assert program.agreements == parse_agreements(SAKURA, read_at=READ_AT)
    assert from_document(to_document(program)) == program


def test_the_paper_in_a_program_file_is_refused_with_its_lines() -> None:
    """What the file alone cannot say: since when paper is known that nobody has signed."""
    unsigned = SAKURA.replace('format = "prmcore-agreements/1"\n', "").replace("signed_on = 2025-03-20\n", "")
    lost = '\n[[obligations]]\nid = "x"\nagreement = "sakura"\nby = "partner"\nwhat = "a plan"\non = 2026-01-31\n'
    with pytest.raises(InvalidInput) as refused:
        parse_program(IN_PROGRAM + unsigned + lost)
    assert [str(fault) for fault in refused.value.faults] == [
        "is missing, and nobody has signed it; accepted: signed_on, or since when it is known"
        " @ agreements[0].documents[0].known_since (line 17)",
    ]
    with pytest.raises(InvalidInput) as refused:
        parse_program(IN_PROGRAM + SAKURA.replace('format = "prmcore-agreements/1"\n', "") + lost)
    assert [fault.path for fault in refused.value.faults] == ["obligations[0].agreement"]
    assert "did you mean 'sakura-2025'?" in str(refused.value)


def with_one_clause(key: str, clause: str) -> Program:
    """A program that holds one agreement, which says one thing."""
    return parse_program(
        IN_PROGRAM
        + f"""
[[agreements]]
id = "plain"
kind = "reseller"
partner = "sakura"
{PARTIES}documents = [{{ id = "master", document_class = "master", signed_on = 2025-03-20 }}]
provisions = [{{ key = "{key}", clause = {clause} }}]
"""
    )


def test_the_paper_in_a_program_file_is_looked_at_before_it_runs() -> None:
    """No provision names a governing law, so nothing says how a period is counted."""
    term = '{ kind = "term", term = { start = 2025-04-01, length = "1 year" } }'
    found = lint(with_one_clause("term", term))
    assert ("no-law", "agreements[0].provisions") in [(one.code, one.path) for one in found]


def test_a_period_rule_that_there_is_not_is_found_before_it_runs() -> None:
    law = '{ kind = "law", law = "JP", zone = "Asia/Tokyo", counting = "japan" }'
    found = lint(with_one_clause("law", law))
    assert "unknown-counting" in {one.code for one in found}
