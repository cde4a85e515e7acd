"""What a store is asked for: each record by its id, and by the keys that are looked up."""

import datetime
from typing import Any

from prmcore.deals.opportunities import (
    NegotiationLog,
    Opportunity,
    OpportunityNotice,
    OpportunityNoticeKind,
    OpportunityState,
    OpportunityStep,
)
from prmcore.deals.opportunities.repository import NEGOTIATIONS, OPPORTUNITIES, OPPORTUNITY_NOTICES
from prmcore.values import Money


def kept(aggregate: Any, record: Any) -> tuple[Any, ...]:
    keys = {name: key(record) for name, key in aggregate.keys.items()}
    return aggregate.name, aggregate.record, aggregate.identity(record), keys, aggregate.is_log


def test_opportunities_are_found_by_whose_they_are_and_how_they_stand() -> None:
    step = OpportunityStep(
        stage="a", after=OpportunityState.OPEN, amount=Money.of(1, "EUR"), expected_close=datetime.date(2026, 6, 30),
        at=datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC), by="kim",
    )  # fmt: skip
    one = Opportunity(
        id="O-1", program="p", account="A-1", partners=("x", "y"), registration="R-1", steps=(step,)
    )
    keys = {
        "program": "p", "account": "A-1", "partner": ("x", "y"), "state": OpportunityState.OPEN, "stage": "a",
        "registration": "R-1",
    }  # fmt: skip
    assert kept(OPPORTUNITIES, one) == ("opportunity", Opportunity, "O-1", keys, False)


def test_negotiations_are_found_by_their_opportunity_and_notices_in_a_log() -> None:
    log = NegotiationLog(opportunity="O-1")
    assert kept(NEGOTIATIONS, log) == ("negotiation", NegotiationLog, "O-1", {}, False)
    one = OpportunityNotice(id="1", kind=OpportunityNoticeKind.STALLED, opportunity="O-1", stage="a", days=1)
    expected = ("opportunity-notice", OpportunityNotice, "1", {"opportunity": "O-1"}, True)
    assert kept(OPPORTUNITY_NOTICES, one) == expected
