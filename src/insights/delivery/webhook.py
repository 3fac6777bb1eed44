"""A message posted to an address that someone else answers: tried again, then given up with a sentence."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable

from insights.errors import DeliveryFailed

PAUSES_S = (1.0, 5.0, 25.0)
"""Seconds between the attempts of a delivery."""


def post(url: str, body: bytes, pause: Callable[[float], None] = time.sleep) -> None:
    """POST JSON, trying again after a growing pause; raises DeliveryFailed when the last attempt fails."""
    if not url.startswith(("http://", "https://")):
        raise DeliveryFailed("webhook_wrong", url=url)
    request = urllib.request.Request(url, body, {"Content-Type": "application/json; charset=utf-8"}, method="POST")
    problem = ""
    for wait in (*PAUSES_S, None):
        try:
            with urllib.request.urlopen(request, timeout=10):
                return
        except (urllib.error.URLError, OSError) as error:
            problem = str(error)
        if wait is not None:
            pause(wait)
    raise DeliveryFailed("webhook_failed", url=url, attempts=len(PAUSES_S) + 1, problem=problem)
