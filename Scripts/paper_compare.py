"""The paper's print, the phantoms' truth and the engine's tables side by side. Python standard library only."""

import csv
import json
import os
from collections import Counter

from paper_cohort import ORDER

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


def mean(values):
    return sum(values) / len(values) if values else None


# Columns of lesions.csv that hold what `findings` names.
COLUMNS = {"margin": "margin.class", "t1_signal": "signal.t1.class", "t2_signal": "signal.t2.class",
           "location": "location.part", "extent": "extent.class", "enhancement": "enhancement.class"}


def read_rows(features):
    """The rows of lesions.csv by study and label of the mask."""
    with open(os.path.join(features, "lesions.csv"), newline="", encoding="utf-8") as file:
        return {(row["study_instance_uid"], int(row["source.label"])): row for row in csv.DictReader(file)}


def taken_for(rows, lesions):
    """(finding, truth, engine) of every lesion, counted; a lesion that is missing counts as such."""
    counts = Counter()
    for _, uid, _, lesion in lesions:
        row = rows.get((uid, lesion["lesion_id"]))
        for feature, true in findings(lesion).items():
            counts[feature, true, row[COLUMNS[feature]] if row else "missing"] += 1
        counts["whole vertebra", str(lesion["whole_vertebra"]).lower(),
               row["location.whole_vertebra"] if row else "missing"] += 1
    return counts


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


def truth_checks(lesions, report):
    """Whether the phantoms' truth is the print's."""
    counts, _, sizes, _ = truth_tables(lesions)
    unequal = [f"{feature} {level} {group}: {counts[feature, level, group]}, printed {printed[column]}"
               for (feature, level), printed in PAPER.items() for column, group in enumerate(GROUPS)
               if counts[feature, level, group] != printed[column]]
    report.lines += [""]
    report.check(not unequal, "the truth of the phantoms has the printed counts of Table 1" + "".join(
        f"; {text}" for text in unequal))
    means = {g: mean(sizes[g]) / 10 for g in ORDER}
    far = {g: round(m, 3) for g, m in means.items() if abs(m - PAPER_MEAN_CM[g]) > 0.1}
    report.check(not far, f"the mean sizes of the phantoms are the paper's within 0.1 cm {far or ''}")


def print_truth(lesions):
    counts, _, sizes, status = truth_tables(lesions)
    for (feature, level), printed in PAPER.items():
        true = [counts[feature, level, g] for g in GROUPS]
        print(feature, level, true, "" if true == printed else f"printed {printed}")
    for group in GROUPS:
        found = sizes.get(group, [])
        print(group, len(found), mean(found), {k[1]: v for k, v in status.items() if k[0] == group})


def road_section(road, features, tables_folder, codes, lesions, full, report):
    """Everything about one road: its tables beside truth and print, what was taken for what, its bounds."""
    with open(os.path.join(tables_folder, "tables.json")) as file:
        tables = json.load(file)
    counts, matrix, sizes, status = truth_tables(lesions)
    rows, misses = [], Counter()
    engine = {(r["feature"], r["level"], r["group"]): r["count"] for r in tables["table1"]}
    for (feature, level), printed in PAPER.items():
        row = [f"{feature}: {level}"]
        for column, group in enumerate(GROUPS):
            true = counts[feature, level, group]
            got = engine.get((feature, level, group), 0)
            misses[feature] = max(misses[feature], abs(got - true))
            difference = f" ({got - true:+d})" if got != true else ""
            row.append(f"{got} / {true}{f' / {printed[column]}' if full else ''}{difference}")
        rows.append(row)
    names = "engine / truth / print" if full else "engine / truth"
    report.table(f"Table 1, {road}: {names} (difference from truth)", ["", *GROUPS], rows)
    report.lines += [""]
    for feature, worst in misses.items():
        report.check(worst <= CELL_BOUND, f"{road}, {feature}: cells within {CELL_BOUND} lesions of the truth "
                     f"(worst {worst})")
    confusion(taken_for(read_rows(features), lesions), road, report)
    compare_sizes(tables, sizes, status, full, road, report)
    kinds = ["osteoblastic", "osteolytic", "mixed", "indeterminate"]
    engine_matrix = {r["group"]: r for r in tables["table2"]}
    report.table(f"Table 2, {road}: {names}", ["", *kinds], [
        [g] + [f"{engine_matrix.get(g, {}).get(k, 0)} / {matrix[g, k]}" + (f" / {PAPER_MATRIX[g][i]}" if full else "")
               for i, k in enumerate(kinds)] for g in ORDER])
    truth3 = Counter((lesion["matrix"], findings(lesion)["t2_signal"]) for _, _, ct, lesion in lesions if ct)
    report.table(f"Table 3, {road}: {names}", ["", "high", "low"],
                 [[k] + [f"{tables['table3']['counts'][k][s]} / {truth3[k, c]}" + (f" / {p}" if full else "")
                         for s, c, p in zip(("high", "low"), ("hyperintense", "iso_to_hypointense"), printed)]
                  for k, printed in (("osteoblastic", (5, 28)), ("osteolytic", (37, 6)))])
    if full:
        report.lines += ["", "The rows of the printed Table 2 hold five lesions more than the printed Table 3."]
    chi_square, p_value = (tables["table3"][key] for key in ("chi_square", "p_value"))
    if chi_square is not None:
        report.lines += ["", f"Chi-square {chi_square:.2f}, P {p_value:.2g} (the print's counts give 37.96, P < 0.001)."]
    report.lines += [""]
    report.check(codes == (0, 0), f"{road}: no study refused (batch {codes[0]}, cohort {codes[1]})")


def confusion(counts, road, report):
    """What was taken for what, lesion by lesion, and the two patterns with their bounds."""
    wrong = sorted(((key, n) for key, n in counts.items() if key[1] != key[2]), key=lambda item: (item[0][0], -item[1]))
    right = Counter()
    for (feature, true, got), n in counts.items():
        right[feature] += n if true == got else 0
    report.table(f"Lesion by lesion, {road}", ["finding", "right", "truth as what the engine says"], [
        [feature, n, "; ".join(f"{true} as {got} {m}" for (f, true, got), m in wrong if f == feature) or "none"]
        for feature, n in right.items()])
    report.lines += [""]
    for pattern, bound in (("rim_enhancing", FALSE_RIMS), ("worms_in_a_bag", FALSE_WORMS)):
        all_true = sum(n for (f, true, _), n in counts.items() if f == "enhancement" and true == pattern)
        false = sum(n for (f, true, got), n in counts.items()
                    if f == "enhancement" and got == pattern and true != pattern)
        report.check(false <= bound, f"{road}: {pattern} found in {counts['enhancement', pattern, pattern]} of "
                     f"{all_true} lesions, {false} false (at most {bound})")


def compare_sizes(tables, sizes, status, full, road, report):
    rows, worst = [], 0.0
    for group in tables["size"]["groups"]:
        name, measured = group["group"], group["mean_mm"]
        true = mean(sizes.get(name))
        if true is not None:
            worst = max(worst, abs(measured - true) if measured is not None else float("inf"))
        rows.append([
            name, "-" if measured is None else f"{measured / 10:.3f}", "-" if true is None else f"{true / 10:.3f}",
            PAPER_MEAN_CM.get(name, 1.4 if full else "-"),
            f"{group['measured']} / {status[name, 'measured']}",
            f"{group['not_measured_whole_vertebra']} / {status[name, 'not_measured_whole_vertebra']}",
            f"{group['not_measured_posterior_infiltration']} / {status[name, 'not_measured_posterior_infiltration']}"])
    report.table(f"Size, {road}: mean in cm, counts engine / truth",
                 ["", "engine", "truth", "print", "measured", "whole vertebra", "posterior infiltration"], rows)
    report.lines += [""]
    report.check(worst <= SIZE_BOUND_MM, f"{road}: mean sizes within 0.1 cm of the truth (worst {worst / 10:.3f} cm)")
