"""What the page takes and how long it lets somebody wait; a platform's limits stand with the platform."""

from __future__ import annotations

QUESTION_CHARACTERS = 1_000
"""A longer one is refused before it is looked at; the field itself takes 300."""
ADDRESS_CHARACTERS = 200
"""Of a clause's, a unit's or an indicator's address; the longest ids have some thirty."""
SEALED_CHARACTERS = 4_000
"""Of anything sealed that comes back; a conversation takes about 600."""
COOKIE_BYTES = 4_000
"""Browsers drop a longer one (RFC 6265, section 6.1: at least 4096 with its name and attributes)."""
WAIT_SECONDS = 20.0
"""An answer that takes longer, because the index is still being built, becomes a page that loads itself again."""
AGAIN_SECONDS = 5
"""How soon that page does."""
LOGIN_SECONDS = 600
"""From leaving for WeCom's page to coming back."""
SESSION_DAYS = 30
"""How long a browser is remembered that has come in."""
