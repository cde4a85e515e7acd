"""The negotiation of prices: who may answer what, which discounts need an approval, and a log that cannot be changed."""

import datetime
import hashlib
import pickle
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from prmcore.deals.opportunities import (
    Approval,
    ApprovalFacts,
    DiscountLimit,
    Entered,
    EntryFacts,
    EntryKind,
    NegotiationEntry,
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
from prmcore.decisions import FactSchema
from prmcore.decisions.explain import explain, put_into_words
from prmcore.errors import InvalidInput
from prmcore.testing._leads import negotiations
from prmcore.values import Money, Rate, Text
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


# every part


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (EntryFacts, {
            "is_settled": ("the price is settled", "価格合意済み", "价格已达成一致"),
            "answers_standing": ("answers the offer that stands", "有効な提示への回答", "答复当前有效的报价"),
            "is_own": ("an answer to its own offer", "自らの提示への回答", "答复己方报价"),
            "is_valid": ("the offer is valid", "提示の有効期限内", "报价在有效期内"),
            "within_limit": ("within the limit, or approved", "権限内または承認済み", "在权限内或已获批准"),
        }),
        (ApprovalFacts, {
            "asked_it": ("asked for it", "申請者本人", "本人申请"),
            "discount": ("discount", "値引率", "折扣"),
        }),
    ],
)  # fmt: skip
def test_facts_are_called_what_people_call_them(record: type, words: dict[str, tuple[str, str, str]]) -> None:
    expected = {name: Text.of(english, ja=ja, zh=zh) for name, (english, ja, zh) in words.items()}
    assert {one.name: one.text for one in FactSchema.of(record).fields if one.text is not None} == expected


@pytest.mark.parametrize("record", [Price, Approval, NegotiationEntry, NegotiationLog, NegotiationPolicy])
def test_every_part_of_a_negotiation_is_given_by_name(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def refused(record: Any, **changed: Any) -> list[str]:
    with pytest.raises(InvalidInput, match="cannot be used") as found:
        attrs.evolve(record, **changed)
    return [str(fault) for fault in found.value.faults]


EUR = Money.of(200, "EUR")
BY_PIECE = Price(list_price=EUR, quantity=10, unit_price=Money.of(150, "EUR"))


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        ({"quantity": 0}, ["found 0; accepted: 1 or more @ quantity"]),
        ({"quantity": 1.0}, ["found 1.0; accepted: 1 or more @ quantity"]),
        ({"quantity": 10**12 + 1}, ["found 1000000000001; accepted: 1 or more @ quantity"]),
        ({"list_price": Money.of(0, "EUR")}, ["found 0.00 EUR; accepted: above zero @ list_price"]),
        ({"list_price": Money("EUR", -1)}, ["found -0.01 EUR; accepted: above zero @ list_price"]),
        ({"unit_price": None}, ["is missing; accepted: unit_price or discount @ unit_price"]),
        ({"unit_price": Money.of(1, "USD")}, ["found 1.00 USD; accepted: EUR @ unit_price"]),
        ({"unit_price": Money("EUR", -1)}, ["found -0.01 EUR; accepted: zero or more @ unit_price"]),
        ({"discount": Rate.percent(101)}, ["found 101 %; accepted: at most 100 % @ discount"]),
        ({"discount": Rate.percent(20)}, ["found 20 %; 150.00 EUR is 25 % off the list @ discount"]),
        ({"quantity": 0, "discount": Rate.percent(101)},
         ["found 0; accepted: 1 or more @ quantity", "found 101 %; accepted: at most 100 % @ discount"]),
    ],
)  # fmt: skip
def test_a_price_says_what_is_wrong_with_it(changed: dict[str, Any], messages: list[str]) -> None:
    assert refused(BY_PIECE, **changed) == messages


@pytest.mark.parametrize(
    ("told", "off", "amount"),
    [
        ({"unit_price": Money.of(0, "EUR")}, Rate.of(1), 0),
        ({"unit_price": Money.of(250, "EUR")}, Rate.percent(-25), 250_000),  # dearer than the list
        ({"discount": Rate.of(1)}, Rate.of(1), 0),
        ({"discount": Rate.percent(-10)}, Rate.percent(-10), 220_000),
        ({"unit_price": Money.of(150, "EUR"), "discount": Rate.percent(25)}, Rate.percent(25), 150_000),
    ],
)
def test_a_price_may_be_nothing_and_more_than_the_list(told: dict[str, Any], off: Rate, amount: int) -> None:
    """Ten for 200.00 each: 200,000 cents in full."""
    price = Price(list_price=EUR, quantity=10, **told)
    assert (price.off, price.amount) == (off, Fraction(amount))


def test_the_smallest_and_the_largest_price_is_one_cent_for_one_and_for_a_million_millions() -> None:
    cent = Money("EUR", 1)
    most = Price(list_price=cent, quantity=10**12, unit_price=cent)
    assert (most.unit, most.amount) == (Fraction(1), Fraction(10**12))
    assert attrs.evolve(most, quantity=1).amount == 1


ENTRY = OFFERED.entries[0]
NOT_AN_ID = "found ''; accepted: an id of 1 to 200 characters"


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        *(({name: ""}, [f"{NOT_AN_ID} @ {name}"]) for name in ("id", "by", "role", "product", "refers_to")),
        ({"number": 0}, ["found 0; accepted: a whole number from 1 to 100000 @ number"]),
        ({"at": datetime.datetime(2026, 3, 2)},
         ["at: found datetime.datetime(2026, 3, 2, 0, 0); accepted: a datetime with its time zone"]),
        ({"price": None}, ["is missing @ price"]),
        ({"kind": EntryKind.ACCEPTED, "refers_to": "N-0", "valid_until": None}, ["is not of what is accepted @ price"]),
        ({"kind": EntryKind.WITHDRAWN, "refers_to": "N-0", "price": None}, ["is not of what is withdrawn @ valid_until"]),
        ({"kind": EntryKind.ASKED}, ["is not of what is asked @ valid_until"]),
        ({"valid_until": "2026"}, ["valid_until: found '2026'; accepted: a date without a time"]),
        ({"kind": EntryKind.COUNTERED}, ["is missing; what is countered names the entry that it answers @ refers_to"]),
        ({"kind": EntryKind.REJECTED, "price": None, "valid_until": None},
         ["is missing; what is rejected names the entry that it answers @ refers_to"]),
        ({"note": "x" * 2001}, ["found 2001 characters; accepted: at most 2000 @ note"]),
    ],
)  # fmt: skip
def test_an_entry_says_what_is_wrong_with_it(changed: dict[str, Any], messages: list[str]) -> None:
    assert refused(ENTRY, **changed) == messages


def test_an_entry_may_have_a_long_note_and_answer_another_one() -> None:
    assert attrs.evolve(ENTRY, note="x" * 2000, refers_to="N-0", number=1).note == "x" * 2000
    assert attrs.evolve(ENTRY, kind=EntryKind.ASKED, valid_until=None).refers_to is None


def test_a_seal_is_of_all_that_an_entry_says_in_one_order_without_what_is_not_there() -> None:
    """The text that is sealed, written out: keys in their order, no blanks, no field that is None."""
    text = (
        '{"at":"2026-03-02T12:00:00+00:00","by":"vendor","id":"N-1","kind":"offered","number":1,'
        '"price":{"discount":"10 %","list_price":"200.00 EUR","quantity":10},"product":"bikes","role":"rep",'
        '"sealed_as":"prmcore/negotiation/1","side":"vendor","valid_until":"2026-03-10"}'
    )
    assert ENTRY.seal == hashlib.sha256(text.encode()).hexdigest()
    assert (OFFERED.seal, EMPTY.seal) == (ENTRY.seal, None)


def test_an_entry_keeps_all_that_was_told() -> None:
    approval = Approval(by="mori", role="head", asked_by="vendor", up_to=Rate.percent(20), at=NOON)
    until = datetime.date(2026, 4, 1)
    told: dict[str, Any] = {
        "price": off(20),
        "valid_until": until,
        "refers_to": "N-2",
        "approval": approval,
        "note": "last",
    }
    asked = done(enter(OFFERED, EntryKind.COUNTERED, Side.CUSTOMER, price=off(15), refers_to="N-1"))
    found = done(enter(asked, EntryKind.COUNTERED, Side.VENDOR, at=NOON + DAY, **told))
    assert found.entries[2] == NegotiationEntry(
        id="N-3", number=3, at=NOON + DAY, by="vendor", side=Side.VENDOR, role="rep", kind=EntryKind.COUNTERED,
        product="bikes", previous=asked.seal, **told,
    )  # fmt: skip
    assert found.entries[:2] == asked.entries
    assert (found.seal, asked.seal) == (found.entries[2].seal, asked.entries[1].seal)


SECOND = done(enter(OFFERED, EntryKind.COUNTERED, Side.PARTNER, price=off(15), refers_to="N-1")).entries[1]
CHANGED = "does not follow the entry before it: something was changed or taken out"


@pytest.mark.parametrize(
    ("entries", "messages"),
    [
        ((SECOND,), [f"{CHANGED} @ entries[0]", "found 'N-1'; accepted: an earlier entry @ entries[0].refers_to"]),
        ((ENTRY, attrs.evolve(SECOND, number=3)), [f"{CHANGED} @ entries[1]"]),
        ((ENTRY, attrs.evolve(SECOND, previous=None)), [f"{CHANGED} @ entries[1]"]),
        ((attrs.evolve(ENTRY, number=2),), [f"{CHANGED} @ entries[0]"]),
        ((attrs.evolve(ENTRY, previous="0"),), [f"{CHANGED} @ entries[0]"]),
        ((ENTRY, attrs.evolve(SECOND, id="N-1")), ["'N-1' stands here twice @ entries"]),
        ((ENTRY, attrs.evolve(SECOND, at=NOON - DAY)),
         ["found 2026-03-01 12:00:00+00:00; accepted: 2026-03-02 12:00:00+00:00 or later @ entries[1].at"]),
        ((ENTRY, attrs.evolve(SECOND, refers_to="N-2")), ["found 'N-2'; accepted: an earlier entry @ entries[1].refers_to"]),
    ],
)  # fmt: skip
def test_a_log_says_where_it_was_changed(entries: tuple[NegotiationEntry, ...], messages: list[str]) -> None:
    assert refused(EMPTY, entries=entries) == messages


def test_a_negotiation_is_of_an_opportunity() -> None:
    assert refused(EMPTY, opportunity="") == [f"{NOT_AN_ID} @ opportunity"]


def test_each_product_is_negotiated_by_itself() -> None:
    """Bikes are offered and rejected, helmets offered and accepted, bikes offered anew."""
    log = done(enter(OFFERED, EntryKind.OFFERED, Side.VENDOR, price=off(5), product="helmets"))
    log = done(enter(log, EntryKind.REJECTED, Side.PARTNER, refers_to="N-1"))
    log = done(enter(log, EntryKind.ACCEPTED, Side.PARTNER, refers_to="N-2", product="helmets"))
    log = done(enter(log, EntryKind.OFFERED, Side.VENDOR, price=off(7)))
    assert [one.id for one in log.of("bikes")] == ["N-1", "N-3", "N-5"]
    assert (log.standing("bikes"), log.accepted("bikes")) == (log.entries[4], None)
    assert (log.standing("helmets"), log.accepted("helmets")) == (None, log.entries[1])
    assert (log.entry("N-3"), log.entry("N-9")) == (log.entries[2], None)


def test_an_answer_to_an_offer_that_stands_no_more_leaves_the_one_that_does() -> None:
    log = done(enter(OFFERED, EntryKind.OFFERED, Side.VENDOR, price=off(5)))
    late = enter(log, EntryKind.REJECTED, Side.PARTNER, refers_to="N-1")
    assert late.decision.facts == EntryFacts(
        is_settled=False, answers_standing=False, is_own=None, is_valid=None, within_limit=True
    )
    assert (late.decision.outcome, late.record) == (False, log)
    stale = NegotiationEntry(
        id="N-3", number=3, at=NOON, by="p", side=Side.PARTNER, kind=EntryKind.REJECTED, product="bikes", refers_to="N-1",
        previous=log.seal,
    )  # fmt: skip
    assert attrs.evolve(log, entries=(*log.entries, stale)).standing("bikes") == log.entries[1]


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        ({"name": ""}, [f"{NOT_AN_ID} @ name"]),
        ({"limits": (DiscountLimit("a", Rate.of(0)), DiscountLimit("a", Rate.of(1)))}, ["'a' stands here twice @ limits"]),
        ({"limits": (DiscountLimit("", Rate.of(0)),)}, [f"{NOT_AN_ID} @ limits[0].role"]),
        ({"limits": (DiscountLimit("a", Rate.of(0)), DiscountLimit("b", Rate.percent(-1)))},
         ["found -1 %; accepted: 0 % to 100 % @ limits[1].up_to"]),
        ({"limits": (DiscountLimit("a", Rate.percent(101)),)}, ["found 101 %; accepted: 0 % to 100 % @ limits[0].up_to"]),
    ],
)  # fmt: skip
def test_a_policy_says_what_is_wrong_with_its_limits(changed: dict[str, Any], messages: list[str]) -> None:
    assert refused(NegotiationPolicy(), **changed) == messages


def test_a_role_without_a_limit_gives_none() -> None:
    policy = NegotiationPolicy(limits=(DiscountLimit("a", Rate.of(0)), DiscountLimit("b", Rate.of(1))))
    assert [policy.limit(role) for role in ("a", "b", "c", None)] == [
        Rate.of(0),
        Rate.of(1),
        Rate.of(0),
        Rate.of(0),
    ]
    assert (NegotiationPolicy().name, NegotiationPolicy().limits) == ("negotiation/standard", ())


def test_an_approval_says_who_allowed_what_to_whom() -> None:
    told: dict[str, Any] = {"asked_by": "kim", "role": "head", "at": NOON}
    decision, approval = discount_approved(Rate.percent(30), POLICY, by="mori", **told)
    assert approval == Approval(by="mori", up_to=Rate.percent(30), **told)
    assert decision.facts == ApprovalFacts(asked_it=False, discount=Rate.percent(30))
    assert (decision.as_of, decision.policy.name) == (NOON.date(), "negotiation/standard/approve/head")
    own, none = discount_approved(Rate.percent(30), POLICY, by="kim", **told)
    assert (own.outcome, own.facts.asked_it, none) == (False, True, None)
    with pytest.raises(InvalidInput, match="time zone"):
        discount_approved(
            Rate.percent(30), POLICY, by="mori", **{**told, "at": datetime.datetime(2026, 3, 2)}
        )


@pytest.mark.parametrize(
    ("changed", "within"),
    [
        ({}, True),
        ({"at": NOON + DAY}, False),  # given after it was used
        ({"up_to": Rate.percent(19)}, False),
        ({"up_to": Rate.percent(30)}, True),
        ({"up_to": Rate.percent(31)}, False),  # beyond what the role may allow
        ({"role": "rep"}, False),
        ({"asked_by": "tanaka"}, False),
        ({"by": "vendor"}, False),
    ],
)
def test_a_discount_beyond_the_limit_is_allowed_to_this_person_for_as_much(
    changed: dict[str, Any], within: bool
) -> None:
    approval = Approval(by="mori", role="head", asked_by="vendor", up_to=Rate.percent(20), at=NOON)
    found = enter(
        EMPTY, EntryKind.OFFERED, Side.VENDOR, price=off(20), approval=attrs.evolve(approval, **changed)
    )
    assert found.decision.facts == EntryFacts(
        is_settled=False, answers_standing=False, is_own=None, is_valid=None, within_limit=within
    )
    assert found.decision.outcome is within


def entry_facts(**changed: Any) -> EntryFacts:
    known = {
        "is_settled": False,
        "answers_standing": True,
        "is_own": False,
        "is_valid": True,
        "within_limit": True,
    }
    return EntryFacts(**{**known, **changed})


@pytest.mark.parametrize(
    ("kind", "allowed", "refusing"),
    [
        (EntryKind.ASKED, {"answers_standing": False, "is_own": None, "is_valid": None, "within_limit": False}, []),
        (EntryKind.OFFERED, {"answers_standing": False, "is_own": None, "is_valid": None}, [{"within_limit": False}]),
        (EntryKind.COUNTERED, {"is_valid": False}, [{"answers_standing": False}, {"is_own": True}, {"within_limit": False}]),
        (EntryKind.ACCEPTED, {},
         [{"answers_standing": False}, {"is_own": True}, {"is_valid": False}, {"within_limit": False}]),
        (EntryKind.REJECTED, {"is_valid": False, "within_limit": False}, [{"answers_standing": False}, {"is_own": True}]),
        (EntryKind.WITHDRAWN, {"is_own": True, "is_valid": False, "within_limit": False},
         [{"answers_standing": False}, {"is_own": False}]),
        (EntryKind.EXPIRED, {"is_valid": False, "is_own": True, "within_limit": False},
         [{"answers_standing": False}, {"is_valid": True}]),
    ],
)  # fmt: skip
def test_an_entry_asks_for_what_its_kind_needs(
    kind: EntryKind, allowed: dict[str, Any], refusing: list[dict[str, Any]]
) -> None:
    price = off(5) if kind in (EntryKind.ASKED, EntryKind.OFFERED, EntryKind.COUNTERED) else None
    decision = enter(OFFERED, kind, Side.PARTNER, price=price, refers_to="N-1").decision
    assert decision.policy.name == f"negotiation/standard/{kind.value}"
    facts = entry_facts(**allowed)
    assert decision.policy.decide(facts, NOON.date()).outcome is True
    for changed in ({"is_settled": True}, *refusing):
        assert decision.policy.decide(attrs.evolve(facts, **changed), NOON.date()).outcome is False


def test_an_entry_is_held_against_the_offer_that_it_answers() -> None:
    """Offered until 10 March; on the 11th it is valid no more. Only the vendor has limits, of what it offers or accepts."""
    on_last_day = enter(OFFERED, EntryKind.REJECTED, Side.PARTNER, refers_to="N-1", at=NOON + 8 * DAY)
    assert (on_last_day.decision.facts, on_last_day.decision.as_of) == (
        entry_facts(),
        datetime.date(2026, 3, 10),
    )
    late = enter(OFFERED, EntryKind.REJECTED, Side.VENDOR, refers_to="N-1", at=NOON + 9 * DAY)
    assert late.decision.facts == entry_facts(is_own=True, is_valid=False)
    endless = done(enter(EMPTY, EntryKind.OFFERED, Side.PARTNER, price=off(50)))
    taken = enter(endless, EntryKind.ACCEPTED, Side.VENDOR, refers_to="N-1", at=NOON + 999 * DAY)
    assert taken.decision.facts == entry_facts(within_limit=False)
    by_customer = enter(endless, EntryKind.ACCEPTED, Side.CUSTOMER, refers_to="N-1")
    assert by_customer.decision.facts == entry_facts()
    settled = enter(by_customer.record, EntryKind.ASKED, Side.VENDOR, price=off(50))
    assert settled.decision.facts == entry_facts(
        is_settled=True, answers_standing=False, is_own=None, is_valid=None, within_limit=False
    )
