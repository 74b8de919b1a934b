"""The plans for other programs: HTTP JSON and MCP over the same operations, which only read."""
