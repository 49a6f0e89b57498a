# Sourced: `fingerprint FILE` tells whether a file or any mounted password has changed.
# shellcheck shell=bash
fingerprint() {
  # The kubelet's own folders (..data and the like) hold each file a second time.
  find -L "${CREDENTIALS_DIR:-/etc/credentials}" -type f -not -path '*/..*' | sort | xargs cat "$1" | sha256sum
}
