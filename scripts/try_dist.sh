#!/bin/sh
# try_dist.sh: install the wheel of dist/ in a clean environment and run the demo from there, away from the sources.
set -eu
dist=$(cd "$(dirname "$0")/../dist" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$(dirname "$0")/make_venv.sh" "$place/venv"
"$place/venv/bin/python" -m pip install -q "$dist"/*.whl
cd "$place"
venv/bin/comity demo --json > record.json
venv/bin/comity doctor --ledger demo.ledger
ls -l "$dist"
