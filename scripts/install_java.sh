#!/usr/bin/env bash
# Installs what the test of JDBC needs on Debian or Ubuntu: a JDK and PostgreSQL's driver. Does nothing when both are there.
# Needs root, or sudo without a password.
set -euo pipefail

command -v javac >/dev/null && [[ -e /usr/share/java/postgresql.jar ]] && exit 0
as_root=()
[[ $(id -u) == 0 ]] || as_root=(sudo -n)
packages=(libpostgresql-jdbc-java)
command -v javac >/dev/null || packages+=(default-jdk-headless)
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}"
echo "Installed: ${packages[*]}"
