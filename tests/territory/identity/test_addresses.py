"""Addresses, read. Spellings from EDINET (tests/cases/identity/README.md); what they come to is worked out by hand."""

import csv
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.territory.identity.addresses import read_address, same_place

EDINET = Path(__file__).parents[2] / "cases" / "identity" / "edinet.csv"


@pytest.mark.parametrize(
    ("written", "place", "numbers", "building"),
    [
        ("前橋市古市町一丁目５０番地１２", "前橋市古市町", "1 50 12", None),
        ("横浜市都筑区仲町台２－７－１", "横浜市都筑区仲町台", "2 7 1", None),
        ("千代田区丸の内１―５―１", "千代田区丸ノ内", "1 5 1", None),  # U+2015
        ("福岡市中央区天神四丁目３ー８ミーナ天神８階", "福岡市中央区天神", "4 3 8", "ミーナ天神8階"),
        ("中央区東日本橋一丁目五番六号", "中央区東日本橋", "1 5 6", None),
        ("春日井市中央台七丁目１番地の２", "春日井市中央台", "7 1 2", None),
        ("堺市堺区戎島町二丁３０番地１－８０２号", "堺市堺区戎島町", "2 30 1 802", None),
        ("千代田区二番町３番地１３", "千代田区二番町", "3 13", None),  # 二番町 is a town
        ("札幌市中央区北１３条西１７丁目１番３１号", "札幌市中央区北13条西", "17 1 31", None),
        ("札幌市中央区北十三条西十七丁目１番３１号", "札幌市中央区北13条西", "17 1 31", None),
        ("上川郡東神楽町１４号北１番地", "上川郡東神楽町14号北", "1", None),
        ("千代田区丸の内二丁目６番１号２０階", "千代田区丸ノ内", "2 6 1", "20階"),
        ("千代田区九段北４丁目２番１号市ヶ谷スクエアビル", "千代田区九段北", "4 2 1", "市ヶ谷スクエアビル"),
        (
            "京都市東山区大和大路東入三丁目下ル本瓦町６６０－６",
            "京都市東山区大和大路東入3丁目下ル本瓦町",
            "660 6",
            None,
        ),
        ("南蒲原郡田上町大字原ヶ崎新田字前田１２", "南蒲原郡田上町原ケ崎新田前田", "12", None),
        ("〒100-0005 東京都千代田区丸の内1-4-1", "東京都千代田区丸ノ内", "1 4 1", None),
        ("港区芝公園", "港区芝公園", "", None),
    ],
)
def test_a_japanese_address_is_place_numbers_and_building(
    written: str, place: str, numbers: str, building: str | None
) -> None:
    parts = read_address(written)
    assert (parts.place, " ".join(parts.numbers), parts.building) == (place, numbers, building)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("群馬県前橋市古市町一丁目５０番地１２", "前橋市古市町1-50-12"),
        ("港区虎ノ門四丁目１番１号", "港区虎の門４丁目１番１号　神谷町トラストタワー７階"),
        ("上川郡東神楽町14号北1番地", "東神楽町１４号北１"),
        ("千代田区霞が関1-1-1", "千代田区霞ケ関一丁目一番一号"),
        ("浜松市中区板屋町１１１番地の２", "浜松市中央区板屋町111-2"),
        ("浜松市北区三方原町１番地", "浜松市中央区三方原町1"),
        ("浜松市北区細江町気賀１", "浜松市浜名区細江町気賀1番地"),
        ("浜松市浜北区貴布祢３０００", "静岡県浜松市浜名区貴布祢3000番地"),
        ("300 Main Street, Suite 400, Springfield, IL 62701", "300 MAIN ST., Springfield, IL 62701"),
        ("Münchner Straße 5, 80331 München", "Munchner Strasse 5, 80331 Munchen"),
    ],
)
def test_two_spellings_of_one_address_are_one_place(one: str, other: str) -> None:
    first, second = read_address(one), read_address(other)
    assert first.key == second.key
    assert same_place(first, second) is True


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("港区海岸1-2-20", "港区海岸1-2-3", False),
        ("港区海岸1-2-20", "港区芝1-2-20", False),
        ("東京都府中市宮西町1-1-1", "広島県府中市宮西町1-1-1", False),
        ("港区海岸1-2", "港区海岸1-2-3", None),
        ("港区海岸1-2-3", "港区海岸1-2-3-405", True),  # a room behind three numbers
        ("港区海岸", "港区海岸1-2-3", None),
        ("港区", "港区海岸1-2-3", None),
        ("海岸1-2-3", "港区海岸1-2-3", None),
        ("港区海岸1-2-3", "1-2-3 Kaigan, Minato-ku, Tokyo", None),
        ("1 Hacker Way, Menlo Park", "2 Hacker Way, Menlo Park", False),
        ("1 Hacker Way, Menlo Park", "1 Hacker Way, Menlo Park, CA 94025", None),
        ("1 Hacker Way, Menlo Park", "1 Baker St, London", False),
        ("Menlo Park", "Menlo Park", None),
    ],
)
def test_whether_two_addresses_are_one_place(one: str, other: str, verdict: bool | None) -> None:
    first, second = read_address(one), read_address(other)
    assert same_place(first, second) is verdict
    assert same_place(second, first) is verdict


def test_a_table_of_renamed_places_is_the_callers() -> None:
    assert read_address("篠山市北新町41", {"篠山市": "丹波篠山市"}).place == "丹波篠山市北新町"
    assert read_address("浜松市天竜区二俣町481").place == "浜松市天竜区二俣町"
    assert read_address("浜松市中区元城町103-2", {}).place == "浜松市中区元城町"


def test_every_address_in_the_extract_names_its_block() -> None:
    with EDINET.open(encoding="utf-8", newline="") as file:
        addresses = [row["address"] for row in csv.DictReader(file)]
    without = [written for written in addresses if not read_address(written).numbers]
    assert len(addresses) > 200
    assert without == []


@pytest.mark.parametrize("written", ["", "  ", "1" * 601])
def test_what_cannot_be_read_is_refused_with_its_path(written: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_address(written)
    assert refused.value.faults[0].path == "address"


ADDRESSES = st.text(min_size=1, max_size=80).filter(lambda text: text.strip()) | st.text(
    "東京都港区海岸大字一二十丁目番地号のノ-ー0123 ビル階条,st", min_size=1, max_size=40
).filter(lambda text: text.strip())


@given(ADDRESSES, ADDRESSES)
def test_any_two_addresses_are_read_and_compared_alike_from_both_sides(one: str, other: str) -> None:
    first, second = read_address(one), read_address(other)
    assert same_place(first, second) is same_place(second, first)
    assert same_place(first, first) is not False
    assert pickle.loads(pickle.dumps(first)) == first


NUMBERS = st.lists(st.integers(1, 999), min_size=3, max_size=3)


@given(NUMBERS, st.sampled_from("-－−―‐–ー"))
def test_block_numbers_are_read_in_any_of_their_ways(numbers: list[int], dash: str) -> None:
    one, two, three = numbers
    town, block, house = (
        f"港区海岸{one}丁目{two}番{three}号",
        f"港区海岸{one}丁目{two}番地{three}",
        f"港区海岸{dash.join(map(str, numbers))}",
    )
    assert read_address(town).key == read_address(block).key == read_address(house).key
    assert read_address(town).numbers == tuple(map(str, numbers))


@given(st.integers(1, 99))
def test_kanji_numerals_are_numbers(number: int) -> None:
    tens, ones = divmod(number, 10)
    kanji = ("" if not tens else "十" if tens == 1 else "一二三四五六七八九"[tens - 1] + "十") + (
        "" if not ones else "一二三四五六七八九"[ones - 1]
    )
    assert read_address(f"港区海岸{kanji}丁目").numbers == (str(number),)


@pytest.mark.parametrize(
    "written",
    [
        "1-" * 300,
        "港" + "1-" * 299,
        "十" * 600,
        "港" + "1 " * 299,
        "郡" * 600,
        "港" + "の" * 599,
        "大字" * 300,
        "a" * 600,
        "(" * 600,
    ],
)
def test_hostile_addresses_are_read_to_the_end(written: str) -> None:
    """A reading whose time grows out of bounds with the address would never come back from these."""
    parts = read_address(written)
    read = "".join((parts.place, *parts.numbers, parts.building or ""))
    assert len(read) <= 2 * len(written)


def test_a_number_sign_makes_a_room_of_what_follows_it_and_leaves_the_street() -> None:
    behind, before = read_address("123 Main St #400, Springfield"), read_address("#05-01 1 Raffles Place")
    assert (behind.numbers, behind.place, behind.building) == (("123",), "main st springfield", "400")
    assert (before.numbers, before.place, before.building) == (("1",), "raffles pl", "05-01")
    assert same_place(behind, read_address("123 Main Street, Springfield")) is True


def test_the_old_kita_ward_without_its_town_may_be_in_either_of_two_new_wards() -> None:
    # City of Hamamatsu, 行政区の再編: kita was divided between chuo and hamana
    bare = read_address("静岡県浜松市北区")
    assert same_place(bare, read_address("静岡県浜松市中央区三方原町1-2-3")) is None
    assert same_place(bare, read_address("静岡県浜松市浜名区細江町1-2-3")) is None
    assert read_address("浜松市北区細江町1-2").key == "浜松市浜名区細江町1-2"
    assert read_address("浜松市北区三方原町1-2").key == "浜松市中央区三方原町1-2"


@pytest.mark.parametrize(
    ("old", "new"),
    [  # as in the table of the city; the rest of kita is hamana
        ("浜松市中区", "浜松市中央区"), ("浜松市東区", "浜松市中央区"), ("浜松市西区", "浜松市中央区"), ("浜松市南区", "浜松市中央区"),
        ("浜松市北区初生町", "浜松市中央区初生町"), ("浜松市北区三方原町", "浜松市中央区三方原町"), ("浜松市北区東三方町", "浜松市中央区東三方町"),
        ("浜松市北区豊岡町", "浜松市中央区豊岡町"), ("浜松市北区三幸町", "浜松市中央区三幸町"), ("浜松市北区大原町", "浜松市中央区大原町"),
        ("浜松市北区根洗町", "浜松市中央区根洗町"), ("浜松市北区細江町", "浜松市浜名区細江町"), ("浜松市浜北区", "浜松市浜名区"), ("浜松市北区", "浜松市"),
    ],
)  # fmt: skip
def test_a_ward_of_hamamatsu_is_read_by_its_name_of_today(old: str, new: str) -> None:
    assert read_address(f"静岡県{old}").place == f"静岡県{new}"


def test_of_renamed_places_the_longest_counts_and_once() -> None:
    renamed = {"山市": "甲市", "下山市": "乙市"}
    assert read_address("下山市本町1", renamed).place == "乙市本町"
    assert read_address("山市山市1", renamed).place == "甲市山市"


@pytest.mark.parametrize(
    ("kanji", "number"),
    [
        ("一", "1"), ("九", "9"), ("十", "10"), ("十八", "18"), ("二〇", "20"), ("一〇五", "105"), ("一零五", "105"), ("二三", "23"), ("百", "100"),
        ("百一", "101"), ("二百三十", "230"), ("千二百三十四", "1234"), ("三千", "3000"), ("四五六七八", "45678"),
    ],
)  # fmt: skip
def test_a_kanji_numeral_is_a_number_in_either_way(kanji: str, number: str) -> None:
    assert read_address(f"港区海岸{kanji}番地").numbers == (number,)


@pytest.mark.parametrize(
    ("written", "place", "numbers", "building"),
    [
        ("港区海岸一丁目二番三", "港区海岸", "1 2 3", None),
        ("港区海岸1番地の二", "港区海岸", "1 2", None),
        ("港区海岸1のニ", "港区海岸", "1", "ノニ"),  # katakana is no numeral
        ("港区海岸12番地のコーポ桜", "港区海岸", "12", "コーポ桜"),
        ("港区海岸1番地2階", "港区海岸", "1", "2階"),
        ("港区海岸1-2-3F", "港区海岸", "1 2", "3f"),
        ("港区海岸1-2-3Forum", "港区海岸", "1 2 3", "forum"),
        ("港区海岸5階", "港区海岸5階", "", None),
        ("港区海岸5F", "港区海岸", "5", "f"),
        ("港区海岸012", "港区海岸", "12", None),
        ("12-3港区海岸4-5", "12-3港区海岸", "4 5", None),  # nothing stands before it: no block
        ("上川郡東神楽町14号北 1番地", "上川郡東神楽町14号北", "1", None),
        ("千代田区二番町3", "千代田区二番町", "3", None),
        ("港区・海岸 1-2", "港区海岸", "1 2", None),
        ("虎之門1", "虎ノ門", "1", None),
        ("田上町字前田12", "田上町字前田", "12", None),
        ("港区海岸、1-2", "港区海岸", "1 2", None),
        ("港区海岸,1-2", "港区海岸", "1 2", None),
        ("港区海岸1-2(桜ビル)", "港区海岸", "1 2", "桜ビル"),
        ("〒港区海岸1", "港区海岸", "1", None),
        ("1000005港区海岸1", "港区海岸", "1", None),
        ("澤田町1", "沢田町", "1", None),
        ("港区かいがん1", "港区カイガン", "1", None),
    ],
)
def test_numbers_are_the_block_and_nothing_else(
    written: str, place: str, numbers: str, building: str | None
) -> None:
    parts = read_address(written)
    assert (parts.place, " ".join(parts.numbers), parts.building) == (place, numbers, building)
    assert parts.written == written


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("東京都港区海岸1-2", "港区海岸1-2"),
        ("北海道札幌市1", "札幌市1"),
        ("京都府京都市1", "京都市1"),
        ("東京都港区京都府1", "港区京都府1"),  # the first prefecture, the first district
        ("神奈川県足柄下郡箱根町1", "箱根町1"),
        ("足柄下郡箱根町一色郡辺村1", "箱根町一色郡辺村1"),
        ("郡山市本町1", "郡山市本町1"),
        ("港区海岸", "港区海岸"),
    ],
)
def test_a_key_is_place_and_numbers_without_prefecture_and_district(written: str, key: str) -> None:
    assert read_address(written).key == key


SHORT = (
    "street st|avenue ave|av ave|road rd|boulevard blvd|drive dr|lane ln|square sq|place pl|highway hwy|parkway pkwy|court ct|strasse str|platz pl|"
    "north n|south s|east e|west w|mount mt|saint st|fort ft|centre ctr|center ctr"
)


@pytest.mark.parametrize("words", SHORT.split("|"))
def test_a_word_of_streets_is_compared_as_it_is_shortened(words: str) -> None:
    long, short = words.split()
    for word in (long, short):
        assert read_address(f"1 Zzyzx {word}, Town").place == f"zzyzx {short} town"


@pytest.mark.parametrize(
    "unit",
    ["suite", "ste", "floor", "fl", "unit", "apt", "apartment", "room", "rm", "building", "bldg", "tower", "level", "po", "box", "etage", "stock", "piso",
     "oficina", "zimmer"],
)  # fmt: skip
def test_a_unit_of_a_building_and_what_follows_it_are_no_part_of_the_place(unit: str) -> None:
    parts = read_address(f"1 Main St {unit.upper()} 4, Springfield")
    assert (parts.numbers, parts.place, parts.building) == (("1",), "main st springfield", f"{unit} 4")


@pytest.mark.parametrize(
    ("written", "key", "numbers", "place", "building"),
    [
        ("12b Main St; Springfield", "12b main st springfield", "12b", "main st springfield", None),
        ("5 Broadway", "5 broadway", "5", "broadway", None),
        ("94025, Main St 5", "5 94025 main st", "5", "94025 main st", None),  # alone it is a postcode
        ("300 Main St 400, Springfield 62701", "300 main st 400 springfield 62701", "300", "main st 400 springfield 62701", None),
        ("12-14 St. John's Road", "12-14 st johns rd", "12-14", "st johns rd", None),
        ("Straße 5, München", "5 str munchen", "5", "str munchen", None),
        ("Main St #4, Room 5", "main st", "", "main st", "4 room 5"),
        ("Springfield", "springfield", "", "springfield", None),
    ],
)  # fmt: skip
def test_an_address_of_words_has_the_first_number_beside_a_word_as_its_house(
    written: str, key: str, numbers: str, place: str, building: str | None
) -> None:
    parts = read_address(written)
    assert (parts.key, " ".join(parts.numbers), parts.place, parts.building) == (
        key,
        numbers,
        place,
        building,
    )


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("1 Main St, Springfield", "1 Main St, Boston", None),
        ("1 Menlo Park", "Menlo Park", None),
        ("Menlo Park, 94025", "Menlo Park", None),
        ("1 Main St", "1 Main St", True),
        ("1 Main St", "1 Oak Ave", False),
        ("東京都港区海岸1", "東京都港区海岸1", True),
        ("東京都港区海岸1", "大阪府港区海岸1", False),
        ("東京都港区海岸1", "港区海岸1", True),
        ("港区海岸1-2-3-4", "港区海岸1-2-3-5", False),
        ("港区海岸", "港区海岸", None),
        ("港区海岸1", "港区芝浦1", False),
    ],
)
def test_what_two_addresses_have_in_common_tells_whether_they_are_one(
    one: str, other: str, verdict: bool | None
) -> None:
    first, second = read_address(one), read_address(other)
    assert same_place(first, second) is verdict
    assert same_place(second, first) is verdict


@pytest.mark.parametrize(
    ("written", "found"),
    [("", "is empty"), (" \u3000", "is empty"), ("a" * 601, "has 601 characters; at most 600 are read")],
)
def test_an_address_that_cannot_be_read_says_why(written: str, found: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_address(written)
    assert str(refused.value) == f"the address cannot be read: 1 fault\n  the address {found} @ address"
