"""Two settings of the server that make a rerun ten times cheaper, set once per process."""

import gc
import socket

import streamlit as st


@st.cache_resource(show_spinner=False)
def tune() -> bool:
    """Send small messages at once and keep collections away from what never dies.

    Streamlit's listening socket is made with proto 0, so asyncio leaves Nagle's delay on (+40 ms per rerun). That it
    collects all generations after every run is turned off in .streamlit/config.toml. Returns whether anything changed.
    """
    changed = _no_delay()  # first: frozen objects are no longer listed
    gc.collect()
    gc.freeze()
    return changed


def _no_delay() -> bool:
    """Let every accepted connection of this process inherit TCP_NODELAY from its listening socket."""
    changed = False
    for listening in [s for s in gc.get_objects() if isinstance(s, socket.socket)]:
        try:
            if listening.family in (socket.AF_INET, socket.AF_INET6) and listening.type == socket.SOCK_STREAM:
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                changed = True
        except OSError:  # closed meanwhile, or a system that does not know the option: slower, not wrong
            continue
    return changed
