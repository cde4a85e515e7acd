"""For users' tests: Hypothesis strategies for public records, and the contract that every storage adapter passes.

Needs the extra `testing` (hypothesis and pytest). Read `repository_contract.py` to test an adapter of your own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prmcore.testing.repository_contract import DurableRepositoryContract, RepositoryContract

__all__ = ["DurableRepositoryContract", "RepositoryContract"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from prmcore.testing import repository_contract
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{error.name} is missing; install prmcore[testing]", name=error.name
        ) from error
    return getattr(repository_contract, name)
