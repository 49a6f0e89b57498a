#!/bin/sh
# Starts the exporter, and again when it ends: ended by the kubelet, its container would take the whole member out of service
# until it runs again. POSIX sh, since the image is busybox; as process 1 it has to ask for the signal that ends the pod.
set -u
trap 'exit 0' TERM INT
while :; do
  "${EXPORTER:-postgres_exporter}" "$@" &
  wait $! || echo "exporter: ended with $?, starts again" >&2
  sleep "${EXPORTER_PAUSE:-5}" &
  wait $!
done
