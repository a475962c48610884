"""Runs the engine over the paper's cohort and compares: truth, engine, print. Python standard library only.

Writes paper.md (every cell of Table 1, sizes, Tables 2 and 3, minutes and memory) and exits 1 where a bound is broken:
cells of Table 1 within 3 lesions of the truth, mean sizes within 1 mm, at most 3 false rims and 1 false worms-in-a-bag.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from paper_cohort import ORDER, cohort

GROUPS = ORDER + ["all"]
# Table 1 as printed: counts of the first five columns and the total.
PAPER = {
    ("margin", "well_defined"): [27, 10, 6, 44, 24, 111],
    ("margin", "ill_defined"): [20, 10, 11, 12, 5, 58],
    ("t1_signal", "hyperintense"): [0, 0, 0, 16, 0, 16],
    ("t1_signal", "iso_to_hypointense"): [47, 20, 17, 40, 29, 153],
    ("t2_signal", "hyperintense"): [11, 17, 14, 35, 17, 94],
    ("t2_signal", "iso_to_hypointense"): [36, 3, 3, 21, 12, 75],
    ("location", "vertebral_body"): [43, 15, 6, 46, 26, 136],
    ("location", "posterior_elements"): [4, 5, 11, 10, 3, 33],
    ("extent", "intraosseous"): [46, 9, 5, 43, 27, 130],
    ("extent", "extraosseous"): [1, 11, 12, 13, 2, 39],
    ("enhancement", "homogeneous"): [9, 1, 7, 18, 6, 41],
    ("enhancement", "heterogeneous"): [2, 17, 4, 26, 4, 53],
    ("enhancement", "non_enhancing"): [8, 2, 0, 0, 0, 10],
    ("enhancement", "rim_enhancing"): [28, 0, 0, 0, 0, 28],
    ("enhancement", "worms_in_a_bag"): [0, 0, 6, 0, 0, 6],
    ("enhancement", "not_applicable"): [0, 0, 0, 12, 19, 31],
}
# Rows of Table 2: osteoblastic, osteolytic, mixed, indeterminate.
PAPER_MATRIX = {"stomach": [21, 6, 20, 0], "colorectal": [0, 6, 5, 9], "hcc": [4, 8, 1, 4], "lung": [4, 24, 8, 20],
                "breast": [5, 3, 10, 11]}
PAPER_MEAN_CM = {"stomach": 1.12, "colorectal": 2.02, "hcc": 3.43, "lung": 1.05, "breast": 1.08}
CELL_BOUND, SIZE_BOUND_MM, FALSE_RIMS, FALSE_WORMS = 3, 1.0, 3, 1


def write_phantom(spinemet, work, study):
    name, _, _, specification = study
    target = os.path.join(work, "phantoms", name)
    if os.path.exists(os.path.join(target, "truth.json")):
        return
    os.makedirs(os.path.join(work, "specifications"), exist_ok=True)
    file = os.path.join(work, "specifications", name + ".json")
    with open(file, "w") as out:
        json.dump(specification, out, indent=1)
    subprocess.run([spinemet, "phantom", "--spec", file, "-o", target, "--masks-in-study"], check=True)
    archive = os.path.join(work, "archive", name)
    shutil.rmtree(archive, ignore_errors=True)
    os.makedirs(os.path.dirname(archive), exist_ok=True)
    os.rename(os.path.join(target, "study"), archive)


def truth_lesions(work, studies):
    """(primary, study UID, has CT, lesion) of every lesion, as truth.json has it."""
    result = []
    for name, primary, _, specification in studies:
        with open(os.path.join(work, "phantoms", name, "truth.json")) as file:
            truth = json.load(file)
        ct = any(s["kind"] == "ct" for s in specification["series"])
        result += [(primary, truth["study_instance_uid"], ct, lesion) for lesion in truth["lesions"]]
    return result


def findings(lesion):
    signal = lesion["signal"]
    return {
        "margin": lesion["margin"]["class"], "t1_signal": (signal.get("t1") or {}).get("class"),
        "t2_signal": (signal.get("t2") or {}).get("class"), "location": lesion["part"],
        "extent": lesion["extent"]["class"], "enhancement": lesion["enhancement"]["class"],
    }


def truth_tables(lesions):
    counts, matrix, sizes, status = Counter(), Counter(), {}, Counter()
    for primary, _, ct, lesion in lesions:
        for group in (primary, "all"):
            for feature, level in findings(lesion).items():
                counts[feature, level, group] += 1
            matrix[group, lesion["matrix"] if ct else "indeterminate"] += 1
            status[group, lesion["size"]["status"]] += 1
            diameter = lesion["size"].get("maximum_sagittal_diameter_mm")
            if lesion["size"]["status"] == "measured" and diameter is not None:
                sizes.setdefault(group, []).append(diameter)
    return counts, matrix, sizes, status


def false_patterns(work, lesions):
    """Lesions called rim or worms that are neither, matched by number within the study; the truth's where missed."""
    truth = {(uid, lesion["lesion_id"]): lesion["enhancement"]["class"] for _, uid, _, lesion in lesions}
    false, found = Counter(), Counter()
    for folder, _, files in os.walk(os.path.join(work, "features")):
        if "features.json" not in files:
            continue
        with open(os.path.join(folder, "features.json")) as file:
            document = json.load(file)
        for lesion in document["lesions"]:
            key = (document["study"]["study_instance_uid"], lesion["source"]["label"] or lesion["lesion_id"])
            called = lesion["enhancement"]["class"]
            if called in ("rim_enhancing", "worms_in_a_bag"):
                (found if truth.get(key) == called else false)[called] += 1
    return false, found


class Report:
    def __init__(self):
        self.lines, self.broken = [], []

    def table(self, title, header, rows):
        self.lines += ["", f"## {title}", "", "| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
        self.lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]

    def check(self, holds, text):
        if not holds:
            self.broken.append(text)
        self.lines.append(f"- {'met' if holds else '**NOT MET**'}: {text}")


def compare(tables, lesions, full, report):
    counts, matrix, sizes, status = truth_tables(lesions)
    rows, worst, unequal = [], 0, []
    engine = {(r["feature"], r["level"], r["group"]): r["count"] for r in tables["table1"]}
    for (feature, level), printed in PAPER.items():
        row = [f"{feature}: {level}"]
        for column, group in enumerate(GROUPS):
            true = counts[feature, level, group]
            got = engine.get((feature, level, group), 0)
            worst = max(worst, abs(got - true))
            if full and true != printed[column]:
                unequal.append(f"{feature} {level} {group}: {true}, printed {printed[column]}")
            difference = f" ({got - true:+d})" if got != true else ""
            row.append(f"{got} / {true}{f' / {printed[column]}' if full else ''}{difference}")
        rows.append(row)
    names = "engine / truth / print" if full else "engine / truth"
    report.table(f"Table 1: {names} (difference from truth)", ["", *GROUPS], rows)
    if full:
        report.lines += [""]
        report.check(not unequal, "the cohort's truth has the printed counts of Table 1" + "".join(
            f"; {text}" for text in unequal))
    report.check(worst <= CELL_BOUND, f"cells of Table 1 within {CELL_BOUND} of the truth (worst {worst})")
    compare_sizes(tables, sizes, status, full, report)
    kinds = ["osteoblastic", "osteolytic", "mixed", "indeterminate"]
    engine_matrix = {r["group"]: r for r in tables["table2"]}
    report.table("Table 2: engine / truth" + (" / print" if full else ""), ["", *kinds], [
        [g] + [f"{engine_matrix.get(g, {}).get(k, 0)} / {matrix[g, k]}" + (f" / {PAPER_MATRIX[g][i]}" if full else "")
               for i, k in enumerate(kinds)] for g in ORDER])
    truth3 = Counter((lesion["matrix"], findings(lesion)["t2_signal"]) for _, _, ct, lesion in lesions if ct)
    report.table("Table 3: engine / truth / print (five lesions more than the print, see Table 2)",
                 ["", "high", "low"],
                 [[k] + [f"{tables['table3']['counts'][k][s]} / {truth3[k, c]} / {p}" for s, c, p in zip(
                     ("high", "low"), ("hyperintense", "iso_to_hypointense"), printed)]
                  for k, printed in (("osteoblastic", (5, 28)), ("osteolytic", (37, 6)))])
    report.lines += ["", f"Chi-square {tables['table3']['chi_square']}, P {tables['table3']['p_value']} (print: 37.96 from "
                     "its counts, P < 0.001)"]


def compare_sizes(tables, sizes, status, full, report):
    rows, worst = [], 0.0
    for group in tables["size"]["groups"]:
        name = group["group"]
        true = sum(sizes.get(name, [])) / len(sizes[name]) if sizes.get(name) else None
        mean = group["mean_mm"]
        if true is not None:
            worst = max(worst, abs(mean - true) if mean is not None else float("inf"))
        rows.append([
            name, "-" if mean is None else f"{mean / 10:.3f}", "-" if true is None else f"{true / 10:.3f}",
            PAPER_MEAN_CM.get(name, 1.4 if full else "-"),
            f"{group['measured']} / {status[name, 'measured']}",
            f"{group['not_measured_whole_vertebra']} / {status[name, 'not_measured_whole_vertebra']}",
            f"{group['not_measured_posterior_infiltration']} / {status[name, 'not_measured_posterior_infiltration']}"])
    report.table("Size: mean in cm, counts engine / truth",
                 ["", "engine", "truth", "print", "measured", "whole vertebra", "posterior infiltration"], rows)
    report.lines += [""]
    report.check(worst <= SIZE_BOUND_MM, f"mean sizes within 0.1 cm of the truth (worst {worst / 10:.3f} cm)")
    if full:
        means = {g: sum(sizes[g]) / len(sizes[g]) / 10 for g in ORDER}
        far = {g: round(m, 3) for g, m in means.items() if abs(m - PAPER_MEAN_CM[g]) > 0.1}
        report.check(not far, f"the truth's mean sizes are the paper's within 0.1 cm {far or ''}")


def children_peak_mb():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("spinemet")
    parser.add_argument("folder")
    parser.add_argument("--small", action="store_true", help="the first patient of stomach and of HCC only")
    parser.add_argument("--truth-only", action="store_true", help="write the phantoms and check their truth")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    spinemet, work = os.path.abspath(options.spinemet), os.path.abspath(options.folder)
    os.makedirs(work, exist_ok=True)
    studies = cohort()
    if options.small:
        studies = [s for s in studies if s[2] in ("PAPER-stomach-1", "PAPER-hcc-1")]
    report = Report()
    start = time.time()
    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(lambda s: write_phantom(spinemet, work, s), studies))
    written = time.time()
    phantom_peak = children_peak_mb()
    lesions = truth_lesions(work, studies)
    primaries = os.path.join(work, "primaries.csv")
    with open(primaries, "w") as file:
        file.write("patient_id,primary\n")
        for identifier, primary in sorted({(s[2], s[1]) for s in studies}):
            file.write(f"{identifier},{primary}\n")
    if options.truth_only:
        counts, _, sizes, status = truth_tables(lesions)
        for (feature, level), printed in PAPER.items():
            true = [counts[feature, level, g] for g in GROUPS]
            print(feature, level, true, "" if true == printed else f"printed {printed}")
        for group in GROUPS:
            print(group, len(sizes.get(group, [])), sum(sizes.get(group, [0])) / max(1, len(sizes.get(group, []))),
                  {k[1]: v for k, v in status.items() if k[0] == group})
        return 0
    shutil.rmtree(os.path.join(work, "features"), ignore_errors=True)
    batch = subprocess.run([spinemet, "batch", os.path.join(work, "archive"), "-o", os.path.join(work, "features"),
                            "--jobs", str(options.jobs), "--quiet"])
    analysed = time.time()
    if batch.returncode not in (0, 2):
        return batch.returncode
    tables_folder = os.path.join(work, "tables")
    joined = subprocess.run([spinemet, "cohort", os.path.join(work, "features"), "--primaries", primaries, "-o",
                             tables_folder])
    if joined.returncode not in (0, 2):
        return joined.returncode
    with open(os.path.join(tables_folder, "tables.json")) as file:
        tables = json.load(file)
    report.lines += [f"# The paper's cohort: {len(studies)} studies, {len(lesions)} lesions"]
    compare(tables, lesions, not options.small, report)
    false, found = false_patterns(work, lesions)
    truth_patterns = Counter(lesion["enhancement"]["class"] for _, _, _, lesion in lesions)
    report.lines += ["", "## Patterns", ""]
    for pattern, bound in (("rim_enhancing", FALSE_RIMS), ("worms_in_a_bag", FALSE_WORMS)):
        report.check(false[pattern] <= bound, f"{pattern}: {found[pattern]} of {truth_patterns[pattern]} found, "
                     f"{false[pattern]} false (at most {bound})")
    report.check(batch.returncode == 0 and joined.returncode == 0,
                 f"no study refused (batch {batch.returncode}, cohort {joined.returncode})")
    report.lines += ["", "## Cost", "",
                     f"- phantoms {(written - start) / 60:.1f} min, batch {(analysed - written) / 60:.1f} min, cohort "
                     f"{time.time() - analysed:.1f} s, {options.jobs} jobs",
                     f"- largest process: {phantom_peak:.0f} MB writing phantoms, {children_peak_mb():.0f} MB overall"]
    with open(os.path.join(work, "paper.md"), "w") as file:
        file.write("\n".join(report.lines) + "\n")
    print("\n".join(report.lines))
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
