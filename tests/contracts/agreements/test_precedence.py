"""Which paper holds: by class, by the tie-break inside a class, by what was known; and why the others do not."""

import datetime
import itertools
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    AgreementTerms,
    AlreadySigned,
    Document,
    Lost,
    OtherClause,
    Paper,
    Party,
    PaymentClause,
    Point,
    PointOutcome,
    Precedence,
    PrecedenceClause,
    Provision,
    Struck,
    TieBreak,
    WhyLost,
    amended,
    redrafted,
    resolved,
)
from prmcore.contracts.agreements.said import said_of_point
from prmcore.decisions import Rule, Truth
from prmcore.decisions.explain import explain, put_into_words
from prmcore.errors import InvalidInput
from prmcore.values import DateRange, Length, Text
from prmcore.values.wire import from_plain, to_plain

D = datetime.date
PARTIES = (
    Party(role="vendor", id="vendor", name="Vendor", country="JP"),
    Party(role="partner", id="acme", name="Acme", country="DE"),
)


def at(year: int, month: int, day: int) -> datetime.datetime:
    return datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC)


NOW, DAY = at(2030, 1, 1), D(2026, 1, 1)


def paper(
    name: str, kind: str, signed: D | None, known: datetime.datetime | None = None, **more: Any
) -> Document:
    since = known or datetime.datetime.combine(signed or D(2024, 1, 1), datetime.time(), datetime.UTC)
    return attrs.evolve(Document(id=name, document_class=kind, known_since=since, signed_on=signed), **more)


def pays(document: str, days: int, **more: Any) -> Provision:
    clause = PaymentClause(within=Length.of(f"{days} days"))
    return attrs.evolve(Provision(key="payment", clause=clause, document=document, number="5.1"), **more)


def order(*classes: str, within: TieBreak = TieBreak.LATEST_WRITING) -> Provision:
    clause = PrecedenceClause(classes=classes, within=within)
    return Provision(key="precedence", clause=clause, document="master", number="14.2")


def agreement(documents: tuple[Document, ...], *provisions: Provision) -> Agreement:
    return Agreement(
        id="A-1", kind=AgreementKind.RESELLER, partner="acme", parties=PARTIES, documents=documents,
        provisions=provisions,
    )  # fmt: skip


MASTER = paper("master", "master", D(2024, 4, 1))
ORDER_1 = paper("order-1", "order", D(2025, 1, 10))
ORDER_2 = paper("order-2", "order", D(2025, 6, 10))


def payment(
    one: Agreement, on: D = DAY, known: datetime.datetime = NOW
) -> tuple[str | None, dict[str, WhyLost]]:
    point = resolved(one, on, known).point("payment")
    lost = {each.provision.document: each.why for each in point.lost}
    return (point.provision.document if point.provision else None), lost


def test_without_an_order_of_precedence_the_latest_writing_wins() -> None:
    one = agreement((MASTER, ORDER_1), pays("master", 30), pays("order-1", 60))
    assert payment(one) == ("order-1", {"master": WhyLost.EARLIER_WRITING})


def test_the_higher_class_wins_over_the_later_writing() -> None:
    one = agreement((MASTER, ORDER_1), pays("master", 30), pays("order-1", 60), order("master", "order"))
    assert payment(one) == ("master", {"order-1": WhyLost.LOWER_CLASS})


def test_a_class_that_the_order_does_not_name_goes_last() -> None:
    letter = paper("letter", "side-letter", D(2025, 9, 1))
    one = agreement((MASTER, letter), pays("master", 30), pays("letter", 10), order("master", "order"))
    assert payment(one) == ("master", {"letter": WhyLost.LOWER_CLASS})


def test_task_orders_go_in_reverse_chronological_order() -> None:
    """As in the clause of Virgin Galactic's agreement: "Task Orders in reverse chronological order"."""
    early = attrs.evolve(ORDER_1, effective_from=D(2025, 8, 1))  # signed first, in effect last
    late = attrs.evolve(ORDER_2, effective_from=D(2025, 7, 1))
    said = (pays("order-1", 60), pays("order-2", 90), order("master", "order", within=TieBreak.LATEST_EFFECT))
    assert payment(agreement((MASTER, early, late), *said)) == (
        "order-1",
        {"order-2": WhyLost.EARLIER_EFFECT},
    )


def test_a_stated_rank_goes_before_the_day_of_signature() -> None:
    first, second = attrs.evolve(ORDER_1, rank=1), attrs.evolve(ORDER_2, rank=2)
    said = (pays("order-1", 60), pays("order-2", 90), order("order", within=TieBreak.STATED_RANK))
    assert payment(agreement((MASTER, first, second), *said)) == ("order-1", {"order-2": WhyLost.LOWER_RANK})


def test_documents_are_read_together_and_only_the_point_in_conflict_is_overridden() -> None:
    law = Provision(key="notes", clause=Struck(), document="master")
    one = agreement((MASTER, ORDER_1), pays("master", 30), law, pays("order-1", 60))
    terms = resolved(one, D(2026, 1, 1), NOW)
    assert [(point.key, point.provision and point.provision.document) for point in terms.points] == [
        ("notes", "master"),
        ("payment", "order-1"),
    ]


def test_two_papers_of_equal_rank_that_differ_are_ambiguous_and_nothing_is_picked() -> None:
    twin = attrs.evolve(ORDER_1, id="order-1b")
    point = resolved(
        agreement((ORDER_1, twin), pays("order-1", 60), pays("order-1b", 90)), D(2026, 1, 1), NOW
    ).points[0]
    assert (point.outcome, point.provision) == (PointOutcome.AMBIGUOUS, None)
    assert [one.document for one in point.candidates] == ["order-1", "order-1b"]


def test_two_papers_of_equal_rank_that_say_the_same_are_no_conflict() -> None:
    twin = attrs.evolve(ORDER_1, id="order-1b")
    one = agreement((ORDER_1, twin), pays("order-1", 60), pays("order-1b", 60))
    assert payment(one) == ("order-1", {})


def test_an_amendment_that_became_known_late_changes_the_past_only_for_who_knows_of_it() -> None:
    amendment = paper("amendment", "amendment", D(2025, 3, 1), known=at(2025, 5, 1))
    one = agreement((MASTER, amendment), pays("master", 30), pays("amendment", 45))
    assert payment(one, D(2025, 4, 1), at(2025, 4, 30)) == ("master", {"amendment": WhyLost.NOT_KNOWN})
    assert payment(one, D(2025, 4, 1), at(2025, 5, 1)) == ("amendment", {"master": WhyLost.EARLIER_WRITING})


def test_what_nobody_signed_and_what_is_not_yet_or_no_longer_in_force_does_not_hold() -> None:
    draft = paper("draft", "amendment", None)
    year = DateRange.of_days(D(2025, 1, 1), D(2025, 12, 31))
    said = (
        pays("master", 30), pays("draft", 1), pays("order-1", 60, effective=year),
        pays("order-2", 90, effective=DateRange(D(2027, 1, 1))),
    )  # fmt: skip
    one = agreement((MASTER, draft, ORDER_1, ORDER_2), *said)
    assert payment(one) == (
        "master",
        {"draft": WhyLost.UNSIGNED, "order-1": WhyLost.OVER, "order-2": WhyLost.NOT_YET},
    )
    assert payment(one, D(2025, 12, 31))[0] == "order-1"


def test_a_provision_of_a_document_that_there_is_not_does_not_hold() -> None:
    assert payment(agreement((MASTER,), pays("lost", 30))) == (None, {"lost": WhyLost.NO_DOCUMENT})


def test_a_point_that_an_amendment_struck_out_holds_no_longer() -> None:
    struck = Provision(key="payment", clause=Struck(), document="order-1")
    point = resolved(agreement((MASTER, ORDER_1), pays("master", 30), struck), D(2026, 1, 1), NOW).point(
        "payment"
    )
    assert (point.outcome, [one.why for one in point.lost]) == (
        PointOutcome.STRUCK,
        [WhyLost.EARLIER_WRITING],
    )


def test_the_order_of_precedence_is_itself_amended_by_the_latest_writing() -> None:
    amendment = paper("amendment", "amendment", D(2025, 12, 1))
    turned = attrs.evolve(order("order", "master"), document="amendment")
    one = agreement(
        (MASTER, ORDER_1, amendment),
        pays("master", 30),
        pays("order-1", 60),
        order("master", "order"),
        turned,
    )
    assert payment(one, D(2025, 11, 30))[0] == "master"
    assert payment(one, D(2025, 12, 1))[0] == "order-1"


@settings(max_examples=60)
@given(st.data())
def test_in_which_order_amendments_are_replayed_changes_nothing(data: st.DataObject) -> None:
    days = st.dates(D(2024, 4, 1), D(2024, 4, 4))
    papers = [
        paper(f"p{n}", data.draw(st.sampled_from(["amendment", "order"])), data.draw(days)) for n in range(3)
    ]
    said = [pays(one.id, data.draw(st.sampled_from([10, 20]))) for one in papers]
    base = agreement((MASTER,), pays("master", 30), order("amendment", "master", "order"))
    found = set()
    for way in itertools.permutations(zip(papers, said, strict=True)):
        one = base
        for document, provision in way:
            one = amended(one, document, [provision])
        found.add(resolved(one, D(2024, 4, 3), NOW).points)
    assert len(found) == 1


def test_a_signed_agreement_is_not_drafted_anew() -> None:
    with pytest.raises(AlreadySigned, match="signed on 2024-04-01; accepted: an amendment"):
        redrafted(agreement((MASTER,), pays("master", 30)), [])


def test_a_draft_is_drafted_anew_and_not_amended() -> None:
    draft = agreement((paper("master", "master", None),), pays("master", 30))
    assert redrafted(draft, [pays("master", 45)]).provisions == (pays("master", 45),)
    with pytest.raises(InvalidInput, match="found a draft"):
        amended(draft, ORDER_1, [])


def test_the_same_amendment_twice_changes_nothing_and_another_of_its_id_is_refused() -> None:
    once = amended(agreement((MASTER,), pays("master", 30)), ORDER_1, [pays("order-1", 60)])
    assert amended(once, ORDER_1, [pays("order-1", 60)]) == once
    with pytest.raises(InvalidInput) as refused:
        amended(once, ORDER_1, [pays("order-1", 61), pays("master", 1)])
    assert [fault.path for fault in refused.value.faults] == ["provisions[1].document", "document.id"]


def test_an_agreement_goes_through_plain_values_without_loss() -> None:
    one = agreement(
        (MASTER, ORDER_1), pays("master", 30), order("master", "order"), pays("order-1", 60, page=3)
    )
    assert from_plain(to_plain(one), Agreement) == one


WORDS = {
    "en": ["A-1 on January 1, 2026, as known at 2030-01-01 12:00 UTC", "✓ payment: order-1 5.1 holds",
           "master 5.1 gives way: it was signed earlier"],
    "ja": ["A-1：2026年1月1日 時点（2030-01-01 12:00 UTC までの把握に基づく）", "✓ payment：order-1 5.1 が適用される",
           "master 5.1 は劣後：署名日が先"],
    "zh": ["A-1：2026年1月1日 的状况（以 2030-01-01 12:00 UTC 所知为准）", "✓ payment：适用 order-1 5.1",
           "master 5.1 让位：签署较早"],
}  # fmt: skip


@pytest.mark.parametrize("locale", WORDS)
def test_what_holds_and_what_does_not_is_said_in_three_languages(locale: str) -> None:
    one = agreement((MASTER, ORDER_1), pays("master", 30), pays("order-1", 60))
    decision = Precedence().decide(Paper(agreement=one, known=NOW), D(2026, 1, 1))
    assert [line.strip() for line in explain(decision, locale).lines()] == WORDS[locale]
    assert [reason.truth for reason in decision.reasons] == [Truth.MET]


def test_where_two_papers_state_different_orders_a_conflict_that_they_decide_differently_is_ambiguous() -> (
    None
):
    twin = attrs.evolve(MASTER, id="master-b")
    other = attrs.evolve(order("order", "master"), document="master-b")
    one = agreement(
        (MASTER, twin, ORDER_1), order("master", "order"), other, pays("master", 30), pays("order-1", 60)
    )
    point = resolved(one, D(2026, 1, 1), NOW).point("payment")
    assert point.outcome is PointOutcome.AMBIGUOUS
    assert {each.document for each in point.candidates} == {"master", "order-1"}


def test_what_was_resolved_is_kept_and_crosses_processes_without_loss() -> None:
    one = agreement((MASTER, ORDER_1), pays("master", 30), pays("order-1", 60), order("order", "master"))
    decision = Precedence().decide(Paper(agreement=one, known=NOW), DAY)
    terms = decision.outcome
    assert from_plain(to_plain(terms), AgreementTerms) == terms
    assert pickle.loads(pickle.dumps(decision)) == decision


def test_what_stands_at_one_place_twice_is_told_in_one_order_however_the_file_has_it() -> None:
    """Two orders of precedence and two payments of one paper, in words that differ in Japanese only: nothing decides."""
    said = (
        pays("master", 30), pays("master", 30, text=Text.of("net", ja="正味")), pays("master", 60),
        Provision(key="x", clause=OtherClause(words=Text.of("yearly", ja="毎年")), document="master"),
        Provision(key="x", clause=OtherClause(words=Text.of("yearly", ja="年一回")), document="master"),
        order("master", "order"), attrs.evolve(order("order", "master"), key="precedence-2"), pays("order-1", 90),
    )  # fmt: skip
    one = agreement((MASTER, ORDER_1), *said)
    turned = attrs.evolve(one, provisions=said[::-1])
    assert resolved(turned, DAY, NOW) == resolved(one, DAY, NOW)
    assert {
        point.outcome for point in resolved(one, D(2026, 1, 1), NOW).points if point.key in ("payment", "x")
    } == {PointOutcome.AMBIGUOUS}


def test_each_reason_why_a_provision_does_not_hold_is_said() -> None:
    lost = tuple(Lost(pays("order-1", 60), why) for why in WhyLost)
    point = Point(key="payment", outcome=PointOutcome.HOLDS, provision=pays("master", 30), lost=lost)
    assert [line.strip() for line in put_into_words(said_of_point(point), "en").lines()] == [
        "✓ payment: master 5.1 holds",
        "order-1 5.1 does not count: it was not known yet",
        "order-1 5.1 does not count: its document is not signed",
        "order-1 5.1 does not count: there is no such document",
        "order-1 5.1 does not count: it is not in force yet",
        "order-1 5.1 does not count: it is no longer in force",
        "order-1 5.1 gives way: its document is of a lower class",
        "order-1 5.1 gives way: it was signed earlier",
        "order-1 5.1 gives way: it took effect earlier",
        "order-1 5.1 gives way: its document has a lower rank",
    ]


@pytest.mark.parametrize(
    ("outcome", "truth", "words"),
    [
        (PointOutcome.HOLDS, Truth.MET, "✓ payment: master 5.1 holds"),
        (PointOutcome.STRUCK, Truth.UNMET, "✗ payment: struck out by master 5.1"),
        (PointOutcome.AMBIGUOUS, Truth.UNKNOWN, "? payment: ambiguous between order-1 5.1 and order-2 5.1; a person has to decide"),
        (PointOutcome.NOTHING, Truth.UNMET, "✗ payment: nothing is in force"),
    ],
)  # fmt: skip
def test_what_the_papers_come_to_is_said_and_is_a_reason(
    outcome: PointOutcome, truth: Truth, words: str
) -> None:
    two = (pays("order-1", 60), pays("order-2", 90))
    point = Point(key="payment", outcome=outcome, provision=pays("master", 30), candidates=two)
    assert put_into_words(said_of_point(point), "en").lines() == [words]
    decision = Precedence().decide(Paper(agreement=agreement((MASTER,)), known=NOW), DAY)
    terms = attrs.evolve(decision.outcome, points=(point,))
    (reason,) = Precedence().reasons(attrs.evolve(decision, outcome=terms))
    assert (reason.truth, reason.observed) == (truth, "master 5.1")
    assert isinstance(reason.criterion, Rule)
    assert reason.criterion.name == "payment"
    answer: Any = reason.criterion.function
    assert answer(decision.facts, DAY) is truth


def test_a_decision_keeps_the_policy_the_facts_and_the_day() -> None:
    paper_of = Paper(agreement=agreement((MASTER,), pays("master", 30)), known=NOW)
    decision = Precedence().decide(paper_of, DAY)
    assert (decision.policy, decision.facts, decision.as_of, decision.mask) == (
        Precedence("agreements/precedence"), paper_of, DAY, 0,
    )  # fmt: skip
    terms = decision.outcome
    assert (terms.agreement, terms.on, terms.known) == ("A-1", DAY, NOW)
    assert terms.point("notes") == Point(key="notes", outcome=PointOutcome.NOTHING)
    assert terms.clauses(PaymentClause) == {"payment": PaymentClause(within=Length.of("30 days"))}
    assert terms.clauses(PrecedenceClause) == {}


@pytest.mark.parametrize("record", [AgreementTerms, Paper, Point])
def test_what_is_asked_and_what_is_found_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_a_clause_that_was_struck_out_is_none_that_holds() -> None:
    struck = Provision(key="payment", clause=Struck(), document="master")
    assert resolved(agreement((MASTER,), struck), DAY, NOW).clauses(Struck) == {}


def test_a_day_with_a_time_and_an_instant_without_a_zone_are_refused_by_name() -> None:
    one, no_zone = agreement((MASTER,)), datetime.datetime(2026, 1, 1)
    with pytest.raises(InvalidInput, match=r"^on: found"):
        resolved(one, no_zone, NOW)
    with pytest.raises(InvalidInput, match=r"^known: found"):
        resolved(one, DAY, no_zone)
    with pytest.raises(InvalidInput, match=r"^known: found"):
        Paper(agreement=one, known=no_zone)


def test_an_instant_is_kept_in_utc() -> None:
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    known = resolved(agreement((MASTER,)), DAY, NOW.astimezone(tokyo)).known
    assert known.isoformat() == "2030-01-01T12:00:00+00:00"


def test_a_provision_may_say_from_when_it_holds_whatever_its_document_says() -> None:
    early = pays("order-1", 60, effective=DateRange(D(2024, 6, 1)))  # signed on 10 January 2025
    one = agreement((MASTER, ORDER_1), pays("master", 30), early)
    assert [payment(one, day)[0] for day in (D(2024, 5, 31), D(2024, 6, 1))] == ["master", "order-1"]
    until = pays("order-1", 60, effective=DateRange(None, D(2025, 3, 1)))  # from its document on
    one = agreement((MASTER, ORDER_1), pays("master", 30), until)
    days = (D(2025, 1, 9), D(2025, 1, 10), D(2025, 2, 28), D(2025, 3, 1))
    assert [payment(one, day)[0] for day in days] == ["master", "order-1", "order-1", "master"]


def test_a_provision_that_became_known_after_its_document_does_not_hold_before() -> None:
    later = pays("master", 30, known_since=at(2025, 5, 1))
    assert payment(agreement((MASTER,), later), DAY, at(2025, 4, 30)) == (
        None, {"master": WhyLost.NOT_KNOWN},
    )  # fmt: skip
    assert payment(agreement((MASTER,), later), DAY, at(2025, 5, 1)) == ("master", {})
    sooner = pays("master", 30, known_since=at(2020, 1, 1))  # nobody knows it before its document
    assert payment(agreement((MASTER,), sooner), DAY, at(2024, 3, 31))[0] is None


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [(10_000, None, "order-1"), (None, 10_000, "order-2"), (2, 1, "order-2"), (3, 3, None), (None, None, None)],
)  # fmt: skip
def test_a_paper_without_a_stated_rank_goes_after_all_that_have_one(
    first: int | None, second: int | None, winner: str | None
) -> None:
    papers = (attrs.evolve(ORDER_1, rank=first), attrs.evolve(ORDER_2, rank=second))
    said = (pays("order-1", 60), pays("order-2", 90), order("order", within=TieBreak.STATED_RANK))
    assert payment(agreement((MASTER, *papers), *said))[0] == winner


def test_inside_a_class_the_latest_writing_wins_and_no_class_is_as_good_as_another() -> None:
    said = (pays("order-1", 60), pays("order-2", 90), pays("master", 30), order("order"))
    assert payment(agreement((MASTER, ORDER_1, ORDER_2), *said)) == (
        "order-2", {"order-1": WhyLost.EARLIER_WRITING, "master": WhyLost.LOWER_CLASS},
    )  # fmt: skip
    unnamed = (*said[:3], order("letter"))  # the order names neither: the latest writing of both
    assert payment(agreement((MASTER, ORDER_1, ORDER_2), *unnamed)) == (
        "order-2", {"order-1": WhyLost.EARLIER_WRITING, "master": WhyLost.EARLIER_WRITING},
    )  # fmt: skip


def test_the_same_order_of_two_papers_is_one_order() -> None:
    twin = attrs.evolve(MASTER, id="master-b")
    again = attrs.evolve(order("master", "order"), key="precedence-2", document="master-b")
    said = (order("master", "order"), again, pays("master", 30), pays("order-1", 60))
    assert payment(agreement((MASTER, twin, ORDER_1), *said)) == ("master", {"order-1": WhyLost.LOWER_CLASS})


def test_an_ambiguous_point_names_what_may_hold_and_only_the_others_as_lost() -> None:
    """By one order the master goes first, by the other the order; the letter goes last by both."""
    letter = paper("letter", "letter", D(2024, 4, 2))
    other = attrs.evolve(order("order", "master"), key="precedence-2")
    said = (order("master", "order"), other, pays("master", 30), pays("order-1", 60), pays("letter", 10))
    point = resolved(agreement((MASTER, ORDER_1, letter), *said), DAY, NOW).point("payment")
    assert (point.outcome, point.provision) == (PointOutcome.AMBIGUOUS, None)
    assert point.candidates == (pays("master", 30), pays("order-1", 60))
    assert point.lost == (Lost(pays("letter", 10), WhyLost.LOWER_CLASS),)


def test_orders_that_come_to_the_same_leave_nothing_open() -> None:
    other = attrs.evolve(order("letter", "master"), key="precedence-2")
    said = (order("master"), other, pays("master", 30), pays("order-1", 60))
    assert payment(agreement((MASTER, ORDER_1), *said)) == ("master", {"order-1": WhyLost.LOWER_CLASS})
