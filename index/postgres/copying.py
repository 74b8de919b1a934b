"""Many rows into a table at once, in PostgreSQL's binary COPY format, laid out by numpy.

Source: https://www.postgresql.org/docs/current/sql-copy.html (Binary Format)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"


def copy_columns(connection: psycopg.Connection, target: str, columns: Sequence[NDArray[Any]]) -> None:
    """Copy columns of equal length into ``target``, a table with its columns; types must be as wide as the table's."""
    fields: list[tuple[str, Any]] = [("fields", ">i2")]
    for number, column in enumerate(columns):
        fields += [(f"bytes{number}", ">i4"), (f"value{number}", column.dtype.newbyteorder(">"))]
    rows = np.empty(len(columns[0]), dtype=fields)
    rows["fields"] = len(columns)
    for number, column in enumerate(columns):
        rows[f"bytes{number}"] = column.dtype.itemsize
        rows[f"value{number}"] = column
    with connection.cursor().copy(f"COPY {target} FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_HEADER)
        copy.write(rows.tobytes())
        copy.write(_TRAILER)


def copy_rows(connection: psycopg.Connection, target: str, rows: Sequence[Sequence[object]]) -> None:
    """Copy rows of any values into ``target``, a table with its columns."""
    with connection.cursor().copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def vector_column(vectors: NDArray[np.float32]) -> NDArray[Any]:
    """Return vectors (one a row) as pgvector takes them in binary: how many numbers, two bytes of nothing, numbers."""
    width = vectors.shape[1]
    column = np.zeros(len(vectors), dtype=[("width", ">i2"), ("unused", ">i2"), ("numbers", ">f4", (width,))])
    column["width"] = width
    column["numbers"] = vectors
    return column
