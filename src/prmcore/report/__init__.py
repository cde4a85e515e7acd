"""Reports: what a run of a program decided, as one page that needs no network. Read `page.py` first."""

from prmcore.report.page import Shown, levels_of, page

__all__ = ["Shown", "levels_of", "page"]
