"""What letters, lines and answers beside a table give away: its encoding, its zone, its further pages."""
