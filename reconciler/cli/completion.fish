# Completion of roster and roster-sandbox for fish.
#
# Which words there are the program itself says (cli/completion.h): this only passes them on.

function __roster_complete
    set -l before (commandline -opc)
    set -l typed (commandline -ct)
    set -l all (commandline -op)
    set -l after
    set -l next (math (count $before) + 2)
    if test -z "$typed"
        set next (math $next - 1)
    end
    if test $next -le (count $all)
        set after $all[$next..-1]
    end
    # A quote that is still open can't be taken away.
    set -l current (string unescape -- $typed; or string trim -l -c '"\'' -- $typed)
    set -l program (string replace -r '^~/' "$HOME/" -- $before[1])
    set -l lines ($program __complete fish (count $before) $before "$current" $after 2>/dev/null)
    test (count $lines) -ge 2; or return
    set -l kind (string split ' ' -- $lines[1])
    set -l file (string split -m 1 \t -- $lines[2])
    switch $kind[1]
        case words
            string join \n -- $lines[3..-1]
        case files folders
            for path in (complete -C "'' "(string escape -- $file[2]))
                set -l name (string split -m 1 \t -- $path)[1]
                if string match -q '*/' -- $name
                    echo -- $file[1]$name
                else if test $kind[1] = files
                    if test (count $kind) -eq 1; or string match -q -r '\.('(string join '|' $kind[2..-1])')$' -- $name
                        echo -- $file[1]$name
                    end
                end
            end
        case commands
            complete -C (string escape -- $file[2])
    end
end

complete -c roster -f -a '(__roster_complete)'
complete -c roster-sandbox -f -a '(__roster_complete)'
