# Sourced: `fingerprint FILE…` tells whether one of these or any mounted password has changed, `loaded_fingerprint` whether
# anything that Patroni's own configuration is made of, and `tls_fingerprint` whether the certificate.
# shellcheck shell=bash
fingerprint() { { cat "$@" && mounted "${CREDENTIALS_DIR:-/etc/credentials}"; } | sha256sum; }

loaded_fingerprint() {
  fingerprint "${GIT_CONFIG_DIR:-/etc/patroni}/patroni.yaml" "${PATRONI_CONFIG_DIR:?}/sslmode" <(mounted "${TLS_FOLDER:-/etc/tls}")
}

tls_fingerprint() { mounted "${TLS_FOLDER:-/etc/tls}" | sha256sum | cut -d ' ' -f 1; }

# usable_password FILE…: each has one line that says something. PostgreSQL would take an empty one for none, and let nobody in.
usable_password() {
  local file
  for file in "$@"; do
    case $(cat "$file") in
      '' | *$'\n'*) echo "$file: the Secret's key must have one line" >&2 && return 1 ;;
    esac
  done
}

# Without the kubelet's own folders (..data and the like), which hold each file a second time.
mounted() {
  local file files=()
  for file in "$1"/* "$1"/*/*; do
    [ ! -f "$file" ] || files+=("$file")
  done
  [ ${#files[@]} = 0 ] || cat "${files[@]}"
}
