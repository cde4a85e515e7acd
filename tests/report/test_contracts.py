"""The page of agreements: its picture says what the standing says, and it is safe and whole in every language."""

import datetime
import re
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.test_page import HOSTILE, read

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    Clause,
    Document,
    LawClause,
    Party,
    Provision,
    Renews,
    Runs,
    SuspensionClause,
)
from prmcore.contracts.lifecycle import (
    ENDED,
    AgreementAction,
    AgreementRecord,
    AgreementState,
    AgreementStep,
    ContractPolicy,
    Purpose,
    due_of,
    standing_of,
)
from prmcore.contracts.notice import NoticeClause
from prmcore.contracts.periods import PERIOD_RULES
from prmcore.contracts.terms import Extends, RenewalClause, RenewalKind, TermClause
from prmcore.program import Program, load_program, parse_program
from prmcore.program.document.agreements import load_agreements
from prmcore.report import contracts, contracts_page
from prmcore.report.timeline import Closing, Lane, Mark, MarkKind, Span, StretchKind, lane
from prmcore.values import Length

EXAMPLE = Path(__file__).parents[2] / "examples" / "contracts"
PROGRAM = parse_program('format = "prmcore/1"\nname = "acme"\nversion = "2026"\n[contracts]\n')
POLICY = ContractPolicy()
SIGNED = datetime.datetime(2025, 9, 1, tzinfo=datetime.UTC)
KNOWN = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def day(year: int, month: int, on: int) -> datetime.date:
    return datetime.date(year, month, on)


MAY, JULY = day(2026, 5, 15), day(2026, 7, 1)
AUTOMATIC = Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC))
THREE_MONTHS = NoticeClause(notice=Length.of("3 months"))


def agreement(*more: Clause, name: str = "Alpha", id: str = "A-1") -> Agreement:
    """From 1 October 2025 for a year."""
    term = Runs(term=TermClause(start=day(2025, 10, 1), length=Length.of("1 year")))
    master = Document(
        id="MSA", document_class="master", known_since=SIGNED, signed_on=SIGNED.date(), title=name
    )
    provisions = [Provision(key=one.kind, clause=one, document="MSA") for one in (term, *more)]
    parties = (Party(role="vendor", id="maker", name="Maker"), Party(role="partner", id="p", name=name))
    return Agreement(
        id=id,
        kind=AgreementKind.RESELLER,
        partner="p",
        parties=parties,
        documents=(master,),
        provisions=tuple(provisions),
    )


def record(*more: Clause, steps: tuple[AgreementStep, ...] = ()) -> AgreementRecord:
    return AgreementRecord(agreement=agreement(*more), steps=steps)


def step(
    action: AgreementAction, on: datetime.date, *, last_term: int | None = None, term: int | None = None
) -> AgreementStep:
    purpose = Purpose.STOP_RENEWAL if action is AgreementAction.GIVE_NOTICE else None
    at = datetime.datetime.combine(on, datetime.time(), datetime.UTC)
    return AgreementStep(
        action=action, on=on, at=at, by="kim", party="partner", purpose=purpose, last_term=last_term, term=term
    )  # fmt: skip


def drawn(one: AgreementRecord, on: datetime.date) -> Lane:
    return lane(one, POLICY, Span.around(on), on, KNOWN)


def bars(one: AgreementRecord, on: datetime.date) -> list[tuple[str, str, str]]:
    return [(str(each.start), str(each.end), each.kind.value) for each in drawn(one, on).stretches]


# the picture


def test_it_shows_half_a_year_before_the_day_and_a_year_and_a_half_after_it() -> None:
    assert Span.around(MAY) == Span(day(2025, 11, 1), day(2027, 11, 1))


def test_what_follows_unless_somebody_stops_it_is_not_shown_as_certain() -> None:
    assert bars(record(AUTOMATIC, THREE_MONTHS), MAY) == [
        ("2025-11-01", "2026-10-01", "runs"),
        ("2026-10-01", "2027-10-01", "expected"),
        ("2027-10-01", "2027-11-01", "expected"),
    ]


def test_the_next_term_is_certain_once_the_last_day_of_every_reading_is_over() -> None:
    """Three months before 30 September 2026: 29 June if clear, 30 June by the other readings."""
    one = record(AUTOMATIC, THREE_MONTHS)
    assert [kind for *_, kind in bars(one, day(2026, 6, 30))] == ["runs", "expected", "expected"]
    assert bars(one, JULY)[1] == ("2026-10-01", "2027-10-01", "certain")
    assert [kind for *_, kind in bars(one, JULY)] == ["runs", "certain", "expected"]


def test_the_safe_day_and_the_last_day_stand_under_each_term() -> None:
    assert drawn(record(AUTOMATIC, THREE_MONTHS), MAY).closings == (
        Closing(0, day(2025, 10, 1), day(2026, 6, 29), day(2026, 6, 30)),
        Closing(1, day(2026, 10, 1), day(2027, 6, 29), day(2027, 6, 30)),
    )


def test_a_notice_opens_when_the_paper_says_so() -> None:
    """Six months before 30 September: not too early by any reading from 1 April on, when the last six months begin."""
    clause = attrs.evolve(THREE_MONTHS, opens=Length.of("6 months"))
    opens = [one.opens for one in drawn(record(AUTOMATIC, clause), MAY).closings]
    assert opens == [day(2026, 4, 1), day(2027, 4, 1)]


def test_a_notice_in_time_is_marked_and_ends_it_with_the_term() -> None:
    given = step(AgreementAction.GIVE_NOTICE, day(2026, 6, 1), last_term=0)
    one = record(AUTOMATIC, THREE_MONTHS, steps=(given,))
    assert bars(one, JULY) == [("2026-01-01", "2026-06-01", "runs"), ("2026-06-01", "2026-10-01", "ending")]
    assert drawn(one, JULY).marks == (
        Mark(day(2026, 6, 1), MarkKind.NOTICE, "partner"),
        Mark(day(2026, 10, 1), MarkKind.END),
    )


def test_days_of_a_suspension_are_shown_and_added_where_the_paper_adds_them() -> None:
    """It rests from 1 to 10 June: ten days, so that the term ends on 10 October instead of 30 September."""
    steps = (
        step(AgreementAction.SUSPEND, day(2026, 6, 1)),
        step(AgreementAction.RESUME, day(2026, 6, 11)),
    )
    one = record(SuspensionClause(extends=Extends.TERM), steps=steps)
    assert bars(one, JULY) == [
        ("2026-01-01", "2026-06-01", "runs"),
        ("2026-06-01", "2026-06-11", "suspended"),
        ("2026-06-11", "2026-10-11", "runs"),
    ]


def test_a_suspension_that_would_leave_nothing_of_the_next_term_is_drawn_as_far_as_it_can_be_followed() -> (
    None
):
    """It rests from 1 December 2025 on; two years would be more than the next term has."""
    steps = (
        step(AgreementAction.SUSPEND, day(2025, 12, 1)),
        step(AgreementAction.RESUME, day(2027, 12, 1)),
    )
    one = record(AUTOMATIC, SuspensionClause(extends=Extends.TERM), steps=steps)
    assert bars(one, JULY) == [("2026-01-01", "2027-12-01", "suspended")]


def test_an_amendment_is_marked_from_the_day_on_which_it_holds_and_only_once_it_is_known() -> None:
    later = Document(
        id="AM-1", document_class="amendment", known_since=datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC),
        signed_on=day(2026, 2, 1), effective_from=day(2026, 4, 1),
    )  # fmt: skip
    one = record()
    one = attrs.evolve(
        one, agreement=attrs.evolve(one.agreement, documents=(*one.agreement.documents, later))
    )
    assert drawn(one, JULY).marks[0] == Mark(day(2026, 4, 1), MarkKind.AMENDMENT, "AM-1")
    before = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
    marks = lane(one, POLICY, Span.around(JULY), JULY, before).marks
    assert [each.kind for each in marks] == [MarkKind.END]


def test_what_has_not_begun_and_what_is_over_is_shown_as_such() -> None:
    assert bars(record(), day(2025, 9, 10)) == [
        ("2025-09-01", "2025-10-01", "signed"),
        ("2025-10-01", "2026-10-01", "certain"),
    ]
    assert bars(record(), day(2027, 6, 1)) == []


def test_a_draft_has_no_bars() -> None:
    one = record()
    draft = attrs.evolve(one.agreement.documents[0], signed_on=None)
    assert drawn(attrs.evolve(one, agreement=attrs.evolve(one.agreement, documents=(draft,))), MAY) == Lane((), (), ())  # fmt: skip


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["suspend", "resume", "terminate", "notice", "withdraw-notice"]), st.integers(0, 900)
    ),
    max_size=4,
)


@given(STEPS, st.integers(0, 800), st.sampled_from([Extends.NOTHING, Extends.LATER_TERMS]))
@settings(max_examples=60, deadline=None)
def test_no_day_is_drawn_otherwise_than_the_agreement_stands(
    taken: list[tuple[str, int]], on: int, extends: Extends
) -> None:
    """Of days that have come: what lies ahead may be moved by a suspension that goes on."""
    today = day(2025, 10, 1) + on * DAY
    steps = tuple(
        step(AgreementAction.GIVE_NOTICE, day(2025, 10, 1) + place * DAY, last_term=1)
        if name == "notice"
        else step(AgreementAction(name), day(2025, 10, 1) + place * DAY)
        for name, place in taken
    )
    one = record(AUTOMATIC, THREE_MONTHS, SuspensionClause(extends=extends), steps=steps)
    span, found = Span.around(today), drawn(one, today)
    for place in range(0, (today - span.start).days + 1, 7):
        asked = span.start + place * DAY
        now = standing_of(one, POLICY, asked, KNOWN)
        shown = [each for each in found.stretches if each.start <= asked < each.end]
        if now.state in ENDED or now.state is AgreementState.DRAFT:
            assert shown == []
            continue
        (each,) = shown
        assert (each.kind is StretchKind.SUSPENDED) is (now.state is AgreementState.SUSPENDED)
        assert (each.kind is StretchKind.ENDING) is (now.state is AgreementState.NOTICE_GIVEN)
        assert (each.kind is StretchKind.SIGNED) is (now.state is AgreementState.SIGNED)
        assert (each.term and each.term.number) == (now.term and now.term.number)
    for before, after in zip(found.stretches, found.stretches[1:], strict=False):
        assert before.end <= after.start


# the page


@pytest.fixture(scope="module")
def example() -> tuple[Program, list[AgreementRecord]]:
    """The agreements of the example, one suspended, one with a notice that came a day late."""
    program = load_program(EXAMPLE / "channel-2026.toml")
    agreements = load_agreements(EXAMPLE / "agreements.toml", read_at=KNOWN)
    steps = {
        "US-002": (step(AgreementAction.SUSPEND, day(2026, 6, 10)),),
        "JP-002": (step(AgreementAction.GIVE_NOTICE, JULY),),
    }
    return program, [AgreementRecord(agreement=one, steps=steps.get(one.id, ())) for one in agreements]


def made(example: tuple[Program, list[AgreementRecord]], locale: str = "en", on: datetime.date = JULY) -> str:
    program, records = example
    assert program.contracts is not None
    due = [
        each for one in records for each in due_of(one, program.contracts, on, KNOWN, after=day(2026, 5, 31))
    ]
    return contracts_page(program, records, on, KNOWN, due, locale)


@pytest.mark.parametrize("locale", ["en", "ja", "zh", "de"])
def test_the_page_is_whole_and_needs_no_network_and_no_script(
    example: tuple[Program, list[AgreementRecord]], locale: str
) -> None:
    html = made(example, locale)
    reader = read(html)
    assert not {"script", "link", "iframe", "object", "img"} & set(reader.tags)
    assert not [value for _, value in reader.attributes if re.search(r"https?:|//", value)]
    assert "url(" not in html
    assert "default-src 'none'" in html


def test_every_row_of_the_picture_is_told_in_words_and_every_link_leads_somewhere(
    example: tuple[Program, list[AgreementRecord]],
) -> None:
    html = made(example)
    reader, labels = read(html), re.findall(r'class="track" role="img" aria-label="([^"]*)"', html)
    (late,) = (one for one in labels if one.startswith("renewed"))
    assert "a term that is certain to follow: renewal 2: August 1, 2026 to July 31, 2027" in late
    assert (
        "renewal 2 can be stopped until June 29, 2026 by every reading, and until June 30, 2026 by some"
        in late
    )
    assert "notice of partner on July 1, 2026" in late
    assert len(labels) == 8
    links = {value for name, value in reader.attributes if name == "href"}
    assert links == {f"#{value}" for name, value in reader.attributes if name == "id"}
    assert reader.tags.count("details") == reader.tags.count("summary") == 8


HAPPENED = {
    (AgreementAction.GIVE_NOTICE, Purpose.STOP_RENEWAL): "June 1, 2026: notice of partner, recorded by kim: no further term follows",
    (AgreementAction.GIVE_NOTICE, Purpose.CONVENIENCE): "June 1, 2026: notice of partner, recorded by kim: it is over from July 10, 2026 on",
    (AgreementAction.GIVE_NOTICE, Purpose.CAUSE): "June 1, 2026: notice of partner for a breach, recorded by kim",
    (AgreementAction.AGREE_RENEWAL, None): "June 1, 2026: renewal 1 agreed to, recorded by kim",
    (AgreementAction.TERMINATE, None): "June 1, 2026: terminated, recorded by kim (they <b>left</b>)",
}  # fmt: skip


@pytest.mark.parametrize(("what", "said"), HAPPENED.items())
def test_what_happened_is_told(what: tuple[AgreementAction, Purpose | None], said: str) -> None:
    action, purpose = what
    taken = AgreementStep(
        action=action, on=day(2026, 6, 1), at=SIGNED, by="kim", party="partner", purpose=purpose,
        last_term=0 if purpose is Purpose.STOP_RENEWAL else None, ends=day(2026, 7, 10) if purpose is Purpose.CONVENIENCE else None,
        term=1 if action is AgreementAction.AGREE_RENEWAL else None, reason="they <b>left</b>" if action is AgreementAction.TERMINATE else None,
    )  # fmt: skip
    assert said in read(contracts_page(PROGRAM, [record(AUTOMATIC, steps=(taken,))], JULY, KNOWN)).texts


def test_it_says_that_the_sample_is_made_up(example: tuple[Program, list[AgreementRecord]]) -> None:
    for locale, said in (("en", "made up"), ("ja", "架空"), ("zh", "虚构")):
        assert said in read(made(example, locale)).texts[0]


def test_what_is_due_has_its_day_its_last_day_and_who_is_told(
    example: tuple[Program, list[AgreementRecord]],
) -> None:
    """By hand: a month before 30 July, the safe day, is 30 June."""
    texts = read(made(example)).texts
    start = texts.index("What is due on July 1, 2026")
    shown = texts[start + 5 : texts.index("Agreements over time")]
    rows = [shown[place : place + 4] for place in range(0, len(shown), 4)]
    said = "GB-002: the next term can be stopped until July 30, 2026"
    assert ["June 30, 2026", said, "July 30, 2026", "mori"] in rows
    assert ["July 1, 2026", "JP-002: renewal 2 is certain", "·", "mori"] in rows


def test_the_table_says_what_the_picture_shows(example: tuple[Program, list[AgreementRecord]]) -> None:
    texts = read(made(example)).texts
    start = texts.index("too late after") + 2
    assert texts[start : start + 8] == [
        "JP-001", "株式会社さくら輪業（見本）", "reseller", "active", "September 20, 2026", "July 19, 2026", "July 20, 2026", "·",
    ]  # fmt: skip


def test_an_agreement_is_explained_with_every_reading_its_sources_and_what_gave_way(
    example: tuple[Program, list[AgreementRecord]],
) -> None:
    texts = read(made(example)).texts
    assert "clear, the day of the notice and the last day not counted: July 19, 2026" in texts
    assert any("Daishin-in" in text for text in texts)
    assert (
        "recommended: July 17, 2026, the last business day by then (tokyo (Japan, written by hand))" in texts
    )
    assert "payment: MSA 6.2 holds" in texts
    assert "Policy-7 4 gives way: its document is of a lower class" in texts
    assert "Amendment-2 1 does not count: its document is not signed" in texts
    assert "not signed" in texts
    assert "June 10, 2026: suspended by kim" in texts
    assert "July 1, 2026: notice of partner, recorded by kim: it ends nothing" in texts


@pytest.mark.parametrize("locale", ["ja", "zh"])
def test_a_page_in_one_language_has_no_words_of_another(
    example: tuple[Program, list[AgreementRecord]], locale: str
) -> None:
    """Apart from ids, names, titles, and the sources, which are quoted as they are."""
    program, records = example
    named = {
        program.full_name,
        "kim",
        "mori",
        "legal",
        "partner",
        "master",
        "amendment",
        "policy",
        "UTC",
        "post",
    }
    for one in records:
        made_of = one.agreement
        named |= {made_of.id, *(each.name for each in made_of.parties)}
        for document in made_of.documents:
            named |= {document.id, document.title or ""}
        named |= {part for each in made_of.provisions for part in (each.key, each.number or "")}
    assert program.contracts is not None
    named |= {one.pinned for one in program.contracts.calendars.values()} | set(PERIOD_RULES)
    zones = r"[A-Z][a-z]+/[A-Za-z_]+"
    for text in read(made(example, locale)).texts:
        if text.startswith(("出典：", "依据：")):
            continue
        for name in sorted(named, key=len, reverse=True):
            text = text.replace(name, "") if name else text
        assert not re.findall("[A-Za-z]{2,}", re.sub(zones, "", text)), text


def test_every_name_is_escaped() -> None:
    names = [name for name in HOSTILE if name.isprintable()]
    records = [
        AgreementRecord(
            agreement=agreement(AUTOMATIC, THREE_MONTHS, name=name, id=f"A-{place} {name}"),
            steps=(attrs.evolve(step(AgreementAction.SUSPEND, MAY), reason=name),),
        )
        for place, name in enumerate(names)
    ]
    due = [each for one in records for each in due_of(one, POLICY, JULY, KNOWN, after=day(2025, 9, 1))]
    html = contracts_page(PROGRAM, records, JULY, KNOWN, due)
    reader = read(html)
    assert len(names) >= 4
    assert not {"script", "img", "b/"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert "<script" not in html
    assert any(names[0] in text for text in reader.texts)


def test_a_page_of_nothing_says_so() -> None:
    texts = read(contracts_page(PROGRAM, [], JULY, KNOWN)).texts
    assert "agreements on July 1, 2026: 0" in texts
    assert texts.count("Nothing.") == 3


def test_a_calendar_that_does_not_reach_so_far_is_said_and_the_rest_is_shown(
    example: tuple[Program, list[AgreementRecord]],
) -> None:
    texts = read(made(example, on=day(2027, 6, 1))).texts
    assert any("2027" in text and "tokyo" in text for text in texts)
    assert "JP-001 on June 1, 2027: active" in texts


def test_those_that_have_to_be_looked_at_first_are_shown_where_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch, example: tuple[Program, list[AgreementRecord]]
) -> None:
    monkeypatch.setattr(contracts, "MOST_AGREEMENTS", 2)
    texts = read(made(example)).texts
    start = texts.index("too late after") + 2
    assert [texts[start], texts[start + 8]] == ["JP-001", "GB-002"]  # 20 and 31 July
    assert texts.count("and 6 more") == 3


def test_what_notice_without_a_reason_would_do_today_is_said(
    example: tuple[Program, list[AgreementRecord]],
) -> None:
    """HGB 89: in the fourth year three months, to the end of a calendar month: from 1 July over 1 October to the 31st."""
    texts = read(made(example)).texts
    said = "When notice without a reason, received on July 1, 2026, would end it"
    assert texts.count(said) == 1  # of DE-001 only
    over = "by the notice received on July 1, 2026 the agreement is over at the end of October 31, 2026"
    assert texts[texts.index(said) + 1] == over


def test_a_law_in_another_zone_is_said_with_the_deadline() -> None:
    law = LawClause(law="DE", zone="Europe/Berlin")
    texts = read(contracts_page(PROGRAM, [record(AUTOMATIC, THREE_MONTHS, law)], MAY, KNOWN)).texts
    assert "too late from 2026-06-30 00:00 Europe/Berlin on" in texts
