# Completion of ./tenant for bash: source <(./tenant completion bash)
_tenant() {
    local current=${COMP_WORDS[COMP_CWORD]} word words=() candidates
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        [ "$word" = = ] || words+=("$word")
    done
    if [ "$current" = = ]; then
        current=
        words+=("")
    fi
    COMPREPLY=()
    candidates=$("${COMP_WORDS[0]}" __complete -- "${words[@]}" 2>/dev/null)
    if [ "$candidates" = :files ]; then
        compopt -o filenames 2>/dev/null
        candidates=$(compgen -f -- "$current")
    fi
    while IFS= read -r word; do
        [ -z "$word" ] || COMPREPLY+=("$word")
    done <<<"$candidates"
}
complete -F _tenant tenant
