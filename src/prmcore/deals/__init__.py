"""Deals: leads on their way to partners, deal registration, opportunities and their prices.

Each part is a package of its own: `prmcore.deals.leads`, `prmcore.deals.registrations`, `prmcore.deals.opportunities`.
"""

from prmcore.deals.approvers import Acting, Approver, ApproverChain, Delegation, acting

__all__ = ["Acting", "Approver", "ApproverChain", "Delegation", "acting"]
