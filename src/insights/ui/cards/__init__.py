"""What a card is, and the one way it comes onto the page."""
