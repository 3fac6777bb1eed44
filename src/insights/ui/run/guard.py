"""What may go wrong is said in one sentence: the log holds the rest, and everything else stays usable."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from insights import texts
from insights.errors import InsightsError

log = logging.getLogger("insights.ui")


@contextmanager
def guarded(part: str, language: str) -> Iterator[None]:
    """Say in one sentence that a part of the page failed, and let the others stand."""
    try:
        yield
    except InsightsError as error:
        st.error(_said(error, language), icon=":material/error:")
    except Exception:
        log.exception("%s failed", part)
        st.error(
            _text("ui.page_failed_text", language), title=_text("ui.page_failed", language), icon=":material/error:"
        )


def _said(error: InsightsError, language: str) -> str:
    try:
        return texts.error(error, language)
    except KeyError:
        return _text("ui.page_failed_text", language)


def _text(key: str, language: str) -> str:
    """Return a text, or its key where even that one is missing: nothing may fail where failures are said."""
    return texts.t(key, language) if texts.has(key, language) else key
