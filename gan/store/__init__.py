"""What lies on disk: model folders, weights, run folders, snapshots, saved states, archives, text in PNG files."""
