#!/bin/sh
# debian_package.sh COMMAND PACKAGE WHAT: have COMMAND, from Debian's PACKAGE when it is missing and this runs as root.
# Never fails: the tests that need it are skipped with a reason.
command=$1 package=$2 what=$3
if command -v "$command" >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing Debian's $package for $what" >&2
  timeout 300 apt-get update -qq >/dev/null 2>&1
  DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1
  if command -v "$command" >/dev/null 2>&1; then exit 0; fi
fi
echo "$what are skipped: $command is missing (on Debian: sudo apt-get install $package)" >&2
