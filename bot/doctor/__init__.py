"""``python -m bot doctor``: looks at everything that a running bot needs, and says what to do."""
