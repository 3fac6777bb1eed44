"""Statistics: numbers in, numbers out; no SQL, no pages."""
