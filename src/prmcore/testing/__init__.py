"""For users' tests: Hypothesis strategies for public records, and the contract that every storage adapter passes.

Needs the extra `testing` (hypothesis and pytest). Read `repository_contract.py` to test an adapter of your own,
`strategies.py` to test rules of your own, `cases.py` (which needs no extra) to keep worked examples of a program.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prmcore.testing import strategies
    from prmcore.testing.cases import Case, case_table
    from prmcore.testing.repository_contract import DurableRepositoryContract, RepositoryContract

__all__ = ["Case", "DurableRepositoryContract", "RepositoryContract", "case_table", "strategies"]

_HOMES = {
    "Case": "cases",
    "case_table": "cases",
    "DurableRepositoryContract": "repository_contract",
    "RepositoryContract": "repository_contract",
    "strategies": "strategies",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        home = import_module(f"{__name__}.{_HOMES[name]}")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{error.name} is missing; install prmcore[testing]", name=error.name
        ) from error
    return home if name == _HOMES[name] else getattr(home, name)
