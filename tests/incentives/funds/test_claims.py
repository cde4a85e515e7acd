"""Claims: every field of what is filed, approved, given back and reimbursed, and everything that is refused.

The case is that of the tests of funds: 10,000 in the fund, 3,000 for acme, 2,000 approved by sato for a fair from the 9 to the
11 March that yamada asked for; half of what is spent is reimbursed; claims until the 10 April.
"""

import datetime
from fractions import Fraction
from typing import Any

import attrs
import pytest
from tests.incentives.funds.test_funds import (
    INVOICE,
    PHOTO,
    POLICY,
    after,
    approve_claim,
    approved,
    budgeted,
    claim_of,
    eur,
    fund,
    owed_claim,
    refused,
    request_of,
)

from prmcore.errors import InvalidInput
from prmcore.incentives import Bookkeeping, Entry, EntryKind, Line, LineKind
from prmcore.incentives.funds import (
    ClaimAction,
    ClaimState,
    FundBook,
    FundClaim,
    FundMove,
    FundMoveKind,
    FundRequest,
    FundStep,
    Proof,
    RequestAction,
    RequestState,
    claim_approved,
    claim_moved,
    claimed,
    entitled,
    missing_proofs,
    proved,
    reimbursed,
    request_moved,
)
from prmcore.incentives.funds.policy import ClaimFacts, FileFacts
from prmcore.values import Money

D = datetime.date
FILED, DECIDED, PAID = D(2026, 3, 20), D(2026, 3, 23), D(2026, 3, 25)


def case() -> tuple[FundBook, FundRequest]:
    return approved(budgeted(), request_of(budgeted()))


def submitted() -> tuple[FundBook, FundRequest, FundClaim]:
    book, request = case()
    return book, request, claim_of(book, request, eur(4_000))


# filing


def file(**more: Any) -> Any:
    book, request = more.pop("of", None) or case()
    told: dict[str, Any] = {"id": "C-1", "spend": eur(900), "by": "tanaka", "on": FILED, **more}
    return claimed(book, request, POLICY, **told)


def test_a_claim_keeps_all_that_it_was_filed_with() -> None:
    """Eleven days after the 9 March, 21 before the 10 April."""
    found = file(proofs=iter([INVOICE, PHOTO]))
    assert found.record == FundClaim(
        id="C-1", fund="mdf", partner="acme", request="R-1", spend=eur(900), proofs=(INVOICE, PHOTO), claimed_by="tanaka",
        claimed_on=FILED, steps=(),
    )  # fmt: skip
    assert found.decision.facts == FileFacts(
        state=RequestState.APPROVED, days_begun=11, days_left=21, remainder=eur(2_000), used_proofs=0
    )
    assert (found.decision.as_of, found.decision.policy.name) == (FILED, "funds/standard/claim/file/EUR")
    assert (found.moves, found.entries) == ((), ())
    assert file().record.proofs == ()


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({"id": ""}, ["id"]),
        ({"by": ""}, ["by"]),
        ({"spend": eur(0)}, ["spend"]),
        ({"spend": Money.of(1, "CHF")}, ["spend"]),
        ({"proofs": [INVOICE, attrs.evolve(INVOICE, dated=D(2026, 3, 10))]}, ["proofs"]),
        ({"id": " ", "by": " ", "spend": eur(-1), "proofs": [PHOTO, PHOTO]}, ["id", "by", "spend", "proofs"]),
    ],
)
def test_a_claim_that_cannot_be_read_is_refused_with_every_fault(
    more: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(InvalidInput, match=r"the claim .* cannot be made") as caught:
        file(**more)
    assert [fault.path for fault in caught.value.faults] == faults


def test_a_claim_of_one_cent_is_filed() -> None:
    assert file(spend=eur("0.01")).record.spend == eur("0.01")


def test_one_reference_may_be_of_two_kinds_of_proof() -> None:
    both = (INVOICE, attrs.evolve(INVOICE, kind="photo"))
    assert file(proofs=both).record.proofs == both


def test_a_claim_is_filed_in_the_book_of_its_fund_and_after_the_last_step_of_its_request() -> None:
    book, request = case()
    with pytest.raises(
        InvalidInput, match="'R-1' belongs to the fund 'mdf'; accepted: the book of that fund"
    ):
        file(of=(FundBook(fund(id="other")), request))
    late = approved(budgeted(), request_of(budgeted()), on=D(2026, 3, 12))
    with pytest.raises(InvalidInput, match="on: found 2026-03-11; accepted: 2026-03-12"):
        file(of=late, on=D(2026, 3, 11))
    assert file(of=late, on=D(2026, 3, 12)).record is not None
    assert file(of=(book, request)).record is not None


# proofs


def test_proofs_are_added_until_the_claim_is_decided() -> None:
    book, request = case()
    claim = claim_of(book, request, eur(4_000), proofs=[INVOICE])
    more = proved(claim, iter([INVOICE, PHOTO, PHOTO]))
    assert more == attrs.evolve(claim, proofs=(INVOICE, PHOTO))
    with pytest.raises(InvalidInput, match="the proofs of 'C-1' cannot be added") as caught:
        proved(more, [attrs.evolve(PHOTO, dated=D(2026, 3, 10))])
    assert [fault.path for fault in caught.value.faults] == ["proofs"]
    declined = claim_moved(book, request, more, ClaimAction.DECLINE, POLICY, by="mori", on=DECIDED).record
    with pytest.raises(
        InvalidInput, match="the claim 'C-1' is declined; accepted: proofs of a claim that is"
    ):
        proved(declined, [])


@pytest.mark.parametrize(
    ("dated", "missing"),
    [
        (D(2026, 3, 8), ("invoice",)),  # the fair begins on the 9 March
        (D(2026, 3, 9), ()),
        (D(2026, 4, 10), ()),  # the last day for claims
        (D(2026, 4, 11), ("invoice",)),
    ],
)
def test_a_proof_counts_from_the_first_day_of_the_activity_to_the_last_day_for_claims(
    dated: D, missing: tuple[str, ...]
) -> None:
    book, request = case()
    claim = claim_of(book, request, eur(1), proofs=[attrs.evolve(INVOICE, dated=dated), PHOTO])
    assert missing_proofs(request, claim) == missing
    refusal = [f"✗ proofs missing: {len(missing)}, asked for at most 0"] if missing else []
    decision = approve_claim(book, request, attrs.evolve(claim, spend=eur(2))).decision
    assert decision.outcome is (not refusal)
    assert decision.facts.missing_proofs == len(missing)


def test_the_proofs_that_other_claims_have_brought_are_counted() -> None:
    """An invoice and a photograph of it are two proofs; a claim's own do not count, nor those of a declined one."""
    book, request = case()
    other = Proof(kind="photo", reference=INVOICE.reference, dated=INVOICE.dated)
    first = claim_of(book, request, eur(100), proofs=[INVOICE, PHOTO])

    def used(claims: list[FundClaim], *proofs: Proof) -> int:
        found = file(of=(book, request), id="C-2", proofs=proofs, claims=claims)
        assert found.decision.outcome is (found.decision.facts.used_proofs == 0)
        return int(found.decision.facts.used_proofs)

    assert used([first], INVOICE, PHOTO) == 2
    assert used([first], INVOICE, other) == 1
    assert used([first], other) == 0
    assert used([attrs.evolve(first, id="C-2")], INVOICE) == 0
    gone = claim_moved(book, request, first, ClaimAction.CANCEL, POLICY, by="kim", on=DECIDED).record
    assert used([gone], INVOICE) == 0


# approval


def approve(on: D = DECIDED, **more: Any) -> Any:
    book, request, claim = more.pop("of", None) or submitted()
    told: dict[str, Any] = {"by": "mori", "role": "director", "on": on, **more}
    return claim_approved(book, request, claim, POLICY, **told)


def test_an_approved_claim_is_a_move_a_step_and_the_facts_that_it_was_held_against() -> None:
    """Half of 4,000 is 2,000: nothing is left of the share and of the request, 1,000 of the allocation, 8,000 of the fund."""
    book, request, claim = submitted()
    found = approve(of=(book, request, claim))
    assert found.moves == (
        FundMove(
            id="C-1|claim", fund="mdf", kind=FundMoveKind.CLAIM, amount=eur(2_000), parent=None, partner="acme",
            request="R-1", claim="C-1", effective=DECIDED, recorded=DECIDED, by="mori", reason=None,
        ),
    )  # fmt: skip
    step = FundStep(action="approve", after="approved", on=DECIDED, by="mori", role="director", reason=None)
    assert found.record == attrs.evolve(claim, steps=(step,))
    assert found.entries == ()
    assert found.decision.facts == ClaimFacts(
        state=ClaimState.SUBMITTED, asked_it=False, approved_request=False, approved_it=False, within_limit=True,
        missing_proofs=0, used_proofs=0, amount=eur(2_000), left_of_share=eur(0), left_of_request=eur(0),
        left_of_allocation=eur(1_000), left_of_fund=eur(8_000), left_of_claim=None, is_new=True,
    )  # fmt: skip
    assert found.decision.policy.name == "funds/standard/claim/approve/EUR"


def test_what_other_claims_took_is_no_longer_left() -> None:
    """1,500 of C-1; then 400 of C-2 leave 100 of the request, 1,100 of the allocation and 8,100 of the fund."""
    book, request, claim = submitted()
    book = after(book, approve(of=(book, request, claim), amount=eur(1_500)))
    proofs = tuple(attrs.evolve(one, reference=f"{one.reference}/2") for one in (INVOICE, PHOTO))
    second = attrs.evolve(claim, id="C-2", proofs=proofs)
    facts = approve(of=(book, request, second), amount=eur(400)).decision.facts
    assert (facts.left_of_request, facts.left_of_allocation, facts.left_of_fund) == (
        eur(100), eur(1_100), eur(8_100),
    )  # fmt: skip


def test_what_is_approved_is_held_against_the_share_the_request_and_the_limit() -> None:
    """1,500 of 2,000 for the claim: 500 are left of all three."""
    facts = approve(amount=eur(1_500)).decision.facts
    assert (facts.amount, facts.left_of_share, facts.left_of_request) == (eur(1_500), eur(500), eur(500))
    assert (facts.left_of_allocation, facts.left_of_fund) == (eur(1_500), eur(8_500))
    refused(
        approve(amount=eur("2000.01")),
        "✗ left of the supported part of the spend: -€0.01, asked for at least €0.00",
        "✗ left of the request after it: -€0.01, asked for at least €0.00",
    )
    assert approve(role="manager", amount=eur(1_000)).decision.outcome is True
    refused(
        approve(role="manager", amount=eur("1000.01")), "✗ within the limit of the role: no, asked for yes"
    )


@pytest.mark.parametrize("amount", [eur(0), eur(-1), Money.of(1, "CHF")])
def test_the_amount_of_an_approval_is_above_zero_and_in_the_currency_of_the_fund(amount: Money) -> None:
    with pytest.raises(InvalidInput, match="the claim 'C-1' cannot be approved") as caught:
        approve(amount=amount)
    assert [fault.path for fault in caught.value.faults] == ["amount"]


def test_the_least_that_is_approved_is_one_cent() -> None:
    assert approve(amount=eur("0.01")).moves[0].amount == eur("0.01")


def test_a_claim_lacks_one_proof_or_uses_one_of_another() -> None:
    book, request = case()
    lacking = claim_of(book, request, eur(4_000), proofs=[INVOICE])
    refused(approve(of=(book, request, lacking)), "✗ proofs missing: 1, asked for at most 0")
    claim = claim_of(book, request, eur(4_000))
    other = attrs.evolve(claim, id="C-2", proofs=(INVOICE,))
    refused(
        approve(of=(book, request, claim), claims=iter([other])),
        "✗ proofs used in another claim: 1, asked for at most 0",
    )


def test_who_approved_a_claim_is_known_and_does_not_pay_it() -> None:
    book, request, claim = owed_claim()
    for by, told in {
        "yamada": (True, False, False),
        "sato": (False, True, False),
        "mori": (False, False, True),
        "bank": (False, False, False),
    }.items():
        found = reimbursed(book, request, claim, POLICY, key="1", by=by, on=PAID).decision
        assert (found.facts.asked_it, found.facts.approved_request, found.facts.approved_it) == told
        assert found.outcome is (by != "mori")


# what all actions of a claim refuse


def everything_of(book: FundBook, request: FundRequest, claim: FundClaim, on: D = PAID) -> list[Any]:
    """Each action of the claim, still to be called."""
    told: dict[str, Any] = {"by": "kim", "on": on}
    return [
        lambda: claim_approved(book, request, claim, POLICY, role="director", **told),
        lambda: claim_moved(book, request, claim, ClaimAction.CANCEL, POLICY, **told),
        lambda: reimbursed(book, request, claim, POLICY, key="1", **told),
    ]


def test_every_action_is_of_records_that_belong_together() -> None:
    book, request, claim = owed_claim()
    for (one, another), message in {
        (request, attrs.evolve(claim, fund="x")): "'C-1' belongs to the fund 'x'; accepted: the book of that",
        (attrs.evolve(request, fund="x"), claim): "'R-1' belongs to the fund 'x'; accepted: the book of that",
        (attrs.evolve(request, id="R-9"), claim): "'C-1' is a claim of the request 'R-1'; accepted: that",
    }.items():
        for call in everything_of(book, one, another):
            with pytest.raises(InvalidInput, match=message):
                call()


def test_no_action_comes_before_the_last_step_of_the_claim() -> None:
    for call in everything_of(*owed_claim(), on=D(2026, 3, 22)):
        with pytest.raises(
            InvalidInput, match="on: found 2026-03-22; accepted: 2026-03-23, the day of its last"
        ):
            call()
    for call in everything_of(*owed_claim(), on=DECIDED)[1:]:
        assert call().decision.outcome is True


@pytest.mark.parametrize("action", [ClaimAction.APPROVE, ClaimAction.PAY, ClaimAction.PAY_PART])
def test_actions_that_are_other_functions_are_refused_by_name(action: ClaimAction) -> None:
    book, request, claim = owed_claim()
    with pytest.raises(InvalidInput, match=f"found {action}; accepted here: decline, cancel, close"):
        claim_moved(book, request, claim, action, POLICY, by="kim", on=PAID)


# declined, cancelled, closed


def test_who_asked_does_not_decline_a_claim_and_may_cancel_it() -> None:
    book, request, claim = submitted()
    told: dict[str, Any] = {"by": "yamada", "on": DECIDED}
    own = claim_moved(book, request, claim, ClaimAction.DECLINE, POLICY, **told)
    refused(own, "✗ asked for it: yes, asked for no")
    assert own.record is claim
    found = claim_moved(book, request, claim, ClaimAction.CANCEL, POLICY, reason="twice", **told)
    step = FundStep(action="cancel", after="cancelled", on=DECIDED, by="yamada", role=None, reason="twice")
    assert (found.record, found.moves) == (attrs.evolve(claim, steps=(step,)), ())
    assert found.decision.policy.name == "funds/standard/claim/cancel/EUR"


def test_what_is_not_paid_of_a_claim_goes_back_by_moves_that_say_why() -> None:
    """2,000 were owed and 750 of them paid: 1,250 go back to the request, and to the allocation where that is closed."""
    book, request, claim = owed_claim()
    paid = reimbursed(book, request, claim, POLICY, key="1", by="bank", on=PAID, amount=eur(750))
    book = after(book, paid)
    told: dict[str, Any] = {"by": "kim", "on": D(2026, 3, 30)}
    found = claim_moved(book, request, paid.record, ClaimAction.CLOSE, POLICY, reason="too late", **told)
    back = FundMove(
        id="C-1|claim-release", fund="mdf", kind=FundMoveKind.CLAIM_RELEASE, amount=eur(-1_250), partner="acme",
        request="R-1", claim="C-1", effective=D(2026, 3, 30), recorded=D(2026, 3, 30), by="kim", reason="too late",
    )  # fmt: skip
    assert found.moves == (back,)
    assert found.record.steps[-1] == FundStep(
        action="close", after="paid", on=D(2026, 3, 30), by="kim", reason="too late"
    )
    over = request_moved(book, request, [paid.record], RequestAction.CLOSE, POLICY, **told).record
    found = claim_moved(book, over, paid.record, ClaimAction.CLOSE, POLICY, reason="too late", **told)
    freed = attrs.evolve(back, id="R-1|release|C-1", kind=FundMoveKind.RELEASE, claim=None)
    assert found.moves == (back, freed)


# reimbursement


def test_a_settlement_is_a_move_a_step_and_an_entry_of_the_day() -> None:
    """The second settlement of C-1, while those of C-2 count for themselves: 750 of 1,000, and then 250."""
    book, request = case()
    others = [attrs.evolve(one, reference=f"{one.reference}/2") for one in (INVOICE, PHOTO)]
    claims = {
        name: claim_of(book, request, eur(2_000), id=name, proofs=proofs)
        for name, proofs in (("C-1", [INVOICE, PHOTO]), ("C-2", others))
    }
    for name in claims:
        done = approve_claim(book, request, claims[name])
        book, claims[name] = after(book, done), done.record
    told: dict[str, Any] = {"by": "bank", "on": PAID}
    for name, amount in (("C-2", eur(400)), ("C-1", eur(750))):
        part = reimbursed(book, request, claims[name], POLICY, key="1", amount=amount, **told)
        book, claims[name] = after(book, part), part.record
    (step,) = claims["C-1"].steps[1:]
    assert step == FundStep(action="pay-part", after="part-paid", on=PAID, by="bank", role=None, reason=None)
    last = reimbursed(book, request, claims["C-1"], POLICY, key="2", books=Bookkeeping(), **told)
    assert last.moves == (
        FundMove(
            id="C-1|reimbursement|2", fund="mdf", kind=FundMoveKind.REIMBURSEMENT, amount=eur(250), partner="acme",
            request="R-1", claim="C-1", effective=PAID, recorded=PAID, by="bank",
        ),
    )  # fmt: skip
    assert last.entries == (
        Entry(
            payee="acme", earner="acme", component="acme/fund", period="C-1", number=2, kind=EntryKind.REIMBURSEMENT,
            amount=eur(250), lines=(Line(what=LineKind.DECISION, amount=Fraction(25_000)),), attributed="2026-03",
            booked="2026-03", effective=PAID, recorded=PAID, by="bank",
        ),
    )  # fmt: skip
    assert last.record.steps[-1] == FundStep(action="pay", after="paid", on=PAID, by="bank")
    assert last.decision.policy.name == "funds/standard/claim/pay/EUR"
    assert (last.decision.facts.is_new, last.decision.facts.left_of_claim) == (True, eur(0))
    assert reimbursed(book, request, claims["C-1"], POLICY, key="2", **told).entries == ()


def test_all_that_is_wrong_with_a_settlement_is_said_at_once() -> None:
    with pytest.raises(InvalidInput, match="the claim 'C-1' cannot be reimbursed") as caught:
        reimbursed(*owed_claim(), POLICY, key="", by="", on=PAID, amount=eur(0))
    assert [fault.path for fault in caught.value.faults] == ["key", "by", "amount"]


def test_a_settlement_beyond_what_is_owed_or_of_a_claim_that_is_not_owed_is_a_no() -> None:
    book, request, claim = owed_claim()
    told: dict[str, Any] = {"key": "1", "by": "bank", "on": PAID}
    more = reimbursed(book, request, claim, POLICY, amount=eur("2000.01"), **told)
    refused(more, "✗ left of the claim after it: -€0.01, asked for at least €0.00")
    assert (more.record, more.entries) == (claim, ())
    assert more.decision.policy.name == "funds/standard/claim/pay-part/EUR"
    early = reimbursed(*submitted(), POLICY, **told)
    refused(early, "✗ state: submitted, asked for one of approved and part paid")
    least = reimbursed(book, request, claim, POLICY, amount=eur("0.01"), **told)
    assert least.record.state is ClaimState.PART_PAID


def test_nothing_is_moved_before_the_last_move_of_the_book() -> None:
    book, request, claim = submitted()
    later = approved(book, request_of(book, id="R-2", amount=eur(1)), on=D(2026, 3, 24))[0]
    with pytest.raises(InvalidInput, match="the day of the fund's last move, or later"):
        approve(of=(later, request, claim), on=DECIDED)


def test_a_claim_comes_to_its_share_or_to_what_is_left_of_the_request() -> None:
    book, request, claim = submitted()
    for spend, comes_to in ((3_999, "1999.50"), (4_000, "2000"), (4_001, "2000")):
        assert entitled(book, request, attrs.evolve(claim, spend=eur(spend)), POLICY) == eur(comes_to)
