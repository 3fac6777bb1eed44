"""Which tests one worker runs one after another: a file's, and those of all files that need the same servers."""

from xdist.scheduler import LoadFileScheduling

SHARED = "tests/browser/"
ALONE = "tests/browser/test_dashboard.py"
"""The longest file begins first and needs one server; what the others of its folder start, they start once."""


class Sharing(LoadFileScheduling):
    """Gives files out whole, and the browser's but one together."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return SHARED if file.startswith(SHARED) and file != ALONE else file
