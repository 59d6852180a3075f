# shellcheck shell=bash
# Installs missing Debian packages without starting their services.

readonly POLICY=/usr/sbin/policy-rc.d
readonly POLICY_MARK='# placed by the shared-inference sandbox while it installs packages'

packages_missing() {
  local program monitoring=()
  if [[ $1 == --monitoring ]]; then monitoring=(prometheus:prometheus); fi
  for program in containerd:containerd runc:runc etcd:etcd-server nft:nftables ip:iproute2 curl:curl \
    /usr/lib/cni/ptp:containernetworking-plugins "${monitoring[@]}"; do
    command -v "${program%:*}" >/dev/null || printf '%s ' "${program#*:}"
  done
}

packages_install() {
  command -v apt-get >/dev/null ||
    fail "missing programs: $*. Their packages are known for Debian only" "install them with the package manager of your distribution"
  ADVICE="check the machine's package sources (\`apt-get update\`), then run it again"
  services_hold
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -q -y --no-install-recommends "$@"
  services_release
  if [[ -d /run/systemd/system ]]; then
    # only services of packages that this run installed
    for package in "$@"; do
      case $package in containerd | etcd-server | prometheus) systemctl disable "${package%-server}.service" ;; esac
    done
  fi
}

services_hold() {
  if [[ -e $POLICY ]]; then return; fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$POLICY_MARK" >"$POLICY"
  chmod 755 "$POLICY"
}

services_release() {
  if grep -qsxF "$POLICY_MARK" "$POLICY"; then rm "$POLICY"; fi
}
