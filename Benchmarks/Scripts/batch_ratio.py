#!/usr/bin/env python3
"""Throughput of a batch against peers on the same archive, in one run.

batch_ratio.py SPINEMET ARCHIVE [--peer NAME=COMMAND]... [--repeat 3] [--jobs 2] [--option ...]
Runs the program and each peer in turn, `--repeat` times, after one pass that warms the page cache, and prints the
fastest and the median wall time of each, CPU time, peak memory and studies a minute, and the ratio of medians. Peers
are shell commands that process the whole archive. `cat` of all files stands for the time that reading alone takes."""
import argparse, json, os, shlex, shutil, statistics, subprocess, tempfile, time


def files(archive):
    return [os.path.join(p, n) for p, _, names in os.walk(archive) for n in names]


def timed(command, shell=False):
    began = time.perf_counter()
    process = subprocess.Popen(command, shell=shell, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 2):
        raise SystemExit(f"{command} ended with {status}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime


def read_all(paths, jobs):
    """Wall seconds of reading every byte with so many processes, through a small buffer."""
    reader = ("import sys\nb=bytearray(1<<20)\nfor p in sys.stdin.read().splitlines():\n"
              " with open(p,'rb',buffering=0) as f:\n  while f.readinto(b): pass\n")
    began = time.perf_counter()
    parts = [subprocess.Popen(["python3", "-c", reader], stdin=subprocess.PIPE) for _ in range(jobs)]
    for i, part in enumerate(parts):
        part.stdin.write("\n".join(paths[i::jobs]).encode())
        part.stdin.close()
    for part in parts:
        part.wait()
    return time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("archive")
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--option", action="append", default=[])
    a = parser.parse_args()
    paths = files(a.archive)
    size = sum(os.path.getsize(p) for p in paths)
    times = {"reading alone": [], "spinemet": [], **{p.split("=", 1)[0]: [] for p in a.peer}}
    read_all(paths, a.jobs)
    for _ in range(a.repeat):
        times["reading alone"].append((read_all(paths, a.jobs), 0))
        out = tempfile.mkdtemp(prefix="ratio-")
        times["spinemet"].append(timed([a.program, "batch", a.archive, "-o", out, "--jobs", str(a.jobs), "--quiet", *a.option]))
        manifest = json.load(open(out + "/manifest.json"))
        shutil.rmtree(out)
        for peer in a.peer:
            name, command = peer.split("=", 1)
            times[name].append(timed(command, shell=True))
    studies = manifest["archive"]["studies"]
    base = statistics.median(t for t, _ in times["spinemet"])
    print(f"{studies} studies, {len(paths)} files, {size / 1e9:.2f} GB; peak memory of all processes {manifest['peak_memory_mb']} MB")
    for name, values in times.items():
        wall = statistics.median(t for t, _ in values)
        cpu = statistics.median(c for _, c in values)
        print(f"{name:16} median {wall:7.2f} s  fastest {min(t for t, _ in values):7.2f} s  cpu {cpu:7.2f} s  "
              f"{60 * studies / wall:7.0f} studies/min  {wall / base:6.2f} times spinemet")


if __name__ == "__main__":
    main()
