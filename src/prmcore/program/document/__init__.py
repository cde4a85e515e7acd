"""The program document: what a TOML or JSON file may hold, how it becomes a program, and the way back.

Read `shapes.py` for what may be written, `build.py` for what is checked, `files.py` for how text is read.
"""
