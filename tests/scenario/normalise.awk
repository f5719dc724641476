# SIDs of each kind are numbered in the order in which a file shows them: MG<1>, PN<1>, MG<2>. One
# with 16 zeros in a row was written by hand and stays. Each file ends with one byte too many, which
# is dropped.

BEGIN {
    hex = "[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]"
    sid = "[A-Z][A-Z]" hex hex hex hex
    ORS = ""
}

function finish() {
    if (target != "") {
        print substr(held, 1, length(held) - 1) > target
        close(target)
    }
}

function numbered(line,    done, found, kind) {
    while (match(line, sid)) {
        found = substr(line, RSTART, RLENGTH)
        kind = substr(found, 1, 2)
        if (!(found in names)) {
            if (index(found, "0000000000000000"))
                names[found] = found
            else
                names[found] = kind "<" (++count[kind]) ">"
        }
        done = done substr(line, 1, RSTART - 1) names[found]
        line = substr(line, RSTART + RLENGTH)
    }
    return done line
}

FNR == 1 {
    finish()
    target = FILENAME
    sub(/.*\//, "", target)
    target = out "/" target
    split("", names)
    split("", count)
}

FNR > 1 { print held "\n" > target }
{ held = numbered($0) }
END { finish() }
