"""Files of other programs as inert data: nothing in them is imported, called or run."""
