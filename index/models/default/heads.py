"""What the heads of the default model tell: the acts, and what a token is part of. The order is that of their rows."""

from __future__ import annotations

ACTS = (
    "duties", "who", "figure", "state", "passage", "when", "due", "count", "rank", "compare", "overview", "clause",
    "document", "follow", "chat", "outside",
)  # fmt: skip
PARTS = ("lead", "cooperating", "only", "any", "fewest", "whether")
"""What is added to an act, any number of them; their rows stand behind those of the acts, in the same head."""
LABELS = ("unit", "name", "topic", "time", "place")
TAGS = ("O", *(f"{part}-{label}" for label in LABELS for part in "BI"))
"""B begins a span, I goes on with it, O is chatter."""
MIDDLE_LAYER = 8
"""The layer beside the last whose output the heads look at, counted from 1."""
