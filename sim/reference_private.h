// SPDX-License-Identifier: Apache-2.0
//
// What the parts of the reference model share. Nobody else includes this.
//
//     reference.c         the image, bytes that may be either of two, faults
//     reference_gate.c    window and guard
//     reference_list.c    lists, element by element
//     reference_type.c    each type of descriptor: when it makes no sense, and which bytes it moves
//     reference_judge.c   what will become of one descriptor
//     reference_act.c     does it: bytes, stream, status
//     reference_stream_in.c  what comes from a stream, and how far into it a descriptor came
//     reference_settle.c  descriptor after descriptor, and whether what was seen is possible
#ifndef SIM_REFERENCE_PRIVATE_H
#define SIM_REFERENCE_PRIVATE_H

#include "reference.h"

#include "dray_regs.h"

enum {
    REFERENCE_FAULTS = 32,
    REFERENCE_RANGES = 1 << 14,
    REFERENCE_HELD   = 4096,
    REFERENCE_WINDOW = 256,
    REFERENCE_SLOT   = DRAY_DESCRIPTOR_BYTES,
    REFERENCE_STATUS = 8, // bytes of a write-back, from DRAY_WRITE_BACK_MOVED on
};

struct reference_range { uint64_t first, count; };

// The next descriptor of a channel.
struct place {
    uint16_t index;
    bool     in_segment;
    uint32_t left; // in the segment, this one included
    uint32_t spent; // slots taken from segments before it, since the last one of the ring
    uint64_t addr; // of its slot
};

struct reference_descriptor {
    uint64_t source, destination; // once the second slot was read, with the bits that it has of them
    uint32_t length, control;
    uint32_t source_stride, destination_stride, count; // of a second slot, else 0
};

// A contiguous part of what a descriptor moves.
struct piece {
    uint64_t source, destination; // the latter 0 where it goes to a stream
    uint64_t count;
    bool     fills; // nothing is read: source is the pattern
    uint32_t causes; // set; if any, nothing of it moves, and count only stands for it
};

// A type of descriptor.
struct reference_type {
    // Causes besides those that any descriptor may have, as a set.
    uint32_t (*check)(const struct reference *reference, const struct place *place, const struct reference_descriptor *descriptor);
    // Its n-th piece. @return false if it has no more.
    bool (*piece)(const struct reference *reference, unsigned channel, const struct reference_descriptor *descriptor, unsigned n,
                  struct piece *piece);
    bool leads_away; // to a segment
    bool two_always; // it has a second slot; any other may have one where addresses have more than 32 bits
    // Causes of its second slot, besides those of `check`, which sees the whole addresses then.
    uint32_t (*check_second)(const struct reference *reference, const struct place *place, const struct reference_descriptor *descriptor);
};

// What must become of one descriptor. Offsets are bytes from its start.
struct outcome {
    struct reference_descriptor descriptor;
    const struct reference_type *type; // NULL if it has none, or was not read
    unsigned slots;         // that it takes: 2 if its first slot is right and says so
    bool     half;          // the producer index lies between the two: it waits
    bool     readable;      // it was read: tag and generation are known
    uint32_t causes;        // set of those it may end with, bit n for cause n; 0: it ends well
    bool     early;         // an error is found before anything behind it may begin
    bool     fenced;        // it begins only when everything before it has ended
    uint64_t least, most;   // bytes that it moves
    bool     write_fails;   // a write of it may fail: from `hole` to `hole_end` nothing is written, behind that it may be
    uint64_t hole, hole_end;
    uint64_t length;        // of all its pieces
    uint64_t limit;         // nothing behind this is ever written
    bool     status_lost;   // the status cannot be written
    bool     from;          // its bytes come from the stream: as many as are there, and
    bool     ends;          // ... the packet ends in it
};

struct reference_stream {
    uint8_t *bytes;
    size_t   count, room;
    size_t   end[1024];
    bool     cut[1024];
    unsigned packets;
};

// The next byte of the stream to memory: in a packet, or its bare end.
struct reference_incoming {
    struct source *source;
    size_t         packet, at;
};

struct reference_channel {
    uint64_t base;
    unsigned slots_lg;
    bool     cyclic, halted;
    bool     aborted;   // told to stop while it ran
    bool     paused;    // told to pause while it ran
    unsigned budget;    // slots of segments in a row; 0: no limit
    bool     streaming; // the last descriptor went to the stream
    uint16_t producer, consumer;
    struct place next;
    uint32_t interrupts, interrupts_may; // bits that must be set, and that may be beside
    struct reference_range unfenced[REFERENCE_RANGES]; // written since everything before was known to have ended
    unsigned unfenced_count;
    struct reference_stream stream;
    struct reference_incoming incoming;
};

struct reference {
    struct model_parameters parameters;
    uint64_t base;
    size_t   size_bytes;
    uint64_t width, bound; // of the bus and of a burst, bytes
    bool    *held; // page n of the image, REFERENCE_HELD bytes each, was ever written or handed out
    uint8_t *image, *other, *either; // a byte that is `either` is that of image or that of other
    struct reference_range maybe[REFERENCE_RANGES]; // where `either` is set
    unsigned maybe_count;
    struct memory_fault faults[REFERENCE_FAULTS];
    unsigned fault_count;
    uint8_t *guard; // rights of frame f for channel c at [f * MODEL_CHANNELS_MAX + c]
    struct { bool valid; unsigned channel, rights; uint64_t frame_addr; } window[REFERENCE_WINDOW];
    struct reference_channel channels[MODEL_CHANNELS_MAX];
    struct reference_counts counts;
};

// reference.c
bool reference_holds(const struct reference *reference, uint64_t addr, uint64_t count);
void reference_put(struct reference *reference, uint64_t addr, const uint8_t *bytes, size_t count);       // certain
void reference_put_maybe(struct reference *reference, uint64_t addr, const uint8_t *bytes, size_t count); // old or new
const struct memory_fault *reference_fault_at(const struct reference *reference, enum memory_direction direction, uint64_t addr,
                                              uint64_t count, uint64_t *first, uint64_t *end);

// reference_gate.c: bytes from addr to the end of its page.
uint64_t reference_page_rest(const struct reference *reference, uint64_t addr);

// reference_type.c; and what a word-aligned build cannot use, and an address bit too many
const struct reference_type *reference_type(uint32_t type);
bool reference_misfits(const struct reference *reference, uint64_t value);
bool reference_beyond(const struct reference *reference, uint64_t addr);

// reference_list.c
extern const struct reference_type reference_list;

// reference_judge.c
struct outcome reference_judge(const struct reference *reference, unsigned channel, const struct place *place);
uint32_t       reference_bus_cause(const struct memory_fault *fault, uint32_t slverr, uint32_t decerr);
uint32_t       reference_generation(const struct reference_channel *channel, uint16_t index);

// reference_act.c: the first `moved` bytes, and what may have been written behind; then a status.
void reference_move(struct reference *reference, unsigned channel, const struct outcome *outcome, uint64_t moved);
void reference_move_maybe(struct reference *reference, unsigned channel, const struct outcome *outcome, uint64_t from, uint64_t to);
void reference_packet(struct reference *reference, unsigned channel, const struct outcome *outcome, uint64_t moved);
void reference_status(struct reference *reference, unsigned channel, uint64_t slot_addr, uint32_t moved, uint32_t status);
uint32_t reference_status_word(const struct outcome *outcome, uint32_t cause);

// reference_stream_in.c: what a descriptor from the stream gets; its bytes from `at` on; and once it has ended with that
// cause, what comes next.
void reference_arrival(const struct reference *reference, unsigned channel, struct outcome *outcome);
const uint8_t *reference_arrived(const struct reference *reference, unsigned channel, uint64_t at);
void reference_consume(struct reference *reference, unsigned channel, const struct outcome *outcome, uint32_t cause, uint64_t moved);

// reference_type.c: what is wrong in a second slot that has address bits alone.
uint32_t reference_bare_second(const struct reference *reference, const struct place *place,
                               const struct reference_descriptor *descriptor);

static inline bool reference_says_two(const struct reference_descriptor *descriptor)
{
    return (descriptor->control & DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK) != 0;
}

static inline uint32_t reference_bit(uint32_t cause) { return 1u << cause; }
static inline bool reference_to_stream(const struct reference_descriptor *descriptor)
{
    return (descriptor->control & DRAY_DESCRIPTOR_CONTROL_TO_STREAM_MASK) != 0;
}

static inline bool reference_from_stream(const struct reference_descriptor *descriptor)
{
    return (descriptor->control & DRAY_DESCRIPTOR_CONTROL_FROM_STREAM_MASK) != 0;
}

#endif
