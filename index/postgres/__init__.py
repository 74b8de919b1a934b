"""The index in PostgreSQL with pgvector: any number of replicas read it, and a change is one transaction."""
