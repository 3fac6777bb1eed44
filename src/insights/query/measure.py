"""Where `starts_of` was."""

from insights.asking.moment import starts_of

__all__ = ["starts_of"]
