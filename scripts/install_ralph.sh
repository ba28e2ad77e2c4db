#!/usr/bin/env bash
# Installs Ralph, a real learning record store, into an environment of its own: var/services/ralph, or the folder that is
# the first argument. Does nothing when it is there. The tests of the xAPI connection start it and end it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)

exec "$here/python_environment.sh" "$here/services/ralph_requirements.txt" "${1:-$here/../var/services/ralph}"
