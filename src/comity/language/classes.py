"""Classes of words that a room keeps as a table: on each line a class, a tab, and its words."""

from __future__ import annotations

from importlib.resources import files


def word_set(words: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(words.split())


def word_classes(package: str, name: str) -> dict[str, frozenset[str]]:
    """Class to words, of a table that lies in a package; lines that begin with # tell of it.

    Raises:
        FileNotFoundError: the package has no such file.
        ValueError: a line has not two columns.
    """
    table: dict[str, frozenset[str]] = {}
    for line in files(package).joinpath(name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            class_, words = line.split("\t")
            table[class_] = word_set(words)
    return table
