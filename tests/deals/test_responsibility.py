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
from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, fact
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
