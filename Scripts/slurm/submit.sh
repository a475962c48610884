#!/bin/bash
# submit.sh ARCHIVE OUT SHARDS [options of spinemet batch]: index once, one array task a shard, then the merge.
# Prints the merge's job number. SPINEMET names the program where it is not on the PATH.
set -eu
archive=$1 out=$2 shards=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
program=${SPINEMET:-spinemet}
mkdir -p "$out"
export ARCHIVE=$archive OUT=$out SHARDS=$shards SPINEMET=$program SPINEMET_OPTIONS="$*"
index=$(sbatch --parsable --job-name=spinemet-index --output="$out/index-%j.log" --requeue \
  --wrap "$(printf '%q ' "$program" batch "$archive" -o "$out/index" --index-only) --jobs \${SLURM_CPUS_ON_NODE:-2}")
array=$(sbatch --parsable --array="1-$shards" --dependency="afterok:$index" --output="$out/shard-%a.log" "$here/batch.sbatch")
parts=()
for i in $(seq "$shards"); do parts+=("$out/shard-$i"); done
sbatch --parsable --job-name=spinemet-merge --dependency="afterok:$array" --output="$out/merge-%j.log" \
  --wrap "$(printf '%q ' "$program" merge "${parts[@]}" -o "$out/merged") || [ \$? = 2 ]"
