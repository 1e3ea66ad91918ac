"""Times and days as RFC 3339 writes them."""

from __future__ import annotations

import datetime as dt
import re

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def parse_timestamp(text: str) -> dt.datetime:
    """The point in time, with the offset that it was written in. Raises ValueError.

    Digits beyond microseconds are dropped, and a leap second is the second after it, as `datetime` has neither.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise ValueError("not an RFC 3339 time")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, zulu, sign, offset_hours, offset_minutes = match.groups()[6:]
    zone = dt.timezone.utc
    if zulu is None:
        offset = dt.timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
        if int(offset_hours) > 23 or int(offset_minutes) > 59:
            raise ValueError("not an offset of RFC 3339")
        zone = dt.timezone(-offset if sign == "-" else offset)
    leap = dt.timedelta(seconds=1 if second == 60 else 0)
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        return dt.datetime(year, month, day, hour, minute, min(second, 59) if leap else second, microsecond, zone) + leap
    except OverflowError as error:
        raise ValueError(str(error)) from error


def format_timestamp(time: dt.datetime) -> str:
    """RFC 3339 in UTC, with a fraction only if it is not zero. Raises ValueError for a time without zone."""
    if time.utcoffset() is None:
        raise ValueError("a datetime needs a time zone, such as datetime.timezone.utc")
    try:
        utc = time.astimezone(dt.timezone.utc)
    except OverflowError as error:
        raise ValueError(str(error)) from error
    fraction = f".{utc.microsecond:06}".rstrip("0") if utc.microsecond else ""
    return f"{utc.year:04}-{utc.month:02}-{utc.day:02}T{utc.hour:02}:{utc.minute:02}:{utc.second:02}{fraction}Z"


def parse_date(text: str) -> dt.date:
    """The day. Raises ValueError."""
    if _DATE.fullmatch(text) is None:
        raise ValueError("not an RFC 3339 day")
    return dt.date(int(text[:4]), int(text[5:7]), int(text[8:]))


def format_date(day: dt.date) -> str:
    """RFC 3339 full-date."""
    return f"{day.year:04}-{day.month:02}-{day.day:02}"
