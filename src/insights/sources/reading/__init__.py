"""One format a file: bytes become a table of text."""
