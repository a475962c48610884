#!/bin/bash
# Opt-in: fetches studies from a real Orthanc (Debian orthanc and orthanc-dicomweb) and compares the results with a run
# over the folder, then resumes. Orthanc runs in a network of its own that holds the loopback only. Needs root, curl.
#   Scripts/dicomweb/test.sh PROGRAM FOLDER [options of spinemet batch]
set -eu
if [ "${SPINEMET_TEST_NETWORK:-}" != own ]; then
  SPINEMET_TEST_NETWORK=own exec unshare -n -- "$0" "$@"
fi
ip link set lo up 2>/dev/null || ifconfig lo up
program=$(realpath "$1") folder=$(realpath "$2")
shift 2
work=$(mktemp -d)
cat >"$work/orthanc.json" <<CONF
{"Name": "test", "StorageDirectory": "$work/storage", "IndexDirectory": "$work/storage", "HttpPort": 8942, "DicomPort": 4942,
 "RemoteAccessAllowed": false, "AuthenticationEnabled": true, "RegisteredUsers": {"tester": "secret"},
 "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"], "DicomWeb": {"Enable": true, "Root": "/dicom-web/"}}
CONF
Orthanc "$work/orthanc.json" >"$work/orthanc.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true; rm -rf "$work"' EXIT
url=http://127.0.0.1:8942
for _ in $(seq 100); do curl -sf -u tester:secret $url/system >/dev/null && break; sleep 0.1; done
find -L "$folder" -type f -name '*.dcm' -exec curl -sf -u tester:secret -X POST -H 'Expect:' --data-binary @{} -o /dev/null $url/instances \;
batch() { "$program" batch "$@" --quiet || [ $? = 2 ]; }

"$program" batch --dicomweb $url/dicom-web -o "$work/refused" --quiet && exit 1 || [ $? = 65 ] || exit 1
export SPINEMET_DICOMWEB_USER=tester SPINEMET_DICOMWEB_PASSWORD=secret
batch --dicomweb $url/dicom-web -o "$work/web" --cache-limit 1 "$@"
unset SPINEMET_DICOMWEB_USER SPINEMET_DICOMWEB_PASSWORD
printf 'machine 127.0.0.1 login tester password secret\n' >"$work/netrc"
before=$(stat -c %y "$work"/web/*/features.json)
NETRC=$work/netrc batch --dicomweb $url/dicom-web -o "$work/web" "$@"
[ "$before" = "$(stat -c %y "$work"/web/*/features.json)" ] || { echo "the second run made results anew"; exit 1; }
batch "$folder" -o "$work/folder" "$@"
diff -r --exclude=.spinemet --exclude=manifest.json "$work/folder" "$work/web" && echo "fetched and read from the folder: the same bytes"
