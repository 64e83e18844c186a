"""Models as other places take them: a static page, and files for other programs."""
