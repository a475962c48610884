#!/bin/bash
# Measures synthetic lesions again under other noise, stacks, grids, field strengths and outlines.
#   Scripts/robustness.sh PATH_TO_SPINEMET
# SEEDS=n     number of studies (20: about 75 lesions)       FIRST=n  first seed (700000: looked at by no other script)
# ROBUSTNESS_OUTPUT=folder                                   JOBS=n   studies at a time (2)
set -u
spinemet=${1:?path of spinemet}
seeds=${SEEDS:-20}
first=${FIRST:-700000}
output=${ROBUSTNESS_OUTPUT:-robustness-output}
jobs=${JOBS:-2}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$output" || exit 73

one() {
  local seed=$1 folder=$output/$1 spec name masks
  mkdir -p "$folder"
  "$spinemet" phantom random --seed "$seed" --print-spec > "$folder/random.json" || return
  python3 "$here/robustness.py" variants "$folder/random.json" "$folder" || return
  for spec in "$folder"/*.spec.json; do
    name=$(basename "$spec" .spec.json)
    "$spinemet" phantom --spec "$spec" -o "$folder/$name" > /dev/null || { echo "seed $seed, $name: not written" >&2; continue; }
    masks=("$name")
    if [ "$name" = base ]; then
      python3 "$here/robustness.py" masks "$folder/base" || return
      masks=(base dilated eroded)
    fi
    for mask in "${masks[@]}"; do
      "$spinemet" analyze "$folder/$name/study" --lesions "$folder/$name/${mask/#$name/lesions}.nii.gz" \
        --anatomy "$folder/$name/anatomy.nii.gz:spinemet" --quiet -o "$folder/$name/$mask" > /dev/null 2> "$folder/$mask.log"
      mv "$folder/$name/$mask/features.json" "$folder/$mask.json" || echo "seed $seed, $mask: not measured" >&2
    done
    rm -rf "${folder:?}/$name"
  done
}

for ((index = 0; index < seeds; index++)); do
  one $((first + index)) &
  while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
done
wait
python3 "$here/robustness.py" table "$output" "$first" "$seeds" | tee "$output/robustness.md"
