"""Kana, dashes and kanji of names. The pairs of kanji are those of the Joyo Kanji table (Cabinet Notification No. 2 of 2010)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.territory.identity import japanese
from prmcore.territory.identity.names import read_name


def test_no_kanji_is_folded_to_one_that_is_folded_itself() -> None:
    assert [old for old, new in japanese.KANJI.items() if new in japanese.KANJI] == []
    assert len(japanese.KANJI) > 350


def test_the_table_of_kanji_holds_what_unicode_does_not_fold() -> None:
    folded_anyhow = [old for old, new in japanese.KANJI.items() if unicodedata.normalize("NFKC", old) != old]
    assert folded_anyhow == []


@pytest.mark.parametrize(
    "pair",
    [
        "亞亜",
        "壓圧",
        "惠恵",
        "國国",
        "廣広",
        "櫻桜",
        "澤沢",
        "濱浜",
        "瀨瀬",
        "灣湾",
        "燈灯",
        "獨独",
        "眞真",
        "禪禅",
        "縣県",
        "莊荘",
        "藏蔵",
        "藝芸",
        "豐豊",
        "邊辺",
        "鐵鉄",
        "靜静",
        "齊斉",
        "齋斎",
        "龍竜",
        "黑黒",
    ],
)
def test_an_old_form_is_read_as_the_new_one_of_the_joyo_table(pair: str) -> None:
    assert japanese.KANJI[pair[0]] == pair[1]


@pytest.mark.parametrize("kanji", "斎斉島崎碕")
def test_kanji_of_different_names_stay_apart_in_the_core(kanji: str) -> None:
    assert kanji not in japanese.KANJI


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("センタ-", "センター"),
        ("J-MAX", "J MAX"),
        ("セブン-イレブン", "セブン イレブン"),
        ("カ--ド", "カード"),
        ("カー-ド", "カード"),
        ("メ一カ一", "メーカ一"),
        ("第一ホテル", "第一ホテル"),
    ],
)
def test_a_dash_is_a_long_mark_where_a_vowel_can_be_drawn_out(text: str, expected: str) -> None:
    assert japanese.long_marks(text) == expected


@given(st.text("ァアカガヴヂヅヰヱヲッャヮヶー々ゝヽ斎斉山ガ ab", max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = japanese.folded(text)
    assert japanese.folded(once) == once


@given(st.text("トヨタ自動車ab々ー ", max_size=20))
def test_runs_hold_every_sign_but_gaps(text: str) -> None:
    assert "".join(japanese.runs(text)) == text.replace(" ", "")


@given(st.text(max_size=60))
def test_any_text_passes(text: str) -> None:
    assert isinstance(japanese.long_marks(japanese.katakana(japanese.joined_by_and(text))), str)
    assert isinstance(japanese.forms_from_brackets(text), str)


def test_every_hiragana_of_its_block_is_the_katakana_of_the_same_name() -> None:
    """The names are those of Unicode: HIRAGANA LETTER SMALL A and KATAKANA LETTER SMALL A; the digraph yori has none."""
    named = {chr(code): unicodedata.name(chr(code), "") for code in range(0x3040, 0x30A0)}
    hiragana = {sign: name for sign, name in named.items() if name.startswith("HIRAGANA ") and sign != "ゟ"}
    assert {
        sign: unicodedata.lookup(name.replace("HIRAGANA", "KATAKANA")) for sign, name in hiragana.items()
    } == japanese.KANA
    assert japanese.katakana("さくらゝABC銀行") == "サクラヽABC銀行"


def test_a_dash_is_a_sign_and_no_letter() -> None:
    """Pd and Sm are dashes and the minus; ─ and ━ draw boxes, ー is the long mark itself."""
    assert {unicodedata.category(dash) for dash in japanese.DASHES if dash not in "─━ー"} == {"Pd", "Sm"}
    assert len(japanese.DASHES) == len(set(japanese.DASHES)) == 11


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("ァ", True), ("ー", True), ("ヿ", True), ("㐀", True), ("鿿", True), ("豈", True), ("\ufaff", True), ("\U00020000", True), ("𠮷", True),
        ("abc鈴", True), ("", False), ("ABCXYZ abcxyz 019", False), ("゠", False), ("㏿", False), ("ꀀ", False), ("ö", False), ("주식회사", False),
    ],
)  # fmt: skip
def test_kana_and_kanji_are_told_from_other_letters(text: str, has: bool) -> None:
    """U+30A1 to U+30FF, U+3400 to U+9FFF, U+F900 to U+FAFF and what begins at U+20000: the blocks of Unicode."""
    assert japanese.has_kana_or_kanji(text) is has


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ヴァイオリン", "バイオリン"),
        ("ヴィラ", "ビラ"),
        ("ヴェラ", "ベラ"),
        ("ヴォイス", "ボイス"),
        ("ラヴ", "ラブ"),
        ("コピー", "コピ"),
        ("コピーキー", "コピーキ"),
        ("コピー機", "コピ機"),
        ("佐々木", "佐佐木"),
        ("佐々々木", "佐佐佐木"),
        ("サヽキ", "ササキ"),
        ("サゝキ", "ササキ"),
        ("霞ガ関", "霞ケ関"),
        ("メガ関", "メガ関"),
        ("関ガス", "関ガス"),
        ("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ"),
        ("ヂヅヱヰヲ斎", "ジズエイオ斉"),
    ],
)
def test_two_spellings_are_folded_to_one(text: str, expected: str) -> None:
    assert japanese.folded(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("トヨタ自動車 europe", ("トヨタ", "自動車", "europe")),
        ("佐々木〆x1", ("佐々木〆", "x1")),
        ("コピー𠮷", ("コピー", "𠮷")),
        ("xyz株", ("xyz", "株")),
        ("", ()),
    ],
)
def test_a_run_is_of_one_script(text: str, expected: tuple[str, ...]) -> None:
    assert japanese.runs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A&B", "A and B"),
        ("カ&A", "カアンドA"),
        ("A&カ", "Aアンドカ"),
        ("か&A", "かアンドA"),
        ("カ & b", "カ アンド b"),
        ("a & カ", "a アンド カ"),
        ("カa & bカ", "カa  and  bカ"),
        ("a&b&カ", "a and bアンドカ"),
        ("カ&a&b", "カアンドa and b"),
        ("ab", "ab"),
    ],
)
def test_and_is_written_out_as_the_signs_beside_it_are_read(text: str, expected: str) -> None:
    assert japanese.joined_by_and(text) == expected


@pytest.mark.parametrize(
    ("written", "core", "forms"),
    [
        ("㏍サクラ", "サクラ", ("KK",)),
        ("サクラ㊑", "サクラ", ("KK",)),
        ("㊒サクラ", "サクラ", ("YK",)),
        ("カ゛スハ゜イプ", "ガスパイプ", ()),
        ("(유)카카오", "카카오", ("유한회사",)),
        ("サクラ(株", "サクラ", ("KK",)),
        ("株)サクラ", "サクラ", ("KK",)),
    ],
)
def test_one_sign_for_a_form_is_the_form(written: str, core: str, forms: tuple[str, ...]) -> None:
    assert (read_name(written).core, read_name(written).forms) == (core, forms)


# each form as it is registered; those of the Companies Act and of China have a short way to be shown
WHOLE = [
    "合資会社",
    "合名会社",
    "相互会社",
    "特定目的会社",
    "投資法人",
    "一般社団法人",
    "一般財団法人",
    "公益社団法人",
    "公益財団法人",
    "社団法人",
    "財団法人",
    "特例社団法人",
    "特例財団法人",
    "医療法人",
    "医療法人社団",
    "医療法人財団",
    "社会医療法人",
    "学校法人",
    "準学校法人",
    "社会福祉法人",
    "宗教法人",
    "独立行政法人",
    "地方独立行政法人",
    "国立大学法人",
    "公立大学法人",
    "国立研究開発法人",
    "特定非営利活動法人",
    "弁護士法人",
    "税理士法人",
    "司法書士法人",
    "行政書士法人",
    "社会保険労務士法人",
    "特許業務法人",
    "監査法人",
    "農事組合法人",
    "更生保護法人",
    "管理組合法人",
    "有限責任監査法人",
    "有限責任中間法人",
    "有限責任事業組合",
    "投資事業有限責任組合",
    "有限公司",
    "有限责任公司",
    "股份有限公司",
    "주식회사",
    "유한회사",
]
SHOWN = (
    ("株式会社", "KK"), ("有限会社", "YK"), ("合同会社", "GK"), ("株式會社", "KK"), ("カブシキガイシャ", "KK"), ("カブシキカイシャ", "KK"),
    ("カブシキガイシヤ", "KK"), ("カブシキカイシヤ", "KK"), ("ユウゲンガイシャ", "YK"), ("ユウゲンカイシャ", "YK"), ("ユウゲンガイシヤ", "YK"),
    ("ユウゲンカイシヤ", "YK"), ("ゴウドウガイシャ", "GK"), ("ゴウドウカイシャ", "GK"), ("ゴウドウガイシヤ", "GK"), ("ゴウドウカイシヤ", "GK"),
    ("NPO法人", "特定非営利活動法人"),
)  # fmt: skip


@pytest.mark.parametrize(("written", "shown"), [*SHOWN, *zip(WHOLE, WHOLE, strict=True)])
def test_a_form_is_known_on_both_sides_of_a_name(written: str, shown: str) -> None:
    front, behind = read_name(f"{written}サクラ"), read_name(f"サクラ{written}")
    assert (front.core, front.forms, front.position) == ("サクラ", (shown,), "prefix")
    assert (behind.core, behind.forms, behind.position) == ("サクラ", (shown,), "suffix")


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("医療法人社団桜会", ("桜会", "医療法人社団", "prefix")),
        ("桜一般社団法人", ("桜", "一般社団法人", "suffix")),
        ("株式会社 桜", ("桜", "KK", "prefix")),
        ("桜 株式会社", ("桜", "KK", "suffix")),
        ("桜株", None),
        ("桜", None),
        ("医療法人社団", None),
    ],
)
def test_the_longest_form_is_cut_off(text: str, cut: tuple[str, str, str] | None) -> None:
    assert japanese.form_cut(text) == cut


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("桜株式会社大阪支店", ("桜", "大阪支店", "KK")),  # one sign, and a form behind it
        ("桜株式会社 大阪", ("桜", "大阪", "KK")),  # behind a form and a gap all is an office
        ("桜株式会社大阪", None),  # without a gap it has to say so
        ("桜株式会社", None),
        ("桜株式会社東京事務所", ("桜", "東京事務所", "KK")),
        ("桜株式会社中央研究所", ("桜", "中央研究所", "KK")),
        ("桜株式会社開発センター", ("桜", "開発センター", "KK")),
        ("桜株式会社本社", ("桜", "本社", "KK")),
        ("桜東京事務所", None),
        ("桜 東京事務所", None),
        ("株式会社 大阪支店", ("株式会社", "大阪支店", None)),  # a form that is all there is, is a name
        ("桜有限会社大阪支店", ("桜", "大阪支店", "YK")),
        ("桜股份有限公司上海分公司", ("桜", "上海分公司", "股份有限公司")),
        ("桜 本社", ("桜", "本社", None)),
        ("桜 本店", ("桜", "本店", None)),
        ("桜本店", None),
        ("トヨタ北海道支店", ("トヨタ", "北海道支店", None)),
        ("トヨタ大阪第二支店", ("トヨタ", "大阪第二支店", None)),
        ("トヨタ丸ノ内営業所", ("トヨタ", "丸ノ内営業所", None)),
        ("大阪支店", None),
        ("独逸銀行ロンドン支店", ("独逸銀行", "ロンドン支店", None)),
        ("ドイツロンドン支店", None),  # katakana behind katakana
        ("桜 大阪", None),
    ],
)
def test_an_office_is_cut_off_where_it_cannot_be_the_name(
    text: str, cut: tuple[str, str, str | None] | None
) -> None:
    assert japanese.branch_cut(text) == cut


@pytest.mark.parametrize(
    "office",
    ["支店", "支社", "営業所", "出張所", "事業所", "事業部", "支部", "支所", "工場", "分公司", "分行", "支行", "営業部", "物流センター", "サービスセンター",
     "シテン", "シシャ", "シシヤ", "エイギョウショ", "エイギヨウシヨ", "コウジョウ", "コウジヨウ"],
)  # fmt: skip
def test_an_office_is_called_so_behind_a_gap(office: str) -> None:
    assert japanese.branch_cut(f"トヨタ 大阪{office}") == ("トヨタ", f"大阪{office}", None)
