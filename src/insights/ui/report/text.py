"""Words of the page as HTML: the little markdown our texts use, and nothing of the data as markup."""

import html
import re

_ICON = re.compile(r":material/\w+:\s*")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()<>#+\-.!|~$:@&=])")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`([^`]+)`")
_LIST = re.compile(r"^- ", re.MULTILINE)


def paragraph(text: str) -> str:
    """Return a sentence as HTML."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(html.escape(found[1]))
        return f"\x00{len(kept) - 1}\x00"

    said = html.escape(_ICON.sub("", _ESCAPED.sub(keep, text)), quote=False)
    said = _CODE.sub(r"<code>\1</code>", _STRONG.sub(r"<strong>\1</strong>", said))
    said = _LIST.sub("• ", said).replace("\n\n", "<br>").replace("\n", "<br>")
    return re.sub("\x00(\\d+)\x00", lambda found: kept[int(found[1])], said)


def tag(name: str, text: str, **attributes: str) -> str:
    """Return an element around HTML."""
    said = "".join(f' {key.rstrip("_")}="{html.escape(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{text}</{name}>"
