"""Files that a spreadsheet saved otherwise: which encoding and which separator are told."""

import datetime

import pytest

from prmcore.errors import InvalidInput
from prmcore.program.document.agreements import agreements_in_table
from prmcore.program.document.saved import not_utf_8, separated, undecoded

AT = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)

ENCODINGS = [
    ("葵システム", "cp932", ", and seems to be Shift_JIS"),
    ("株式会社ﾃｽﾄ", "cp932", ", and seems to be Shift_JIS"),
    ("東京", "cp932", ", and seems to be Shift_JIS"),
    ("北京科技有限公司", "gbk", ", and seems to be GBK"),
    ("深圳市腾讯计算机系统有限公司", "gbk", ", and seems to be GBK"),
    ("Müller", "cp1252", ", and seems to be Windows-1252"),
    ("Société Générale, 12 €", "cp1252", ", and seems to be Windows-1252"),
    ("partner,name", "utf-16", ", and seems to be UTF-16"),
    ("partner,name", "utf-16-le", ", and seems to be UTF-16"),
]


@pytest.mark.parametrize(("text", "encoding", "hint"), ENCODINGS)
def test_the_encoding_that_bytes_seem_to_be_in_is_told(text: str, encoding: str, hint: str) -> None:
    assert not_utf_8(text.encode(encoding)) == f"is not UTF-8{hint}; accepted: UTF-8"


@pytest.mark.parametrize("found", [b"", b"\x81", b"a\x81"])
def test_bytes_that_are_of_no_known_encoding_are_only_called_no_utf_8(found: bytes) -> None:
    assert not_utf_8(found) == "is not UTF-8; accepted: UTF-8"


def test_text_is_told_by_the_bytes_that_it_was_read_from() -> None:
    csv = ', which spreadsheets call "CSV UTF-8"'
    read = "楓商事".encode("cp932").decode("utf-8", "surrogateescape")
    assert undecoded(read) == f"is not UTF-8, and seems to be Shift_JIS; accepted: UTF-8{csv}"
    assert (
        undecoded("\ud800") == f"is not UTF-8; accepted: UTF-8{csv}"
    )  # half of a sign, which was never a byte
    assert undecoded("楓商事") is None


SEPARATORS = [
    ("partner;name\r\n", "its columns are separated by semicolons; accepted: commas, such as 'partner,name'"),
    ("partner\tname", "its columns are separated by tabs; accepted: commas, such as 'partner,name'"),
    ("partner|name", "its columns are separated by vertical bars; accepted: commas, such as 'partner,name'"),
    ("partner,name;", None),
    ("partner", None),
    ("", None),
]


@pytest.mark.parametrize(("header", "said"), SEPARATORS)
def test_the_separator_of_a_header_is_told(header: str, said: str | None) -> None:
    assert separated(header) == said


TABLES = [
    ("id;partner\n", "its columns are separated by semicolons; accepted: commas, such as 'id,partner' (line 1)"),
    ("id,partner\na-1,\udc88\udca8\n", 'is not UTF-8, and seems to be Shift_JIS; accepted: UTF-8, which spreadsheets call "CSV UTF-8" (line 2)'),
]  # fmt: skip


@pytest.mark.parametrize(("table", "said"), TABLES)
def test_a_table_of_agreements_is_told_so_too(table: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        agreements_in_table(table.splitlines(keepends=True), read_at=AT)
    assert str(refused.value) == f"the table of agreements cannot be read: 1 fault\n  {said}"
