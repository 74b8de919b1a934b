"""One folder a platform: each only translates between its messages and ``Answer`` values."""
