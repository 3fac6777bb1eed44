"""What is computed at load, once the rows are in: people, money, scales, copies and days."""
