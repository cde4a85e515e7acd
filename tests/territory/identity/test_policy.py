"""The policy of identity: its borders, what each line counts, and what the lines come to together."""

import datetime

import pytest

from prmcore.decisions import Truth
from prmcore.decisions.explain import explain, put_into_words
from prmcore.errors import InvalidInput
from prmcore.territory.identity import (
    Account,
    Address,
    Crowd,
    Evidence,
    EvidenceKind,
    IdentityPolicy,
    Pair,
    Sameness,
    Weight,
    said_of_evidence,
    strong_key,
)
from prmcore.territory.identity.policy import mask_of

DAY, POLICY = datetime.date(2026, 3, 31), IdentityPolicy()
ONE = Account(id="a", name="Acme Ltd", domains=("acme.com",), phones=("+44 20 7946 0000",))


def pair(**other: object) -> Pair:
    return Pair(ONE, Account(id="b", **other))  # type: ignore[arg-type]


def both(*known: tuple[str, str, str]) -> Pair:
    """Two accounts of which the name and a number are known."""
    first, second = (Account(id=name, name=name, keys=(strong_key(kind, key),)) for name, kind, key in known)
    return Pair(first, second)


def listed(*kinds: str) -> list[Evidence]:
    return [Evidence(EvidenceKind(kind), "one", "other") for kind in kinds]


# the points of a line of each kind, and how it reads; no number: a strong key, or what says nothing, has none
LINES = (
    ("same account", 0, "one account, the same in every part: one"),
    ("same key", 0, "the same number in a register: one"),
    ("other key", 0, "different numbers in one register: one and other"),
    ("same name", 50, "the same name: one and other"),
    ("former name", 45, "one name is a former name of the other: one and other"),
    ("similar name", 45, "similar names: one and other"),
    ("same reading", 35, "the same reading: one and other"),
    ("same sound", 35, "the kana of one read as the Latin letters of the other: one and other"),
    ("same initials", 15, "one name is the initials of the other: one and other"),
    ("family", 10, "one name contains the other, as in a group of companies: one and other"),
    ("other number", -50, "the names differ by a number: one and other"),
    ("other form", -50, "legal forms that cannot be of one company: one and other"),
    ("other reading", -5, "different readings: one and other"),
    ("same domain", 45, "the same domain: one and other"),
    ("crowded domain", 0, "the same domain, but 7 accounts of the list have it, so it says nothing: one and other"),
    ("same phone", 40, "the same phone number: one and other"),
    ("crowded phone", 0, "the same phone number, but 7 accounts of the list have it, so it says nothing: one and other"),
    ("same place", 0, "the same address: one and other"),  # 40 beside a like name
    ("other place", -5, "different addresses: one and other"),
    ("other country", -10, "different countries: one and other"),
    ("other office", 0, "an office of the same company: one and other"),
    ("other location", 0, "different D-U-N-S numbers, of two locations or two companies: one and other"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "points", "text"), LINES)
def test_a_line_counts_its_points_and_says_what_was_compared(kind: str, points: int, text: str) -> None:
    line = Evidence(EvidenceKind(kind), "one", "other", 7)
    assert POLICY.points([line]) == (points,)
    said = said_of_evidence(line, points)
    assert str(put_into_words(said, "en")) == (
        f"{said_mark(kind)} {text}: {points} points" if points else f"{said_mark(kind)} {text}"
    )
    assert said.truth is Truth.of(said_mark(kind) == "✓")
    assert said_of_evidence(line).values == {"first": "one", "second": "other", "count": 7}


def said_mark(kind: str) -> str:
    return "✗" if kind.startswith("other ") and kind != "other office" else "✓"


def test_every_kind_has_its_line_and_its_own_bit() -> None:
    assert [kind for kind, _, _ in LINES[:10]] == [kind.value for kind in EvidenceKind][:10]
    assert {kind for kind, _, _ in LINES} == {kind.value for kind in EvidenceKind}
    assert [mask_of(listed(kind.value)) for kind in EvidenceKind] == [2**place for place in range(22)]
    assert mask_of([]) == 0
    assert mask_of(listed("same account", "other key", "other key")) == 0b101


@pytest.mark.parametrize(
    ("kinds", "points"),
    [
        # of the lines about names the best counts
        ("similar name, same reading", (45, 0)),
        ("same reading, same name", (0, 50)),
        ("family, same initials", (0, 15)),
        ("same sound, family", (35, 0)),
        # a place counts beside a like name or its sound
        ("same place, same name", (40, 50)),
        ("same place, former name", (40, 45)),
        ("same place, similar name", (40, 45)),
        ("same place, same reading", (40, 35)),
        ("same place, same sound", (40, 35)),
        ("same place, same initials", (0, 15)),
        ("same place, family", (0, 10)),
        ("same place, same domain", (0, 45)),
        ("", ()),
    ],
)
def test_what_lines_count_together(kinds: str, points: tuple[int, ...]) -> None:
    assert POLICY.points(listed(*filter(None, kinds.split(", ")))) == points


@pytest.mark.parametrize(
    ("kinds", "outcome", "total"),
    [
        ("same key", "same", 0),
        ("same account", "same", 0),
        ("other key, same name, same domain", "distinct", 95),
        ("other key, same key", "possible", 0),
        ("other key, same account", "distinct", 0),
        ("same key, other location", "possible", 0),
        ("same account, other location", "possible", 0),
        ("same name, same domain", "same", 95),
        ("similar name, same domain", "same", 90),  # just enough
        ("similar name, same phone", "possible", 85),
        ("former name, same domain", "same", 90),
        ("same reading, same domain, same phone", "possible", 120),  # no like name
        ("same name, same domain, other location", "possible", 95),
        ("same name, same domain, same phone, other form", "possible", 85),
        ("same name, same domain, same phone, same place, other form", "possible", 125),
        ("same name, same domain, same phone, same place, other number", "possible", 125),
        ("same reading", "possible", 35),  # just enough
        ("same phone, other country", "distinct", 30),
        ("", "distinct", 0),
    ],
)
def test_what_the_lines_come_to(kinds: str, outcome: str, total: int) -> None:
    assert POLICY.weighed(listed(*filter(None, kinds.split(", ")))) == (Sameness(outcome), total)


def test_a_weight_of_the_policy_counts_instead_of_the_usual_one() -> None:
    weights = (Weight(EvidenceKind.SAME_PHONE, 0), Weight(EvidenceKind.SAME_DOMAIN, 1000))
    policy = IdentityPolicy(name="identity/own", weights=weights)
    assert policy.points(listed("same phone", "same domain", "same name")) == (0, 1000, 50)
    assert [policy.weight(EvidenceKind(kind)) for kind in ("same phone", "other form", "same key")] == [
        0,
        50,
        0,
    ]


def test_a_policy_is_as_it_is_described() -> None:
    assert (POLICY.name, POLICY.same_from, POLICY.possible_from, POLICY.most_sharing) == (
        "identity/standard",
        90,
        35,
        5,
    )
    assert (POLICY.weights, POLICY.shared_hosts) == ((), frozenset())
    with pytest.raises(TypeError):
        IdentityPolicy("identity/own")  # type: ignore[call-arg]  # each part by its name


POINTS = "accepted: 0 < possible_from < same_from <= 1000 @ same_from"
TWICE = "found 'same name' more than once; accepted: one weight for each kind @ weights"


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"possible_from": 0}, [f"found 0 and 90; {POINTS}"]),
        ({"possible_from": 90}, [f"found 90 and 90; {POINTS}"]),
        ({"same_from": 1001}, [f"found 35 and 1001; {POINTS}"]),
        ({"possible_from": 1, "same_from": 2}, []),
        ({"same_from": 1000}, []),
        ({"most_sharing": 1}, ["found 1; accepted: 2 or more @ most_sharing"]),
        ({"most_sharing": 2}, []),
        ({"weights": (Weight(EvidenceKind.SAME_NAME, 0), Weight(EvidenceKind.FAMILY, 1000))}, []),
        ({"weights": (Weight(EvidenceKind.FAMILY, 1), Weight(EvidenceKind.SAME_NAME, -1))}, ["found -1; accepted: 0 to 1000 @ weights[1].points"]),
        ({"weights": (Weight(EvidenceKind.SAME_NAME, 1001),)}, ["found 1001; accepted: 0 to 1000 @ weights[0].points"]),
        ({"weights": (Weight(EvidenceKind.SAME_KEY, 1),)}, ["found 'same key'; a strong key has no points, it decides @ weights[0].kind"]),
        ({"weights": (Weight(EvidenceKind.SAME_NAME, 1),) * 2}, [TWICE]),
        ({"possible_from": 0, "most_sharing": 0}, [f"found 0 and 90; {POINTS}", "found 0; accepted: 2 or more @ most_sharing"]),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_used_is_refused_with_all_its_faults(
    parts: dict[str, object], faults: list[str]
) -> None:
    if not faults:
        assert IdentityPolicy(**parts)  # type: ignore[arg-type]
        return
    with pytest.raises(InvalidInput) as refused:
        IdentityPolicy(**parts)  # type: ignore[arg-type]
    assert refused.value.title == "the policy 'identity/standard' cannot be used"
    assert [str(fault) for fault in refused.value.faults] == faults


def test_what_is_no_pair_or_no_day_is_refused() -> None:
    with pytest.raises(InvalidInput, match="found tuple; accepted: a Pair of accounts"):
        POLICY.decide((ONE, ONE), DAY)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="as_of: found '2026'; accepted: a date without a time"):
        POLICY.decide(pair(name="Acme"), "2026")  # type: ignore[arg-type]


def test_a_decision_holds_its_lines_as_reasons_and_as_a_mask() -> None:
    decision = POLICY.decide(pair(name="Acme AG", domains=("www.acme.com",)), DAY)
    assert (decision.outcome, decision.policy, decision.as_of) == (Sameness.POSSIBLE, POLICY, DAY)
    assert decision.mask == mask_of(listed("same name", "other form", "same domain"))
    assert [(reason.criterion.name, reason.truth.value, reason.observed) for reason in decision.reasons] == [  # type: ignore[union-attr]
        ("same-name", "met", "Acme Ltd / Acme AG"),
        ("other-form", "unmet", "Acme Ltd / Acme AG"),
        ("same-domain", "met", "acme.com / www.acme.com"),
    ]
    assert POLICY.decided(decision.facts, listed("same reading"), DAY).outcome is Sameness.POSSIBLE
    with pytest.raises(InvalidInput, match="ask the policy for it"):
        decision.reasons[0].criterion.function(decision.facts, DAY)  # type: ignore[union-attr]


def test_the_same_account_is_one_whatever_it_has_and_another_id_makes_two_of_it() -> None:
    assert POLICY.evidence(Pair(ONE, ONE), DAY)[0] == Evidence(EvidenceKind.SAME_ACCOUNT, "a", "a")
    assert EvidenceKind.SAME_ACCOUNT not in [
        line.kind for line in POLICY.evidence(pair(name="Acme Ltd"), DAY)
    ]


def test_a_host_that_the_policy_shares_is_no_domain() -> None:
    policy = IdentityPolicy(shared_hosts=frozenset(["acme.com"]))
    assert [line.kind.value for line in policy.evidence(pair(name="Acme", domains=("acme.com",)), DAY)] == [
        "same name"
    ]


SUM = "points; from 90 on the same if their names are, from 35 on to be looked at"


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (
            pair(name="ACME Limited", domains=("www.acme.com",)),
            f"""✓ Acme Ltd and ACME Limited are one company (identity/standard, March 31, 2026)
                ✓ the same name: Acme Ltd and ACME Limited: 50 points
                ✓ the same domain: acme.com and www.acme.com: 45 points
                95 {SUM}""",
        ),
        (
            Pair(ONE, Account(id="b", name="Zzyzx", domains=("acme.com",)), (Crowd("acme.com", 7),)),
            f"""✗ Acme Ltd and Zzyzx are two companies (identity/standard, March 31, 2026)
                ✓ the same domain, but 7 accounts of the list have it, so it says nothing: acme.com and acme.com
                0 {SUM}""",
        ),
        (
            pair(name="Acme AG", phones=("+442079460000",)),
            f"""? Acme Ltd and Acme AG may be one company, a person has to look (identity/standard, March 31, 2026)
                ✓ the same name: Acme Ltd and Acme AG: 50 points
                ✗ legal forms that cannot be of one company: Acme Ltd and Acme AG: -50 points
                ✓ the same phone number: +44 20 7946 0000 and +442079460000: 40 points
                40 {SUM}""",
        ),
        (
            both(("first", "siren", "732829320"), ("second", "siren", "732829320")),
            """✓ first and second are one company (identity/standard, March 31, 2026)
                ✓ the same number in a register: 732829320""",
        ),
        (
            both(("one", "vat", "DE136695976"), ("other", "vat", "DE129274202")),
            """✗ one and other are two companies (identity/standard, March 31, 2026)
                ✗ different numbers in one register: 136695976 and 129274202""",
        ),
        (
            Pair(ONE, ONE),
            """✓ Acme Ltd and Acme Ltd are one company (identity/standard, March 31, 2026)
                ✓ one account, the same in every part: a
                ✓ the same name: Acme Ltd and Acme Ltd: 50 points
                ✓ the same domain: acme.com and acme.com: 45 points
                ✓ the same phone number: +44 20 7946 0000 and +44 20 7946 0000: 40 points""",
        ),
    ],
)  # fmt: skip
def test_a_decision_is_explained_by_its_lines_and_their_sum(facts: Pair, text: str) -> None:
    explained = str(explain(POLICY.decide(facts, DAY)))
    assert [line.strip() for line in explained.splitlines()] == [line.strip() for line in text.splitlines()]


def test_another_place_and_country_speak_a_little_against() -> None:
    one, other = (
        Account(id=place, name="Acme", country=country, addresses=(Address(text=place),))
        for place, country in (("1 Main St, Boston", "US"), ("2 Oak Ave, Leeds", "GB"))
    )
    assert POLICY.weighed(POLICY.evidence(Pair(one, other), DAY)) == (Sameness.POSSIBLE, 50 - 5 - 10)
