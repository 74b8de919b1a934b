"""A message becomes a query: names, words of asking, and what the model reads in the rest."""
