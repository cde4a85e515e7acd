"""Conflicts over a store: from two registrations to a case, its decision, an appeal, and what the approval asks for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

from prmcore.deals import Acting
from prmcore.deals.registrations import Conflict as ConflictFound
from prmcore.deals.registrations import Deal
from prmcore.errors import InvalidInput
from prmcore.program import ProgramVersions, from_document
from prmcore.program.contest import (
    appeal_case,
    cases_of,
    claims_on,
    close_case,
    conflict_found,
    decide_case,
    facts_of_case,
    keep_claim,
    open_cases,
    settle_case,
)
from prmcore.program.register import (
    approve_registration,
    circumstances,
    draft_registration,
    submit_registration,
)
from prmcore.storage import MemoryStore
from prmcore.territory.claims import Award, CaseState, Claim, ClaimKind, Resolution, Verdict
from prmcore.territory.coverage import Result
from prmcore.territory.coverage.repository import ACCOUNT_ASSIGNMENTS, AccountAssignment, AssignmentStep
from prmcore.territory.identity import Sameness
from prmcore.values import Rate

PROGRAM = from_document(
    {
        "format": "prmcore/1",
        "name": "deals",
        "version": "2026",
        "trees": {"goods": {"bikes": {}, "road": {"below": "bikes"}, "parts": {}}},
        "products": "goods",
        "registrations": {"approvers": {"approvers": [{"role": "manager"}]}},
        "conflicts": {
            "steps": [
                {"kind": "house_account"},
                {"kind": "direct_engagement", "days": 60, "unknown": "skip"},
                {"kind": "earliest"},
            ],
            "runner_up": "50 %",
            "appeals": {"days": 15, "most": 1, "least_evidence": 1},
        },
    }
)
VERSIONS = ProgramVersions.of(PROGRAM)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 3)
SAME = {("contoso", "contoso-jp"): Sameness.SAME}
WHO = Acting(by="kim", role="manager")


def register(
    store: MemoryStore, id: str, partner: str, account: str, at: datetime, product: str = "bikes"
) -> Any:
    deal = Deal(customer="Contoso", products=frozenset({product}))
    draft_registration(store, VERSIONS, id=id, partner=partner, deal=deal, by=f"{partner}-rep", at=at)
    known = attrs.evolve(circumstances(store, VERSIONS, partner, at, account=account), may_register=True)
    return submit_registration(store, VERSIONS, id, account, known, by=f"{partner}-rep", at=at)


def two_partners() -> MemoryStore:
    """Two partners register one customer, which their books call by two names; the second an hour later."""
    store = MemoryStore()
    register(store, "R1", "P1", "contoso", AT)
    register(store, "R2", "P2", "contoso-jp", AT + timedelta(hours=1), "road")
    return store


def opened(store: MemoryStore, sameness: Any = SAME) -> str:
    (case,) = open_cases(store, VERSIONS, DAY, sameness, by="kim")
    return case.id


def test_a_conflict_is_found_once_however_often_it_is_looked_for() -> None:
    store = two_partners()
    opened(store)
    assert open_cases(store, VERSIONS, DAY, SAME, by="lee") == ()
    assert [one.opened_by for one in cases_of(store, "deals")] == ["kim"]


def test_accounts_that_are_distinct_are_in_no_conflict() -> None:
    assert open_cases(two_partners(), VERSIONS, DAY, {}, by="kim") == ()


def test_products_that_have_nothing_in_common_are_in_no_conflict() -> None:
    store = MemoryStore()
    register(store, "R1", "P1", "contoso", AT)
    register(store, "R2", "P2", "contoso-jp", AT, "parts")
    assert open_cases(store, VERSIONS, DAY, SAME, by="kim") == ()


def test_the_first_complete_registration_is_awarded_and_the_other_is_not() -> None:
    store = two_partners()
    case = opened(store)
    assert conflict_found(store, "deals", "R1") is ConflictFound.POSSIBLE
    done = decide_case(store, VERSIONS, case, by="kim", on=DAY, is_house_account=False)
    assert done.record.state is CaseState.DECIDED
    assert conflict_found(store, "deals", "R1") is ConflictFound.AWARDED
    assert conflict_found(store, "deals", "R2") is ConflictFound.AWARDED_TO_OTHER
    assert conflict_found(store, "deals", "R3") is ConflictFound.NONE


def test_what_was_awarded_is_approved_and_what_was_not_is_refused() -> None:
    store = two_partners()
    decide_case(store, VERSIONS, opened(store), by="kim", on=DAY, is_house_account=False)
    later = AT + timedelta(days=1)
    outcomes = []
    for id, partner, account in (("R2", "P2", "contoso-jp"), ("R1", "P1", "contoso")):
        known = circumstances(store, VERSIONS, partner, later, account=account, registration=id)
        known = attrs.evolve(known, may_register=True)
        done = approve_registration(store, VERSIONS, id, known, who=WHO, at=later)
        outcomes.append(done.registration.state.value)
    assert outcomes == ["submitted", "approved"]


def test_accounts_that_are_possibly_one_are_left_to_a_person() -> None:
    store = two_partners()
    case = opened(store, {("contoso", "contoso-jp"): Sameness.POSSIBLE})
    done = decide_case(store, VERSIONS, case, by="kim", on=DAY, is_house_account=False)
    assert done.record.state is CaseState.UNDER_REVIEW
    assert conflict_found(store, "deals", "R2") is ConflictFound.POSSIBLE
    claim = done.record.conflict.claims[1]
    award = Award(claim=claim.id, claimant=claim.claimant, share=Rate.of(1))
    chosen = Resolution(verdict=Verdict.AWARDED, awards=(award,))
    by_lee = settle_case(store, VERSIONS, case, chosen, by="lee", on=DAY, reason="the invoices name them")
    assert by_lee.record.state is CaseState.DECIDED
    assert conflict_found(store, "deals", "R2") is ConflictFound.AWARDED


def test_an_appeal_adds_a_decision_and_the_old_one_stays() -> None:
    store = two_partners()
    case = opened(store)
    first = decide_case(store, VERSIONS, case, by="kim", on=DAY, is_house_account=False).record
    later = DAY + timedelta(days=10)
    refused = appeal_case(
        store, VERSIONS, case, claimant="P2", grounds="we were first", by="P2-rep", on=later
    )
    assert not refused.decision.outcome  # without evidence
    appeal_case(
        store,
        VERSIONS,
        case,
        claimant="P2",
        grounds="we were first",
        by="P2-rep",
        on=later,
        evidence=("mail 17",),
    )
    assert conflict_found(store, "deals", "R1") is ConflictFound.POSSIBLE
    heard = decide_case(store, VERSIONS, case, by="lee", on=later, is_house_account=False).record
    assert heard.state is CaseState.UPHELD
    assert heard.rulings[0] == first.rulings[0]
    assert heard.rulings[1].answers == 1
    assert close_case(store, VERSIONS, case, by="lee", on=later).record.state is CaseState.CLOSED


def test_who_decided_does_not_hear_the_appeal() -> None:
    store = two_partners()
    case = opened(store)
    decide_case(store, VERSIONS, case, by="kim", on=DAY, is_house_account=False)
    appeal_case(
        store,
        VERSIONS,
        case,
        claimant="P2",
        grounds="we were first",
        by="P2-rep",
        on=DAY,
        evidence=("mail 17",),
    )
    assert not decide_case(store, VERSIONS, case, by="kim", on=DAY, is_house_account=False).decision.outcome


def test_a_direct_pursuit_that_was_engaged_before_goes_before_a_partner() -> None:
    store = MemoryStore()
    register(store, "R1", "P1", "contoso", AT)
    direct = Claim(
        id="direct-1",
        kind=ClaimKind.DIRECT,
        account="contoso",
        claimant="vendor",
        submitted=AT + timedelta(hours=3),
    )
    keep_claim(store, direct)
    case = opened(store)
    engaged = (date(2026, 2, 20),)
    done = decide_case(store, VERSIONS, case, by="kim", on=DAY, is_house_account=False, engagements=engaged)
    assert [one.claimant for one in done.record.rulings[-1].resolution.awards] == ["vendor"]


def test_claims_are_those_that_are_live_on_the_day() -> None:
    store = two_partners()
    assert {one.claimant for one in claims_on(store, VERSIONS, DAY)} == {"P1", "P2"}
    assert claims_on(store, VERSIONS, date(2026, 3, 1)) == ()


@pytest.mark.parametrize(
    ("zone", "begins"),
    [("UTC", "2026-03-03T00:00:00+00:00"), ("Asia/Tokyo", "2026-03-02T15:00:00+00:00")],
)
def test_who_has_an_account_claims_it_from_the_beginning_of_the_day_where_the_program_is_at_home(
    zone: str, begins: str
) -> None:
    store = MemoryStore()
    step = AssignmentStep(on=DAY, model="coverage/1", result=Result.ASSIGNED, member="P1", record={})
    with store.unit_of_work() as work:
        work.repository(ACCOUNT_ASSIGNMENTS).put(
            AccountAssignment(program="deals", account="contoso", steps=(step,))
        )
        work.commit()
    told = {"format": "prmcore/1", "name": "deals", "version": "2026", "registrations": {"zone": zone}}
    (claim,) = claims_on(store, ProgramVersions.of(from_document(told)), DAY)
    assert (claim.claimant, claim.submitted) == ("P1", datetime.fromisoformat(begins))


def test_who_has_the_account_is_known_by_its_assignment_and_by_claims_that_are_kept() -> None:
    store = two_partners()
    id = opened(store)
    (case,) = cases_of(store, "deals")

    def owns(on: date) -> list[bool | None]:
        facts = facts_of_case(store, VERSIONS, case.conflict, on)
        return [one.owns_territory for one in facts.contenders]

    assert owns(DAY) == [None, None]  # the program has no coverage, so nobody knows
    step = AssignmentStep(on=DAY, model="coverage/1", result=Result.ASSIGNED, member="P2", record={})
    others = [("contoso-jp", step), ("fabrikam", attrs.evolve(step, member="P1"))]
    with store.unit_of_work() as work:
        for account, one in others:
            kept = AccountAssignment(program="deals", account=account, steps=(one,))
            work.repository(ACCOUNT_ASSIGNMENTS).put(kept)
        work.commit()
    assert owns(DAY) == [False, True]
    assert owns(DAY - timedelta(days=1)) == [None, None]
    by_hand = Claim(id="by-hand", kind=ClaimKind.ASSIGNMENT, account="contoso", claimant="P1", submitted=AT)
    keep_claim(store, by_hand)
    assert owns(DAY) == [True, True]
    assert decide_case(store, VERSIONS, id, by="kim", on=DAY, is_house_account=False).decision.outcome


def test_a_program_without_conflicts_says_so() -> None:
    plain = from_document({"format": "prmcore/1", "name": "deals", "version": "1", "registrations": {}})
    with pytest.raises(InvalidInput, match="settles no conflicts"):
        open_cases(MemoryStore(), ProgramVersions.of(plain), DAY, {}, by="kim")
