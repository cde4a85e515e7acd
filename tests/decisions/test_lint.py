"""Lint: what is wrong with a ladder before it runs, each finding with facts that show it."""

import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import (
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Ladder,
    Rule,
    RuleReason,
    Rung,
    Truth,
    all_of,
    any_of,
    at_least_of,
    fact,
    not_,
    rung,
)  # fmt: skip
from prmcore.decisions.criteria import Criterion
from prmcore.decisions.explain import Said
from prmcore.decisions.lint import Budget, Finding, Undecided, facts_meeting, lint_ladder, truth_in
from prmcore.testing import strategies
from prmcore.values import Money, Rate, Text

DAY = datetime.date(2026, 3, 31)
SCHEMA = FactSchema(
    "facts",
    (
        FactField("quantity", Kind.COUNT), FactField("people", Kind.COUNT), FactField("score", Kind.NUMBER),
        FactField("revenue", Kind.MONEY), FactField("retention", Kind.RATE), FactField("skills", Kind.CODES),
        FactField("active", Kind.BOOL), FactField("country", Kind.CODE),
    ),
)  # fmt: skip
quantity, people = fact("quantity"), fact("people")


def ladder(*rungs: Rung[str]) -> Ladder[FactSheet, str]:
    return Ladder("p", facts=SCHEMA, otherwise="none", rungs=rungs)


def found(*rungs: Rung[str]) -> list[tuple[str, str, Any]]:
    return [(one.code, one.path, one.witness) for one in lint_ladder(ladder(*rungs))]


def test_published_quantity_bands_have_a_hole_at_5000() -> None:
    """Published terms: 100-499, 500-1,499, 1,500-4,999, >5,000. Whoever takes exactly 5,000 is in none of them."""
    bands = (
        rung("D", quantity.more_than(5000)),
        rung("C", quantity.between(1500, 4999)),
        rung("B", quantity.between(500, 1499)),
        rung("A", quantity.between(100, 499)),
    )
    (gap,) = lint_ladder(ladder(*bands))
    assert (gap.code, gap.path, gap.witness) == ("gap", "rungs[0]", {"quantity": 5000})
    assert str(gap) == (
        "gap: a hole in quantity: at 5,000 the level is none, though less of it and more of it both reach a better one "
        f"(for example quantity = 5000) @ {gap.path}"
    )
    closed = (rung("D", quantity.at_least(5000)), *bands[1:])
    assert lint_ladder(ladder(*closed)) == ()


def test_every_hole_between_bands_is_found() -> None:
    assert [
        witness["quantity"]
        for code, _, witness in found(
            rung("C", quantity.more_than(5000)),
            rung("B", quantity.between(501, 4999)),
            rung("A", quantity.between(100, 499)),
        )
        if code == "gap"
    ] == [500, 5000]


def test_a_wide_hole_is_told_once_by_its_lowest_value() -> None:
    bands = (rung("B", quantity.between(600, 999)), rung("A", quantity.between(100, 499)))
    assert [witness for code, _, witness in found(*bands) if code == "gap"] == [{"quantity": 500}]


def test_a_hole_is_told_by_the_names_of_its_fact_and_of_the_level_there() -> None:
    """Whoever has 5 to 9 falls back to "ready", though both less and more of it are better."""
    named = FactSchema("named", (FactField("quantity", Kind.COUNT, Text.of("Pieces")),))
    rungs = (
        rung("gold", quantity.at_least(10)), rung("silver", quantity.between(2, 4)),
        rung("ready", quantity.at_least(1), text=Text.of("Ready to sell")),
    )  # fmt: skip
    (gap,) = lint_ladder(Ladder[FactSheet, str]("p", facts=named, otherwise="none", rungs=rungs))
    assert gap.said.values == {"fact": Text.of("Pieces"), "value": 5, "level": Text.of("Ready to sell")}
    assert gap.in_words().startswith("a hole in Pieces: at 5 the level is Ready to sell, though less of it")


@pytest.mark.parametrize("most", [2, 3])
def test_a_hole_beside_the_lowest_and_the_highest_value_is_found(most: int) -> None:
    rungs = (rung("B", quantity.at_least(2)), rung("A", quantity.at_most(0)))
    gaps = [one for one in lint_ladder(ladder(*rungs), {"quantity": (0, most)}) if one.code == "gap"]
    assert [one.witness for one in gaps] == [{"quantity": 1}]


def test_bands_of_whole_numbers_leave_holes_where_the_fact_is_not_whole() -> None:
    score = fact("score")
    (gap,) = lint_ladder(ladder(rung("B", score.between(500, 999)), rung("A", score.between(100, 499))))
    assert gap.code == "gap"
    assert gap.witness is not None
    assert 499 < gap.witness["score"] < 500


CLEAN = (
    rung(
        "gold", fact("revenue").at_least(Money.of(250, "EUR")), people.at_least(4),
        fact("retention").at_least(Rate.percent(80)), fact("skills").includes_all("a", "b"), fact("active").is_true(),
    ),
    rung("silver", fact("revenue").at_least(Money.of(80, "EUR")), people.at_least(2), fact("skills").includes("a")),
    rung("ready", people.at_least(1)),
)  # fmt: skip


@pytest.mark.parametrize(
    "rungs",
    [
        CLEAN,
        (),
        (rung("gold", quantity.at_least(1)),),
        (rung("gold", any_of(quantity.at_least(9), people.at_least(5))), rung("silver", quantity.at_least(5))),
        # codes in groups that the two criteria tell apart: {b, d} meets all four
        (
            rung(
                "gold", fact("skills").includes_any("a", "b"), fact("skills").includes_any("c", "d"),
                not_(fact("skills").includes("a")), not_(fact("skills").includes("c")),
            ),
        ),
    ],
)  # fmt: skip
def test_a_clean_ladder_raises_no_false_alarm(rungs: tuple[Rung[str], ...]) -> None:
    codes = {code for code, _, _ in found(*rungs)}
    if len(rungs) == 2:  # many people and few of the quantity: met without meeting the level below
        assert codes == {"easier-than-below"}
    else:
        assert codes == set()


def test_criteria_that_contradict_each_other_are_named() -> None:
    (finding,) = lint_ladder(
        ladder(rung("gold", people.at_least(3), quantity.at_least(5), quantity.less_than(5)))
    )
    assert (finding.code, finding.path, finding.witness) == ("contradiction", "rungs[0]", None)
    assert finding.in_words() == "nobody can meet gold: its criteria on quantity contradict each other"
    assert finding.in_words("ja") == "gold を満たすことはできません：quantity の条件が矛盾しています"
    assert finding.said.values == {"level": "gold", "facts": "quantity", "count": 2}
    both = any_of(quantity.at_least(5), people.at_least(5))
    (finding,) = lint_ladder(ladder(rung("gold", both, quantity.less_than(5), people.less_than(5))))
    assert finding.said.values == {"level": "gold", "facts": "people, quantity", "count": 3}


def test_a_rung_that_nobody_can_stand_on_is_found() -> None:
    assert found(rung("gold", quantity.at_least(5)), rung("silver", quantity.at_least(9))) == [
        ("easier-than-below", "rungs[0]", {"quantity": 5}),
        ("unreachable-rung", "rungs[1]", {"quantity": 9}),
    ]
    _, unreachable = lint_ladder(
        ladder(rung("gold", quantity.at_least(5)), rung("silver", quantity.at_least(9)))
    )
    assert (
        unreachable.in_words()
        == "nobody can stand on silver: whoever meets it meets a better level (for example quantity = 9)"
    )


def test_a_rung_easier_than_the_one_below_it_is_found() -> None:
    findings = lint_ladder(
        ladder(rung("gold", quantity.at_least(5)), rung("silver", quantity.at_least(5), people.at_least(2)))
    )
    easier = next(one for one in findings if one.code == "easier-than-below")
    assert easier.in_words().startswith(
        "gold is easier than silver: whoever meets silver meets gold (for example "
    )


def test_a_rung_that_can_be_met_without_the_one_below_it_is_found() -> None:
    """Nine of the quantity or five people: with four of the quantity the level below is out of reach."""
    (easier,) = lint_ladder(
        ladder(
            rung("gold", any_of(quantity.at_least(9), people.at_least(5))),
            rung("silver", quantity.at_least(5)),
        )
    )
    assert str(easier) == (
        "easier-than-below: gold can be met without meeting silver, the level below it "
        "(for example quantity = 4, people = 5) @ rungs[0]"
    )


def test_a_rung_that_everybody_meets_is_found() -> None:
    always = any_of(quantity.at_least(5), quantity.less_than(5))
    assert found(rung("gold", people.at_least(1)), rung("silver", always)) == [
        ("always-met", "rungs[1]", {"quantity": 4})
    ]
    assert found(rung("gold", always)) == [("always-met", "rungs[0]", {"quantity": 4})]


def test_limits_of_a_fact_are_kept() -> None:
    """A count that is never below zero is always at least zero; asked for more than there can be, nobody meets it."""
    limits = {"quantity": (0, 100)}
    always = lint_ladder(ladder(rung("gold", quantity.at_least(0))), limits)
    assert [one.code for one in always] == ["always-met"]
    never = lint_ladder(ladder(rung("gold", quantity.at_least(101))), limits)
    assert [one.code for one in never] == ["contradiction"]
    assert lint_ladder(ladder(rung("gold", not_(quantity.at_least(101)), people.at_least(1))), limits) == ()


def test_the_lowest_and_the_highest_that_a_fact_can_be_are_tried() -> None:
    limits = {"quantity": (0, 5)}
    assert facts_meeting(quantity.at_least(5), SCHEMA, limits) == {"quantity": 5}
    assert facts_meeting(quantity.at_most(0), SCHEMA, limits) == {"quantity": 0}
    assert facts_meeting(quantity.at_least(6), SCHEMA, limits) is None
    assert facts_meeting(quantity.at_most(-1), SCHEMA, limits) is None


def test_facts_that_do_not_matter_have_the_first_value_that_is_tried() -> None:
    """The fact that is asked for most often comes first; below three of the quantity, people do not matter."""
    asked = any_of(people.at_least(5), not_(quantity.at_least(3)), quantity.at_least(9))
    meeting = facts_meeting(asked, SCHEMA)
    assert meeting is not None
    assert list(meeting.items()) == [("quantity", 2), ("people", 4)]


def test_several_searches_share_what_they_may_read() -> None:
    budget = Budget(left=4)
    assert facts_meeting(quantity.at_least(1), SCHEMA, None, budget) == {"quantity": 1}
    assert (budget.left, budget.is_spent) == (1, False)  # nothing known, then 0, then 1: three comparisons
    budget.spend(1)
    assert not budget.is_spent
    with pytest.raises(Undecided):
        facts_meeting(quantity.at_least(1), SCHEMA, None, budget)
    assert budget.is_spent


@pytest.mark.parametrize(("most", "is_found"), [(3, True), (2, False)])
def test_a_search_ends_after_its_steps(most: int, is_found: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing known, then 0, then 1: three steps."""
    monkeypatch.setattr("prmcore.decisions.lint.MOST_STEPS", most)
    if is_found:
        assert facts_meeting(quantity.at_least(1), SCHEMA) == {"quantity": 1}
    else:
        with pytest.raises(Undecided):
            facts_meeting(quantity.at_least(1), SCHEMA)


def test_a_finding_shows_its_facts_in_words() -> None:
    shown = {"skills": frozenset({"b", "a"}), "none": frozenset[str](), "quantity": 5}
    finding = Finding("gap", "rungs[0]", Said("everybody meets {level}", {"level": "{gold}"}), shown)
    assert str(finding) == (
        "gap: everybody meets {gold} (for example skills = a, b, none = nothing, quantity = 5) @ rungs[0]"
    )
    assert str(Finding("gap", "x", Said("nobody is left"))) == "gap: nobody is left @ x"


def test_a_function_cannot_be_checked_and_is_named() -> None:
    rule = Rule("disputes-settled", lambda facts, as_of: RuleReason(Truth.MET))
    findings = lint_ladder(
        ladder(rung("gold", quantity.at_least(5), rule), rung("silver", quantity.at_least(1)))
    )
    assert [(one.code, one.in_words()) for one in findings] == [
        ("function-rule", "the rule disputes-settled is a function; it cannot be checked")
    ]


def test_a_rung_with_a_function_shuts_nobody_out_of_the_one_below_it() -> None:
    rules = [Rule(name, lambda facts, as_of: RuleReason(Truth.MET)) for name in ("settled", "agreed")]
    findings = lint_ladder(
        ladder(rung("gold", any_of(quantity.at_least(1), *rules)), rung("silver", quantity.at_least(5)))
    )
    assert [str(one) for one in findings] == [
        "function-rule: the rule settled, agreed is a function; it cannot be checked @ rungs[0]"
    ]


def test_what_takes_too_long_is_left_undecided_and_said() -> None:
    """Pigeons: of 24 facts exactly those that cannot be settled one by one; the search gives up and says so."""
    schema = FactSchema("many", tuple(FactField(f"f{number}", Kind.BOOL) for number in range(24)))
    parts = [fact(field.name).is_true() for field in schema.fields]
    impossible = all_of(at_least_of(12, *parts), not_(at_least_of(12, *reversed(parts))))
    many = Ladder[FactSheet, str]("p", facts=schema, otherwise="none", rungs=(rung("gold", impossible),))
    assert [(one.code, one.in_words()) for one in lint_ladder(many)] == [
        ("undecided", "gold: too many combinations to decide")
    ]


def test_codes_in_too_many_combinations_are_undecided_not_contradicted() -> None:
    skills = [fact("skills").includes_any(f"a{number}", f"b{number}") for number in range(8)]
    without = [not_(fact("skills").includes(f"a{number}")) for number in range(8)]
    assert [code for code, _, _ in found(rung("gold", *skills, *without))] == ["undecided"]


def test_nine_codes_are_decided_in_all_their_combinations() -> None:
    """Nine that are named and all others: held or not, that is 2^10 = 1,024 sets, the most that are tried."""
    named = [fact("skills").includes(f"skill {number}") for number in range(9)]
    assert [code for code, _, _ in found(rung("gold", at_least_of(9, *named), not_(any_of(*named))))] == [
        "contradiction"
    ]


FEW = FactSchema(
    "few",
    (
        FactField("count", Kind.COUNT), FactField("number", Kind.NUMBER), FactField("codes", Kind.CODES),
        FactField("bool", Kind.BOOL),
    ),
)  # fmt: skip


def shows(finding: Finding, ladder: Ladder[FactSheet, str]) -> bool:
    """Whether the facts of a finding, decided by the ladder itself, come out as the finding says."""
    if finding.witness is None:
        return finding.code in ("contradiction", "undecided")
    decision = ladder.decide(FactSheet.of(ladder.facts, finding.witness), DAY)
    place = int(finding.path.removeprefix("rungs[").removesuffix("]"))
    truths = [reason.truth for reason in decision.reasons]
    if finding.code == "always-met":
        return truths[place] is Truth.MET
    if finding.code == "unreachable-rung":
        return truths[place] is Truth.MET and ladder.rank(decision.outcome) > ladder.rank(
            ladder.levels[place]
        )
    if finding.code == "easier-than-below":
        return truths[place] is Truth.MET and truths[place + 1] is not Truth.MET
    assert finding.code == "gap"
    return bool(decision.outcome == (finding.said.values["level"]))


@given(strategies.ladders(FEW))
def test_every_witness_shows_its_finding(ladder: Ladder[FactSheet, str]) -> None:
    assert [str(finding) for finding in lint_ladder(ladder) if not shows(finding, ladder)] == []


@given(strategies.criteria(FEW), strategies.fact_sheets(FEW))
def test_what_some_facts_meet_is_never_called_a_contradiction(criterion: Criterion, sheet: FactSheet) -> None:
    if truth_in(criterion, FEW.values_of(sheet)) is Truth.MET:
        try:
            meeting = facts_meeting(criterion, FEW)
        except Undecided:
            return
        assert meeting is not None
        assert truth_in(criterion, meeting) is Truth.MET


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6, unique=True))
def test_bands_that_touch_have_no_hole(edges: list[int]) -> None:
    edges.sort()
    bands = [rung(str(low), quantity.between(low, high - 1)) for low, high in pairwise(edges)]
    assert lint_ladder(ladder(rung("top", quantity.at_least(edges[-1])), *reversed(bands))) == ()


def test_a_witness_may_be_any_exact_number() -> None:
    assert facts_meeting(fact("score").more_than(Fraction(1, 3)), SCHEMA) == {"score": Fraction(4, 3)}


def test_a_ladder_too_large_to_check_is_checked_in_part_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    rungs = tuple(
        rung(f"level {place}", fact("quantity").at_least(place), fact("people").at_least(place))
        for place in range(40, 0, -1)
    )
    large: Ladder[FactSheet, str] = Ladder("large", facts=SCHEMA, rungs=rungs, otherwise="none")
    assert lint_ladder(large) == ()
    monkeypatch.setattr("prmcore.decisions.lint.MOST_READINGS", 2000)
    found = lint_ladder(large)
    assert [one.code for one in found] == ["undecided"]
    place = int(found[0].path.removeprefix("rungs[").removesuffix("]"))
    assert found[0].in_words().startswith(f"{large.levels[place]} and what follows")
    assert "and what follows: too many combinations to decide" in str(found[0])
