"""Names of companies, read. Expected values: worked out by hand, or from real lists (tests/cases/identity/README.md)."""

import csv
import pickle
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.territory.identity.names import NameParts, initials, read_name, reading_key, romaji_key

CASES = Path(__file__).parents[2] / "cases" / "identity"


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("written", "core", "forms"),
    [
        ("株式会社　サカタのタネ", "サカタノタネ", ("KK",)),
        ("㈱サカタのタネ", "サカタノタネ", ("KK",)),
        ("（株）ｻｶﾀのﾀﾈ", "サカタノタネ", ("KK",)),
        ("ｶ)ｻｶﾀﾉﾀﾈ", "サカタノタネ", ("KK",)),
        ("サカタノタネ(カ", "サカタノタネ", ("KK",)),
        ("カブシキガイシャサカタノタネ", "サカタノタネ", ("KK",)),
        ("㏍サカタノタネ", "サカタノタネ", ("KK",)),
        ("宮脇商事㈲", "宮脇商事", ("YK",)),
        ("ド)ミヤワキ", "ミヤワキ", ("GK",)),
        ("一般社団法人 日本自動車工業会", "日本自動車工業会", ("一般社団法人",)),
        ("日本ビルファンド投資法人", "日本ビルファンド", ("投資法人",)),
        ("SAKATA SEED CORPORATION", "sakata seed", ("CORP",)),
        ("KANEKO SEEDS CO., LTD.", "kaneko seeds", ("CO LTD",)),
        ("AXYZ Co.,Ltd", "axyz", ("CO LTD",)),
        ("Fuji K.K.", "fuji", ("KK",)),
        ("Kabushiki Kaisha Fuji", "fuji", ("KK",)),
        ("Müller G.m.b.H. & Co. KG", "müller", ("GMBH & CO KG",)),
        ("Henkel AG & Co. KGaA", "henkel", ("AG & CO KGAA",)),
        ("Fresenius SE & Co. KGaA", "fresenius", ("SE & CO KGAA",)),
        ("Eni S.p.A.", "eni", ("SPA",)),
        ("Banco Santander, S.A.", "banco santander", ("SA",)),
        ("Heineken N.V.", "heineken", ("NV",)),
        ("ASML Holding B.V.", "asml holding", ("BV",)),
        ("ACME Pty. Ltd.", "acme", ("PTY LTD",)),
        ("Novo Nordisk A/S", "novo nordisk", ("AS",)),
        ("AB Volvo", "volvo", ("AB",)),
        ("Volvo AB", "volvo", ("AB",)),
        ("Nokia Oyj", "nokia", ("OYJ",)),
        ("Allegro Sp. z o.o.", "allegro", ("SP Z OO",)),
        ("Smith & Co", "smith", ("CO",)),
        ("OOO «Romashka»", "romashka", ("OOO",)),
        ("ООО «Ромашка»", "ромашка", ("ООО",)),
        ("华为技术有限公司", "华为技术", ("有限公司",)),
        ("贵州茅台酒股份有限公司", "贵州茅台酒", ("股份有限公司",)),
        ("삼성전자 주식회사", "삼성전자", ("주식회사",)),
        ("(주)카카오", "카카오", ("주식회사",)),
        ("The Coca-Cola Company", "coca cola", ("CO",)),
        ("ロブ・リミテッド", "ロブ", ("LTD",)),
    ],
)
def test_a_legal_form_is_taken_off_in_whatever_way_it_is_written(
    written: str, core: str, forms: tuple[str, ...]
) -> None:
    parts = read_name(written)
    assert (parts.core, parts.forms) == (core, forms)


@pytest.mark.parametrize(
    "name",
    [
        "Limited Brands",
        "SAS Institute",
        "SE Health",
        "AS Roma",
        "SIA Engineering",
        "A. G. Barr",
        "A. S. Watson",
        "Incyte",
        "Agco",
        "Cooper",
        "合同製鐵",
        "有限製作所",
    ],
)
def test_a_word_of_the_name_is_not_a_form(name: str) -> None:
    assert read_name(name).forms == ()


@pytest.mark.parametrize(
    "name", ["Limited", "GmbH & Co. KG", "Co., Ltd.", "株式会社", "(株)", "S.p.A.", "The", "本社", "大阪支店"]
)
def test_a_form_that_is_all_there_is_is_a_name(name: str) -> None:
    parts = read_name(name)
    assert parts.forms == ()
    assert parts.branch is None
    assert parts.key


def test_the_side_of_a_japanese_form_is_evidence_but_not_identity() -> None:
    front, back = read_name("株式会社光通信"), read_name("光通信株式会社")
    assert (front.position, back.position) == ("prefix", "suffix")
    assert front.key == back.key
    assert read_name("Acme Ltd").position is None


@pytest.mark.parametrize(
    ("written", "core", "branch"),
    [
        ("トヨタ自動車株式会社大阪支店", "トヨタ自動車", "大阪支店"),
        ("トヨタ自動車（株） 元町工場", "トヨタ自動車", "元町工場"),
        ("九州電力　株式会社　福岡東営業所", "九州電力", "福岡東営業所"),
        ("トヨタ自動車大阪支店", "トヨタ自動車", "大阪支店"),
        ("ドイツ銀行ロンドン支店", "ドイツ銀行", "ロンドン支店"),
        ("华为技术有限公司上海分公司", "华为技术", "上海分公司"),
        ("Toyota Motor Corporation Tokyo Branch", "toyota motor", "tokyo branch"),
        ("Acme, Inc. - Osaka Office", "acme", "osaka office"),
        ("Acme Foods Co., Ltd. Osaka Office", "acme foods", "osaka office"),
        ("ヤクルト 本社", "ヤクルト", "本社"),
    ],
)
def test_a_branch_is_taken_off_and_kept(written: str, core: str, branch: str) -> None:
    parts = read_name(written)
    assert (parts.core, parts.branch) == (core, branch)


@pytest.mark.parametrize(
    "name",
    [
        "株式会社ヤクルト本社",
        "株式会社實業之日本社",
        "株式会社読売新聞東京本社",
        "Post Office Ltd",
        "The Olive Branch",
        "山田法律事務所",
    ],
)
def test_an_office_that_is_part_of_the_name_stays(name: str) -> None:
    assert read_name(name).branch is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "株式会社ビューティープロスペリティ―",
            "ビューティープロスペリティー株式会社",
        ),  # U+2015; EDINET writes it so
        ("インタ－ナショナル", "インターナショナル"),  # U+FF0D
        ("インタ−ナショナル", "インターナショナル"),  # U+2212, the same sign in another decoder of CP932
        ("ｾﾌﾞﾝ‐ｲﾚﾌﾞﾝ", "セブン・イレブン"),  # ン cannot be drawn out
        ("ス一パ一カメラ", "スーパ一カメラ"),  # 一 between katakana
        ("コンピューター", "コンピュータ"),
        ("キャノン", "キヤノン"),
        ("ジェノヴァ", "ジェノバ"),
        ("髙島屋", "高島屋"),
        ("﨑陽軒", "崎陽軒"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("齋藤", "斉藤"),
        ("斎藤", "斉藤"),
        ("澤田", "沢田"),
        ("濵田", "浜田"),
        ("廣島國際學會", "広島国際学会"),
        ("德島", "徳島"),
        ("龍櫻瀨惠", "竜桜瀬恵"),
        ("佐々木", "佐佐木"),
        ("霞が関", "霞ヶ関"),
        ("葛\U000e0100城", "葛城"),  # an ideographic variation sequence
        ("カ゛ス", "ガス"),
        ("プロクター＆ギャンブル", "プロクターアンドギャンブル"),
        ("Procter & Gamble", "Procter and Gamble"),
        ("Nestlé", "NESTLE"),
        ("Ørsted", "Orsted"),
        ("Straße", "STRASSE"),
        ("A. O. Smith", "A.O. Smith"),
        ("McDonald’s", "McDonald's"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert read_name(one).key == read_name(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("スズキ", "鈴木"),
        ("ハハ", "パパ"),
        ("カード", "カド"),
        ("田島", "但馬"),
        ("サンテック第一", "サンテック第二"),
        ("東日本", "西日本"),
        ("Disney", "Disney+"),
    ],
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert read_name(one).key != read_name(other).key


def test_the_words_of_a_japanese_name_are_its_runs_of_one_script() -> None:
    assert read_name("トヨタ自動車Europe株式会社").words == ("トヨタ", "自動車", "europe")
    assert read_name("Sumitomo Forestry Co.,Ltd.").words == ("sumitomo", "forestry")


def test_36_names_are_shared_by_different_companies_in_edinet_and_14_at_one_address() -> None:
    """The count of a survey of the list made with another program, over 7,134 filers with a corporate number."""
    from prmcore.territory.identity.addresses import read_address, same_place

    groups = defaultdict(list)
    for row in rows("edinet.csv"):
        groups[read_name(row["name"]).key].append(row)
    shared = [group for group in groups.values() if len({row["houjin_bangou"] for row in group}) > 1]
    assert len(shared) == 36
    verdicts = [same_place(*(read_address(row["address"]) for row in group[:2])) for group in shared]
    assert (verdicts.count(True), verdicts.count(False)) == (14, 22)


def test_different_names_share_a_reading_in_edinet() -> None:
    groups = defaultdict(set)
    for row in rows("edinet.csv"):
        groups[reading_key(row["kana"])].add(read_name(row["name"]).core)
    assert {"スズキ", "鈴木"} <= groups["スズキ"]
    assert {"subaru", "昴"} <= groups["スバル"]
    assert {"神鋼商事", "新光商事"} <= groups["シンコウシヨウジ"]
    assert {"日揮", "日器", "ニッキ"} <= groups["ニツキ"]


def test_a_long_mark_in_front_of_a_form_is_at_the_end_of_the_reading() -> None:
    assert reading_key("エムジーゴウドウカイシャ") == reading_key(
        "カブシキガイシャエムジー"
    )  # MG and エムジー of EDINET


def test_bank_kana_and_a_registered_reading_have_one_key() -> None:
    for row in rows("bank_kana.csv"):
        assert reading_key(row["post_kana"]) == reading_key(row["edinet_kana"]), row
        assert read_name(row["post_name"]).key == read_name(row["edinet_name"]).key, row


@pytest.mark.parametrize(
    "kana",
    [
        "ｶ)ｽｽﾞｷ",
        "ｽｽﾞｷ(ｶ",
        "(ｶ)ｽｽﾞｷ",
        "スズキカブシキガイシャ",
        "すずき",
        "ｶﾌﾞｼｷｶﾞｲｼﾔ ｽｽﾞｷ",
        "スズキ　カブシキカイシャ",
    ],
)
def test_a_reading_is_one_in_any_width_and_with_any_form(kana: str) -> None:
    assert reading_key(kana) == "スズキ"


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("スズキ", "SUZUKI"), ("シンジュク", "Shinjuku"), ("シンジュク", "Sinzyuku"), ("ツチヤ", "TSUCHIYA"), ("ツチヤ", "Tutiya"), ("フジ", "Fuji"),
        ("トウキョウ", "Tokyo"), ("トウキョウ", "Tōkyō"), ("オオサカ", "Osaka"), ("オオサカ", "Ohsaka"), ("キヤノン", "Kyanon"), ("ニッキ", "NIKKI"),
        ("シンバシ", "Shimbashi"), ("カワサキ", "Kawasaki"), ("コモリコーポレーション", "KOMORI koporesyon"), ("キョクトウ", "KYOKUTO CO., LTD."),
    ],
)  # fmt: skip
def test_a_reading_and_its_latin_spelling_have_one_key(kana: str, latin: str) -> None:
    assert romaji_key(kana) == romaji_key(latin)
    assert romaji_key(kana)


@pytest.mark.parametrize("text", ["鈴木", "123", "", "!!", "Ромашка"])
def test_what_is_neither_kana_nor_latin_has_no_latin_key(text: str) -> None:
    assert romaji_key(text) is None


def test_initials_leave_out_small_words() -> None:
    assert initials(read_name("International Business Machines Corporation")) == "IBM"
    assert initials(read_name("Bank of America Corp")) == "BA"
    assert initials(read_name("Apple Inc.")) is None
    assert initials(read_name("日本電気 販売")) is None


@pytest.mark.parametrize("written", ["", " ", "\u3000", "\u200b", "x" * 401])
def test_what_cannot_be_read_is_refused_with_its_path(written: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_name(written)
    assert refused.value.faults[0].path == "name"


NAMES = st.text(min_size=1, max_size=60) | st.text(
    "株式会社有限()カｶ-ー一ンァア大阪支店本社 ・&.テtheltdcogmbh'", min_size=1, max_size=30
)


def parts_or_none(written: str) -> NameParts | None:
    try:
        return read_name(written)
    except InvalidInput:
        return None


@given(NAMES)
@example("the the co")
@example("(株)株式会社")
@example("&株")
@example("the 株式会社ア")
@example("ア株式会社 ltd")
@example("ン一ぁ")
def test_any_text_is_read_or_refused_and_its_core_reads_as_itself(written: str) -> None:
    parts = parts_or_none(written)
    if parts is None:
        assert not any(sign.isalnum() for sign in written)
        return
    again = read_name(parts.core)
    assert (again.core, again.key) == (parts.core, parts.key)
    assert parts.core
    assert pickle.loads(pickle.dumps(parts)) == parts


CORES = st.text("アイカキサトナハマヤラワン東西南北山川田中産業", min_size=2, max_size=10)
FORMS = st.sampled_from(["株式会社", "㈱", "(株)", "（株）", "株式会社　", "（カ）"])


@given(CORES, FORMS, st.booleans())
def test_a_form_in_any_of_its_ways_on_either_side_leaves_the_key(
    core: str, form: str, in_front: bool
) -> None:
    written = form + core if in_front else core + form
    assert read_name(written).key == read_name(core).key
    assert read_name(written).forms == ("KK",)


@given(st.text("abcdefghij xyz", min_size=3, max_size=20).filter(lambda text: text.strip()))
def test_width_and_case_leave_the_key(name: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign != " " else "\u3000" for sign in name)
    assert read_name(wide.upper()).key == read_name(name).key


@given(st.lists(st.sampled_from("カキセタトロ"), min_size=2, max_size=6), st.sampled_from("-－−―‐–—ー"))
def test_every_dash_behind_kana_is_a_long_mark(kana: list[str], dash: str) -> None:
    assert read_name(dash.join(kana)).key == read_name("ー".join(kana)).key


@given(st.text(max_size=80))
def test_readings_take_any_text(text: str) -> None:
    assert isinstance(reading_key(text), str)
    assert romaji_key(text) != ""


@pytest.mark.parametrize(
    "name",
    [
        "株式会社" * 100,
        "(" * 400,
        "ー" * 400,
        "ア-" * 200,
        "ltd " * 100,
        "the " * 100,
        "㈱" * 400,
        "&" * 400,
        "株 支店" * 80,
        "ﷺ" * 400,
    ],
)
def test_hostile_names_are_read_or_refused_and_hardly_grow(name: str) -> None:
    """Had reading to try its patterns over and over, this would not end."""
    found = parts_or_none(name)
    assert found is None or sum(map(len, found.words)) <= 3 * len(
        unicodedata.normalize("NFKC", name)
    )  # & is read as and


@pytest.mark.parametrize("name", ["Hotel Spa", "Grand Hotel & SPA", "Tesla EV", "hotel spa"])
def test_a_word_that_looks_like_a_form_stays_in_the_name(name: str) -> None:
    assert read_name(name).forms == ()


@pytest.mark.parametrize(
    ("name", "core", "form"),
    [
        ("Eni S.p.A.", "eni", "SPA"),
        ("Eni SpA", "eni", "SPA"),
        ("ENI SPA", "eni", "SPA"),
        ("Eni S. p. A.", "eni", "SPA"),
        ("ADAC e.V.", "adac", "EV"),
        ("ADAC e. V.", "adac", "EV"),
        ("ADAC eV", "adac", "EV"),
    ],
)
def test_spa_and_ev_are_forms_where_they_are_written_as_forms(name: str, core: str, form: str) -> None:
    assert (read_name(name).core, read_name(name).forms) == (core, (form,))


def test_a_name_may_have_400_characters_and_says_what_is_wrong_with_another() -> None:
    assert read_name("x" * 400).core == "x" * 400
    assert reading_key("ア" * 400) == "ア" * 400
    for written, found in (
        ("x" * 401, "the name has 401 characters; at most 400 are read"),
        ("", "the name is empty"),
        ("  ", "the name is empty"),
        ("\u200b", "the name is empty"),
    ):
        with pytest.raises(InvalidInput) as refused:
            read_name(written)
        assert str(refused.value) == f"the name cannot be read: 1 fault\n  {found} @ name"
    with pytest.raises(InvalidInput, match="the name has 401 characters"):
        reading_key("ア" * 401)


@pytest.mark.parametrize(
    ("written", "core", "key"),
    [
        ("!!", "!!", "!!"),
        ("! ?", "! ?", "!?"),
        ("!\t?", "! ?", "!?"),
        ("\u200b!", "!", "!"),
        ("！", "!", "!"),
    ],
)
def test_a_name_of_nothing_but_signs_is_read_as_it_stands(written: str, core: str, key: str) -> None:
    assert read_name(written) == NameParts(written, core, key, (core,), (), None, None, False)


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("葛\ufe00城", "葛城"),  # variation selectors, the first and the last of both blocks
        ("葛\ufe0f城", "葛城"),
        ("葛\U000e0100城", "葛城"),
        ("葛\U000e01ef城", "葛城"),
        ("葛\U000e00ff城", "葛 城"),  # their neighbours, which are a sign and not given to anything
        ("葛\U000e01f0城", "葛 城"),
        ("葛\ufdff城", "葛 城"),
        ("葛\u200d城", "葛城"),  # a joiner
        ("acme!zzyzx", "acme zzyzx"),
        ("acme/zzyzx", "acme zzyzx"),
        ("acme+zzyzx", "acme+zzyzx"),
        ("acme§zzyzx", "acme zzyzx"),
        ("coca-cola", "coca cola"),
        ("o'hara’s", "oharas"),
        ("モーニング娘。", "モーニング娘"),
        ("(acme)", "acme"),
    ],
)
def test_a_sign_is_a_gap_or_nothing(written: str, core: str) -> None:
    assert read_name(written).core == core


@pytest.mark.parametrize(
    ("letter", "bare"),
    [("ø", "o"), ("đ", "d"), ("ł", "l"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"), ("ı", "i"), ("ð", "d"), ("ħ", "h"), ("é", "e"), ("ñ", "n"), ("š", "s")],
)  # fmt: skip
def test_a_letter_with_an_accent_is_the_bare_one_in_the_key(letter: str, bare: str) -> None:
    parts = read_name(f"x{letter}x acme")
    assert (parts.core, parts.key) == (f"x{letter}x acme", f"x{bare}xacme")
    assert not parts.is_japanese


@pytest.mark.parametrize(
    ("written", "core", "branch"),
    [
        *((f"Acme Osaka {office}", "acme", f"osaka {office}")
          for office in ("branch", "succursale", "zweigniederlassung", "filiale", "filial", "sucursal")),
        *((f"Acme Ltd West Osaka {office}", "acme", f"west osaka {office}")
          for office in ("branch", "office", "division", "headquarters", "hq", "department", "plant", "factory", "works")),
        *((f"Acme Osaka {word}", f"acme osaka {word}", None)
          for word in ("office", "division", "headquarters", "hq", "department", "plant", "factory", "works")),
        ("Olive Branch", "olive branch", None),
        ("Acme Ltd Tokyo Branch Osaka Branch", "acme", "tokyo branch osaka branch"),
        ("Acme Tokyo Branch 大阪支店", "acme", "大阪支店"),  # the outermost
        ("桜 大阪支店 南支店", "桜", "南支店"),
    ],
)  # fmt: skip
def test_an_office_of_a_name_of_words_is_one_word_and_its_place_or_all_behind_the_form(
    written: str, core: str, branch: str | None
) -> None:
    parts = read_name(written)
    assert (parts.core, parts.branch) == (core, branch)


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("The Acme Foods", "acme foods"),
        ("Acme Foods, The", "acme foods"),
        ("The Acme Foods, The", "acme foods"),
        ("Acme the Foods", "acme the foods"),
        ("The", "the"),
        ("The The", "the"),
        ("Fuji KK", "fuji"),
    ],
)
def test_an_article_at_an_end_is_no_part_of_the_core(written: str, core: str) -> None:
    assert read_name(written).core == core


@pytest.mark.parametrize(
    ("written", "forms", "position"),
    [
        ("株式会社桜有限会社", ("KK", "YK"), "prefix"),
        ("桜有限会社", ("YK",), "suffix"),
        ("トヨタ株式会社大阪支店", ("KK",), "suffix"),
        ("有限会社桜株式会社大阪支店", ("YK", "KK"), "prefix"),
        ("桜 Co., Ltd.", ("CO LTD",), None),
        ("株式会社桜 Ltd", ("KK", "LTD"), "prefix"),
    ],
)
def test_the_forms_are_told_outermost_first_and_the_side_of_the_first_japanese_one(
    written: str, forms: tuple[str, ...], position: str | None
) -> None:
    parts = read_name(written)
    assert (parts.core, parts.forms, parts.position) == (
        "トヨタ" if "トヨタ" in written else "桜",
        forms,
        position,
    )
    assert parts.is_japanese


READ_ALOUD = (
    "カブシキガイシャ カブシキカイシャ ユウゲンガイシャ ユウゲンカイシャ ゴウドウガイシャ ゴウドウカイシャ ゴウシガイシャ ゴウメイガイシャ ソウゴガイシャ イッパンシャダンホウジン "
    "イッパンザイダンホウジン コウエキシャダンホウジン コウエキザイダンホウジン シャダンホウジン ザイダンホウジン イリョウホウジンシャダン イリョウホウジンザイダン イリョウホウジン "
    "ガッコウホウジン シャカイフクシホウジン シュウキョウホウジン ドクリツギョウセイホウジン トクテイヒエイリカツドウホウジン トウシホウジン トクテイモクテキガイシャ 株式会社 有限会社 合同会社"
)


@pytest.mark.parametrize("form", READ_ALOUD.split(" "))
def test_a_form_is_no_part_of_a_reading_on_either_side(form: str) -> None:
    assert reading_key(f"{form}サクラ") == reading_key(f"サクラ{form}") == "サクラ"


def test_a_form_that_is_all_there_is_is_a_reading_and_of_several_all_go() -> None:
    assert reading_key("カブシキガイシャ") == "カブシキガイシヤ"
    assert reading_key("シャダンホウジンカブシキガイシャサクラ") == "サクラ"
    assert reading_key("サクラカブシキガイシャシャダンホウジン") == "サクラ"
    assert reading_key("サクラ ソウ") == "サクラソウ"


@pytest.mark.parametrize(
    ("text", "key"),
    [("Zz", "z"), ("A", "a"), ("Sony1", "sony1"), ("スズキ モーター", "suzukimota"), ("鈴木abc", None), ("鈴木", None), ("12", None)],
)  # fmt: skip
def test_a_key_of_letters_is_made_of_kana_or_latin_letters(text: str, key: str | None) -> None:
    assert romaji_key(text) == key


@pytest.mark.parametrize("word", ["and", "of", "for", "the", "de", "du", "der", "und", "et", "y", "e"])
def test_a_small_word_has_no_initial(word: str) -> None:
    assert initials(read_name(f"Acme {word} Zzyzx")) == "AZ"


@pytest.mark.parametrize(
    ("name", "found"), [("Acme 3M", None), ("Acme Émile", None), ("Acme", None), ("Zz Aa", "ZA")]
)
def test_initials_are_latin_letters_of_two_words_or_more(name: str, found: str | None) -> None:
    assert initials(read_name(name)) == found
