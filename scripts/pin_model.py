"""Write the digests of the default language model's files, by which `comity doctor` knows them again.

    python scripts/pin_model.py

Run it after a change of `comity.language.model.DEFAULT_MODEL` or of its version in `pyproject.toml`, in an environment
installed from the lock file (whose hash has vouched for the package).
"""

from pathlib import Path

from comity.cli.doctor import DIGESTS
from comity.language.model import DEFAULT_MODEL, digests_of, model_folder

OUTPUT = Path(__file__).resolve().parents[1] / "src" / "comity" / "cli" / DIGESTS


def main() -> None:
    folder, version = model_folder(DEFAULT_MODEL)
    rows = [f"{DEFAULT_MODEL}\t{version}\t{name}\t{digest}" for name, digest in digests_of(folder).items()]
    OUTPUT.write_text("\n".join(["model\tversion\tfile\tsha256", *rows]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
