"""Where things stand: lexical and vector search over the parsed plans, kept as a versioned snapshot.

Imports ``corpus`` only; what a question means is not decided here.
"""
