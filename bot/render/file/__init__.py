"""An ``Answer`` as a file to keep, sort and print: a list of tasks or indicators as Excel or Word."""
