"""Models: where they are, what their folders hold, and the ones in use."""
