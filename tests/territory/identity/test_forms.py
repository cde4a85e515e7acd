"""The table of legal forms, and how a form is taken off. The forms are rigour's (see the notice in the table)."""

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.territory.identity.forms import form_kind, form_table, word_form_cut
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
