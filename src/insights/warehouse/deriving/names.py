"""How names are compared."""


def folded(text: str) -> str:
    """Return the SQL of a name as names are compared: without case, accents and blanks around it."""
    return f"strip_accents(lower(replace(replace(trim({text}), 'İ', 'i'), 'ı', 'i')))"
