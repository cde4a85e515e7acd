"""The paper of an agreement as it is kept: what its parts cannot be, and what is read from them."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    AlreadySigned,
    Document,
    Party,
    Provision,
    Struck,
    amended,
    redrafted,
)
from prmcore.errors import InvalidInput
from prmcore.values import DateRange

D = datetime.date
NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
NO_ZONE = datetime.datetime(2026, 1, 1, 12)
BLANK = "found ' x'; accepted: an id without outer blanks, in Unicode NFC"
ACME: dict[str, Any] = {"role": "partner", "id": "acme", "name": "Acme"}
MASTER: dict[str, Any] = {"id": "m", "document_class": "master", "known_since": NOON}
SAID: dict[str, Any] = {"key": "k", "clause": Struck(), "document": "m"}
WHOLE: dict[str, Any] = {
    "id": "A-1", "kind": AgreementKind.NDA, "partner": "acme", "parties": (Party(**ACME),), "documents": (Document(**MASTER),),
}  # fmt: skip
RECORDS: dict[type, dict[str, Any]] = {Party: ACME, Document: MASTER, Provision: SAID, Agreement: WHOLE}


@pytest.mark.parametrize("record", RECORDS)
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))
    assert record(**RECORDS[record]) == record(**RECORDS[record])


@pytest.mark.parametrize(
    ("record", "parts", "faults"),
    [
        (Party, {"role": " x", "id": " x", "name": " x"}, [f"{BLANK} @ {name}" for name in ("role", "id", "name")]),
        *((Party, {"country": country}, [f"found {country!r}; accepted: an ISO 3166-1 code such as JP @ country"])
          for country in ("JPN", "XX", "EU", "003")),  # three letters, none, and two groups of countries
        (Party, {"country": ""}, ["found ''; accepted: an id of 1 to 200 characters @ country",
                                  "found ''; accepted: an ISO 3166-1 code such as JP @ country"]),
        (Document, {"id": " x", "document_class": " x", "title": " x"},
         [f"{BLANK} @ {name}" for name in ("id", "document_class", "title")]),
        *((Document, {name: NOON}, [f"the day: found {NOON!r:.60}; accepted: a date without a time @ {name}"])
          for name in ("signed_on", "effective_from")),
        (Document, {"known_since": NO_ZONE},
         [f"known_since: found {NO_ZONE!r}; accepted: a datetime with its time zone @ known_since"]),
        *((Document, {"rank": rank}, [f"found {rank!r}; accepted: 1 to 10000 @ rank"]) for rank in (0, 10_001, True)),
        (Provision, {"key": " x", "document": " x", "number": " x"},
         [f"{BLANK} @ {name}" for name in ("key", "document", "number")]),
        *((Provision, {"page": page}, [f"found {page!r}; accepted: 1 to 100000 @ page"]) for page in (0, 100_001, True)),
        (Provision, {"known_since": NO_ZONE},
         [f"known_since: found {NO_ZONE!r}; accepted: a datetime with its time zone @ known_since"]),
        (Agreement, {"id": " x", "partner": "other", "documents": ()},
         [f"{BLANK} @ id", "unknown party 'other'. There are: acme @ partner", "found none; accepted: one at least @ documents"]),
        (Agreement, {"parties": (Party(**ACME),) * 2, "documents": (Document(**MASTER),) * 2},
         ["'acme' is given twice @ parties", "'m' is given twice @ documents"]),
    ],
)  # fmt: skip
def test_everything_that_cannot_be_is_refused_at_its_part(
    record: Any, parts: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record(**{**RECORDS[record], **parts})
    assert list(map(str, refused.value.faults)) == faults


def test_ranks_and_pages_are_accepted_from_the_first_to_the_last() -> None:
    assert [Document(**MASTER, rank=rank).rank for rank in (1, 10_000)] == [1, 10_000]
    assert [Provision(**SAID, page=page).page for page in (1, 100_000)] == [1, 100_000]
    assert Party(**ACME, country="JP").country == "JP"


@pytest.mark.parametrize(
    ("signed_on", "effective_from", "counts_from"),
    [
        (None, D(2026, 4, 1), None),
        (D(2026, 3, 1), None, D(2026, 3, 1)),
        (D(2026, 3, 1), D(2026, 2, 1), D(2026, 2, 1)),
        (D(2026, 3, 1), D(2026, 4, 1), D(2026, 4, 1)),
    ],
)
def test_a_signed_document_counts_from_the_day_that_it_names_or_from_its_signature(
    signed_on: D | None, effective_from: D | None, counts_from: D | None
) -> None:
    one = Document(**MASTER, signed_on=signed_on, effective_from=effective_from)
    assert one.counts_from == counts_from


def test_a_provision_is_found_by_its_document_and_its_number() -> None:
    assert [Provision(**SAID, number=number).where for number in (None, "12.3")] == ["m", "m 12.3"]


def test_an_agreement_is_signed_when_its_first_document_is() -> None:
    signed, draft = (
        Document(**{**MASTER, "id": str(day), "signed_on": day}) for day in (D(2026, 1, 1), None)
    )
    found = [Agreement(**{**WHOLE, "documents": papers}) for papers in ((signed, draft), (draft, signed))]
    assert [(one.signed_on, one.is_signed) for one in found] == [(D(2026, 1, 1), True), (None, False)]
    assert [found[0].document(name) for name in ("None", "2026-01-01", "other")] == [draft, signed, None]


def signed() -> Agreement:
    document = Document(**MASTER, signed_on=D(2026, 1, 1))
    return Agreement(**{**WHOLE, "documents": (document,), "provisions": (Provision(**SAID),)})


def test_who_drafts_anew_what_was_signed_is_told_which_and_since_when() -> None:
    with pytest.raises(AlreadySigned) as refused:
        redrafted(signed(), [])
    assert (refused.value.agreement, refused.value.signed_on) == ("A-1", D(2026, 1, 1))


def test_an_amendment_comes_after_the_other_papers_with_its_provisions() -> None:
    paper = Document(id="am", document_class="amendment", known_since=NOON)
    said = Provision(key="k", clause=Struck(), document="am", effective=DateRange(D(2026, 2, 1)))
    found = amended(signed(), paper, iter([said]))
    assert (found.documents, found.provisions) == ((*signed().documents, paper), (*signed().provisions, said))
    assert amended(found, paper, [said]) is found


def test_everything_that_is_wrong_with_an_amendment_is_said_at_once() -> None:
    paper = Document(id="m", document_class="amendment", known_since=NOON)
    with pytest.raises(InvalidInput) as refused:
        amended(Agreement(**WHOLE), paper, [Provision(**SAID), Provision(**{**SAID, "document": "other"})])
    assert list(map(str, refused.value.faults)) == [
        "found a draft; accepted: a signed agreement (a draft is changed with `redrafted`) @ agreement",
        "found 'other'; accepted: 'm' @ provisions[1].document",
        "there is another document 'm'; accepted: an id of its own @ document.id",
    ]
    for others in (
        [],
        [Provision(**SAID), Provision(**{**SAID, "key": "l"})],
    ):  # the same paper says something else
        with pytest.raises(InvalidInput, match="accepted: an id of its own"):
            amended(signed(), signed().documents[0], others)
