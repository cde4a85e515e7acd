"""Agreements that live: steps as they are allowed, and how they stand."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
from hypothesis import strategies as st

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    Document,
    Party,
    Provision,
    Renews,
    Runs,
    Struck,
    SuspensionClause,
    amended,
)
from prmcore.contracts.lifecycle import (
    CALENDAR,
    AgreementAction,
    AgreementMoved,
    AgreementRecord,
    AgreementStep,
    AgreementTaken,
    ContractPolicy,
    Course,
    Due,
    MoveFacts,
    Purpose,
    Reminders,
    Standing,
    course_on,
    due,
    given,
    moved,
    standing,
    taken,
    tidied,
)
from prmcore.contracts.notice import NoticeClause, Reading
from prmcore.contracts.terms import Extends, RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.errors import InvalidInput
from prmcore.testing._notice import business_calendars, given_notices
from prmcore.values import Length

__all__ = ["KNOWN", "STRATEGIES", "contract_policies", "courses", "lives", "papers", "records", "takens"]


Strategy = st.SearchStrategy

_A = AgreementAction
_DAY = datetime.timedelta(days=1)
_ACTIONS = tuple(one for one in _A if one not in CALENDAR)
_FIRST, _LAST = datetime.date(2024, 1, 1), datetime.date(2025, 12, 31)
KNOWN = datetime.datetime(2035, 1, 1, tzinfo=datetime.UTC)  # when all of the papers and steps below is known
_PLAIN = ContractPolicy()
Life = tuple[Course, tuple[AgreementStep, ...], datetime.date]  # with a day to ask for


@st.composite
def courses(draw: st.DrawFn, kinds: Sequence[RenewalKind] = tuple(RenewalKind)) -> Course:
    """Of these kinds of renewal, with and without a notice that stops it."""
    kind = draw(st.sampled_from(kinds))
    has_terms = kind in (RenewalKind.AUTOMATIC, RenewalKind.OPT_IN)
    notice = draw(st.sampled_from((None, "7 days", "30 days", "1 month")))
    return Course(
        agreement="a-1",
        timetable=Timetable(
            clause=TermClause(
                start=draw(st.dates(_FIRST, _LAST)),
                length=Length.of(draw(st.sampled_from(("1 month", "45 days", "6 months", "1 year")))),
            ),
            renewal=RenewalClause(
                kind=kind, at_most=draw(st.sampled_from((None, 1, 3))) if has_terms else None
            ),
        ),
        notices=()
        if notice is None
        else (NoticeClause(notice=Length.of(notice), reading=draw(st.none() | st.sampled_from(Reading))),),
        extends=draw(st.sampled_from((Extends.NOTHING, Extends.LATER_TERMS))),
    )


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """An agreement that was signed, the steps that its state allowed, and a day."""
    course = draw(courses())
    start = course.timetable.clause.start
    steps: tuple[AgreementStep, ...] = (_step(_A.APPROVE, start - 2 * _DAY), _step(_A.SIGN, start - _DAY))
    day = start
    for _ in range(draw(st.integers(0, 5))):
        day += _DAY * draw(st.integers(0, 200))
        steps = moved(course, steps, draw(_steps(course, day))).steps
    return course, steps, start + _DAY * draw(st.integers(-10, 900))


@st.composite
def _steps(draw: st.DrawFn, course: Course, day: datetime.date) -> AgreementStep:
    action = draw(st.sampled_from(_ACTIONS))
    if action in (_A.AGREE_RENEWAL, _A.MEET_CONDITION):
        return _step(action, day, term=draw(st.integers(1, 3)))
    if action is not _A.GIVE_NOTICE:
        return _step(action, day)
    purpose = draw(st.sampled_from(Purpose))
    if purpose is Purpose.CONVENIENCE:
        return _step(action, day, purpose=purpose, ends=day + _DAY * draw(st.integers(0, 60)))
    term = course.timetable.term_on(day)
    if purpose is Purpose.STOP_RENEWAL and term is not None:
        return _step(action, day, purpose=purpose, last_term=term.number + draw(st.integers(0, 1)))
    return _step(action, day, purpose=purpose)


def _step(action: AgreementAction, on: datetime.date, **more: Any) -> AgreementStep:
    at = datetime.datetime.combine(on, datetime.time(12), datetime.UTC)
    return AgreementStep(action=action, on=on, at=at, by="clerk", **more)


@st.composite
def papers(draw: st.DrawFn, most_amended: int = 3) -> Agreement:
    """Signed, and amended while it runs: another renewal, another notice, another end of the term that runs."""
    course = draw(courses())
    start, notices = course.timetable.clause.start, course.notices
    said: dict[str, Any] = {
        "term": Runs(term=course.timetable.clause), "renewal": Renews(renewal=course.timetable.renewal),
        "suspension": SuspensionClause(extends=course.extends), "non-renewal": notices[0] if notices else Struck(),
    }  # fmt: skip
    one = Agreement(
        id="a-1",
        kind=draw(st.sampled_from(AgreementKind)),
        partner="acme",
        parties=(
            Party(role="partner", id="acme", name="株式会社サンプル"),
            Party(role="vendor", id="us", name="Us"),
        ),
        documents=(_paper("master", start - _DAY * draw(st.integers(0, 9))),),
        provisions=tuple(Provision(key=key, clause=said[key], document="master") for key in said),
    )
    day = start
    for place in range(draw(st.integers(0, most_amended))):
        day += _DAY * draw(st.integers(1, 300))
        one = _followed(draw, one, _paper(f"amendment-{place}", day), day) or one
    return one


def _paper(id: str, signed_on: datetime.date) -> Document:
    since = datetime.datetime.combine(signed_on, datetime.time(), datetime.UTC)
    return Document(id=id, document_class=id.partition("-")[0], known_since=since, signed_on=signed_on)


def _followed(draw: st.DrawFn, one: Agreement, paper: Document, day: datetime.date) -> Agreement | None:
    """The agreement with an amendment; None where there is nothing left to amend, or nothing could be followed."""
    course = course_on(one, day, KNOWN)
    running = None if course is None else course.timetable.term_on(day)
    if running is None:
        return None
    length = draw(st.sampled_from(("1 month", "45 days", "1 year")).map(Length.of))
    kind = draw(st.sampled_from(RenewalKind))
    renewal = RenewalClause(kind=kind)
    if renewal.has_terms:
        renewal = attrs.evolve(renewal, lengths=(length,), at_most=draw(st.none() | st.integers(1, 4)))
    last_day = day + _DAY * draw(st.integers(0, 400))
    notice = draw(st.sampled_from(("7 days", "30 days", "3 months")).map(Length.of))
    changes: dict[str, Any] = {
        "renewal": Renews(renewal=renewal), "non-renewal": NoticeClause(notice=notice, reading=Reading.EXCLUSIVE_END),
        "term": Runs(term=TermClause(start=running.start, last_day=last_day)),
    }  # fmt: skip
    keys = draw(
        st.sampled_from((("renewal",), ("non-renewal",), ("term", "renewal"), ("non-renewal", "renewal")))
    )
    made = amended(one, paper, [Provision(key=key, clause=changes[key], document=paper.id) for key in keys])
    try:
        course_on(made, day, KNOWN)
    except InvalidInput:
        return None
    return made


@st.composite
def records(draw: st.DrawFn, most_steps: int = 4) -> AgreementRecord:
    """Paper that is amended, and the steps that its state allowed; the day on which something is due next is there."""
    paper = draw(papers())
    record, day = AgreementRecord(agreement=paper), paper.documents[0].signed_on
    assert day is not None
    for _ in range(draw(st.integers(0, most_steps))):
        day += _DAY * draw(st.integers(0, 200))
        course = course_on(paper, day, KNOWN)
        assert course is not None
        step = draw(_steps(course, day))
        record = taken(record, _PLAIN, step).record
    told = attrs.evolve(record, told_until=draw(st.none() | st.dates(_FIRST, _LAST)))
    return tidied(told, _PLAIN, KNOWN)


def contract_policies() -> Strategy[ContractPolicy]:
    """With and without a calendar that is drawn."""
    return st.builds(
        ContractPolicy,
        zone=st.sampled_from(("UTC", "Asia/Tokyo", "America/Sao_Paulo")),
        calendars=st.just({})
        | business_calendars().map(lambda one: {"house": attrs.evolve(one, name="house")}),
        reminders=_reminders(),
        qualifying=st.frozensets(st.sampled_from(AgreementKind), min_size=1),
    )


@st.composite
def takens(draw: st.DrawFn) -> AgreementTaken:
    """What comes of a step, or of a notice where there is a term that it could stop."""
    record = attrs.evolve(draw(records()), steps=())
    day = record.agreement.documents[0].signed_on
    assert day is not None
    day += _DAY * draw(st.integers(0, 400))
    at = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
    try:
        return given(record, _PLAIN, draw(given_notices(at)), at=KNOWN, by="clerk")
    except InvalidInput:
        return taken(record, _PLAIN, _step(_A.SUSPEND, day))


def _reminders() -> Strategy[Reminders]:
    lengths = st.lists(st.sampled_from(("1 week", "30 days", "3 months")).map(Length.of), max_size=2).map(
        tuple
    )
    return st.builds(
        Reminders, before_deadline=lengths, before_end=lengths, owner=st.sampled_from((None, "legal"))
    )


def _standings() -> Strategy[Standing]:
    return lives().map(lambda life: standing(*life))


def _dues() -> Strategy[Due]:
    found = lives().map(
        lambda life: due(life[0], life[1], life[0].timetable.clause.start, after=_FIRST - _DAY)
    )
    return found.filter(bool).map(lambda items: items[0])


def _moved() -> Strategy[AgreementMoved]:
    return lives().map(lambda life: moved(*life[:2], life[1][-1]))


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    AgreementMoved: _moved,
    AgreementRecord: records,
    AgreementStep: lambda: lives().map(lambda life: life[1][-1]),
    AgreementTaken: takens,
    ContractPolicy: contract_policies,
    Course: courses,
    Due: _dues,
    MoveFacts: lambda: _standings().map(lambda one: MoveFacts(state=one.state)),
    Reminders: _reminders,
    Standing: _standings,
}
