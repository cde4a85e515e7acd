"""When somebody is told of an obligation or a minimum, until when it can be done, and who is told."""

from typing import Any

import attrs
import pytest
from tests.contracts.obligations.given import PEOPLE, REPORT, TABLE, D, done, measured

from prmcore.contracts.agreements import Yearly
from prmcore.contracts.obligations import (
    Commitments,
    Moment,
    MomentKind,
    Stretch,
    moments,
)
from prmcore.values import Length


@pytest.mark.parametrize("record", [Moment, Stretch])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def stretch(first: D, stop: D | None, **more: Any) -> Stretch:
    return Stretch(**{"timetable": TABLE, "first": first, "stop": stop, "ends": None, **more})


def test_each_moment_says_what_it_is_about_until_when_and_who_is_told() -> None:
    kept = Commitments(obligations=(REPORT,))
    plain: dict[str, Any] = {"subject": "report", "day": D(2026, 3, 1), "what": REPORT.what, "owner": "desk"}
    K = MomentKind
    whole = [
        Moment(kind=K.OBLIGATION_SOON, on=D(2026, 2, 26), until=D(2026, 3, 8), **plain),
        Moment(kind=K.OBLIGATION_DUE, on=D(2026, 3, 1), until=D(2026, 3, 8), **plain),
        Moment(kind=K.OBLIGATION_OVERDUE, on=D(2026, 3, 9), **plain),
        Moment(kind=K.OBLIGATION_ESCALATED, on=D(2026, 3, 11), escalate_to="director", **plain),
    ]
    assert list(moments(kept, stretch(D(2026, 1, 1), None))) == whole
    assert list(moments(kept, stretch(D(2026, 2, 26), D(2026, 3, 11)))) == whole[:3]
    assert list(moments(kept, stretch(D(2026, 2, 27), D(2026, 3, 12)))) == whole[1:]
    assert list(moments(kept, stretch(D(2026, 1, 1), None, ends=D(2026, 3, 1)))) == []
    assert list(moments(kept, stretch(D(2026, 1, 1), None, ends=D(2026, 3, 2)))) == whole
    by_then = kept.with_done(done(D(2026, 3, 9)))
    assert list(moments(by_then, stretch(D(2026, 1, 1), None))) == whole[:2]
    assert list(moments(by_then, stretch(D(2026, 1, 1), None, known_on=D(2026, 3, 8)))) == whole[:2]
    assert list(moments(by_then, stretch(D(2026, 1, 1), None, known_on=D(2026, 3, 9)))) == []


def test_the_moments_of_a_minimum_are_the_end_of_its_year_and_of_its_cure() -> None:
    calendar_years = attrs.evolve(PEOPLE, per=Yearly.CALENDAR)
    kept = Commitments(minimums={"people": calendar_years})
    K = MomentKind
    plain: dict[str, Any] = {"subject": "people", "day": D(2025, 12, 31)}
    whole = [
        Moment(kind=K.MINIMUM_ENDED, on=D(2026, 1, 1), **plain),
        Moment(kind=K.CURE_LAST_DAY, on=D(2026, 1, 30), until=D(2026, 1, 30), **plain),
        Moment(kind=K.CURE_ENDED, on=D(2026, 1, 31), **plain),
    ]
    assert list(moments(kept, stretch(D(2025, 4, 1), D(2026, 6, 1)))) == whole
    assert list(moments(kept, stretch(D(2026, 1, 1), D(2026, 1, 31)))) == whole[:2]
    assert list(moments(kept, stretch(D(2026, 1, 2), D(2026, 1, 30)))) == []
    for cure in (None, Length.of("0 days")):
        without = Commitments(minimums={"people": attrs.evolve(calendar_years, cure=cure)})
        assert list(moments(without, stretch(D(2025, 4, 1), D(2026, 6, 1)))) == whole[:1]
    partly = attrs.evolve(
        kept, measured=(measured(on=D(2025, 12, 31)),)
    )  # 275 of 365 days ask for 8, and 7 are there
    assert list(moments(partly, stretch(D(2025, 4, 1), D(2026, 6, 1)))) == whole[1:]
    enough = attrs.evolve(kept, measured=(measured(count=8, on=D(2025, 12, 31)),))
    assert list(moments(enough, stretch(D(2025, 4, 1), D(2026, 6, 1)))) == []
