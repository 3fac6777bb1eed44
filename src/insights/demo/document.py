"""truth.json: totals, planted effects, and how to measure each of them again."""

import tomllib
from importlib.resources import files
from typing import Any

import numpy as np

from insights.demo import world
from insights.demo.block import BLOCK
from insights.demo.people import Agents
from insights.demo.truth import Tally

_PROSE: dict[str, dict[str, str]] = tomllib.loads(files(__package__).joinpath("truth.toml").read_text("utf-8"))
_VERDICTS = {
    world.CAMPAIGN_WITH_EFFECT: "campaign_with_effect",
    world.CAMPAIGN_WITHOUT_EFFECT: "campaign_without_effect",
}


def document(tally: Tally, staff: Agents, customers: int, seed: int) -> dict[str, Any]:
    """Return what goes into truth.json."""
    totals = dict(tally.totals)
    months = totals.pop("bad_month", {})
    desks = totals["tickets"]
    sums = {name: sum(desk[name] for desk in desks.values()) for name in ("rows", "counted")}
    totals["tickets"] = sums | desks
    return {
        "insights_sample": 1,
        "customers": customers,
        "seed": seed,
        "block": BLOCK,
        "as_of": world.AS_OF.isoformat() + "Z",
        "time_zone": "Europe/Istanbul",
        "currency": "TRY",
        "totals": totals,
        "truths": [*_effects(tally, staff), _bad_month(months), *_campaigns(tally)],
        "events": [{**e, "date": e["date"].isoformat()} for e in world.WORDS["events"]],
    }


def _effects(tally: Tally, staff: Agents) -> list[dict[str, Any]]:
    return [
        {
            **_truth(tally, "fast_answer_keeps", world.EFFECT_FAST, "fast.kept_if_fast", "fast.kept_if_slow"),
            "observed_naive": tally.difference("fast.kept_fast", "fast.kept_slow"),
            "vip_answered_fast": tally.of("fast.share_of_vip"),
            "others_answered_fast": tally.of("fast.share_of_others"),
        },
        {
            **_truth(tally, "worse_channel", world.EFFECT_CHAT, "chat.as_is", "chat.elsewhere"),
            "channel": "chat",
        },
        {
            "key": "agent_with_hard_cases",
            "planted": 0.0,
            "population": 0.0,
            "agent": str(staff.name[staff.hard_cases]),
            "observed_csat": tally.of("agent.csat"),
            "others_csat": tally.of("others.csat"),
            "hard_share": tally.of("agent.hard_share"),
            "others_hard_share": tally.of("others.hard_share"),
            **_PROSE["agent_with_hard_cases"],
        },
        {
            **_truth(
                tally,
                "forgotten_customers",
                -world.FORGOTTEN_LOSS,
                "forgotten.kept_as_is",
                "forgotten.kept_if_called",
            ),
            "calls_stopped": _iso(world.CALLS_STOPPED),
            "index": _iso(world.FORGOTTEN_AT),
            "kept_forgotten": tally.of("forgotten.kept_as_is"),
            "kept_called": tally.of("called.kept_as_is"),
        },
        {
            **_truth(tally, "training_helps", world.EFFECT_TRAINING, "training.trained", "training.untrained"),
            "course": world.WORDS["courses"][0],
            "completed": _iso(world.TRAINING_AT),
        },
    ]


def _truth(tally: Tally, key: str, planted: float, one: str, other: str) -> dict[str, Any]:
    """Return a planted effect with its size among those concerned: the mean of `one` less the mean of `other`."""
    population, n = tally.difference(one, other), tally.n(one)
    return {"key": key, "planted": planted, "population": population, "n": n, **_PROSE[key]}


def _bad_month(months: dict[str, Any]) -> dict[str, Any]:
    cause = {"cause_tr": "Kargo firması değişti", "cause_en": "Carrier changed"}
    return {"key": "bad_month", "month": "2026-09", **cause, "months": months, **_PROSE["bad_month"]}


def _campaigns(tally: Tally) -> list[dict[str, Any]]:
    found = []
    for c in world.CAMPAIGNS:
        arms = {
            f"observed_{arm}": tally.of(f"{c.id}.{arm}") for arm in ("treated", "control", "openers", "non_openers")
        }
        found.append(
            {
                "key": _VERDICTS.get(c.id, "campaign"),
                "campaign": c.id,
                "name": c.name,
                "planted": c.lift,
                "population": tally.difference(f"{c.id}.if_treated", f"{c.id}.if_control"),
                "n_treated": tally.n(f"{c.id}.treated"),
                "n_control": tally.n(f"{c.id}.control"),
                **arms,
                **_PROSE["campaign"],
            }
        )
    return found


def _iso(seconds: int) -> str:
    return str(np.datetime64(int(seconds), "s")) + "Z"
