"""How long customers wait for an answer."""

from insights import ui

ui.tiles("frt_p50", "frt_p90", "nrt_p50", "frt_4h", "frt_24h", "waiting_now")
left, right = ui.beside(2, 1)
with left:
    ui.trend("frt_p50", "frt_p90", "nrt_p50", "frt_4h")
with right:
    ui.shares(("frt_1h", "frt_4h", "frt_24h"), title=ui.title("within"), reading=ui.title("within_reading"))
left, right = ui.beside(1, 1)
with left:
    ui.week("created")
with right:
    ui.by("frt_p50", "channel")
left, right = ui.beside(1, 1)
with left:
    ui.by("frt_4h", "team")
with right:
    ui.by("frt_4h", "priority")
ui.waits("response", "priority")
ui.longest("frt_p50", title=ui.title("slowest"), reading=ui.title("slowest_reading"))
