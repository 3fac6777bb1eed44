"""Generated documentation equals the code, and what is written by hand names what exists."""

import importlib
import pkgutil
import re
from pathlib import Path

from insights import docs, schema
from insights.metrics import METRICS

ROOT = Path(__file__).parents[1]


def test_generated_documentation_is_up_to_date() -> None:
    assert [p.name for p, text in docs.written().items() if p.read_text("utf-8") != text] == []


def test_every_column_has_a_comment() -> None:
    assert [(t.name, c.name) for t in schema.metadata.tables.values() for c in t.columns if not c.comment] == []


def test_readme_commands_exist() -> None:
    from typer.main import get_command

    from insights import cli

    for module in pkgutil.iter_modules(cli.__path__):
        importlib.import_module(f"insights.cli.{module.name}")
    known = set(get_command(cli.app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"^insights (\w+)", (ROOT / "README.md").read_text("utf-8"), re.M))
    assert named <= known
    assert named


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *ROOT.joinpath("docs").glob("*.md")]:
        links = re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == [], page.name


def test_first_lines_of_the_readme_are_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    head = text.split("##")[0]
    assert "make run" in head
    assert "make test" in head


def test_metric_keys_of_the_contract_exist() -> None:
    wanted = (
        "csat csat_avg nps ces ces_top resp_rate frt_p50 frt_p90 frt_1h frt_4h frt_24h created solved net_flow "
        "resolution_rate clearance_rate frst_res_p50 frst_res_p90 full_res_p50 full_res_p90 one_touch reopen_rate "
        "transfer_rate backlog ageing sla_source repeat_rate"
    )
    assert set(wanted.split()) - METRICS.keys() == set()
