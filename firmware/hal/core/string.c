/* SPDX-License-Identifier: Apache-2.0 */
/* memcpy and memset by words: picolibc's go by bytes, and a byte costs as much on the bus as a word.
 *
 * They take the place of the library's for the firmware and for what the compiler inserts. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WORD  sizeof(word)
#define BLOCK (8u * WORD)

typedef uint32_t __attribute__((may_alias)) word;

/* The compiler must not find a memcpy in memcpy. */
#define PLAIN __attribute__((optimize("no-tree-loop-distribute-patterns")))

static inline int aligned(const void *at)
{
    return (uintptr_t)at % WORD == 0u;
}

PLAIN void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    if (((uintptr_t)out ^ (uintptr_t)in) % WORD == 0u) {
        for (; length > 0u && !aligned(out); length--) *out++ = *in++;
        for (; length >= BLOCK; length -= BLOCK) {
            word *w = (void *)out;
            const word *r = (const void *)in;
            word a = r[0], b = r[1], c = r[2], d = r[3], e = r[4], f = r[5], g = r[6], h = r[7];
            w[0] = a;
            w[1] = b;
            w[2] = c;
            w[3] = d;
            w[4] = e;
            w[5] = f;
            w[6] = g;
            w[7] = h;
            out += BLOCK;
            in += BLOCK;
        }
        for (; length >= WORD; length -= WORD) {
            *(word *)(void *)out = *(const word *)(const void *)in;
            out += WORD;
            in += WORD;
        }
    }
    for (; length > 0u; length--) *out++ = *in++;
    return to;
}

PLAIN void *memset(void *to, int value, size_t length)
{
    uint8_t *out = to;
    word fill = (uint8_t)value * 0x01010101u;
    for (; length > 0u && !aligned(out); length--) *out++ = (uint8_t)value;
    for (; length >= BLOCK; length -= BLOCK) {
        word *w = (void *)out;
        for (unsigned i = 0; i < BLOCK / WORD; i += 4u) {
            w[i] = fill;
            w[i + 1u] = fill;
            w[i + 2u] = fill;
            w[i + 3u] = fill;
        }
        out += BLOCK;
    }
    for (; length >= WORD; length -= WORD) {
        *(word *)(void *)out = fill;
        out += WORD;
    }
    for (; length > 0u; length--) *out++ = (uint8_t)value;
    return to;
}
