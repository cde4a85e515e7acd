"""Published rules of conflict: every row of `claims.csv`, its answer worked out by hand there."""

import csv
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from prmcore.territory.claims import (
    Claim,
    ClaimKind,
    ConflictFacts,
    ConflictPolicy,
    Contender,
    CustomerChoice,
    Resolution,
    ResolutionStep,
    SplitBy,
    StepKind,
    Verdict,
)
from prmcore.territory.identity.model import Sameness
from prmcore.values import DateRange, Rate

SOURCE = Path(__file__).parent / "claims.csv"
ROWS = list(csv.DictReader(SOURCE.read_text(encoding="utf-8").splitlines(), strict=True))
YES = {"yes": True, "no": False}


def words(cell: str) -> dict[str, str]:
    """Names and values: `tier=gold share=70 %`."""
    return {name: value.strip() for name, value in re.findall(r"(\w+)=([^=]+?)(?=\s\w+=|$)", cell)}


def step(cell: str) -> ResolutionStep:
    kind, _, rest = cell.partition(" ")
    told: dict[str, Any] = {}
    if kind == "tier":
        told["order"] = tuple(rest.split("|"))
    elif kind == "split":
        by, _, shares = rest.partition(" ")
        told = {"by": SplitBy(by)}
        told["shares"] = {
            one.split("=")[0]: Rate.parse(one.split("=")[1]) for one in shares.split("|") if one
        }
    else:
        told = {name: int(count) for name, count in words(rest).items()}
    return ResolutionStep(kind=StepKind(kind), **told)


def period(cell: str | None) -> DateRange | None:
    return None if cell is None else DateRange(*map(date.fromisoformat, cell.split("/")))


def contender(number: int, cell: str) -> Contender:
    claimant, _, rest = cell.partition(" ")
    told = words(rest)
    done = None if told["done"] == "never" else datetime.fromisoformat(told["done"])
    submitted = datetime.fromisoformat(told["at"]) if "at" in told else done
    assert submitted is not None
    share = told.get("share")
    return Contender(
        claim=Claim(
            id=f"C-{number}", kind=ClaimKind(told.get("kind", "registration")), account="A-1", claimant=claimant,
            submitted=submitted, completed=done, sequence=int(told.get("sequence", 0)), protected=period(told.get("protected")),
        ),
        tier=told.get("tier"), owns_territory=YES.get(told.get("owner", "")), is_incumbent=YES.get(told.get("incumbent", "")),
        role=told.get("role"), agreed_share=None if share is None else Rate.parse(share),
    )  # fmt: skip


def facts(row: Mapping[str, str]) -> ConflictFacts:
    known = words(row["known"])
    engaged = known.get("engaged")
    choice = None
    if "choice" in known:
        claimant, _, day = known["choice"].partition("@")
        choice = CustomerChoice(claimant=claimant, reference="letter", on=date.fromisoformat(day))
    return ConflictFacts(
        contenders=[contender(number, cell.strip()) for number, cell in enumerate(row["claims"].split(";"))],
        sameness=Sameness(known.get("same", "same")), is_house_account=YES.get(known.get("house", "")),
        is_renewal=YES.get(known.get("renewal", "")),
        engagements=None if engaged is None else () if engaged == "none" else (date.fromisoformat(engaged),),
        choice=choice,
    )  # fmt: skip


def policy(row: Mapping[str, str]) -> ConflictPolicy:
    second = words(row["known"]).get("second")
    return ConflictPolicy(
        name="conflicts/published",
        steps=tuple(step(cell.strip()) for cell in row["steps"].split(";")),
        runner_up=None if second is None else Rate.parse(second),
    )


def told(resolution: Resolution) -> str:
    """A resolution as the table writes it."""
    if resolution.verdict is Verdict.AWARDED:
        behind = "".join(f" then {one.claimant} {one.terms}" for one in resolution.runners_up)
        return resolution.awards[0].claimant + behind
    if resolution.verdict is Verdict.SPLIT:
        return "split " + " ".join(f"{one.claimant} {one.share.fraction}" for one in resolution.awards)
    return "house" if resolution.why is None else f"review {resolution.why.value}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['clause']} {row['on']}")
def test_a_published_rule_decides_as_it_says(row: dict[str, str]) -> None:
    decision = policy(row).decide(facts(row), date.fromisoformat(row["on"]))
    assert told(decision.outcome) == row["expected"]
