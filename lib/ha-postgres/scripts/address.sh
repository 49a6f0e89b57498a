# Sourced: `export_addresses` tells Patroni by which address the others reach this member. Of which family the pod's addresses are is
# known only in the pod.
# shellcheck shell=bash
export_addresses() {
  local address host
  if [ -n "${IP_FAMILY:-}" ]; then # that of the Services, of the two that a pod may have
    for address in ${POD_IPS//,/ }; do
      case $IP_FAMILY:$address in
        IPv6:*:* | IPv4:*.*) PATRONI_KUBERNETES_POD_IP=$address && break ;;
      esac
    done
  fi
  host=${PATRONI_KUBERNETES_POD_IP:?}
  [[ $host != *:* ]] || host="[$host]"
  export PATRONI_KUBERNETES_POD_IP
  export PATRONI_POSTGRESQL_CONNECT_ADDRESS="$host:5432" PATRONI_RESTAPI_CONNECT_ADDRESS="$host:8008"
}
