"""The query algebra and its execution over the parsed plans: no message, no channel, no guessing."""
