# shellcheck shell=bash
# Allows one `up` or `down` at a time on a machine. The lock is a file that this process and its children hold open (9).

take_lock() {
  local owner started checkout
  while true; do
    exec 9<>"$LOCK"
    if ! flock --nonblock 9; then
      owner='' started='' checkout=''
      read -r owner started checkout <"$LOCK" || true
      if [[ -z $owner ]]; then
        sleep 0.2 # its owner is about to write its process ID
        continue
      fi
      if same_process "$owner" "$started"; then
        fail "process $owner of the checkout $checkout is starting or stopping the sandbox" "wait until it has ended, then run the same command again"
      fi
      stop_orphans
    fi
    # `down` removes the file, so check that this one still exists
    if [[ $LOCK -ef /proc/$$/fd/9 ]] && flock --nonblock 9; then break; fi
  done
  printf '%s %s %s\n' $$ "$(start_time $$)" "$CHECKOUT" >"$LOCK"
}

# processes of a killed run (a compiler, a deployment) that still hold its lock
stop_orphans() {
  local file id
  for file in /proc/[0-9]*/fd/9; do
    id=${file#/proc/}
    id=${id%%/*}
    if [[ $id != "$$" && $file -ef $LOCK ]]; then kill -KILL "$id" 2>/dev/null || true; fi
  done
  sleep 0.2
}
