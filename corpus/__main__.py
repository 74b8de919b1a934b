"""``python -m corpus``: look at plans as data."""

from corpus.cli import app

app(prog_name="python -m corpus")
