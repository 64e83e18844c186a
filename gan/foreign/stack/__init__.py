"""Generators of layers one after the other, worked out from their weights' names and shapes."""
