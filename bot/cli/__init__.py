"""The command line: a module a command, and the chat in a terminal."""
