"""Why a number moved, and what is worth saying of a period."""
