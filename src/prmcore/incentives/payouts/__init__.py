"""Payouts: what is owed on its way to being paid, or written off."""
