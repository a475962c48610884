#!/usr/bin/env python3
"""Cost of a batch against the number of studies: index, second walk, run, resumed run, memory.

archive_scale.py SPINEMET FOLDER [--jobs 2] [--plot FILE.png]: FOLDER holds archives of small_archive.py, each named by its
number of studies. Prints one row a size; --plot draws wall time and memory. Needs matplotlib for the plot."""
import argparse, json, os, shutil, subprocess, sys, tempfile, time


def timed(command):
    """Wall and CPU seconds (workers included) of a command that must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    text = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with {status}: {text.decode(errors='replace')[-500:]}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime


def measure(program, archive, jobs):
    out = tempfile.mkdtemp(prefix="scale-", dir=os.path.dirname(archive))
    batch = [program, "batch", archive, "-o", out, "--jobs", str(jobs), "--quiet", "--muscle", "muscle.nii.gz",
             "--no-automatic-anatomy"]
    try:
        row = {"studies": int(os.path.basename(archive))}
        row["index_s"], row["index_cpu_s"] = timed(batch + ["--index-only"])
        row["second_walk_s"], row["second_walk_cpu_s"] = timed(batch + ["--index-only"])
        row["run_s"], row["run_cpu_s"] = timed(batch)
        manifest = json.load(open(out + "/manifest.json"))
        row["peak_mb"], row["workers_peak_mb"] = manifest["peak_memory_mb"], manifest["peak_worker_memory_mb"]
        row["done"] = manifest["counts"]["done"]
        row["resume_s"], row["resume_cpu_s"] = timed(batch)
        row["resumed"] = json.load(open(out + "/manifest.json"))["counts"]["resumed"]
        row["index_mb"] = os.path.getsize(out + "/.spinemet/index.sqlite") / 1e6
        row["ledger_mb"] = os.path.getsize(out + "/.spinemet/ledger.sqlite") / 1e6
        return {key: round(value, 2) for key, value in row.items()}
    finally:
        shutil.rmtree(out, ignore_errors=True)


def plot(rows, path):
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    x = [row["studies"] for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    for key, label in (("run_s", "run"), ("index_s", "first index"), ("resume_s", "resumed run, all done"),
                       ("second_walk_s", "second walk")):
        left.plot(x, [row[key] for row in rows], "o-", label=label)
    left.set(xlabel="studies of 10 files", ylabel="seconds, two jobs", xlim=(0, None), ylim=(0, None))
    left.legend(frameon=False)
    right.plot(x, [row["peak_mb"] for row in rows], "o-", label="all processes")
    right.plot(x, [row["peak_mb"] - row["workers_peak_mb"] for row in rows], "o-", label="coordinator")
    right.set(xlabel="studies of 10 files", ylabel="peak memory, MB", xlim=(0, None), ylim=(0, None))
    right.legend(frameon=False)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--plot")
    arguments = parser.parse_args()
    rows = []
    for name in sorted((n for n in os.listdir(arguments.folder) if n.isdigit()), key=int):
        rows.append(measure(arguments.program, os.path.join(arguments.folder, name), arguments.jobs))
        print(json.dumps(rows[-1]), flush=True)
    if arguments.plot:
        plot(rows, arguments.plot)
