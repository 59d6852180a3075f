# shellcheck shell=bash
# Long-running processes, identified by process ID and start time, so that a later process with the same ID is never killed.

readonly PROCESSES=$STATE/processes

# the kernel's start time of a process, in ticks since boot; nothing if there is no such process
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [[ $1 != Z ]] && printf '%s' "${20}"
}

same_process() { [[ -n ${2:-} && $(start_time "$1") == "$2" ]]; }

is_running() {
  local id started
  read -r id started 2>/dev/null <"$PROCESSES/$1" && same_process "$id" "$started"
}

# start NAME COMMAND...: in the cluster's network namespace and cgroup, in a separate session; does nothing if it is running
start() {
  local name=$1 id
  shift
  if is_running "$name"; then return; fi
  mkdir -p "$PROCESSES" "$LOGS"
  (
    exec 3>&- 4>&- 9>&-
    cgroup_enter "$BASHPID"
    exec setsid nsenter --net="/run/netns/$NETWORK_NAMESPACE" "$@"
  ) </dev/null >>"$LOGS/$name.log" 2>&1 &
  id=$!
  printf '%s %s\n' "$id" "$(start_time "$id")" >"$PROCESSES/$name"
  disown "$id"
}

# wait_for NAME SECONDS COMMAND...: waits until the command succeeds; fails if the process exits or after the timeout
wait_for() {
  local name=$1 seconds=$2 deadline=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    LOG=$LOGS/$name.log
    is_running "$name" || fail "$name exited" "read the log; to start from scratch, run \`./sandbox/down\`, then \`./sandbox/up\`"
    ((SECONDS < deadline)) || fail "$name was not ready after $seconds s" "check the load of this machine (\`top\`), then run ./sandbox/up again"
    sleep 0.1
  done
}

stop_recorded() {
  local record id started
  for record in "$PROCESSES"/*; do
    if ! read -r id started 2>/dev/null <"$record"; then continue; fi
    if same_process "$id" "$started"; then kill -KILL "$id" 2>/dev/null || true; fi
  done
}

any_running() {
  local record
  for record in "$PROCESSES"/*; do
    if is_running "${record##*/}"; then return 0; fi
  done
  return 1
}

# --- cgroups: all processes of the sandbox, including pods, are in its own cgroup, with version 1 or 2

cgroup_hierarchies() {
  awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts
}

cgroup_create() {
  local hierarchy controller
  for hierarchy in $(cgroup_hierarchies); do
    if [[ -e $hierarchy/cgroup.subtree_control ]]; then
      tr ' ' '\n' <"$hierarchy/cgroup.controllers" | while read -r controller; do
        echo "+$controller" >"$hierarchy/cgroup.subtree_control" || true
      done
    fi
    mkdir -p "$hierarchy/$CGROUP/programs"
  done
}

cgroup_enter() {
  local hierarchy
  for hierarchy in $(cgroup_hierarchies); do
    # a new cpuset has no processors
    if [[ $hierarchy != */cpuset ]]; then echo "$1" >"$hierarchy/$CGROUP/programs/cgroup.procs" 2>/dev/null || true; fi
  done
}

cgroup_processes() {
  local hierarchy
  for hierarchy in $(cgroup_hierarchies); do
    if [[ -d $hierarchy/$CGROUP ]]; then
      find "$hierarchy/$CGROUP" -name cgroup.procs -exec cat {} + 2>/dev/null || true
    fi
  done | sort -un
}

cgroup_remove() {
  local hierarchy
  for hierarchy in $(cgroup_hierarchies); do
    if [[ -d $hierarchy/$CGROUP ]]; then
      find "$hierarchy/$CGROUP" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    fi
  done
}
