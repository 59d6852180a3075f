# shellcheck shell=bash
# Removes everything of the sandbox from this machine except its tool cache, whatever its state.

clear_all() {
  local try
  stop_recorded
  for ((try = 0; try < 50; try++)); do
    kill_all || break
    sleep 0.1
  done
  unmount_below "$RUN" "$STATE"
  network_delete
  cgroup_remove
  remove_strays
  rm -rf --one-file-system "$RUN" "$STATE"
}

# succeeds if there was a process to kill
kill_all() {
  local ids
  ids=$({
    cgroup_processes
    if [[ -e /run/netns/$NETWORK_NAMESPACE ]]; then ip netns pids "$NETWORK_NAMESPACE" 2>/dev/null; fi
  } | grep -vx "$$" | sort -un)
  if [[ -z $ids ]]; then return 1; fi
  # shellcheck disable=SC2086
  kill -KILL $ids 2>/dev/null || true
}

unmount_below() {
  local mount
  # the innermost first
  awk '{ print $2 }' /proc/mounts | tac | while read -r mount; do
    case $mount in "$1"/* | "$2"/*) umount "$mount" 2>/dev/null || umount --lazy "$mount" ;; esac
  done
}

# files of kubelet and containerd in directories that are not configurable
remove_strays() {
  rm -rf /var/lib/cni/results/"$NETWORK_NAMESPACE"-* /var/lib/cni/results/cni-loopback-*
  find /var/log/containers -maxdepth 1 -lname "$LOGS/*" -delete 2>/dev/null || true
  if [[ $(ls -A /var/lib/kubelet 2>/dev/null) == device-plugins ]]; then rm -rf /var/lib/kubelet/device-plugins; fi
  rmdir /var/lib/cni/results /var/lib/cni /var/log/containers /var/lib/kubelet 2>/dev/null || true
  # `ip netns` leaves its directory as a mount
  if [[ -d /run/netns && -z $(ls -A /run/netns) ]]; then
    umount /run/netns 2>/dev/null || true
    rmdir /run/netns 2>/dev/null || true
  fi
}
