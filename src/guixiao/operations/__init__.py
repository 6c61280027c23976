"""What keeps an installation alive: its health, its backups, the move to PostgreSQL."""
