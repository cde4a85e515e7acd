"""The negotiation of prices: who may answer what, which discounts need an approval, and a log that cannot be changed."""

import datetime
import pickle
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from prmcore.deals.opportunities import (
    Approval,
    DiscountLimit,
    Entered,
    EntryKind,
    NegotiationLog,
    NegotiationPolicy,
    Price,
    QuantityBand,
    QuantityBands,
    Side,
    discount_approved,
    entered,
)
from prmcore.deals.opportunities.said import said_of_negotiation
from prmcore.decisions.explain import explain, put_into_words
from prmcore.errors import InvalidInput
from prmcore.testing._leads import negotiations
from prmcore.values import Money, Rate
from prmcore.values.wire import from_plain, to_plain

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
POLICY = NegotiationPolicy(
    limits=(DiscountLimit("rep", Rate.percent(10)), DiscountLimit("head", Rate.percent(30)))
)
EMPTY = NegotiationLog(opportunity="O-1")


def off(percent: int) -> Price:
    return Price(list_price=Money.of(200, "EUR"), quantity=10, discount=Rate.percent(percent))


def enter(log: NegotiationLog, kind: EntryKind, side: Side, **told: Any) -> Entered:
    known: dict[str, Any] = {
        "product": "bikes",
        "by": side.value,
        "at": NOON,
        "id": f"N-{len(log.entries) + 1}",
        **told,
    }
    if side is Side.VENDOR:
        known.setdefault("role", "rep")
    return entered(log, kind, POLICY, side=side, **known)  # fmt: skip


def done(found: Entered) -> NegotiationLog:
    assert found.decision.outcome, str(explain(found.decision))
    return found.record


OFFERED = done(
    enter(EMPTY, EntryKind.OFFERED, Side.VENDOR, price=off(10), valid_until=datetime.date(2026, 3, 10))
)


def test_a_price_is_exact_whichever_way_it_is_given() -> None:
    """A third off 200.00 EUR: 40000/3 cents for one, 400000/3 for ten. 150.00 of 200.00 is a quarter off."""
    third = Price(list_price=Money.of(200, "EUR"), quantity=10, discount=Rate(1, 3))
    assert (third.unit, third.amount) == (Fraction(40_000, 3), Fraction(400_000, 3))
    quarter = Price(list_price=Money.of(200, "EUR"), quantity=10, unit_price=Money.of(150, "EUR"))
    assert (quarter.off, quarter.amount) == (Rate.percent(25), Fraction(150_000))


def test_a_price_and_a_discount_that_do_not_agree_are_refused() -> None:
    with pytest.raises(InvalidInput, match="25 % off the list"):
        Price(
            list_price=Money.of(200, "EUR"), quantity=1, unit_price=Money.of(150, "EUR"),
            discount=Rate.percent(20),
        )  # fmt: skip


def test_an_entry_has_an_id_of_its_own() -> None:
    with pytest.raises(InvalidInput, match="'N-1' stands here twice"):
        enter(OFFERED, EntryKind.COUNTERED, Side.PARTNER, price=off(20), refers_to="N-1", id="N-1")


def test_an_offer_stands_until_it_is_answered() -> None:
    assert OFFERED.standing("bikes") == OFFERED.entries[0]
    assert OFFERED.standing("helmets") is None
    rejected = done(enter(OFFERED, EntryKind.REJECTED, Side.PARTNER, refers_to="N-1"))
    assert (rejected.standing("bikes"), rejected.accepted("bikes")) == (None, None)


def test_only_the_other_side_accepts_and_only_its_own_withdraws() -> None:
    assert not enter(OFFERED, EntryKind.ACCEPTED, Side.VENDOR, refers_to="N-1").decision.outcome
    assert not enter(OFFERED, EntryKind.WITHDRAWN, Side.PARTNER, refers_to="N-1").decision.outcome
    assert enter(OFFERED, EntryKind.WITHDRAWN, Side.VENDOR, refers_to="N-1").decision.outcome


def test_a_counter_takes_the_place_of_the_offer() -> None:
    log = done(enter(OFFERED, EntryKind.COUNTERED, Side.PARTNER, price=off(15), refers_to="N-1"))
    assert log.standing("bikes") == log.entries[1]
    assert not enter(log, EntryKind.ACCEPTED, Side.PARTNER, refers_to="N-1").decision.outcome


@pytest.mark.parametrize(("days", "valid"), [(8, True), (9, False)])  # until the 10th of March
def test_an_offer_is_accepted_through_its_last_day_and_expires_after_it(days: int, valid: bool) -> None:
    told: dict[str, Any] = {"refers_to": "N-1", "at": NOON + days * DAY}
    assert enter(OFFERED, EntryKind.ACCEPTED, Side.PARTNER, **told).decision.outcome is valid
    assert enter(OFFERED, EntryKind.EXPIRED, Side.VENDOR, **told).decision.outcome is not valid


@pytest.mark.parametrize("kind", EntryKind)
def test_an_accepted_price_is_final(kind: EntryKind) -> None:
    log = done(enter(OFFERED, EntryKind.ACCEPTED, Side.PARTNER, refers_to="N-1"))
    assert log.accepted("bikes") == OFFERED.entries[0]
    priced = kind in (EntryKind.ASKED, EntryKind.OFFERED, EntryKind.COUNTERED)
    found = enter(log, kind, Side.CUSTOMER, refers_to="N-1", price=off(5) if priced else None)
    assert (found.decision.outcome, found.record) == (False, log)


def approve(
    percent: int, *, asked_by: str = "vendor", by: str = "mori", role: str = "head"
) -> Approval | None:
    told: dict[str, Any] = {"asked_by": asked_by, "by": by, "role": role, "at": NOON}
    return discount_approved(Rate.percent(percent), POLICY, **told)[1]  # fmt: skip


def test_a_discount_beyond_the_limit_of_the_role_needs_an_approval() -> None:
    assert not enter(EMPTY, EntryKind.OFFERED, Side.VENDOR, price=off(11)).decision.outcome
    assert enter(EMPTY, EntryKind.OFFERED, Side.VENDOR, price=off(20), approval=approve(20)).decision.outcome
    assert not enter(
        EMPTY, EntryKind.OFFERED, Side.VENDOR, price=off(21), approval=approve(20)
    ).decision.outcome


def test_who_asked_for_a_discount_does_not_approve_it_and_no_role_goes_beyond_its_own_limit() -> None:
    assert approve(20, asked_by="mori") is None
    assert approve(31) is None
    assert approve(30) is not None
    assert approve(20, role="rep") is None


def test_an_approval_is_for_the_one_who_asked_and_cannot_be_made_up() -> None:
    others = approve(20, asked_by="tanaka")
    made_up = Approval(by="vendor", role="head", asked_by="vendor", up_to=Rate.percent(20), at=NOON)
    for approval in (others, made_up):
        found = enter(EMPTY, EntryKind.OFFERED, Side.VENDOR, price=off(20), approval=approval)
        assert not found.decision.outcome


def test_the_vendor_accepts_a_partners_counter_within_its_limit_only() -> None:
    log = done(enter(OFFERED, EntryKind.COUNTERED, Side.PARTNER, price=off(15), refers_to="N-1"))
    assert not enter(log, EntryKind.ACCEPTED, Side.VENDOR, refers_to="N-2").decision.outcome
    assert enter(log, EntryKind.ACCEPTED, Side.VENDOR, refers_to="N-2", role="head").decision.outcome


def test_a_wish_binds_nobody() -> None:
    log = done(enter(EMPTY, EntryKind.ASKED, Side.PARTNER, price=off(50)))
    assert log.standing("bikes") is None


def test_an_entry_that_is_not_there_cannot_be_answered() -> None:
    with pytest.raises(InvalidInput, match="no entry 'N-7'"):
        enter(OFFERED, EntryKind.ACCEPTED, Side.PARTNER, refers_to="N-7")


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "vendor vendor offered 10% off the list: €1,800.00 for 10 of bikes"),
        ("ja", "ベンダー vendor が定価から 10% 引きを提示：bikes 10 個で €1,800.00"),
        ("zh", "厂商 vendor 报价在目录价基础上优惠 10%：bikes 10 件共 €1,800.00"),
    ],
)
def test_a_negotiation_reads_in_three_languages(locale: str, words: str) -> None:
    assert put_into_words(said_of_negotiation(OFFERED), locale).parts[0].text == words


# sealed


@given(negotiations(), st.data())
def test_a_log_that_was_changed_or_from_which_something_was_taken_is_refused(
    log: NegotiationLog, data: st.DataObject
) -> None:
    assume(len(log.entries) > 1)
    place = data.draw(st.integers(0, len(log.entries) - 2))
    changed = attrs.evolve(log.entries[place], note="changed afterwards")
    for entries in (
        (*log.entries[:place], *log.entries[place + 1 :]),
        (*log.entries[:place], changed, *log.entries[place + 1 :]),
    ):
        with pytest.raises(InvalidInput, match="changed or taken out"):
            NegotiationLog(opportunity="O-1", entries=entries)


@given(negotiations(), st.sampled_from(Side))
def test_the_log_only_grows_and_a_refusal_leaves_it_as_it_is(log: NegotiationLog, side: Side) -> None:
    at = log.entries[-1].at if log.entries else NOON
    found = enter(log, EntryKind.OFFERED, side, price=off(5), id="next", at=at)
    if found.decision.outcome:
        assert found.record.entries[:-1] == log.entries
        assert found.record.standing("bikes") == found.record.entries[-1]
    else:
        assert found.record is log


@given(negotiations())
def test_replaying_the_entries_one_by_one_gives_the_same_log(log: NegotiationLog) -> None:
    again = NegotiationLog(opportunity=log.opportunity)
    for one in log.entries:
        again = attrs.evolve(again, entries=(*again.entries, one))
    assert (again, again.seal) == (log, log.seal)


@given(negotiations())
def test_a_log_keeps_its_seal_through_plain_values_and_pickles(log: NegotiationLog) -> None:
    for again in (from_plain(to_plain(log), NegotiationLog), pickle.loads(pickle.dumps(log))):
        assert (again, again.seal) == (log, log.seal)


# bands


def rates(*written: str) -> dict[str, Rate]:
    return {text: Rate.percent(5 * number) for number, text in enumerate(written, start=1)}


def test_the_bands_as_published_have_a_hole_at_5000() -> None:
    with pytest.raises(InvalidInput, match="no band holds 5000") as caught:
        QuantityBands.parse(rates("100-499", "500-1,499", "1,500-4,999", ">5,000"))
    assert [fault.path for fault in caught.value.faults] == ["bands[3]"]


def test_bands_that_follow_each_other_hold_every_quantity_from_the_lowest_on() -> None:
    bands = QuantityBands.parse(rates("100-499", "500-1,499", "1,500-4,999", "5,000+"))
    expected = {99: None, 100: 5, 499: 5, 500: 10, 1_499: 10, 1_500: 15, 4_999: 15, 5_000: 20, 10**9: 20}
    for quantity, percent in expected.items():
        band = bands.band(quantity)
        assert (band.discount if band else None) == (Rate.percent(percent) if percent else None), quantity


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        (("100-500", "500-900"), ["bands[1]"]),  # 500 twice
        (("100+", "200-300"), ["bands[1]"]),  # after one without an end
        (("500-900", "100-499"), ["bands[1]"]),  # the wrong way round
        (("1-9", "20-29", "40-49"), ["bands[1]", "bands[2]"]),  # two holes, both said
        (("9-1",), ["bands[0].highest"]),
        (("many", "1,00-200"), ["bands[0]", "bands[1]"]),  # not understood; a comma out of place
    ],
)
def test_bands_that_cannot_be_used_say_where(written: tuple[str, ...], paths: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        QuantityBands.parse(rates(*written))
    assert [fault.path for fault in caught.value.faults] == paths


@given(st.lists(st.integers(0, 50), min_size=1, max_size=5), st.integers(0, 400))
def test_a_quantity_is_in_the_one_band_that_counting_finds(sizes: list[int], quantity: int) -> None:
    bands, lowest = [], 1
    for number, size in enumerate(sizes):
        bands.append(QuantityBand(lowest=lowest, highest=lowest + size, discount=Rate.percent(number)))
        lowest += size + 1
    holding = [band for band in bands if quantity in range(band.lowest, (band.highest or 0) + 1)]
    assert QuantityBands(tuple(bands)).band(quantity) == (holding[0] if holding else None)
    assert len(holding) <= 1
