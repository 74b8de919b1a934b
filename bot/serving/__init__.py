"""The running process: what it is wired from, its one web server, and whether it can answer."""
