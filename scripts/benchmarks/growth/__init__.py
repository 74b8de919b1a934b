"""How speed, size and memory grow with the corpus: measured at several sizes, each in a process of its own."""
