"""The commands that change and show the added plans, one a module; each returns its exit code."""
