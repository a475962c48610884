#!/bin/sh
# Fuzzes the decoders behind CDICOM for a bounded time: Scripts/fuzz/run.sh [SECONDS]. Needs the Swift toolchain's
# clang++ (libFuzzer and AddressSanitizer come with it) and the libraries of Scripts/install-dependencies.sh.
set -eu
seconds=${1:-60}
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
swift_bin=$(dirname "$(readlink -f "$(command -v swift)")")
compiler=$swift_bin/clang++
[ -x "$compiler" ] || compiler=clang++
"$compiler" -std=c++17 -O1 -g -fsanitize=fuzzer,address,undefined -I"$root/Modules/CDICOM/include" \
  $(pkg-config --cflags libopenjp2) "$root/Scripts/fuzz/decode_fuzzer.cpp" "$root/Modules/CDICOM/cdicom.cpp" \
  "$root/Modules/CDICOM/cdicom_jpeg2000.cpp" "$root/Modules/CDICOM/cdicom_jpegls.cpp" -ldcmjpls -ldcmjpeg -ldcmimgle -ldcmdata -loflog -lofstd -lopenjp2 -lz \
  -o "$work/fuzz"
mkdir "$work/corpus"
cd "$work"
ASAN_OPTIONS=detect_leaks=0 ./fuzz -max_len=20000 -malloc_limit_mb=2048 -rss_limit_mb=2048 -timeout=10 \
  -max_total_time="$seconds" corpus
