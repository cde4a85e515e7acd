"""What `import prmcore` offers, and that all of it is there."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import prmcore

MODULES = sorted(
    name
    for _, name, _ in pkgutil.walk_packages(prmcore.__path__, "prmcore.")
    if not name.endswith("__main__")
)


def test_every_public_name_can_be_imported() -> None:
    for name in prmcore.__all__:
        assert getattr(prmcore, name) is not None, name


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(AttributeError, match="Ladder"):
        prmcore.Lader  # noqa: B018  # that is the question


@pytest.mark.parametrize("module", MODULES)
def test_a_module_offers_what_it_lists(module: str) -> None:
    found = importlib.import_module(module)
    for name in getattr(found, "__all__", ()):
        assert getattr(found, name) is not None, f"{module}.{name}"


PACKAGES = sorted(
    name for _, name, is_package in pkgutil.walk_packages(prmcore.__path__, "prmcore.") if is_package
)
INSIDE = "prmcore.program.document"  # how a file becomes a program: what is below is nobody else's
FROZEN = Path(__file__).parent / "public_names.txt"


def offered(package: str) -> list[str]:
    return list(getattr(importlib.import_module(package), "__all__", ()))


def as_sorted(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


@pytest.mark.parametrize("package", PACKAGES)
def test_the_names_of_a_package_are_sorted_and_none_stands_twice(package: str) -> None:
    names = offered(package)
    assert names == sorted(set(names), key=as_sorted)


@pytest.mark.parametrize("package", PACKAGES)
def test_whatever_a_package_offers_says_what_it_is(package: str) -> None:
    module = importlib.import_module(package)
    found = {name: getattr(module, name) for name in offered(package)}
    silent = [
        name
        for name, one in found.items()
        if (inspect.isclass(one) or inspect.isfunction(one)) and not (one.__doc__ or "").strip()
    ]
    assert silent == []


def test_the_public_names_are_those_that_were_meant() -> None:
    """A name that comes or goes is a change for users: it is written down with the change, by running this file."""
    assert FROZEN.read_text(encoding="utf-8").splitlines() == listed()


def listed() -> list[str]:
    public = ["prmcore", *(package for package in PACKAGES if not package.startswith(INSIDE))]
    return [f"{package}.{name}" for package in public for name in offered(package)]


if __name__ == "__main__":
    FROZEN.write_text("\n".join(listed()) + "\n", encoding="utf-8")
