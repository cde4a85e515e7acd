"""Reports: what a run of a program decided, as one page that needs no network. Read `page.py` first."""

from prmcore.report.page import Shown, page

__all__ = ["Shown", "page"]
