"""Staged rows into the canonical tables: judged one by one, then inserted, updated, left or set aside."""
