/* SPDX-License-Identifier: Apache-2.0 */
/* The client as a program: what its exceptions mean. */
#include "memory_task.h"

#include <assert.h>
#include <stddef.h>

#include "../space.h"
#include "cache.h"
#include "client_call.h"
#include "memory_pager.h"

/* Names of the calling convention. */
enum { PC = 0, RA = 1, SP = 2, A0 = 10 };

#define ECALL_BYTES 4u

/* In client pages: the entry function returns to it. */
extern char client_end[];

/* The linker script's: where client code is. */
extern char __client_begin[], __client_end[];

#if HAL_HAS_MMU
uint32_t space_code_table(void)
{
    uint32_t bus = common_table_take(USER_TABLE_BYTES);
    uint32_t *table = cache_cpu(bus);
    if (table == NULL) return 0;
    for (uint32_t at = (uint32_t)__client_begin; at < (uint32_t)__client_end; at += HAL_PAGE_BYTES) {
        table[at / HAL_PAGE_BYTES % USER_TABLE_ENTRIES] = user_pte(at, PTE_PAGE | USER_PTE_X);
    }
    return bus;
}
#endif

enum memory_status memory_task_start(struct memory_task *task, struct memory_client *client,
                                     uint32_t (*entry)(uint32_t argument), uint32_t argument, uint32_t stack_pages)
{
    assert(task != NULL && client != NULL);
    uintptr_t stack;
    enum memory_status status = memory_client_map(client, stack_pages, MEMORY_MAY_WRITE, &stack);
    if (status != MEMORY_OK) return status;
    *task = (struct memory_task){ .client = client };
    task->registers.x[PC] = (uint32_t)entry;
    task->registers.x[RA] = (uint32_t)client_end;
    task->registers.x[SP] = (uint32_t)stack + stack_pages * MEMORY_PAGE_BYTES;
    task->registers.x[A0] = argument;
    return MEMORY_OK;
}

static enum memory_access access_of(uint32_t cause)
{
    return cause == USER_STORE_FAULT ? MEMORY_ACCESS_WRITE
         : cause == USER_LOAD_FAULT  ? MEMORY_ACCESS_READ
                                     : MEMORY_ACCESS_EXECUTE;
}

static bool is_page_fault(uint32_t cause)
{
    return cause == USER_LOAD_FAULT || cause == USER_STORE_FAULT || cause == USER_FETCH_FAULT;
}

enum memory_task_stop memory_task_run(struct memory_task *task)
{
    assert(task != NULL);
    (void)irql_assert_passive();
    (void)memory_client_attach(task->client);
    for (;;) {
        uint32_t cause = user_enter(&task->registers);
        task->cause = cause;
        if (cause == USER_CALL) {
            for (uint32_t i = 0; i < 8u; i++) task->call[i] = task->registers.x[A0 + i];
#if HAL_HAS_MMU
            task->registers.x[PC] += ECALL_BYTES;
#endif
            return task->call[7] == CLIENT_CALL_END ? MEMORY_TASK_ENDED : MEMORY_TASK_CALL;
        }
        if (!is_page_fault(cause)) return MEMORY_TASK_TRAP;
        task->fault_address = user_fault_address();
        task->reason = memory_page_in(task->client, task->fault_address, access_of(cause));
        if (task->reason != MEMORY_OK) return MEMORY_TASK_FAULT;
    }
}

void memory_task_return(struct memory_task *task, uint32_t value)
{
    assert(task != NULL);
    task->registers.x[A0] = value;
}
