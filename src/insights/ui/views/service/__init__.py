"""The service section."""
