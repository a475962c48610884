#!/usr/bin/env bash
# Installs the Debian packages that the build needs and that are missing. Run as root, or as a user who may sudo.
set -euo pipefail

packages=(
  libdcmtk-dev        # DICOM reading and writing
  libopenjp2-7-dev    # JPEG 2000 and HTJ2K
  libcharls2          # JPEG-LS, faster than DCMTK's copy (opened at run time, optional)
  libpng-dev          # overlays
  zlib1g-dev          # .nii.gz, .nrrd
  libnifti-dev        # NIfTI-1 and NIfTI-2
  libboost-math-dev   # distributions of the cohort statistics
  libsqlite3-dev      # ledger of a batch
  libssl-dev          # SHA-256 and HMAC
  libxxhash-dev       # fast content hashes
  pkg-config
)

missing=()
for package in "${packages[@]}"; do
  dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "installing: ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
