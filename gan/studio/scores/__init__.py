"""Scores of models for people who look at a page: taken by processes of their own, and kept as files."""
