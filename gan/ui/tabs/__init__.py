"""One file for each tab: a builder that is given its collaborators and leaves its components on the page."""
