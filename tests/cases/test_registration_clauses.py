"""Published clauses of deal registration: every row of `registration_clauses.csv`, its answer worked out by hand there."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from prmcore.deals import Acting, Approver, ApproverChain
from prmcore.deals.registrations import (
    Circumstances,
    Deal,
    Eligibility,
    Extension,
    ProtectedFrom,
    ProtectionWindow,
    RegisteredAccount,
    Registration,
    RegistrationAction,
    RegistrationMoved,
    RegistrationPolicy,
    RegistrationState,
    Resubmission,
    Review,
    Tenders,
    Term,
    TierTerm,
    approved,
    discounted,
    drafted,
    moved,
    queued,
    resubmitted,
    review_deadline,
    submitted,
)
from prmcore.values import BusinessHours, Money, PercentagePoints, Rate

SOURCE = Path(__file__).parent / "registration_clauses.csv"
ROWS = list(csv.DictReader(SOURCE.read_text(encoding="utf-8").splitlines()))
ANYBODY = ApproverChain(approvers=(Approver(role="manager"),))
KIM = Acting(by="kim", role="manager")
TIERS = tuple(
    TierTerm(tier=tier, term=Term(days=days))
    for tier, days in (("platinum", 180), ("gold", 120), ("silver", 90))
)
WEEKDAYS = BusinessHours(
    zone="UTC", week={day: [(time(), time())] for day in range(5)}, years=frozenset({2026})
)  # 72 hours are 3 days


def at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(15), UTC)


def policy(**clauses: Any) -> RegistrationPolicy:
    return RegistrationPolicy(approvers=ANYBODY, **clauses)


def hand_in(
    rules: RegistrationPolicy, day: str, *, account: RegisteredAccount | None = None, id: str = "R-1", deal: Any = None, **known: Any
) -> RegistrationMoved:  # fmt: skip
    draft = drafted(
        id=id, program="acme", partner=id, deal=deal or Deal(customer="Contoso"), by=id, at=at(day)
    )
    account = account or RegisteredAccount(program="acme", account="A-1")
    return submitted(draft, account, rules, Circumstances(**known), by=id, at=at(day))


def approve(
    rules: RegistrationPolicy, handed: RegistrationMoved, day: str, **known: Any
) -> RegistrationMoved:
    assert handed.decision.outcome
    return approved(handed.registration, handed.account, rules, Circumstances(**known), who=KIM, at=at(day))


def until(window: ProtectionWindow, row: dict[str, str], **known: Any) -> str:
    rules = policy(protection=window)
    done = approve(rules, hand_in(rules, row["anchor"]), row["on"] or row["anchor"], **known).registration
    if done.protection is None:
        return "refused"
    return "never" if done.protection.until is None else done.protection.until.isoformat()


def eligible(rules: Eligibility, row: dict[str, str], deal: Deal | None = None, **known: Any) -> str:
    return (
        "yes" if hand_in(policy(eligibility=rules), row["on"], deal=deal, **known).decision.outcome else "no"
    )


def extension(window: Term, term: Term, row: dict[str, str]) -> tuple[RegistrationPolicy, RegistrationMoved]:
    rules = policy(protection=ProtectionWindow(term=window), extension=Extension(term=term))
    held = approve(rules, hand_in(rules, row["anchor"]), row["anchor"])
    asked = moved(
        held.registration, held.account, RegistrationAction.ASK_EXTENSION, rules, by="R-1", at=at(row["on"])
    )
    return rules, asked


def extended(window: Term, term: Term, row: dict[str, str]) -> str:
    rules, asked = extension(window, term, row)
    done = moved(
        asked.registration, asked.account, RegistrationAction.EXTEND, rules, by="kim", at=at(row["on"])
    )
    assert done.registration.protection is not None
    return str(done.registration.protection.until)


def review(row: dict[str, str], research: bool) -> str:
    rules = policy(review=Review(hours=WEEKDAYS, within=72, research_days=3))
    done = hand_in(rules, row["anchor"])
    for action in (RegistrationAction.REVIEW, RegistrationAction.RESEARCH) if research else ():
        done = moved(done.registration, done.account, action, rules, by="kim", at=at(row["anchor"]))
        assert done.decision.outcome
    deadline = review_deadline(done.registration, rules)
    assert deadline is not None
    assert deadline.time() == time(15)
    return deadline.date().isoformat()


def place_after_return(resubmission: Resubmission) -> str:
    rules = policy(resubmission=resubmission)
    first = hand_in(rules, "2026-03-02")
    back = moved(
        first.registration,
        first.account,
        RegistrationAction.RETURN,
        rules,
        by="kim",
        at=at("2026-03-03"),
        reason="who?",
    )
    second = hand_in(rules, "2026-03-04", account=back.account, id="R-2")
    again = resubmitted(
        back.registration, second.account, rules, Circumstances(), by="R-1", at=at("2026-03-05")
    )
    order = [one.registration for one in again.account.scopes]
    return "behind" if order == ["R-2", "R-1"] else "before"


def second_discount(row: dict[str, str]) -> str:
    rules = policy(discount=PercentagePoints.of(row["anchor"]), second_share=Rate.percent(50))
    first = hand_in(rules, "2026-03-02")
    second = hand_in(rules, "2026-03-02", account=first.account, id="R-2")
    held = approved(first.registration, second.account, rules, Circumstances(), who=KIM, at=at("2026-03-02"))
    behind = queued(second.registration, held.account, rules, by="kim", at=at("2026-03-02")).registration
    assert behind.state is RegistrationState.QUEUED
    assert behind.discount is not None
    assert discounted(Rate.percent(30), behind) == Rate.percent(40)
    return str(behind.discount.points)


def discount(row: dict[str, str]) -> str:
    rules = policy(discount=PercentagePoints.of(row["on"]))
    held = approve(rules, hand_in(rules, "2026-03-02"), "2026-03-02")
    return str(discounted(Rate.percent(row["anchor"]), held.registration)).removesuffix(" %")


def answer(row: dict[str, str]) -> str:
    asked, anchor = row["asked"], row["anchor"]
    days = {"until": 90, "until-60": 60, "until-30": 30, "until-120": 120}
    term = Term(months=6) if "six months" in row["clause"] else Term(days=days.get(asked, 60))
    if asked.startswith("tier-"):
        return until(
            ProtectionWindow(term=Term(days=60), by_tier=TIERS), row, tier=asked.removeprefix("tier-")
        )
    if asked in days:
        return until(ProtectionWindow(term=term), row)
    engaged: dict[str, Any] = (
        {"last_engaged": date.fromisoformat(anchor)} if asked.startswith("engaged") else {}
    )
    new, tender = (
        Eligibility(new_customer=Term(months=36)),
        Deal(customer="Contoso", is_tender=True, tender_published=False),
    )
    found: dict[str, Callable[[], str]] = {
        "until-none": lambda: until(ProtectionWindow(term=None), row),
        "until-from-submission": lambda: until(
            ProtectionWindow(term=Term(days=90), starts=ProtectedFrom.SUBMISSION), row
        ),
        "until-60-from-submission": lambda: until(
            ProtectionWindow(term=Term(days=60), starts=ProtectedFrom.SUBMISSION), row
        ),
        "tender-never": lambda: eligible(Eligibility(tenders=Tenders.NEVER), row, tender),
        "tender-unpublished": lambda: eligible(Eligibility(tenders=Tenders.UNTIL_PUBLISHED), row, tender),
        "tender-published": lambda: eligible(
            Eligibility(tenders=Tenders.UNTIL_PUBLISHED),
            row,
            Deal(customer="Contoso", is_tender=True, tender_published=True),
        ),
        "second-discount": lambda: second_discount(row),
        "discount": lambda: discount(row),
        "ask-extension": lambda: (
            "yes" if extension(Term(months=6), Term(months=6), row)[1].decision.outcome else "no"
        ),
        "extended": lambda: extended(Term(months=6), Term(months=6), row),
        "extended-60": lambda: extended(Term(days=90), Term(days=60), row),
        "engaged-6-months": lambda: eligible(Eligibility(direct_not_engaged=Term(months=6)), row, **engaged),
        "engaged-60-days": lambda: eligible(Eligibility(direct_not_engaged=Term(days=60)), row, **engaged),
        "direct-account": lambda: eligible(Eligibility(no_direct_accounts=True), row, is_direct_account=True),
        "minimum": lambda: eligible(
            Eligibility(minimums=(Money.of(5000, "USD"),)),
            row,
            Deal(customer="Contoso", value=Money.parse(anchor)),
        ),
        "review": lambda: review(row, False),
        "researched": lambda: review(row, True),
        "resubmission-new": lambda: place_after_return(Resubmission.NEW_PLACE),
        "bought-3-years": lambda: eligible(new, row, last_bought=date.fromisoformat(anchor)),
        "bought-never": lambda: eligible(new, row, has_bought=False),
        "bought-unknown": lambda: eligible(new, row),
    }
    return found[asked]()


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}-{row['asked']}" for number, row in enumerate(ROWS, 2)])
def test_a_published_clause_comes_out_as_worked_out(row: dict[str, str]) -> None:
    assert answer(row) == row["expected"], row["worked_out"]


def test_the_other_reading_keeps_the_place() -> None:
    assert place_after_return(Resubmission.KEEPS_PLACE) == "before"


def test_what_was_never_submitted_has_no_deadline() -> None:
    draft = drafted(id="R", program="acme", partner="p", deal=Deal(customer="c"), by="p", at=at("2026-03-02"))
    assert isinstance(draft, Registration)
    assert review_deadline(draft, policy(review=Review(hours=WEEKDAYS, within=72))) is None
