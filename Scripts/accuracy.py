#!/usr/bin/env python3
"""Compares features.json with truth.json over a cohort of synthetic studies and prints Markdown tables.

    accuracy.py FOLDER VARIANT FIRST_SEED COUNT

`indeterminate` and missing answers count as wrong. Intervals are Wilson's, 95 %. Python's standard library only.
"""
import datetime
import json
import math
import os
import sys

SIZES = [(0, 5), (5, 10), (10, 25), (25, 1000)]
SNRS = [(0, 5), (5, 10), (10, 20), (20, 1000)]


def wilson(hits, total, z=1.959963984540054):
    """Hits of total as a fraction with its interval."""
    if total == 0:
        return "none"
    p = hits / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{p:.3f} [{middle - half:.3f}, {middle + half:.3f}] ({hits}/{total})"


def quantile(values, q):
    values = sorted(values)
    place = q * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def summary(values):
    if not values:
        return "none"
    return f"{quantile(values, 0.5):.3f} | {quantile(values, 0.95):.3f} | {len(values)}"


def get(value, path):
    for name in path.split("."):
        if value is None:
            return None
        value = value.get(name)
    return value


def band(bounds, value):
    for low, high in bounds:
        if value is not None and low <= value < high:
            return f"{low}-{high}" if high < 1000 else f">= {low}"
    return "unknown"


def table(title, head, rows):
    columns = " | ".join(head)
    print(f"\n### {title}\n\n| {columns} |\n|" + "---|" * (columns.count(" | ") + 1))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")


def classification(title, pairs, note=""):
    """Confusion matrix, balanced accuracy and Cohen's kappa of (truth, answer) pairs."""
    pairs = [(t, a if a is not None else "missing") for t, a in pairs if t is not None]
    if not pairs:
        return None
    truths = sorted({t for t, _ in pairs}, key=str)
    answers = truths + sorted({a for _, a in pairs} - set(truths), key=str)
    rows = []
    recalls = []
    for t in truths:
        mine = [a for x, a in pairs if x == t]
        recalls.append(sum(a == t for a in mine) / len(mine))
        rows.append([t] + [sum(a == answer for a in mine) for answer in answers] + [wilson(sum(a == t for a in mine), len(mine))])
    table(title, ["truth \\ answer"] + answers + ["sensitivity"], rows)
    total = len(pairs)
    agreed = sum(t == a for t, a in pairs) / total
    chance = sum(sum(t == c for t, _ in pairs) * sum(a == c for _, a in pairs) for c in answers) / total**2
    kappa = (agreed - chance) / (1 - chance) if chance < 1 else float("nan")
    unsure = sum(a in ("indeterminate", "missing", "not_applicable") for _, a in pairs)
    balanced = sum(recalls) / len(recalls)
    print(f"\nBalanced accuracy **{balanced:.3f}**, kappa {kappa:.3f}, indeterminate or missing {wilson(unsure, total)}. {note}")
    return balanced


def sensitivity(name, cases):
    """(truth, answer) booleans as sensitivity and specificity."""
    positive = [a for t, a in cases if t]
    negative = [a for t, a in cases if not t]
    return [name, wilson(sum(positive), len(positive)), wilson(sum(not a for a in negative), len(negative))]


def read(folder, variant, first, count):
    studies = []
    for seed in range(first, first + count):
        truth_path = os.path.join(folder, str(seed), "truth.json")
        path = os.path.join(folder, str(seed), variant, "features.json")
        if not os.path.exists(truth_path):
            continue
        with open(truth_path) as file:
            truth = json.load(file)
        features = None
        if os.path.exists(path):
            with open(path) as file:
                features = json.load(file)
        studies.append((truth, features))
    return studies


def pixel(truth):
    for series in truth["series"]:
        if series["kind"] == "sag_t1":
            return series["spacing_mm"][0]
    return None


def snr(truth, uid):
    for series in truth["series"]:
        if series["series_instance_uid"] == uid:
            return series.get("muscle_snr")
    return None


def roles(studies):
    for blank in (False, True):
        pairs = []
        for truth, features in studies:
            if truth["specification"]["blank_tags"] != blank:
                continue
            answers = {s["series_instance_uid"]: s["role"] for s in (features or {}).get("series", [])}
            pairs += [(s["role"], answers.get(s["series_instance_uid"])) for s in truth["series"]]
        classification("Roles of series" + (", tags blanked" if blank else ""), pairs)


def diameters(lesions):
    by_band = {}
    relative = {}
    for truth, t, f in lesions:
        true = get(t, "size.maximum_sagittal_diameter_mm")
        found = get(f, "size.maximum_sagittal_diameter_mm")
        if true is None or found is None:
            continue
        for key in (band(SIZES, true), "all"):
            by_band.setdefault(key, []).append(abs(found - true) / pixel(truth))
            relative.setdefault(key, []).append(found - true)
    rows = [
        [k, summary(v), f"{sum(relative[k]) / len(relative[k]):+.3f}"]
        for k, v in sorted(by_band.items())
    ]
    table("Maximum sagittal diameter: absolute error in pixels", ["true diameter (mm)", "median | P95 | n", "bias (mm)"], rows)


def ratios(lesions, name, title):
    groups = {}
    clipped = 0
    for truth, t, f in lesions:
        true = get(t, f"signal.{name}.ratio_to_muscle")
        found = get(f, f"signal.{name}.ratio_to_muscle")
        if true is None:
            continue
        if found is None:
            clipped += 1
            continue
        error = abs(found / true - 1) * 100
        seen = abs(found / t["signal"][name]["ratio_with_coil"] - 1) * 100
        level = snr(truth, t["signal"][name]["series_instance_uid"])
        fall = truth["specification"]["coil_fall_off"]
        small = (get(t, "size.in_slice_diameter_mm") or 99) < 5
        keys = ["all", "muscle SNR " + band(SNRS, level)]
        if level is not None and level >= 10:
            keys.append("muscle SNR >= 10")
            keys.append("muscle SNR >= 10, " + ("bare coil" if fall >= 0.4 else "normalised coil"))
            keys.append("muscle SNR >= 10, lesion " + ("< 5 mm" if small else ">= 5 mm"))
            groups.setdefault("muscle SNR >= 10, against the ratio that the coil's fall-off leaves", []).append(seen)
        for key in keys:
            groups.setdefault(key, []).append(error)
    table(f"{title} ratio to muscle: absolute error in per cent", ["group", "median | P95 | n"],
          [[k, summary(v)] for k, v in sorted(groups.items())])
    print(f"\nNo ratio was given for {clipped} lesions.")


def signals(lesions, name, title):
    every, clear = [], []
    for truth, t, f in lesions:
        true = get(t, f"signal.{name}")
        if true is None:
            continue
        pair = (true["class"], get(f, f"signal.{name}.class"))
        every.append(pair)
        edge = 1 + truth["hyperintense_band"]
        if abs(true["ratio_to_muscle"] - edge) > truth["hyperintense_band"]:
            clear.append(pair)
    classification(f"{title} class, all", every)
    classification(f"{title} class, true ratio further than the band from the threshold", clear)


def enhancement(lesions):
    for low, high in [(0, 5), (5, 10), (10, 1000)]:
        chosen = [(t, f) for _, t, f in lesions if low <= (get(t, "size.in_slice_diameter_mm") or 0) < high]
        classification(f"Enhancement pattern, {band([(low, high)], low)} mm",
                       [(t["enhancement"]["class"], get(f, "enhancement.class")) for t, f in chosen])
    rows = []
    size = lambda t: get(t, "size.in_slice_diameter_mm") or 0
    answer = lambda f, c: get(f, "enhancement.class") == c
    rows.append(sensitivity("worms in a bag, >= 25 mm", [
        (t["enhancement"]["class"] == "worms_in_a_bag", answer(f, "worms_in_a_bag")) for _, t, f in lesions if size(t) >= 25]))
    rows.append(sensitivity("rim, >= 8 mm", [
        (t["enhancement"]["class"] == "rim_enhancing", answer(f, "rim_enhancing")) for _, t, f in lesions if size(t) >= 8]))
    rows.append(sensitivity("sclerotic centre, >= 8 mm", [
        (t["enhancement"]["sclerotic_center"], get(f, "enhancement.sclerotic_center") is True) for _, t, f in lesions if size(t) >= 8]))
    table("Single findings", ["finding", "sensitivity", "specificity"], rows)
    sure = wrong = 0
    for _, t, f in lesions:
        scores = get(f, "enhancement.scores")
        if not scores:
            continue
        best = max(scores, key=scores.get)
        if scores[best] > 0.9:
            sure += 1
            wrong += best != t["enhancement"]["class"]
    print(f"\nWrong among enhancement scores above 0.9: {wilson(wrong, sure)}.")


def froc(studies):
    found = []
    total = 0
    for truth, features in studies:
        remaining = {t["lesion_id"]: t for t in truth["lesions"] if t["mask_voxels"] > 0}
        total += len(remaining)
        candidates = sorted((features or {}).get("lesions", []), key=lambda f: -get(f, "source.confidence"))
        for f in candidates:
            point = get(f, "location.centroid_lps_mm")
            hit = None
            for key, t in remaining.items():
                reach = max((get(t, "size.in_slice_diameter_mm") or 10) / 2, 5)
                if math.dist(point, t["centroid_lps_mm"]) <= reach:
                    hit = key
            size = get(remaining[hit], "size.in_slice_diameter_mm") or 0 if hit else 0
            if hit:
                del remaining[hit]
            found.append((get(f, "source.confidence"), bool(hit), size))
    sizes = [get(t, "size.in_slice_diameter_mm") or 0 for truth, _ in studies for t in truth["lesions"] if t["mask_voxels"] > 0]
    rows = []
    for threshold in (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0):
        kept = [x for x in found if x[0] >= threshold]
        row = [threshold, f"{sum(not hit for _, hit, _ in kept) / max(len(studies), 1):.2f}"]
        for limit in (0, 8, 15):
            row.append(wilson(sum(hit and s >= limit for _, hit, s in kept), sum(s >= limit for s in sizes)))
        rows.append(row)
    table("Automatic candidates (FROC)", ["confidence >=", "false positives a study", "sensitivity", ">= 8 mm", ">= 15 mm"], rows)


def main():
    folder, variant, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    studies = read(folder, variant, first, count)
    answered = sum(f is not None for _, f in studies)
    lesions = []
    for truth, features in studies:
        answers = {get(f, "source.label"): f for f in (features or {}).get("lesions", [])}
        for t in truth["lesions"]:
            if t["mask_voxels"] > 0:
                lesions.append((truth, t, answers.get(t["lesion_id"])))
    print(f"## Accuracy, {variant}: seeds {first} to {first + count - 1}, {datetime.date.today().isoformat()}\n")
    print(f"{len(studies)} studies, {answered} with features, {len(lesions)} lesions.")
    if not studies:
        return
    roles(studies)
    if variant == "automatic":
        froc(studies)
        return
    diameters(lesions)
    ratios(lesions, "t1", "T1")
    ratios(lesions, "t2", "T2")
    signals(lesions, "t1", "T1")
    signals(lesions, "t2", "T2")
    classification("Size status", [(t["size"]["status"], get(f, "size.status")) for _, t, f in lesions])
    classification("Margin, measured lesions", [
        (t["margin"]["class"], get(f, "margin.class")) for _, t, f in lesions if t["size"]["status"] == "measured"])
    classification("Location", [(t["part"], get(f, "location.part")) for _, t, f in lesions])
    levels = [t["level"] == get(f, "location.level") for _, t, f in lesions]
    print(f"\nLevel right: {wilson(sum(levels), len(levels))}.")
    classification("Extent", [(t["extent"]["class"], get(f, "extent.class")) for _, t, f in lesions])
    classification("Mass formation", [(t["extent"]["mass_formation"], get(f, "extent.mass_formation")) for _, t, f in lesions])
    enhancement(lesions)


if __name__ == "__main__":
    main()
