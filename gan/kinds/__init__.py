"""Kinds of samples: what a generator's numbers are, and how they are shown to people."""
