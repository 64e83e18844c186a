"""Models: where they are, which are open, and the ones in use."""
