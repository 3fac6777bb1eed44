"""The load page: what was dropped, what its columns mean, what became of it."""
