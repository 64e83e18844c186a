"""Who may ask the server for what: one door before every route."""
