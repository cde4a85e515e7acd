"""Bands of quantities: how they are written, which follow each other, and which quantity is in which."""

from typing import Any

import attrs
import pytest

from prmcore.deals.opportunities import QuantityBand, QuantityBands
from prmcore.errors import InvalidInput
from prmcore.values import Rate

FIVE = Rate.percent(5)


def band(lowest: int, highest: int | None = None) -> QuantityBand:
    return QuantityBand(lowest=lowest, highest=highest, discount=FIVE)


def test_every_part_of_a_band_is_given_by_name() -> None:
    assert all(field.kw_only for field in attrs.fields(QuantityBand))


@pytest.mark.parametrize(
    ("told", "messages"),
    [
        ({"lowest": -1}, ["found -1; accepted: a whole number, zero or more @ lowest"]),
        ({"lowest": 1.0}, ["found 1.0; accepted: a whole number, zero or more @ lowest"]),
        ({"lowest": 0, "highest": -1}, ["found -1; accepted: a whole number, zero or more @ highest"]),
        ({"lowest": True, "highest": "9"},
         ["found True; accepted: a whole number, zero or more @ lowest", "found '9'; accepted: a whole number, zero or more @ highest"]),
        ({"lowest": 5, "highest": 4}, ["found 4; accepted: 5 or more @ highest"]),
    ],
)  # fmt: skip
def test_a_band_says_what_is_wrong_with_it(told: dict[str, Any], messages: list[str]) -> None:
    with pytest.raises(InvalidInput, match="the band cannot be used") as refused:
        QuantityBand(discount=FIVE, **told)
    assert [str(fault) for fault in refused.value.faults] == messages


def test_a_band_holds_both_of_its_ends() -> None:
    assert [number in band(5, 7) for number in (4, 5, 6, 7, 8)] == [False, True, True, True, False]
    assert [number in band(5) for number in (4, 5, 10**9)] == [False, True, True]
    assert [thing in band(0, 0) for thing in (0, 1, 0.0, False, "0", None)] == [
        True,
        False,
        False,
        False,
        False,
        False,
    ]
    assert (str(band(5, 7)), str(band(5)), str(band(5, 5))) == ("5-7", "5+", "5-5")


@pytest.mark.parametrize(
    ("written", "lowest", "highest"),
    [
        ("100-499", 100, 499),
        ("500 - 1,499", 500, 1499),
        ("1,500–4,999", 1500, 4999),
        (">5,000", 5001, None),
        (">=5,000", 5000, None),
        ("≥ 5000", 5000, None),
        ("> 5", 6, None),
        ("5,000+", 5000, None),
        ("5 +", 5, None),
        ("0-0", 0, 0),
        ("1,234,567,890+", 1_234_567_890, None),
        ("999999999+", 999_999_999, None),
    ],
)  # fmt: skip
def test_a_band_is_read_as_people_write_it(written: str, lowest: int, highest: int | None) -> None:
    found = QuantityBands.parse({written: FIVE})
    assert found.bands == (QuantityBand(lowest=lowest, highest=highest, discount=FIVE),)


@pytest.mark.parametrize(
    "written",
    ["", "5", "1,00-200", "many", "5++", ">-5", "<5", "1000000000+", "5-", "x5+", "5+x", "１-２", f"{' ' * 60}5+", 5],
)  # fmt: skip
def test_what_is_no_band_is_refused(written: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        QuantityBands.parse({"0-0": FIVE, written: FIVE})
    assert [(fault.message.partition("; ")[2], fault.path) for fault in refused.value.faults] == [
        ("accepted: a band such as '100-499', '>=5,000' or '5,000+'", "bands[1]")
    ]


def test_bands_are_read_with_the_discount_of_each() -> None:
    found = QuantityBands.parse({"1-9": FIVE, "10+": Rate.percent(7)})
    assert [one.discount for one in found.bands] == [FIVE, Rate.percent(7)]


OVERLAPS = "overlaps {}, or comes before it; accepted: bands that follow each other @ bands[1]"


@pytest.mark.parametrize(
    ("bands", "messages"),
    [
        ((), ["found none; accepted: one band or more @ bands"]),
        ((band(1, 5), band(5, 9)), [f"5-9 {OVERLAPS.format('1-5')}"]),
        ((band(1), band(5, 9)), [f"5-9 {OVERLAPS.format('1+')}"]),
        ((band(5, 9), band(1, 4)), [f"1-4 {OVERLAPS.format('5-9')}"]),
        ((band(1, 4), band(6, 9)),
         ["no band holds 5, between 1-4 and 6-9; accepted: bands that follow each other @ bands[1]"]),
        ((band(1, 4), band(5, 5), band(9)),
         ["no band holds 6 to 8, between 5-5 and 9+; accepted: bands that follow each other @ bands[2]"]),
        ((band(1, 4), band(6, 6), band(5, 9)),
         ["no band holds 5, between 1-4 and 6-6; accepted: bands that follow each other @ bands[1]",
          "5-9 overlaps 6-6, or comes before it; accepted: bands that follow each other @ bands[2]"]),
    ],
)  # fmt: skip
def test_bands_follow_each_other(bands: tuple[QuantityBand, ...], messages: list[str]) -> None:
    with pytest.raises(InvalidInput, match="the quantity bands cannot be used") as refused:
        QuantityBands(bands)
    assert [str(fault) for fault in refused.value.faults] == messages


def test_a_quantity_is_in_one_band_or_in_none() -> None:
    bands = QuantityBands((band(1, 4), band(5, 5)))
    assert [bands.band(number) for number in (0, 1, 4, 5, 6)] == [
        None,
        band(1, 4),
        band(1, 4),
        band(5, 5),
        None,
    ]
    with pytest.raises(InvalidInput, match=r"found 1\.5; accepted: a whole number"):
        bands.band(1.5)  # type: ignore[arg-type]
