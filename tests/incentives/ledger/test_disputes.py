"""Disputes: raised in time, decided by somebody else, ended in an adjustment or in nothing, never in an edit."""

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.incentives import (
    Band,
    Bookkeeping,
    Component,
    Curve,
    Day,
    Entry,
    EntryKind,
    Ledger,
    Line,
    LineKind,
    Plan,
    Transaction,
    post,
)
from prmcore.incentives.ledger.disputes import (
    DISPUTE_MOVES,
    Dispute,
    DisputeAction,
    DisputeFacts,
    DisputePolicy,
    DisputeState,
    DisputeStep,
    Moved,
    RaisingFacts,
    raised,
    rejected,
    upheld,
    withdrawn,
)
from prmcore.incentives.ledger.statements import Part, statement
from prmcore.incentives.repository import DISPUTES
from prmcore.storage import MemoryStore
from prmcore.values import Dated, DateRange, Money, Rate
from prmcore.values.wire import from_plain, to_plain

D = datetime.date
BOOKS = Bookkeeping()
ISSUED = D(2026, 2, 5)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


PLANS = Dated(
    (
        (
            DateRange(D(2026, 1, 1)),
            Plan(
                name="reseller/2026/rebate",
                components=(
                    Component(name="volume", unit="EUR", curve=Curve((Band(rate=Rate.percent(10)),))),
                ),
            ),
        ),
    )
)
SALE = Transaction(id="s1", parties={"partner": "acme"}, days={Day.INVOICED: D(2026, 1, 10)}, net=eur("800"))


def posted() -> Ledger:
    """10 % of 800 are 80.00 EUR."""
    ledger = Ledger()
    ledger.add(post(PLANS, [SALE], ledger, known=D(2026, 1, 31)).entries)
    return ledger


LEDGER = posted()
(ENTRY,) = LEDGER


def dispute(on: D = ISSUED, **more: Any) -> Dispute:
    told = {"issued": ISSUED, "by": "yamada", "on": on, "reason": "the order was of 900", **more}
    found = raised(LEDGER, [ENTRY.id], **told).record
    assert found is not None
    return found


# raising


@pytest.mark.parametrize(
    ("on", "allowed"),
    [(D(2026, 2, 4), False), (ISSUED, True), (D(2026, 2, 20), True), (D(2026, 2, 21), False)],
)
def test_a_dispute_is_raised_within_15_days_after_the_statement(on: D, allowed: bool) -> None:
    """GitLab's channel handbook: disputes are open for 15 days; 5 February and 15 days are 20 February."""
    found = raised(LEDGER, [ENTRY.id], issued=ISSUED, by="yamada", on=on, reason="too little")
    assert (found.decision.outcome, found.record is not None) == (allowed, allowed)


def test_a_late_dispute_is_a_no_with_reasons_in_three_languages() -> None:
    late = raised(LEDGER, [ENTRY.id], issued=ISSUED, by="yamada", on=D(2026, 3, 1), reason="too little")
    assert "✗ days since the statement: 24, asked for 0 to 15" in str(explain(late.decision, "en"))
    assert "✗ 明細書の発行からの日数：24" in str(explain(late.decision, "ja"))
    assert "✗ 对账单出具后的天数：24" in str(explain(late.decision, "zh"))


def test_another_program_has_another_deadline() -> None:
    month = DisputePolicy("disputes/month", 30)
    found = raised(
        LEDGER, [ENTRY.id], issued=ISSUED, by="yamada", on=D(2026, 3, 7), reason="late", policy=month
    )
    assert found.decision.outcome is True
    with pytest.raises(InvalidInput, match="accepted: zero days or more"):
        DisputePolicy("disputes/none", -1)


def test_an_entry_is_in_one_open_dispute_at_a_time() -> None:
    first = dispute()
    again = {"issued": ISSUED, "by": "yamada", "on": D(2026, 2, 6), "reason": "too little"}
    assert raised(LEDGER, [ENTRY.id], disputes=[first], **again).decision.outcome is False  # type: ignore[arg-type]
    over = withdrawn(first, by="yamada", on=D(2026, 2, 6), reason="a misreading").record
    second = raised(LEDGER, [ENTRY.id], disputes=[over], **again).record  # type: ignore[arg-type]
    assert second is not None
    assert (first.id, second.id) == ("acme|reseller/dispute|1", "acme|reseller/dispute|2")


def test_the_same_dispute_raised_twice_is_one() -> None:
    assert dispute() == dispute()


def test_a_dispute_is_about_one_payee_and_one_unit() -> None:
    ledger = posted()
    other = Transaction(id="s2", parties={"partner": "bolt"}, days=SALE.days, net=eur("10"))
    ledger.add(post(PLANS, [SALE, other], ledger, known=D(2026, 2, 1)).entries)
    told = {"issued": ISSUED, "by": "yamada", "on": ISSUED, "reason": "too little"}
    with pytest.raises(InvalidInput, match="entries of one payee, one program and one unit"):
        raised(ledger, [one.id for one in ledger], **told)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="one at least"):
        raised(ledger, [], **told)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="there is no entry 'nothing'"):
        raised(ledger, ["nothing"], **told)  # type: ignore[arg-type]


# the end of it


def test_a_dispute_that_is_upheld_ends_in_an_adjustment_beside_the_entry() -> None:
    """Of an order of 900 instead of 800, 10 % are 10.00 more; January is closed, so that it stands in March."""
    ledger = posted()
    books = Bookkeeping(closed_before=D(2026, 3, 1))
    told = {"amount": eur("10"), "by": "sato", "on": D(2026, 3, 2), "reason": "the order shows 900"}
    found = upheld(dispute(), ledger, books, **told)  # type: ignore[arg-type]
    (adjustment,) = found.entries
    ledger.add(found.entries)
    assert found.record.state is DisputeState.UPHELD
    assert found.record.steps[-1].adjustment == adjustment.id
    assert (adjustment.kind, adjustment.amount, adjustment.corrects, adjustment.by) == (
        EntryKind.ADJUSTMENT, eur("10"), ENTRY.id, "sato",
    )  # fmt: skip
    assert (adjustment.attributed, adjustment.booked, adjustment.recorded) == (
        "2026-01", "2026-03", D(2026, 3, 2),
    )  # fmt: skip
    assert ledger.entry(ENTRY.id) == ENTRY  # never an edit
    assert ledger.balance("acme", "EUR") == eur("90")
    assert statement(ledger, books, "acme", "EUR", "2026-03").parts == {Part.DECIDED: eur("10")}
    assert statement(ledger, books, "acme", "EUR", "2026-01").closing == eur("80")


def test_calculating_the_plan_again_does_not_take_an_adjustment_back() -> None:
    ledger = posted()
    told = {"amount": eur("10"), "by": "sato", "on": D(2026, 2, 10), "reason": "the order shows 900"}
    ledger.add(upheld(dispute(), ledger, BOOKS, **told).entries)  # type: ignore[arg-type]
    assert post(PLANS, [SALE], ledger, known=D(2026, 2, 28)).entries == ()


def test_upholding_twice_posts_one_adjustment() -> None:
    ledger = posted()
    told: dict[str, Any] = {"amount": eur("10"), "by": "sato", "on": D(2026, 2, 10), "reason": "right"}
    first = upheld(dispute(), ledger, BOOKS, **told)
    assert ledger.add(first.entries) == 1
    assert ledger.add(upheld(dispute(), ledger, BOOKS, **told).entries) == 0  # the same entry
    again = upheld(first.record, ledger, BOOKS, **told)
    assert (again.decision.outcome, again.entries, again.record) == (False, (), first.record)


def test_a_dispute_that_is_rejected_ends_in_nothing_but_its_record() -> None:
    found = rejected(dispute(), by="sato", on=D(2026, 2, 10), reason="the order shows 800")
    assert (found.record.state, found.entries) == (DisputeState.REJECTED, ())
    (step,) = found.record.steps
    assert (step.by, step.on, step.reason, step.adjustment) == (
        "sato", D(2026, 2, 10), "the order shows 800", None,
    )  # fmt: skip


def test_who_raised_or_calculated_it_does_not_decide_it() -> None:
    about = dispute(calculated_by=["tanaka"])
    by: Mapping[str, bool] = {"yamada": False, "tanaka": False, "sato": True}
    for person, allowed in by.items():
        for found in (
            rejected(about, by=person, on=D(2026, 2, 10), reason="stands"),
            upheld(about, LEDGER, BOOKS, amount=eur("1"), by=person, on=D(2026, 2, 10), reason="right"),
        ):
            assert found.decision.outcome is allowed, person
            assert bool(found.record.steps) is allowed
            assert allowed or not found.entries


def test_who_decided_an_adjustment_does_not_decide_the_dispute_about_it() -> None:
    ledger = posted()
    told: dict[str, Any] = {"amount": eur("-5"), "by": "sato", "on": D(2026, 2, 10), "reason": "less"}
    (adjustment,) = upheld(dispute(), ledger, BOOKS, **told).entries
    ledger.add([adjustment])
    second = raised(
        ledger, [adjustment.id], issued=D(2026, 3, 5), by="yamada", on=D(2026, 3, 6), reason="more"
    ).record
    assert second is not None
    refused = rejected(second, by="sato", on=D(2026, 3, 7), reason="stands")
    assert refused.decision.outcome is False
    assert "✗ calculated it: yes, asked for no" in str(explain(refused.decision, "en"))


def test_only_who_raised_it_withdraws_it() -> None:
    assert withdrawn(dispute(), by="sato", on=D(2026, 2, 10), reason="no").decision.outcome is False
    assert (
        withdrawn(dispute(), by="yamada", on=D(2026, 2, 10), reason="no").record.state
        is DisputeState.WITHDRAWN
    )


def test_an_adjustment_of_another_unit_of_nothing_or_of_another_entry_is_refused() -> None:
    told: dict[str, Any] = {"by": "sato", "on": D(2026, 2, 10), "reason": "right"}
    for amount in (Money.of(10, "JPY"), eur("0")):
        with pytest.raises(InvalidInput, match="accepted: an amount of EUR other than zero"):
            upheld(dispute(), LEDGER, BOOKS, amount=amount, **told)
    with pytest.raises(InvalidInput, match="accepted: one of acme"):
        upheld(dispute(), LEDGER, BOOKS, amount=eur("1"), corrects="other", **told)


def test_a_move_before_it_was_raised_is_refused() -> None:
    with pytest.raises(InvalidInput, match="accepted: 2026-02-05, when it was raised, or later"):
        rejected(dispute(), by="sato", on=D(2026, 2, 4), reason="stands")


@pytest.mark.parametrize("state", DisputeState)
@pytest.mark.parametrize("action", DisputeAction)
def test_every_path_of_the_table_and_no_other_is_allowed(state: DisputeState, action: DisputeAction) -> None:
    """Whoever is entitled to it: the raiser withdraws, somebody else decides. What is settled stays settled."""
    facts = DisputeFacts(state, action is DisputeAction.WITHDRAW, False)
    decision = DisputePolicy().moving(action, facts, D(2026, 2, 10))
    assert decision.outcome is ((state, action) in DISPUTE_MOVES) is (state is DisputeState.OPEN)


WALK = st.lists(
    st.tuples(st.sampled_from(DisputeAction), st.sampled_from(["yamada", "tanaka", "sato"])), max_size=5
)


@given(WALK)
def test_any_walk_ends_in_one_settlement_at_most(walk: list[tuple[DisputeAction, str]]) -> None:
    ledger, current = posted(), dispute(calculated_by=["tanaka"])
    for number, (action, by) in enumerate(walk):
        told: dict[str, Any] = {"by": by, "on": D(2026, 2, 10 + number), "reason": "a walk"}
        found: Moved[Dispute]
        if action is DisputeAction.UPHOLD:
            found = upheld(current, ledger, BOOKS, amount=eur("10"), **told)
        else:
            found = (rejected if action is DisputeAction.REJECT else withdrawn)(current, **told)
        ledger.add(found.entries)
        current = found.record
    assert len(current.steps) <= 1
    upheld_once = current.state is DisputeState.UPHELD
    assert ledger.balance("acme", "EUR") == (eur("90") if upheld_once else eur("80"))


def test_it_is_open_from_the_day_it_was_raised_until_the_day_it_was_settled() -> None:
    over = rejected(dispute(), by="sato", on=D(2026, 2, 10), reason="stands").record
    days = (D(2026, 2, 4), ISSUED, D(2026, 2, 9), D(2026, 2, 10))
    assert [over.is_open_on(day) for day in days] == [False, True, True, False]


# every field of what is raised and settled


def test_a_dispute_keeps_all_that_it_was_raised_with() -> None:
    found = raised(
        LEDGER, [ENTRY.id, ENTRY.id], issued=ISSUED, by="yamada", on=D(2026, 2, 8), reason="900", calculated_by=["run", "kato"],
    )  # fmt: skip
    assert found.record == Dispute(
        id="acme|reseller/dispute|1", books="reseller", payee="acme", unit="EUR", entries=(ENTRY.id,), issued=ISSUED,
        raised_by="yamada", raised_on=D(2026, 2, 8), reason="900", calculated_by=("kato", "run"), steps=(),
    )  # fmt: skip
    assert found.decision.facts == RaisingFacts(days=3, disputed=0)
    assert (found.decision.policy.name, found.decision.as_of) == ("disputes/standard/raise", D(2026, 2, 8))
    assert found.entries == ()
    wrong: Any = "2026-02-08"
    with pytest.raises(InvalidInput, match=r"^on: found '2026-02-08'"):
        raised(LEDGER, [ENTRY.id], issued=ISSUED, by="yamada", on=wrong, reason="900")


def test_only_open_disputes_of_the_payee_in_the_program_count() -> None:
    first = dispute()
    for other, disputed, number in (
        (first, 1, 2),
        (attrs.evolve(first, payee="bolt"), 0, 1),
        (attrs.evolve(first, books="alliance"), 0, 1),
        (attrs.evolve(first, entries=("x",)), 0, 2),
        (attrs.evolve(first, raised_on=D(2026, 2, 7)), 0, 2),  # not open yet
    ):
        again = raised(
            LEDGER, [ENTRY.id], issued=ISSUED, by="yamada", on=D(2026, 2, 6), reason="x", disputes=iter([other])
        )  # fmt: skip
        assert again.decision.facts.disputed == disputed
        assert (again.record is None) is bool(disputed)
        assert again.record is None or again.record.id == f"acme|reseller/dispute|{number}"


def test_an_adjustment_corrects_the_entry_that_is_named_or_the_first() -> None:
    """The second entry is of the 3 April: its adjustment belongs to April."""
    ledger = posted()
    more = Transaction(id="s2", parties=SALE.parties, days={Day.INVOICED: D(2026, 4, 3)}, net=eur("100"))
    (second,) = post(PLANS, [SALE, more], ledger, known=D(2026, 4, 3)).entries
    ledger.add([second])
    both = raised(
        ledger, [ENTRY.id, second.id], issued=D(2026, 4, 5), by="yamada", on=D(2026, 4, 6), reason="x"
    ).record
    assert both is not None
    on = D(2026, 5, 2)
    told: dict[str, Any] = {"amount": eur("-3.50"), "by": "sato", "on": on, "reason": "less"}
    found = upheld(both, ledger, BOOKS, corrects=second.id, **told)
    adjustment = Entry(
        payee="acme", earner="acme", component="reseller/dispute", period="1", number=1, kind=EntryKind.ADJUSTMENT,
        amount=eur("-3.50"), lines=(Line(what=LineKind.DECISION, amount=Fraction(-350)),), attributed="2026-04",
        booked="2026-04", effective=D(2026, 4, 3), recorded=on, corrects=second.id, by="sato", reason="less",
    )  # fmt: skip
    assert found.entries == (adjustment,)
    step = DisputeStep(
        action=DisputeAction.UPHOLD, after=DisputeState.UPHELD, on=on, by="sato", reason="less", adjustment=adjustment.id
    )  # fmt: skip
    assert found.record == attrs.evolve(both, steps=(step,))
    assert found.decision.facts == DisputeFacts(DisputeState.OPEN, False, False)
    assert (found.decision.policy.name, found.decision.as_of) == ("disputes/standard/uphold", on)
    assert upheld(both, ledger, BOOKS, **told).entries[0].corrects == ENTRY.id


def test_a_dispute_is_settled_on_the_day_it_was_raised_or_later() -> None:
    about = dispute()
    found = withdrawn(about, by="yamada", on=ISSUED, reason="a misreading")
    step = DisputeStep(
        action=DisputeAction.WITHDRAW, after=DisputeState.WITHDRAWN, on=ISSUED, by="yamada", reason="a misreading"
    )  # fmt: skip
    assert (found.record, found.entries) == (attrs.evolve(about, steps=(step,)), ())
    assert step.adjustment is None
    assert found.decision.facts == DisputeFacts(DisputeState.OPEN, True, False)
    wrong: Any = "2026-02-08"
    with pytest.raises(InvalidInput, match=r"^on: found '2026-02-08'"):
        rejected(about, by="sato", on=wrong, reason="stands")


def test_states_and_actions_are_called_as_they_are_stored() -> None:
    assert ", ".join(DisputeState) == "open, upheld, rejected, withdrawn"
    assert ", ".join(DisputeAction) == "uphold, reject, withdraw"


def test_a_policy_is_of_whole_days_15_where_it_does_not_say() -> None:
    assert DisputePolicy() == DisputePolicy("disputes/standard", 15)
    assert DisputePolicy(days=0).days == 0
    for days in (-1, True, 2.5, "15"):
        wrong: Any = days
        with pytest.raises(InvalidInput, match="the policy 'disputes/standard' cannot be used") as caught:
            DisputePolicy(days=wrong)
        assert [(fault.path, fault.message) for fault in caught.value.faults] == [
            ("days", f"found {days!r}; accepted: zero days or more")
        ]


def test_another_policy_decides_by_its_own_name() -> None:
    own = DisputePolicy("disputes/own", 1)
    told: dict[str, Any] = {"by": "sato", "on": D(2026, 2, 10), "reason": "x", "policy": own}
    for found in (
        rejected(dispute(), **told),
        withdrawn(dispute(), **told),
        upheld(dispute(), LEDGER, BOOKS, amount=eur("1"), **told),
    ):
        assert found.decision.policy.name.startswith("disputes/own/")


def test_records_are_made_by_name_and_their_facts_called_by_their_words() -> None:
    records: list[Any] = [Dispute, DisputeStep]
    assert all(field.kw_only for record in records for field in attrs.fields(record))
    words = {
        field.name: str(field.metadata["text"])
        for field in (*attrs.fields(RaisingFacts), *attrs.fields(DisputeFacts))
    }
    assert words == {
        "days": "days since the statement",
        "disputed": "entries in dispute already",
        "state": "state",
        "raised_it": "raised it",
        "calculated_it": "calculated it",
    }


def test_a_dispute_is_stored_and_found_by_its_entries() -> None:
    about = rejected(dispute(), by="sato", on=D(2026, 2, 10), reason="stands").record
    assert from_plain(to_plain(about), Dispute) == about
    store = MemoryStore()
    with store.unit_of_work() as work:
        work.repository(DISPUTES).put(about)
        work.commit()
    with store.unit_of_work() as work:
        found = work.repository(DISPUTES).query(entry=ENTRY.id, state="rejected")
        assert [one.record for one in found] == [about]
