"""How customers are served: whether speed goes with staying, and who serves them how."""
