"""Legal forms of companies: how they are written in many countries, and how they are taken off a name.

The table is `legal_forms.json`, made of opensanctions/rigour's organisation types (MIT, see its notice). The forms of Japan, China and
Korea, which stand without a gap beside the name, are in `japanese.py`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources

import attrs

__all__ = ["FormTable", "first_form_end", "form_kind", "form_table", "word_form_cut"]

# Forms that are written in front of a name, too: "PT Astra", "OOO Romashka", "AB Volvo", "JSC Kazakhtelecom". No other short one is
# taken off there, since it is a word of the name: "SE Health", "SAS Institute", "SIA Engineering", "Limited Brands".
_IN_FRONT = frozenset(
    [
        "AB",
        "UAB",
        "PT",
        "PT TBK",
        "OOO",
        "OAO",
        "ZAO",
        "PAO",
        "TOV",
        "JSC",
        "PJSC",
        "OJSC",
        "CJSC",
        "LLC",
        "SARL",
        "EURL",
        "SPRL",
        "KK",
        "GK",
        "YK",
        "合資会社",
        "合名会社",
        "AS",
        "GMBH",
        "AG",
        "ASBL",
        "CTY CP",
        "CTY TNHH",
        "CTY TNHH MTV",
        "DNTN",
    ]
)
_NOT_IN_FRONT = frozenset(
    ["ag", "a g", "as", "a s", "lc", "l l c", "k k", "g k", "y k", "mbh", "gmbh", "j s c"]
)


@attrs.frozen
class FormTable:
    """The legal forms, ready to be looked up by the words that they are written with."""

    shown: Mapping[str, str]  # as written, in lower case without signs -> as shown, such as "GMBH & CO KG"
    kinds: Mapping[str, str]  # as shown -> LLC, JSC, LP ...: one word for like forms of all countries
    behind: Mapping[str, tuple[int, ...]]  # last word -> how many words such forms have, most first
    in_front: Mapping[str, tuple[int, ...]]  # first word -> the same, of forms that stand in front


@functools.cache
def form_table() -> FormTable:
    """The table that ships with the library."""
    source = (
        resources.files("prmcore.territory.identity").joinpath("legal_forms.json").read_text(encoding="utf-8")
    )
    forms: dict[str, list[str]] = json.loads(source)["forms"]
    shown = {written: form for form, (_, *ways) in forms.items() for written in ways}
    kinds = {form: kind for form, (kind, *_) in forms.items() if kind}
    behind: dict[str, set[int]] = {}
    in_front: dict[str, set[int]] = {}
    for written, form in shown.items():
        words = written.split()
        behind.setdefault(words[-1], set()).add(len(words))
        if _stands_in_front(written, form):
            in_front.setdefault(words[0], set()).add(len(words))
    return FormTable(shown, kinds, _most_first(behind), _most_first(in_front))


def _stands_in_front(written: str, form: str) -> bool:
    if written in _NOT_IN_FRONT:
        return False
    return form in _IN_FRONT or not written.isascii() or (" " in written and len(written) > 12)


def _most_first(lengths: Mapping[str, set[int]]) -> dict[str, tuple[int, ...]]:
    return {word: tuple(sorted(found, reverse=True)) for word, found in lengths.items()}


_JAPANESE_KINDS = {
    "投資事業有限責任組合": "LP", "有限責任事業組合": "LLP", "有限公司": "LLC", "有限责任公司": "LLC", "股份有限公司": "JSC",
    "주식회사": "JSC", "유한회사": "LLC", "一般社団法人": "NGO", "公益社団法人": "NGO", "一般財団法人": "NGO", "公益財団法人": "NGO",
    "特定非営利活動法人": "NGO", "独立行政法人": "SOE",
}  # fmt: skip


def form_kind(form: str) -> str | None:
    """What a legal form is called in one word for all countries: LLC, JSC, LP, LLP, GP, SP ...; None = not told.

    A kind is a hint, no more: companies translate their form as they like (a 株式会社 is a "Co., Ltd.", an "Inc." or a "Corp.").

    >>> form_kind("GMBH"), form_kind("SRL"), form_kind("KK"), form_kind("CORP")
    ('LLC', 'LLC', 'JSC', None)
    """
    return _JAPANESE_KINDS.get(form) or form_table().kinds.get(form)


def word_form_cut(words: list[str]) -> tuple[int, int, str] | None:
    """The legal form at an end of a name of words: where the name begins and ends, and the form. None = there is none.

    The longest form counts, at the end before the front; a form that is all there is, is a name.

    >>> word_form_cut(["acme", "gmbh", "and", "co", "kg"]), word_form_cut(["limited", "brands"]), word_form_cut(["ltd"])
    ((0, 1, 'GMBH & CO KG'), None, None)
    """
    table = form_table()
    count = len(words)
    if behind := table.behind.get(words[-1]):
        if " ".join(words) in table.shown:
            return None
        for length in behind:
            if length < count and (form := table.shown.get(" ".join(words[count - length :]))):
                return 0, count - length, form
    for length in table.in_front.get(words[0], ()):
        written = " ".join(words[:length])
        if (form := table.shown.get(written)) and _stands_in_front(written, form):
            return length, count, form
    return None


def first_form_end(words: list[str]) -> int | None:
    """Where the first legal form inside a name ends, behind which an office may be named; None = there is none."""
    shown = form_table().shown
    for start in range(1, len(words)):
        for end in range(len(words) - 1, start, -1):
            if " ".join(words[start:end]) in shown:
                return end
    return None
