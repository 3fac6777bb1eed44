"""Kinds of cards any page may use: pure functions of a desk."""
