#!/bin/sh
# try_dist.sh PYTHON: what is in dist/ tried out. Is the wheel small enough? Do wheel and source archive come out as the same
# bytes when PYTHON (which has the build's tools) makes them once more, from the unpacked source archive alone? Does that
# wheel install in a clean environment, and does the demo run from there, away from the sources?
set -eu
python=$1
scripts=$(cd "$(dirname "$0")" && pwd)
dist=$(cd "$scripts/../dist" && pwd)
most=$((60 * 1000 * 1000))
for wheel in "$dist"/*.whl; do
  size=$(wc -c < "$wheel")
  if [ "$size" -gt "$most" ]; then
    echo "$wheel has $size bytes, and a wheel of ours may have $most: what has grown?" >&2
    exit 1
  fi
done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/sources"
tar -xzf "$dist"/*.tar.gz -C "$place/sources" --strip-components=1
(cd "$place/sources" && "$python" -m hatchling build >/dev/null)
for again in "$place"/sources/dist/*; do
  if ! cmp "$again" "$dist/$(basename "$again")"; then
    echo "built again from the source archive, $(basename "$again") has other bytes: what hangs on the folder, on git or the time?" >&2
    exit 1
  fi
  echo "$(basename "$again"): the same bytes when built again from the source archive"
done
"$scripts/make_venv.sh" "$place/venv"
"$place/venv/bin/python" -m pip install -q "$place"/sources/dist/*.whl
rm -rf "$place/sources"
cd "$place"
venv/bin/comity demo --json > record.json
venv/bin/comity doctor --ledger demo.ledger
venv/bin/comity --version --verbose
ls -l "$dist"
(cd "$dist" && sha256sum *)
