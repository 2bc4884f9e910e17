#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# TAP: video.h, video_ex.h, video_client.h and video_compat.h compile alone, as C11 and C++17, with gcc and clang, for the host and the core's ABI layout.
flags="-Wall -Wextra -Wpedantic -Wconversion -Werror -fsyntax-only -Ifirmware/port/include"
number=0
check() {
    number=$((number + 1))
    if printf '%s\n' "#include \"$header\"" "$layout" | "$@" $flags -; then echo "ok $number - $header alone: $*"
    else echo "not ok $number - $header alone: $*"; fi
}
echo 1..16
for header in video.h video_ex.h video_client.h video_compat.h; do
    layout='_Static_assert(sizeof(ULONG) == 4 && sizeof(VP_DEVICE_DESCRIPTION) == 8 && sizeof(PHYSICAL_ADDRESS) == 8
        && offsetof(VP_SCATTER_GATHER_LIST, Elements) == (sizeof(void *) == 8 ? 16 : 8)
        && sizeof(STATUS_BLOCK) == 2 * sizeof(void *) && sizeof(VIDEO_REQUEST_PACKET) == (sizeof(void *) == 8 ? 48 : 24)
        && sizeof(VP_SCATTER_GATHER_ELEMENT) == (sizeof(void *) == 8 ? 24 : 16), "layout");'
    check gcc -std=c11 -xc
    check clang -std=c11 -xc
    layout=''
    check g++ -std=c++17 -xc++
    check clang++ -std=c++17 -xc++
done
