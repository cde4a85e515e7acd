"""Territory: who covers which account, which accounts are one company, and whose claim on it stands."""
