"""Territory: who covers which account, which accounts are one company, and whose claim on one stands.

Three parts, in reading order: `coverage` (a model of rules, decided and analysed), `identity` (same, possible or distinct,
with evidence), `claims` (conflicts between claims, and policies that settle them).
"""

from prmcore.territory.coverage import Assignment, CoverageModel, CoveragePolicy, CoverageRule, analysed

__all__ = ["Assignment", "CoverageModel", "CoveragePolicy", "CoverageRule", "analysed"]
