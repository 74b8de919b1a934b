"""What every channel does between a message and its answer."""
