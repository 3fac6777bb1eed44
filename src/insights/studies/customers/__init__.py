"""Who stays and what they are worth: one study a file, over the same rows of purchases, people and contacts."""
