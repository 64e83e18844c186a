"""What a run may take where several people share a device."""

MOST_MINUTES = 120.0  # of a run, before the next in line has its turn
