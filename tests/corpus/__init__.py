"""More than 200 hostile and messy files, made by code, each with what must become of it (docs/files.md)."""

from corpus import archives, dates, documents, encodings, hostile, numbers, tables, words, workbooks
from corpus.case import Case

CASES: list[Case] = [
    *encodings.CASES,
    *tables.CASES,
    *dates.CASES,
    *numbers.CASES,
    *words.CASES,
    *documents.CASES,
    *workbooks.CASES,
    *archives.CASES,
    *hostile.CASES,
]
"""Every case, by theme."""

__all__ = ["CASES", "Case"]
