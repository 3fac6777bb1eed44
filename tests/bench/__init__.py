"""How fast it loads and answers, as ratios within one run: `make bench`, or python tests/bench 40_000 1_000_000."""
