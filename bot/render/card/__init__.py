"""An ``Answer`` as one picture: indicators as bars, a unit's duties on a page, the days that are left.

One more way to write an answer down: it decides nothing, and its text stands beside it always.
"""
