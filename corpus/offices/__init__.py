"""Who: printed names of responsible units, their lists, labels and roles, and which names are one office."""
