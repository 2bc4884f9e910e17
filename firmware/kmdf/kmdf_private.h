/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share and nobody else sees. */
#ifndef KMDF_PRIVATE_H
#define KMDF_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "dpc.h"
#include "irq.h"
#include "irql.h"
#include "kmdf.h"
#include "memory_mdl.h"
#include "packet.h"
#include "violation.h"

/* ---- Objects --------------------------------------------------------------------------------------------------------- */

struct kmdf_kind;

/* What every object begins with; a handle is its address. */
struct kmdf_object {
    const struct kmdf_kind *kind; /* NULL: this entry is free */
    struct kmdf_object *parent, *children, *sibling; /* oldest child first */
    PCWDF_OBJECT_CONTEXT_TYPE_INFO context;          /* NULL: none */
    PFN_WDF_OBJECT_CONTEXT_CLEANUP cleanup;
    PFN_WDF_OBJECT_CONTEXT_DESTROY destroy;
};

/* Where the objects of a kind stand, and what it does when one is deleted. */
struct kmdf_kind {
    void    *pool;    /* pool[count] of bytes each */
    size_t   bytes, context_at, context_bytes;
    unsigned count;
    bool     at_dispatch;                            /* may be deleted there */
    bool   (*in_use)(const struct kmdf_object *object);
    void   (*gone)(struct kmdf_object *object);      /* give back what it holds */
};

#define KMDF_POOL(type, entries) \
    .pool = (entries), .bytes = sizeof(struct type), .context_at = offsetof(struct type, context), \
    .context_bytes = sizeof (entries)[0].context, .count = sizeof (entries) / sizeof (entries)[0]

/* A new object, zeroed, the youngest child of its parent; NULL: *status says why. */
void *kmdf_object_take(const struct kmdf_kind *kind, void *parent, const WDF_OBJECT_ATTRIBUTES *attributes, NTSTATUS *status);

/* The object of a handle; NULL, with VIOL_WDF_STATE, unless it is a live one of this kind. */
void *kmdf_object_of(const void *handle, const struct kmdf_kind *kind, const char *where);
#define kmdf_of(handle, kind) kmdf_object_of((handle), &(kind), __func__)

/* The oldest child of this kind behind one, or from the first. */
void *kmdf_child(const void *parent, const struct kmdf_kind *kind, const void *behind);

/* VIOL_WDF_STATE: a call that the object's state does not allow. */
void kmdf_wrong_state(const void *object, unsigned state, const char *where);

/* Everything is gone. */
void kmdf_objects_init(void);

/* Takes away one that was not made ready, and that nobody uses. */
void kmdf_object_discard(struct kmdf_object *object);

/* false: it or a child is in use, with VIOL_WDF_STATE. */
bool kmdf_object_delete(struct kmdf_object *object);

/* ---- Devices --------------------------------------------------------------------------------------------------------- */

struct kmdf_device {
    struct kmdf_object           object;
    const struct kmdf_bus_device *bus;
    WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
    ULONG                        alignment; /* mask */
    bool                         powered;   /* DMA may run */
    uint64_t                     context[KMDF_DEVICE_CONTEXT_BYTES / sizeof(uint64_t)];
};

extern const struct kmdf_kind kmdf_devices, kmdf_enablers, kmdf_transactions, kmdf_commons, kmdf_interrupts, kmdf_requests;

struct packet_system *kmdf_system(void);

/* Every interrupt of a device, from D0 entry to D0 exit. */
NTSTATUS kmdf_interrupts_up(struct kmdf_device *device);
NTSTATUS kmdf_interrupts_down(struct kmdf_device *device);

/* ---- DMA ------------------------------------------------------------------------------------------------------------- */

/* One of an enabler's adapters. */
struct kmdf_path {
    struct packet_adapter core;
    uint32_t fragment_bytes; /* WEN-05 */
    SCATTER_GATHER_LIST list; /* of a packet profile: lives for one EvtProgramDma */
};

struct kmdf_enabler {
    struct kmdf_object     object;
    struct kmdf_device    *device;
    WDF_DMA_ENABLER_CONFIG config;
    struct kmdf_path       paths[2];
    unsigned               path_count;
    size_t                 elements_max; /* pages, as KMDF counts */
    ULONG                  alignment;    /* mask: the device's when this was created */
    bool                   up;           /* Fill was called */
    uint64_t               context[KMDF_CONTEXT_BYTES / sizeof(uint64_t)];
};

enum kmdf_transaction_state {
    KMDF_CREATED,
    KMDF_RESERVED,
    KMDF_INITIALIZED,
    KMDF_TRANSFER,
    KMDF_COMPLETED,
    KMDF_FAILED,
    KMDF_RELEASED,
};

struct kmdf_request;

struct kmdf_transaction {
    struct kmdf_object   object;
    struct kmdf_enabler *enabler;
    enum kmdf_transaction_state state;

    /* From Initialize, and until Release. */
    struct kmdf_path    *path;
    PFN_WDF_PROGRAM_DMA  program;
    WDFCONTEXT           context_of_execute;
    WDF_DMA_DIRECTION    direction;
    struct kmdf_request *request;               /* NULL: initialized without one */
    struct memory_mdl   *mdl;
    uint32_t             offset, length, moved; /* bytes: from the MDL's first; of all; of completed transfers */
    uint32_t             maximum;               /* of a transfer */
    bool                 single, immediate, cancelled;

    struct packet        packet;
    struct packet        hold;   /* PACKET_HELD: registers that are kept for it; PACKET_QUEUED: it waits for them */
    PFN_WDF_RESERVE_DMA  reserve;
    PVOID                context_of_reserve;
    struct kmdf_path    *hold_path;
    bool                *begun; /* told when EvtProgramDma is called; NULL: nobody waits for it */
    uint64_t             context[KMDF_CONTEXT_BYTES / sizeof(uint64_t)];
    SCATTER_GATHER_ELEMENT arena[KMDF_LIST_ELEMENTS + 1u]; /* the first is the head of the list */
};

/* A transaction refers to it no more; NULL: nothing. One that is completed goes with the last. */
void kmdf_request_drop(struct kmdf_request *request);

/* EvtReserveDma. At DISPATCH. */
void kmdf_reserved(struct packet *hold);

/* Gives back what it holds, and waits for no more. */
void kmdf_unreserve(struct kmdf_transaction *transaction);

/* Pages that a transaction, behind done, has in so many bytes. */
uint32_t kmdf_pages(const struct kmdf_transaction *transaction, uint32_t done, uint32_t bytes);

/* What the core calls for a transaction's packets. */
extern const struct packet_face kmdf_face;

/* Puts the next transfer of a transaction into the core. At DISPATCH. @return not STATUS_SUCCESS: nothing was begun. Else
 * the transaction may be anybody's by now. */
NTSTATUS kmdf_stage(struct kmdf_transaction *transaction);
NTSTATUS kmdf_stage_at_once(struct kmdf_transaction *transaction);

/* Would a transfer of so many bytes, behind done, need more elements than the enabler has? WEN-09. */
bool kmdf_too_fragmented(const struct kmdf_transaction *transaction, uint32_t done, uint32_t bytes);

/* Most bytes of its next transfer. */
uint32_t kmdf_transfer_limit(const struct kmdf_transaction *transaction);

/* Is all of it to be moved at once? */
bool kmdf_single(const struct kmdf_transaction *transaction);

/* NULL for a direction that does not exist. */
struct kmdf_path *kmdf_path_of(struct kmdf_enabler *enabler, WDF_DMA_DIRECTION direction);

bool kmdf_enabler_packet(const struct kmdf_enabler *enabler);    /* a packet profile */
bool kmdf_enabler_version_3(const struct kmdf_enabler *enabler);

/* Is there a transaction of this device in transfer? */
bool kmdf_transferring(const struct kmdf_device *device);

/* The power callbacks of every enabler of a device, in their order. */
NTSTATUS kmdf_enablers_up(struct kmdf_device *device);
NTSTATUS kmdf_enablers_down(struct kmdf_device *device);

#endif
