"""The table of legal forms, and how a form is taken off. The forms are rigour's (see the notice in the table)."""

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.territory.identity.forms import (
    first_form_end,
    form_kind,
    form_table,
    word_form_cut,
)
from prmcore.territory.identity.names import read_name

FORMS = sorted(form_table().shown)


def test_the_table_carries_the_notice_of_its_source() -> None:
    source = (
        resources.files("prmcore.territory.identity").joinpath("legal_forms.json").read_text(encoding="utf-8")
    )
    notice = json.loads(source)["notice"]
    assert "Copyright (c) 2023 OpenSanctions Datenbanken GmbH" in notice
    assert "shall be included in all copies or substantial portions" in notice


def test_no_way_of_writing_stands_for_two_forms() -> None:
    source = (
        resources.files("prmcore.territory.identity").joinpath("legal_forms.json").read_text(encoding="utf-8")
    )
    forms: dict[str, list[str]] = json.loads(source)["forms"]
    ways = [way for _, *written in forms.values() for way in written]
    assert len(ways) == len(set(ways)) > 1200
    assert len(forms) > 230


@pytest.mark.parametrize("written", FORMS)
def test_every_form_behind_a_name_is_taken_off(written: str) -> None:
    parts = read_name(f"zzyzx {written}")
    assert parts.core == "zzyzx"
    assert parts.forms


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("GMBH", "LLC"),
        ("SRL", "LLC"),
        ("GK", "LLC"),
        ("KK", "JSC"),
        ("PLC", "JSC"),
        ("股份有限公司", "JSC"),
        ("有限公司", "LLC"),
        ("GMBH & CO KG", "LP"),
        ("CORP", None),
        ("?", None),
    ],
)
def test_the_kind_is_one_word_for_like_forms(form: str, kind: str | None) -> None:
    assert form_kind(form) == kind


@given(
    st.lists(
        st.sampled_from(["ltd", "co", "acme", "and", "gmbh", "kg", "sa", "de", "cv", "ab", "pt"]),
        min_size=1,
        max_size=8,
    )
)
def test_a_cut_leaves_at_least_one_word_and_takes_at_least_one(words: list[str]) -> None:
    if cut := word_form_cut(words):
        start, end, form = cut
        assert 0 < end - start < len(words)
        assert form


@pytest.mark.parametrize(
    ("forms", "kind"),
    [
        ("一般社団法人 公益社団法人 一般財団法人 公益財団法人 特定非営利活動法人", "NGO"),
        ("投資事業有限責任組合", "LP"),
        ("有限責任事業組合", "LLP"),
        ("有限公司 有限责任公司 유한회사", "LLC"),
        ("股份有限公司 주식회사", "JSC"),
        ("独立行政法人", "SOE"),
        ("合名会社", "GP"),
        ("医療法人 学校法人", None),
    ],
)
def test_a_form_of_east_asia_has_a_kind_where_one_is_the_same(forms: str, kind: str | None) -> None:
    assert {form_kind(form) for form in forms.split()} == {kind}


@pytest.mark.parametrize(
    "form", ["AB", "UAB", "PT", "OOO", "OAO", "ZAO", "PAO", "TOV", "JSC", "PJSC", "OJSC", "CJSC", "LLC", "SARL", "EURL", "SPRL", "ASBL", "Aktiengesellschaft"]
)  # fmt: skip
def test_a_form_that_is_written_in_front_of_a_name_is_taken_off_there(form: str) -> None:
    assert read_name(f"{form} zzyzx").core == "zzyzx"


@pytest.mark.parametrize("form", ["AS", "GmbH", "AG"])
def test_a_form_that_is_written_behind_names_is_a_word_in_front_of_one(form: str) -> None:
    assert read_name(f"{form} zzyzx").core == f"{form.lower()} zzyzx"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("AB", "AB"), ("UAB", "UAB"), ("PT", "PT"), ("PT Tbk", "PT TBK"), ("OOO", "OOO"), ("OAO", "OAO"), ("ZAO", "ZAO"), ("PAO", "PAO"), ("TOV", "TOV"),
        ("JSC", "JSC"), ("PJSC", "PJSC"), ("OJSC", "OJSC"), ("CJSC", "CJSC"), ("LLC", "LLC"), ("SARL", "SARL"), ("EURL", "EURL"), ("SPRL", "SPRL"),
        ("ASBL", "ASBL"), ("KK", "KK"), ("GK", "GK"), ("YK", "YK"), ("Goshi Kaisha", "合資会社"), ("Gomei Kaisha", "合名会社"), ("Aktieselskab", "AS"),
        ("GesmbH", "GMBH"), ("Aktiengesellschaft", "AG"), ("Cty CP", "CTY CP"), ("Cty TNHH", "CTY TNHH"), ("Cty TNHH MTV", "CTY TNHH MTV"),
        ("DNTN", "DNTN"), ("GmbH & CoKG", "GMBH & CO KG"), ("Free Zone LLC", "FZCO"), ("доо", "DOO"), ("リミテッド", "LTD"),
    ],
)  # fmt: skip
def test_a_form_in_front_of_a_name_is_taken_off_where_it_can_be_no_word_of_it(
    written: str, form: str
) -> None:
    """The forms that are habitually written there, those in other letters, and those of several words and 13 letters or more."""
    assert (read_name(f"{written} zzyzx").core, read_name(f"{written} zzyzx").forms) == ("zzyzx", (form,))


@pytest.mark.parametrize(
    "words",
    ["ag", "a g", "as", "a s", "lc", "l l c", "k k", "g k", "y k", "mbh", "gmbh", "j s c", "ag and co kg", "free zone co", "incorporation", "ltd", "inc", "sa"],
)  # fmt: skip
def test_a_form_in_front_of_a_name_stays_where_it_can_be_a_word_of_it(words: str) -> None:
    assert word_form_cut([*words.split(), "zzyzx"]) is None


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("acme co ltd", (0, 1, "CO LTD")),  # the longest
        ("ab acme ltd", (0, 2, "LTD")),  # at the end before the front
        ("ab acme", (1, 2, "AB")),
        ("pt tbk acme", (2, 3, "PT TBK")),
        ("co ltd", None),
        ("ltd", None),
        ("s de rl de cv", None),  # five words, and the longest that end so
        ("acme", None),
        ("acme zzyzx", None),
    ],
)
def test_a_form_is_cut_off_at_an_end(name: str, cut: tuple[int, int, str] | None) -> None:
    assert word_form_cut(name.split()) == cut


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("acme ltd osaka office", 2),
        ("acme foods co ltd osaka office", 4),
        ("acme foods kabushiki kaisha osaka office", 4),
        ("kabushiki kaisha osaka office", None),  # a form that has no name in front of it
        ("ltd osaka office", None),
        ("acme ltd office", 2),
        ("acme co ltd", 2),  # the last word is the office
        ("acme osaka ltd", None),  # nothing behind it
        ("acme osaka office", None),
        ("acme ltd osaka inc office", 2),
    ],
)
def test_an_office_is_looked_for_behind_the_first_form(name: str, end: int | None) -> None:
    assert first_form_end(name.split()) == end


def test_the_ways_to_write_a_form_are_looked_up_longest_first() -> None:
    table = form_table()
    for lengths in (*table.behind.values(), *table.in_front.values()):
        assert lengths == tuple(sorted(set(lengths), reverse=True))
    assert table.behind["ltd"][-1] == 1
    assert "CORP" not in table.kinds
