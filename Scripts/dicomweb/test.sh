#!/bin/bash
# Opt-in: fetches studies from a real Orthanc (Debian orthanc and orthanc-dicomweb) and compares the results with runs over
# the folder; then credentials that are missing or wrong, a server that is not there, and one that dies while it is asked.
# Orthanc runs in a network of its own that holds the loopback only. Needs root, curl, iproute2. Every step has a time limit.
#   Scripts/dicomweb/test.sh PROGRAM [FOLDER [options of spinemet batch]]
# FOLDER holds DICOM studies with their masks as SEG; without it four small phantoms are made.
set -euo pipefail
if [ "${SPINEMET_TEST_NETWORK:-}" != own ]; then
  SPINEMET_TEST_NETWORK=own exec unshare -n -- "$0" "$@"
fi
ip link set lo up
program=$(realpath "$1")
[ $# -lt 2 ] || folder=$(realpath "$2")
shift $(($# < 2 ? 1 : 2))
options=("$@")
work=$(mktemp -d)
server=
trap '{ kill -9 $server && wait; } 2>/dev/null || true; rm -rf "$work"' EXIT
export HOME=$work
unset NETRC http_proxy HTTP_PROXY all_proxy ALL_PROXY ${!SPINEMET_DICOMWEB_*}
fail() { echo "failed: $*" >&2; exit 1; }

if [ -z "${folder:-}" ]; then
  folder=$work/archive
  for seed in 1 2 3 4; do
    "$program" phantom small --seed $seed --masks-in-study -o "$work/phantom" >/dev/null 2>&1
    "$program" analyze "$work/phantom/study" -o "$work/phantom/result" --dicom --quiet
    mkdir -p "$folder/$seed"
    (cd "$work/phantom/study" && find . -name '*.dcm' -exec cp --parents {} "$folder/$seed" \;)
    cp "$work/phantom/result/lesions.seg.dcm" "$folder/$seed"
    rm -rf "$work/phantom"
  done
fi

url=http://127.0.0.1:8942
cat >"$work/orthanc.json" <<CONF
{"Name": "test", "StorageDirectory": "$work/storage", "IndexDirectory": "$work/storage", "HttpPort": 8942, "DicomPort": 4942,
 "RemoteAccessAllowed": false, "AuthenticationEnabled": true, "RegisteredUsers": {"tester": "secret"},
 "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"], "DicomWeb": {"Enable": true, "Root": "/dicom-web/"}}
CONF
start() {
  Orthanc "$work/orthanc.json" >>"$work/orthanc.log" 2>&1 &
  server=$!
  for _ in $(seq 300); do
    curl -sf -m 5 -u tester:secret $url/dicom-web/studies -o /dev/null && return
    kill -0 $server 2>/dev/null || break
    sleep 0.1
  done
  tail "$work/orthanc.log" >&2
  fail "Orthanc does not start"
}
start
files=0
while IFS= read -r -d '' file; do
  curl -sf -m 60 -u tester:secret -H 'Expect:' --data-binary "@$file" -o /dev/null $url/instances || fail "upload"
  files=$((files + 1))
done < <(find -L "$folder" -type f -name '*.dcm' -print0)
echo "Orthanc holds $files files"

# run EXPECTED_CODE LIMIT_SECONDS arguments of batch
run() {
  local expected=$1 limit=$2 code=0
  shift 2
  timeout -k 5 "$limit" "$program" batch "$@" --quiet 2>"$work/message" || code=$?
  [[ " $expected " == *" $code "* ]] || fail "exit code $code, not $expected: $(cat "$work/message")"
}
web() { run "$1" "$2" --dicomweb $url/dicom-web -o "$3" "${@:4}" "${options[@]}"; }
says() { grep -q "$1" "$work/message" || fail "the message is: $(cat "$work/message")"; }
same() { diff -r --exclude=.spinemet --exclude=manifest.json "$1" "$2" || fail "$1 and $2 differ"; }

web 65 20 "$work/refused"
says 'asks for credentials (HTTP 401)'
SPINEMET_DICOMWEB_USER=tester SPINEMET_DICOMWEB_PASSWORD=wrong web 65 20 "$work/refused"
says 'refuses the credentials from SPINEMET_DICOMWEB_USER (HTTP 401)'
SPINEMET_DICOMWEB_TOKEN=wrong web 65 20 "$work/refused"
says 'refuses the credentials from SPINEMET_DICOMWEB_TOKEN (HTTP 401)'
printf 'machine 127.0.0.1 login tester password wrong\n' >"$work/.netrc"
web 65 20 "$work/refused"
says 'refuses the credentials from netrc (HTTP 401)'
run 65 30 --dicomweb http://127.0.0.1:8943/dicom-web -o "$work/refused"
says 'does not accept connections'
echo "credentials missing and wrong, no server: refused with 65"

run "0 2" 600 "$folder" -o "$work/folder" "${options[@]}"
printf 'machine 127.0.0.1 login tester password secret\n' >"$work/netrc"
SPINEMET_DICOMWEB_USER=tester SPINEMET_DICOMWEB_PASSWORD=secret web "0 2" 600 "$work/web" --cache-limit 1
same "$work/folder" "$work/web"
before=$(stat -c '%n %y' "$work"/web/*/features.json)
NETRC=$work/netrc web "0 2" 600 "$work/web"
[ "$before" = "$(stat -c '%n %y' "$work"/web/*/features.json)" ] || fail "the second run made results anew"
for features in "$work"/web/*/features.json; do
  uid=$(sed -n 's|.*"study_instance_uid" *: *"\([0-9.]*\)".*|\1|p' "$features")
  rm -rf "$work/study" && mkdir "$work/study"
  grep -rlFZ "$uid" "$folder" | xargs -0 cp --backup=numbered -t "$work/study"
  timeout 300 "$program" analyze "$work/study" -o "$work/one" --quiet "${options[@]}" || [ $? = 2 ] || fail "analyze"
  cmp "$features" "$work/one/features.json" || fail "analyze gives other bytes"
done
[ -z "$(find "$work/web/.spinemet" -name '*.dcm')" ] || fail "fetched files stayed in the cache"
echo "fetched, and read from the folder by batch and by analyze: the same bytes in $(ls "$work"/web/*/features.json | wc -l) studies;
  a second run keeps them"

cp "$work/netrc" "$work/.netrc"
for shard in 1 2; do web "0 2" 600 "$work/shard-$shard" --shard $shard/2; done
code=0
"$program" merge "$work"/shard-* -o "$work/merged" --quiet || code=$?
[ $code = 0 ] || [ $code = 2 ] || fail "merge: exit code $code"
same "$work/folder" "$work/merged"
echo "fetched in two shards and merged: the same bytes"

# The server dies as soon as the first instance of a study arrives.
"$program" batch --dicomweb $url/dicom-web -o "$work/cut" "${options[@]}" --quiet 2>"$work/message" &
client=$!
for _ in $(seq 5000); do
  [ -z "$(find "$work/cut/.spinemet" -name '*.dcm' -print -quit 2>/dev/null)" ] || break
  sleep 0.002
done
{ kill -9 $server && wait $server; } 2>/dev/null || true
began=$SECONDS
(sleep 120 && kill -9 $client) 2>/dev/null &
watch=$!
code=0
wait $client || code=$?
kill $watch 2>/dev/null || true
[ $code = 2 ] || [ $code = 65 ] || fail "exit code $code after the server's death: $(cat "$work/message")"
echo "the server killed during a retrieval: exit code $code after $((SECONDS - began)) s: $(tail -1 "$work/message")"
start
web "0 2" 600 "$work/cut"
same "$work/folder" "$work/cut"
echo "the next run against the server, started again: the same bytes"
