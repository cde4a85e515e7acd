"""What incentives keep: under which names, by which ids, and by which keys each record is found."""

import datetime
from fractions import Fraction as F
from typing import Any

import attrs
import pytest
from tests.incentives.given import assert_kept
from tests.incentives.ledger.test_disputes import dispute
from tests.incentives.payouts.test_model import entry, eur, payout_of

from prmcore.incentives.ledger.disputes import Dispute
from prmcore.incentives.ledger.model import BookPeriod, Entry, Ledger
from prmcore.incentives.payouts.model import Payout
from prmcore.incentives.plans.facts import Earning, Share
from prmcore.incentives.repository import BOOK_PERIODS, DISPUTES, ENTRIES, PAYOUTS
from prmcore.values import DateRange

DAY = datetime.date(2026, 3, 31)
MADE = entry(1, eur("120"))
KEY = "acme|reseller/2026/rebate/volume|FY2026-Q1"
SHARES = tuple(Share(transaction=name, day=DAY, quantity=F(1), pay=F(1)) for name in ("s1", "s2"))
CALCULATED = attrs.evolve(MADE, earning=Earning(payee="acme", period="FY2026-Q1", shares=SHARES))
PERIOD = BookPeriod(books="reseller", name="2026-03", range=DateRange(DAY, DAY + datetime.timedelta(days=1)))
OF_ENTRY = {"books": {"reseller"}, "payee": {"acme"}, "calculation": {KEY}, "booked": {"2026-03"}}


@pytest.mark.parametrize(
    "kept",
    [
        (ENTRIES, "incentive-entry", Entry, True, MADE, f"{KEY}|acme#1", OF_ENTRY | {"transaction": set()}),
        (ENTRIES, "incentive-entry", Entry, True, CALCULATED, f"{KEY}|acme#1", OF_ENTRY | {"transaction": {"s1", "s2"}}),
        (BOOK_PERIODS, "book-period", BookPeriod, False, PERIOD, "reseller/2026-03", {"books": {"reseller"}}),
        (
            PAYOUTS, "payout", Payout, False, payout_of(Ledger([MADE])), "acme|reseller/payout|EUR 1",
            {"books": {"reseller"}, "payee": {"acme"}, "state": {"accrued"}, "entry": {MADE.id}},
        ),
        (
            DISPUTES, "dispute", Dispute, False, dispute(), "acme|reseller/dispute|1",
            {"books": {"reseller"}, "payee": {"acme"}, "state": {"open"}, "entry": set(dispute().entries)},
        ),
    ],
)  # fmt: skip
def test_a_record_is_kept_by_its_id_and_found_by_its_keys(kept: tuple[Any, ...]) -> None:
    assert_kept(*kept)
