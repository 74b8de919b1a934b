"""How much and by when: targets in sentences, indicator tables, the state at the start."""
