#!/bin/bash
# The paper's cohort as phantoms: writes the DICOM, runs batch and cohort, and puts the tables beside the paper's.
# usage: paper.sh SPINEMET [FOLDER] [--small]
set -euo pipefail
spinemet=${1:?usage: paper.sh SPINEMET [FOLDER] [--small]}
folder=${2:-paper-output}
exec python3 "$(dirname "$0")/paper.py" "$spinemet" "$folder" "${@:3}"
