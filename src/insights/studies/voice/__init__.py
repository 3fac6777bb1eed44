"""What customers say: bad ratings nobody answered, what goes with good and bad ones, words, and who answers at all."""
