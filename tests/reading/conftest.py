"""The conversations of the asking tests, for what is read in a message."""

from tests.ask.conftest import answerer, chat, data_dir, shared_clock

__all__ = ["answerer", "chat", "data_dir", "shared_clock"]
