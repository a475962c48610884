#!/usr/bin/env python3
"""Writes an archive of small studies: small_archive.py FOLDER STUDIES [FIRST].

Each study is a folder with one sagittal T1 series of 8 slices (48 x 48 pixels of 2 mm, 4 mm apart) and two masks
(lesions.nii.gz with one lesion, muscle.nii.gz): 10 files, 40 kB. Sixteen pictures with their own lesion and noise take
turns; only UIDs and the PatientID differ otherwise. Needs numpy."""
import gzip, os, struct, sys
import numpy as np

ROOT = "1.2.826.0.1.3680043.8.498.78"
SIDE, SLICES, PIXEL, GAP, KINDS = 48, 8, 2.0, 4.0, 16


def element(group, number, vr, value):
    if isinstance(value, str):
        value = value.encode("ascii")
        value += (b"\0" if vr == "UI" else b" ") * (len(value) % 2)
    head = struct.pack("<HH2s", group, number, vr.encode())
    long = vr in ("OB", "OW")
    return head + (struct.pack("<HI", 0, len(value)) if long else struct.pack("<H", len(value))) + value


def picture(kind):
    """Voxels (slice, row, column), lesion and muscle masks."""
    rng = np.random.default_rng([8, kind])
    k, j, i = np.mgrid[0:SLICES, 0:SIDE, 0:SIDE]
    radius = rng.uniform(4, 9)
    centre = rng.uniform(-2, 2, 3)
    d = [(k - 3.5) * GAP - centre[0], (j - 23.5) * PIXEL - centre[1], (i - 17) * PIXEL - centre[2]]
    lesion = (d[0] ** 2 + d[1] ** 2 + d[2] ** 2) < radius ** 2
    muscle = (i >= 34) & (i < 42) & (j >= 12) & (j < 36)
    body = (i >= 6) & (i < 44) & (j >= 2) & (j < 46)
    v = np.where(body, 500.0, 0.0)
    v[muscle] = 320
    v[lesion] = 210
    v = np.hypot(v + 12 * rng.standard_normal(v.shape), 12 * rng.standard_normal(v.shape))
    return v.clip(0, 4095).astype("<u2"), lesion, muscle


def origin(k):
    return (-(k - 3.5) * GAP, -(SIDE - 1) * PIXEL / 2, (SIDE - 1) * PIXEL / 2)


def nifti(mask):
    """A uint8 NIfTI-1 file on the series' grid (columns posterior, rows inferior, slices to the right)."""
    h = bytearray(352)
    struct.pack_into("<i", h, 0, 348)
    struct.pack_into("<8h", h, 40, 3, SIDE, SIDE, SLICES, 1, 1, 1, 1)
    struct.pack_into("<hh", h, 70, 2, 8)
    struct.pack_into("<8f", h, 76, 1, PIXEL, PIXEL, GAP, 0, 0, 0, 0)
    struct.pack_into("<fff", h, 108, 352, 1, 0)
    struct.pack_into("<hh", h, 252, 0, 1)
    x, y, z = origin(0)
    rows = ((0, 0, GAP, -x), (-PIXEL, 0, 0, -y), (0, -PIXEL, 0, z))
    for n, row in enumerate(rows):
        struct.pack_into("<4f", h, 280 + 16 * n, *row)
    h[344:348] = b"n+1\0"
    return gzip.compress(bytes(h) + mask.astype("u1").tobytes(), 6, mtime=0)


def image(study, k, pixels):
    sop = f"{study}.1.{k + 1}"
    mr = "1.2.840.10008.5.1.4.1.1.4"
    meta = element(2, 2, "UI", mr) + element(2, 3, "UI", sop) + element(2, 0x10, "UI", "1.2.840.10008.1.2.1")
    p = "\\".join(f"{v:g}" for v in origin(k))
    body = b"".join((
        element(8, 8, "CS", "ORIGINAL\\PRIMARY\\M"), element(8, 0x16, "UI", mr), element(8, 0x18, "UI", sop),
        element(8, 0x60, "CS", "MR"), element(8, 0x103E, "LO", "SAG T1 TSE"),
        element(0x10, 0x20, "LO", "P" + study[len(ROOT) + 1:]), element(0x18, 0x20, "CS", "SE"),
        element(0x18, 0x50, "DS", "3.6"), element(0x18, 0x80, "DS", "600"), element(0x18, 0x81, "DS", "12"),
        element(0x18, 0x87, "DS", "1.5"), element(0x20, 0xD, "UI", study), element(0x20, 0xE, "UI", study + ".1"),
        element(0x20, 0x11, "IS", "1"), element(0x20, 0x13, "IS", str(k + 1)), element(0x20, 0x32, "DS", p),
        element(0x20, 0x37, "DS", "0\\1\\0\\0\\0\\-1"), element(0x20, 0x52, "UI", study + ".9"),
        element(0x28, 2, "US", struct.pack("<H", 1)), element(0x28, 4, "CS", "MONOCHROME2"),
        element(0x28, 0x10, "US", struct.pack("<H", SIDE)), element(0x28, 0x11, "US", struct.pack("<H", SIDE)),
        element(0x28, 0x30, "DS", f"{PIXEL:g}\\{PIXEL:g}"), element(0x28, 0x100, "US", struct.pack("<H", 16)),
        element(0x28, 0x101, "US", struct.pack("<H", 12)), element(0x28, 0x102, "US", struct.pack("<H", 11)),
        element(0x28, 0x103, "US", struct.pack("<H", 0)), element(0x7FE0, 0x10, "OW", pixels.tobytes())))
    return bytes(128) + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + body


def write(folder, studies, first=0):
    kinds = []
    for kind in range(KINDS):
        v, lesion, muscle = picture(kind)
        kinds.append((v, nifti(lesion), nifti(muscle)))
    for number in range(first, first + studies):
        v, lesion, muscle = kinds[number % KINDS]
        study = f"{ROOT}.{1000000 + number}"
        path = f"{folder}/{number // 100:05d}/{number:07d}"
        os.makedirs(path, exist_ok=True)
        for k in range(SLICES):
            with open(f"{path}/IM{k + 1:02d}.dcm", "wb") as f:
                f.write(image(study, k, v[k]))
        for name, data in (("lesions.nii.gz", lesion), ("muscle.nii.gz", muscle)):
            with open(f"{path}/{name}", "wb") as f:
                f.write(data)


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
