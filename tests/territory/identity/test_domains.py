"""Domains: what was registered, and which hosts say nothing of who uses them."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.territory.identity import domains
from prmcore.territory.identity.domains import read_domain


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


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_or_refused(written: str) -> None:
    try:
        found = read_domain(written)
    except InvalidInput:
        return
    assert found.host.isascii()
    assert found.registered is None or f".{found.host}".endswith(f".{found.registered}")
    assert read_domain(found.host) == found
