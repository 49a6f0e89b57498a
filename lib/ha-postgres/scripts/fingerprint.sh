# Sourced: `fingerprint FILE…` tells whether one of these or any mounted password has changed, `loaded_fingerprint` whether
# anything that Patroni's own configuration is made of, and `tls_fingerprint` whether the certificate.
# shellcheck shell=bash
fingerprint() { { cat "$@" && mounted "${CREDENTIALS_DIR:-/etc/credentials}"; } | sha256sum; }

loaded_fingerprint() {
  fingerprint "${GIT_CONFIG_DIR:-/etc/patroni}/patroni.yaml" "${PATRONI_CONFIG_DIR:?}/sslmode" <(mounted "${TLS_FOLDER:-/etc/tls}")
}

tls_fingerprint() { mounted "${TLS_FOLDER:-/etc/tls}" | sha256sum | cut -d ' ' -f 1; }

# The kubelet's own folders (..data and the like) hold each file a second time.
mounted() { [ ! -d "$1" ] || find -L "$1" -type f -not -path '*/..*' | sort | xargs cat; }
