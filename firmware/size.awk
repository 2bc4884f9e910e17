# SPDX-License-Identifier: Apache-2.0
# Sums a linker map by the archive that a section came from: one room is one archive.

/^ \.(start|text|rodata|srodata|data|sdata|bss|sbss|client)/ || /^ COMMON/ {
    section = $1
    if (NF == 1) { getline; size = $2; file = $3 } else { size = $3; file = $4 }
    if (size !~ /^0x/ || file !~ /\.a\(|start\.o/) next
    room = file
    sub(/\.a\(.*/, "", room)
    sub(/.*\//, "", room)
    if (file ~ /hal\/core\/start\.o/) room = "hal"
    bytes = hex(size)
    if (section ~ /bss|COMMON/) bss[room] += bytes; else text[room] += bytes
    seen[room] = 1
}

function hex(text,   value, i) {
    value = 0
    text = tolower(substr(text, 3))
    for (i = 1; i <= length(text); i++) value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
    return value
}

/^\/DISCARD\// || /^Discarded input sections/ { skipping = 1 }
/^Memory Configuration/ { for (room in text) delete text[room]; for (room in bss) delete bss[room]; for (room in seen) delete seen[room] }

END {
    for (room in seen) {
        printf "%-10s code and constants %6d  zeroed data %6d\n", room, text[room], bss[room] | "sort"
        sum += text[room]
    }
    close("sort")
    printf "%-10s code and constants %6d\n", "all", sum
}
