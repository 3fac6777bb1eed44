"""Which segment a customer is in, and who moved between them."""
