#!/usr/bin/env bash
# Makes an environment of Python packages in a folder of its own: python_environment.sh REQUIREMENTS FOLDER.
# Does nothing when these very requirements are there.
set -euo pipefail

wanted=$1
target=$2

cmp -s "$wanted" "$target/installed.txt" && exit 0
rm -rf "$target"
mkdir -p "$(dirname "$target")"
"${PYTHON:-python3}" -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted"
cp "$wanted" "$target/installed.txt" # last: what was interrupted is done again
