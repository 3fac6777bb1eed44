"""Write the generated parts of README and docs; with --check say what differs and exit 1."""

import re
import sys
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from insights import schema, texts
from insights.docs import access, layers, mappings, reference
from insights.metrics import METRICS
from insights.settings import Settings
from insights.sources import profiles

ROOT = Path(__file__).parents[3]


def table(header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += [
        "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines)


def tables() -> str:
    """Return the data dictionary: every table and column with its comment."""
    parts = [
        "# Tables",
        "",
        "Times are UTC, durations seconds, ids text as exported. *Derived* columns are computed at load.",
    ]
    for of in schema.metadata.sorted_tables:
        key = ", ".join(of.info["key"]) or "none"
        parts += ["", f"## {of.name}", "", f"{of.comment}. Key: {key}.", ""]
        parts.append(table(("column", "type", "meaning"), ((c.name, str(c.type), _meaning(c)) for c in of.columns)))
    return "\n".join(parts) + "\n"


def _meaning(of: Any) -> str:
    words = schema.WORDS.get(of.info.get("words") or "")
    listed = f": {', '.join(words)}" if words else ""
    return f"{of.comment}{listed}" + (" *(derived)*" if of.info.get("derived") else "")


def metrics() -> str:
    """Return the catalogue of metrics in every language."""
    parts = ["# Metrics", "", "Every number, defined once. `insights sql KEY` prints the query that makes it."]
    for key, metric in METRICS.items():
        parts += ["", f"## {key}", "", f"Unit: {metric.unit}. Better: {metric.better}.", ""]
        for language in _english_first():
            name = texts.t(f"metrics.{key}.name", language)
            parts.append(f"- **{name}**: {texts.t(f'metrics.{key}.definition', language)}")
    return "\n".join(parts) + "\n"


def sources() -> str:
    """Return the known profiles and the headers they look for."""
    parts = ["# Sources", "", "A file is recognised by its headers. Each profile is one TOML file.", ""]
    rows = ((p.name, p.label, ", ".join(f"`{h}`" for h in p.needs), ", ".join(p.fills)) for p in profiles(None))
    return "\n".join([*parts, table(("profile", "export", "recognised by", "fills"), rows)]) + "\n"


def settings() -> str:
    """Return every option with its default and help."""
    parts = ["# Settings", "", "`insights.toml`, or variables such as `INSIGHTS_COMPANY__TIME_ZONE`.", ""]
    return "\n".join([*parts, table(("option", "default", "meaning"), options(Settings))]) + "\n"


def options(section: type[BaseModel], prefix: str = "") -> Iterator[tuple[object, ...]]:
    """Yield every option of a section, those of its own sections after its own place: name, default, meaning."""
    for name, field in section.model_fields.items():
        inner, many = section_of(field.annotation)
        if inner is None:
            default = "required" if field.is_required() else field.get_default(call_default_factory=True)
            yield f"`{prefix}{field.alias or name}`", f"`{_written(default)}`", field.description or ""
        else:
            yield from options(
                inner, {dict: f"{prefix}{name}.<name>.", tuple: f"[[{prefix}{name}]] "}.get(many, f"{prefix}{name}.")
            )


def _written(default: Any) -> str:
    """Return a default as the settings file would hold it: a list for a tuple, a path as text."""
    if not isinstance(default, tuple):
        return str(default)
    return str([str(one) if isinstance(one, Path) else one for one in default])


def section_of(annotation: Any) -> tuple[type[BaseModel] | None, Any]:
    """Return the section an option holds, and whether by name (dict), as a list (tuple) or just one (None)."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, None
    held = [a for a in get_args(annotation) if isinstance(a, type) and issubclass(a, BaseModel)]
    return (held[0], get_origin(annotation)) if held else (None, None)


def readme_metrics() -> str:
    """Return the README's list of metric keys."""
    codes = _english_first()
    keys = ((f"`{key}`", *(texts.t(f"metrics.{key}.name", code) for code in codes)) for key in METRICS)
    return table(("key", *(texts.locales()[code].name for code in codes)), keys) + "\n"


def _english_first() -> list[str]:
    return sorted(texts.languages(), key=lambda code: (code != texts.FALLBACK, code))


def readme_sources() -> str:
    """Return the README's list of exports: each system by its name, with how many of its exports are known."""
    labels: dict[str, list[str]] = {}
    for profile in profiles(None):
        if profile.source != "generic":
            labels.setdefault(profile.source, []).append(profile.label)
    said = sorted((_system(found) for found in labels.values()), key=str.lower)
    return f"{', '.join(said)}. [docs/sources.md](docs/sources.md) lists every export and how it is recognised.\n"


def _system(labels: list[str]) -> str:
    """Return what the names of a system's exports begin with alike, and how many there are of several."""
    alike = takewhile(lambda words: len(set(words)) == 1, zip(*(label.split() for label in labels), strict=False))
    shared = " ".join(words[0] for words in alike)
    name = re.sub(r":.*| \(.*", "", shared or labels[0].partition("(")[2].rstrip(")") or labels[0])
    return f"{name} ({len(labels)})" if len(labels) > 1 else name


def commands() -> str:
    """Return what every command does, with its options."""
    parts = ["# Commands", "", "`insights COMMAND --help` says the same on the terminal."]
    for name, command in reference.commands():
        does = " ".join((command.help or "").split())
        rows = list(reference.options(command))
        parts += ["", f"## `{name}`", "", does, *(["", table(("option", "meaning"), iter(rows))] if rows else [])]
    return "\n".join(parts) + "\n"


def profile_language() -> str:
    """Return every key a profile may hold."""
    said = [
        "# The language of profiles",
        "",
        "A profile is one TOML file among your own (`profiles` in the settings), or named",
    ]
    said += ["with `--profile`. A key that is not here is refused by its name.", ""]
    said += [
        "A profile that ships with the product lies in `src/insights/sources/profiles`, with a row of its export in"
    ]
    said += ["`tests/rows`, in a file of the same name."]
    for title, what, keys in mappings.parts():
        said += ["", f"## {title}", "", what, "", table(("key", "needed", "meaning"), keys)]
    return "\n".join(said) + "\n"


def layer_table() -> str:
    """Return the table of layers, with what each really imports."""
    return table(("layer", "its one job", "imports (of ours)"), layers.rows()) + "\n"


def access_pages() -> str:
    """Return the matrix of roles and pages."""
    return table(access.header("page"), access.pages()) + "\n"


def access_rights() -> str:
    """Return what each role sees of rows and people, and what it may do."""
    return table(access.header("what"), access.rights()) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "docs/tables.md": tables,
    "docs/metrics.md": metrics,
    "docs/sources.md": sources,
    "docs/profiles.md": profile_language,
    "docs/settings.md": settings,
    "docs/commands.md": commands,
}
PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"metrics": readme_metrics, "sources": readme_sources},
    "docs/access.md": {"pages": access_pages, "rights": access_rights},
    "docs/architecture.md": {"layers": layer_table},
}


def written() -> dict[Path, str]:
    """Return every generated file with its content."""
    whole = {ROOT / name: make() for name, make in PAGES.items()}
    return whole | {ROOT / name: _with_parts(ROOT / name, parts) for name, parts in PARTS.items()}


def _with_parts(page: Path, parts: dict[str, Callable[[], str]]) -> str:
    text = page.read_text("utf-8")
    for name, make in parts.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        before, rest = text.split(begin)
        text = before + begin + make() + end + rest.split(end)[1]
    return text


def main() -> int:
    """Write, or with --check compare."""
    drifted = [p for p, text in written().items() if not p.exists() or p.read_text("utf-8") != text]
    if "--check" in sys.argv:
        for path in drifted:
            print(f"{path.relative_to(ROOT)} is out of date; run: make docs")
        return int(bool(drifted))
    for path in drifted:
        path.write_text(written()[path], "utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0
