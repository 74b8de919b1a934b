"""An ``Answer`` as a page for a browser: cut between entries, written with templates that escape everything."""
