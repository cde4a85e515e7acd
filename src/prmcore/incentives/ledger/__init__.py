"""The ledger, which is only ever added to: what a sale is credited for, and which entries come of it.

`model.py` has entries and periods, `credit.py` whom a sale counts for, `posting.py` what is new against what was posted; then
what a payee sees (`statements.py`), and what it may object to (`disputes.py`).
"""
