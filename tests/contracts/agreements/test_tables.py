"""Agreements from the rows of another system: what is read, what is refused with its line, and that nothing is half taken."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    AmbiguousImport,
    LawClause,
    Provision,
    Renews,
    Runs,
    TerritoryClause,
    agreements_from_rows,
    from_template,
    imported_date,
    shipped_templates,
)
from prmcore.contracts.agreements.tables import COLUMNS
from prmcore.contracts.notice import NoticeClause
from prmcore.contracts.terms import EndConvention, RenewalClause, RenewalKind, TermClause
from prmcore.errors import Fault, InvalidInput
from prmcore.values import Length, Missing
from prmcore.values.wire import from_plain, to_plain

D = datetime.date
KNOWN = datetime.datetime(2026, 11, 26, tzinfo=datetime.UTC)
PLAIN = {
    "id": "A-1", "kind": "reseller", "template": "", "partner": "acme", "partner_name": "Acme KK", "country": "JP", "vendor": "us",
    "signed_on": "2026-03-01", "start": "2026/4/1", "length": " 1 year ", "renewal": "automatic", "renewal_length": "1 year; 6 months",
    "renewals": "5", "notice": "90 days", "law": "JP", "zone": "Asia/Tokyo",
}  # fmt: skip
FILLED = {"id": "A-2", "template": "reseller/JP", "partner": "b", "start": "2026-04-01", "territory": "JP; KR", "notice": "3 months"}  # fmt: skip


def read(*rows: dict[str, str], day_first: bool | None = None) -> tuple[Agreement, ...]:
    return agreements_from_rows(enumerate(rows, 2), known_since=KNOWN, day_first=day_first)


def faults(*rows: dict[str, str], day_first: bool | None = None) -> list[tuple[int | None, str, str]]:
    with pytest.raises(InvalidInput, match="the table of agreements cannot be read") as refused:
        read(*rows, day_first=day_first)
    return [(fault.line, fault.path, fault.message) for fault in refused.value.faults]


def clauses(one: Agreement) -> dict[str, object]:
    return {said.key: said.clause for said in one.provisions}


def test_a_row_is_an_agreement_with_one_paper() -> None:
    (one,) = read(PLAIN)
    assert (one.id, one.kind, one.partner, one.signed_on) == (
        "A-1",
        AgreementKind.RESELLER,
        "acme",
        D(2026, 3, 1),
    )
    assert [(party.role, party.id, party.name, party.country) for party in one.parties] == [
        ("partner", "acme", "Acme KK", "JP"),
        ("vendor", "us", "us", None),
    ]
    assert [(paper.id, paper.known_since) for paper in one.documents] == [("master", KNOWN)]
    year, half = Length.of("1 year"), Length.of("6 months")
    assert clauses(one) == {
        "term": Runs(term=TermClause(start=D(2026, 4, 1), length=year)),
        "renewal": Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, lengths=(year, half), at_most=5)),
        "non-renewal": NoticeClause(notice=Length.of("90 days")),
        "law": LawClause(law="JP", zone="Asia/Tokyo"),
    }


def test_an_empty_cell_says_nothing_and_who_has_not_signed_has_a_draft() -> None:
    (one,) = read({**dict.fromkeys(PLAIN, " "), "id": "A-1", "kind": "nda", "partner": "acme"})
    assert (one.is_signed, one.provisions, len(one.parties)) == (False, (), 1)


def test_a_template_takes_its_placeholders_from_the_columns_of_their_names() -> None:
    (one,) = read(FILLED)
    plain = {"start": "2026-04-01", "territory": ["JP", "KR"], "notice": "3 months"}
    drafted = from_template(
        shipped_templates()["reseller/JP"], plain, id="A-2", partner="b", parties=one.parties, known_since=KNOWN
    )  # fmt: skip
    assert one.kind is drafted.kind
    assert clauses(one) == clauses(drafted)


def test_what_a_row_says_goes_before_what_its_template_says() -> None:
    (one,) = read({**FILLED, "length": "2 years", "law": "JP", "calendar": "house", "ends": "anniversary"})
    said = clauses(one)
    term = TermClause(
        start=D(2026, 4, 1), length=Length.of("2 years"), ends=EndConvention.ANNIVERSARY, missing=Missing.UP
    )
    assert said["term"] == Runs(term=term)
    assert said["law"] == LawClause(
        law="JP", zone="Asia/Tokyo", language="ja", counting="jp-civil", calendar="house"
    )
    assert said["territory"] == TerritoryClause(codes=("JP", "KR"))


def test_a_day_that_can_be_read_in_two_ways_is_a_fault_that_shows_both_until_somebody_says_which() -> None:
    row = {**PLAIN, "signed_on": "04/02/2018"}
    assert faults(row) == [
        (2, "signed_on",
         "found '04/02/2018', which is 2018-02-04 or 2018-04-02; accepted: a date with its order, day-first or month-first"),
    ]  # fmt: skip
    assert [read(row, day_first=first)[0].signed_on for first in (True, False)] == [
        D(2018, 2, 4),
        D(2018, 4, 2),
    ]


def test_every_fault_of_every_row_is_named_with_its_line_and_its_column() -> None:
    wrong = {
        **PLAIN, "kind": "resller", "country": "XX", "start": "soon", "length": "1 yr", "renewal": "auto", "renewals": "x",
        "zone": "Tokyo",
    }  # fmt: skip
    found = faults(
        wrong,
        PLAIN,
        {**FILLED, "partner": "", "territory": "", "minimum": "3", "notice": "3 hours", "kind": "nda"},
    )
    assert [(line, column) for line, column, _ in found] == [
        (2, "start"), (2, "kind"), (2, "country"), (2, "length"), (2, "renewal"), (2, "renewals"), (2, "zone"),
        (3, "id"),
        (4, "partner"), (4, "kind"), (4, "territory"), (4, "minimum"), (4, "notice"),
    ]  # fmt: skip
    said = {column: message for line, column, message in found if line != 2}
    assert said["id"] == "line 2 has 'A-1' already; accepted: one row for each"
    assert said["kind"] == "found 'nda'; accepted: reseller, as the template has it"
    assert said["territory"] == "is missing: the codes of the territory"


def test_a_fault_is_shown_as_those_of_other_files() -> None:
    with pytest.raises(InvalidInput) as refused:
        read(PLAIN, {**PLAIN, "id": "A-2", "notice": "3"})
    assert str(refused.value).endswith("@ notice (line 3)")


def test_cells_that_do_not_go_together_are_named_at_one_of_them() -> None:
    assert [fault[:2] for fault in faults({**PLAIN, "last_day": "2020-01-01"})] == [(2, "last_day")]
    assert [fault[:2] for fault in faults({**PLAIN, "start": ""})] == [(2, "start")]
    assert [fault[:2] for fault in faults({**PLAIN, "renewal": ""})] == [
        (2, "renewal_length"),
        (2, "renewals"),
    ]


def test_a_column_that_there_is_not_is_named_once() -> None:
    other = {**PLAIN, "notise": "90 days"}
    ((line, column, message),) = faults(other, {**other, "id": "A-2"})
    assert (line, column) == (2, "notise")
    assert message.startswith("unknown column 'notise'; did you mean 'notice'?")


def test_a_template_that_there_is_not_and_a_row_without_any_are_named() -> None:
    ((_, column, message),) = faults({**FILLED, "template": "reseler/JP"})
    assert (column, message.partition(" There")[0]) == (
        "template",
        "unknown template 'reseler/JP'; did you mean 'reseller/JP'?",
    )
    assert faults({"id": "A", "partner": "b"}) == [(2, "kind", "is missing; accepted: a kind, or a template")]


def test_nothing_that_a_cell_says_is_filled_in_again() -> None:
    (one,) = read({**FILLED, "territory": "{start}"})
    assert clauses(one)["territory"] == TerritoryClause(codes=("{start}",))


@pytest.mark.parametrize("written", ["2018-02-04", "2018/2/4", "2018.02.04", "2018年2月4日"])
def test_dates_that_begin_with_the_year_are_read_as_japan_and_china_write_them(written: str) -> None:
    assert imported_date(written) == D(2018, 2, 4)


@pytest.mark.parametrize("written", ["2018/2-4", "2018年13月1日", "4.2/2018", "２０１８-02-04", "2018-2-30"])
def test_dates_that_are_none_are_refused(written: str) -> None:
    with pytest.raises(InvalidInput, match="accepted: a date such as"):
        imported_date(written)


COLUMNS_READ = sorted({*PLAIN, *FILLED, "last_day", "ends", "missing", "minimum", "currency", "calendar"})
ACCEPTED = {*COLUMNS, *(name for one in shipped_templates().values() for name in one.placeholders)}
CELLS = st.sampled_from(
    ["", "JP", "1 year", "2026-04-01", "2024-02-29", "04/02/2018", "automatic", "nda", "reseller/CN", "distributor/US", "up",
     "anniversary", "99999 years", "9999-12-31", "0", "{start}", "5000.00 USD", "東京", "\x00"]
) | st.text(max_size=12)  # fmt: skip


@settings(max_examples=60)
@given(
    st.lists(st.dictionaries(st.sampled_from(COLUMNS_READ), CELLS, max_size=4), max_size=3),
    st.none() | st.booleans(),
)
def test_whatever_a_table_says_it_is_agreements_or_faults_that_name_their_lines(
    drawn: list[dict[str, str]], day_first: bool | None
) -> None:
    rows = [{**PLAIN, "id": f"A-{place}", **row} for place, row in enumerate(drawn)]
    found: tuple[Agreement, ...] = ()
    wrong: tuple[Fault, ...] = ()
    try:
        found = read(*rows, day_first=day_first)
    except InvalidInput as refused:
        wrong = refused.faults
    assert (len(found) == len(rows)) is not bool(wrong)
    assert [fault for fault in wrong if fault.line is None or fault.path not in ACCEPTED] == []
    assert from_plain(to_plain(list(found)), list[Agreement]) == list(found)


def test_a_provision_of_a_row_is_kept_with_the_one_paper() -> None:
    (one,) = read(FILLED)
    assert {said.document for said in one.provisions} == {"master"}
    assert all(isinstance(said, Provision) for said in one.provisions)


FULL = {
    "id": "A-3", "kind": "distributor", "partner": "acme", "partner_name": "Acme KK", "country": "JP", "vendor": "us",
    "vendor_name": "Us Inc", "signed_on": "2026-03-01", "effective_from": "2026-03-15", "start": "2026-04-01", "length": "1 year",
    "last_day": "2027-03-30", "ends": "stated", "missing": "up", "renewal": "automatic", "renewal_length": "1 year; ; 6 months",
    "renewals": "5", "notice": "90 days", "territory": "JP;KR", "law": "JP", "zone": "Asia/Tokyo", "counting": "jp-civil",
    "calendar": "house",
}  # fmt: skip


def test_a_row_that_has_every_column_says_all_of_them() -> None:
    assert set(FULL) == {*COLUMNS} - {"template"}
    (one,) = read(FULL)
    assert to_plain(one) == {
        "id": "A-3", "kind": "distributor", "partner": "acme",
        "parties": [
            {"role": "partner", "id": "acme", "name": "Acme KK", "country": "JP"},
            {"role": "vendor", "id": "us", "name": "Us Inc", "country": None},
        ],
        "documents": [
            {"id": "master", "document_class": "master", "known_since": "2026-11-26T00:00:00+00:00", "signed_on": "2026-03-01",
             "effective_from": "2026-03-15", "rank": None, "title": None},
        ],
        "provisions": to_plain(one.provisions),
    }  # fmt: skip
    year, half = Length.of("1 year"), Length.of("6 months")
    term = TermClause(start=D(2026, 4, 1), length=year, last_day=D(2027, 3, 30), missing=Missing.UP)
    assert clauses(one) == {
        "term": Runs(term=term),
        "renewal": Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, lengths=(year, half), at_most=5)),
        "non-renewal": NoticeClause(notice=Length.of("90 days")),
        "territory": TerritoryClause(codes=("JP", "KR")),
        "law": LawClause(law="JP", zone="Asia/Tokyo", counting="jp-civil", calendar="house"),
    }


@pytest.mark.parametrize(
    ("column", "cell", "columns"),
    [
        ("id", "\x00", ["id"]), ("kind", "x", ["kind"]), ("partner", "\x00", ["partner"]), ("partner_name", "\x00", ["partner_name"]),
        ("country", "XX", ["country"]), ("vendor", "\x00", ["vendor"]), ("vendor", "", ["vendor"]),
        ("vendor", "acme", ["partner"]),  # two parties of one id
        ("vendor_name", "\x00", ["vendor_name"]), ("signed_on", "x", ["signed_on"]), ("effective_from", "x", ["effective_from"]),
        ("start", "x", ["start"]), ("start", "", ["start"]), ("length", "x", ["length"]), ("last_day", "x", ["last_day", "ends"]),
        ("last_day", "2026-03-31", ["last_day"]), ("ends", "x", ["ends"]), ("ends", "day-before", ["ends"]),
        ("missing", "x", ["missing"]), ("renewal", "x", ["renewal"]), ("renewal", "fixed", ["renewal_length", "renewals"]),
        ("renewal_length", "x", ["renewal_length"]), ("renewals", "x", ["renewals"]), ("renewals", "0", ["renewals"]),
        ("renewals", "1000000", ["renewals"]), ("notice", "x", ["notice"]), ("territory", "JP;JP", ["territory"]),
        ("territory", ";", ["territory"]), ("law", "", ["law"]), ("law", "\x00", ["law"]), ("zone", "x", ["zone"]),
        ("counting", "\x00", ["counting"]), ("calendar", "\x00", ["calendar"]), ("template", "x", ["template"]),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_is_named_by_its_column(column: str, cell: str, columns: list[str]) -> None:
    assert [found[:2] for found in faults({**FULL, column: cell})] == [(2, named) for named in columns]


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        ({"partner_name": "", "partner": "\x00"}, ["partner"]),  # a party without a name has that of its id
        ({"vendor_name": "", "vendor": "\x00"}, ["vendor"]),
        ({"id": ""}, ["id"]), ({"partner": ""}, ["partner"]), ({"id": "", "kind": "x"}, ["id", "kind"]),
        ({"template": "x", "kind": "x"}, ["template"]),  # which kind it would have is not known
        ({"template": "reseller/JP", "kind": "reseller", "minimum": "3"}, ["minimum"]),  # another template's
    ],
)  # fmt: skip
def test_what_follows_from_a_fault_is_not_said_again(cells: dict[str, str], columns: list[str]) -> None:
    assert [found[:2] for found in faults({**FULL, **cells})] == [(2, named) for named in columns]


def test_what_is_missing_is_said_with_what_it_is() -> None:
    assert faults({}, {"template": "reseller/JP", "id": "A", "partner": "b", "start": "2026-04-01", "territory": "JP"}) == [
        (2, "id", "is missing"), (2, "partner", "is missing"), (2, "kind", "is missing; accepted: a kind, or a template"),
        (3, "notice", f"is missing: {shipped_templates()['reseller/JP'].placeholders['notice']}"),
    ]  # fmt: skip
    ((_, _, message),) = faults({**FILLED, "minimum": "3"})
    assert message == "found something; accepted: nothing, for no template of this row asks for it"


def test_rows_without_an_id_are_not_taken_for_one() -> None:
    assert [found[:2] for found in faults({**FULL, "id": ""}, {**FULL, "id": ""})] == [(2, "id"), (3, "id")]


def test_a_party_without_a_name_is_called_by_its_id_and_without_a_vendor_there_is_one() -> None:
    (one,) = read({**FULL, "partner_name": "", "vendor_name": ""})
    assert [(party.id, party.name) for party in one.parties] == [("acme", "acme"), ("us", "us")]
    (one,) = read({**FULL, "vendor": "", "vendor_name": ""})
    assert [party.id for party in one.parties] == ["acme"]


def test_the_paper_of_a_template_has_its_title() -> None:
    (one,) = read(FILLED)
    assert [paper.title for paper in one.documents] == [str(shipped_templates()["reseller/JP"].title)]


def test_an_instant_without_a_zone_is_no_time_at_which_a_table_became_known() -> None:
    with pytest.raises(InvalidInput, match=r"^known_since: found"):
        agreements_from_rows([], known_since=datetime.datetime(2026, 11, 26))
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    (one,) = agreements_from_rows([(2, FULL)], known_since=KNOWN.astimezone(tokyo))
    assert one.documents[0].known_since.isoformat() == "2026-11-26T00:00:00+00:00"


def test_the_columns_of_a_table_are_these() -> None:
    assert COLUMNS == (
        "template", "id", "kind", "partner", "partner_name", "country", "vendor", "vendor_name", "signed_on", "effective_from",
        "start", "length", "last_day", "ends", "missing", "renewal", "renewal_length", "renewals", "notice", "territory", "law",
        "zone", "counting", "calendar",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        ("04/02/2018", [D(2018, 2, 4), D(2018, 4, 2)]),
        ("4.2.2018", [D(2018, 2, 4), D(2018, 4, 2)]),
        ("12-11-2018", [D(2018, 11, 12), D(2018, 12, 11)]),
    ],
)
def test_a_date_of_two_readings_is_told_with_the_earlier_first(written: str, readings: list[D]) -> None:
    with pytest.raises(AmbiguousImport) as refused:
        imported_date(written)
    assert (refused.value.written, refused.value.readings) == (written, tuple(readings))
    assert sorted([imported_date(written, "day-first"), imported_date(written, "month-first")]) == readings


@pytest.mark.parametrize("written", ["31/12/2018", "12/31/2018"])
def test_an_order_by_which_a_date_of_one_reading_has_no_month_is_refused(written: str) -> None:
    assert imported_date(written) == D(2018, 12, 31)
    with pytest.raises(InvalidInput, match=f"found '{written}'; accepted: a date such as"):
        imported_date(written, "month-first" if written.startswith("31") else "day-first")
