#!/usr/bin/env bash
# demo.sh SPINEMET OUT_DIR: analyses the bundled study, prints the lesions and where the report is.
set -euo pipefail
spinemet=$1
out=$2
cd "$(dirname "$0")/.."
"$spinemet" analyze TestImages/study -o "$out"
