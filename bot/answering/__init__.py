"""A result becomes an answer: headline, entries, figures, notes, declines."""
