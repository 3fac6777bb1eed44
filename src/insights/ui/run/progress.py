"""A load as it goes on: one bar, one step said."""

from collections.abc import Callable

from streamlit.delta_generator import DeltaGenerator

from insights.texts import duration
from insights.ui.run import Reader, t
from insights.ui.run.safe import literal
from insights.warehouse import Event


def on(to: Reader, bar: DeltaGenerator) -> Callable[[Event], None]:
    """Return what shows each step of a load on a bar."""

    def show(event: Event) -> None:
        name = {"name": literal(event.name)} if event.stage in ("read", "merge") else {}
        said = t(to, f"loading.stage_{event.stage}", **name)
        if event.left_s is not None and event.share < 1:
            said += f" · {t(to, 'loading.left', time=duration(event.left_s, to.language))}"
        bar.progress(min(1.0, event.share), text=said)

    return show
