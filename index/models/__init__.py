"""What runs an embedding model: a graph in ONNX Runtime, or sentence-transformers on torch."""
