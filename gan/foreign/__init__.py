"""Files of other people's code, read without running anything of it, and turned into models of ours."""
