"""A load as it goes on: one bar, one step said."""

from collections.abc import Callable

from streamlit.delta_generator import DeltaGenerator

from insights.ui.run import Reader, t
from insights.ui.run.safe import literal
from insights.warehouse import Event


def on(to: Reader, bar: DeltaGenerator) -> Callable[[Event], None]:
    """Return what shows each step of a load on a bar."""

    def show(event: Event) -> None:
        name = {"name": literal(event.name)} if event.stage in ("read", "merge") else {}
        bar.progress(min(1.0, event.share), text=t(to, f"loading.stage_{event.stage}", **name))

    return show
