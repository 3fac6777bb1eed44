"""How far the data can be trusted: checks as data, what they found, coverage, and KPIs refused for it."""

from typing import TYPE_CHECKING

from insights.lazily import offered

if TYPE_CHECKING:
    from insights.quality.completeness import (
        KEY_COLUMNS,
        Coverage,
        Days,
        Freshness,
        coverage,
        days,
        excluded,
        freshness,
        set_aside,
        set_aside_rows,
    )
    from insights.quality.model import SEVERITIES, Check
    from insights.quality.results import CHECKS, Finding, check, counting, failing_rows, findings, tables
    from insights.quality.rules import RULES, Verdict, judge, suspicion, verdicts
else:
    __getattr__ = offered(
        __name__,
        {
            "completeness": (
                "KEY_COLUMNS",
                "Coverage",
                "Days",
                "Freshness",
                "coverage",
                "days",
                "excluded",
                "freshness",
                "set_aside",
                "set_aside_rows",
            ),
            "model": ("SEVERITIES", "Check"),
            "results": ("CHECKS", "Finding", "check", "counting", "failing_rows", "findings", "tables"),
            "rules": ("RULES", "Verdict", "judge", "suspicion", "verdicts"),
        },
    )

__all__ = [
    "CHECKS",
    "KEY_COLUMNS",
    "RULES",
    "SEVERITIES",
    "Check",
    "Coverage",
    "Days",
    "Finding",
    "Freshness",
    "Verdict",
    "check",
    "counting",
    "coverage",
    "days",
    "excluded",
    "failing_rows",
    "findings",
    "freshness",
    "judge",
    "set_aside",
    "set_aside_rows",
    "suspicion",
    "tables",
    "verdicts",
]
