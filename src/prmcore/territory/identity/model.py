"""The records of account identity: accounts as they are written down, and whether two of them are one company."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Sameness"]


class Sameness(StrEnum):
    """Whether two accounts are one company."""

    SAME = "same"
    POSSIBLE = "possible"  # a person has to look
    DISTINCT = "distinct"
