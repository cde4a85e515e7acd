"""Funds in words: every sentence, in English."""

import datetime

import pytest
from tests.incentives.funds.test_funds import POLICY, TODAY, eur, fund, owed_claim

from prmcore.decisions.explain import put_into_words
from prmcore.incentives.funds import FundBook, Notice, NoticeKind, budget_changed, reimbursed
from prmcore.incentives.funds.said import said_of_fund, said_of_notice, said_of_partner

D = datetime.date


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (
            Notice(
                id="1", kind=NoticeKind.REMINDER, fund="mdf", since=TODAY, partner="acme", request="R-1", amount=eur(5),
                until=D(2026, 4, 10),
            ),
            "acme can claim €5.00 for R-1 until April 10, 2026",
        ),
        (
            Notice(
                id="2", kind=NoticeKind.MISSING_PROOF, fund="mdf", since=TODAY, partner="acme", request="R-1", claim="C-1",
                missing=("invoice", "photo"),
            ),
            "the claim C-1 of acme lacks proof: invoice and photo",
        ),
        (
            Notice(
                id="3", kind=NoticeKind.CLAIM_OVERDUE, fund="mdf", since=TODAY, partner="acme", request="R-1",
                amount=eur(5), until=D(2026, 4, 10),
            ),
            "acme did not claim €5.00 for R-1; the last day was April 10, 2026",
        ),
        *(
            (
                Notice(
                    id="4", kind=NoticeKind.EXPIRY, fund="mdf", since=TODAY, partner=partner, request=request,
                    amount=eur(5), until=D(2026, 4, 10),
                ),
                f"expires after April 10, 2026: €5.00 of {what}",
            )
            for partner, request, what in (("acme", "R-1", "R-1"), ("acme", None, "acme"), (None, None, "mdf"))
        ),
    ],
)  # fmt: skip
def test_what_is_due_is_said_in_a_sentence(notice: Notice, words: str) -> None:
    assert put_into_words(said_of_notice(notice), "en").lines() == [words]


def test_a_fund_and_a_partners_part_of_it_are_said_with_all_that_became_of_them() -> None:
    """10,000, of which a child has 1,500 and acme 3,000; of these 2,000 are approved and claimed, and 750 are paid."""
    book, request, claim = owed_claim()
    child = FundBook(fund(id="apac", parent="mdf"))
    told = {"by": "bank", "on": D(2026, 3, 25)}
    book = book.with_moves(
        budget_changed(child, eur(1_500), POLICY, key="1", above=book, **told).moves  # type: ignore[arg-type]
    )
    paid = reimbursed(book, request, claim, POLICY, key="1", amount=eur(750), **told)  # type: ignore[arg-type]
    book = book.with_moves(paid.moves)
    assert put_into_words(said_of_fund(book), "en").lines() == [
        "mdf, budget: €10,000.00",
        "  budgets of child funds: €1,500.00",
        "  allocated: €3,000.00",
        "  free: €5,500.00",
    ]
    assert put_into_words(said_of_partner(book, "acme"), "en").lines() == [
        "acme in mdf, allocated: €3,000.00",
        "  approved for requests: €2,000.00",
        "  approved for claims: €2,000.00",
        "  reimbursed: €750.00",
        "  free: €1,000.00",
    ]
    assert put_into_words(said_of_partner(book, "bolt"), "en").lines() == [
        "bolt in mdf, allocated: €0.00",
        *(
            f"  {what}: €0.00"
            for what in ("approved for requests", "approved for claims", "reimbursed", "free")
        ),
    ]
