# shellcheck shell=bash
# The cluster's network namespace, connected to the host by a pair of interfaces.

network_create() {
  if network_is_whole; then return; fi
  ip netns add "$NETWORK_NAMESPACE"
  ip link add "$INTERFACE" type veth peer name node0 netns "$NETWORK_NAMESPACE"
  ip address add "$HOST_ADDRESS/30" dev "$INTERFACE"
  ip link set "$INTERFACE" up
  ip -n "$NETWORK_NAMESPACE" address add "$NODE_ADDRESS/30" dev node0
  ip -n "$NETWORK_NAMESPACE" link set node0 up
  ip -n "$NETWORK_NAMESPACE" link set lo up
  # a packet to a Service needs a route before kube-proxy's rules redirect it to a pod
  ip -n "$NETWORK_NAMESPACE" route add "$SERVICE_RANGE" dev node0
  nsenter --net="/run/netns/$NETWORK_NAMESPACE" bash -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
  # the host has no route to pods, so their packets to it get the node's address
  nsenter --net="/run/netns/$NETWORK_NAMESPACE" nft -f - <<EOF
table ip sandbox {
  chain leaving {
    type nat hook postrouting priority srcnat
    ip saddr $POD_RANGE ip daddr $HOST_ADDRESS masquerade
  }
}
EOF
}

network_is_whole() {
  ip -n "$NETWORK_NAMESPACE" -4 address show dev node0 2>/dev/null | grep -qF "$NODE_ADDRESS/30" &&
    ip -4 address show dev "$INTERFACE" 2>/dev/null | grep -qF "$HOST_ADDRESS/30"
}

network_delete() {
  ip link delete "$INTERFACE" 2>/dev/null || true
  if [[ -e /run/netns/$NETWORK_NAMESPACE ]]; then ip netns delete "$NETWORK_NAMESPACE"; fi
}

# checks that the address range is not in use
network_refuse_if_taken() {
  local route
  if [[ -e /sys/class/net/$INTERFACE ]] && ! ip -4 address show dev "$INTERFACE" | grep -qF "$HOST_ADDRESS/30"; then
    fail "network interface $INTERFACE exists, but does not belong to the sandbox" "rename or remove it: \`ip link show $INTERFACE\`"
  fi
  route=$(ip -4 route show to match "$NODE_ADDRESS" | grep -v '^default' | grep -v "dev $INTERFACE" | head -n 1 || true)
  if [[ -n $route ]]; then
    fail "the addresses $HOST_ADDRESS and $NODE_ADDRESS are in use on this machine: route \"$route\"" "remove that route (a VPN or another bridge?) while the sandbox runs"
  fi
}
