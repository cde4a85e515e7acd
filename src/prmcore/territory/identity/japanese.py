"""How a Japanese name is written in many ways: kana, dashes, old and new kanji, legal forms, offices.

Unicode normalisation (NFKC) folds the width of letters and kana; all else stands here. The tables are data with their source beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = [
    "CLEANED", "DASHES", "KANA", "KANJI", "RARE", "branch_cut", "folded", "form_cut", "forms_from_brackets", "has_kana_or_kanji",
    "joined_by_and", "katakana", "long_marks", "runs",
]  # fmt: skip

# Old and new forms, from the Joyo Kanji table (Cabinet Notification No. 2 of 2010, Agency for Cultural Affairs), the pairs that
# Unicode normalisation does not fold. Always old -> new; a new form that stands for several old ones (弁) is one character today.
_OLD = (
    "亞惡壓圍醫爲壹隱榮營衞驛圓鹽緣艷應歐毆櫻奧橫溫穩假價畫會繪壞懷槪擴殼覺學嶽樂渴罐卷陷勸寬關歡觀氣歸龜僞戲犧舊據擧虛峽挾狹鄕曉區驅勳薰徑"
    "莖惠揭溪經螢輕繼鷄藝擊缺硏縣儉劍險圈檢獻權顯驗嚴廣效恆黃鑛號國黑碎濟齋劑雜參棧蠶慘贊殘絲齒兒辭濕實寫釋壽收從澁獸縱肅處緖敍將稱涉燒證奬條狀"
    "乘淨剩疊繩壤孃讓釀觸囑眞寢愼盡圖粹醉穗隨髓樞數瀨聲齊靜竊攝專淺戰踐錢潛纖禪雙壯爭莊搜插巢曾瘦裝總騷增藏臟卽屬續墮對體帶滯臺瀧擇澤擔單膽團斷"
    "彈遲癡蟲晝鑄廳徵聽敕鎭鐵點轉傳燈當黨盜稻鬭德獨讀屆貳惱腦霸拜廢賣麥發髮拔晚蠻祕濱甁拂佛倂竝餠邊變辯瓣辨步寶豐襃飜每萬滿麵默彌譯藥與豫餘譽搖樣"
    "謠來賴亂覽龍兩獵綠淚壘禮勵戾靈齡曆歷戀鍊爐勞郞樓錄灣"
)
_NEW = (
    "亜悪圧囲医為壱隠栄営衛駅円塩縁艶応欧殴桜奥横温穏仮価画会絵壊懐概拡殻覚学岳楽渇缶巻陥勧寛関歓観気帰亀偽戯犠旧拠挙虚峡挟狭郷暁区駆勲薫径"
    "茎恵掲渓経蛍軽継鶏芸撃欠研県倹剣険圏検献権顕験厳広効恒黄鉱号国黒砕済斎剤雑参桟蚕惨賛残糸歯児辞湿実写釈寿収従渋獣縦粛処緒叙将称渉焼証奨条状"
    "乗浄剰畳縄壌嬢譲醸触嘱真寝慎尽図粋酔穂随髄枢数瀬声斉静窃摂専浅戦践銭潜繊禅双壮争荘捜挿巣曽痩装総騒増蔵臓即属続堕対体帯滞台滝択沢担単胆団断"
    "弾遅痴虫昼鋳庁徴聴勅鎮鉄点転伝灯当党盗稲闘徳独読届弐悩脳覇拝廃売麦発髪抜晩蛮秘浜瓶払仏併並餅辺変弁弁弁歩宝豊褒翻毎万満麺黙弥訳薬与予余誉揺様"
    "謡来頼乱覧竜両猟緑涙塁礼励戻霊齢暦歴恋錬炉労郎楼録湾"
)
# Variants that names are written with and the table above does not hold: the shape that most lists use stands right; both shapes
# may be in JIS X 0208, as 嶋, 嶌 and 島 are.
# Seen in the variant rules of the Mozc input method (single_kanji/variant_rule.txt) and in company lists. Pairs that are
# different names are left apart here: 崎 and 碕, 斎 and 斉; the key alone folds 斎 to 斉, which are taken for each other every day.
_NAMES = {
    "髙": "高", "﨑": "崎", "嵜": "崎", "邉": "辺", "濵": "浜", "嶋": "島", "嶌": "島", "𠮷": "吉", "桒": "桑", "舘": "館",
    "槗": "橋", "斈": "学", "圀": "国", "靏": "鶴", "靍": "鶴", "冨": "富", "峯": "峰", "埜": "野", "亙": "亘", "曻": "昇",
    "栁": "柳", "鐡": "鉄", "鉃": "鉄", "礦": "鉱", "砿": "鉱", "鑛": "鉱", "檜": "桧",
    "堯": "尭", "槇": "槙", "遙": "遥", "瑤": "瑶", "巖": "巌", "凛": "凜", "祿": "禄", "禰": "祢", "穰": "穣", "萠": "萌",
    "俱": "倶", "吞": "呑", "噓": "嘘", "姸": "妍", "屛": "屏", "幷": "并", "搔": "掻", "攪": "撹", "瀆": "涜", "焰": "焔",
    "禱": "祷", "簞": "箪", "繡": "繍", "繫": "繋", "萊": "莱", "蔣": "蒋", "蟬": "蝉", "蠟": "蝋", "軀": "躯", "醬": "醤", "頰": "頬",
    "顚": "顛", "驒": "騨", "鷗": "鴎", "鶯": "鴬", "麴": "麹", "籠": "篭", "蘆": "芦", "壺": "壷", "藪": "薮", "諫": "諌", "賤": "賎",
    "邇": "迩", "濤": "涛", "莵": "菟", "渕": "淵", "渊": "淵", "舖": "舗", "煕": "熙", "凞": "熙", "晄": "晃", "實": "実", "寳": "宝",
    "條": "条", "敎": "教", "淸": "清", "靑": "青", "產": "産", "敘": "叙", "齊": "斉",
    "內": "内", "吳": "呉", "吴": "呉", "戶": "戸", "户": "戸", "說": "説", "稅": "税", "銳": "鋭", "尙": "尚", "彥": "彦", "彅": "薙",
}  # fmt: skip
KANJI: Mapping[str, str] = dict(zip(_OLD, _NEW, strict=True)) | {
    old: new for old, new in _NAMES.items() if old != new
}

KANA: Mapping[str, str] = {chr(code): chr(code + 0x60) for code in [*range(0x3041, 0x3097), 0x309D, 0x309E]}
DASHES = "-‐‑‒–—―−─━ー"  # after NFKC; U+2212 and U+FF0D are one sign in two decoders of CP932
RARE: Mapping[int, str | None] = {
    ord("㏍"): "(株)", ord("㊑"): "(株)", ord("㊒"): "(有)", ord("゛"): "\u3099", ord("゜"): "\u309a",
}  # fmt: skip
CLEANED = re.compile("[㏍㊑㊒゛゜]")


class _Kept(dict[int, int]):
    """A table of `str.translate` that keeps what it does not hold; known characters make it twice as fast."""

    def __missing__(self, code: int) -> int:
        if len(self) < 30_000:
            self[code] = code
        return code


_LARGE = _Kept(str.maketrans("ァィゥェォッャュョヮヵヶヂヅヱヰヲ斎", "アイウエオツヤユヨワカケジズエイオ斉"))
_DRAWN_OUT = re.compile("(?<=[ァ-ヺー])-+")
_TWICE_DRAWN = re.compile("ーー+")
_NOT_DRAWN_OUT = re.compile("(?<=[ンッ])ー")
_ONE = re.compile("(?<=[ァ-ヺ])(?<![ンッ])一(?=[ァ-ヺ])")
_ENDING = re.compile("ー+(?![ァ-ヺー])")
_TWICE = re.compile("([^々ゝヽ])[々ゝヽ]+")
_GA = re.compile("(?<=[㐀-鿿])ガ(?=[㐀-鿿])")
_KANJI_RANGE = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_KANA_OR_KANJI = re.compile(f"[\u30a1-\u30ff{_KANJI_RANGE}]")
_RUN = re.compile(f"[ァ-ヺーヽヾ]+|[々〆{_KANJI_RANGE}]+|[^ァ-ヺーヽヾ々〆 {_KANJI_RANGE}]+")


def has_kana_or_kanji(text: str) -> bool:
    """Whether a text holds katakana or kanji; hiragana is read before, see `katakana`."""
    return _KANA_OR_KANJI.search(text) is not None


_KATAKANA = str.maketrans(dict(KANA))


def katakana(text: str) -> str:
    """The text with hiragana written as katakana."""
    return text.translate(_KATAKANA)


def long_marks(text: str) -> str:
    """The text with each dash read as what it is: a long mark where a vowel can be drawn out, else a gap.

    A dash after kana is a long mark, since that is how a bank and a wrong decoder write ー; ン and ッ cannot be
    drawn out, so that there it separates words. 一 between two katakana is a long mark too.

    >>> long_marks("センタ-"), long_marks("セブン-イレブン"), long_marks("J-MAX"), long_marks("メ一カー")
    ('センター', 'セブン イレブン', 'J MAX', 'メーカー')
    """
    if "-" in text:
        text = _DRAWN_OUT.sub("ー", text).replace("-", " ")
    if "ー" in text:
        text = _TWICE_DRAWN.sub("ー", text)
        text = _NOT_DRAWN_OUT.sub(" ", text)
    return _ONE.sub("ー", text) if "一" in text else text


def folded(text: str) -> str:
    """What two spellings of one name share: kana large, ヴァ as バ, no drawn-out end, 々 written out, ガ between kanji as ケ.

    >>> folded("コンピューター"), folded("佐々木ヴィオラ"), folded("霞ガ関")
    ('コンピユータ', '佐佐木ビオラ', '霞ケ関')
    """
    if "ヴ" in text:
        for two, one in (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ")):
            text = text.replace(two, one)
    if "ー" in text:
        text = _ENDING.sub("", text)
    if "々" in text or "ヽ" in text or "ゝ" in text:
        text = _TWICE.sub(lambda found: found[1] * len(found[0]), text)
    if "ガ" in text:
        text = _GA.sub("ケ", text)
    return text.translate(_LARGE)


def runs(text: str) -> tuple[str, ...]:
    """The runs of one script: katakana, kanji, anything else.

    >>> runs("トヨタ自動車 europe")
    ('トヨタ', '自動車', 'europe')
    """
    return tuple(_RUN.findall(text))


def joined_by_and(text: str) -> str:
    """The text with & written out: アンド beside kana or kanji, "and" between other letters."""
    parts = text.split("&")
    whole = parts[0]
    for part in parts[1:]:
        beside = whole.rstrip(" ")[-1:] + part.lstrip(" ")[:1]
        whole += ("アンド" if has_kana_or_kanji(katakana(beside)) else " and ") + part
    return whole


# Legal forms. What is written in brackets (㈱ is folded to (株) before) is written out first, so that the forms are found in one way.
# Kana abbreviations: the Zengin table of corporate abbreviations that every bank publishes
# (such as keiyobank.co.jp/alpha_dbank/internet/typing.html).
_SHORT = {
    "株": "株式会社", "有": "有限会社", "合": "合同会社", "同": "合同会社", "資": "合資会社", "名": "合名会社", "相": "相互会社",
    "社": "社団法人", "財": "財団法人", "一社": "一般社団法人", "一財": "一般財団法人", "公社": "公益社団法人", "公財": "公益財団法人",
    "医": "医療法人", "医社": "医療法人社団", "学": "学校法人", "福": "社会福祉法人", "宗": "宗教法人", "独": "独立行政法人",
    "特非": "特定非営利活動法人", "カ": "株式会社", "ユ": "有限会社", "ド": "合同会社", "シ": "合資会社", "メ": "合名会社",
    "ソ": "相互会社", "イ": "医療法人", "ザイ": "財団法人", "シヤ": "社団法人", "シャ": "社団法人", "ガク": "学校法人",
    "フク": "社会福祉法人", "シユウ": "宗教法人", "シュウ": "宗教法人", "ドク": "独立行政法人", "チドク": "地方独立行政法人",
    "トクヒ": "特定非営利活動法人", "ベン": "弁護士法人", "ゼイ": "税理士法人", "シホウ": "司法書士法人", "ギヨ": "行政書士法人",
    "ギョ": "行政書士法人", "ロウム": "社会保険労務士法人", "ノウ": "農事組合法人", "ダイ": "国立大学法人", "ホゴ": "更生保護法人", "カンリ": "管理組合法人",
    "주": "주식회사", "유": "유한회사",
}  # fmt: skip
_ANY_SHORT = "|".join(_SHORT)  # in any order, for a bracket or an end of the text has to follow
_BRACKETS = re.compile(
    rf"^ ?\(?({_ANY_SHORT})\)|\(({_ANY_SHORT})\)?$|\((株|有|同|資|名|カ|ユ|ド|주)\)"
)  # in front, behind, or between a name and its office


def forms_from_brackets(text: str) -> str:
    """The text with bracketed and bank abbreviations of legal forms written out.

    >>> forms_from_brackets("(株)スズキ"), forms_from_brackets("スズキ(カ"), forms_from_brackets("カ)スズキ")
    (' 株式会社 スズキ', 'スズキ 株式会社 ', ' 株式会社 スズキ')
    """
    return _BRACKETS.sub(lambda found: f" {_SHORT[found[1] or found[2] or found[3]]} ", text)


_WHOLE = {
    "株式会社": "KK", "有限会社": "YK", "合同会社": "GK", "カブシキガイシャ": "KK", "カブシキカイシャ": "KK", "カブシキガイシヤ": "KK",
    "カブシキカイシヤ": "KK", "ユウゲンガイシャ": "YK", "ユウゲンカイシャ": "YK", "ユウゲンガイシヤ": "YK", "ユウゲンカイシヤ": "YK",
    "ゴウドウガイシャ": "GK", "ゴウドウカイシャ": "GK", "ゴウドウガイシヤ": "GK", "ゴウドウカイシヤ": "GK",
    "ゴウシガイシャ": "合資会社", "ゴウシガイシヤ": "合資会社", "ゴウメイガイシャ": "合名会社", "ゴウメイガイシヤ": "合名会社",
    "npo法人": "特定非営利活動法人",
    "有限責任公司": "有限责任公司", "股份公司": "股份有限公司", "有限責任股份公司": "股份有限公司",
} | {
    name: name for name in (
        "合資会社", "合名会社", "相互会社", "特定目的会社", "投資法人", "一般社団法人", "一般財団法人", "公益社団法人", "公益財団法人", "社団法人",
        "財団法人", "特例社団法人", "特例財団法人", "医療法人", "医療法人社団", "医療法人財団", "社会医療法人", "学校法人", "準学校法人", "社会福祉法人",
        "宗教法人", "独立行政法人", "地方独立行政法人", "国立大学法人", "公立大学法人", "国立研究開発法人", "特定非営利活動法人", "弁護士法人",
        "税理士法人", "司法書士法人", "行政書士法人", "社会保険労務士法人", "特許業務法人", "監査法人", "農事組合法人", "更生保護法人", "管理組合法人",
        "有限責任監査法人", "有限責任中間法人", "有限責任事業組合", "投資事業有限責任組合", "有限公司", "有限责任公司", "股份有限公司", "주식회사", "유한회사",
    )
}  # fmt: skip
_FOLDED_FORMS = {
    "".join(KANJI.get(sign, sign) for sign in written): shown for written, shown in _WHOLE.items()
}


def _lengths(at: int) -> dict[str, tuple[int, ...]]:
    """How long the forms with a first (0) or last (-1) sign are, longest first."""
    found: dict[str, set[int]] = {}
    for form in _FOLDED_FORMS:
        found.setdefault(form[at], set()).add(len(form))
    return {sign: tuple(sorted(lengths, reverse=True)) for sign, lengths in found.items()}


_IN_FRONT, _BEHIND = _lengths(0), _lengths(-1)
_BETWEEN = re.compile("株式会社|有限会社|合同会社|合名会社|合資会社|股份有限公司|有限公司|有限责任公司")


def form_cut(text: str) -> tuple[str, str, str] | None:
    """A legal form in front of or behind a name: what is left, the form as it is shown, its side. None = there is none.

    A form that is all there is, is a name.

    >>> form_cut("株式会社アクシーズ"), form_cut("株式会社")
    (('アクシーズ', 'KK', 'prefix'), None)
    """
    if text in _FOLDED_FORMS:
        return None
    for length in _IN_FRONT.get(text[0], ()):
        if form := _FOLDED_FORMS.get(text[:length]):
            return text[length:].strip(), form, "prefix"
    for length in _BEHIND.get(text[-1], ()):
        if form := _FOLDED_FORMS.get(text[-length:]):
            return text[:-length].strip(), form, "suffix"
    return None


# Offices. 本社 and 事務所 end the names of companies (グループ本社, 法律事務所): they are offices only behind a legal form or a gap.
_OFFICE = (
    "支店|支社|営業所|出張所|事業所|事業部|支部|支所|工場|分公司|分行|支行|営業部|物流センター|サービスセンター|シテン|シシャ|シシヤ|エイギョウショ|エイギヨウシヨ|"
    "コウジョウ|コウジヨウ"
)
_PLACES = (
    "北海道|青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|東京|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|京都|大阪|兵庫|奈良|和歌山|鳥取|島根|"
    "岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄|札幌|函館|旭川|盛岡|仙台|郡山|水戸|宇都宮|前橋|高崎|大宮|川崎|横浜|相模原|金沢|甲府|松本|"
    "浜松|名古屋|豊田|四日市|大津|神戸|姫路|松江|倉敷|福山|下関|高松|松山|北九州|小倉|久留米|那覇|関東|関西|東北|北陸|中部|東海|近畿|中国|四国|九州|首都圏|上海|北京|"
    "広州|深セン|新宿|渋谷|池袋|銀座|梅田|難波|博多|天神|立川|八王子|丸ノ内|日本橋"
)
_AFTER_GAP = re.compile(rf" [^ ]{{0,30}}(?:{_OFFICE})$| (?:本社|本店)$")
_AFTER_PLACE = re.compile(rf"(?<=[^ ])(?:{_PLACES})(?:第[1-9一二三四五])?(?:{_OFFICE})$")
_AFTER_KANJI = re.compile("(?<=[㐀-鿿])[ァ-ヺー]{2,20}(?:支店|支社)$")
_ENDS = (*_OFFICE.split("|"), "本社", "本店")
_ENDS_BEHIND_FORM = (*_ENDS, "事務所", "研究所", "センター")


def branch_cut(text: str) -> tuple[str, str, str | None] | None:
    """An office behind a company's name: what is left, the office, and the legal form between them. None = there is none.

    Whatever follows a legal form and a gap is an office; without a gap it has to say so. Without a legal form, an office
    follows a gap or a known place, or is katakana behind kanji.

    >>> branch_cut("トヨタ自動車株式会社大阪支店"), branch_cut("トヨタ自動車 大阪支店"), branch_cut("ヤクルト本社")
    (('トヨタ自動車', '大阪支店', 'KK'), ('トヨタ自動車', '大阪支店', None), None)
    """
    found = _BETWEEN.search(text, 1) if "会社" in text or "公司" in text else None
    if found and (rest := text[found.end() :]) and (rest[0] == " " or rest.endswith(_ENDS_BEHIND_FORM)):
        return text[: found.start()].strip(), rest.strip(), _FOLDED_FORMS[found[0]]
    if not text.endswith(_ENDS):
        return None
    office = _AFTER_GAP.search(text) or _AFTER_PLACE.search(text) or _AFTER_KANJI.search(text)
    return (text[: office.start()].strip(), office[0].strip(), None) if office else None
