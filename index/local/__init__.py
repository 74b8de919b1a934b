"""The index in a folder of this machine: SQLite for look-ups, tantivy for words, FAISS for vectors."""
