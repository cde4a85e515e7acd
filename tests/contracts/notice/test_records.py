"""What is stored of notices comes back as it was."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts import notice
from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.values import Length
from prmcore.values.wire import from_plain, to_plain


@pytest.mark.parametrize(
    "record",
    [
        notice.Channel, notice.ConvenienceClause, notice.DeadlineStep, notice.DeemedDay, notice.DeemedReceipt, notice.GivenNotice,
        notice.NoticeClause, notice.NoticeDeadline, notice.NoticeEnding, notice.NoticeFacts, notice.NoticeStage, notice.ReadDeadline,
        notice.ReceiptStep, notice.SendBefore,
    ],
)  # fmt: skip
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_record_goes_through_plain_values_without_loss(record: type, data: st.DataObject) -> None:
    drawn: Any = data.draw(strategies.of(record))
    assert from_plain(to_plain(drawn), record) == drawn


def test_a_clause_is_written_in_the_words_of_a_contract() -> None:
    written = {
        "kind": "non-renewal", "notice": "5 business days", "by": ["vendor"], "reading": "clear-days",
        "effective_on": "deemed", "late": "next-term", "form": {"en": "in writing", "ja": "書面"},
        "channels": [{"id": "post", "deemed": {"id": "third-day", "after": "3 days", "before": "16:30", "if_received": "wins"}}],
    }  # fmt: skip
    found = from_plain(written, notice.NoticeClause)
    assert (str(found.notice), found.reading, found.late) == (
        "5 business days",
        notice.Reading.CLEAR_DAYS,
        notice.LateNotice.NEXT_TERM,
    )
    assert found.channels[0].deemed is not None
    assert found.channels[0].deemed.if_received is notice.ActualReceipt.WINS


@pytest.mark.parametrize("year", [0, -1, True, 1.5, "1", 10**9 + 1])
def test_a_stage_of_the_notice_begins_in_a_year_of_the_agreement(year: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        notice.NoticeStage(notice=Length.of("30 days"), from_year=year)
    assert [fault.path for fault in refused.value.faults] == ["from_year"]


@pytest.mark.parametrize(
    ("length", "opens", "refused"),
    [
        ("1 year", "12 months", False),
        ("1 year", "11 months", True),
        ("2 weeks", "14 days", False),
        ("2 weeks", "13 days", True),
        ("30 days", "30 days", False),
        ("30 days", "29 days", True),
        ("1 month", "5 days", False),  # how long a month is, the calendar says
    ],
)
def test_the_time_for_a_notice_opens_no_later_than_it_ends(length: str, opens: str, refused: bool) -> None:
    given: dict[str, Any] = {"notice": Length.of(length), "opens": Length.of(opens)}
    if refused:
        with pytest.raises(InvalidInput) as caught:
            notice.NoticeClause(**given)
        assert [fault.path for fault in caught.value.faults] == ["opens"]
    else:
        assert notice.NoticeClause(**given).opens == Length.of(opens)
