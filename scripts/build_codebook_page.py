"""Write the generated part of docs/codebook.md anew. Run it after a change to the tables of the codebook."""

from pathlib import Path

from comity.codebook import codebook
from comity.codebook.page import refreshed

PAGE = Path(__file__).resolve().parents[1] / "docs" / "codebook.md"


def main() -> None:
    PAGE.write_text(refreshed(PAGE.read_text("utf-8"), codebook()), "utf-8")


if __name__ == "__main__":
    main()
