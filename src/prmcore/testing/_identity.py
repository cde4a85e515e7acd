"""Hypothesis strategies for identity: few companies, each written in many ways, so that accounts meet by names, numbers and domains."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from prmcore.territory.identity import (
    Account,
    Address,
    Crowd,
    Domain,
    Evidence,
    EvidenceKind,
    Grouping,
    IdentityIndex,
    IdentityPolicy,
    KeyKind,
    Link,
    Match,
    NameKind,
    OtherName,
    Pair,
    StrongKey,
    Weight,
    grouped,
    read_domain,
    strong_key,
)
from prmcore.territory.identity.policy import DEFAULT_WEIGHTS
from prmcore.values import DateRange

__all__ = ["STRATEGIES", "accounts", "company_names", "lists_of_accounts", "strong_keys"]

Strategy = st.SearchStrategy

DAY = datetime.date(2026, 3, 31)
JAPANESE = ("サカタのタネ", "ｻｶﾀﾉﾀﾈ", "スズキ", "鈴木", "髙島屋", "高島屋", "エヌ・ティ・ティ", "ＮＴＴ")
LATIN = ("Acme", "ACME Holdings", "Acme Hldgs", "Suzuki", "Müller & Söhne", "Acme Fund II", "Acme Fund III")
CHINESE = ("华为技术", "贵州茅台酒")
READINGS = ("スズキ", "サカタノタネ", "タカシマヤ")
ADDRESSES = (
    "東京都千代田区丸の内一丁目９番１号",
    "千代田区丸の内1-9-1",
    "大阪市北区梅田1-1-1",
    "123 Main St, Springfield",
)
DOMAINS = ("acme.com", "info@mail.acme.com", "https://www.sakataseed.co.jp/", "taro@gmail.com")
PHONES = ("+81312345678", "03-1234-5678", "+49 30 123456")
# Numbers that have a check digit; those without one are drawn.
NUMBERS = (
    (KeyKind.CORPORATE_NUMBER, "7123456789012"), (KeyKind.CORPORATE_NUMBER, "7010705000725"), (KeyKind.SIREN, "732829320"),
    (KeyKind.SIRET, "73282932000074"), (KeyKind.VAT, "FR83404833048"), (KeyKind.VAT, "DE136695976"), (KeyKind.LEI, "5493000IBP32UQZ0KL24"),
)  # fmt: skip


def company_names() -> Strategy[str]:
    """Names of few companies, their legal forms in front or behind, or not told."""
    before = st.tuples(
        st.sampled_from(("", "株式会社", "株式会社　", "㈱", "（株）", "ｶ)")), st.sampled_from(JAPANESE)
    )
    behind = st.tuples(
        st.sampled_from(JAPANESE), st.sampled_from(("株式会社", "(株)", "㈲", "株式会社大阪支店"))
    )
    latin = st.tuples(
        st.sampled_from(LATIN), st.sampled_from(("", " Ltd", " Inc.", " K.K.", " GmbH & Co. KG", " S.p.A."))
    )
    chinese = st.tuples(st.sampled_from(CHINESE), st.sampled_from(("", "有限公司", "股份有限公司")))
    return st.one_of(before, behind, latin, chinese).map("".join)


def strong_keys() -> Strategy[StrongKey]:
    """Numbers of every kind of register that can be right, two of some of them."""
    drawn = st.tuples(
        st.sampled_from((KeyKind.DUNS, KeyKind.EIN)), st.sampled_from(("150483782", "150483783"))
    )
    return st.one_of(st.sampled_from(NUMBERS), drawn).map(lambda one: strong_key(*one))


def accounts(ids: Strategy[str] | None = None) -> Strategy[Account]:
    """Accounts of which some, little or nothing besides the name is known."""
    return st.builds(
        Account, id=st.uuids().map(str) if ids is None else ids, name=company_names(), reading=st.none() | st.sampled_from(READINGS),
        other_names=_few(_other_names()), country=st.sampled_from((None, "JP", "DE", "US")), addresses=_few(_addresses()),
        domains=_few(st.sampled_from(DOMAINS)), phones=_few(st.sampled_from(PHONES)),
        keys=st.lists(strong_keys(), max_size=3, unique=True).map(_one_of_each),
    )  # fmt: skip


def lists_of_accounts() -> Strategy[list[Account]]:
    """Lists in which every id comes once."""
    return st.lists(accounts(), max_size=6, unique_by=lambda one: one.id)


def _few(one: Strategy[Any]) -> Strategy[tuple[Any, ...]]:
    return st.lists(one, max_size=2).map(tuple)


def _one_of_each(keys: list[StrongKey]) -> tuple[StrongKey, ...]:
    """Of several numbers of one register the last; D-U-N-S numbers all, for they are of locations."""
    return tuple(
        {key.identity if key.kind is KeyKind.DUNS else key.identity[0]: key for key in keys}.values()
    )


def _other_names() -> Strategy[OtherName]:
    until = st.sampled_from((DateRange(), DateRange(None, DAY), DateRange(DAY, None)))
    return st.builds(OtherName, name=company_names(), kind=st.sampled_from(NameKind), valid=until)


def _addresses() -> Strategy[Address]:
    return st.builds(
        Address, text=st.sampled_from(ADDRESSES), postcode=st.sampled_from((None, "100-0005")),
        country=st.sampled_from((None, "JP", "US")),
    )  # fmt: skip


def _crowds() -> Strategy[Crowd]:
    return st.builds(Crowd, of=st.sampled_from(("acme.com", "+81312345678")), count=st.integers(6, 99))


def _weights() -> Strategy[Weight]:
    return st.builds(Weight, kind=st.sampled_from(list(DEFAULT_WEIGHTS)), points=st.integers(0, 100))


def _policies() -> Strategy[IdentityPolicy]:
    bounds = st.lists(st.integers(1, 200), min_size=2, max_size=2, unique=True).map(sorted)
    weights = st.lists(_weights(), max_size=3, unique_by=lambda one: one.kind).map(tuple)
    return st.builds(
        lambda bounds, weights, hosts, most: IdentityPolicy(
            possible_from=bounds[0], same_from=bounds[1], weights=weights, shared_hosts=hosts, most_sharing=most
        ),
        bounds, weights, st.frozensets(st.sampled_from(("acme.com",))), st.integers(2, 9),
    )  # fmt: skip


def _pairs() -> Strategy[Pair]:
    crowds = st.lists(_crowds(), max_size=2, unique_by=lambda one: one.of).map(tuple)
    return st.builds(Pair, accounts(), accounts(), crowds)


def _evidence() -> Strategy[Evidence]:
    return st.builds(
        Evidence,
        st.sampled_from(EvidenceKind),
        company_names(),
        company_names(),
        st.none() | st.integers(6, 99),
    )


def _links() -> Strategy[Link]:
    ids = st.lists(st.sampled_from(("a", "b", "c")), min_size=2, max_size=2, unique=True).map(sorted)
    kinds = st.lists(st.sampled_from(EvidenceKind), min_size=1, max_size=3, unique=True).map(tuple)
    return st.builds(
        lambda ids, points, kinds: Link(ids[0], ids[1], points, kinds), ids, st.integers(-50, 150), kinds
    )


def _matches() -> Strategy[Match]:
    """What a search finds of an account that is in the list."""

    def found(account: Account, others: list[Account]) -> Match:
        return IdentityIndex((account, *others), IdentityPolicy(), DAY).find(account)[0]

    return st.builds(found, accounts(st.just("asked")), lists_of_accounts())


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    Account: accounts,
    Address: _addresses,
    Crowd: _crowds,
    Domain: lambda: st.sampled_from(DOMAINS).map(read_domain),
    Evidence: _evidence,
    Grouping: lambda: lists_of_accounts().map(lambda listed: grouped(listed, IdentityPolicy(), DAY)),
    IdentityPolicy: _policies,
    Link: _links,
    Match: _matches,
    OtherName: _other_names,
    Pair: _pairs,
    StrongKey: strong_keys,
    Weight: _weights,
}
