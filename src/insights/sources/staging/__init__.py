"""A table of text becomes typed canonical tables; what cannot be kept is set aside as data."""
