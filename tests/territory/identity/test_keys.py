"""Strong keys: published examples, and those numbers with a digit changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.territory.identity.keys import KeyKind, StrongKey, strong_key

# (kind, as published, as compared, where it is published)
PUBLISHED = (
    ("corporate_number", "7123456789012", ("company_register", "123456789012"), "the worked example of the check digit, circulated with the ordinance of 2014, No. 70"),
    ("corporate_number", "T7010705000725", ("company_register", "010705000725"), "ja.wikipedia, 法人番号, the federation of tax accountants"),
    ("corporate_number", "4011001098993", ("company_register", "011001098993"), "qiita.com/mziyut/items/bab37dbce1c23771c817"),
    ("company_register", "0107-05-000725", ("company_register", "010705000725"), "ja.wikipedia, 法人番号"),
    ("lei", "5493000IBP32UQZ0KL24", ("lei", "5493000IBP32UQZ0KL24"), "en.wikipedia, Legal Entity Identifier"),
    ("lei", "549300084UKLVMY22DS16", None, "one character too many"),
    ("lei", "213800WSGIIZCXF1P572", ("lei", "213800WSGIIZCXF1P572"), "en.wikipedia, Legal Entity Identifier"),
    ("vat", "DE 136 695 976", ("vat DE", "136695976"), "VIES, VAT number construction rules"),
    ("vat", "FR 83,404,833,048".replace(",", " "), ("siren", "404833048"), "en.wikipedia, VAT identification number, of insee.fr"),
    ("vat", "GB 339 0727 47", ("vat GB", "339072747"), "the worked sum 147 - 97 - 97 = -47"),
    ("vat", "XI 980 7806 84", ("vat GB", "980780684"), "a trader of Northern Ireland: the number of GB 980 7806 84"),
    ("vat", "NL123456782B01", ("vat NL", "123456782"), "help.afas.nl, VAT number checks for EU countries"),
    ("vat", "BE0697449992", ("vat BE", "0697449992"), "the documentation of python-stdnum"),
    ("vat", "ES J99216582", ("vat ES", "J99216582"), "the documentation of python-stdnum"),
    ("vat", "ES A13 585 625", ("vat ES", "A13585625"), "the documentation of python-stdnum"),
    ("vat", "ES 54362315-K", ("vat ES", "54362315K"), "the documentation of python-stdnum: 54362315 mod 23 = 21, the letter K"),
    ("vat", "ES X-2482300-W", ("vat ES", "X2482300W"), "the documentation of python-stdnum: 2482300 mod 23 = 2, the letter W"),
    ("vat", "DE129274202", ("vat DE", "129274202"), "by hand: its eighth digit, 0, and the product, 10, sum to 0 mod 10"),
    ("vat", "DE136695950", ("vat DE", "136695950"), "by hand: the product behind 13669595 is 1, and 11 - 1 = 10 is written 0"),
    ("vat", "DE136695909", ("vat DE", "136695909"), "by hand: the product behind 13669590 is 2, and 11 - 2 = 9"),
    ("vat", "FR K7 399 859 412", ("siren", "399859412"), "the documentation of python-stdnum: a key with a letter"),
    ("vat", "FR 53 000 004 605", ("vat FR", "53000004605"), "of Monaco: 12 + 3 * (4605 mod 97 = 46) = 150, and 150 mod 97 = 53; no SIREN"),
    ("vat", "GB 980 7806 84", ("vat GB", "980780684"), "the documentation of python-stdnum"),
    ("vat", "GB 980 7806 29", ("vat GB", "980780629"), "by hand: 84 less 55"),
    ("vat", "GB 980 7806 84 001", ("vat GB", "980780684"), "a branch of it"),
    ("vat", "GBGD001", ("vat GB", "GD001"), "VIES: departments of state are GD and 000 to 499"),
    ("vat", "GBHA599", ("vat GB", "HA599"), "VIES: health authorities are HA and 500 to 999"),
    ("vat", "IT 00743110157", ("vat IT", "00743110157"), "the documentation of python-stdnum: 1+1+0+1+2+3+8+7 = 23, and 7 are lacking to 30"),
    ("vat", "NL002455799B11", ("vat NL", "002455799"), "belastingdienst.nl, the number of a person in business since 2020"),
    ("vat", "ES J9921658B", ("vat ES", "J9921658B"), "by hand: the letter for the digit 2"),
    ("siren", "732 829 320", ("siren", "732829320"), "fr.wikipedia, SIRET: 7+6+2+1+6+2+1+8+3+4+0 = 40"),
    ("siret", "732 829 320 00074", ("siren", "732829320"), "fr.wikipedia, SIRET: its seventh office"),
    ("siret", "356 000 000 00048", ("siren", "356000000"), "fr.wikipedia, SIRET: the seat of La Poste, by Luhn"),
    ("duns", "15-048-3782", ("duns", "150483782"), "en.wikipedia, Data Universal Numbering System"),
    ("uscc", "91350100M000100Y43", ("uscc", "91350100M000100Y43"), "blog.csdn.net/hookee/article/details/50610168, GB 32100-2015"),
    ("uscc", "91111111111111111W", ("uscc", "91111111111111111W"), "by hand: the weights sum to 305, and 8 * 1 more are 313 = 10 * 31 + 3; 31 - 3 = 28 is W"),
    ("uscc", "91110108551385082Q", ("uscc", "91110108551385082Q"), "npm, uscc-utils: 小米科技有限责任公司"),
)  # fmt: skip
VALID = tuple(row for row in PUBLISHED if row[2] is not None)


@pytest.mark.parametrize(("kind", "written", "identity", "source"), VALID)
def test_a_published_number_is_read(kind: str, written: str, identity: tuple[str, str], source: str) -> None:
    assert strong_key(kind, written).identity == identity, source


@pytest.mark.parametrize(("kind", "written", "identity", "source"), VALID)
def test_a_key_is_read_again_as_it_is_kept(
    kind: str, written: str, identity: tuple[str, str], source: str
) -> None:
    key = strong_key(kind, written)
    assert strong_key(kind, key.value) == key == StrongKey(key.kind, key.value)


@pytest.mark.parametrize(
    ("kind", "written", "wanted"),
    [
        # 74 mod 9 = 2, so 9 - 2 = 7
        ("corporate_number", "6123456789012", "its check digit is 6, the digits after it ask for 7"),
        ("lei", "5493000IBP32UQZ0KL25", "its check digit is 25, the digits before it ask for 24"),
        ("vat", "DE136695975", "its check digit is 5, the digits before it ask for 6"),
        # 12 + 3 * (404833048 mod 97) = 12 + 3 * 56 = 180, and 180 mod 97 = 83
        ("vat", "FR84404833048", "its check digit is 84, the SIREN after it asks for 83"),
        # 3*8 + 3*7 + 9*6 + 0*5 + 7*4 + 2*3 + 7*2 = 147, so 47, or 55 less: 92 - 97 is below zero, so 47 - 55 + 97 = 89
        ("vat", "GB339072748", "its check digit is 48, the digits before it ask for 47 or 89"),
        # 9*1+8*2+7*3+6*4+5*5+4*6+3*7+2*8 = 156 = 14 * 11 + 2
        ("vat", "NL123456783B01", "its check digit is 3, the digits before it ask for 2"),
        # 6974499 mod 97 = 5, and 97 - 5 = 92
        ("vat", "BE0697449993", "its check digit is 93, the digits before it ask for 92"),
        # 10000000 mod 23 = 14 with Y as 1 in front of seven zeros: the letter Z
        ("vat", "ESY0000000A", "its check digit is A, the digits before it ask for Z"),
        ("vat", "ESJ99216583", "its check digit is 3, the digits before it ask for 2 or B"),
        ("siren", "732829321", "its check digit is 1, the digits before it ask for 0"),
        ("siret", "73282932000075", "its check digit is 5, the digits before it ask for 4"),
        ("siret", "73282932100074", "its check digit is 1, the digits before it ask for 0"),  # of the SIREN within
        ("siret", "73282932000077", "its check digit is 7, the digits before it ask for 4"),  # a multiple of 5, but not of La Poste
        ("vat", "FRK7399859413", "its check digit is 3, the digits before it ask for 2"),
        ("vat", "GB980780685001", "its check digit is 85, the digits before it ask for 84 or 29"),
        ("vat", "XI980780685", "its check digit is 85, the digits before it ask for 84 or 29"),
        ("vat", "IT00743110158", "its check digit is 8, the digits before it ask for 7"),
        # 2*7 + 4*6 + 5*5 + 5*4 + 7*3 + 9*2 = 122 = 11 * 11 + 1
        ("vat", "NL002455798B11", "its check digit is 8, the digits before it ask for 1"),
        ("uscc", "91350100M000100Y44", "its check digit is 4, the digits before it ask for 3"),
    ],
)  # fmt: skip
def test_a_wrong_check_digit_is_refused_saying_what_it_should_be(
    kind: str, written: str, wanted: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        strong_key(kind, written)
    assert wanted in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("corporate_number", "0123456789012"),
        ("corporate_number", "T71234567890"),
        ("lei", "549300084UKLVMY22DS16"),
        ("duns", "1504837820"),
        ("ein", "12-345678"),
        ("vat", "DE12345678"),
        ("vat", "JP123456789"),
        ("vat", "NL123456782C01"),
        ("uscc", "91350100I000100Y43"),
        ("siret", "732829320"),
    ],
)
def test_what_does_not_look_like_a_number_of_its_register_is_refused(kind: str, written: str) -> None:
    with pytest.raises(InvalidInput, match=r"accepted|looks like this"):
        strong_key(kind, written)


def test_an_unknown_register_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(InvalidInput, match="did you mean 'siret'"):
        strong_key("sirret", "732829320")


def test_the_offices_of_la_poste_have_a_check_of_their_own() -> None:
    """The sum of the 14 digits is a multiple of 5: 3 + 5 + 6 + 4 + 9 + 8 + 3 + 7 = 45 (fr.wikipedia, SIRET)."""
    assert strong_key("siret", "356 000 000 49837").identity == ("siren", "356000000")
    with pytest.raises(InvalidInput, match="check digit"):
        strong_key("siret", "356 000 000 49838")


def test_an_employer_number_has_a_format_and_no_check_digit() -> None:
    assert strong_key("ein", "12-3456789").value == "123456789"


def test_a_key_written_by_hand_has_to_be_as_it_is_kept() -> None:
    with pytest.raises(InvalidInput, match="as strong_key"):
        StrongKey(KeyKind.SIREN, "732 829 320")


@given(st.sampled_from([row[:2] for row in VALID]), st.sampled_from(["full", "dashed", "lower"]))
def test_width_case_and_separators_say_nothing(key: tuple[str, str], how: str) -> None:
    kind, written = key
    ways = {
        "full": "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in written),
        "dashed": "-".join(written),
        "lower": f" {written.lower()} ",
    }
    assert strong_key(kind, ways[how][:60]) == strong_key(kind, written)


@given(st.integers(0, 10**12 - 1), st.integers(0, 11), st.integers(1, 9))
def test_a_changed_digit_of_a_corporate_number_is_seen_but_for_0_and_9(
    base: int, place: int, by: int
) -> None:
    """By the ordinance: a digit counts once or twice, mod 9, so that 0 and 9 alone look alike."""
    digits = f"{base:012}"
    total = sum(int(one) * (1 if at % 2 == 0 else 2) for at, one in enumerate(reversed(digits)))
    right = f"{9 - total % 9}{digits}"
    assert strong_key("corporate_number", right).value == right
    other = (int(digits[place]) + by) % 10
    if {other, int(digits[place])} == {0, 9}:
        return
    with pytest.raises(InvalidInput, match="check digit"):
        strong_key("corporate_number", f"{right[0]}{digits[:place]}{other}{digits[place + 1 :]}")


@given(st.sampled_from(KeyKind), st.text(max_size=80))
def test_whatever_is_written_is_read_or_refused(kind: KeyKind, written: str) -> None:
    try:
        key = strong_key(kind, written)
    except InvalidInput:
        return
    assert strong_key(kind, key.value) == key


# as long, and of such signs, as the Commission's "VIES - VAT number construction rules" have them; no check digit is looked at here
FORMATS = (
    ("AT", "U12345678"), ("BG", "123456789"), ("BG", "1234567890"), ("CY", "12345678X"), ("CZ", "12345678"), ("CZ", "1234567890"),
    ("DK", "12345678"), ("EE", "123456789"), ("EL", "123456789"), ("FI", "12345678"), ("HR", "12345678901"), ("HU", "12345678"),
    ("IE", "1S23456L"), ("IE", "1234567WA"), ("LT", "123456789"), ("LT", "123456789012"), ("LU", "12345678"), ("LV", "12345678901"),
    ("MT", "12345678"), ("PL", "1234567890"), ("PT", "123456789"), ("RO", "12"), ("RO", "1234567890"), ("SE", "123456789001"),
    ("SI", "12345678"), ("SK", "1234567890"),
)  # fmt: skip


@pytest.mark.parametrize(("country", "number"), FORMATS)
def test_a_vat_number_has_the_length_and_the_signs_of_its_country(country: str, number: str) -> None:
    assert strong_key("vat", f"{country}{number}").identity == (f"vat {country}", number)
    with pytest.raises(InvalidInput, match=f"no VAT number of {country} looks like this"):
        strong_key("vat", country + number[:-1] + ("9" if number[-1].isalpha() else "Q"))


def test_a_key_knows_its_register_by_its_word_and_is_written_as_its_number() -> None:
    key = StrongKey("siren", "732829320")
    assert key.kind is KeyKind.SIREN
    assert str(key) == "732829320"
    with pytest.raises(InvalidInput, match="unknown kind of key 'sirret'"):
        StrongKey("sirret", "732829320")


def test_a_key_has_at_most_60_characters_as_written_and_is_a_text() -> None:
    assert strong_key("siren", "732829320".ljust(60)).value == "732829320"
    with pytest.raises(InvalidInput, match="accepted: 9 digits, the last of them the check digit"):
        strong_key("siren", "732829320".ljust(61))
    with pytest.raises(InvalidInput, match="found 732829320; accepted: 9 digits"):
        strong_key("siren", 732829320)  # type: ignore[arg-type]  # as a table of numbers may have it


def test_the_t_of_a_qualified_invoice_stands_before_all_13_digits() -> None:
    for written in ("T123456789012", "TT7123456789012", "T7123456789012T"):
        with pytest.raises(InvalidInput, match="accepted: 13 digits, the first of them the check digit"):
            strong_key("corporate_number", written)


def test_a_country_without_vat_numbers_of_this_kind_is_refused_with_those_that_have_them() -> None:
    with pytest.raises(InvalidInput, match=r"there is no VAT number of JP; accepted: AT, BE, BG, .*, XI"):
        strong_key("vat", "JP123456789")
