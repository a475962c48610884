#!/bin/bash
# Opt-in: runs a batch in three shards on a real one-node Slurm, kills and requeues one task in the middle of its work, and
# compares the merged output with a plain run, byte by byte. Needs Debian's slurm-wlm and munge, root, and nothing else
# running Slurm. Every wait has a limit.
#   Scripts/slurm/test.sh PROGRAM [ARCHIVE [options of spinemet batch]]
# Without ARCHIVE 120 small studies are made (needs numpy, for the Python that PYTHON names).
set -euo pipefail
program=$(realpath "$1") here=$(cd "$(dirname "$0")" && pwd)
[ $# -lt 2 ] || archive=$(realpath "$2")
shift $(($# < 2 ? 1 : 2))
options=("$@")
work=$(mktemp -d)
host=$(hostname -s)
fail() { echo "failed: $*" >&2; tail -n 5 "$work"/out/*.log "$work"/slurm*.log >&2 2>/dev/null || true; exit 1; }
if [ -z "${archive:-}" ]; then
  archive="$work/somebody's archive"
  "${PYTHON:-python3}" "$here/../../Benchmarks/Scripts/small_archive.py" "$archive" 120
  options=(--muscle muscle.nii.gz --no-automatic-anatomy)
fi
export SLURM_CONF=$work/slurm.conf
mkdir -p "$work/state" "$work/spool" /run/munge
chown munge: /run/munge
cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
NodeName=$host CPUs=$(nproc) State=UNKNOWN RealMemory=$(($(awk '/MemTotal/{print $2}' /proc/meminfo) / 1024 - 512))
PartitionName=all Nodes=$host Default=YES State=UP
CONF
[ -f /etc/munge/munge.key ] || mungekey --create
started=()
runuser -u munge -- munged --foreground >/dev/null 2>&1 & started+=($!)
end() {
  { scancel --me && sleep 1; kill "${started[@]}" && wait "${started[@]}"; } 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT
slurmctld -D >/dev/null 2>&1 & started+=($!)
slurmd -D -N "$host" >/dev/null 2>&1 & started+=($!)
for _ in $(seq 120); do sinfo -h -o %T 2>/dev/null | grep -q idle && break; sleep 0.5; done
sinfo -h -o %T 2>/dev/null | grep -q idle || fail "Slurm does not start"

# The hook makes every study wait 0.3 s before it is measured, so that a task is long enough to be killed; it changes no
# result.
slow=()
for digit in 0 1 2 3 4 5 6 7 8 9; do slow+=(--test-hook "slow@$digit"); done
export SPINEMET=$program
merge=$(cd "$work" && "$here/submit.sh" "$archive" "$work/out" 3 "${options[@]}" "${slow[@]}" | tail -1)
results() { find "$1" -mindepth 2 -maxdepth 2 -name features.json 2>/dev/null | wc -l; }
task=
for _ in $(seq 1200); do
  for shard in 1 2 3; do
    [ "$(results "$work/out/shard-$shard")" -ge 5 ] && [ ! -f "$work/out/shard-$shard/manifest.json" ] || continue
    task=$shard
    break 2
  done
  sleep 0.05
done
[ -n "$task" ] || fail "no task was seen in the middle of its work"
job=$(squeue -h -r -t R -o "%A %K %j" | awk -v task="$task" '$3 == "spinemet" && $2 == task {print $1}')
[ -n "$job" ] || fail "the task is not in the queue"
batch=$(pgrep -f -- "batch $archive -o $work/out/shard-$task " | head -1)
# Slurm asks politely and gives time for a clean stop; the kill that follows leaves none.
scontrol requeue "$job"
kill -9 "$batch" 2>/dev/null || true
before=$(results "$work/out/shard-$task")
echo "killed and requeued: task $task with $before results"
for _ in $(seq 600); do
  [ -f "$work/out/merged/manifest.json" ] && ! squeue -h | grep -q . && break
  sleep 0.5
done
[ -f "$work/out/merged/manifest.json" ] || { squeue >&2; fail "the merge did not come to its end"; }
resumed=$(sed -n 's/.*"resumed" *: *\([0-9]*\).*/\1/p' "$work/out/shard-$task/manifest.json")
[ "${resumed:-0}" -gt 0 ] || fail "the requeued task did not resume"
code=0
timeout 900 "$program" batch "$archive" -o "$work/plain" --jobs 2 --quiet "${options[@]}" || code=$?
[ $code = 0 ] || [ $code = 2 ] || fail "the plain run ended with $code"
diff -r --exclude=.spinemet --exclude=manifest.json "$work/plain" "$work/out/merged" || fail "the outputs differ"
echo "the requeued task kept $resumed results; merge job $merge: $(results "$work/out/merged") studies, the same bytes as the plain run"
