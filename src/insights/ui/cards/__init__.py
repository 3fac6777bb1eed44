"""Cards: one wrapper and the kinds of cards every page may use."""
