"""Working time: the calendars of the settings, day by day and stretch by stretch."""

from insights.schema.columns import count, plain, text

PIECES = 4
"""Working stretches a UTC day may have: columns s1, e1 ... of calendar_days."""
STRIDE = 100_000
"""calendar_days.day = calendar_no * STRIDE + day since 1970, so that a look-up is one integer equality."""

# fmt: off
# A table reads as a table: what belongs together on one line.
calendar_days = plain(
    "calendar_days", "Working time as a running sum per UTC day: an interval's working seconds are two look-ups",
    ("calendar", "day"),
    text("calendar", "Name in the settings, or 24x7"), count("calendar_no", "Number of the calendar, 0 for 24x7"),
    count("day", "calendar_no * 100000 + days since 1970-01-01 UTC"),
    count("cum", "Working seconds before this day"),
    *(count(f"{edge}{i}", f"Working stretch {i}: second of the UTC day it {word}") for i in range(1, PIECES + 1)
      for edge, word in (("s", "starts"), ("e", "ends"))),
)

calendar_segments = plain(
    "calendar_segments",
    "Working stretches with the running sum before them: the way from a target back to its due time",
    ("calendar", "started_s"),
    text("calendar", "Name in the settings, or 24x7"), count("calendar_no", "Number of the calendar, 0 for 24x7"),
    count("cum", "Working seconds before this stretch"),
    count("started_s", "Start, seconds since 1970-01-01 UTC"), count("ended_s", "End, not included"),
)
