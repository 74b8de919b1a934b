"""The plans there are: those that ship with the project, and those an office has added."""
