/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver that knows wdf.h and its device's registers, nothing else.
 *
 *     read, write: Initialize, Execute ... EvtProgramDma ... ISR ... DPC: bytes from the descriptors, DmaCompletedWithLength
 *
 * With DOCUMENT_4 the end of EvtProgramDma and what completes a read are the code blocks of document 4, as they stand there.
 */
#include "document_kmdf.h"

#include "dray_regs.h"

#define WORDS 4u /* of a descriptor */

struct path {
    WDFCOMMONBUFFER   ring;
    PULONG            slots;
    WDFDMATRANSACTION transaction;
    ULONG             channel;
    USHORT            first, producer; /* of the transfer that runs, and behind it */
    ULONG             saved;           /* the ISR's, for the DPC */
};

typedef struct _DEVICE_EXTENSION {
    PUCHAR           registers;
    PHYSICAL_ADDRESS memory;
    WDFDMAENABLER    enabler;
    WDFINTERRUPT     interrupt;
    struct path      read, write;
} DEVICE_EXTENSION;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_EXTENSION, extension_of)

unsigned document_traced;

/* What the sample's tracing is here: its format says more than printf knows. */
static VOID trace_events(const CHAR *format, ...)
{
    (VOID)format;
    document_traced++;
}
#define TraceEvents(Level, Flags, ...) trace_events(__VA_ARGS__)

static ULONG read_register(const DEVICE_EXTENSION *ext, ULONG offset)
{
    return READ_REGISTER_ULONG((PULONG)(PVOID)(ext->registers + offset));
}

static VOID write_register(const DEVICE_EXTENSION *ext, ULONG offset, ULONG value)
{
    WRITE_REGISTER_ULONG((PULONG)(PVOID)(ext->registers + offset), value);
}

/* ---- What ends a request ------------------------------------------------------------------------------------------------- */

VOID PLxReadRequestComplete(IN WDFDMATRANSACTION DmaTransaction, IN NTSTATUS Status);

static VOID request_complete(WDFDMATRANSACTION transaction, NTSTATUS status)
{
    WDFREQUEST request = WdfDmaTransactionGetRequest(transaction);
    size_t bytes = WdfDmaTransactionGetBytesTransferred(transaction);
    TraceEvents(TRACE_LEVEL_INFORMATION, DBG_DPC, "%p is over", request);
    (VOID)WdfDmaTransactionRelease(transaction);
    WdfRequestCompleteWithInformation(request, status, bytes);
}

#ifdef DOCUMENT_4
#include "document_4_complete.h"
#else
VOID PLxReadRequestComplete(IN WDFDMATRANSACTION DmaTransaction, IN NTSTATUS Status)
{
    request_complete(DmaTransaction, Status);
}
#endif

/* ---- EvtProgramDma ------------------------------------------------------------------------------------------------------- */

/* @return FALSE: the device cannot take it, and nothing was started */
static BOOLEAN write_descriptors(DEVICE_EXTENSION *ext, struct path *path, BOOLEAN to_device, PSCATTER_GATHER_LIST list)
{
    if ((read_register(ext, DRAY_CHANNEL_STATUS(path->channel)) & DRAY_CHANNEL_STATUS_STATE_MASK) != DRAY_CHANNEL_STATE_RUNNING) return FALSE;
    ULONG device = (ULONG)ext->memory.QuadPart + (ULONG)WdfDmaTransactionGetBytesTransferred(path->transaction);
    path->first = path->producer;
    for (ULONG i = 0; i < list->NumberOfElements; i++) {
        PULONG slot = path->slots + (path->producer % DOCUMENT_SLOTS) * WORDS;
        ULONG client = (ULONG)list->Elements[i].Address.QuadPart;
        slot[0] = to_device ? client : device;
        slot[1] = to_device ? device : client;
        slot[2] = list->Elements[i].Length;
        slot[3] = DRAY_DESC_TYPE_LINEAR | DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK
                | ((path->producer & DOCUMENT_SLOTS) == 0u ? DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK : 0u)
                | (i + 1u == list->NumberOfElements ? DRAY_DESCRIPTOR_CONTROL_IRQ_MASK : 0u);
        device += list->Elements[i].Length;
        path->producer++;
    }
    return TRUE;
}

/* Under the lock: interrupts, then what the engine may fetch, then nothing that can fail. */
static VOID start(DEVICE_EXTENSION *ext, const struct path *path)
{
    WdfInterruptAcquireLock(ext->interrupt);
    write_register(ext, DRAY_CHANNEL_IRQ_ENABLE(path->channel), DRAY_CHANNEL_IRQ_STATUS_DONE_MASK | DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK);
    write_register(ext, DRAY_CHANNEL_PRODUCER(path->channel), path->producer);
    WdfInterruptReleaseLock(ext->interrupt);
}

static BOOLEAN program_read(WDFDMATRANSACTION Transaction, WDFDEVICE Device, WDFCONTEXT Context, WDF_DMA_DIRECTION Direction,
                            PSCATTER_GATHER_LIST SgList)
{
    DEVICE_EXTENSION *ext = extension_of(Device);
    BOOLEAN errors = !write_descriptors(ext, Context, Direction == WdfDmaDirectionWriteToDevice, SgList);
#ifdef DOCUMENT_4
#include "document_4_errors.h"
#else
    if (errors) {
        NTSTATUS status;
        TraceEvents(TRACE_LEVEL_ERROR, DBG_READ, "%p failed", Transaction);
        (VOID)WdfDmaTransactionDmaCompletedFinal(Transaction, 0, &status);
        ASSERT(NT_SUCCESS(status));
        PLxReadRequestComplete(Transaction, STATUS_INVALID_DEVICE_STATE);
        return FALSE;
    }
#endif
    start(ext, Context);
    return TRUE;
}

/* The other direction is told nothing by the document: here the error is the DPC's, as of a device that finds it itself. */
static BOOLEAN program_write(WDFDMATRANSACTION Transaction, WDFDEVICE Device, WDFCONTEXT Context, WDF_DMA_DIRECTION Direction,
                             PSCATTER_GATHER_LIST SgList)
{
    DEVICE_EXTENSION *ext = extension_of(Device);
    NTSTATUS status;
    if (write_descriptors(ext, Context, Direction == WdfDmaDirectionWriteToDevice, SgList)) {
        start(ext, Context);
        return TRUE;
    }
    (VOID)WdfDmaTransactionDmaCompletedFinal(Transaction, 0, &status);
    request_complete(Transaction, STATUS_INVALID_DEVICE_STATE);
    return FALSE;
}

/* ---- Interrupt ------------------------------------------------------------------------------------------------------------ */

static ULONG take_status(const DEVICE_EXTENSION *ext, struct path *path)
{
    ULONG status = read_register(ext, DRAY_CHANNEL_IRQ_STATUS(path->channel));
    write_register(ext, DRAY_CHANNEL_IRQ_STATUS(path->channel), status);
    path->saved |= status;
    return status;
}

static BOOLEAN interrupt_isr(WDFINTERRUPT Interrupt, ULONG MessageID)
{
    DEVICE_EXTENSION *ext = extension_of(WdfInterruptGetDevice(Interrupt));
    (VOID)MessageID;
    if (read_register(ext, DRAY_IRQ_SUMMARY) == 0u) return FALSE;
    (VOID)take_status(ext, &ext->read);
    (VOID)take_status(ext, &ext->write);
    (VOID)WdfInterruptQueueDpcForIsr(Interrupt);
    return TRUE;
}

/* What the engine has written back, up to the first that failed. */
static ULONG moved_bytes(const struct path *path, BOOLEAN *failed)
{
    ULONG moved = 0;
    *failed = FALSE;
    for (USHORT index = path->first; index != path->producer && !*failed; index++) {
        const ULONG *slot = path->slots + (index % DOCUMENT_SLOTS) * WORDS;
        if ((slot[3] & DRAY_WRITE_BACK_STATUS_DESC_TYPE_MASK) != DRAY_DESC_TYPE_DONE) break;
        *failed = (slot[3] & DRAY_WRITE_BACK_STATUS_CAUSE_MASK) != 0u;
        moved += slot[DRAY_WRITE_BACK_MOVED / 4u];
    }
    return moved;
}

/* The channel has halted: what was behind the failure is dropped, and it runs again. */
static VOID restart(const DEVICE_EXTENSION *ext, const struct path *path)
{
    write_register(ext, DRAY_CHANNEL_COMMAND(path->channel), DRAY_CHANNEL_COMMAND_DROP_MASK);
    write_register(ext, DRAY_CHANNEL_COMMAND(path->channel), DRAY_CHANNEL_COMMAND_RESUME_MASK);
}

static VOID finish(DEVICE_EXTENSION *ext, struct path *path, VOID (*complete)(WDFDMATRANSACTION, NTSTATUS))
{
    BOOLEAN failed;
    NTSTATUS status;
    ULONG moved = moved_bytes(path, &failed);
    ASSERT(moved <= WdfDmaTransactionGetCurrentDmaTransferLength(path->transaction)); /* before it is said to be completed */
    if (failed) {
        restart(ext, path);
        (VOID)WdfDmaTransactionDmaCompletedFinal(path->transaction, moved, &status);
        complete(path->transaction, STATUS_UNSUCCESSFUL);
    } else if (WdfDmaTransactionDmaCompletedWithLength(path->transaction, moved, &status)) {
        complete(path->transaction, status);
    }
}

static ULONG snapshot(WDFINTERRUPT interrupt, struct path *path)
{
    WdfInterruptAcquireLock(interrupt);
    ULONG saved = path->saved;
    path->saved = 0;
    WdfInterruptReleaseLock(interrupt);
    return saved;
}

static VOID interrupt_dpc(WDFINTERRUPT Interrupt, WDFOBJECT AssociatedObject)
{
    DEVICE_EXTENSION *ext = extension_of(AssociatedObject);
    if (snapshot(Interrupt, &ext->read) != 0u) finish(ext, &ext->read, PLxReadRequestComplete);
    if (snapshot(Interrupt, &ext->write) != 0u) finish(ext, &ext->write, request_complete);
}

/* ---- Requests ------------------------------------------------------------------------------------------------------------- */

static VOID begin(struct path *path, WDFREQUEST request, PFN_WDF_PROGRAM_DMA program, WDF_DMA_DIRECTION direction)
{
    NTSTATUS status = WdfDmaTransactionInitializeUsingRequest(path->transaction, request, program, direction);
    if (NT_SUCCESS(status)) status = WdfDmaTransactionExecute(path->transaction, path);
    if (NT_SUCCESS(status)) return; /* begun, or even over */
    (VOID)WdfDmaTransactionRelease(path->transaction);
    WdfRequestComplete(request, status);
}

VOID document_io_read(WDFDEVICE Device, WDFREQUEST Request)
{
    begin(&extension_of(Device)->read, Request, program_read, WdfDmaDirectionReadFromDevice);
}

VOID document_io_write(WDFDEVICE Device, WDFREQUEST Request)
{
    begin(&extension_of(Device)->write, Request, program_write, WdfDmaDirectionWriteToDevice);
}

/* ---- Beginning ------------------------------------------------------------------------------------------------------------ */

static NTSTATUS path_create(DEVICE_EXTENSION *ext, struct path *path, ULONG channel)
{
    path->channel = channel;
    NTSTATUS status = WdfCommonBufferCreate(ext->enabler, DOCUMENT_SLOTS * WORDS * sizeof(ULONG), WDF_NO_OBJECT_ATTRIBUTES, &path->ring);
    if (!NT_SUCCESS(status)) return status;
    path->slots = WdfCommonBufferGetAlignedVirtualAddress(path->ring);
    return WdfDmaTransactionCreate(ext->enabler, WDF_NO_OBJECT_ATTRIBUTES, &path->transaction);
}

static NTSTATUS dma_create(WDFDEVICE device, DEVICE_EXTENSION *ext)
{
    WDF_DMA_ENABLER_CONFIG config;
    WdfDeviceSetAlignmentRequirement(device, 15u);
    WDF_DMA_ENABLER_CONFIG_INIT(&config, WdfDmaProfileScatterGather64Duplex, DOCUMENT_MAXIMUM);
    config.WdmDmaVersionOverride = 3;
    NTSTATUS status = WdfDmaEnablerCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &ext->enabler);
    if (NT_SUCCESS(status)) status = path_create(ext, &ext->read, 0);
    if (NT_SUCCESS(status)) status = path_create(ext, &ext->write, 1);
    if (NT_SUCCESS(status)) WdfDmaEnablerSetMaximumScatterGatherElements(ext->enabler, WdfCommonBufferGetLength(ext->read.ring) / (WORDS * sizeof(ULONG)));
    return status;
}

static NTSTATUS prepare_hardware(WDFDEVICE Device, WDFCMRESLIST ResourcesRaw, WDFCMRESLIST ResourcesTranslated)
{
    DEVICE_EXTENSION *ext = extension_of(Device);
    BOOLEAN registers = TRUE;
    (VOID)ResourcesRaw;
    for (ULONG i = 0; i < WdfCmResourceListGetCount(ResourcesTranslated); i++) {
        PCM_PARTIAL_RESOURCE_DESCRIPTOR resource = WdfCmResourceListGetDescriptor(ResourcesTranslated, i);
        if (resource->Type != CmResourceTypeMemory) continue;
        if (registers) ext->registers = MmMapIoSpace(resource->u.Memory.Start, resource->u.Memory.Length, MmNonCached);
        else ext->memory = resource->u.Memory.Start;
        registers = FALSE;
    }
    if (ext->registers == NULL || read_register(ext, DRAY_ID) != 0x44524159u) return STATUS_INVALID_DEVICE_STATE;
    return dma_create(Device, ext);
}

static NTSTATUS release_hardware(WDFDEVICE Device, WDFCMRESLIST ResourcesTranslated)
{
    (VOID)ResourcesTranslated;
    MmUnmapIoSpace(extension_of(Device)->registers, 0x1000u);
    return STATUS_SUCCESS;
}

static VOID enable_channel(const DEVICE_EXTENSION *ext, const struct path *path)
{
    write_register(ext, DRAY_CHANNEL_RING_BASE(path->channel), (ULONG)WdfCommonBufferGetAlignedLogicalAddress(path->ring).QuadPart);
    write_register(ext, DRAY_CHANNEL_RING_SIZE(path->channel), 5); /* log2 of DOCUMENT_SLOTS */
    write_register(ext, DRAY_CHANNEL_CONTROL(path->channel), DRAY_CHANNEL_CONTROL_ENABLE_MASK);
}

static NTSTATUS d0_entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE PreviousState)
{
    const DEVICE_EXTENSION *ext = extension_of(Device);
    (VOID)PreviousState;
    enable_channel(ext, &ext->read);
    enable_channel(ext, &ext->write);
    return STATUS_SUCCESS;
}

static NTSTATUS d0_exit(WDFDEVICE Device, WDF_POWER_DEVICE_STATE TargetState)
{
    const DEVICE_EXTENSION *ext = extension_of(Device);
    (VOID)TargetState;
    write_register(ext, DRAY_CHANNEL_CONTROL(ext->read.channel), 0);
    write_register(ext, DRAY_CHANNEL_CONTROL(ext->write.channel), 0);
    return STATUS_SUCCESS;
}

NTSTATUS document_device_add(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
    WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_INTERRUPT_CONFIG interrupt;
    WDFDEVICE device;
    (VOID)Driver;

    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
    callbacks.EvtDevicePrepareHardware = prepare_hardware;
    callbacks.EvtDeviceReleaseHardware = release_hardware;
    callbacks.EvtDeviceD0Entry = d0_entry;
    callbacks.EvtDeviceD0Exit = d0_exit;
    WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, DEVICE_EXTENSION);
    NTSTATUS status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
    if (!NT_SUCCESS(status)) return status;
    WDF_INTERRUPT_CONFIG_INIT(&interrupt, interrupt_isr, interrupt_dpc);
    interrupt.AutomaticSerialization = TRUE;
    return WdfInterruptCreate(device, &interrupt, WDF_NO_OBJECT_ATTRIBUTES, &extension_of(device)->interrupt);
}
