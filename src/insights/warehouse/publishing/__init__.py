"""Versions of the warehouse: who may write one, how it is switched to, and whether it is whole."""
