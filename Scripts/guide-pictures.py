#!/usr/bin/env python3
"""Draws the pictures of Guides/ from two phantom studies.

usage: guide-pictures.py SPINEMET WORK_FOLDER PICTURE_FOLDER
Needs numpy, scipy, pydicom, nibabel, matplotlib. The studies are `demo` and `ct`, seed 11.
"""
import json
import pathlib
import subprocess
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import nibabel
import numpy as np
import pydicom
from matplotlib.patches import Rectangle

SEED = 11
HYPERINTENSE_BAND = 0.1  # the default of the threshold of that name
LESION, MUSCLE, BONE, CANAL = "#ff5a5a", "#5ad08a", "#f0c040", "#58b8e8"
CLASS_NAMES = {"homogeneous": "homogeneous", "heterogeneous": "heterogeneous", "non_enhancing": "non-enhancing",
               "rim_enhancing": "rim", "worms_in_a_bag": "worms-in-a-bag"}


class Series:
    """A stack sorted along its normal: pixels [slice, row, column], and the way from LPS millimetres to indices."""

    def __init__(self, files):
        images = [pydicom.dcmread(file) for file in files]
        row, column = np.reshape([float(v) for v in images[0].ImageOrientationPatient], (2, 3))
        self.normal = np.cross(row, column)
        images.sort(key=lambda image: np.dot(self.normal, np.array(image.ImagePositionPatient, float)))
        self.pixels = np.stack([image.pixel_array * float(getattr(image, "RescaleSlope", 1))
                                + float(getattr(image, "RescaleIntercept", 0)) for image in images])
        spacing = [float(v) for v in images[0].PixelSpacing]
        self.spacing = spacing
        positions = [np.array(image.ImagePositionPatient, float) for image in images]
        step = (positions[-1] - positions[0]) / max(1, len(positions) - 1)
        self.matrix = np.eye(4)
        self.matrix[:3, 0] = row * spacing[1]
        self.matrix[:3, 1] = column * spacing[0]
        self.matrix[:3, 2] = step
        self.matrix[:3, 3] = positions[0]

    def index(self, points):
        """Column, row, slice of LPS points."""
        points = np.atleast_2d(points)
        return (np.linalg.inv(self.matrix) @ np.c_[points, np.ones(len(points))].T).T[:, :3]

    def labels(self, path):
        """A NIfTI label map by nearest voxel on this stack, [slice, row, column]."""
        image = nibabel.load(path)
        values = np.asanyarray(image.dataobj)
        slices, rows, columns = self.pixels.shape
        k, j, i = np.mgrid[0:slices, 0:rows, 0:columns]
        points = self.matrix @ np.stack([i, j, k, np.ones_like(i)]).reshape(4, -1)
        points[:2] *= -1
        at = np.rint(np.linalg.inv(image.affine) @ points)[:3].astype(int)
        inside = np.all((at >= 0) & (at < np.array(values.shape)[:, None]), axis=0)
        result = np.zeros(i.size, values.dtype)
        result[inside] = values[tuple(at[:, inside])]
        return result.reshape(self.pixels.shape)


class Study:
    def __init__(self, spinemet, work, case):
        folder = work / case
        if not (folder / "truth.json").exists():
            subprocess.run([spinemet, "phantom", case, "--seed", str(SEED), "-o", folder], check=True)
        if not (folder / "out" / "features.json").exists():
            subprocess.run([spinemet, "analyze", folder / "study", "--lesions", folder / "lesions.nii.gz", "--anatomy",
                            f"{folder}/anatomy.nii.gz:spinemet", "--quiet", "-o", folder / "out"], check=True,
                           stdout=subprocess.DEVNULL)
        self.folder = folder
        self.features = json.loads((folder / "out" / "features.json").read_text())
        by_uid = {}
        for file in sorted((folder / "study").rglob("*")):
            if file.is_file():
                header = pydicom.dcmread(file, stop_before_pixels=True, force=True)
                by_uid.setdefault(str(getattr(header, "SeriesInstanceUID", "")), []).append(file)
        self.series = {entry["role"]: Series(by_uid[entry["series_instance_uid"]])
                       for entry in self.features["series"] if entry["series_instance_uid"] in by_uid}
        self._labels = {}

    def labels(self, role, name):
        if (role, name) not in self._labels:
            self._labels[role, name] = self.series[role].labels(self.folder / f"{name}.nii.gz")
        return self._labels[role, name]

    def crop(self, axis, role, lesion, half=22, outline=True, limits=None, slice_index=None):
        """Shows a square of `half` mm around a lesion, in the slice through its centroid unless another is named;
        returns the slice's index."""
        series = self.series[role]
        centre = series.index(lesion["location"]["centroid_lps_mm"])[0]
        if slice_index is None:
            slice_index = int(round(np.clip(centre[2], 0, len(series.pixels) - 1)))
        picture = series.pixels[slice_index]
        reach = half / series.spacing[0]
        window = picture[max(0, int(centre[1] - reach)):int(centre[1] + reach) + 1,
                         max(0, int(centre[0] - reach)):int(centre[0] + reach) + 1]
        low, high = limits or (0, np.percentile(window, 99))
        axis.imshow(picture, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
        axis.set_xlim(centre[0] - reach, centre[0] + reach)
        axis.set_ylim(centre[1] + reach, centre[1] - reach)
        axis.set_xticks([])
        axis.set_yticks([])
        if outline:
            mask = self.labels(role, "lesions")[slice_index] == lesion["lesion_id"]
            if mask.any() and not mask.all():
                axis.contour(mask, [0.5], colors=LESION, linewidths=1)
        return slice_index


def save(figure, folder, name):
    figure.savefig(folder / f"{name}.png", dpi=110, bbox_inches="tight", facecolor="white")
    plt.close(figure)


def draw_size(study, folder):
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.2))
    for axis, lesion in zip(axes, [study.features["lesions"][n] for n in (0, 1, 3)]):
        size = lesion["size"]
        series = study.series["sag_t1"]
        study.crop(axis, "sag_t1", lesion, half=max(14, size["maximum_sagittal_diameter_mm"] * 0.8),
                   slice_index=size["slice_index"])
        ends = series.index(size["endpoints_lps_mm"])
        axis.plot(ends[:, 0], ends[:, 1], "o-", color="#ffe060", markersize=3, linewidth=1.3)
        axis.set_title(f"{size['maximum_sagittal_diameter_mm']:.1f} mm, across "
                       f"{size['perpendicular_diameter_mm']:.1f} mm", fontsize=9)
    save(figure, folder, "size")


def draw_enhancement(study, folder):
    lesions = study.features["lesions"]
    figure, axes = plt.subplots(3, len(lesions), figsize=(2.1 * len(lesions), 6.6))
    for column, lesion in enumerate(lesions):
        half = max(14, (lesion["size"]["maximum_3d_diameter_mm"] or 20) * 0.75)
        for row, (role, name) in enumerate((("sag_t1", "T1"), ("sag_t2", "T2"), ("sag_t1_post", "T1 + Gd, fat sat."))):
            study.crop(axes[row, column], role, lesion, half, outline=row == 0)
            if column == 0:
                axes[row, 0].set_ylabel(name, fontsize=9)
        reading = lesion["enhancement"]
        axes[0, column].set_title(CLASS_NAMES.get(reading["class"], reading["class"]), fontsize=9)
        relative = reading["relative_enhancement"]
        axes[2, column].set_xlabel(f"E = {relative:.2f}" if relative else "", fontsize=8)
    save(figure, folder, "enhancement")


def profiles(series, mask, picture):
    """Mean signal over signed distance (mm) from the mask's outline in its slice."""
    from scipy.ndimage import distance_transform_edt
    distance = np.where(mask, -distance_transform_edt(mask, sampling=series.spacing) + 0.5 * series.spacing[0],
                        distance_transform_edt(~mask, sampling=series.spacing) - 0.5 * series.spacing[0])
    edges = np.arange(-6, 6.5, 0.75)
    middle = (edges[1:] + edges[:-1]) / 2
    rows = [picture[(distance >= low) & (distance < high)] for low, high in zip(edges[:-1], edges[1:])]
    return middle, np.array([row.mean() if row.size else np.nan for row in rows]), [
        (row.std() if row.size else np.nan) for row in rows]


def draw_margin(study, folder):
    lesions = [lesion for lesion in study.features["lesions"] if lesion["margin"]["edge_width_mm"] is not None]
    lesions.sort(key=lambda lesion: lesion["margin"]["edge_width_mm"])
    figure, axes = plt.subplots(2, 2, figsize=(6.4, 5.4), width_ratios=(1, 1.4))
    roles = {entry["series_instance_uid"]: entry["role"] for entry in study.features["series"]}
    for row, lesion in enumerate((lesions[0], lesions[-1])):
        margin = lesion["margin"]
        role = roles[margin["series_instance_uid"]]
        slice_index = study.crop(axes[row, 0], role, lesion, half=16)
        mask = study.labels(role, "lesions")[slice_index] == lesion["lesion_id"]
        places, values, spread = profiles(study.series[role], mask, study.series[role].pixels[slice_index])
        axes[row, 1].errorbar(places, values, spread, fmt="o-", markersize=3, linewidth=1, color="#333333",
                              ecolor="#bbbbbb")
        half = max(margin["edge_width_mm"], 0.1) / 2
        axes[row, 1].axvspan(-half, half, color=LESION, alpha=0.25)
        axes[row, 1].set_title(f"{margin['class'].replace('_', ' ')}: edge "
                               f"{margin['edge_width_mm']:.1f} mm, {100 * margin['distinct_fraction']:.0f} % distinct",
                               fontsize=9)
        axes[row, 1].set_ylabel("signal", fontsize=8)
        axes[row, 1].tick_params(labelsize=7)
    axes[1, 1].set_xlabel("mm from the outline, outside to the right", fontsize=8)
    figure.tight_layout()
    save(figure, folder, "margin")


def draw_signal(study, folder):
    figure, axes = plt.subplots(1, 2, figsize=(8.6, 3.4), width_ratios=(1, 1.5))
    series = study.series["sag_t2"]
    muscle = study.labels("sag_t2", "muscle") > 0
    slice_index = int(np.argmax(muscle.sum(axis=(1, 2))))
    axes[0].imshow(series.pixels[slice_index], cmap="gray", vmax=np.percentile(series.pixels[slice_index], 99))
    axes[0].contour(muscle[slice_index], [0.5], colors=MUSCLE, linewidths=1)
    axes[0].set_xticks([])
    axes[0].set_yticks([])
    axes[0].set_title("muscle on T2 (truth mask)", fontsize=9)
    lesions = study.features["lesions"]
    for place, lesion in enumerate(lesions):
        for shift, (name, colour) in enumerate((("t1", "#1d4f86"), ("t2", "#c0504d"))):
            reading = lesion["signal"][name]
            if reading["ratio_to_muscle"] is None:
                continue
            low, high = reading["ratio_ci95"]
            axes[1].plot([low, high], [place + shift * 0.25] * 2, color=colour, linewidth=3, alpha=0.5)
            axes[1].plot(reading["ratio_to_muscle"], place + shift * 0.25, "o", color=colour, markersize=4,
                         label=name.upper() if place == 0 else None)
    axes[1].axvline(1, color="#999999", linewidth=1)
    axes[1].axvspan(1, 1 + HYPERINTENSE_BAND, color="#dddddd")
    axes[1].set_yticks(np.arange(len(lesions)) + 0.125, [f"lesion {lesion['lesion_id']}" for lesion in lesions], fontsize=8)
    axes[1].set_xlabel("ratio to muscle, 95 % interval; grey: 1 to 1 + b", fontsize=8)
    axes[1].tick_params(axis="x", labelsize=8)
    axes[1].legend(fontsize=8, loc="lower right")
    axes[1].invert_yaxis()
    save(figure, folder, "signal-ratio")


def draw_location(study, folder):
    figure, axes = plt.subplots(1, 3, figsize=(9.4, 3.3))
    lesions = study.features["lesions"]
    for axis, lesion in zip(axes, [lesions[0], lesions[2], lesions[3]]):
        slice_index = study.crop(axis, "sag_t2", lesion, half=38)
        anatomy = study.labels("sag_t2", "anatomy")[slice_index].astype(int) % 32
        for value, colour in ((1, BONE), (2, "#e08830"), (4, CANAL), (5, CANAL)):
            if (anatomy == value).any():
                axis.contour(anatomy == value, [0.5], colors=colour, linewidths=0.8)
        where, extent = lesion["location"], lesion["extent"]
        axis.set_title(f"{where['level'] or 'no level'}, {(where['part'] or '').replace('_', ' ')},\n"
                       f"{100 * extent['extraosseous_fraction']:.0f} % outside bone", fontsize=8)
    save(figure, folder, "location")


def draw_matrix(study, folder):
    lesions = study.features["lesions"]
    figure, axes = plt.subplots(1, len(lesions), figsize=(2.5 * len(lesions), 2.9))
    for axis, lesion in zip(axes, lesions):
        study.crop(axis, "ct", lesion, half=20, limits=(-150, 700))
        axis.set_title(f"{lesion['matrix']['class']}\n(basis: {lesion['matrix']['basis'].replace('_', ' ')})", fontsize=8)
    save(figure, folder, "matrix")


def draw_evidence(study, folder):
    lesions = [lesion for lesion in study.features["lesions"]
               if lesion["enhancement"]["class"] in ("rim_enhancing", "worms_in_a_bag")]
    figure, axes = plt.subplots(1, max(1, len(lesions)), figsize=(8.6, 2.6), sharex=True, squeeze=False)
    for axis, lesion in zip(axes[0], lesions):
        evidence = lesion["pattern_evidence"]
        for place, entry in enumerate(evidence):
            low, high = entry["ci95"]
            axis.plot([low, high], [place] * 2, color="#1d4f86", linewidth=5, alpha=0.35)
            axis.plot(entry["log10_likelihood_ratio"], place, "o", color="#1d4f86", markersize=4)
        axis.set_yticks(range(len(evidence)), [entry["primary"] for entry in evidence], fontsize=8)
        axis.axvline(0, color="#999999", linewidth=1)
        axis.invert_yaxis()
        axis.set_title(CLASS_NAMES[lesion["enhancement"]["class"]], fontsize=9)
        axis.set_xlabel("log10 likelihood ratio", fontsize=8)
        axis.tick_params(axis="x", labelsize=8)
    figure.tight_layout()
    save(figure, folder, "pattern-evidence")


def main():
    spinemet, work, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    work.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    demo, ct = Study(spinemet, work, "demo"), Study(spinemet, work, "ct")
    draw_size(demo, folder)
    draw_enhancement(demo, folder)
    draw_margin(demo, folder)
    draw_signal(demo, folder)
    draw_location(demo, folder)
    draw_matrix(ct, folder)
    draw_evidence(demo, folder)


if __name__ == "__main__":
    main()
