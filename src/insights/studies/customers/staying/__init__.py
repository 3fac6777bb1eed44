"""How long customers stay, who leaves sooner, and who comes back."""
