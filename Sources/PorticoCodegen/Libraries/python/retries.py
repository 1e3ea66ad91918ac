"""When a call is tried again, and how long it waits before."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Callable

from .errors import APIError, CallTimeoutError, ResponseError, TransportError

LONGEST_WAIT = 20.0
SHORTEST_LIMIT = 0.1
LONGEST_RETRY_AFTER = 60.0
_IDEMPOTENT = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
_RETRIED = frozenset((429, 500, 502, 503, 504))


def may_retry(error: APIError, method: str, has_key: bool) -> bool:
    """Whether the failure may pass, and a repetition does no harm."""
    if isinstance(error, ResponseError):
        if error.status not in _RETRIED:
            return False
        if error.status == 429:
            return True
    elif not isinstance(error, (TransportError, CallTimeoutError)):
        return False
    return has_key or method in _IDEMPOTENT


def wait_before(retry: int, error: APIError, random: Callable[[], float]) -> float | None:
    """Seconds to wait before the retry of that number, from 0; None: the server asks for too long a wait."""
    if isinstance(error, ResponseError):
        asked = retry_after(error.headers.get("retry-after"))
        if asked is not None:
            return asked if asked <= LONGEST_RETRY_AFTER else None
    # Full jitter; beyond some power the limit is the same, and floats have an end.
    return random() * min(LONGEST_WAIT, SHORTEST_LIMIT * 2.0 ** min(retry, 30))


def retry_after(value: str | None, now: dt.datetime | None = None) -> float | None:
    """Seconds that `Retry-After` asks for, which is a number of them or an HTTP date; None if it is neither."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        time = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if time.tzinfo is None:
        time = time.replace(tzinfo=dt.timezone.utc)
    return max((time - (now or dt.datetime.now(dt.timezone.utc))).total_seconds(), 0.0)
