#!/bin/bash
# Opt-in: runs a batch in three shards on a real one-node Slurm, kills and requeues one task, and compares the merged
# output with a plain run, byte by byte. Needs Debian's slurm-wlm and munge, root, and nothing else running Slurm.
#   Scripts/slurm/test.sh PROGRAM ARCHIVE     PROGRAM takes spinemet's arguments
set -eu
program=$(realpath "$1") archive=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
host=$(hostname -s)
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
slurmctld -D >/dev/null 2>&1 & started+=($!)
slurmd -D -N "$host" >/dev/null 2>&1 & started+=($!)
trap 'kill "${started[@]}" 2>/dev/null || true; wait 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 60); do sinfo -h -o %T 2>/dev/null | grep -q idle && break; sleep 0.5; done
sinfo

export SPINEMET=$program
merge=$(cd "$work" && "$here/submit.sh" "$archive" "$work/out" 3 ${TEST_OPTIONS:-} | tail -1)
# Kill the first shard that runs, hard, and requeue it.
killed=none
for _ in $(seq 240); do
  task=$(squeue -h -t R -o "%i %j" | awk '$2 == "spinemet" {print $1; exit}')
  if [ -n "$task" ]; then
    sleep 0.3
    if scontrol requeue "$task" 2>/dev/null; then killed=$task; break; fi
  fi
  [ -f "$work/out/merged/manifest.json" ] && break
  sleep 0.2
done
echo "requeued: $killed"
for _ in $(seq 600); do squeue -h | grep -q . || break; sleep 1; done
squeue
"$program" batch "$archive" -o "$work/plain" --jobs 2 --quiet ${TEST_OPTIONS:-} || [ $? = 2 ]
diff -r --exclude=.spinemet --exclude=manifest.json "$work/plain" "$work/out/merged" && [ "$killed" != none ] \
  && echo "merge job $merge: the requeued, sharded run equals the plain one"
