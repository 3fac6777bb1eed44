"""The rules of counting: what they say, what they did, and how one is changed."""
