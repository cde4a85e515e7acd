"""Who does what: the first row that holds, and rows that leave a hole, each with a deal that shows it."""

import datetime
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.deals.responsibility import (
    Activity,
    Duty,
    DutyRow,
    Party,
    ResponsibilityMatrix,
    check_matrix,
    responsible_for,
)
from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, Truth, all_of, fact, not_
from prmcore.decisions.explain import explain
from prmcore.decisions.versions import recorded, replayed
from prmcore.errors import InvalidInput
from prmcore.values import Money, Text

DAY = datetime.date(2026, 3, 2)
DEAL = FactSchema(
    "deal",
    (
        FactField("size", Kind.MONEY, Text.of("deal size", ja="案件規模", zh="项目金额"), currency="EUR"),
        FactField("kind", Kind.CODE),
        FactField("public", Kind.BOOL),
    ),
)
VENDOR = Duty(responsible="vendor", accountable="vendor", informed=frozenset(("partner",)))
PARTNER = Duty(responsible="partner", accountable="vendor", consulted=frozenset(("distributor",)))
LARGE = fact("size").at_least(Money.of(100_000, "EUR"))
PARTIES = (
    Party("vendor", Text.of("the vendor", ja="ベンダー", zh="厂商")),
    Party("partner", Text.of("the partner", ja="パートナー", zh="合作伙伴")),
    Party("distributor"),
)


def row(name: str, activity: str, duty: Duty, *when: Any) -> DutyRow:
    return DutyRow(name=name, activity=activity, when=when, duty=duty)


MATRIX = ResponsibilityMatrix(
    facts=DEAL, parties=PARTIES, activities=(Activity("demo"), Activity("close", Text.of("closing", ja="クロージング", zh="签约"))),
    rows=(
        row("demo/all", "demo", PARTNER),
        row("close/public", "close", PARTNER, fact("public").is_true()),
        row("close/large", "close", VENDOR, LARGE),
        row("close/other", "close", PARTNER),
    ),
)  # fmt: skip


def deal(size: int | None = None, public: bool | None = None) -> FactSheet:
    amount = None if size is None else Money.of(size, "EUR")
    return FactSheet.of(DEAL, {"size": amount, "public": public})


@pytest.mark.parametrize(
    ("size", "public", "duty"),
    [
        (200_000, False, VENDOR),
        (200_000, True, PARTNER),  # the row for public deals comes first
        (100_000, False, VENDOR),
        (99_999, False, PARTNER),
        (None, True, PARTNER),  # the size makes no difference
        (50_000, None, PARTNER),  # whether it is public makes none either
        (200_000, None, None),  # here it does: a person decides
        (None, False, None),
    ],
)
def test_the_first_row_that_holds_says_who_closes(
    size: int | None, public: bool | None, duty: Duty | None
) -> None:
    assert responsible_for(MATRIX, "close", deal(size, public), DAY).outcome == duty


def test_an_activity_with_one_row_for_all_deals_is_always_done() -> None:
    assert responsible_for(MATRIX, "demo", deal(), DAY).outcome == PARTNER


def test_an_activity_that_is_not_declared_is_refused() -> None:
    with pytest.raises(InvalidInput, match="did you mean 'close'"):
        responsible_for(MATRIX, "closes", deal(), DAY)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "closing on March 2, 2026: the vendor does it, the vendor answers for it"),
        ("ja", "2026年3月2日のクロージング：実行責任者はベンダー、説明責任者はベンダー"),
        ("zh", "2026年3月2日的签约：由厂商执行，厂商负最终责任"),
    ],
)
def test_who_does_it_is_said_in_three_languages(locale: str, words: str) -> None:
    found = responsible_for(MATRIX, "close", deal(200_000, False), DAY)
    assert explain(found, locale).text == words


def test_a_recorded_answer_replays() -> None:
    found = responsible_for(MATRIX, "close", deal(200_000, False), DAY)
    again = replayed(recorded(found), [MATRIX.policy("close")])
    assert (again.outcome, again.reasons) == (found.outcome, found.reasons)
    assert pickle.loads(pickle.dumps(found)) == found


def test_every_fault_of_a_matrix_is_listed() -> None:
    with pytest.raises(InvalidInput) as caught:
        ResponsibilityMatrix(
            facts=DEAL, parties=PARTIES, activities=(Activity("demo"), Activity("close"), Activity("support")),
            rows=(
                row("a", "demo", Duty(responsible="vendors", accountable="vendor")),
                row("b", "demo", VENDOR, LARGE),  # after the row for all others
                row("c", "close", attrs.evolve(VENDOR, consulted=frozenset(("vendor",))), LARGE),  # two parts
                row("d", "close", PARTNER, LARGE),  # the same criteria
                row("e", "quote", VENDOR, fact("sise").is_true()),
            ),
        )  # fmt: skip
    assert [fault.path for fault in caught.value.faults] == [
        "rows[0].responsible", "rows[2]", "rows[4].activity", "rows[4].when[0]", "rows[1]", "rows[3]", "rows",
    ]  # fmt: skip


def with_rows(*rows: DutyRow) -> ResponsibilityMatrix:
    return attrs.evolve(MATRIX, activities=(Activity("close"),), rows=rows)


def test_a_hole_is_found_with_a_deal_that_nobody_closes() -> None:
    matrix = with_rows(
        row("small", "close", PARTNER, fact("size").less_than(Money.of(100_000, "EUR"))),
        row("large", "close", VENDOR, fact("size").more_than(Money.of(100_000, "EUR"))),
    )
    (found,) = check_matrix(matrix)
    assert (found.code, found.witness) == ("gap", {"size": Money.of(100_000, "EUR")})
    assert responsible_for(matrix, "close", deal(100_000), DAY).outcome is None


def test_rows_that_meet_and_differ_are_found_with_a_deal_in_both() -> None:
    (found,) = check_matrix(MATRIX)
    assert (found.code, found.path) == ("overlap", "rows[2]")
    assert found.witness is not None
    assert responsible_for(MATRIX, "close", FactSheet.of(DEAL, found.witness), DAY).outcome == PARTNER


def test_a_row_that_the_rows_before_it_leave_nothing_is_found_though_none_covers_it_alone() -> None:
    matrix = with_rows(
        row("public", "close", PARTNER, fact("public").is_true()),
        row("private", "close", PARTNER, fact("public").is_false()),
        row("large", "close", PARTNER, LARGE, fact("public").is_true()),
    )
    assert [(one.code, one.path) for one in check_matrix(matrix)] == [("unreached", "rows[2]")]


SIZES = st.integers(0, 4)


@given(st.lists(st.tuples(SIZES, SIZES, st.booleans()), min_size=1, max_size=4))
def test_a_hole_is_found_if_and_only_if_trying_every_size_finds_one(
    bands: list[tuple[int, int, bool]],
) -> None:
    """Sizes of 0 to 4 cents are all there is; the first row that holds one by one is the oracle."""
    rows: list[DutyRow] = []
    asked: list[Any] = []
    for low, high, vendor in bands:
        when = fact("size").between(Money("EUR", min(low, high)), Money("EUR", max(low, high)))
        if when not in asked:
            asked.append(when)
            rows.append(row(f"r{len(rows)}", "close", VENDOR if vendor else PARTNER, when))
    matrix, limits = with_rows(*rows), {"size": (Money("EUR", 0), Money("EUR", 4))}
    nobody = []
    for size in range(5):
        first = next(
            (one for one, when in zip(rows, asked, strict=True) if when.holds(Money("EUR", size))), None
        )
        sheet = FactSheet.of(DEAL, {"size": Money("EUR", size)})
        assert responsible_for(matrix, "close", sheet, DAY).outcome == (first.duty if first else None)
        if first is None:
            nobody.append(size)
    gaps = [one.witness for one in check_matrix(matrix, limits) if one.code == "gap"]
    assert bool(gaps) == bool(nobody)
    assert all(one is not None and one["size"].minor in nobody for one in gaps)  # fmt: skip


# every part that is refused, said, kept


@pytest.mark.parametrize("record", [Duty, DutyRow, ResponsibilityMatrix])
def test_every_part_of_a_matrix_is_given_by_name(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


NOT_AN_ID = "found ''; accepted: an id of 1 to 200 characters"
OTHER = row("close/other", "close", PARTNER)
KNOWN = "accepted: distributor, partner, vendor"


@pytest.mark.parametrize(
    ("changed", "paths"),
    [
        ({"name": ""}, ["name"]),
        ({"parties": (*PARTIES, Party(""))}, ["parties[3]"]),
        ({"parties": (*PARTIES, PARTIES[0])}, ["parties"]),
        ({"activities": (*MATRIX.activities, Activity("demo"))}, ["activities"]),
        ({"activities": (*MATRIX.activities, Activity("")), "rows": (*MATRIX.rows, row("other", "", PARTNER))}, ["activities[2]"]),
        ({"rows": (*MATRIX.rows[:3], row("", "close", PARTNER))}, ["rows[3]"]),
        ({"rows": (*MATRIX.rows[:3], row("demo/all", "close", PARTNER))}, ["rows"]),
        ({"rows": (*MATRIX.rows[:3], row("close/other", "closes", PARTNER))}, ["rows[3].activity"]),
        ({"rows": MATRIX.rows[1:]}, ["rows"]),
        ({"rows": (*MATRIX.rows, row("close/none", "close", VENDOR))}, ["rows[4]"]),
        ({"rows": (*MATRIX.rows, row("close/late", "close", VENDOR, fact("kind").one_of("new")))}, ["rows[4]"]),
    ],
)  # fmt: skip
def test_a_matrix_says_where_it_is_wrong(changed: dict[str, Any], paths: list[str]) -> None:
    with pytest.raises(InvalidInput, match="cannot be used") as refused:
        attrs.evolve(MATRIX, **changed)
    assert [fault.path for fault in refused.value.faults] == paths


@pytest.mark.parametrize(
    ("duty", "messages"),
    [
        (attrs.evolve(VENDOR, responsible="x"), ["rows[3].responsible"]),
        (attrs.evolve(VENDOR, accountable="x"), ["rows[3].accountable"]),
        (attrs.evolve(VENDOR, consulted=frozenset({"x", "y"})), ["rows[3].consulted", "rows[3].consulted"]),
        (attrs.evolve(VENDOR, informed=frozenset({"x"})), ["rows[3].informed"]),
    ],
)
def test_a_duty_is_of_parties_that_there_are(duty: Duty, messages: list[str]) -> None:
    with pytest.raises(InvalidInput, match="party 'x'") as refused:
        attrs.evolve(MATRIX, rows=(*MATRIX.rows[:3], row("close/other", "close", duty)))
    assert [fault.path for fault in refused.value.faults] == messages


@pytest.mark.parametrize(
    ("duty", "twice"),
    [
        (Duty(responsible="vendor", accountable="vendor"), None),  # whoever does it may answer for it
        (Duty(responsible="vendor", accountable="partner", consulted=frozenset({"vendor"})), "vendor"),
        (Duty(responsible="vendor", accountable="partner", informed=frozenset({"partner"})), "partner"),
        (Duty(responsible="vendor", accountable="vendor", consulted=frozenset({"partner"}), informed=frozenset({"partner"})),
         "partner"),
        (Duty(responsible="vendor", accountable="vendor", consulted=frozenset({"partner"}), informed=frozenset({"distributor"})),
         None),
    ],
)  # fmt: skip
def test_a_party_has_one_part_in_an_activity_besides_answering_for_it(duty: Duty, twice: str | None) -> None:
    rows = (*MATRIX.rows[:3], row("close/other", "close", duty))
    if twice is None:
        assert attrs.evolve(MATRIX, rows=rows).rows == rows
        return
    with pytest.raises(InvalidInput) as refused:
        attrs.evolve(MATRIX, rows=rows)
    assert [str(one) for one in refused.value.faults] == [
        f"'{twice}' has two parts in it; accepted: one @ rows[3]"
    ]


def test_rows_that_repeat_each_other_or_come_too_late_are_named() -> None:
    again, late = (
        row("again", "close", VENDOR, LARGE),
        row("late", "close", VENDOR, fact("public").is_false()),
    )
    with pytest.raises(InvalidInput) as refused:
        attrs.evolve(MATRIX, rows=(*MATRIX.rows[:3], again, OTHER, late))
    assert [str(one) for one in refused.value.faults] == [
        "'again' has the criteria of 'close/large', which comes first @ rows[3]",
        "'late' comes after 'close/other', which is for all others @ rows[5]",
    ]


def test_rows_of_different_activities_may_ask_for_the_same() -> None:
    found = attrs.evolve(
        MATRIX,
        rows=(row("demo/large", "demo", PARTNER, LARGE), row("demo/other", "demo", VENDOR), *MATRIX.rows[1:]),
    )
    assert [one.name for one in found.rows_of("demo")] == ["demo/large", "demo/other"]
    assert (found.rows[0].criterion, found.rows[1].criterion) == (all_of(LARGE), None)


def test_a_policy_is_only_of_an_activity_that_there_is() -> None:
    with pytest.raises(InvalidInput, match="did you mean 'close'"):
        MATRIX.policy("closes")
    policy = MATRIX.policy("close")
    assert (policy.name, policy.matrix, policy.activity) == (
        "responsibilities/standard/close",
        MATRIX,
        "close",
    )


def test_parties_are_called_what_people_call_them() -> None:
    called = [MATRIX.called(party) for party in ("vendor", "partner", "distributor", "customer")]
    assert called == [PARTIES[0].text, PARTIES[1].text, "distributor", "customer"]


def test_an_answer_shows_the_rows_that_were_looked_at() -> None:
    found = responsible_for(MATRIX, "close", deal(200_000, None), DAY)
    said = str(explain(found))
    assert said.startswith("closing on March 2, 2026: nobody is said to do it; a person decides\n")
    assert [(one.level, one.truth) for one in found.reasons] == [
        ("close/public", Truth.UNKNOWN), ("close/large", Truth.MET),
    ]  # fmt: skip
    assert "close/public" in said
    demo = responsible_for(MATRIX, "demo", deal(), DAY)
    assert str(explain(demo)) == "demo on March 2, 2026: the partner does it, the vendor answers for it"


def test_an_answer_is_written_with_its_facts() -> None:
    found = responsible_for(MATRIX, "close", deal(200_000, False), DAY)
    policy = MATRIX.policy("close")
    written = policy.written(found)
    assert written["outcome"] == {
        "responsible": "vendor",
        "accountable": "vendor",
        "consulted": [],
        "informed": ["partner"],
    }
    assert policy.facts_from(written["facts"]) == deal(200_000, False)
    assert written["mask"] == found.mask
    undecided = responsible_for(MATRIX, "close", deal(200_000, None), DAY)
    assert policy.written(undecided)["outcome"] is None
    assert set(policy.written(undecided)) == {"facts", "outcome", "mask"}


@pytest.mark.parametrize(
    ("rows", "size", "public", "duty"),
    [
        # nothing holds, and there is no row for all others
        ((row("public", "close", PARTNER, fact("public").is_true()),), None, False, None),
        # it may hold, and else nobody does it
        ((row("public", "close", PARTNER, fact("public").is_true()),), None, None, None),
        ((row("public", "close", PARTNER, fact("public").is_true()), row("large", "close", PARTNER, LARGE)), 200_000, None, PARTNER),
        ((row("public", "close", PARTNER, fact("public").is_true()), row("large", "close", PARTNER, LARGE)), 1, None, None),
        # of three that may hold the last is another one
        ((row("public", "close", PARTNER, fact("public").is_true()), row("large", "close", PARTNER, LARGE), row("rest", "close", VENDOR)),
         None, None, None),
    ],
)  # fmt: skip
def test_what_is_not_known_may_make_no_difference(
    rows: tuple[DutyRow, ...], size: int | None, public: bool | None, duty: Duty | None
) -> None:
    assert responsible_for(with_rows(*rows), "close", deal(size, public), DAY).outcome == duty


PUBLIC, PRIVATE = fact("public").is_true(), fact("public").is_false()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((row("public", "close", PARTNER, PUBLIC),),
         ["gap: nobody does closing (for example public = False) @ rows"]),
        ((row("public", "close", PARTNER, PUBLIC), row("private", "close", VENDOR, PRIVATE)), []),
        ((row("public", "close", PARTNER, PUBLIC), row("rest", "close", VENDOR)), []),
        ((row("rest", "close", VENDOR),), []),
        # criteria that cannot hold at all: there is no deal to show
        ((row("never", "close", PARTNER, PUBLIC, PRIVATE), row("rest", "close", VENDOR)),
         ["unreached: the row never is never reached @ rows[0]"]),
        ((row("public", "close", PARTNER, PUBLIC), row("private", "close", PARTNER, PRIVATE), row("rest", "close", VENDOR)),
         ["unreached: the row rest is never reached @ rows[2]"]),
        ((row("public", "close", PARTNER, PUBLIC), row("private", "close", PARTNER, PRIVATE),
          row("large", "close", PARTNER, LARGE, PUBLIC)),
         ["unreached: the row large is never reached (for example public = True, size = 100000.00 EUR) @ rows[2]"]),
        ((row("public", "close", PARTNER, PUBLIC), row("large", "close", VENDOR, LARGE), row("rest", "close", PARTNER)),
         ["overlap: the rows public and large meet; public comes first"
          " (for example public = True, size = 100000.00 EUR) @ rows[1]"]),
        ((row("public", "close", PARTNER, PUBLIC), row("large", "close", PARTNER, LARGE), row("rest", "close", VENDOR)), []),
    ],
)  # fmt: skip
def test_what_is_wrong_with_rows_is_said_and_shown(rows: tuple[DutyRow, ...], words: list[str]) -> None:
    closing = Activity("close", Text.of("closing"))
    matrix = attrs.evolve(MATRIX, activities=(closing,), rows=rows)
    assert [str(one) for one in check_matrix(matrix)] == words


def test_what_cannot_be_tried_is_said_not_to_be_decided() -> None:
    """Eight times one of two codes, and never the first of them: there are too many sets of codes to try them all."""
    skills = FactSchema("deal", (FactField("skills", Kind.CODES),))
    one_of_two = [fact("skills").includes_any(f"a{number}", f"b{number}") for number in range(8)]
    never = [not_(fact("skills").includes(f"a{number}")) for number in range(8)]
    rows = (row("any", "close", PARTNER, *one_of_two), row("none", "close", VENDOR, *never))
    matrix = attrs.evolve(MATRIX, facts=skills, activities=(Activity("close"),), rows=rows)
    undecided = [str(one) for one in check_matrix(matrix) if one.code == "undecided"]
    assert "undecided: whether the rows any and none meet: not decided @ rows[1]" in undecided
    both = row("both", "close", PARTNER, *one_of_two, *never)
    matrix = attrs.evolve(matrix, rows=(both,))
    assert "undecided: whether the row both is ever reached: not decided @ rows[0]" in [
        str(one) for one in check_matrix(matrix)
    ]
    rest = row("rest", "close", PARTNER, not_(all_of(*one_of_two, *never)))
    matrix = attrs.evolve(matrix, rows=(rest,))
    assert "undecided: whether somebody always does close: not decided @ rows" in [
        str(one) for one in check_matrix(matrix)
    ]
    others = attrs.evolve(matrix, rows=(both, row("others", "close", VENDOR)))
    assert "whether somebody always does close" not in str(
        list(map(str, check_matrix(others)))
    )  # the last row does


def test_the_facts_of_a_deal_may_be_a_record() -> None:
    @attrs.frozen
    class Sale:
        public: bool | None

    rows = (row("public", "close", PARTNER, fact("public").is_true()), row("rest", "close", VENDOR))
    matrix = ResponsibilityMatrix(facts=Sale, parties=PARTIES, activities=(Activity("close"),), rows=rows)
    assert matrix.facts == FactSchema.of(Sale)
    assert responsible_for(matrix, "close", Sale(True), DAY).outcome == PARTNER
