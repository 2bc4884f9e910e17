/* SPDX-License-Identifier: Apache-2.0 */
#include "dpc.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "irql.h"

static struct {
    struct dpc  *head;
    struct dpc **tail;
    unsigned     objects;
} queue;

/* Taken out before it runs, under the mask that keeps an ISR from pushing at the same time. */
static struct dpc *pop(struct dpc_call *call)
{
    uint32_t saved = irql_interrupts_off();
    struct dpc *dpc = queue.head;
    if (dpc != NULL) {
        queue.head = dpc->next;
        if (queue.head == NULL) queue.tail = &queue.head;
        dpc->next = NULL;
        dpc->queued = false;
        *call = dpc->call; /* from here on an ISR may queue it again, with another call */
    }
    irql_interrupts_restore(saved);
    return dpc;
}

static bool drain(void *context)
{
    (void)context;
    for (unsigned budget = DPC_CAPACITY; budget != 0u; budget--) {
        struct dpc_call call;
        struct dpc *dpc = pop(&call);
        if (dpc == NULL) return true;
        dpc->run(dpc->context, call);
    }
    return queue.head == NULL;
}

void dpc_init(void)
{
    queue.head = NULL;
    queue.tail = &queue.head;
    queue.objects = 0;
    irql_dispatch_hook(drain, NULL);
}

void dpc_init_object(struct dpc *dpc, void (*run)(void *context, struct dpc_call call), void *context)
{
    assert(dpc != NULL && run != NULL);
    *dpc = (struct dpc){ .run = run, .context = context };
    queue.objects++;
    assert(queue.objects <= DPC_CAPACITY);
}

bool dpc_dequeue(struct dpc *dpc)
{
    assert(dpc != NULL);

    uint32_t saved = irql_interrupts_off();
    bool found = dpc->queued;
    struct dpc **link = &queue.head;
    while (found && *link != dpc) link = &(*link)->next;
    if (found) {
        *link = dpc->next;
        if (*link == NULL) queue.tail = link;
        dpc->queued = false;
    }
    irql_interrupts_restore(saved);
    return found;
}

void dpc_remove_object(struct dpc *dpc)
{
    assert(dpc != NULL && queue.objects != 0u);

    (void)dpc_dequeue(dpc);
    queue.objects--;
}

bool dpc_queue(struct dpc *dpc, struct dpc_call call)
{
    assert(dpc != NULL && dpc->run != NULL);

    uint32_t saved = irql_interrupts_off();
    bool added = !dpc->queued;
    if (added) {
        dpc->queued = true;
        dpc->call = call;
        dpc->next = NULL;
        *queue.tail = dpc;
        queue.tail = &dpc->next;
    }
    irql_interrupts_restore(saved);
    if (added) irql_soft_pend();
    return added;
}
