"""Questions, answers, channels and notices: everything that talks to people."""
