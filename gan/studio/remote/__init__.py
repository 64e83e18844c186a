"""Trainings on other people's machines: what is sent there, how it is followed, and how the run comes back."""
