"""Everything with a disk, a network, a process or a clock."""
