"""One rule changed on the page: written into the settings file, and what rests on it computed again."""

import tomllib
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from insights import texts
from insights.errors import SettingsWrong
from insights.settings import settings_path
from insights.settings.options import Option, item, option, put_option, said
from insights.settings.written import fingerprint
from insights.ui.run import Reader, Run, t
from insights.ui.run import seen as seen_by
from insights.ui.run.safe import literal
from insights.ui.views.data import calendar_try
from insights.ui.views.data.counting.rules import changeable, name, word


def change(run: Run) -> None:
    """Draw the choice of a rule, what it can be set to, and the way to keep it."""
    calendar_try.say_kept()
    calendar_try.recompute(run)
    if not run.may("settings"):
        return
    with st.container(border=True, key="card_rule_change"):
        st.header(t(run, "rules_page.change"), anchor=False)
        st.caption(t(run, "rules_page.change_reading", file=settings_path().name))
        rules, asked = changeable(), st.query_params.get("rule")
        rule = st.selectbox(
            t(run, "rules_page.which"),
            rules,
            index=rules.index(asked) if asked in rules else 0,
            key="rule",
            format_func=lambda path: f"{name(run, path)} · {path}",
        )
        st.query_params["rule"] = rule
        st.markdown(literal(t(run, f"rule.{rule}.what")))
        _form(run, option(rule))


def _form(run: Run, of: Option) -> None:
    seen = st.session_state.setdefault(f"rule_seen_{of.path}", fingerprint(settings_path()))
    with st.form(f"rule_{of.path}", border=False):
        wanted = _input(run, of)
        with st.container(horizontal=True, gap="small"):
            save = st.form_submit_button(t(run, "rules_page.save"), type="primary", icon=":material/save:")
            back = st.form_submit_button(t(run, "rules_page.back"), icon=":material/restart_alt:")
    if not (save or back):
        return
    try:
        put_option(settings_path(), of.path, None if back else _read(of, wanted), seen)
    except SettingsWrong as error:
        st.error(literal(texts.error(error, run.language)), icon=":material/block:")
        st.session_state[f"rule_seen_{of.path}"] = fingerprint(settings_path())
        return
    seen_by.changed(run, of.path)
    for key in [k for k in st.session_state if str(k).startswith(("rule_seen_", "rule_value_"))]:
        del st.session_state[key]
    calendar_try.done(t(run, "rules_page.saved", rule=literal(name(run, of.path)), file=settings_path().name))


def _input(to: Reader, of: Option) -> Any:
    """Draw what fits the rule: a choice, a switch, a number, lines, or the text as it stands in the file."""
    now, key, label = said(to.settings, of.path), f"rule_value_{of.path}", name(to, of.path)
    if get_origin(of.allowed) is Literal:
        words = list(get_args(of.allowed))
        return st.selectbox(label, words, words.index(now), key=key, format_func=lambda value: word(to, value))
    if of.path == "calendar":
        known = list(to.settings.calendars)
        return st.selectbox(label, known, known.index(now) if now in known else 0, key=key)
    if of.allowed is bool:
        return st.toggle(label, now, key=key)
    if of.allowed is int:
        return st.number_input(label, 0, 1_000_000, now, key=key)
    if of.allowed == tuple[str, ...]:
        return st.text_area(label, "\n".join(now), key=key, help=t(to, "rules_page.lines"))
    if isinstance(of.default, list | dict):
        said_how = t(to, "rules_page.toml", file=settings_path().name)
        return st.text_area(label, item(now).as_string(), key=key, help=said_how, height=160)
    return st.text_input(label, now or "", key=key)


def _read(of: Option, wanted: Any) -> Any:
    """Return what the input holds as the file would say it; raises SettingsWrong."""
    if of.allowed == tuple[str, ...]:
        return [line.strip() for line in wanted.splitlines() if line.strip()]
    if isinstance(of.default, list | dict):
        try:
            return tomllib.loads(f"value = {wanted.strip()}")["value"]
        except tomllib.TOMLDecodeError as error:
            example = item(of.default).as_string() if of.default else "[]" if isinstance(of.default, list) else "{}"
            found = wanted.strip()[:60]
            raise SettingsWrong("option_unreadable", option=of.path, example=example, found=found) from error
    return wanted or None if isinstance(wanted, str) else wanted
