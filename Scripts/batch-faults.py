#!/usr/bin/env python3
"""Faults of a batch with the real program: kills, full disk, read-only output, vanishing and changing files, crashes.

batch-faults.py SPINEMET WORK [--studies 3000] [--kills 50]
Writes a small archive and outputs into WORK, which should be on a disk. Mounting a small disk needs root; without it
those two faults are skipped with a message. Prints one line a fault and exits with 1 when one failed. Needs numpy."""
import argparse, filecmp, json, os, random, shutil, signal, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Benchmarks", "Scripts"))
import small_archive

failures = 0


def report(name, passed, detail=""):
    global failures
    failures += 0 if passed else 1
    print(f"{'ok  ' if passed else 'FAIL'}  {name}{': ' if detail else ''}{detail}", flush=True)


class Bench:
    def __init__(self, program, work):
        self.program, self.work, self.archive = program, work, work + "/archive"

    def command(self, out, *options):
        return [self.program, "batch", self.archive, "-o", out, "--jobs", "2", "--quiet", "--muscle", "muscle.nii.gz",
                "--no-automatic-anatomy", *options]

    def run(self, out, *options):
        done = subprocess.run(self.command(out, *options), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=600)
        return done.returncode, done.stderr.decode(errors="replace").strip()

    def fresh(self, name):
        out = f"{self.work}/{name}"
        shutil.rmtree(out, ignore_errors=True)
        return out


def manifest(out):
    return json.load(open(out + "/manifest.json"))


def results(folder):
    """Relative paths of all result files; the manifest holds times, the working folder is no result."""
    found = set()
    for path, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f != ".spinemet"]
        found |= {os.path.relpath(os.path.join(path, name), folder) for name in names}
    return found - {"manifest.json"}


def same(first, second):
    a, b = results(first), results(second)
    if a != b:
        return f"{len(a - b)} files lost, {len(b - a)} files too many"
    different = [n for n in a if not filecmp.cmp(f"{first}/{n}", f"{second}/{n}", shallow=False)]
    return f"{len(different)} files differ" if different else ""


def kills(bench, plain, count, seconds):
    """Instants up to an eighth of an undisturbed run, so that the index and many studies are cut off."""
    out = bench.fresh("killed")
    instants = random.Random(7)
    killed, begun = 0, []
    while killed < count:
        process = subprocess.Popen(bench.command(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(instants.uniform(0.02, max(0.3, seconds / 8)))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        killed += 1
        begun.append(sum(os.path.exists(f"{out}/{n}/features.json") for n in os.listdir(out)))
    code, text = bench.run(out)
    wrong = same(plain, out)
    counts = manifest(out)["counts"]
    cut = sum(0 < n < counts["done"] for n in begun)
    detail = f"{cut} kills with some but not all studies done, {counts['resumed']} of {counts['done']} taken over"
    report(f"{count} kill -9 with resume", code == 0 and not wrong, f"{detail}; {wrong or 'every byte the same'}")


def small_disk(bench, plain):
    disk = f"{bench.work}/disk"
    os.makedirs(disk, exist_ok=True)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", disk]).returncode != 0:
        print("skip  full disk and read-only output: mounting needs root")
        return
    try:
        code, text = bench.run(disk + "/out")
        report("full disk", code == 73 and "space" in text, f"{code}, {text.splitlines()[-1] if text else 'silent'}")
        subprocess.run(["mount", "-o", "remount,size=600m", disk], check=True)
        code, text = bench.run(disk + "/out")
        report("room again", code == 0 and not same(plain, disk + "/out"), f"{code}, {same(plain, disk + '/out') or 'every byte the same'}")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        for out in (disk + "/out", disk + "/new"):
            code, text = bench.run(out)
            report("read-only output", code == 73 and len(text.splitlines()) == 1, f"{code}, {text}")
    finally:
        subprocess.run(["umount", disk])


def hooks(bench, plain, studies):
    uids = [f"{small_archive.ROOT}.{1000000 + n}" for n in range(4)]
    faults = ("crash", "hang", "memory", "abort")
    out = bench.fresh("hooks")
    options = [o for fault, uid in zip(faults, uids) for o in ("--test-hook", f"{fault}@{uid[-8:]}")]
    code, _ = bench.run(out, "--timeout", "4", "--memory-limit", "300", *options)
    told = {r["study_instance_uid"]: r for r in manifest(out)["refusals"] if r["outcome"] == "failed"}
    for fault, uid in zip(faults, uids):
        row = told.get(uid)
        report(f"a study that does {fault}", code == 2 and row is not None,
               f"{row['reason']}, signal {row.get('signal')}, stage {row.get('last_stage')}" if row else "not told")
    counts = manifest(out)["counts"]
    report("the others are measured", counts["failed"] == 4 and counts["done"] == studies - 4, str(counts["done"]))
    code, _ = bench.run(out)
    report("failed studies are not retried unasked", code == 2 and manifest(out)["counts"]["failed"] == 4)
    code, _ = bench.run(out, "--retry-failed")
    report("--retry-failed", code == 0 and not same(plain, out), same(plain, out) or "every byte the same")


def moving(bench, plain, studies):
    last = f"{bench.archive}/{(studies - 1) // 100:05d}/{studies - 1:07d}"
    slow = ["--test-hook", f"hang@{1000000:07d}", "--timeout", "2"]
    for name, harm, mend, word in (
        ("a folder that vanishes", lambda: os.rename(last, bench.work + "/away"),
         lambda: os.rename(bench.work + "/away", last), "vanished"),
        ("a file that changes", lambda: os.utime(last + "/IM01.dcm"), lambda: None, "changed"),
    ):
        out = bench.fresh("moving")
        shutil.copytree(plain, out)
        victim = next(r for r in os.listdir(out) if os.path.exists(f"{out}/{r}/features.json")
                      and f"{small_archive.ROOT}.{1000000 + studies - 1}\"" in open(f"{out}/{r}/features.json").read())
        first = next(r for r in os.listdir(out) if os.path.exists(f"{out}/{r}/features.json")
                     and f"{small_archive.ROOT}.1000000\"" in open(f"{out}/{r}/features.json").read())
        for key in (victim, first):
            shutil.rmtree(f"{out}/{key}")
        # The first study hangs in one worker until its time is up; meanwhile the last one is harmed, then retried.
        process = subprocess.Popen(bench.command(out, "--jobs", "1", *slow), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        harm()
        code = process.wait()
        reasons = [r["reason"] for r in manifest(out)["refusals"]]
        report(name, code == 2 and any(word in reason for reason in reasons), "; ".join(reasons))
        mend()
        code, _ = bench.run(out, "--retry-failed")
        report(f"{name}: the next run", code == 0 and not same(plain, out), same(plain, out) or "every byte the same")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("work")
    parser.add_argument("--studies", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=50)
    a = parser.parse_args()
    bench = Bench(os.path.abspath(a.program), os.path.abspath(a.work))
    if not os.path.isdir(bench.archive):
        small_archive.write(bench.archive, a.studies)
    plain = bench.fresh("plain")
    began = time.monotonic()
    code, text = bench.run(plain)
    seconds = time.monotonic() - began
    report("an undisturbed run", code == 0 and manifest(plain)["counts"]["done"] == a.studies, text)
    kills(bench, plain, a.kills, seconds)
    small_disk(bench, plain)
    hooks(bench, plain, a.studies)
    moving(bench, plain, a.studies)
    other = bench.fresh("eight")
    bench.run(other, "--jobs", "8")
    report("eight jobs", not same(plain, other), same(plain, other) or "every byte the same")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
