"""What holds of every agreement: nothing hangs on the order of its papers, and nothing on what was known later."""

import datetime
import json
from typing import Any, TypeVar

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts import agreements as public
from prmcore.contracts.agreements import (
    Agreement,
    AgreementTerms,
    PointOutcome,
    WhyLost,
    amended,
    lint_agreement,
    resolved,
)
from prmcore.testing import strategies
from prmcore.testing._agreements import Amendment, known_instants
from prmcore.values.wire import from_plain, to_plain

T = TypeVar("T")
RECORDS = [one for one in (getattr(public, name) for name in public.__all__) if isinstance(one, type) and attrs.has(one)]  # fmt: skip
DAYS = st.dates(datetime.date(2024, 3, 31), datetime.date(2024, 4, 10))
ERA = datetime.timedelta(days=146_097)  # 400 years, after which the calendar begins anew: 365 * 400 + 97


@pytest.mark.parametrize("record", [one for one in RECORDS if one is not public.Precedence])
@settings(max_examples=8)
@given(data=st.data())
def test_each_public_record_goes_through_json_without_loss(record: type, data: st.DataObject) -> None:
    drawn: Any = data.draw(strategies.of(record))
    assert from_plain(json.loads(json.dumps(to_plain(drawn))), record) == drawn


@settings(max_examples=40)
@given(strategies.agreements(signed=True), DAYS, known_instants(), st.data())
def test_in_which_order_papers_and_provisions_stand_changes_nothing(
    one: Agreement, on: datetime.date, known: datetime.datetime, data: st.DataObject
) -> None:
    shuffled = attrs.evolve(
        one,
        documents=tuple(data.draw(st.permutations(one.documents))),
        provisions=tuple(data.draw(st.permutations(one.provisions))),
    )
    assert resolved(shuffled, on, known) == resolved(one, on, known)


@settings(max_examples=35)
@given(
    strategies.agreements(signed=True, most_amended=0), strategies.amendments(), DAYS, known_instants(), st.data()
)  # fmt: skip
def test_amendments_replayed_in_any_order_come_to_the_same(
    one: Agreement,
    several: tuple[Amendment, ...],
    on: datetime.date,
    known: datetime.datetime,
    data: st.DataObject,
) -> None:
    def replayed(order: tuple[Amendment, ...]) -> Agreement:
        found = one
        for document, said in order:
            found = amended(found, document, said)
        return found

    there, back = replayed(several), replayed(tuple(data.draw(st.permutations(several))))
    assert resolved(there, on, known) == resolved(back, on, known)


@settings(max_examples=40)
@given(strategies.agreements(), DAYS, known_instants())
def test_what_became_known_later_plays_no_part(
    one: Agreement, on: datetime.date, known: datetime.datetime
) -> None:
    """The same comes out when all that was not known yet is taken away, but for its being named as not known."""
    since = {paper.id: paper.known_since for paper in one.documents}
    there = [said for said in one.provisions if max(since[said.document], said.known_since or known) <= known]
    found = resolved(one, on, known)
    without = resolved(attrs.evolve(one, provisions=tuple(there)), on, known)
    for point in found.points:
        lost = tuple(each for each in point.lost if each.why is not WhyLost.NOT_KNOWN)
        assert attrs.evolve(point, lost=lost) == without.point(point.key)


@settings(max_examples=35)
@given(strategies.agreements(), DAYS, known_instants())
def test_each_provision_is_in_one_place(one: Agreement, on: datetime.date, known: datetime.datetime) -> None:
    """It holds, says the same as what holds, is between others undecided, or lost."""
    for point in resolved(one, on, known).points:
        said = [each for each in one.provisions if each.key == point.key]
        lost = [each.provision for each in point.lost]
        kept = [each for each in said if each not in lost]
        assert len(lost) == len([each for each in said if each in lost])
        if point.outcome is PointOutcome.AMBIGUOUS:
            assert set(kept) == set(point.candidates)
        else:
            assert {each.clause for each in kept} == {point.provision.clause for _ in kept if point.provision}


def shifted(value: T) -> T:
    """The same, four hundred years on."""
    found: Any = value
    if isinstance(value, datetime.date):
        found = value + ERA
    elif isinstance(value, tuple):
        found = tuple(map(shifted, value))
    elif attrs.has(type(found)):
        names = [field.name for field in attrs.fields(type(found)) if field.init]
        found = attrs.evolve(found, **{name: shifted(getattr(value, name)) for name in names})
    return found  # type: ignore[no-any-return]


@settings(max_examples=40)
@given(strategies.agreements(), DAYS, known_instants())
def test_four_hundred_years_on_the_answer_is_the_same_four_hundred_years_on(
    one: Agreement, on: datetime.date, known: datetime.datetime
) -> None:
    later: AgreementTerms = resolved(shifted(one), on + ERA, known + ERA)
    assert later == shifted(resolved(one, on, known))
    findings = [(each.code, each.path) for each in lint_agreement(one)]
    assert [(each.code, each.path) for each in lint_agreement(shifted(one))] == findings
