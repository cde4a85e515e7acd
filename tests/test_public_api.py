"""What `import prmcore` offers, and that all of it is there."""

import importlib
import pkgutil

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
