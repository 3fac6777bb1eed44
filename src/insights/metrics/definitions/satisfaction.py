"""What customers say: CSAT, NPS, CES and how many answer."""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa

from insights.metrics.bases import NPS_ANSWERS, SURVEYS
from insights.metrics.core import Context, Metric, Reason, column, flag, one, quoted
from insights.schema import upwards
from insights.sql import Column, Rows, plus_seconds

_ANSWERED = column("answered_day")


def _kind(kind: str) -> Callable[[Rows, Context], Column]:
    return lambda s, context: s.c.kind == kind


def _case_excluded(s: Rows) -> list[Reason]:
    """Return the reason of surveys whose ticket counts nowhere."""
    why = sa.func.coalesce(s.c.ticket_excluded, sa.case((s.c.status == quoted("deleted"), quoted("deleted"))))
    return [(why, why.is_not(None))]


def _answered(s: Rows, context: Context) -> list[Reason]:
    return [*_case_excluded(s), ("not_answered", sa.not_(s.c.answered)), _replaced(s)]


def _replaced(s: Rows) -> Reason:
    """Return the reason of a rating whose ticket was rated again: the newest counts."""
    return ("superseded", sa.func.coalesce(s.c.replaced, sa.false()))


def _rated(s: Rows, context: Context) -> list[Reason]:
    return [*_answered(s, context), ("scale_unknown", s.c.good.is_(None))]


def _latest(s: Rows, context: Context) -> list[Reason]:
    return [*_answered(s, context), ("superseded", s.c.superseded), ("scale_unknown", s.c.nps_group.is_(None))]


def _seven_points(s: Rows, context: Context) -> list[Reason]:
    """Return why an effort answer is left out: the scales 1-5 and 1-7 are never pooled."""
    seven = (s.c.scale_max - s.c.scale_min).in_((6, -6))
    return [*_rated(s, context), ("other_scale", sa.not_(sa.func.coalesce(seven, sa.true())))]


def _ease(s: Rows, context: Context) -> Column:
    """Return an effort answer with 7 as the best, also where the scale was written backwards."""
    return upwards(s.c.score, s.c.scale_min, s.c.scale_max)


def _window_open(s: Rows, context: Context) -> list[Reason]:
    closed = plus_seconds(s.c.sent_at, context.response_window_days * 86400) <= sa.literal(context.as_of, sa.DateTime())
    return [*_case_excluded(s), _replaced(s), ("window_open", sa.func.coalesce(sa.not_(closed), sa.false()))]


def _nps_points(s: Rows, context: Context) -> Column:
    return sa.case(
        (s.c.nps_group == "promoter", 100), (s.c.nps_group == "detractor", -100), (s.c.nps_group == "passive", 0)
    )


METRICS = (
    Metric(
        "csat",
        "share",
        "up",
        "answered",
        SURVEYS,
        "share",
        _ANSWERED,
        lambda s, c: flag(s.c.good),
        _rated,
        concerns=_kind("csat"),
    ),
    Metric(
        "csat_avg",
        "score",
        "up",
        "answered",
        SURVEYS,
        "mean",
        _ANSWERED,
        lambda s, c: s.c.score_5,
        _rated,
        concerns=_kind("csat"),
    ),
    Metric(
        "nps", "points", "up", "answered", NPS_ANSWERS, "nps", _ANSWERED, _nps_points, _latest, concerns=_kind("nps")
    ),
    Metric("ces", "score", "up", "answered", SURVEYS, "mean", _ANSWERED, _ease, _seven_points, concerns=_kind("ces")),
    Metric(
        "ces_top",
        "share",
        "up",
        "answered",
        SURVEYS,
        "share",
        _ANSWERED,
        lambda s, c: flag(_ease(s, c) >= 5),
        _seven_points,
        concerns=_kind("ces"),
    ),
    Metric(
        "resp_rate",
        "share",
        "up",
        "sent",
        SURVEYS,
        "share",
        column("sent_day"),
        lambda s, c: flag(s.c.answered),
        _window_open,
        matures=dt.timedelta(days=7),
    ),
    *(
        Metric(
            f"{kind}_answers",
            "count",
            "context",
            "answered",
            SURVEYS,
            "count",
            _ANSWERED,
            one,
            _answered,
            concerns=_kind(kind),
        )
        for kind in ("csat", "nps", "ces")
    ),
)
