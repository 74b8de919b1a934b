"""The embedding model that comes with the installation, made into an ordinary sentence-transformers directory."""
