#compdef roster roster-sandbox
# Completion of roster and roster-sandbox for zsh.
#
# Which words there are the program itself says (cli/completion.h): this only passes them on.

_roster() {
    local program=${${(Q)words[1]}/#\~\//$HOME/} kind line word help
    local -a typed lines items

    typed=("${(@Q)words}")
    typed[CURRENT]=${(Q)PREFIX}
    lines=("${(@f)$($program __complete zsh $((CURRENT - 1)) "${(@)typed}" 2>/dev/null)}")
    kind=${lines[1]}
    # Of --option=VALUE only the value is completed.
    [[ $PREFIX != --*=* ]] || compset -P 1 '*='
    case $kind in
    words)
        for line in "${(@)lines[2,-1]}"; do
            word=${line%%$'\t'*} help=${line#*$'\t'}
            word=${word//\\/\\\\}
            items+=("${word//:/\\:}${help:+:$help}")
        done
        (( $#items )) && _describe -t words 'roster' items
        ;;
    folders)
        _files -/
        ;;
    files)
        _files
        ;;
    files\ *)
        _files -g "*.(${${kind#files }// /|})(-.)"
        ;;
    commands)
        _command_names -e
        ;;
    *)
        return 1
        ;;
    esac
}

# Read as a function from $fpath it is called; sourced, it registers itself.
if [[ ${funcstack[1]} == _roster ]]; then
    _roster "$@"
else
    compdef _roster roster roster-sandbox
fi
