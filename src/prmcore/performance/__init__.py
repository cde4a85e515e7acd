"""Performance: named metrics, each defined once, read from rows of sales, registrations, certificates, surveys.

From rows (a partner, a day, fields) it gives the facts that policies decide from. Read `model.py` first.
"""

from prmcore.performance.book import RowBook, Rows
from prmcore.performance.model import (
    Average,
    Count,
    Difference,
    DistinctCount,
    Growth,
    Latest,
    Measure,
    Metric,
    MetricRegistry,
    Peak,
    Ratio,
    Source,
    Sum,
    ValidOn,
)

__all__ = [
    "Average",
    "Count",
    "Difference",
    "DistinctCount",
    "Growth",
    "Latest",
    "Measure",
    "Metric",
    "MetricRegistry",
    "Peak",
    "Ratio",
    "RowBook",
    "Rows",
    "Source",
    "Sum",
    "ValidOn",
]
