"""Reports: what a run of a program decided, as one page that needs no network. Read `page.py` first.

`coverage.py` is the page of who covers what; `grid.py` is its picture before it is drawn.
"""

from prmcore.report.coverage import coverage_page
from prmcore.report.page import Shown, levels_of, page

__all__ = ["Shown", "coverage_page", "levels_of", "page"]
