"""How customers are won: campaigns against control arms, opportunities, what was lost, where the best came from."""
