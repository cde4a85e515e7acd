"""The program document: what a TOML or JSON file may hold, how it becomes a program, and the way back.

Read `shapes` for what may be written, `build.py` for what is checked, `tiers.py` for what a section looks like, `reading.py` for how
text is read.
"""
