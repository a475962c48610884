#!/bin/bash
# Scores the engine on synthetic studies, through the command line and the DICOM files.
#   Scripts/accuracy.sh PATH_TO_SPINEMET
# SEEDS=n         number of studies (75: about 300 lesions)       FIRST=n    first seed (100000: the report seeds)
# VARIANTS="..."  anatomy (masks and label map given), masks (lesion masks only), automatic (nothing given)
# ACCURACY_OUTPUT=folder  KEEP=1 keeps the DICOM files            JOBS=n     studies at a time (2)
# Seeds 1 to 9999 are for development: constants may be chosen on them. Seeds from 100000 are for reports only.
set -u
spinemet=${1:?path of spinemet}
seeds=${SEEDS:-75}
first=${FIRST:-100000}
variants=${VARIANTS:-anatomy masks}
output=${ACCURACY_OUTPUT:-accuracy-output}
jobs=${JOBS:-2}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$output" || exit 73

one() {
  local seed=$1 folder=$output/$1 variant arguments status
  if [ ! -f "$folder/truth.json" ]; then
    "$spinemet" phantom random --seed "$seed" -o "$folder" || { echo "seed $seed: not written" >&2; return; }
  fi
  for variant in $variants; do
    [ -f "$folder/$variant/features.json" ] && continue
    case $variant in
      anatomy) arguments=(--lesions "$folder/lesions.nii.gz" --anatomy "$folder/anatomy.nii.gz:spinemet") ;;
      masks) arguments=(--lesions "$folder/lesions.nii.gz") ;;
      *) arguments=() ;;
    esac
    "$spinemet" analyze "$folder/study" "${arguments[@]}" --quiet -o "$folder/$variant" > /dev/null 2> "$folder/$variant.log"
    status=$?
    [ $status -eq 0 ] || [ $status -eq 2 ] || echo "seed $seed, $variant: exit $status" >&2
    rm -rf "$folder/$variant/overlays"
  done
  [ -n "${KEEP:-}" ] || rm -rf "$folder/study"
}

for ((index = 0; index < seeds; index++)); do
  one $((first + index)) &
  while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
done
wait
for variant in $variants; do
  python3 "$here/accuracy.py" "$output" "$variant" "$first" "$seeds" | tee "$output/$variant.md"
done
