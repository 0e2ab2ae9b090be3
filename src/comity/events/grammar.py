"""Who is subject, object and oblique of a verb or noun, through passives, relatives, control and coordination.

Everything is a function of a sentence and a token; results are token numbers of noun-phrase heads. Labels are the
CLEAR dependency labels of spaCy's English models.
"""

from __future__ import annotations

from comity.language import Sentence

OBJECT_CONTROL = frozenset(
    [
        "urge",
        "ask",
        "call",
        "tell",
        "order",
        "force",
        "allow",
        "persuade",
        "press",
        "push",
        "invite",
        "encourage",
        "require",
        "request",
        "want",
        "expect",
        "help",
        "permit",
        "enable",
        "compel",
        "pressure",
        "instruct",
        "command",
        "advise",
        "warn",
        "convince",
        "implore",
        "beg",
        "appeal",
        "challenge",
        "authorize",
        "authorise",
        "cause",
        "lead",
        "oblige",
        "direct",
        "remind",
        "get",
        "make",
        "let",
        "have",
        "prompt",
        "see",
        "watch",
        "hear",
        "assist",
        "ban",
        "block",
        "bar",
        "stop",
        "prevent",
        "keep",
        "prohibit",
        "accuse",
        "suspect",
        "blame",
        "condemn",
        "criticize",
        "criticise",
        "thank",
        "praise",
        "charge",
        "discourage",
        "deter",
        "restrain",
        "dissuade",
        "forbid",
        "tempt",
        "train",
        "arm",
        "deploy",
        "send",
        "dispatch",
        "appoint",
        "name",
        "select",
        "nominate",
        "use",
        "summon",
        "lobby",
        "petition",
        "plead",
        "demand",
    ]
)
"""Verbs whose object (or "on"/"for"/"to" oblique) is the understood subject of the clause they govern."""

LIGHT_VERBS = frozenset(
    [
        "have",
        "hold",
        "launch",
        "conduct",
        "make",
        "pay",
        "impose",
        "issue",
        "stage",
        "mount",
        "sign",
        "give",
        "deliver",
        "send",
        "begin",
        "start",
        "resume",
        "carry",
        "take",
        "commit",
        "continue",
        "undertake",
        "wage",
        "do",
        "perform",
        "offer",
        "provide",
        "open",
        "hand",
        "lodge",
        "file",
        "raise",
        "express",
        "voice",
        "step",
        "renew",
        "place",
        "put",
        "enter",
        "reach",
        "announce",
        "intensify",
        "increase",
        "escalate",
        "unleash",
        "order",
        "lead",
        "host",
        "complete",
        "finish",
        "end",
        "conclude",
        "convene",
        "organise",
        "organize",
        "arrange",
        "plan",
        "propose",
        "announce",
        "initiate",
        "expand",
        "extend",
        "strike",
        "declare",
        "pledge",
        "promise",
        "vow",
        "extend",
        "grant",
        "award",
        "approve",
        "levy",
        "slap",
        "tighten",
        "repeat",
        "reiterate",
        "make",
        "run",
        "fire",
    ]
)
"""Verbs that lend their subject to the event that their object noun names: hold talks, launch an attack."""

PATIENT_VERBS = frozenset(
    [
        "face",
        "suffer",
        "sustain",
        "receive",
        "undergo",
        "endure",
        "incur",
        "survive",
        "withstand",
        "accept",
        "meet",
        "weather",
    ]
)
"""Verbs whose subject is the one upon whom the event of their object noun falls: face sanctions, suffer an attack."""

_STATIVE = frozenset(
    [
        "commit",
        "determine",
        "prepare",
        "concern",
        "worry",
        "disappoint",
        "alarm",
        "convince",
        "interest",
        "dedicate",
        "oppose",
        "please",
        "delight",
        "appal",
        "dismay",
        "sadden",
        "anger",
        "outrage",
        "disturb",
        "trouble",
        "frustrate",
        "inclined",
        "bind",
        "devote",
        "resolve",
        "honour",
        "honor",
        "encourage",
    ]
)
"""Passives without a doer that tell their subject's own state of mind: "is committed to"."""

_SMALL_CLAUSE = frozenset(
    [
        "find",
        "declare",
        "consider",
        "deem",
        "call",
        "pronounce",
        "render",
        "hold",
        "label",
        "make",
        "brand",
        "judge",
        "rule",
    ]
)

_ASKING = frozenset(("pressure", "call", "request", "demand", "order", "appeal", "plea", "invitation", "ultimatum"))
"""Nouns whose clause tells what another than their doer shall do."""
_UPON = frozenset(("on", "upon", "to", "for"))
_ANSWERS = frozenset(["reject", "resist", "refuse", "accept", "receive", "face", "decline", "ignore", "dismiss", "heed", "answer", "defy", "obey", "rebuff", "withstand", "get", "reply", "bow", "yield", "respond", "come"])  # fmt: skip
"""Verbs whose subject is the one whom the request that is their object was made to."""

_RELATIVE = frozenset(("who", "which", "that", "whom", "whose"))
_SUBJECTS = ("nsubj", "nsubjpass", "csubj")


def is_passive(s: Sentence, verb: int) -> bool:
    """True for a passive verb form, a reduced relative ("sanctions imposed by") included."""
    deps = s.deps
    for kid in s.kids[verb]:
        if deps[kid] in ("nsubjpass", "auxpass"):
            return True
    return s.tags[verb] == "VBN" and (deps[verb] in ("acl", "amod") or any(deps[k] == "agent" for k in s.kids[verb])) and not any(
        s.lemmas[k] == "have" for k in s.kids[verb] if deps[k] == "aux")  # fmt: skip


def is_reciprocal(s: Sentence, token: int) -> bool:
    """True for the phrase that means that both do it to both: "each other", "one another", "each … the other"."""
    word, before = s.lowers[token], s.lowers[token - 1] if token else ""
    if word == "other":
        if before == "each":
            return True
        return before == "the" and not s.deps[token].endswith("mod") and "each" in s.lowers[:token]
    if word == "another":
        return before == "one"
    return word == "one" and s.lowers[token + 1 : token + 2] == ["another"]


def own_subject(s: Sentence, verb: int) -> int | None:
    """The verb's grammatical subject token, passive or not, relative pronouns resolved; None when it has none."""
    for kid in s.kids[verb]:
        if s.deps[kid] in _SUBJECTS:
            if (
                s.lowers[kid] in _RELATIVE
                and s.deps[verb] in ("relcl", "acl")
                and s.tags[kid] in ("WDT", "WP", "WP$", "IN", "DT")
            ):
                return s.heads[verb]
            return kid
    return None


def subjects(s: Sentence, verb: int, depth: int = 0) -> list[int]:
    """Heads of the noun phrases that do what the verb says: its logical subject."""
    if depth > 6:
        return []
    deps, kids = s.deps, s.kids[verb]
    if is_passive(s, verb):
        for kid in kids:
            if deps[kid] == "agent":
                return [k for k in s.kids[kid] if deps[k] == "pobj"]
            if deps[kid] == "prep" and s.lowers[kid] == "by":
                return [k for k in s.kids[kid] if deps[k] == "pobj"]
        if s.lemmas[verb] in _STATIVE:
            own = own_subject(s, verb)
            return [own] if own is not None else []
        return []
    own = own_subject(s, verb)
    if own is not None:
        return [own]
    return understood_subjects(s, verb, depth)


def understood_subjects(s: Sentence, verb: int, depth: int = 0) -> list[int]:
    """The subject of a clause that shows none, from the clause or noun that governs it."""
    dep, above = s.deps[verb], s.heads[verb]
    if above == verb or depth > 6:
        return []
    if dep == "conj":
        if s.tags[above][0] == "V" or s.deps[above] in ("ROOT", "ccomp", "advcl", "relcl", "xcomp", "acl"):
            if is_passive(s, above) and not is_passive(s, verb):
                own = own_subject(s, above)
                return [own] if own is not None else understood_subjects(s, above, depth + 1)
            return subjects(s, above, depth + 1)
        return []
    if dep in ("xcomp", "ccomp") or (dep == "advcl" and s.tags[verb] in ("VB",)):
        lemma = s.lemmas[above]
        if lemma in OBJECT_CONTROL:
            controlled = objects(s, above) or [
                o for p in s.kids[above] if s.deps[p] == "prep" and s.lowers[p] in ("on", "upon", "to", "for", "with")
                for o in s.kids[p] if s.deps[o] == "pobj"]  # fmt: skip
            if controlled:
                return controlled
        if s.tags[above][0] == "V" or s.deps[above] in ("acomp", "attr", "ROOT"):
            if s.deps[above] in ("acomp", "attr", "oprd") and s.tags[above][0] != "V":
                above = s.heads[above]
            if is_passive(s, above):
                own = own_subject(s, above)
                return [own] if own is not None else understood_subjects(s, above, depth + 1)
            return subjects(s, above, depth + 1)
        return []
    if dep == "advcl":
        if is_passive(s, above):
            own = own_subject(s, above)
            return [own] if own is not None else []
        return subjects(s, above, depth + 1)
    if dep == "pcomp":
        governor = s.heads[above]
        if s.tags[governor][0] == "V":
            if s.lemmas[governor] in OBJECT_CONTROL and s.lowers[above] in (
                "of",
                "for",
                "from",
                "against",
                "with",
                "into",
                "in",
            ):
                controlled = objects(s, governor)
                if controlled:
                    return controlled
            if is_passive(s, governor):
                own = own_subject(s, governor)
                return [own] if own is not None else []
            return subjects(s, governor, depth + 1)
        return noun_agents(s, governor, depth + 1)
    if dep == "acl":
        if s.tags[verb] == "VBG":
            return [above]
        if s.lemmas[above] in _ASKING:
            return _asked(s, above, depth)
        return noun_agents(s, above, depth + 1)
    if dep == "relcl":
        return [above]
    if dep == "amod" and s.tags[verb] in ("VBG", "VBN"):
        return []
    return []


def _asked(s: Sentence, noun: int, depth: int) -> list[int]:
    """Of whom a request is made that a noun names: "pressure on Peru to leave", "Peru refused a request to leave"."""
    found = obliques(s, noun, _UPON)
    if found:
        return found
    above = s.heads[noun]
    if s.deps[noun] in ("dobj", "pobj") and s.lemmas[above if s.deps[noun] == "dobj" else s.heads[above]] in _ANSWERS:
        return subjects(s, above if s.deps[noun] == "dobj" else s.heads[above], depth + 1)
    if s.lemmas[noun] in ("pressure", "call"):
        return []
    return noun_agents(s, noun, depth + 1)


def objects(s: Sentence, verb: int) -> list[int]:
    """Heads of the noun phrases that the verb's act falls upon: direct object, passive subject, relative gap."""
    deps, kids = s.deps, s.kids[verb]
    if is_passive(s, verb):
        own = own_subject(s, verb)
        if own is not None:
            return [own]
        if deps[verb] in ("acl", "amod"):
            return [s.heads[verb]]
        return understood_subjects(s, verb)
    found = []
    for kid in kids:
        if deps[kid] == "dobj":
            if s.lowers[kid] in _RELATIVE and deps[verb] in ("relcl", "acl"):
                found.append(s.heads[verb])
            else:
                found.append(kid)
        elif deps[kid] in ("dative", "iobj") and s.tags[kid] not in ("TO", "IN"):
            found.append(kid)
        elif deps[kid] == "ccomp" and s.lemmas[verb] in OBJECT_CONTROL and s.tags[kid] in ("VB", "VBG"):
            # "wants Peru to leave", "saw troops leaving": the parser makes the object the subject of the clause
            found.extend(k for k in s.kids[kid] if deps[k] == "nsubj")
        elif deps[kid] == "ccomp" and s.lemmas[verb] in _SMALL_CLAUSE and s.tags[kid][0] in "JN":
            found.extend(k for k in s.kids[kid] if deps[k] == "nsubj")  # "found them guilty"
    if not found and deps[verb] == "relcl":
        own = own_subject(s, verb)
        if own is not None and own != s.heads[verb]:
            return [s.heads[verb]]
    if not found and deps[verb] == "conj":
        # "attacked and destroyed the base": the object stands with the last verb
        for kid in kids:
            if deps[kid] == "conj" and s.tags[kid] == s.tags[verb]:
                return objects(s, kid)
    return found


def direct_object(s: Sentence, verb: int) -> list[int]:
    """As `objects`, without datives."""
    return [o for o in objects(s, verb) if s.deps[o] not in ("dative", "iobj")]


def obliques(s: Sentence, node: int, prepositions: frozenset[str]) -> list[int]:
    """Heads of the prepositional objects of a verb or noun, with one of these prepositions; complex ones included.

    "in cooperation with X" counts as "with" of the node, "on the part of X" does not.
    """
    found: list[int] = []
    deps, lowers = s.deps, s.lowers
    for kid in s.kids[node]:
        dep = deps[kid]
        if dep == "agent" and "with" in prepositions:
            for k in s.kids[kid]:  # "talks were held by Peru with Chile": the parser hangs "with" on the name before it
                if s.tags[k] == "NNP":
                    found.extend(
                        o
                        for p in s.kids[k]
                        if deps[p] == "prep" and lowers[p] == "with"
                        for o in s.kids[p]
                        if deps[o] == "pobj"
                    )
        if dep in ("prep", "agent", "dative") and lowers[kid] in prepositions:
            found.extend(k for k in s.kids[kid] if deps[k] in ("pobj", "pcomp"))
            for k in s.kids[kid]:  # "with Iran and with Iraq"
                if deps[k] == "conj" and lowers[k] in prepositions:
                    found.extend(o for o in s.kids[k] if deps[o] == "pobj")
                elif s.tags[node][0] == "N" and lowers[kid] == "of" and deps[k] == "pobj":
                    pass
                elif deps[k] == "prep" and lowers[k] in prepositions:
                    found.extend(o for o in s.kids[k] if deps[o] == "pobj")
        elif dep == "prep":
            for k in s.kids[kid]:  # "together with X", "along with X"
                if deps[k] == "prep" and lowers[k] in prepositions:
                    found.extend(o for o in s.kids[k] if deps[o] == "pobj")
                elif deps[k] == "pobj" and s.tags[node][0] == "N" and lowers[kid] in ("of", "for", "on"):
                    for inner in s.kids[k]:  # "the shelling of the island by Peru": the parser hangs it one noun lower
                        if deps[inner] in ("prep", "agent") and lowers[inner] in prepositions:
                            found.extend(o for o in s.kids[inner] if deps[o] == "pobj")
        elif dep in ("advmod", "prt"):
            for k in s.kids[kid]:  # "together with X", "pushed back against X", "fell back from X"
                if deps[k] == "prep" and lowers[k] in prepositions:
                    found.extend(o for o in s.kids[k] if deps[o] == "pobj")
    return found


_POSSESSIVE = ("poss", "amod", "compound", "nmod")


def light_verb(s: Sentence, noun: int) -> int | None:
    """The light verb whose object a noun is (hold talks; talks were held), or None."""
    dep, above = s.deps[noun], s.heads[noun]
    if dep == "conj":
        return light_verb(s, above) if s.tags[above][0] == "N" else None
    if dep in ("dobj", "nsubjpass") and s.lemmas[above] in LIGHT_VERBS:
        return above
    if dep == "pobj" and s.lowers[above] in ("with", "in", "into", "out", "on", "for") and s.lemmas[s.heads[above]] in (
        "meet", "go", "carry", "engage", "follow", "proceed", "press", "move", "come", "participate", "respond", "retaliate", "join"):  # fmt: skip
        return s.heads[above]
    for kid in s.kids[noun]:
        if s.deps[kid] == "acl" and s.tags[kid] == "VBN" and s.lemmas[kid] in LIGHT_VERBS:
            return kid
        if s.deps[kid] == "relcl" and s.lemmas[kid] in LIGHT_VERBS and noun in objects(s, kid):
            return kid
    return None


def patient_verb(s: Sentence, noun: int) -> int | None:
    """The verb that makes its subject the one upon whom the noun's event falls (faces sanctions), or None."""
    above = s.heads[noun]
    if s.deps[noun] == "dobj" and s.lemmas[above] in PATIENT_VERBS:
        return above
    if (
        s.deps[noun] == "pobj"
        and s.lowers[above] in ("under", "from")
        and s.lemmas[s.heads[above]] in ("come", "suffer", "be", "remain")
    ):
        return s.heads[above]
    return None


def noun_agents(s: Sentence, noun: int, depth: int = 0) -> list[int]:
    """Who stands behind an event noun: "Russia's decision", "the US offer", "a plan by Japan", "hold talks"."""
    if depth > 6:
        return []
    verb = light_verb(s, noun)
    if verb is not None:
        found = subjects(s, verb, depth + 1)
        if found:
            return found
    for kid in s.kids[noun]:
        if s.deps[kid] == "poss":
            return [kid]
    found = obliques(s, noun, frozenset(("by",)))
    if found:
        return found
    for kid in s.kids[noun]:
        if s.deps[kid] in ("compound", "amod", "nmod") and s.tags[kid] in ("NNP", "NNPS", "JJ", "NN"):
            return [kid]
    return []


def governor(s: Sentence, token: int) -> int:
    """The verb (or root) of the clause that a token stands in."""
    here = token
    for _ in range(len(s)):
        above = s.heads[here]
        if above == here or s.tags[here][0] == "V":
            return here
        here = above
        if s.tags[here][0] == "V":
            return here
    return here
