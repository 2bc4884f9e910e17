/* SPDX-License-Identifier: Apache-2.0 */
/* The client, in user mode: owns the picture, asks for it to be shown, reads it back and compares every byte. */
#include "picture_client.h"

#include "client_call.h"

#define PAGE_BYTES 4096u
#define PAGE_WORDS (PAGE_BYTES / 4u)
#define STRIDE     77u /* no divisor in common with the pages of a picture: each is met once, none beside the last */

static uint32_t scramble(uint32_t n)
{
    uint32_t x = (n + 1u) * 2654435761u;
    return x ^ x >> 15;
}

/* Two thirds of the pages are touched, in no order. Some get a store of what stands there, so they are dirty too. */
static void touch(const struct picture_job *job)
{
    uint32_t *words = (uint32_t *)job->picture;
    uint32_t pages = job->bytes / PAGE_BYTES;
    for (uint32_t i = 0, page = 0; i < pages; i++, page = (page + STRIDE) % pages) {
        uint32_t chance = scramble(page);
        if (chance % 3u == 0u) continue;
        uint32_t *word = &words[page * PAGE_WORDS + (chance >> 8) % PAGE_WORDS];
        uint32_t value = *word;
        __asm__ __volatile__("" : "+r"(value) : : "memory");
        if (chance % 7u == 0u) *word = value;
    }
}

/* ---- Comparing ------------------------------------------------------------------------------------------------------ */

static uint32_t bytes_of(uint32_t difference)
{
    uint32_t count = 0;
    for (; difference != 0u; difference >>= 8) count += (difference & 0xffu) != 0u ? 1u : 0u;
    return count;
}

static uint32_t different(const uint32_t *a, const uint32_t *b, uint32_t words)
{
    uint32_t count = 0;
    for (; words >= 4u; words -= 4u, a += 4, b += 4) {
        uint32_t p = a[0] ^ b[0], q = a[1] ^ b[1], r = a[2] ^ b[2], s = a[3] ^ b[3];
        if ((p | q | r | s) != 0u) count += bytes_of(p) + bytes_of(q) + bytes_of(r) + bytes_of(s);
    }
    for (; words > 0u; words--) count += bytes_of(*a++ ^ *b++);
    return count;
}

/* ---- Guards: what the client itself keeps round the place where the engine writes ---------------------------------- */

static void guard_fill(const struct picture_job *job, uint32_t from, uint32_t to, uint32_t seed)
{
    uint32_t *words = (uint32_t *)job->back;
    for (uint32_t i = from / 4u; i < to / 4u; i++) words[i] = scramble(seed + i);
}

/* Bytes of [from, to) that are not what was filled in. */
static uint32_t guard_lost(const struct picture_job *job, uint32_t from, uint32_t to, uint32_t seed)
{
    const uint8_t *bytes = (const uint8_t *)job->back;
    uint32_t lost = 0;
    for (uint32_t i = from; i < to; i++) {
        uint32_t word = scramble(seed + i / 4u);
        if (i % 4u == 0u && to - i >= 4u) { /* a word at once, where there is one */
            lost += bytes_of(word ^ *(const uint32_t *)(job->back + i));
            i += 3u;
        } else {
            lost += bytes[i] != (uint8_t)(word >> i % 4u * 8u) ? 1u : 0u;
        }
    }
    return lost;
}

/* ---- Reading back --------------------------------------------------------------------------------------------------- */

static uint32_t read_whole(struct picture_job *job)
{
    uint32_t begin = PICTURE_GUARD_BYTES, end = begin + job->bytes;
    guard_fill(job, 0, begin, 1);
    guard_fill(job, end, job->back_bytes, 1);
    uint32_t answer = client_call(PICTURE_CALL_READ_BACK, job->back + begin, job->bytes, 0);
    if (answer != 0u) return answer;
    job->wrong += different((const uint32_t *)job->picture, (const uint32_t *)(job->back + begin), job->bytes / 4u);
    job->guards += guard_lost(job, 0, begin, 1) + guard_lost(job, end, job->back_bytes, 1);
    return 0;
}

/* Offsets in `back`, in the frame buffer, and lengths, so that pages and cache lines are shared with guards. */
static const struct piece {
    uint32_t at, bytes, frame;
} pieces[] = {
    { 1, 61, 3 },                /* inside two cache lines */
    { 4093, 7, 640u * 4u + 1u }, /* over a page's end */
    { 33, 4099, 1228800u - 4099u },
    { 4095, 1, 12345 },
    { 2047, 6001, 99999 },
    { 4160, 64, 65536 },         /* whole lines: nothing is shared, and nothing beside them changes */
};

#define PIECE_AREA 12288u

static uint32_t read_piece(struct picture_job *job, const struct piece *piece, uint32_t seed)
{
    guard_fill(job, 0, PIECE_AREA, seed);
    uint32_t answer = client_call(PICTURE_CALL_READ_BACK, job->back + piece->at, piece->bytes, piece->frame);
    if (answer != 0u) return answer;
    const uint8_t *got = (const uint8_t *)(job->back + piece->at);
    const uint8_t *wanted = (const uint8_t *)(job->picture + piece->frame);
    for (uint32_t i = piece->bytes; i-- > 0u;) job->wrong += got[i] != wanted[i] ? 1u : 0u; /* what came last first */
    job->guards += guard_lost(job, 0, piece->at, seed) + guard_lost(job, piece->at + piece->bytes, PIECE_AREA, seed);
    job->pieces++;
    return 0;
}

uint32_t picture_client(uint32_t at)
{
    struct picture_job *job = (struct picture_job *)at;
    touch(job);
    uint32_t answer = client_call(PICTURE_CALL_SHOW, job->picture, job->bytes, 0);
    for (uint32_t i = 0; answer == 0u && i < sizeof pieces / sizeof pieces[0]; i++) {
        answer = read_piece(job, &pieces[i], 100u * (i + 2u));
    }
    if (answer != 0u || job->wrong + job->guards != 0u) return answer;
    return read_whole(job);
}
