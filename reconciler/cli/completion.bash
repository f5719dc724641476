# Completion of roster and roster-sandbox for bash; works with and without bash-completion.
#
# Which words there are the program itself says (cli/completion.h): this only passes the line on.

_roster_complete() {
    local program=${COMP_WORDS[0]} line kind='' rest='' extension
    local -a lines=()

    # shellcheck disable=SC2088 # it is as it was typed
    case $program in
    '~/'*) program=$HOME/${program#'~/'} ;;
    esac
    COMPREPLY=()
    while IFS= read -r line; do
        lines+=("$line")
    done < <("$program" __complete bash "${COMP_LINE:0:COMP_POINT}" "${COMP_LINE:COMP_POINT}" \
        "$COMP_WORDBREAKS" 2>/dev/null)
    kind=${lines[0]-} rest=${lines[1]-}
    case $kind in
    words)
        COMPREPLY=("${lines[@]:2}")
        ;;
    folders | files | files\ *)
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do
            if [[ $kind == files || -d ${line/#'~/'/"$HOME/"} ]]; then
                COMPREPLY+=("$line")
                continue
            fi
            [[ $kind == files\ * ]] || continue
            for extension in ${kind#files }; do
                [[ $line != *."$extension" ]] || COMPREPLY+=("$line")
            done
        done < <(compgen -f -- "$rest")
        ;;
    commands)
        while IFS= read -r line; do
            COMPREPLY+=("$line")
        done < <(compgen -c -- "$rest")
        ;;
    esac
}

complete -F _roster_complete roster roster-sandbox
