"""Runs the engine over the paper's cohort and compares: truth, engine, print. Python standard library only.

Two roads, with the lesions' masks given in both, as the paper's readers found their lesions by eye: `given` adds the
label maps of muscle and vertebrae, `automatic` finds both in the pixels. Writes paper.md (every cell of Table 1, sizes,
Tables 2 and 3, what was taken for what, minutes and memory) and exits 1 where a bound of either road is broken.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from paper_cohort import cohort
from paper_compare import Report, print_truth, road_section, truth_checks, truth_lesions

ROADS = {
    "given": ("lesion masks, muscle and vertebrae given as label maps",
              ["--anatomy", "anatomy.nii.gz", "--muscle", "muscle.nii.gz"]),
    "automatic": ("lesion masks given, muscle and vertebrae found in the pixels", []),
}


def write_phantom(spinemet, work, study):
    """One study as DICOM, with its label maps beside it; kept where it was made from the same specification."""
    name, _, _, specification = study
    target, archive = os.path.join(work, "phantoms", name), os.path.join(work, "archive", name)
    text = json.dumps(specification, indent=1)
    file = os.path.join(work, "specifications", name + ".json")
    if os.path.exists(file) and os.path.exists(os.path.join(archive, "anatomy.nii.gz")):
        with open(file) as before:
            if before.read() == text:
                return
    for folder in (target, archive):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in ("specifications", "archive"):
        os.makedirs(os.path.join(work, folder), exist_ok=True)
    with open(file, "w") as out:
        out.write(text)
    subprocess.run([spinemet, "phantom", "--spec", file, "-o", target, "--masks-in-study"], check=True)
    os.rename(os.path.join(target, "study"), archive)
    for label_map in ("muscle.nii.gz", "anatomy.nii.gz"):
        shutil.copy(os.path.join(target, label_map), os.path.join(archive, label_map))


def remove_others(work, studies):
    """Studies of an earlier recipe would be measured too."""
    for folder in ("archive", "phantoms"):
        names = {study[0] for study in studies}
        for name in os.listdir(os.path.join(work, folder)):
            if name not in names:
                shutil.rmtree(os.path.join(work, folder, name))


def write_primaries(path, studies):
    with open(path, "w") as file:
        file.write("patient_id,primary\n")
        for identifier, primary in sorted({(s[2], s[1]) for s in studies}):
            file.write(f"{identifier},{primary}\n")


def run_road(spinemet, work, road, primaries, jobs):
    """Batch and cohort of one road; the folder of results, the folder of tables, exit codes and seconds of both."""
    features, tables = (os.path.join(work, road, name) for name in ("features", "tables"))
    shutil.rmtree(features, ignore_errors=True)
    start = time.time()
    batch = subprocess.run([spinemet, "batch", os.path.join(work, "archive"), "-o", features, "--jobs", str(jobs),
                            "--quiet", *ROADS[road][1]])
    analysed = time.time()
    joined = subprocess.run([spinemet, "cohort", features, "--primaries", primaries, "-o", tables]
                            ) if batch.returncode in (0, 2) else batch
    for step in (batch, joined):
        if step.returncode not in (0, 2):
            sys.exit(step.returncode)
    return features, tables, (batch.returncode, joined.returncode), (analysed - start, time.time() - analysed)


def largest_child_mb():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("spinemet")
    parser.add_argument("folder")
    parser.add_argument("--small", action="store_true", help="three studies of three patients only")
    parser.add_argument("--road", choices=[*ROADS, "both"], default="both")
    parser.add_argument("--truth-only", action="store_true", help="write the phantoms and check their truth")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    spinemet, work = os.path.abspath(options.spinemet), os.path.abspath(options.folder)
    os.makedirs(work, exist_ok=True)
    studies = cohort()
    if options.small:
        studies = [s for s in studies if s[0] in ("stomach-1-lumbar", "hcc-1-lumbar", "lung-1-thoracic")]
    start = time.time()
    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(lambda s: write_phantom(spinemet, work, s), studies))
    remove_others(work, studies)
    seconds, peak = time.time() - start, largest_child_mb()
    lesions = truth_lesions(work, studies)
    if options.truth_only:
        return print_truth(lesions)
    primaries = os.path.join(work, "primaries.csv")
    write_primaries(primaries, studies)
    report = Report()
    report.lines += [f"# The paper's cohort: {len({s[2] for s in studies})} patients, {len(studies)} studies, "
                     f"{len(lesions)} lesions"]
    if not options.small:
        truth_checks(lesions, report)
    cost = [f"- phantoms: {seconds / 60:.1f} min, largest process {peak:.0f} MB (seconds where they were there already)"]
    for road in ROADS if options.road == "both" else [options.road]:
        features, tables, codes, (batch, cohort_seconds) = run_road(spinemet, work, road, primaries, options.jobs)
        report.lines += ["", f"# Road `{road}`: {ROADS[road][0]}"]
        road_section(road, features, tables, codes, lesions, not options.small, report)
        with open(os.path.join(features, "manifest.json")) as file:
            manifest = json.load(file)
        cost.append(f"- {road}: batch {batch:.1f} s, {manifest['peak_memory_mb']} MB all processes together, cohort "
                    f"{cohort_seconds:.1f} s")
    report.lines += ["", "# Cost", "", *cost, f"- {options.jobs} jobs, {time.time() - start:.0f} s in all"]
    report.lines += ["", f"{len(report.broken)} bounds not met." if report.broken else "All bounds met."]
    text = "\n".join(report.lines) + "\n"
    with open(os.path.join(work, "paper.md"), "w") as file:
        file.write(text)
    print(text)
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
