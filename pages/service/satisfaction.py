"""How customers rate the service."""

from insights import ui
from insights.ui.views.service import voice

desk = ui.desk()
ui.show(voice.urgent(desk))
ui.tiles(desk, "csat", "resp_rate", "nps", "ces_top", "csat_avg", "ces")
ui.beside(
    ui.trend(
        desk,
        *ui.several(desk, "csat", "nps", "ces_top", "resp_rate", "csat_answers", "nps_answers", "ces_answers"),
        title=ui.title("trend"),
        band=True,
    ),
    ui.scores(desk, "csat", "channel", title=ui.title("scores"), reading=ui.title("scores_reading")),
    widths=(2, 1),
)
if voice.owed(desk):
    ui.show(voice.unanswered(desk))
if voice.commented(desk):
    ui.beside(voice.drivers(desk), (voice.words(desk), ui.by(desk, "csat", "team")))
    ui.beside(
        ui.by(desk, "csat", "category"),
        ui.comments(desk, "csat", title=ui.title("comments"), reading=ui.title("comments_reading")),
        widths=(2, 3),
    )
else:
    ui.show(voice.drivers(desk))
    ui.beside(ui.by(desk, "csat", "category"), ui.by(desk, "csat", "team"))
    ui.note(ui.title("no_comments"))
ui.show(voice.raters(desk))
