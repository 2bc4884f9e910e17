/* SPDX-License-Identifier: Apache-2.0 */
/* Frames of clients: one record a frame, and a stack of the free ones, scattered by construction. */
#include <stddef.h>

#include "cache.h"
#include "space.h"
#include "trace.h"
#include "violation.h"

static struct frame frames[MEMORY_FRAMES];
static uint32_t free_top; /* number of the next free frame, MEMORY_FRAME_NONE at the end */
static uint32_t free_count;
static uint32_t loose;    /* pages that nobody pins: what the pager may take */
static uint32_t hand;     /* where its search goes on */

_Static_assert(MEMORY_FRAME_FIRST + MEMORY_FRAMES < MEMORY_FRAME_NONE, "frame numbers have 16 bits");

struct frame *frame_at(uint32_t number)
{
    return number - MEMORY_FRAME_FIRST < MEMORY_FRAMES ? &frames[number - MEMORY_FRAME_FIRST] : NULL;
}

uint32_t *frame_words(uint32_t number)
{
    return cache_cpu(memory_frame_bus(number));
}

static void push(uint32_t number)
{
    struct frame *frame = frame_at(number);
    *frame = (struct frame){ .owner = MEMORY_OWNER_FREE, .page = (uint16_t)free_top };
    free_top = number;
    free_count++;
}

static uint32_t pop(void)
{
    uint32_t number = free_top;
    if (number == MEMORY_FRAME_NONE) return number;
    struct frame *frame = frame_at(number);
    free_top = frame->page;
    free_count--;
    frame->owner = MEMORY_OWNER_LOADING;
    return number;
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b != 0u) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Steps of about 0.618 n that meet every frame once: neighbours in the order lie far apart in memory. */
static uint32_t scatter_step(void)
{
    uint32_t step = MEMORY_FRAMES * 5u / 8u | 1u;
    while (common_divisor(MEMORY_FRAMES, step) != 1u) step++;
    return step;
}

void frame_init(void)
{
    uint32_t step = HAL_HAS_MMU != 0 ? scatter_step() : MEMORY_FRAMES - 1u;
    uint32_t at = 0;
    free_top = MEMORY_FRAME_NONE;
    free_count = 0;
    loose = 0;
    hand = 0;
    for (uint32_t i = 0; i < MEMORY_FRAMES; i++) {
        push(MEMORY_FRAME_FIRST + at);
        at = (at + step) % MEMORY_FRAMES;
    }
}

uint32_t frame_take(void)
{
    return pop();
}

static uint32_t free_run(uint32_t count)
{
    uint32_t run = 0;
    for (uint32_t i = 0; i < MEMORY_FRAMES; i++) {
        run = frames[i].owner == MEMORY_OWNER_FREE ? run + 1u : 0u;
        if (run == count) return MEMORY_FRAME_FIRST + i + 1u - count;
    }
    return MEMORY_FRAME_NONE;
}

uint32_t frame_take_run(uint32_t count)
{
    uint32_t first = free_run(count);
    if (first == MEMORY_FRAME_NONE) return first;
    for (uint32_t number = first; number < first + count; number++) frame_at(number)->owner = MEMORY_OWNER_LOADING;

    /* The stack is linked through the free records alone: thread it anew. */
    free_top = MEMORY_FRAME_NONE;
    free_count = 0;
    for (uint32_t i = MEMORY_FRAMES; i > 0u; i--) {
        if (frames[i - 1u].owner == MEMORY_OWNER_FREE) push(MEMORY_FRAME_FIRST + i - 1u);
    }
    return first;
}

static void poison(uint32_t number)
{
    uint32_t *words = frame_words(number);
    uint32_t word = MEMORY_POISON | number;
    for (uint32_t i = 0; i < MEMORY_PAGE_BYTES / 4u; i += 4u) {
        words[i] = word;
        words[i + 1u] = word;
        words[i + 2u] = word;
        words[i + 3u] = word;
    }
}

static void retire(uint32_t number)
{
    *frame_at(number) = (struct frame){ .owner = MEMORY_OWNER_QUARANTINED };
}

void frame_attach(uint32_t number, uint32_t client, uint32_t page)
{
    struct frame *frame = frame_at(number);
    *frame = (struct frame){ .owner = MEMORY_OWNER_PAGE, .client = (uint8_t)client, .page = (uint16_t)page };
    loose++;
}

/* In turn, so that what came in long ago goes first. */
uint32_t frame_next_loose(void)
{
    while (loose > 0u) {
        uint32_t at = hand;
        hand = at + 1u < MEMORY_FRAMES ? at + 1u : 0u;
        if (frames[at].owner == MEMORY_OWNER_PAGE && frames[at].pins == 0u) return MEMORY_FRAME_FIRST + at;
    }
    return MEMORY_FRAME_NONE;
}

void frame_give(uint32_t number)
{
    if (frame_at(number)->owner == MEMORY_OWNER_PAGE) loose--;
    if (frame_at(number)->quarantined) {
        retire(number);
        return;
    }
    poison(number);
    push(number);
}

void frame_pin(uint32_t number)
{
    struct frame *frame = frame_at(number);
    if (frame == NULL) {
        violation_report(VIOL_FRAME, number, 0, 0, 0);
        return;
    }
    if (frame->pins == UINT16_MAX) violation_bugcheck(VIOL_FRAME, number, frame->pins, 0, 0);
    if (frame->pins == 0u) loose--;
    frame->pins++;
    trace_page(TRACE_PIN, frame->client, frame->page, number);
}

void frame_unpin(uint32_t number)
{
    struct frame *frame = frame_at(number);
    if (frame == NULL || frame->pins == 0u) {
        violation_report(VIOL_FRAME, number, 0, 0, 0);
        return;
    }
    frame->pins--;
    trace_page(TRACE_UNPIN, frame->client, frame->page, number);
    if (frame->pins != 0u) return;
    loose++;
    if (frame->quarantined) pager_drop(space_client(frame->client), frame->page);
}

bool memory_frame_quarantine(uint32_t bus)
{
    uint32_t number = memory_frame_of_bus(bus);
    struct frame *frame = frame_at(number);
    if (frame == NULL) return common_quarantine(number);

    enum irql old = space_enter();
    bool known = frame->owner == MEMORY_OWNER_PAGE;
    if (known) {
        frame->quarantined = true;
        if (frame->pins == 0u) pager_drop(space_client(frame->client), frame->page);
    }
    space_leave(old);
    return known;
}

enum memory_owner memory_frame_owner(uint32_t number)
{
    const struct frame *frame = frame_at(number);
    return frame == NULL ? MEMORY_OWNER_FREE : (enum memory_owner)frame->owner;
}

uint32_t memory_frame_pins(uint32_t number)
{
    const struct frame *frame = frame_at(number);
    return frame == NULL ? 0u : frame->pins;
}

uint32_t memory_frames_free(void)
{
    return free_count;
}

uint32_t frame_pins_sum(void)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < MEMORY_FRAMES; i++) sum += frames[i].pins;
    return sum;
}

uint32_t frame_owned(enum memory_owner owner)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < MEMORY_FRAMES; i++) count += frames[i].owner == (uint8_t)owner ? 1u : 0u;
    return count;
}
