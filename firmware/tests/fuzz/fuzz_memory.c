/* SPDX-License-Identifier: Apache-2.0 */
/* Clients, locks, MDLs, pager and stealer: whatever happens to the pages, their bytes are the client's. */
#include "fixture.h"

#include "fuzz.h"

#define P       MEMORY_PAGE_BYTES
#define PAGES   6u
#define MDLS    4u
#define COMMONS 4u

static struct memory_client *client;
static uintptr_t base;
static uint8_t   shadow[PAGES * 4096u], bytes[PAGES * 4096u];
static bool      may_write[PAGES];
static struct memory_quota quota;
static struct { struct memory_mdl *mdl; uint32_t offset, length; bool writes; unsigned holds; } mdls[MDLS];
static struct { uint32_t bus, length; } commons[COMMONS];

/* Whether a range lies in the client's pages, and may be written if it is to be. */
static bool permitted(uint32_t offset, uint32_t length, bool writes)
{
    if (length == 0u || offset >= PAGES * P || length > PAGES * P - offset) return false;
    for (uint32_t page = offset / P; writes && page <= (offset + length - 1u) / P; page++) {
        if (!may_write[page]) return false;
    }
    return true;
}

static void range(uint32_t *offset, uint32_t *length)
{
    *offset = below(PAGES * P + 64u);
    *length = chance(4) ? below(3 * P) : below(70);
}

static void write(void)
{
    uint32_t offset, length;
    range(&offset, &length);
    if (length > sizeof bytes) length = sizeof bytes;
    fixture_fill(bytes, length, word_of_input());
    enum memory_status status = memory_client_write(client, base + offset, bytes, length);
    if (length == 0u) return;
    assert_int_equal(status == MEMORY_OK, permitted(offset, length, true));
    /* A write that fails has written what lies before the page that refused it. */
    for (uint32_t i = 0; i < length && offset + i < PAGES * P && may_write[(offset + i) / P]; i++) shadow[offset + i] = bytes[i];
}

static void read(void)
{
    uint32_t offset, length;
    range(&offset, &length);
    if (length > sizeof bytes) length = sizeof bytes;
    enum memory_status status = memory_client_read(client, base + offset, bytes, length);
    if (length == 0u) return;
    assert_int_equal(status == MEMORY_OK, permitted(offset, length, false));
    if (status == MEMORY_OK) assert_memory_equal(bytes, shadow + offset, length);
}

static void protect(void)
{
    uint32_t page = below(PAGES), writes = below(2);
    assert_int_equal(memory_client_protect(client, base + page * P, P, writes != 0u ? MEMORY_MAY_WRITE : MEMORY_MAY_READ), MEMORY_OK);
    may_write[page] = writes != 0u;
}

static void steal(void)
{
    memory_steal_set((enum memory_steal)below(3));
    (void)memory_steal();
    (void)memory_evict(client, base + below(PAGES + 1u) * P);
}

static void lock(void)
{
    unsigned n = below(MDLS);
    uint32_t offset, length;
    range(&offset, &length);
    if (mdls[n].mdl != NULL) return;
    enum memory_access access = (enum memory_access)below(3);
    bool limited = chance(2);
    uint32_t used = quota.used, left = quota.limit - quota.used;
    enum memory_status status = memory_lock(client, base + offset, length, access, limited ? &quota : NULL, &mdls[n].mdl);
    bool good = permitted(offset, length, access != MEMORY_ACCESS_READ);
    if (good && limited && memory_pages_spanned(offset, length) > left) good = false;
    assert_int_equal(status == MEMORY_OK, good);
    if (!good) {
        mdls[n].mdl = NULL;
        assert_int_equal(quota.used, used);
        return;
    }
    mdls[n].offset = offset;
    mdls[n].length = length;
    mdls[n].writes = access != MEMORY_ACCESS_READ;
    mdls[n].holds = 0;
}

/* A device writes the buffer through its frames; marked dirty, that is the page's content from then on. */
static void device(void)
{
    unsigned n = below(MDLS);
    if (mdls[n].mdl == NULL || !mdls[n].writes) return;
    uint32_t offset = below(mdls[n].length), run;
    uint32_t bus = memory_mdl_bus(mdls[n].mdl, offset, &run);
    cache_drain();
    *host_memory(bus, 1) = (uint8_t)byte_of_input();
    shadow[mdls[n].offset + offset] = *host_memory(bus, 1);
    cache_invalidate();
    assert_int_equal(memory_mdl_mark_dirty(mdls[n].mdl, offset, 1u + below(run)), MEMORY_OK);
}

static void hold(void)
{
    unsigned n = below(MDLS);
    if (mdls[n].mdl == NULL) return;
    if (below(2) != 0u) {
        assert_int_equal(memory_mdl_hold(mdls[n].mdl), MEMORY_OK);
        mdls[n].holds++;
    } else {
        assert_int_equal(memory_mdl_release(mdls[n].mdl) == MEMORY_OK, mdls[n].holds != 0u);
        if (mdls[n].holds != 0u) mdls[n].holds--;
    }
}

static void unlock_nth(unsigned n)
{
    if (mdls[n].mdl == NULL) return;
    struct memory_mdl *gone = mdls[n].mdl;
    mdls[n].mdl = NULL;
    assert_int_equal(memory_unlock(gone) == MEMORY_OK, mdls[n].holds == 0u);
    for (; mdls[n].holds != 0u; mdls[n].holds--) assert_int_equal(memory_mdl_release(gone), MEMORY_OK);
    assert_int_equal(memory_mdl_state(gone), MEMORY_MDL_FREE);
}

static void unlock(void)
{
    unlock_nth(below(MDLS));
}

static void common(void)
{
    unsigned n = below(COMMONS);
    if (commons[n].bus == 0u) {
        commons[n].length = 1u + below(4 * P);
        commons[n].bus = memory_common_take(commons[n].length, UINT32_MAX);
        return;
    }
    uint32_t wrong = commons[n].length + P * (1u + below(3));
    assert_false(memory_common_give(commons[n].bus, wrong));
    assert_true(memory_common_give(commons[n].bus, commons[n].length));
    commons[n].bus = 0;
}

static void foreign(void)
{
    uintptr_t odd = (uintptr_t)&mdls + below(64);
    if (chance(2) && mdls[0].mdl != NULL) odd = (uintptr_t)mdls[0].mdl + 1u + below(4096);
    if (memory_mdl_state((struct memory_mdl *)odd) == MEMORY_MDL_FOREIGN) assert_int_not_equal(memory_unlock((struct memory_mdl *)odd), MEMORY_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const acts[])(void) = { write, read, protect, steal, lock, device, hold, unlock, common, foreign };
    input_begin(data, size);
    (void)fixture_begin(NULL);
    memset(shadow, 0, sizeof shadow);
    memset(mdls, 0, sizeof mdls);
    memset(commons, 0, sizeof commons);
    quota = (struct memory_quota){ .limit = 7 };
    client = memory_client_create();
    (void)memory_client_attach(client);
    assert_int_equal(memory_client_map(client, PAGES, MEMORY_MAY_WRITE, &base), MEMORY_OK);
    for (unsigned i = 0; i < PAGES; i++) may_write[i] = true;
    while (input_left()) acts[below(10)]();
    for (unsigned n = 0; n < MDLS; n++) unlock_nth(n);
    for (unsigned n = 0; n < COMMONS; n++) {
        if (commons[n].bus != 0u) assert_true(memory_common_give(commons[n].bus, commons[n].length));
    }
    assert_int_equal(quota.used, 0);
    assert_int_equal(memory_client_read(client, base, bytes, PAGES * P), MEMORY_OK);
    assert_memory_equal(bytes, shadow, PAGES * P);
    assert_int_equal(memory_client_destroy(client), MEMORY_OK);
    assert_int_equal(fixture_end(NULL), 0);
    return 0;
}
