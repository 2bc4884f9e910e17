# SPDX-License-Identifier: Apache-2.0
# Reads tools/packages.txt for tools/setup and tools/doctor, which source this file from the root of the tree.

# is_there <proof>: the command is on the PATH, or a file matches the pattern. Starts no process.
is_there() {
    case $1 in
        /*) compgen -G "$1" > /dev/null ;;
        *)  command -v "$1" > /dev/null ;;
    esac
}

# each_package <function>: calls it with package and proof of every row.
each_package() {
    local package proof
    while read -r package proof; do
        case $package in '' | '#'*) continue ;; esac
        "$1" "$package" "$proof"
    done < tools/packages.txt
}
