"""The package gives each of its names from the file that it stands in, when it is first asked for."""

import importlib
import inspect

import pytest

from prmcore.territory import identity

HOMES = {
    "domains": "Domain read_domain",
    "evidence": "Evidence EvidenceKind Strength",
    "grouping": "Grouping Link grouped",
    "keys": "KeyKind StrongKey strong_key",
    "lookup": "IdentityIndex Match missing_libraries",
    "model": "Account Address Crowd NameKind OtherName Pair Sameness",
    "phones": "phone_key",
    "policy": "IdentityPolicy Weight",
    "said": "said_of_evidence said_of_sameness",
}


@pytest.mark.parametrize("home", HOMES)
def test_a_name_of_the_package_is_that_of_its_file(home: str) -> None:
    module = importlib.import_module(f"prmcore.territory.identity.{home}")
    for name in HOMES[home].split():
        assert getattr(identity, name) is getattr(module, name)
        assert inspect.getmodule(inspect.unwrap(getattr(module, name))) is module


def test_the_package_lists_its_names_and_refuses_others() -> None:
    assert sorted(dir(identity)) == sorted(name for names in HOMES.values() for name in names.split())
    with pytest.raises(AttributeError, match=r"unknown name .* 'Acount'; did you mean 'Account'"):
        identity.Acount  # noqa: B018
