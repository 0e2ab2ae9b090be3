"""Settings of the site (`make docs`): Sphinx reads the pages of this folder as they are.

The pages are plain Markdown that reads well on a code-hosting page; what only the site needs is added here while it
reads them: the contents from the sections of index.md, and on api.md the docstrings behind its tables.
"""

import re
from importlib import import_module

from sphinx.application import Sphinx

import comity

project = "Comity"
author = "The Comity developers"
copyright = "The Comity developers, Apache-2.0"
version = release = comity.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["examples", "pictures", "relations", "web"]

# The anchors that code-hosting pages give to headings.
myst_heading_anchors = 3
highlight_language = "text"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries = False

html_theme = "furo"
html_title = "Comity"
# The outputs on the pages are 100 columns wide: they fit beside the contents.
html_theme_options = {"light_css_variables": {"code-font-size": "0.73rem"}}
html_show_sphinx = False
html_copy_source = False
html_static_path: list[str] = []

SECTION = re.compile(r"^## (.+)$", re.M)
PAGE = re.compile(r"\]\((?!\.\.)([\w-]+)\.md\)")


def contents(index: str) -> str:
    """Tables of contents, one for each section of index.md, with the pages in the order in which it names them."""
    _, *parts = SECTION.split(index)
    made = [
        f"```{{toctree}}\n:hidden:\n:caption: {title}\n\n" + "\n".join(dict.fromkeys(PAGE.findall(text))) + "\n```\n"
        for title, text in zip(parts[::2], parts[1::2])
    ]
    return "\n".join(made)


def documented(page: str) -> str:
    """The tables of api.md, each followed by the docstrings of its names in full."""

    def more(section: re.Match[str]) -> str:
        module = section["module"]
        asked = []
        for name in re.findall(r"^\| `(\w+)[`(]", section["text"], re.M):
            one = getattr(import_module(module), name)
            if (module == "comity" and name not in ("Coder",)) or not callable(one):
                continue  # the others are documented with their own room
            kind = "autoclass" if isinstance(one, type) else "autofunction"
            if isinstance(one, type) and issubclass(one, Exception):
                kind = "autoexception"
            members = "   :members:\n" if isinstance(one, type) and not hasattr(one, "__struct_fields__") else ""
            asked.append(f".. {kind}:: {module}.{name}\n{members}")
        return section[0] + ("\n```{eval-rst}\n" + "\n".join(asked) + "\n```\n\n" if asked else "")

    return re.sub(r"^## `(?P<module>comity[\w.]*)`\n(?P<text>.*?)(?=^## |^<!-- /names)", more, page, flags=re.M | re.S)


OUTSIDE = re.compile(r"\[([^\]]+)\]\((\.\./[\w./-]+\.md)\)")
"""Links to pages beside this folder: they are no part of the site, and are given for downloading."""


def completed(app: Sphinx, name: str, source: list[str]) -> None:
    """Adds to a page, as it is read, what only the site needs."""
    source[0] = OUTSIDE.sub(r"{download}`\1 <\2>`", source[0])
    if name == "index":
        source[0] += "\n" + contents(source[0])
    if name == "api":
        source[0] = documented(source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", completed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
