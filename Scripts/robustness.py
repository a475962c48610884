#!/usr/bin/env python3
"""The same lesions under other noise, stacks, grids, field strengths and outlines: what stays, what moves.

    robustness.py variants RANDOM.json FOLDER   specifications of one study's variants
    robustness.py masks STUDY_FOLDER            lesions.nii.gz dilated and eroded by a pixel in the slices' plane
    robustness.py table FOLDER FIRST COUNT      Markdown tables of stable categories and moved measurements

Python's standard library only.
"""
import gzip
import json
import os
import struct
import sys

from accuracy import get, quantile, wilson

SAGITTAL = ("sag_t1", "sag_t2", "sag_t1_post")
VARIANTS = {
    "noise 2": {"noise_seed": 2},
    "noise 3": {"noise_seed": 3},
    "noise 4": {"noise_seed": 4},
    "noise 5": {"noise_seed": 5},
    "turned 5": {"oblique_degrees": 5},
    "turned 10": {"oblique_degrees": 10},
    "half a pixel": {"grid_offset": 0.5},
    "other field strength": {},
}
MASKS = ["dilated", "eroded"]
CATEGORIES = {
    "T1": "signal.t1.class", "T2": "signal.t2.class", "margin": "margin.class", "pattern": "enhancement.class",
    "sclerotic centre": "enhancement.sclerotic_center", "size status": "size.status", "part": "location.part",
    "extent": "extent.class", "matrix": "matrix.class",
}
MEASUREMENTS = {  # relative changes in per cent, absolute ones in their unit
    "diameter, mm": ("size.maximum_sagittal_diameter_mm", False), "volume, %": ("size.volume_mm3", True),
    "T1 ratio, %": ("signal.t1.ratio_to_muscle", True), "T2 ratio, %": ("signal.t2.ratio_to_muscle", True),
    "relative enhancement, %": ("enhancement.relative_enhancement", True),
    "rim to core, %": ("enhancement.rim_to_core_ratio", True),
    "coefficient of variation": ("enhancement.coefficient_of_variation", False),
    "edge width, mm": ("margin.edge_width_mm", False),
}


def variants(source, folder):
    with open(source) as file:
        base = json.load(file)
    base["oblique_degrees"], base["grid_offset"], base["blank_tags"] = 0, 0, False
    base["series"] = [series for series in base["series"] if series["kind"] in SAGITTAL]
    base["mimics"] = []
    for name, changes in [("base", {}), *VARIANTS.items()]:
        other = dict(base, **changes)
        if name == "other field strength":
            other["field_strength"] = 1.5 if base["field_strength"] > 2 else 3
        with open(os.path.join(folder, f"{name}.spec.json"), "w") as file:
            json.dump(other, file)


def moved(labels, columns, rows, grows):
    """Labels of every slice grown into or shrunk by their four neighbours in the plane."""
    result = bytearray(labels)
    plane = columns * rows
    for index, label in enumerate(labels):
        place = index % plane
        column, row = place % columns, place // columns
        near = []
        if column > 0: near.append(labels[index - 1])
        if column + 1 < columns: near.append(labels[index + 1])
        if row > 0: near.append(labels[index - columns])
        if row + 1 < rows: near.append(labels[index + columns])
        if grows and label == 0:
            result[index] = max(near)
        elif not grows and label != 0 and any(other != label for other in near):
            result[index] = 0
    return bytes(result)


def masks(folder):
    with gzip.open(os.path.join(folder, "lesions.nii.gz")) as file:
        data = file.read()
    columns, rows = struct.unpack_from("<2h", data, 42)
    bits, = struct.unpack_from("<h", data, 72)
    start = int(struct.unpack_from("<f", data, 108)[0])
    size = bits // 8
    labels = data[start::size]
    for name in MASKS:
        changed = bytearray(data)
        changed[start::size] = moved(labels, columns, rows, name == "dilated")
        with gzip.open(os.path.join(folder, f"{name}.nii.gz"), "wb") as file:
            file.write(changed)


def lesions(path):
    try:
        with open(path) as file:
            return {get(lesion, "source.label"): lesion for lesion in json.load(file)["lesions"]}
    except OSError:
        return {}


def table(folder, first, count):
    names = list(VARIANTS) + MASKS
    pairs = {name: [] for name in names}
    for seed in range(first, first + count):
        base = lesions(os.path.join(folder, str(seed), "base.json"))
        for name in names:
            other = lesions(os.path.join(folder, str(seed), f"{name}.json"))
            pairs[name] += [(lesion, other[key]) for key, lesion in base.items() if key in other]
    print(f"## Robustness: seeds {first} to {first + count - 1}\n\n### Share of lesions whose category stays\n")
    print("| variant | lesions | " + " | ".join(CATEGORIES) + " |\n|" + "---|" * (len(CATEGORIES) + 2))
    total = {name: [0, 0] for name in CATEGORIES}
    for name in names:
        cells = []
        for category, path in CATEGORIES.items():
            both = [(get(a, path), get(b, path)) for a, b in pairs[name]]
            same = sum(a == b for a, b in both)
            total[category][0] += same
            total[category][1] += len(both)
            cells.append(f"{same / len(both):.3f}" if both else "none")
        print(f"| {name} | {len(pairs[name])} | " + " | ".join(cells) + " |")
    print("| all | | " + " | ".join(wilson(*total[name]) for name in CATEGORIES) + " |")
    print("\n### Absolute change of measurements, median / 95th percentile\n")
    print("| variant | " + " | ".join(MEASUREMENTS) + " |\n|" + "---|" * (len(MEASUREMENTS) + 1))
    for name in names:
        cells = []
        for path, isRelative in MEASUREMENTS.values():
            changes = []
            for a, b in pairs[name]:
                before, after = get(a, path), get(b, path)
                if before is not None and after is not None and (before or not isRelative):
                    changes.append(abs(after - before) / (before / 100 if isRelative else 1))
            cells.append(f"{quantile(changes, 0.5):.2f} / {quantile(changes, 0.95):.2f}" if changes else "none")
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "variants":
        variants(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 3 and sys.argv[1] == "masks":
        masks(sys.argv[2])
    elif len(sys.argv) == 5 and sys.argv[1] == "table":
        table(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(__doc__)
