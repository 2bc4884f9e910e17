/* SPDX-License-Identifier: Apache-2.0 */
/* A client in U mode over pages that come and go, with the stealer at work: MMU, MPRV, system calls, dirty tracking. */
#include "client_memory.h"

#include <stddef.h>
#include <string.h>

#include "cache.h"
#include "clock.h"
#include "irql.h"
#include "memory_mdl.h"
#include "memory_pager.h"
#include "memory_task.h"
#include "soc.h"
#include "tap.h"

static struct memory_client *client;
static struct memory_task task;
static uintptr_t words;
static bool timer_expired;

static void begin(void)
{
    memory_init();
    client = memory_client_create();
    expect(client != NULL);
    expect(memory_client_map(client, CLIENT_PAGES, MEMORY_MAY_WRITE, &words) == MEMORY_OK);
}

static void end(void)
{
    memory_steal_every(0);
    memory_steal_set(MEMORY_STEAL_OFF);
    expect(memory_client_destroy(client) == MEMORY_OK);
    expect(memory_check_leaks());
}

/* ---- What the driver does when it is asked ----------------------------------------------------------------------------- */

static uint32_t sum_of(uint32_t at, uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t value = 0;
        expect(memory_client_read32(client, at + i * 4u, &value) == MEMORY_OK);
        sum += value;
    }
    return sum;
}

static uint32_t fill(uint32_t at, uint32_t seed, uint32_t count)
{
    uint32_t block[50];
    for (uint32_t i = 0; i < count; i += 50u) {
        for (uint32_t k = 0; k < 50u; k++) block[k] = pattern(seed, i + k);
        if (memory_client_write(client, at + i * 4u, block, sizeof block) != MEMORY_OK) return 1;
    }
    return 0;
}

/* Stands for a transfer FROM device: bytes go through the uncached alias to where the MDL says. */
static uint32_t lock_and_transfer(uint32_t at, uint32_t length, uint32_t seed)
{
    struct memory_mdl *mdl;
    if (memory_lock(client, at, length, MEMORY_ACCESS_WRITE, NULL, &mdl) != MEMORY_OK) return 1;
    cache_drain();
    uint32_t moved;
    for (uint32_t offset = 0; offset < length; offset += moved) {
        uint8_t *bytes = cache_uncached(memory_mdl_bus(mdl, offset, &moved));
        for (uint32_t i = 0; i < moved; i++) bytes[i] = (uint8_t)pattern(seed, offset + i);
    }
    expect(cache_posted_flush(10000) == CACHE_OK);
    cache_invalidate();
    expect(memory_mdl_mark_dirty(mdl, 0, length) == MEMORY_OK);
    return memory_unlock(mdl) == MEMORY_OK ? 0u : 2u;
}

static void expired(void *context)
{
    *(bool *)context = true;
}

static uint32_t wait(void)
{
    static struct clock_timer timer;
    timer_expired = false;
    clock_timer_start(&timer, 3000, expired, &timer_expired);
    while (!timer_expired) {
        irql_idle();
        __asm__ __volatile__("" ::: "memory");
    }
    return 1;
}

static uint32_t serve(const uint32_t call[8])
{
    expect(irql_current() == IRQL_PASSIVE);
    switch (call[7]) {
    case CALL_ADD:  return call[0] + call[1] + call[2];
    case CALL_SUM:  return sum_of(call[0], call[2]);
    case CALL_FILL: return fill(call[0], call[1], call[2]);
    case CALL_LOCK: return lock_and_transfer(call[0], call[1], call[2]);
    case CALL_WAIT: return wait();
    default:        return 0xffffffffu;
    }
}

static enum memory_task_stop run(uint32_t (*entry)(uint32_t argument), uint32_t argument)
{
    expect(memory_task_start(&task, client, entry, argument, 2) == MEMORY_OK);
    for (;;) {
        enum memory_task_stop stop = memory_task_run(&task);
        if (stop != MEMORY_TASK_CALL) return stop;
        memory_task_return(&task, serve(task.call));
    }
}

/* ---- The client's whole life, with and without the stealer ----------------------------------------------------------------- */

static void whole_life(void)
{
    uint32_t begun = clock_cycles();
    expect(run(client_main, (uint32_t)words) == MEMORY_TASK_ENDED);
    if (!expect(task.call[0] == 0u)) console_print("# the client failed at %u\n", (unsigned)task.call[0]);
    struct memory_pager_counts counts = memory_pager_counts();
    console_print("# %u cycles, %u faults, %u in, %u out, %u written back\n", (unsigned)(clock_cycles() - begun),
                  (unsigned)counts.faults, (unsigned)counts.page_ins, (unsigned)counts.evictions,
                  (unsigned)counts.write_backs);
}

static void a_client_in_user_mode_finds_its_data_and_its_driver(void)
{
    begin();
    whole_life();
    struct memory_pager_counts counts = memory_pager_counts();
    expect(counts.page_ins >= CLIENT_PAGES && counts.page_ins <= CLIENT_PAGES + 2u); /* and the stack */
    expect(counts.evictions == 0u);
    end();
}

static void the_same_with_a_stealer_that_takes_a_page_now_and_then(void)
{
    begin();
    memory_steal_set(MEMORY_STEAL_ON);
    memory_steal_every(20000);
    whole_life();
    expect(memory_pager_counts().evictions > 20u);
    expect(memory_pager_counts().write_backs > 5u);
    end();
}

static void the_same_with_a_stealer_that_takes_all_it_can(void)
{
    begin();
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    memory_steal_every(150000);
    whole_life();
    expect(memory_pager_counts().evictions > 50u);
    end();
}

/* ---- One thing each ------------------------------------------------------------------------------------------------------- */

static void a_load_leaves_a_page_clean_and_the_first_store_makes_it_dirty(void)
{
    begin();
    expect(run(client_reads_zero, (uint32_t)words + 4096u) == MEMORY_TASK_ENDED && task.call[0] == 0u);
    struct memory_page page = memory_client_page(client, words + 4096u);
    expect(page.resident && !page.writable && !page.dirty);
    expect(run(client_stores, (uint32_t)words + 4096u) == MEMORY_TASK_ENDED);
    page = memory_client_page(client, words + 4096u);
    expect(page.resident && page.writable && page.dirty);
    end();
}

static void a_client_is_stopped_at_what_is_not_its_own(void)
{
    begin();
    static const uint32_t foreign[] = { 0, 0x10000000u - 4u, SOC_BUS_HOST, SOC_ENGINE, 0x80000000u, 0xb0000000u };
    for (unsigned i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        expect(run(client_reads_zero, foreign[i]) == MEMORY_TASK_FAULT);
        expect(task.reason == MEMORY_ERR_RANGE && task.fault_address == foreign[i] && task.cause == USER_LOAD_FAULT);
        expect(memory_client_destroy(client) == MEMORY_OK);
        client = memory_client_create();
    }
    expect(memory_client_map(client, 1, MEMORY_MAY_READ, &words) == MEMORY_OK);
    expect(run(client_stores, (uint32_t)words) == MEMORY_TASK_FAULT && task.reason == MEMORY_ERR_PROTECTION);
    expect(run(client_jumps, (uint32_t)words) == MEMORY_TASK_FAULT && task.cause == USER_FETCH_FAULT);
    expect(run(client_jumps, (uint32_t)(uintptr_t)begin) == MEMORY_TASK_FAULT && task.cause == USER_FETCH_FAULT);
    end();
}

static void client_code_cannot_be_written_and_machine_registers_not_read(void)
{
    begin();
    expect(run(client_stores, (uint32_t)(uintptr_t)client_stores) == MEMORY_TASK_FAULT);
    expect(task.cause == USER_STORE_FAULT);
    expect(run(client_is_illegal, 0) == MEMORY_TASK_TRAP && task.cause == 2u);
    end();
}

static void firmware_reads_and_writes_with_the_clients_rights_at_any_alignment(void)
{
    static uint8_t wrote[200], read[200];
    begin();
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    for (uint32_t offset = 0; offset < 5u; offset++) {
        for (uint32_t length = 0; length < 130u; length += 13u + offset) {
            uintptr_t at = words + 4096u - 60u + offset;
            for (uint32_t i = 0; i < length; i++) wrote[i] = (uint8_t)pattern(offset + length, i);
            expect(memory_client_write(client, at, wrote, length) == MEMORY_OK);
            (void)memory_steal();
            memset(read, 0xee, sizeof read);
            expect(memory_client_read(client, at, read + 1, length) == MEMORY_OK);
            expect(memcmp(wrote, read + 1, length) == 0 && read[length + 1u] == 0xeeu);
        }
    }
    uint8_t byte = 0;
    expect(memory_client_read(client, 0, &byte, 1) == MEMORY_ERR_RANGE);
    expect(memory_client_read(client, 0x80000000u, &byte, 1) == MEMORY_ERR_RANGE);
    expect(memory_client_protect(client, words, 1, MEMORY_MAY_READ) == MEMORY_OK);
    expect(memory_client_write(client, words, &byte, 1) == MEMORY_ERR_PROTECTION);
    expect(memory_client_read(client, words, &byte, 1) == MEMORY_OK);
    end();
}

static void interrupts_in_user_mode_are_served_and_go_back(void)
{
    begin();
    uint32_t quiet = 0;
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 4; i++) expect(memory_client_write32(client, words + i * 4096u, i) == MEMORY_OK);
        if (round == 1u) memory_steal_set(MEMORY_STEAL_ON);
        if (round == 1u) memory_steal_every(5000);
        expect(run(client_counts, 20000) == MEMORY_TASK_ENDED);
        if (round == 0u) quiet = task.call[0];
    }
    expect(task.call[0] == quiet);
    expect(memory_pager_counts().evictions >= 4u);
    end();
}

static void LCK_04_a_locked_page_stays_under_the_stealer(void)
{
    struct memory_mdl *mdl;
    begin();
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    memory_steal_every(1000);
    for (unsigned round = 0; round < 10; round++) {
        expect(memory_lock(client, words + 100u, 5u * 4096u, MEMORY_ACCESS_WRITE, NULL, &mdl) == MEMORY_OK);
        uint32_t frame = memory_mdl_frame(mdl, 3);
        clock_stall_us(100);
        expect(memory_client_page(client, words + 3u * 4096u).frame == frame);
        expect(memory_unlock(mdl) == MEMORY_OK);
        clock_stall_us(50);
    }
    end();
}

static void what_a_lock_costs(void)
{
    struct memory_mdl *mdl;
    begin();
    expect(memory_client_write32(client, words, 1) == MEMORY_OK);
    for (unsigned round = 0; round < 3; round++) {
        uint32_t begun = clock_cycles();
        expect(memory_lock(client, words, 4096, MEMORY_ACCESS_WRITE, NULL, &mdl) == MEMORY_OK);
        uint32_t locked = clock_cycles();
        expect(memory_unlock(mdl) == MEMORY_OK);
        uint32_t unlocked = clock_cycles();
        if (round == 2u) { /* the first finds cold caches */
            console_print("# lock %u cycles, unlock %u, checks and trace %s\n", (unsigned)(locked - begun),
                          (unsigned)(unlocked - locked), HAL_CHECKS != 0 ? "on" : "off");
            expect(unlocked - begun <= (HAL_CHECKS != 0 ? 6000u : 3000u));
        }
    }
    end();
}

int main(void)
{
    tap_run(a_client_in_user_mode_finds_its_data_and_its_driver);
    tap_run(the_same_with_a_stealer_that_takes_a_page_now_and_then);
    tap_run(the_same_with_a_stealer_that_takes_all_it_can);
    tap_run(a_load_leaves_a_page_clean_and_the_first_store_makes_it_dirty);
    tap_run(a_client_is_stopped_at_what_is_not_its_own);
    tap_run(client_code_cannot_be_written_and_machine_registers_not_read);
    tap_run(firmware_reads_and_writes_with_the_clients_rights_at_any_alignment);
    tap_run(interrupts_in_user_mode_are_served_and_go_back);
    tap_run(LCK_04_a_locked_page_stays_under_the_stealer);
    tap_run(what_a_lock_costs);
    return tap_plan();
}
