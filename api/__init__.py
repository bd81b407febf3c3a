"""Ways in: the command line and HTTP."""
