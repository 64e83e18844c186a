"""The process that makes one run: a typed job in, a run's folder out, and plain news for whoever started it."""
