"""A value in its unit as a reader of the language writes it, and a difference in the unit differences are said in."""

from insights import texts


def amount(value: float | None, unit: str, language: str, *, currency: str = "TRY") -> str:
    """Return a value in its unit: a share as a percentage, points with their sign, scores with two decimals."""
    match unit:
        case "share":
            return texts.percent(value, language)
        case "seconds":
            return texts.duration(value, language)
        case "money":
            return texts.money(value, language, currency)
        case "difference":  # of two shares, in points
            return difference(value, "points", language)
        case "points":
            return texts.signed(texts.decimal_text(value, language))
        case "score":
            return texts.decimal_text(value, language, 2)
    return texts.decimal_text(value, language)


def difference(value: float | None, unit: str, language: str, *, currency: str = "TRY") -> str:
    """Return a signed difference: points for shares, the unit itself for the rest; zero has no sign."""
    if value is None or value != value:
        return texts.DASH
    if unit in ("share", "points"):
        points = value * 100 if unit == "share" else value
        return texts.t("ui.points", language, value=texts.signed(texts.decimal_text(points, language, 1)))
    return texts.signed(amount(value, unit, language, currency=currency))
