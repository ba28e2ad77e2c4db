#!/usr/bin/env bash
# Installs Spark with dbt's adapter into an environment of its own: var/services/spark, or the folder that is the first
# argument, and Java and jarjar from Debian or Ubuntu where there is none (root, or sudo without a password). Does nothing
# when all is there. The tests that compare the two engines start it and end it.
#
# FOLDER/jars gets the classes of Iceberg. The only release of them on PyPI comes without the Jackson that belongs into it
# under a name of its own; Spark's Jackson under that name takes its place. Iceberg's own jar may lie there instead.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$here/../var/services/spark}
jarjar=/usr/share/java/jarjar.jar

if ! command -v java >/dev/null || [[ ! -e $jarjar ]]; then
    as_root=()
    [[ $(id -u) == 0 ]] || as_root=(sudo -n)
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends \
        default-jre-headless libjarjar-java
fi

"$here/python_environment.sh" "$here/services/spark/requirements.txt" "$target"
[[ ! -e $target/jars ]] || exit 0

unfinished=$(mktemp -d "$target/jars.XXXX")
trap 'rm -rf "$unfinished"' EXIT
packages=("$target"/lib/python3*/site-packages)
cp "${packages[0]}"/snowpark_connect_deps_iceberg/jars/iceberg-spark-runtime-3.5_2.12-*.jar "$unfinished"
"$target/bin/python" - "$unfinished/jackson.jar" "${packages[0]}"/pyspark/jars/jackson-{core,databind,annotations}-2.*.jar <<'PYTHON'
import sys
from zipfile import ZipFile

with ZipFile(sys.argv[1], "w") as classes:  # jarjar does not know of META-INF/versions
    for jar in map(ZipFile, sys.argv[2:]):
        for name in jar.namelist():
            if name.endswith(".class") and name.startswith("com/"):
                classes.writestr(name, jar.read(name))
PYTHON
echo 'rule com.fasterxml.** org.apache.iceberg.shaded.com.fasterxml.@1' >"$unfinished/rules"
java -cp "$jarjar" com.tonicsystems.jarjar.Main process "$unfinished/rules" "$unfinished/jackson.jar" \
    "$unfinished/iceberg-shaded-jackson.jar"
rm "$unfinished/rules" "$unfinished/jackson.jar"
chmod 755 "$unfinished"
mv "$unfinished" "$target/jars"
