#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# TAP: the headers of both Windows faces compile alone, as C11 and C++17, with gcc and clang, and their structures are laid out as they are there.
flags="-Wall -Wextra -Wpedantic -Wconversion -Werror -fsyntax-only -Ifirmware/packet/include -Ifirmware/port/include -Ifirmware/kmdf/include"
number=0
check() {
    number=$((number + 1))
    if printf '%s\n' "#include \"$header\"" "$layout" | "$@" $flags -; then echo "ok $number - $header alone: $*"
    else echo "not ok $number - $header alone: $*"; fi
}
alone() {
    header=$1 layout=$2
    check gcc -std=c11 -xc
    check clang -std=c11 -xc
    layout=$3
    check g++ -std=c++17 -xc++
    check clang++ -std=c++17 -xc++
}
echo 1..24
for name in video.h video_ex.h video_client.h video_compat.h; do
    alone $name '_Static_assert(sizeof(ULONG) == 4 && sizeof(VP_DEVICE_DESCRIPTION) == 8 && sizeof(PHYSICAL_ADDRESS) == 8
        && offsetof(VP_SCATTER_GATHER_LIST, Elements) == (sizeof(void *) == 8 ? 16 : 8)
        && sizeof(STATUS_BLOCK) == 2 * sizeof(void *) && sizeof(VIDEO_REQUEST_PACKET) == (sizeof(void *) == 8 ? 48 : 24)
        && sizeof(VP_SCATTER_GATHER_ELEMENT) == (sizeof(void *) == 8 ? 24 : 16), "layout");' ''
done
alone ntddk.h '_Static_assert(sizeof(NTSTATUS) == 4 && offsetof(SCATTER_GATHER_LIST, Elements) == (sizeof(void *) == 8 ? 16 : 8)
    && sizeof(SCATTER_GATHER_ELEMENT) == (sizeof(void *) == 8 ? 24 : 16), "layout");' ''
context='typedef struct { ULONG starts; } CONTEXT; WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(CONTEXT, context_of)
    ULONG starts_of(WDFDMATRANSACTION t); ULONG starts_of(WDFDMATRANSACTION t) { return context_of(t)->starts; }'
alone wdf.h "_Static_assert(!NT_SUCCESS(STATUS_CANCELLED) && NT_SUCCESS(STATUS_SUCCESS), \"codes\"); $context" "$context"
