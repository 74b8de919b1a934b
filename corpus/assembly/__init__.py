"""Blocks become a ``Plan``: draft clauses from items and rows, their metadata, their ids."""
