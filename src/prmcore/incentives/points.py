"""Points: grants that expire, used in a fixed order; every balance is derived from moves that are only ever added."""
