#!/bin/bash
# Opt-in: runs the workflow over three shards, again over what is there, with a shard that dies in the middle of its work,
# and over an archive that grew; compares with a plain run, byte by byte. Needs Snakemake (PyPI) on the PATH, and numpy for
# the Python that PYTHON names. Every step has a time limit.
#   Scripts/snakemake/test.sh PROGRAM
set -euo pipefail
program=$(realpath "$1") here=$(cd "$(dirname "$0")" && pwd)
small=$here/../../Benchmarks/Scripts/small_archive.py
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "failed: $*" >&2; tail -n 40 "$work/log" >&2 || true; exit 1; }
archive=$work/archive
"${PYTHON:-python3}" "$small" "$archive" 60 >/dev/null
options="--muscle muscle.nii.gz --no-automatic-anatomy"
# workflow OUT PROGRAM [options of snakemake]
workflow() {
  (cd "$work" && timeout -k 10 300 snakemake -s "$here/Snakefile" --cores 2 "${@:3}" --config archive="$archive" out="$1" \
    shards=3 spinemet="$2" options="$options") >"$work/log" 2>&1
}
same() {
  timeout 300 "$program" batch "$archive" -o "$work/plain" --jobs 2 --quiet $options || [ $? = 2 ] || fail "the plain run"
  diff -r --exclude=.spinemet --exclude=manifest.json "$work/plain" "$1/merged" || fail "the outputs differ"
}
resumed() { sed -n 's/.*"resumed" *: *\([0-9]*\).*/\1/p' "$1/manifest.json"; }

workflow "$work/out" "$program" || fail "the first run"
same "$work/out"
echo "three shards and the merge: the same bytes as the plain run"

workflow "$work/out" "$program" || fail "the second run"
grep -q 'Nothing to be done' "$work/log" || fail "the second run did something"
echo "a second run: nothing to be done"

# A program that dies hard in the second shard once it has five results.
cat >"$work/dies" <<STUB
#!/bin/bash
case " \$* " in
*" --shard 2/3 "*)
  slow=(); for digit in 0 1 2 3 4 5 6 7 8 9; do slow+=(--test-hook "slow@\$digit"); done
  "$program" "\$@" "\${slow[@]}" & child=\$!
  for _ in \$(seq 600); do
    [ "\$(find "$work/cut/shard-2" -name features.json 2>/dev/null | wc -l)" -ge 5 ] && break
    sleep 0.05
  done
  kill -9 \$child; wait \$child ;;
*) exec "$program" "\$@" ;;
esac
STUB
chmod +x "$work/dies"
if workflow "$work/cut" "$work/dies" --keep-going; then fail "a shard that died passed for done"; fi
[ -f "$work/cut/shard-1.done" ] && [ -f "$work/cut/shard-3.done" ] || fail "the other shards did not go on"
[ ! -e "$work/cut/shard-2.done" ] && [ ! -e "$work/cut/merged" ] || fail "the dead shard counts as done"
workflow "$work/cut" "$program" || fail "the run after the death"
[ "$(resumed "$work/cut/shard-2")" -ge 5 ] || fail "the shard did not resume"
same "$work/cut"
echo "a shard that died: run again alone, kept $(resumed "$work/cut/shard-2") results, the same bytes"

"${PYTHON:-python3}" "$small" "$archive" 6 60 >/dev/null
workflow "$work/out" "$program" --forceall || fail "the run over the larger archive"
same "$work/out"
kept=$(($(resumed "$work/out/shard-1") + $(resumed "$work/out/shard-2") + $(resumed "$work/out/shard-3")))
[ $kept = 60 ] || fail "$kept results were kept, not 60"
echo "an archive that grew by 6 studies: 60 results kept, the same bytes"
