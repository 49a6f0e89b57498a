# Sourced: `usable_certificate` tells whether the mounted certificate can be served, and if not, why. Patroni would close its API
# before it finds that out, and the kubelet would kill every member for it; pgBackRest's server would end. An expired certificate is
# better than none.
# shellcheck shell=bash
usable_certificate() {
  local tls=${TLS_FOLDER:-/etc/tls}
  [ -e "$tls/tls.crt" ] || return 0
  if [ "$(openssl x509 -in "$tls/tls.crt" -noout -pubkey)" != "$(openssl pkey -in "$tls/tls.key" -pubout)" ]; then
    log 'tls.key is not the key of tls.crt'
    return 1
  fi
  if ! openssl verify -purpose sslserver -no_check_time -CAfile "$tls/ca.crt" -untrusted "$tls/tls.crt" "$tls/tls.crt" >/dev/null; then
    log 'tls.crt is not a certificate of a server, or not of the authority in ca.crt'
    return 1
  fi
}
