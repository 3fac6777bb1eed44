"""Studies of promises: how they end, what is due, why some were late, what others would have meant."""
