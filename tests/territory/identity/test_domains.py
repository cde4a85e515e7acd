"""Domains: what was registered, and which hosts say nothing of who uses them."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.territory.identity import domains
from prmcore.territory.identity.domains import Domain, read_domain


@pytest.mark.parametrize(
    ("written", "registered"),
    [  # the cases of publicsuffix.org's own test_psl.txt, in the ways that people write them
        ("b.example.com", "example.com"),
        ("https://WwW.Example.COM:8443/shop?a=1#b", "example.com"),
        ("Taro.Yamada@mail.test.co.jp", "test.co.jp"),
        ("www.test.ac.jp", "test.ac.jp"),
        ("a.b.c.kobe.jp", "b.c.kobe.jp"),
        ("www.city.kobe.jp", "city.kobe.jp"),
        ("www.食狮.com.cn", "xn--85x722f.com.cn"),
        ("//user@www.bbc.co.uk/news".removeprefix("//"), "bbc.co.uk"),
        ("ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("mailto:sales@example.com", "example.com"),
    ],
)
def test_the_registered_domain_is_found_in_a_host_a_url_and_an_address(written: str, registered: str) -> None:
    found = read_domain(written)
    assert (found.registered, found.is_shared, found.is_by_list) == (registered, False, True)


@pytest.mark.parametrize("written", ["co.jp", "com.cn", "192.168.0.1"])
def test_a_public_suffix_and_an_address_of_the_network_are_registered_by_nobody(written: str) -> None:
    assert read_domain(written).registered is None


@pytest.mark.parametrize(
    "written",
    ["a@gmail.com", "b@qq.com", "c@docomo.ne.jp", "d@yahoo.co.jp", "e@hotmail.fr", "acme.github.io", "acme.wixsite.com",
     "https://www.facebook.com/acme", "acme@sub.nifty.com"],
)  # fmt: skip
def test_a_host_that_everybody_can_use_is_shared(written: str) -> None:
    assert read_domain(written).is_shared


def test_the_caller_names_further_shared_hosts() -> None:
    assert not read_domain("acme.reseller-portal.example").is_shared
    assert read_domain("acme.reseller-portal.example", {"reseller-portal.example"}).is_shared


@pytest.mark.parametrize(
    "written", ["", "example", "a b.com", "-x.com", "x" * 64 + ".com", "@", "a@b", "a..com", "x.com" * 500]
)
def test_what_is_no_domain_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput, match="accepted: a host, a URL or an e-mail address"):
        read_domain(written)


@pytest.mark.parametrize(
    ("written", "registered"),
    [("www.example.co.jp", "example.co.jp"), ("www.example.com", "example.com"), ("a.b.city.kobe.jp", "kobe.jp"), ("co.jp", None)],
)  # fmt: skip
def test_without_the_list_the_last_labels_are_taken_and_it_says_so(
    written: str, registered: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """kobe.jp is wrong, and shows why the list is wanted: the city of Kobe has city.kobe.jp."""
    monkeypatch.setitem(sys.modules, "publicsuffixlist", None)
    for kept in (domains.public_suffixes, domains._read):  # pyright: ignore[reportPrivateUsage]
        kept.cache_clear()
    try:
        found = read_domain(written)
        assert (found.registered, found.is_by_list) == (registered, False)
    finally:
        for kept in (domains.public_suffixes, domains._read):  # pyright: ignore[reportPrivateUsage]
            kept.cache_clear()


SECOND_LEVELS = "ac ad asso co com ed edu gen go gob gouv gov gr lg ltd mil ne net nom or org plc sch"


def test_without_the_list_a_public_second_level_is_known_below_two_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "publicsuffixlist", None)
    for kept in (domains.public_suffixes, domains._read):  # pyright: ignore[reportPrivateUsage]
        kept.cache_clear()
    try:
        for level in SECOND_LEVELS.split():
            assert read_domain(f"www.acme.{level}.xx").registered == f"acme.{level}.xx"
            assert read_domain(f"{level}.xx").registered is None
            assert read_domain(f"www.acme.{level}.museum").registered == f"{level}.museum"
        assert read_domain("acme.xx").registered == "acme.xx"
        assert read_domain("www.acme.xx").registered == "acme.xx"
    finally:
        for kept in (domains.public_suffixes, domains._read):  # pyright: ignore[reportPrivateUsage]
            kept.cache_clear()


@pytest.mark.parametrize("name", ["aol", "gmx", "hotmail", "live", "outlook", "yahoo", "ymail"])
def test_a_mail_provider_is_shared_under_every_suffix(name: str) -> None:
    assert read_domain(f"x@{name}.co.uk").is_shared
    assert read_domain(f"x@mail.{name}.example").is_shared
    assert not read_domain(f"x@{name}.acme.example").is_shared


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("WWW.Acme.COM", Domain("www.acme.com", "acme.com", False, True)),
        ("ftp://me:word@acme.com:21/a@b?c#d", Domain("acme.com", "acme.com", False, True)),
        ("acme.com?a=b.c/d", Domain("acme.com", "acme.com", False, True)),
        ("acme.com#a@b.com", Domain("acme.com", "acme.com", False, True)),
        (".acme.com.", Domain("acme.com", "acme.com", False, True)),
        ("acme。com", Domain("acme.com", "acme.com", False, True)),
        ("_dmarc.a-b.com", Domain("_dmarc.a-b.com", "a-b.com", False, True)),
        ("gmail.com", Domain("gmail.com", "gmail.com", True, True)),
        ("co.jp", Domain("co.jp", None, False, True)),
        ("192.168.0.1", Domain("192.168.0.1", None, False, False)),
    ],
)
def test_a_host_is_found_wherever_it_stands(written: str, found: Domain) -> None:
    assert read_domain(written) == found


def test_a_shared_host_is_one_of_two_labels_or_more_and_those_below_it() -> None:
    assert not read_domain("acme.example", {"example"}).is_shared
    assert read_domain("acme.example", {"acme.example"}) == Domain("acme.example", "acme.example", True, True)
    assert read_domain("a.b.acme.example", {"other.example", "acme.example"}).is_shared
    assert not read_domain("acme.example", {"other.example"}).is_shared
    assert not read_domain("acme.example", {"www.acme.example"}).is_shared
    assert read_domain("gmail.com", {"other.example"}).is_shared


def test_a_host_has_at_most_253_signs_a_label_63_and_a_url_2000() -> None:
    host = ".".join(("a" * 63, "b" * 63, "c" * 63, "d" * 61))
    assert len(host) == 253
    assert read_domain(host).host == host
    assert read_domain("http://acme.com/".ljust(2000, "x")).host == "acme.com"
    for written in (
        f"{host}d",
        f"{'a' * 64}.com",
        "http://acme.com/".ljust(2001, "x"),
        "a_.b-.com",
        "ä" * 70 + ".com",
    ):
        with pytest.raises(InvalidInput, match="accepted: a host, a URL or an e-mail address"):
            read_domain(written)
    with pytest.raises(InvalidInput, match="found 7; accepted: a host, a URL or an e-mail address"):
        read_domain(7)  # type: ignore[arg-type]


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_or_refused(written: str) -> None:
    try:
        found = read_domain(written)
    except InvalidInput:
        return
    assert found.host.isascii()
    assert found.registered is None or f".{found.host}".endswith(f".{found.registered}")
    assert read_domain(found.host) == found
