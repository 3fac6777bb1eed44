"""Files given away are served to the session they were made for alone, whoever else learns their address."""

from contextvars import ContextVar

from streamlit.runtime import memory_media_file_storage as streamlits
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError

asking: ContextVar[str] = ContextVar("asking", default="")
"""The session whose request is answered, or whose click makes a file: set by the guard for all that follows from it."""


class ToTheirOwn(streamlits.MemoryMediaFileStorage):
    """Streamlit's store of files for the browser, which knows whose each file to take away is."""

    def __init__(self, media_endpoint: str) -> None:
        super().__init__(media_endpoint)
        self.given: dict[str, set[str]] = {}

    def load_and_get_id(
        self, path_or_data: str | bytes, mimetype: str, kind: MediaFileKind, filename: str | None = None
    ) -> str:
        """Keep a file for whoever asks for it now; the same content may be made for several."""
        found = super().load_and_get_id(path_or_data, mimetype, kind, filename)
        self.given.setdefault(found, set()).add(asking.get())
        return found

    def get_file(self, filename: str) -> streamlits.MemoryFile:
        """Return a file; one to take away is not there for anybody else."""
        found = super().get_file(filename)
        theirs = self.given.get(filename.partition(".")[0], ())
        if found.kind is MediaFileKind.DOWNLOADABLE and asking.get() not in theirs:
            raise MediaFileStorageError(f"no file {filename} for this session")
        return found

    def delete_file(self, file_id: str) -> None:
        """Forget a file, and whose it was."""
        super().delete_file(file_id)
        self.given.pop(file_id, None)


def keep_to_their_own() -> None:
    """Let the server that is about to start give files to their own session alone."""
    streamlits.MemoryMediaFileStorage = ToTheirOwn  # type: ignore[misc]
