"""The embedding model that comes with the installation, made into a graph that ONNX Runtime runs."""

NAME = "multilingual-e5-small-zh"
"""Name of the default model and of its directory."""
FORMAT = 3
"""Raise it when what is written changes: directories of older formats are made again, and so are vectors."""
