"""How customers rate the service."""

from insights import ui

ui.tiles("csat", "resp_rate", "nps", "ces_top", "csat_avg", "ces")
left, right = ui.beside(2, 1)
with left:
    ui.trend(*ui.several("csat", "nps", "ces_top", "resp_rate"), title=ui.title("trend"), band=True)
with right:
    ui.scores("csat", "channel", title=ui.title("scores"), reading=ui.title("scores_reading"))
left, right = ui.beside(1, 1)
with left:
    ui.by("csat", "category")
with right:
    ui.by("csat", "team")
ui.comments("csat", title=ui.title("comments"), reading=ui.title("comments_reading"))
