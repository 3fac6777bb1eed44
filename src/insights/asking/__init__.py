"""The one place questions are asked at: warehouse, filters, scope and language together."""

from insights.asking.about import About
from insights.asking.desk import Desk

__all__ = ["About", "Desk"]
