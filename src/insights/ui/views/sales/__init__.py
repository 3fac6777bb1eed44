"""What pages on winning customers are made of."""
