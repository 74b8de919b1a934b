"""The tables of the index in PostgreSQL, made by the build itself.

``wence_index`` holds what is true of the index as a whole. Each build from nothing fills a schema of its own
(``wence_index_3``), so that readers of the one before are not disturbed; adding and removing plans changes the build
there is. Rows of a plan that is gone stay for readers that have not noticed yet.
"""

from __future__ import annotations

FORMAT = 1
"""Raise it when a table changes its meaning: an index of another format is not read, and built anew when asked."""
LOCK = 0x77656E6365
"""Key of the advisory lock that whoever changes the index holds until the transaction ends."""
CHANNEL = "wence_index"
"""What is notified when a change is committed."""

COMMON = """
CREATE SCHEMA IF NOT EXISTS wence_index;
CREATE TABLE IF NOT EXISTS wence_index.state (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    generation int NOT NULL,
    build int NOT NULL,
    note bytea NOT NULL,
    vector_sum bytea NOT NULL,
    probes bytea NOT NULL
);
CREATE TABLE IF NOT EXISTS wence_index.look (
    replica text PRIMARY KEY,
    plans bytea NOT NULL
);
CREATE TABLE IF NOT EXISTS wence_index.removed (
    source text PRIMARY KEY,
    mark text NOT NULL
);
"""

TABLES = """
CREATE TABLE plan (
    number int PRIMARY KEY,
    id text NOT NULL,
    district text NOT NULL,
    source text NOT NULL,
    mark text NOT NULL,
    added text NOT NULL,
    bare boolean NOT NULL,
    first_row int NOT NULL,
    clauses int NOT NULL,
    tokens int NOT NULL,
    terms int[] NOT NULL,
    header bytea NOT NULL,
    born int NOT NULL,
    died int,
    died_at timestamptz
);
CREATE TABLE clause (row int PRIMARY KEY, id text NOT NULL, data bytea NOT NULL);
CREATE TABLE naming (key text NOT NULL, plan int NOT NULL, rows int[] NOT NULL, PRIMARY KEY (key, plan));
CREATE INDEX ON naming (plan);
CREATE TABLE form (
    number int GENERATED ALWAYS AS IDENTITY, name text, key text, plans int NOT NULL, PRIMARY KEY (name, key)
);
CREATE TABLE collective (
    number int GENERATED ALWAYS AS IDENTITY, name text PRIMARY KEY, unit bytea NOT NULL, plans int NOT NULL
);
CREATE TABLE indicator (number int GENERATED ALWAYS AS IDENTITY, name text PRIMARY KEY, plans int NOT NULL);
CREATE TABLE pair (pair text PRIMARY KEY, plans int NOT NULL);
CREATE TABLE term (id int NOT NULL, token text COLLATE "C" PRIMARY KEY);
CREATE TABLE frequency (term int, kind smallint, clauses int NOT NULL, PRIMARY KEY (term, kind));
CREATE TABLE posting (
    term int NOT NULL, row int NOT NULL, times smallint NOT NULL, length smallint NOT NULL, code smallint NOT NULL
);
"""

INDEXES = """
CREATE INDEX ON clause (id);
CREATE UNIQUE INDEX ON posting (term, row) INCLUDE (times, length, code);
"""
"""Of the large tables: made after they are filled, which takes less time than keeping them up meanwhile."""
LEFT_BEHIND = """
SELECT nspname FROM pg_namespace WHERE nspname ~ '^wence_index_[0-9]+$' AND nspname <> ALL(%s)
"""
"""Schemas of builds that nobody reads any more."""

PIECES = """
CREATE TABLE piece (
    row int NOT NULL, number smallint NOT NULL, code smallint NOT NULL, vector vector({dimension}) NOT NULL
);
ALTER TABLE piece ALTER COLUMN vector SET STORAGE PLAIN;
"""
PIECES_BY_ROW = "CREATE UNIQUE INDEX piece_row ON piece (row, number)"
NEIGHBOURS = """
CREATE INDEX piece_neighbours ON piece
USING hnsw ((vector::halfvec({dimension})) halfvec_ip_ops) WITH (m = {links}, ef_construction = {width})
"""
"""Half precision halves the graph; what it proposes is weighed again with the vectors themselves."""


def schema(build: int) -> str:
    """Return the schema that holds a build."""
    return f"wence_index_{build}"
