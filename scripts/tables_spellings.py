"""Spelling variants of romanised names, by the rules of `tables/spellings.tsv` and by shape."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict

from table_files import Row, TableError, fold, values

VARIANTS = 24
"""Most spelling variants of one name. More than that are products of many rules, which nobody writes."""

_PATRONYMIC = frozenset(["RUS", "UKR", "BLR", "KAZ", "KGZ", "TJK", "TKM", "UZB", "AZE", "ARM", "GEO", "MDA", "SUN"])
_ENDING_STATES = _PATRONYMIC | {"BGR", "MKD", "SRB"}
_TWO_PART_GIVEN = frozenset(["KOR", "PRK", "TWN", "CHN", "HKG", "SGP", "MYS"])


class Spellings:
    """Variants of a name by the rules of `spellings.tsv`."""

    def __init__(self, rows: list[Row]) -> None:
        self.tokens: dict[str, list[str]] = defaultdict(list)
        self.canonical: dict[str, str] = {}
        self.endings: list[tuple[str, list[str]]] = []
        for row in rows:
            forms = [row["from"], *values(row["to"])]
            if row["kind"] == "name":
                for form in forms:
                    self.tokens[form] += [f for f in forms if f != form and f not in self.tokens[form]]
                    self.canonical.setdefault(fold(form).lower(), fold(forms[0]).lower())
            elif row["kind"] == "ending":
                self.endings.append((row["from"], values(row["to"])))
            else:
                raise TableError(f"tables/spellings.tsv: kind {row['kind']!r} is neither name nor ending")

    def key(self, name: str) -> str:
        """A name for comparing: folded, without hyphens, initials and articles, every word in one spelling."""
        words = [self.canonical.get(w, w) for w in re.sub(r"[-'.]", " ", fold(name)).lower().split()]
        long = [w for w in words if len(w) > 1 and w not in ("al", "el", "bin", "the", "ibn")]
        return " ".join(long if len(long) > 1 else words)

    def variants(self, name: str, country: str) -> list[str]:
        """Spellings of a name, itself first, at most `VARIANTS`."""
        forms = [name]
        plain = re.sub(r" [A-Z]\.?(?= )", "", name)  # Joseph R. Biden
        if country in _PATRONYMIC:
            plain = re.sub(r" \w+(?:vich|vych|ovna|evna|ivna|yevich)(?= )", "", plain)
        if " " in plain:
            forms.append(plain)
        for form in list(forms):
            words = form.split(" ")
            options = [[w, *self.tokens.get(w, [])] for w in words]
            for old, new in self.endings:
                if words[-1].endswith(old) and len(words[-1]) > len(old) + 1 and country in _ENDING_STATES:
                    options[-1] += [words[-1][: -len(old)] + e for e in new]
            forms += [" ".join(choice) for choice in itertools.islice(itertools.product(*options), VARIANTS)]
        for form in list(forms):
            forms += shapes(form, country)
        seen = dict.fromkeys(forms)
        return list(itertools.islice(seen, VARIANTS))


def shapes(name: str, country: str) -> list[str]:
    """The same letters set otherwise: hyphens, articles, apostrophes."""
    out = []
    if country in _TWO_PART_GIVEN:
        found = re.fullmatch(r"([A-Z][a-z]+) ([A-Z][a-z]+)-([A-Za-z][a-z]+)", name)
        if found:
            family, first, second = found.groups()
            out += [
                f"{family} {first} {second.capitalize()}",
                f"{family} {first}-{second.capitalize()}",
                f"{family} {first}-{second.lower()}",
                f"{family} {first}{second.lower()}",
            ]
        found = re.fullmatch(r"([A-Z][a-z]+) ([A-Z][a-z]+) ([A-Z][a-z]+)", name)
        if found and country != "CHN":
            family, first, second = found.groups()
            out += [f"{family} {first}-{second.lower()}", f"{family} {first}-{second}"]
    if re.search(r"(?<= )[aAeE]l[- ]", name):
        for article in ("al-", "Al-", "el-", "El-", "al ", "Al ", "El "):
            out.append(re.sub(r"(?<= )[aAeE]l[- ](?=\w+$)", article, name))
        bare = re.sub(r"(?<= )[aAeE]l[- ](?=\w+$)", "", name)
        if bare.count(" ") >= 1:
            out.append(bare)
    if "'" in name:
        out.append(name.replace("'", ""))
    return out
