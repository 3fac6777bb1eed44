"""What leaves the house by itself: warnings, each once, and the messages that carry them."""
