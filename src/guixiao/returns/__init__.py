"""Monthly return: compiled from facts, checked, signed step by step, locked, exported.

No figure is typed by hand: each is the length of the list behind it, frozen at the cut-off (A11-14…18).
"""
