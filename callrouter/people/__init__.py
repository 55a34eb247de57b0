"""Who may sign in: users, passwords, one-time links, sessions. No web: pages and commands ask here."""
