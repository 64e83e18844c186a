"""Whose code wrote a file: a table of formats, a file each, that turn inert data into settings and weights of ours."""
