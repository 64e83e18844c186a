"""Pictures that we draw ourselves: no files needed, no licence to clear, any size, and the truth is known of each.

`drawers` is the table of what can be drawn; each drawer stands in a file of its own.
"""
