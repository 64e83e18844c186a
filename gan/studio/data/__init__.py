"""Training pictures: received, checked, read and described."""
