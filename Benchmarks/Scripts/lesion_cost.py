#!/usr/bin/env python3
"""Cost of measuring one lesion against its voxels, from one voxel to two million.

lesion_cost.py SPINEMET WORK_FOLDER [--plot FILE.png]: writes one phantom study of three sagittal series (32 slices of 640 x 640)
and masks of growing ellipsoids, and reads the stage `measure` of `analyze --profile`, the best of three. Needs numpy, nibabel and, for
the plot, matplotlib."""
import argparse, json, pathlib, re, subprocess, sys
import nibabel, numpy

WANTED = [1, 10, 100, 1_000, 10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 1_500_000, 2_000_000]


def study(program, work):
    series = [{"kind": kind, "matrix": 640, "field_of_view": 340, "slices": 32, "slice_thickness": 4}
              for kind in ("sag_t1", "sag_t2", "sag_t1_post")]
    (work / "spec.json").write_text(json.dumps({"name": "cost", "seed": 9, "series": series, "lesions": [{"level": "L3"}]}))
    if not (work / "truth.json").exists():
        subprocess.run([program, "phantom", "--spec", work / "spec.json", "-o", work], check=True, stdout=subprocess.DEVNULL)


def masks(work):
    """Ellipsoids about the grid's middle, as high as half their width, of about the wanted numbers of voxels."""
    grid = nibabel.load(work / "lesions.nii.gz")
    shape = grid.shape
    spacing = numpy.abs(numpy.linalg.norm(grid.affine[:3, :3], axis=0))
    place = [(numpy.arange(n) - n // 2) * step for n, step in zip(shape, spacing)]
    place[int(numpy.argmax(spacing))] *= 2
    squares = sum(numpy.square(axis).reshape([-1 if k == n else 1 for n in range(3)]) for k, axis in enumerate(place))
    order = numpy.sort(squares, axis=None)
    for count in WANTED:
        mask = (squares <= order[count - 1]).astype(numpy.uint8)
        file = work / f"mask{count}.nii.gz"
        nibabel.save(nibabel.Nifti1Image(mask, grid.affine), file)
        yield int(mask.sum()), file


def measure(program, work, mask):
    best, peak = None, 0
    for _ in range(3):
        command = [program, "analyze", work / "study", "--lesions", mask, "--anatomy", f"{work}/anatomy.nii.gz:spinemet",
                   "--profile", "--jobs", "1", "-o", work / "out"]
        run = subprocess.run(["/usr/bin/env", "time", "-f", "peak %M", *command] if pathlib.Path("/usr/bin/time").exists() else command,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if run.returncode not in (0, 2):
            sys.exit(run.stderr[-500:])
        milliseconds = float(re.search(r"^measure: ([\d.]+) ms", run.stderr, re.M).group(1))
        best = milliseconds if best is None else min(best, milliseconds)
        found = re.search(r"^peak (\d+)", run.stderr, re.M)
        peak = max(peak, int(found.group(1)) / 1024 if found else 0)
    lesion = json.loads((work / "out/features.json").read_text())["lesions"][0]
    return best, peak, lesion


def plot(rows, path):
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    x, y = [row["voxels"] for row in rows], [row["measure_ms"] for row in rows]
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6))
    axes[0].plot([v / 1e6 for v in x], [v / 1e3 for v in y], "o-")
    axes[0].set(xlabel="million voxels of the lesion", ylabel="seconds to measure it", xlim=(0, None), ylim=(0, None))
    axes[1].loglog(x, y, "o-")
    axes[1].set(xlabel="voxels of the lesion", ylabel="milliseconds")
    for panel in axes:
        panel.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--plot")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    study(arguments.program, arguments.work)
    rows = []
    for voxels, mask in masks(arguments.work):
        milliseconds, peak, lesion = measure(arguments.program, arguments.work, mask)
        rows.append({"voxels": voxels, "measure_ms": milliseconds, "peak_mb": round(peak),
                     "microseconds_per_voxel": round(1e3 * milliseconds / voxels, 3),
                     "diameter": lesion["size"]["maximum_sagittal_diameter_mm"], "margin": lesion["margin"]["class"],
                     "pattern": lesion["enhancement"]["class"]})
        print(json.dumps(rows[-1]), flush=True)
    if arguments.plot:
        plot(rows, arguments.plot)
