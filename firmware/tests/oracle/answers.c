/* SPDX-License-Identifier: Apache-2.0 */
/* Answers questions on standard input with the packet core's own arithmetic, for test_oracle.py:
 *
 *     split <offset> <total> <maximum> <registers> <page>          the lengths of all packets
 *     fragments <total> <maximum> <registers> <page>               those of KMDF, which keeps one register back
 *     elements <boundary> <longest> <page> <offset> <length> <frame>...   address:length of each element
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet_list.h"

static uint64_t number(void)
{
    const char *word = strtok(NULL, " \n");
    return word != NULL ? strtoull(word, NULL, 10) : 0u;
}

static void split(void)
{
    uint32_t offset = (uint32_t)number(), total = (uint32_t)number(), maximum = (uint32_t)number();
    uint32_t registers = (uint32_t)number(), page = (uint32_t)number();
    for (uint32_t done = 0; done < total;) {
        uint32_t length = packet_chunk((offset + done) % page, total - done, maximum, registers, page);
        if (length == 0u) abort();
        printf("%" PRIu32 " ", length);
        done += length;
    }
}

static void fragments(void)
{
    uint32_t total = (uint32_t)number(), maximum = (uint32_t)number(), registers = (uint32_t)number(), page = (uint32_t)number();
    uint32_t most = packet_fragment(maximum, registers, page);
    for (uint32_t left = total; left != 0u; left -= left < most ? left : most) printf("%" PRIu32 " ", left < most ? left : most);
}

static void emit(void *context, uint32_t index, uint64_t address, uint32_t length_bytes)
{
    (void)context;
    (void)index;
    printf("%" PRIu64 ":%" PRIu32 " ", address, length_bytes);
}

static void elements(void)
{
    uint32_t boundary = (uint32_t)number(), longest = (uint32_t)number();
    struct packet_list list = { .boundary_bytes = boundary, .element_bytes_max = longest, .emit = emit };
    uint32_t page = (uint32_t)number(), at = (uint32_t)number(), left = (uint32_t)number(), skipped = at / page;
    while (skipped-- != 0u) (void)number();
    for (at %= page; left != 0u; at = 0) {
        uint32_t length = page - at < left ? page - at : left;
        if (packet_list_add(&list, number() * page + at, length) != length) abort();
        left -= length;
    }
    packet_list_end(&list);
}

int main(void)
{
    static char line[8192];
    while (fgets(line, sizeof line, stdin) != NULL) {
        const char *what = strtok(line, " \n");
        if (what != NULL && strcmp(what, "split") == 0) split();
        if (what != NULL && strcmp(what, "fragments") == 0) fragments();
        if (what != NULL && strcmp(what, "elements") == 0) elements();
        printf("\n");
    }
    return 0;
}
