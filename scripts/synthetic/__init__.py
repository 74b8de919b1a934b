"""Synthetic plans, made from the grammar of such plans, with all that a measurement must know about them."""
