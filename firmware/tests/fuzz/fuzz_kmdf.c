/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of wdf.h in any order with any arguments: a call is served, or refused with a status, and when everything was
 * given back nothing is left. Bytes that are counted, what is open in the gate, levels and pins are looked at. */
#include "kmdf_fixture.h"

#include "fuzz.h"

#define TRANSACTIONS 3u
#define MDLS         3u
#define COMMONS      2u
#define REQUESTS     3u

static WDFDMATRANSACTION of[TRANSACTIONS];
static size_t            asked[TRANSACTIONS]; /* of Initialize */
static bool              flying[TRANSACTIONS]; /* EvtProgramDma was called, and nobody has answered */
static struct memory_mdl *mdls[MDLS];
static WDFCOMMONBUFFER   commons[COMMONS];
static WDFREQUEST        requests[REQUESTS];
static unsigned          told_count, made_count;

static unsigned number_of(WDFDMATRANSACTION t)
{
    unsigned n = 0;
    while (n < TRANSACTIONS && of[n] != t) n++;
    assert_true(n < TRANSACTIONS);
    return n;
}

static WDFDMATRANSACTION any(void)
{
    return chance(24) ? (WDFDMATRANSACTION)(void *)&asked[below(TRANSACTIONS)] : of[below(TRANSACTIONS)];
}

static WDF_DMA_DIRECTION any_direction(void)
{
    return (WDF_DMA_DIRECTION)(chance(24) ? 2u : below(2));
}

/* ---- What the framework calls ------------------------------------------------------------------------------------------ */

static void answer(unsigned n)
{
    NTSTATUS status;
    size_t current = WdfDmaTransactionGetCurrentDmaTransferLength(of[n]), before = WdfDmaTransactionGetBytesTransferred(of[n]);
    size_t bytes = chance(3) ? current : below((uint32_t)current + 2u);
    bool final = chance(4);
    flying[n] = false;
    BOOLEAN done = final ? WdfDmaTransactionDmaCompletedFinal(of[n], bytes, &status)
                         : WdfDmaTransactionDmaCompletedWithLength(of[n], bytes, &status);
    if (!done) {
        assert_int_equal(status, STATUS_MORE_PROCESSING_REQUIRED);
        return;
    }
    assert_int_equal(WdfDmaTransactionGetBytesTransferred(of[n]), before + (bytes <= current ? bytes : 0u));
    assert_int_equal(WdfDmaTransactionGetCurrentDmaTransferLength(of[n]), 0);
}

static BOOLEAN program_any(WDFDMATRANSACTION t, WDFDEVICE whose, WDFCONTEXT context, WDF_DMA_DIRECTION direction, PSCATTER_GATHER_LIST list)
{
    unsigned n = number_of(t);
    (void)direction;
    assert_ptr_equal(whose, device);
    assert_ptr_equal(context, of);
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    assert_false(flying[n]);
    assert_int_equal(list_bytes(list), WdfDmaTransactionGetCurrentDmaTransferLength(t));
    assert_true(WdfDmaTransactionGetBytesTransferred(t) + list_bytes(list) <= asked[n]);
    flying[n] = true;
    if (chance(4)) answer(n);
    return TRUE;
}

static VOID reserved_any(WDFDMATRANSACTION t, PVOID context)
{
    (void)context;
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    if (chance(2)) (void)WdfDmaTransactionExecute(t, of);
}

static void told(void *context, NTSTATUS status, size_t information)
{
    (void)context;
    (void)status;
    (void)information;
    told_count++;
}

/* ---- What a driver may call -------------------------------------------------------------------------------------------- */

static void create(void)
{
    unsigned n = below(TRANSACTIONS);
    if (of[n] == NULL) (void)WdfDmaTransactionCreate(enabler, NULL, &of[n]);
}

/* Deletes it, unless it is in transfer: then it is still there. */
static void delete_one(void)
{
    unsigned n = below(TRANSACTIONS);
    if (of[n] == NULL) return;
    uint32_t before = violation_count();
    WdfObjectDelete(of[n]);
    if (violation_count() == before) of[n] = NULL;
}

static void initialize_one(void)
{
    unsigned n = below(TRANSACTIONS);
    struct memory_mdl *from = mdls[below(MDLS)];
    size_t length = below(9u * PAGE);
    if (of[n] == NULL || from == NULL) return;
    if (NT_SUCCESS(WdfDmaTransactionInitializeUsingOffset(of[n], program_any, any_direction(), mdl_handle(from), chance(3) ? below(3u * PAGE) : 0u, length))) {
        asked[n] = length;
    }
}

static void initialize_request(void)
{
    unsigned n = below(TRANSACTIONS), from = below(REQUESTS);
    PMDL found;
    if (of[n] == NULL || requests[from] == NULL) return;
    if (!NT_SUCCESS(WdfDmaTransactionInitializeUsingRequest(of[n], requests[from], program_any, any_direction()))) return;
    if (!NT_SUCCESS(WdfRequestRetrieveInputWdmMdl(requests[from], &found))) (void)WdfRequestRetrieveOutputWdmMdl(requests[from], &found);
    asked[n] = MmGetMdlByteCount(found);
}

static void settings(void)
{
    switch (below(4)) {
    case 0: WdfDmaTransactionSetMaximumLength(any(), below(4u * PAGE)); break;
    case 1: WdfDmaTransactionSetSingleTransferRequirement(any(), (BOOLEAN)below(2)); break;
    case 2: WdfDmaTransactionSetImmediateExecution(any(), (BOOLEAN)below(2)); break;
    default: WdfDmaTransactionGetTransferInfo(any(), NULL, NULL); break;
    }
}

static void execute(void)
{
    (void)WdfDmaTransactionExecute(any(), of);
}

static void complete(void)
{
    unsigned n = below(TRANSACTIONS);
    if (of[n] != NULL && flying[n]) answer(n);
    else (void)WdfDmaTransactionDmaCompleted(of[n], NULL); /* refused */
}

static void cancel(void)
{
    (void)WdfDmaTransactionCancel(any());
}

static void release(void)
{
    (void)WdfDmaTransactionRelease(any());
}

static void reserve(void)
{
    (void)WdfDmaTransactionAllocateResources(any(), any_direction(), below(9), reserved_any, NULL);
}

static void unreserve(void)
{
    WdfDmaTransactionFreeResources(any());
}

static void common(void)
{
    unsigned n = below(COMMONS);
    if (commons[n] == NULL) {
        (void)WdfCommonBufferCreate(enabler, below(3u * PAGE), NULL, &commons[n]);
        return;
    }
    uint32_t before = violation_count();
    WdfObjectDelete(commons[n]);
    if (violation_count() == before) commons[n] = NULL;
}

static void lock(void)
{
    unsigned n = below(MDLS);
    if (mdls[n] == NULL) (void)memory_lock(NULL, buffer + below(4u * PAGE), 1u + below(8u * PAGE), (enum memory_access)below(3), NULL, &mdls[n]);
}

static void ask(void)
{
    unsigned n = below(REQUESTS);
    struct kmdf_io io = { .type = below(2) != 0u ? WdfRequestTypeRead : WdfRequestTypeWrite, .buffer = buffer + below(PAGE), .length = below(5u * PAGE), .told = told };
    if (requests[n] == NULL && NT_SUCCESS(kmdf_request_make(device, &io, &requests[n]))) made_count++;
}

/* Not while a transaction refers to it: that would take the buffer from under a transfer, which is a driver's bug of its own. */
static void complete_request(void)
{
    unsigned n = below(REQUESTS);
    for (unsigned i = 0; i < TRANSACTIONS; i++) {
        if (of[i] != NULL && requests[n] != NULL && WdfDmaTransactionGetRequest(of[i]) == requests[n]) return;
    }
    WdfRequestCompleteWithInformation(requests[n], STATUS_SUCCESS, below(100));
    requests[n] = NULL;
}

/* ---- One input --------------------------------------------------------------------------------------------------------- */

static void (*const acts[])(void) = {
    create, create, delete_one, initialize_one, initialize_one, initialize_one, initialize_request, settings, execute, execute, execute,
    complete, complete, complete, complete, cancel, release, release, reserve, unreserve, common, lock, lock, ask, complete_request,
};

static void finish(void)
{
    for (unsigned turn = 0; turn < 400u; turn++) {
        for (unsigned n = 0; n < TRANSACTIONS; n++) {
            NTSTATUS status;
            if (of[n] == NULL) continue;
            if (!flying[n]) (void)WdfDmaTransactionCancel(of[n]);
            if (!flying[n]) continue;
            flying[n] = false;
            (void)WdfDmaTransactionDmaCompletedFinal(of[n], 0, &status);
        }
    }
    for (unsigned n = 0; n < TRANSACTIONS; n++) {
        if (of[n] != NULL) WdfObjectDelete(of[n]);
    }
    for (unsigned n = 0; n < REQUESTS; n++) {
        if (requests[n] != NULL) WdfRequestComplete(requests[n], STATUS_CANCELLED);
    }
    for (unsigned n = 0; n < MDLS; n++) {
        if (mdls[n] != NULL) assert_int_equal(memory_unlock(mdls[n]), MEMORY_OK);
    }
    assert_int_equal(told_count, made_count);
    assert_int_equal(kmdf_device_remove(device), STATUS_SUCCESS);
}

static void begin(void)
{
    static const WDF_DMA_PROFILE profiles[] = { WdfDmaProfilePacket, WdfDmaProfileScatterGather, WdfDmaProfileScatterGather64Duplex };
    memset(of, 0, sizeof of);
    memset(flying, 0, sizeof flying);
    memset(mdls, 0, sizeof mdls);
    memset(commons, 0, sizeof commons);
    memset(requests, 0, sizeof requests);
    told_count = made_count = 0;
    (void)kmdf_begin(NULL);
    on_the_bus.registers_max[0] = 2u + below(8);
    on_the_bus.registers_max[1] = 2u + below(8);
    enabler_elements = below(6);
    begin_enabler(profiles[below(3)], 1u + below(6u * PAGE), chance(4) ? 0u : 3u);
    for (unsigned n = 0; n < TRANSACTIONS; n++) (void)WdfDmaTransactionCreate(enabler, NULL, &of[n]);
    mdls[0] = lock_bytes(below(PAGE), 9u * PAGE, MEMORY_ACCESS_MODIFY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input_begin(data, size);
    begin();
    while (input_left()) {
        bool raised = chance(4);
        enum irql old = irql_raise(raised ? IRQL_DISPATCH : IRQL_PASSIVE), level = irql_current();
        acts[below(sizeof acts / sizeof acts[0])]();
        assert_int_equal(irql_current(), level);
        irql_lower(old);
    }
    finish();
    assert_int_equal(client_end(NULL), 0);
    return 0;
}
