"""From a message to an immutable ``Answer``: no markup, no platform limits, no user ids."""
