"""Where: a document's blocks become headings, items, segments and tables with named columns."""
