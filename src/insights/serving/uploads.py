"""Files a visitor uploads lie on disk, not in the server's memory, and only so many of them."""

import shutil
import threading
import uuid
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from streamlit.runtime import memory_uploaded_file_manager as streamlits
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from insights import scratch

MOST_OF_A_SESSION = 1_000_000_000
MOST_OF_ALL = 4_000_000_000


class Kept(NamedTuple):
    """One uploaded file; `data` is read when it is asked for and kept by nobody here."""

    file_id: str
    name: str
    type: str
    size: int
    path: Path

    @property
    def data(self) -> bytes:
        """Return the content."""
        return self.path.read_bytes()


class OnDisk(streamlits.MemoryUploadedFileManager):
    """Streamlit's store of uploads, with the content in a private folder that goes with the server."""

    def __init__(self, upload_endpoint: str) -> None:
        super().__init__(upload_endpoint)
        self.folder = scratch.kept("uploads")
        self.kept: dict[str, dict[str, Kept]] = {}
        self.lock = threading.Lock()
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def add_file(self, session_id: str, file: UploadedFileRec) -> None:
        """Keep a file; beyond what a session or all of them may keep, the oldest of the session goes."""
        size = len(file.data)
        with self.lock:
            mine = self.kept.setdefault(session_id, {})
            self._drop(mine, file.file_id)
            while mine and self._size(mine) + size > MOST_OF_A_SESSION:
                self._drop(mine, next(iter(mine)))
            if sum(map(self._size, self.kept.values())) + size > MOST_OF_ALL:
                return  # the page says that the file is not there; nothing of others is lost
            path = self.folder / uuid.uuid4().hex
            path.write_bytes(file.data)
            mine[file.file_id] = Kept(file.file_id, file.name, file.type, size, path)

    def get_files(self, session_id: str, file_ids: Sequence[str]) -> list[Any]:
        """Return the files of these ids that are there."""
        with self.lock:
            mine = self.kept.get(session_id, {})
            return [mine[one] for one in file_ids if one in mine]

    def remove_file(self, session_id: str, file_id: str) -> None:
        """Forget a file."""
        with self.lock:
            self._drop(self.kept.get(session_id, {}), file_id)

    def remove_session_files(self, session_id: str) -> None:
        """Forget the files of a session."""
        with self.lock:
            mine = self.kept.pop(session_id, {})
            for file_id in list(mine):
                self._drop(mine, file_id)

    @staticmethod
    def _size(of: dict[str, Kept]) -> int:
        return sum(one.size for one in of.values())

    @staticmethod
    def _drop(of: dict[str, Kept], file_id: str) -> None:
        if gone := of.pop(file_id, None):
            gone.path.unlink(missing_ok=True)


def keep_on_disk() -> None:
    """Let the server that is about to start keep uploads on disk."""
    streamlits.MemoryUploadedFileManager = OnDisk  # type: ignore[misc]
