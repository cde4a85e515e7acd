"""Plans: components as data, and what one calculation of a component entitles to, as lines.

`curve.py` is how bands pay, `model.py` what a component says, `facts.py` a sale, `policy.py` the calculation.
"""
