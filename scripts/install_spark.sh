#!/usr/bin/env bash
# Installs Spark with dbt's adapter into an environment of its own: var/services/spark, or the folder that is the first
# argument, and Java from Debian or Ubuntu where there is none (root, or sudo without a password). Does nothing when both
# are there. The tests that compare the two engines start it and end it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)

if ! command -v java >/dev/null; then
    as_root=()
    [[ $(id -u) == 0 ]] || as_root=(sudo -n)
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends default-jre-headless
fi

exec "$here/python_environment.sh" "$here/services/spark/requirements.txt" "${1:-$here/../var/services/spark}"
