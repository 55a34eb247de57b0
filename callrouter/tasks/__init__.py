"""Long work that somebody asked for on the pages: it goes on beside them, and any process can show how far it is."""
