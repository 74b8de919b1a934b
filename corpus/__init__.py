"""Published government plans as data: clauses, responsible units, targets and indicators.

This room reads and parses; it knows nothing of search, models or chats.
"""
