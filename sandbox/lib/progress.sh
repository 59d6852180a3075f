# shellcheck shell=bash
# Prints steps with their duration, and errors with a log and a fix.

exec 3>&1 4>&2 # the output of a step goes to its log
TITLE='' LOG='' MESSAGE='' ADVICE='' FAILED_COMMAND='' TICKER=''

if [[ -t 1 && -z ${CI:-} ]]; then LIVE=yes; else LIVE=''; fi

# step TITLE LOG COMMAND...: runs the command with its output in the log; the script ends if it fails
step() {
  TITLE=$1 LOG=$2
  local began=$EPOCHREALTIME
  shift 2
  mkdir -p "$(dirname "$LOG")"
  : >"$LOG"
  ticker_start
  "$@" >>"$LOG" 2>&1
  ticker_stop
  printf '%s%6.1f s  %s\n' "${LIVE:+$'\r\e[K'}" "$(seconds_since "$began")" "$TITLE" >&3
  TITLE='' LOG='' ADVICE=''
}

# announces a long step
note() { printf '%s          %s\n' "${LIVE:+$'\r\e[K'}" "$*" >&3; }

# fail MESSAGE [ADVICE]: ends the script; not for use inside $(...)
fail() {
  MESSAGE=$1
  ADVICE=${2:-$ADVICE}
  exit 1
}

seconds_since() {
  local micros=$((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}))
  printf '%d.%d' $((micros / 1000000)) $((micros % 1000000 / 100000))
}

ticker_start() {
  if [[ -z $LIVE ]]; then return 0; fi
  tick "$TITLE" $$ 9>&- &
  TICKER=$!
}

tick() {
  local began=$SECONDS
  while kill -0 "$2" 2>/dev/null; do
    printf '\r\e[K%4d s    %s …' $((SECONDS - began)) "$1" >&3
    sleep 1
  done
}

ticker_stop() {
  if [[ -z $TICKER ]]; then return 0; fi
  kill "$TICKER" 2>/dev/null || true
  wait "$TICKER" 2>/dev/null || true
  TICKER=''
}

report() {
  set +e
  local status=$1
  ticker_stop
  if [[ $status == 0 ]]; then return; fi
  {
    printf '%s\nFAILED: sandbox/%s%s\n' "${LIVE:+$'\r\e[K'}" "$(basename "$0")" "${TITLE:+, at the step \"$TITLE\"}"
    printf '  Error: %s\n' "${MESSAGE:-\`$FAILED_COMMAND\` exited with status $status}"
    if [[ -s $LOG ]]; then
      printf '  Log:   %s, last lines:\n' "$LOG"
      tail -n 15 "$LOG" | cut -c1-400 | sed 's/^/         | /'
    fi
    printf '  Fix:   %s\n' "${ADVICE:-read the log, then run it again; to start from scratch, run \`./sandbox/down\` first}"
  } >&4
}

set -o errtrace
trap 'FAILED_COMMAND=$BASH_COMMAND' ERR
trap 'report $?' EXIT
trap 'fail "interrupted" "run the same command again to continue"' INT TERM
