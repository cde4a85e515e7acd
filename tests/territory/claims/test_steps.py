"""Steps one by one: what each leaves, why the others fall out, what the step saw of them, and of whom it asks."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.decisions.narrowing import Narrowed
from prmcore.errors import Fault, InvalidInput
from prmcore.territory.claims import (
    Claim,
    ClaimKind,
    ConflictFacts,
    ConflictPolicy,
    Contender,
    CountedFrom,
    CustomerChoice,
    ResolutionStep,
    SplitBy,
    StepKind,
    WhenUnknown,
    WhyOut,
)
from prmcore.values import DateRange, Rate

D = datetime.date
TODAY = D(2026, 6, 1)
NINE = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)
PROTECTED = DateRange(D(2026, 5, 4), D(2026, 6, 2))  # up to the first of June
SKIP = WhenUnknown.SKIP


def step(kind: StepKind, **told: Any) -> ResolutionStep:
    return ResolutionStep(kind=kind, **told)


HOUSE = step(StepKind.HOUSE_ACCOUNT)
ENGAGED = step(StepKind.DIRECT_ENGAGEMENT, days=10)
DECIDED = step(StepKind.DIRECT_ENGAGEMENT, days=10, counted_from=CountedFrom.DECISION)
PROTECTION = step(StepKind.PROTECTION)
RENEWALS = step(StepKind.INCUMBENT)
ALWAYS = step(StepKind.INCUMBENT, renewals_only=False)
EARLIEST = step(StepKind.EARLIEST)
TIER = step(StepKind.TIER, order=("gold", "silver"))
OWNER = step(StepKind.TERRITORY_OWNER)
LETTER = step(StepKind.CUSTOMER_CHOICE)
EQUAL = step(StepKind.SPLIT, by=SplitBy.EQUAL)
REVIEW = step(StepKind.REVIEW)

CLAIM = {field.name for field in attrs.fields(Claim)}


def at(minutes: int) -> datetime.datetime:
    return NINE + datetime.timedelta(minutes=minutes)


def one(name: str, minutes: int | None = 0, /, **told: Any) -> Contender:
    """A registration by a partner of that name, or the direct team's pursuit; None = it is not complete."""
    claim = {
        "kind": ClaimKind.DIRECT if name.startswith("vendor") else ClaimKind.REGISTRATION,
        "submitted": NINE,
        "completed": None if minutes is None else at(minutes),
        **{word: value for word, value in told.items() if word in CLAIM},
    }
    known = {word: value for word, value in told.items() if word not in CLAIM}
    return Contender(claim=Claim(id=name, account="A", claimant=name, **claim), **known)


def chosen(claimant: str, on: datetime.date = TODAY) -> CustomerChoice:
    return CustomerChoice(claimant=claimant, reference="mail-7", on=on)


ACME, BOLT, VENDOR, OTHER_VENDOR = one("acme"), one("bolt", 1), one("vendor"), one("vendor-east")
LATE_AT_NIGHT = datetime.datetime(2026, 5, 3, 23, 30, tzinfo=datetime.UTC)  # the 4th of May in Tokyo

# what is left, who falls out and why and what was seen of it, and of whom something is not known
Told = tuple[list[str], list[tuple[str, WhyOut, Any]], list[str]]


def told(found: Narrowed[Contender]) -> Told:
    out = [(each.claim.id, each.why, each.seen) for each in found.fell_out]
    return [each.id for each in found.left], out, [each.id for each in found.unknown]


def both() -> Told:
    """Nothing comes of the step."""
    return ["acme", "bolt"], [], []


def asked(*names: str) -> Told:
    return ["acme", "bolt"], [], list(names)


def out(name: str, why: WhyOut, seen: Any = None, *, leaves: str) -> Told:
    return [leaves], [(name, why, seen)], []


@pytest.mark.parametrize(
    ("taken", "contenders", "known", "expected"),
    [
        # the vendor's own list
        (HOUSE, (ACME, BOLT), {}, asked("acme", "bolt")),
        (HOUSE, (ACME, BOLT), {"is_house_account": False}, both()),
        (HOUSE, (ACME, VENDOR), {"is_house_account": True}, out("acme", WhyOut.HOUSE_ACCOUNT, leaves="vendor")),
        (
            HOUSE, (ACME, BOLT), {"is_house_account": True},
            ([], [("acme", WhyOut.HOUSE_ACCOUNT, None), ("bolt", WhyOut.HOUSE_ACCOUNT, None)], []),
        ),
        # the direct team at work: ten days up to the fourth of May begin on the 25th of April
        (ENGAGED, (ACME, BOLT), {}, asked("acme", "bolt")),
        (ENGAGED, (ACME, VENDOR), {}, (["acme", "vendor"], [], ["acme"])),
        (ENGAGED, (VENDOR, OTHER_VENDOR), {}, (["vendor", "vendor-east"], [], [])),
        (ENGAGED, (ACME, BOLT), {"engagements": ()}, both()),
        (ENGAGED, (ACME, VENDOR), {"engagements": [D(2026, 4, 24), D(2026, 5, 5)]}, (["acme", "vendor"], [], [])),
        (
            ENGAGED, (ACME, VENDOR), {"engagements": [D(2026, 4, 25)]},
            out("acme", WhyOut.ENGAGED, D(2026, 4, 25), leaves="vendor"),
        ),
        (  # the last of several days is told
            ENGAGED, (ACME, VENDOR), {"engagements": [D(2026, 5, 4), D(2026, 4, 30), D(2026, 5, 6)]},
            out("acme", WhyOut.ENGAGED, D(2026, 5, 4), leaves="vendor"),
        ),
        (  # each partner by its own submission, nobody may be left
            ENGAGED, (ACME, BOLT), {"engagements": [D(2026, 5, 1)]},
            ([], [("acme", WhyOut.ENGAGED, D(2026, 5, 1)), ("bolt", WhyOut.ENGAGED, D(2026, 5, 1))], []),
        ),
        (
            ENGAGED, (ACME, one("bolt", submitted=at(24 * 60), completed=at(24 * 60))), {"engagements": [D(2026, 5, 5)]},
            out("bolt", WhyOut.ENGAGED, D(2026, 5, 5), leaves="acme"),
        ),
        # ten days up to the first of June begin on the 23rd of May
        (DECIDED, (ACME, VENDOR), {"engagements": [D(2026, 5, 22), D(2026, 6, 2)]}, (["acme", "vendor"], [], [])),
        (
            DECIDED, (ACME, VENDOR), {"engagements": [D(2026, 5, 23)]},
            out("acme", WhyOut.ENGAGED, D(2026, 5, 23), leaves="vendor"),
        ),
        # protection
        (PROTECTION, (ACME, BOLT), {}, both()),
        (PROTECTION, (one("acme", protected=PROTECTED), BOLT), {}, out("bolt", WhyOut.UNPROTECTED, leaves="acme")),
        (PROTECTION, (one("acme", protected=DateRange(D(2026, 5, 4), TODAY)), BOLT), {}, both()),
        # the partner of record
        (RENEWALS, (ACME, BOLT), {}, asked("acme", "bolt")),
        (RENEWALS, (ACME, BOLT), {"is_renewal": False}, both()),
        (RENEWALS, (ACME, one("bolt", is_incumbent=True)), {"is_renewal": True}, asked("acme")),
        (
            RENEWALS, (one("acme", is_incumbent=False), one("bolt", is_incumbent=True)), {"is_renewal": True},
            out("acme", WhyOut.NOT_INCUMBENT, leaves="bolt"),
        ),
        (
            ALWAYS, (one("acme", is_incumbent=False), one("bolt", is_incumbent=True)), {},
            out("acme", WhyOut.NOT_INCUMBENT, leaves="bolt"),
        ),
        (RENEWALS, (one("acme", is_incumbent=False), one("bolt", is_incumbent=False)), {"is_renewal": True}, both()),
        # the first complete submission
        (EARLIEST, (one("acme", None), one("bolt", None)), {}, both()),
        (EARLIEST, (ACME, BOLT), {}, out("bolt", WhyOut.LATER, at(1), leaves="acme")),
        (EARLIEST, (one("acme", None), BOLT), {}, out("acme", WhyOut.INCOMPLETE, leaves="bolt")),
        (EARLIEST, (one("acme", 1, sequence=2), one("bolt", 1, sequence=1)), {}, out("acme", WhyOut.LATER, at(1), leaves="bolt")),
        (EARLIEST, (one("acme", 1, sequence=1), one("bolt", 1, sequence=1)), {}, both()),
        # tiers
        (TIER, (ACME, one("bolt", tier="gold")), {}, asked("acme")),
        (TIER, (one("acme", tier="bronze"), one("bolt", tier="gold")), {}, asked("acme")),
        (TIER, (one("acme", tier="silver"), one("bolt", tier="gold")), {}, out("acme", WhyOut.LOWER_TIER, "silver", leaves="bolt")),
        (TIER, (one("acme", tier="silver"), one("bolt", tier="silver")), {}, both()),
        (TIER, (one("acme", tier="silver"), VENDOR), {}, (["acme", "vendor"], [], [])),
        (TIER, (VENDOR, OTHER_VENDOR), {}, (["vendor", "vendor-east"], [], [])),
        # the territory
        (OWNER, (ACME, one("bolt", owns_territory=True)), {}, asked("acme")),
        (
            OWNER, (one("acme", owns_territory=False), one("bolt", owns_territory=True)), {},
            out("acme", WhyOut.NOT_OWNER, leaves="bolt"),
        ),
        # the customer's letter
        (LETTER, (ACME, BOLT), {}, both()),
        (LETTER, (ACME, BOLT), {"choice": chosen("bolt", D(2026, 6, 2))}, both()),
        (LETTER, (ACME, BOLT), {"choice": chosen("bolt")}, out("acme", WhyOut.NOT_CHOSEN, "mail-7", leaves="bolt")),
        (LETTER, (ACME, BOLT), {"choice": chosen("cato")}, asked("acme", "bolt")),
        # what decides elsewhere
        (EQUAL, (ACME, BOLT), {}, both()),
        (REVIEW, (ACME, BOLT), {}, both()),
    ],
)  # fmt: skip
def test_a_step_leaves_some_claims_or_all_of_them_or_asks(
    taken: ResolutionStep, contenders: tuple[Contender, ...], known: dict[str, Any], expected: Told
) -> None:
    facts = ConflictFacts(contenders=contenders, **known)
    policy = ConflictPolicy(name="conflicts/2026", steps=(taken,))
    (found,) = policy.narrowings(facts, TODAY)
    assert found.step is taken
    assert told(found) == expected
    if found.unknown:  # the same step where it may not ask
        (skipped,) = attrs.evolve(policy, steps=(attrs.evolve(taken, unknown=SKIP),)).narrowings(facts, TODAY)
        assert told(skipped) == (expected[0], [], [])


def test_a_letter_for_somebody_who_fell_out_before_decides_nothing() -> None:
    facts = ConflictFacts(
        contenders=[one("acme", protected=PROTECTED), one("bolt", protected=PROTECTED), one("cato")], choice=chosen("cato")
    )  # fmt: skip
    policy = ConflictPolicy(name="conflicts/2026", steps=(PROTECTION, LETTER, REVIEW))
    assert [told(each)[0] for each in policy.narrowings(facts, TODAY)] == [["acme", "bolt"]] * 3


def test_the_day_of_a_submission_is_that_of_the_zone() -> None:
    late = one("acme", submitted=LATE_AT_NIGHT, completed=LATE_AT_NIGHT)
    facts = ConflictFacts(contenders=[late, VENDOR], engagements=[D(2026, 5, 4)])
    utc = ConflictPolicy(name="conflicts/2026", steps=(ENGAGED,))
    left = [
        told(policy.narrowings(facts, TODAY)[0])[0] for policy in (utc, attrs.evolve(utc, zone="Asia/Tokyo"))
    ]
    assert left == [["acme", "vendor"], ["vendor"]]


@pytest.mark.parametrize(
    ("told", "first"),
    [({"days": 1}, D(2026, 5, 4)), ({"days": 3}, D(2026, 5, 2)), ({"months": 1}, D(2026, 4, 5)), ({"months": 2}, D(2026, 3, 5))],
)  # fmt: skip
def test_an_engagement_counts_for_days_or_months_up_to_the_day_itself(
    told: dict[str, int], first: datetime.date
) -> None:
    window = step(StepKind.DIRECT_ENGAGEMENT, **told).window(D(2026, 5, 4))
    assert window == DateRange.of_days(first, D(2026, 5, 4))


NUMBER = "accepted: 1 to 10000"
PART = "accepted: above 0 %, up to 100 %"
TOGETHER = Fault("shares and a split by roles go together", "shares")


def shared(**shares: Rate) -> dict[str, Any]:
    return {"kind": StepKind.SPLIT, "by": SplitBy.ROLES, "shares": shares}


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ({"days": 0}, [Fault(f"found 0; {NUMBER}", "days")]),
        ({"days": 10_001}, [Fault(f"found 10001; {NUMBER}", "days")]),
        ({"days": True}, [Fault(f"found True; {NUMBER}", "days")]),
        ({"months": 0}, [Fault(f"found 0; {NUMBER}", "months")]),
        ({"months": 1.5}, [Fault(f"found 1.5; {NUMBER}", "months")]),
        ({}, [Fault("found neither; accepted: days or months", "days")]),
        ({"days": 1, "months": 1}, [Fault("found days and months; accepted: days or months", "days")]),
        ({"kind": StepKind.EARLIEST, "days": 3}, [Fault("goes with direct_engagement, not with earliest", "days")]),
        ({"kind": StepKind.TIER, "order": ("a",), "months": 3}, [Fault("goes with direct_engagement, not with tier", "months")]),
        (
            {"kind": StepKind.EARLIEST, "counted_from": CountedFrom.DECISION},
            [Fault("goes with direct_engagement, not with earliest", "counted_from")],
        ),
        ({"days": 1, "renewals_only": False}, [Fault("goes with incumbent, not with direct_engagement", "renewals_only")]),
        ({"kind": StepKind.EARLIEST, "order": ("gold",)}, [Fault("goes with tier, not with earliest", "order")]),
        ({"kind": StepKind.EARLIEST, "by": SplitBy.EQUAL}, [Fault("goes with split, not with earliest", "by")]),
        (
            {"kind": StepKind.EARLIEST, "shares": {"sourced": Rate(1)}},
            [Fault("goes with split, not with earliest", "shares"), TOGETHER],
        ),
        ({"kind": StepKind.TIER}, [Fault("found none; accepted: the tiers, the best first", "order")]),
        ({"kind": StepKind.TIER, "order": ("a", "b", "a")}, [Fault("the tier 'a' stands here twice", "order")]),
        ({"kind": StepKind.SPLIT}, [Fault("is missing; accepted: equal, roles, agreed", "by")]),
        (shared(), [TOGETHER]),
        ({**shared(sourced=Rate(1)), "by": SplitBy.AGREED}, [TOGETHER]),
        (shared(a=Rate(0), b=Rate(1)), [Fault(f"found 0 %; {PART}", "shares.a")]),
        (
            shared(a=Rate(3, 2), b=Rate(-1, 2)),
            [Fault(f"found 150 %; {PART}", "shares.a"), Fault(f"found -50 %; {PART}", "shares.b")],
        ),
        (shared(a=Rate(1, 2), b=Rate(1, 4)), [Fault("the shares make 75 %; accepted: 100 % exactly", "shares")]),
    ],
)  # fmt: skip
def test_parameters_that_a_step_cannot_use_are_refused(told: dict[str, Any], faults: list[Fault]) -> None:
    with pytest.raises(InvalidInput) as refused:
        ResolutionStep(**{"kind": StepKind.DIRECT_ENGAGEMENT, **told})
    assert list(refused.value.faults) == faults


@pytest.mark.parametrize(
    "told",
    [
        {"days": 1},
        {"days": 10_000},
        {"months": 1},
        shared(sourced=Rate(1)),
        shared(a=Rate(1, 3), b=Rate(2, 3)),
    ],
)
def test_what_is_just_within_bounds_is_taken(told: dict[str, Any]) -> None:
    assert ResolutionStep(**{"kind": StepKind.DIRECT_ENGAGEMENT, **told})


def test_steps_that_are_alike_are_one_in_a_set() -> None:
    halves = {"a": Rate(1, 2), "b": Rate(1, 2)}
    assert len({ResolutionStep(**shared(**halves)), ResolutionStep(**shared(**halves)), EARLIEST}) == 2


def test_what_is_not_said_of_a_step_is_the_usual() -> None:
    assert attrs.asdict(EARLIEST) == {
        "kind": StepKind.EARLIEST, "days": None, "months": None, "counted_from": CountedFrom.SUBMISSION, "renewals_only": True,
        "order": (), "by": None, "shares": {}, "unknown": WhenUnknown.ASK,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (
            StepKind,
            "house_account direct_engagement protection incumbent earliest tier territory_owner customer_choice split review",
        ),
        (CountedFrom, "submission decision"),
        (SplitBy, "equal roles agreed"),
        (WhenUnknown, "ask skip"),
        (
            WhyOut,
            "house-account engaged unprotected not-incumbent incomplete later lower-tier not-owner not-chosen",
        ),
    ],
)
def test_a_program_file_and_a_record_write_these_words(words: Any, written: str) -> None:
    """A published file or a record of years ago has to be read for ever."""
    assert [word.value for word in words] == written.split()


def test_a_step_is_told_by_names_alone() -> None:
    with pytest.raises(TypeError):
        ResolutionStep(StepKind.EARLIEST)  # type: ignore[call-arg]
