"""What a file no profile knows seems to be: its beginning, a proposal, and what a person made of it."""
