"""Reports: what a run of a program decided, as one page that needs no network. Read `page.py` first.

`coverage.py` is the page of who covers what, `contracts.py` that of how agreements stand; `grid.py` and `timeline.py` are their
pictures before they are drawn.
"""

from prmcore.report.contracts import contracts_page
from prmcore.report.coverage import coverage_page
from prmcore.report.page import Shown, levels_of, page

__all__ = ["Shown", "contracts_page", "coverage_page", "levels_of", "page"]
