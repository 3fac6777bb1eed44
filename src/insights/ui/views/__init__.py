"""What pages are made of, by section."""
