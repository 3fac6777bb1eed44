"""The data section."""
