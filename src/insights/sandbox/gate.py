"""What may be asked: one SELECT, of the role's tables, with functions that compute and do nothing else.

This is the fourth of five layers and no boundary by itself: the file holds only what the role may see. The engine's own
parser says what a statement is, as a tree; whatever the tree holds that is not known here is refused.
"""

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

MOST_CHARACTERS = 20_000
MOST_NODES = 4_000
NAME = re.compile(r"[^\W\d]\w{0,62}")
"""What a name of a subquery may be: letters, digits, underscores; never a path or a file."""

RELATIONS = {"BASE_TABLE", "SUBQUERY", "JOIN", "EMPTY", "EXPRESSION_LIST", "TABLE_FUNCTION"}
NODES = {"SELECT_NODE", "SET_OPERATION_NODE"}
MODIFIERS = {"ORDER_MODIFIER", "LIMIT_MODIFIER", "DISTINCT_MODIFIER"}
CLASSES = {
    "BETWEEN",
    "CASE",
    "CAST",
    "COLLATE",
    "COLUMN_REF",
    "COMPARISON",
    "CONJUNCTION",
    "CONSTANT",
    "FUNCTION",
    "LAMBDA",
    "LAMBDA_REF",
    "OPERATOR",
    "STAR",
    "SUBQUERY",
    "TYPE",
    "WINDOW",
}
TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}
FUNCTIONS = frozenset(Path(__file__).with_name("functions.txt").read_text("utf-8").split())
"""Every function that may be called; none that builds long texts or lists from a number (repeat, lpad, printf)."""


class Refusal(Exception):
    """Why a statement is not run: a kind that has words in both languages, and the name that stood in the way."""

    def __init__(self, kind: str, name: str = "") -> None:
        self.kind, self.name = kind, name
        super().__init__(kind)


def check(con: Any, text: str, relations: Collection[str]) -> None:
    """Raise Refusal unless `text` is one SELECT over `relations` alone; `con` only parses."""
    if len(text) > MOST_CHARACTERS:
        raise Refusal("select_too_long")
    tree, tables = _tree(con, text), {r.casefold() for r in relations}
    names = {key.casefold() for key in _subqueries(tree)}
    if odd := next((n for n in names if not NAME.fullmatch(n) or n in tables), None):
        raise Refusal("select_name", odd)
    for size, node in enumerate(_dicts(tree)):
        if size > MOST_NODES:
            raise Refusal("select_too_long")
        _admit(node, tables | names)


def _tree(con: Any, text: str) -> Any:
    try:
        statements = con.extract_statements(text)
    except Exception as error:
        raise Refusal("select_syntax", first_line(error)) from error
    if len(statements) != 1:
        raise Refusal("select_one" if statements else "select_nothing")
    found = json.loads(con.execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchone()[0])
    if found.get("error") or len(found.get("statements", ())) != 1:
        raise Refusal("select_only")
    if found["statements"][0].get("named_param_map"):
        raise Refusal("select_only")
    return found["statements"][0]["node"]


def first_line(error: Exception) -> str:
    """Return what the parser says, without the statement it repeats below."""
    return str(error).split("\n")[0][:200]


def _dicts(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every node of a tree, without recursion: depth is the asker's choice."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _subqueries(tree: Any) -> Iterator[str]:
    """Yield the names statements give their subqueries (WITH name AS …)."""
    for node in _dicts(tree):
        if "cte_map" in node:
            yield from (one["key"] for one in node["cte_map"].get("map", ()))


def _admit(node: dict[str, Any], known: Collection[str]) -> None:
    """Raise Refusal for a node that is not known to be harmless."""
    kind, of = str(node.get("type")), node.get("class")
    if of is not None:
        _admit_expression(node, of)
    elif "table_name" in node:
        _admit_table(node, known)
    elif _is_statement(kind) or _is_modifier(kind) or _is_relation(node, kind) or node.get("sample"):
        raise Refusal("select_only")
    if kind == "TABLE_FUNCTION" and node["function"].get("function_name", "").casefold() not in TABLE_FUNCTIONS:
        raise Refusal("select_function", node["function"].get("function_name", "?"))


def _is_statement(kind: str) -> bool:
    return kind.endswith("_NODE") and kind not in NODES


def _is_modifier(kind: str) -> bool:
    return kind.endswith("_MODIFIER") and kind not in MODIFIERS


def _is_relation(node: dict[str, Any], kind: str) -> bool:
    return "type" in node and "query_location" in node and kind not in RELATIONS


def _admit_expression(node: dict[str, Any], of: str) -> None:
    if of not in CLASSES:
        raise Refusal("select_only")
    if "function_name" not in node:
        return
    name = node["function_name"].casefold()
    if node.get("schema") or node.get("catalog") or name not in FUNCTIONS | TABLE_FUNCTIONS:
        raise Refusal("select_function", node["function_name"])


def _admit_table(node: dict[str, Any], known: Collection[str]) -> None:
    path = (node.get("qualified_name") or {}).get("path") or [node["table_name"]]
    if node.get("type") != "BASE_TABLE" or len(path) != 1 or node.get("schema_name") or node.get("catalog_name"):
        raise Refusal("select_table", ".".join(map(str, path)))
    if node.get("at_clause") or node.get("sample") or node["table_name"].casefold() not in known:
        raise Refusal("select_table", node["table_name"])
