"""Short ways of writing a legal form or a common word, and what they stand for.

The kana are those that Japanese banks use for payees (Zenginkyo's list of abbreviations of legal persons), the kanji in brackets
those of invoices and registers; the English ones are as newspapers and registers abbreviate them.
"""

import datetime

import pytest

from prmcore.territory.identity import Account
from prmcore.territory.identity.evidence import forms_differ, lines, profile
from prmcore.territory.identity.likeness import plain_slips, shape_of, slips_between
from prmcore.territory.identity.names import read_name
from prmcore.territory.identity.romaji import endings

BANK_KANA = (
    ("カ", "KK"), ("ユ", "YK"), ("ド", "GK"), ("メ", "合名会社"), ("シ", "合資会社"), ("ソ", "相互会社"), ("イ", "医療法人"),
    ("ザイ", "財団法人"), ("シャ", "社団法人"), ("シヤ", "社団法人"), ("ガク", "学校法人"), ("フク", "社会福祉法人"),
    ("シュウ", "宗教法人"), ("シユウ", "宗教法人"), ("ドク", "独立行政法人"), ("チドク", "地方独立行政法人"),
    ("トクヒ", "特定非営利活動法人"), ("ベン", "弁護士法人"), ("ゼイ", "税理士法人"), ("シホウ", "司法書士法人"),
    ("ギヨ", "行政書士法人"), ("ギョ", "行政書士法人"), ("ロウム", "社会保険労務士法人"), ("ノウ", "農事組合法人"), ("ダイ", "国立大学法人"),
    ("ホゴ", "更生保護法人"), ("カンリ", "管理組合法人"),
)  # fmt: skip
KANJI = (
    ("株", "KK"), ("有", "YK"), ("合", "GK"), ("同", "GK"), ("資", "合資会社"), ("名", "合名会社"), ("相", "相互会社"),
    ("社", "社団法人"), ("財", "財団法人"), ("一社", "一般社団法人"), ("一財", "一般財団法人"), ("公社", "公益社団法人"),
    ("公財", "公益財団法人"), ("医", "医療法人"), ("医社", "医療法人社団"), ("学", "学校法人"), ("福", "社会福祉法人"),
    ("宗", "宗教法人"), ("独", "独立行政法人"), ("特非", "特定非営利活動法人"),
)  # fmt: skip
READ_ALOUD = (
    ("カブシキガイシャ", "KK"), ("カブシキカイシャ", "KK"), ("ユウゲンガイシャ", "YK"), ("ユウゲンカイシャ", "YK"),
    ("ゴウドウガイシャ", "GK"), ("ゴウドウカイシャ", "GK"), ("ゴウシガイシャ", "合資会社"), ("ゴウメイガイシャ", "合名会社"),
    ("カブシキガイシヤ", "KK"), ("ユウゲンガイシヤ", "YK"), ("ゴウドウガイシヤ", "GK"), ("ゴウシガイシヤ", "合資会社"),
    ("ゴウメイガイシヤ", "合名会社"), ("NPO法人", "特定非営利活動法人"), ("有限責任公司", "有限责任公司"),
    ("股份公司", "股份有限公司"), ("有限責任股份公司", "股份有限公司"),
)  # fmt: skip
ONE_WORD = (
    "intl international", "natl national", "amer american", "mfg manufacturing", "mfrs manufacturers", "tech technology",
    "technologies technology", "sys systems", "svcs services", "svc service", "serv service", "sol solutions", "grp group", "hldgs holdings",
    "hd holdings", "inds industries", "ind industry", "ent enterprises", "prods products", "pharm pharmaceuticals",
    "pharma pharmaceutical", "chem chemicals", "elec electric", "eng engineering", "engr engineering", "dev development",
    "mgmt management", "mgt management", "fin financial", "ins insurance", "comm communications", "comms communication",
    "telecom telecommunications", "labs laboratories", "lab laboratory", "bros brothers", "assoc associates",
    "univ university", "inst institute", "ctr center", "centre center", "dept department", "mkt market", "mkts markets",
    "res research", "resources resource", "props properties", "partners partner", "equip equipment", "trans transport",
    "auto automotive", "pac pacific", "st saint", "mt mount", "ft fort", "foods food", "energies energy", "stores store",
    "motors motor", "brands brand", "networks network", "instruments instrument",
)  # fmt: skip


@pytest.mark.parametrize(("short", "form"), BANK_KANA)
def test_the_kana_of_banks_stand_for_a_form_in_front_of_a_name_or_behind_it(short: str, form: str) -> None:
    for written in (f"{short})サクラ", f"サクラ({short}"):
        assert (read_name(written).core, read_name(written).forms) == ("サクラ", (form,))


@pytest.mark.parametrize(("short", "form"), KANJI)
def test_a_kanji_in_brackets_stands_for_a_form(short: str, form: str) -> None:
    assert (read_name(f"（{short}）桜").core, read_name(f"（{short}）桜").forms) == ("桜", (form,))


@pytest.mark.parametrize(("whole", "form"), READ_ALOUD)
def test_a_form_is_known_by_its_reading_and_in_other_characters(whole: str, form: str) -> None:
    assert read_name(f"{whole}サクラ").forms == (form,)


@pytest.mark.parametrize("words", ONE_WORD)
def test_an_abbreviation_is_compared_as_the_word_that_it_stands_for(words: str) -> None:
    short, long = words.split()
    assert shape_of(read_name(f"Zzyzx {short}")).words == shape_of(read_name(f"Zzyzx {long}")).words


def test_a_long_mark_that_is_left_out_is_one_slip_however_often() -> None:
    assert slips_between("コーヒーメーカー", "コヒメカ") == slips_between("コヒメカ", "コーヒーメーカー") == 1
    assert slips_between("コーヒメーカ", "コヒーメカー") == 1
    assert slips_between("コーヒー", "コーラ") != 1


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("ヴァイオリン", "バイオリン"),
        ("ヴィオラ", "ビオラ"),
        ("ヴェール", "ベール"),
        ("ヴォイス", "ボイス"),
        ("ラヴ", "ラブ"),
    ],
)
def test_v_and_b_are_one_sound_in_kana(written: str, core: str) -> None:
    assert read_name(written).key == read_name(core).key


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("", "", 0), ("ab", "b", 1), ("b", "ab", 1), ("abc", "c", 2), ("abcd", "d", 3), ("abc", "axc", 1), ("abcd", "abdc", 1),
        ("abcd", "bacx", 2), ("abcde", "e", 4), ("abcdef", "uvwxyz", 4), ("abcdefgh", "h", 4),
    ],
)  # fmt: skip
def test_slips_are_letters_left_out_put_in_changed_or_exchanged_and_four_are_too_many(
    first: str, second: str, count: int
) -> None:
    assert plain_slips(first, second) == plain_slips(second, first) == count


@pytest.mark.parametrize(
    ("last", "spelt"),
    [
        ("k", "ckq"),
        ("h", "fh"),
        ("o", "hou"),
        ("y", "hjy"),
        ("r", "lr"),
        ("b", "bv"),
        ("u", "u"),
        ("n", "n"),
        ("7", "7"),
    ],
)
def test_a_sound_at_the_end_is_spelt_with_these_letters(last: str, spelt: str) -> None:
    assert "".join(sorted(endings([f"a{last}"]))) == spelt


@pytest.mark.parametrize(
    ("form", "like"),
    [
        ("KK", "LTD, CO LTD, CO, INC, CORP, CO INC"), ("YK", "LTD, CO LTD, CO, INC, LLC"), ("GK", "LLC, LTD, CO LTD, CO, INC"),
        ("有限公司", "CO LTD, LTD, CO, INC, LLC"), ("有限责任公司", "CO LTD, LTD, CO, INC, LLC, 有限公司"),
        ("股份有限公司", "LTD, CO LTD, CO, INC, CORP, CO INC"), ("주식회사", "LTD, CO LTD, CO, INC, CORP, CO INC"),
        ("유한회사", "LTD, CO LTD, LLC, CO"), ("OOO", "LLC, ООО, LTD"), ("ZAO", "CJSC, JSC, ЗАО"), ("OAO", "OJSC, JSC, ОАО"),
        ("PAO", "PJSC, JSC, ПАО"), ("PT", "PT TBK, TBK"), ("AB", "ABP"), ("CO LLC", "LLC"), ("FZ LLC", "LLC"),
    ],
)  # fmt: skip
def test_a_form_may_be_translated_as_companies_do_and_not_into_another(form: str, like: str) -> None:
    for other in like.split(", "):
        for pair in ((form, other), (other, form)):
            assert not forms_differ((pair[0],), (pair[1],), apart=True), pair
    assert forms_differ((form,), ("GMBH",))


def test_two_accounts_are_compared_without_any_list_that_they_stand_in() -> None:
    day = datetime.date(2026, 4, 1)
    one, other = (
        profile(Account(id=name, name=name, domains=("acme.example",)), day)
        for name in ("Acme GmbH", "ACME G.m.b.H.")
    )
    assert lines(one, other) == lines(one, other, {})
    assert lines(one, other)


@pytest.mark.parametrize("form", ["LTD", "CO LTD", "CO", "INC", "CORP", "CO INC"])
def test_an_english_form_is_no_german_one_and_another_english_one_only_in_one_country(form: str) -> None:
    assert forms_differ((form,), ("GMBH",))
    other = "INC" if form == "LTD" else "LTD"
    assert not forms_differ((form,), (other,))
    assert forms_differ((form,), (other,), apart=True)
