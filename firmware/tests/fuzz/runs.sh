#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each fuzzer for a fixed number of inputs from a fixed seed: the same ones at every run. As TAP. `make fuzz` runs them for long.
programs=$(dirname "$0")/clang-fuzz
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT

number=0
echo "1..7"
while read -r name runs options; do
    number=$((number + 1))
    if "$programs/$name" -runs="$runs" -seed=1 -max_len=400 $options -artifact_prefix="$found/" > "$found/$name.log" 2>&1 < /dev/null; then
        echo "ok $number - $name finds nothing in $runs inputs"
    else
        echo "not ok $number - $name finds nothing in $runs inputs"
        grep -v '^#[0-9]*.*\(NEW\|REDUCE\|pulse\)' "$found/$name.log" | tail -n 40 | sed 's/^/# /'
    fi
done << 'EOF'
fuzz_map 20000
fuzz_dray 6000 -len_control=0
fuzz_memory 10000
fuzz_port 5000
fuzz_request 2000
fuzz_kmdf 3000 -len_control=0
fuzz_hal 10000
EOF
