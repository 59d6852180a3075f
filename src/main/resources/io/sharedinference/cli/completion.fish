# Completion of ./tenant for fish: ./tenant completion fish | source
function __tenant_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l candidates ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
    if test "$candidates" = :files
        __fish_complete_path "$current"
    else
        printf '%s\n' $candidates
    end
end
complete -c tenant -f -a '(__tenant_complete)'
