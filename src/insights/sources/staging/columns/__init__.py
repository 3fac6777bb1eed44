"""How a cell of text becomes a typed one, a kind of column a file."""
