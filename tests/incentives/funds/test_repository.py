"""What funds keep: under which names, by which ids, and by which keys each record is found."""

import datetime
from typing import Any

import pytest
from tests.incentives.funds.test_funds import POLICY, TODAY, budgeted, eur, fund, owed_claim
from tests.incentives.given import assert_kept

from prmcore.incentives.funds import (
    Fund,
    FundBook,
    FundClaim,
    FundMove,
    FundRequest,
    Notice,
    NoticeKind,
    budget_changed,
)  # fmt: skip
from prmcore.incentives.funds.repository import (
    FUND_BOOK_MOVES,
    FUND_CLAIMS,
    FUND_NOTICES,
    FUND_REQUESTS,
    FUNDS,
)

BOOK, REQUEST, CLAIM = owed_claim()
APAC = fund(id="apac", parent="mdf")
GIVEN = budget_changed(
    FundBook(APAC), eur(1), POLICY, key="1", by="kim", on=datetime.date(2026, 4, 1), above=BOOK
)
NOTICE = Notice(id="N-1", kind=NoticeKind.EXPIRY, fund="mdf", since=TODAY, partner="acme")


@pytest.mark.parametrize(
    "kept",
    [
        (FUNDS, "fund", Fund, False, APAC, "apac", {"program": {"acme"}, "parent": {"mdf"}, "state": {"active"}}),
        (
            FUND_BOOK_MOVES, "fund-move", FundMove, True, next(iter(budgeted())), "mdf|allocation|acme|2026",
            {"book": {"mdf"}, "partner": {"acme"}},
        ),
        (
            FUND_BOOK_MOVES, "fund-move", FundMove, True, GIVEN.moves[0], "apac|budget|1",
            {"book": {"apac", "mdf"}, "partner": set()},
        ),
        (
            FUND_REQUESTS, "fund-request", FundRequest, False, REQUEST, "R-1",
            {"fund": {"mdf"}, "partner": {"acme"}, "state": {"approved"}},
        ),
        (
            FUND_CLAIMS, "fund-claim", FundClaim, False, CLAIM, "C-1",
            {
                "fund": {"mdf"}, "partner": {"acme"}, "request": {"R-1"}, "state": {"approved"},
                "proof": {"invoice 2026-118", "photo stand.jpg"},
            },
        ),
        (FUND_NOTICES, "fund-notice", Notice, True, NOTICE, "N-1", {"fund": {"mdf"}, "partner": {"acme"}}),
    ],
)  # fmt: skip
def test_a_record_is_kept_by_its_id_and_found_by_its_keys(kept: tuple[Any, ...]) -> None:
    assert_kept(*kept)
