#!/bin/sh
# try_dist.sh: is the wheel of dist/ small enough, does it install in a clean environment, does the demo run from there,
# away from the sources?
set -eu
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
"$scripts/make_venv.sh" "$place/venv"
"$place/venv/bin/python" -m pip install -q "$dist"/*.whl
cd "$place"
venv/bin/comity demo --json > record.json
venv/bin/comity doctor --ledger demo.ledger
venv/bin/comity --version --verbose
ls -l "$dist"
