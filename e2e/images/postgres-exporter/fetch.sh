#!/usr/bin/env bash
# Puts postgres_exporter 0.17 from Debian 13 into a folder, as /usr/bin/postgres_exporter: the real program, only older than
# the default image. Usage: fetch.sh FOLDER. Apt's own state is not touched.
set -euo pipefail
folder=${1:?usage: fetch.sh FOLDER}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
# The mirror that this machine's apt already uses (apt tells it only once its lists are there).
# shellcheck disable=SC2016 # apt's own placeholders
apt-get indextargets --format '$(ORIGIN)' | grep -q Debian || apt-get update -qq
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(SITE) $(ORIGIN)' | awk '$2 == "Debian" { print $1; exit }')
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:?apt names no Debian mirror} trixie main" >"$work/sources.list"
cat >"$work/apt.conf" <<CONF
Dir::State::lists "$work/lists";
Dir::Cache "$work/cache";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "-";
APT::Sandbox::User "root";
CONF
export APT_CONFIG=$work/apt.conf
apt-get update -qq
(cd "$work" && apt-get download -qq prometheus-postgres-exporter)
dpkg-deb -x "$work"/prometheus-postgres-exporter_*.deb "$work/package"
install -D -m 755 "$work/package/usr/bin/prometheus-postgres-exporter" "$folder/usr/bin/postgres_exporter"
