#!/bin/sh
# make_venv.sh FOLDER: a virtual environment of Python 3.11 or newer. PYTHON=… chooses the interpreter.
set -eu
folder=$1

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
make_venv() { rm -rf "$folder"; "$python" -m venv "$folder" >/dev/null 2>&1 && [ -x "$folder/bin/pip" ]; }

python=
for one in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
  if command -v "$one" >/dev/null && fits "$one"; then python=$one; break; fi
done
if [ -z "$python" ]; then
  echo "Comity needs Python 3.11 or newer. Install it (Debian 12 and later: apt-get install python3 python3-venv)," >&2
  echo "or name one: make PYTHON=/path/to/python …" >&2
  exit 1
fi
if make_venv; then exit 0; fi

# Debian leaves out ensurepip until python3-venv is installed.
package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing Debian's $package" >&2
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null
  if make_venv; then exit 0; fi
fi
rm -rf "$folder"
echo "$python cannot make virtual environments. On Debian run: sudo apt-get install $package" >&2
echo "then run this again, or name another Python: make PYTHON=/path/to/python …" >&2
exit 1
