# Sourced by bash: the npm packages of a test, installed below the build tree by the lock file that
# lies beside the test.
# shellcheck shell=bash

# npm_packages HERE FOLDER: FOLDER/node_modules has what HERE/package-lock.json says, kept until that
# changes. No package's own scripts are run. Returns 1, having said so, when that can't be.
npm_packages() {
    local here=$1 folder=$2

    mkdir -p "$folder"
    if cmp -s "$here/package-lock.json" "$folder/installed.json" && [ -d "$folder/node_modules" ]; then
        return 0
    fi
    cp "$here/package.json" "$here/package-lock.json" "$folder/"
    rm -f "$folder/installed.json"
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --silent) || {
        echo "npm could not install the packages of $here/package-lock.json"
        return 1
    }
    cp "$here/package-lock.json" "$folder/installed.json"
}
