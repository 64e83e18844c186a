"""Runs: worker processes, the folders that they write, and what the page shows of them."""
