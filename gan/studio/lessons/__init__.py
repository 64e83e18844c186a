"""Lessons: a file each, which a teacher can write, and what makes sure that it can be played."""
