"""The tables on a server the company runs: sent there version by version, read there by the same desk.

One database a version, and beside them what says which is the current one: changing that switches all tables at once,
a reader stays with the version it opened, and going back is one more change.
"""
