"""The one place questions are asked at: warehouse, filters, scope and language together."""

from insights.asking.desk import About, Desk

__all__ = ["About", "Desk"]
