/* SPDX-License-Identifier: Apache-2.0 */
/* Enablers: from a configuration to one adapter of the packet core, or two. */
#include "kmdf_private.h"
#include "packet_list.h"
#include "soc.h"

#define WIDTH_MIN 24u /* of AddressWidthOverride */
#define WIDTH_MAX 63u

static struct kmdf_enabler enablers[KMDF_ENABLERS];

static bool in_use(const struct kmdf_object *object)
{
    const struct kmdf_enabler *enabler = (const struct kmdf_enabler *)(const void *)object;
    for (unsigned i = 0; i < enabler->path_count; i++) {
        if (enabler->paths[i].core.executing != 0u || enabler->paths[i].core.queued != 0u) return true;
    }
    return false;
}

static void gone(struct kmdf_object *object)
{
    struct kmdf_enabler *enabler = (struct kmdf_enabler *)(void *)object;
    for (unsigned i = 0; i < enabler->path_count; i++) (void)packet_adapter_close(&enabler->paths[i].core);
}

const struct kmdf_kind kmdf_enablers = { KMDF_POOL(kmdf_enabler, enablers), .in_use = in_use, .gone = gone };

/* ---- What a profile says --------------------------------------------------------------------------------------------- */

static const struct profile {
    bool packet, wide;
    unsigned paths; /* 0: refused */
} profiles[] = {
    [WdfDmaProfilePacket]                = { true, false, 1 },
    [WdfDmaProfilePacket64]              = { true, true, 1 },
    [WdfDmaProfileScatterGather]         = { false, false, 1 },
    [WdfDmaProfileScatterGather64]       = { false, true, 1 },
    [WdfDmaProfileScatterGatherDuplex]   = { false, false, 2 },
    [WdfDmaProfileScatterGather64Duplex] = { false, true, 2 },
};
#define PROFILES (sizeof profiles / sizeof profiles[0])

static const struct profile *profile_of(const WDF_DMA_ENABLER_CONFIG *config)
{
    return &profiles[config->Profile];
}

static bool width_sane(const WDF_DMA_ENABLER_CONFIG *config)
{
    ULONG width = config->AddressWidthOverride;
    return width == 0u || (width >= WIDTH_MIN && width <= (profile_of(config)->wide ? WIDTH_MAX : 32u));
}

/* WEN-04. */
static NTSTATUS judge(const WDF_DMA_ENABLER_CONFIG *config)
{
    const ULONG flags = WDF_DMA_ENABLER_CONFIG_NO_SGLIST_PREALLOCATION | WDF_DMA_ENABLER_CONFIG_REQUIRE_SINGLE_TRANSFER;
    if (config->Size != sizeof *config) return STATUS_INFO_LENGTH_MISMATCH;
    if (config->Profile == WdfDmaProfileSystem || config->Profile == WdfDmaProfileSystemDuplex) return STATUS_NOT_SUPPORTED;
    if ((size_t)config->Profile >= PROFILES || profile_of(config)->paths == 0u) return STATUS_INVALID_PARAMETER;
    if (config->MaximumLength == 0u || config->MaximumLength > SOC_BUS_HOST_BYTES || !width_sane(config)) return STATUS_INVALID_PARAMETER;
    if (config->WdmDmaVersionOverride != 0u && config->WdmDmaVersionOverride != 3u) return STATUS_NOT_SUPPORTED;
    bool single = (config->Flags & WDF_DMA_ENABLER_CONFIG_REQUIRE_SINGLE_TRANSFER) != 0u;
    if ((config->Flags & ~flags) != 0u || (single && config->WdmDmaVersionOverride != 3u)) return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

/* What the device can say, and never more than its bus has: an address is not cut off (DD-09). */
static uint64_t reach_of(const WDF_DMA_ENABLER_CONFIG *config, const struct map *map)
{
    unsigned bits = profile_of(config)->wide ? 64u : 32u;
    if (config->AddressWidthOverride != 0u) bits = config->AddressWidthOverride;
    if (bits > map->addr_bits) bits = map->addr_bits;
    return bits >= 64u ? UINT64_MAX : (UINT64_C(1) << bits) - 1u;
}

/* ---- Paths ----------------------------------------------------------------------------------------------------------- */

/* A list has an element for each page: what is granted can be used. */
static uint32_t registers_max(const struct kmdf_device *device, bool packet, unsigned path)
{
    uint32_t most = packet ? MAP_REGISTERS_MAX : KMDF_LIST_ELEMENTS;
    uint32_t platform = device->bus->registers_max[path];
    return platform != 0u && platform < most ? platform : most;
}

static bool path_open(struct kmdf_enabler *enabler, unsigned number)
{
    const struct kmdf_bus_device *bus = enabler->device->bus;
    struct packet_system *system = kmdf_system();
    bool packet = kmdf_enabler_packet(enabler);
    uint64_t reach = reach_of(&enabler->config, system->map);
    bool bounces = !packet && reach < SOC_BUS_HOST + (SOC_BUS_HOST_BYTES - 1u);
    struct packet_adapter_config config = {
        .face = &kmdf_face,
        .reach = reach,
        .maximum_bytes = (uint32_t)enabler->config.MaximumLength,
        .registers_max = registers_max(enabler->device, packet, number),
        .common_pages = KMDF_COMMON_BUFFERS,
        .depth = packet ? 1u : KMDF_DEPTH,
        .bounce_pages = bounces ? PACKET_BOUNCE_MAX : 0u,
        .channels = (1u << bus->channels) - 1u,
        .channel = PACKET_ANY_CHANNEL,
        .windowed = packet,
        .device_bus = bus->memory_bus,
        .device_bytes = bus->memory_bytes,
        .device_access = MAP_READ_WRITE,
    };
    struct kmdf_path *path = &enabler->paths[number];
    if (packet_adapter_open(&path->core, system, &config) != PACKET_OK) return false;
    enabler->path_count++;
    if (path->core.registers < 2u) return false; /* one is kept back, so one alone moves nothing (WEN-05) */
    path->fragment_bytes = packet_fragment(config.maximum_bytes, path->core.registers, MEMORY_PAGE_BYTES);
    return true;
}

bool kmdf_enabler_packet(const struct kmdf_enabler *enabler)
{
    return profile_of(&enabler->config)->packet;
}

bool kmdf_enabler_version_3(const struct kmdf_enabler *enabler)
{
    return enabler->config.WdmDmaVersionOverride == 3u;
}

struct kmdf_path *kmdf_path_of(struct kmdf_enabler *enabler, WDF_DMA_DIRECTION direction)
{
    if (direction != WdfDmaDirectionReadFromDevice && direction != WdfDmaDirectionWriteToDevice) return NULL;
    return &enabler->paths[direction == WdfDmaDirectionWriteToDevice ? enabler->path_count - 1u : 0u];
}

/* ---- What a driver calls --------------------------------------------------------------------------------------------- */

static bool open_paths(struct kmdf_enabler *enabler)
{
    unsigned wanted = profile_of(&enabler->config)->paths;
    for (unsigned i = 0; i < wanted; i++) {
        if (!path_open(enabler, i)) return false;
    }
    return true;
}

NTSTATUS WdfDmaEnablerCreate(WDFDEVICE Device, PWDF_DMA_ENABLER_CONFIG Config, PWDF_OBJECT_ATTRIBUTES Attributes,
                             WDFDMAENABLER *DmaEnablerHandle)
{
    if (!irql_assert_passive() || Config == NULL || DmaEnablerHandle == NULL) return STATUS_INVALID_PARAMETER;
    struct kmdf_device *device = kmdf_of(Device, kmdf_devices);
    if (device == NULL) return STATUS_INVALID_PARAMETER;
    if (device->powered) {
        kmdf_wrong_state(device, device->powered, __func__);
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    NTSTATUS status = judge(Config);
    if (!NT_SUCCESS(status)) return status;
    struct kmdf_enabler *enabler = kmdf_object_take(&kmdf_enablers, device, Attributes, &status);
    if (enabler == NULL) return status;
    enabler->device = device;
    enabler->config = *Config;
    enabler->elements_max = WDF_DMA_ENABLER_UNLIMITED_FRAGMENTS;
    enabler->alignment = device->alignment;
    if (!open_paths(enabler)) {
        (void)kmdf_object_delete(&enabler->object);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *DmaEnablerHandle = (WDFDMAENABLER)(void *)enabler;
    return STATUS_SUCCESS;
}

size_t WdfDmaEnablerGetMaximumLength(WDFDMAENABLER DmaEnabler)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return 0u;
    const struct kmdf_enabler *enabler = kmdf_of(DmaEnabler, kmdf_enablers);
    return enabler != NULL ? enabler->config.MaximumLength : 0u;
}

size_t WdfDmaEnablerGetFragmentLength(WDFDMAENABLER DmaEnabler, WDF_DMA_DIRECTION DmaDirection)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return 0u;
    struct kmdf_enabler *enabler = kmdf_of(DmaEnabler, kmdf_enablers);
    const struct kmdf_path *path = enabler != NULL ? kmdf_path_of(enabler, DmaDirection) : NULL;
    return path != NULL ? path->fragment_bytes : 0u;
}

VOID WdfDmaEnablerSetMaximumScatterGatherElements(WDFDMAENABLER DmaEnabler, size_t MaximumFragments)
{
    if (!irql_assert_passive()) return;
    struct kmdf_enabler *enabler = kmdf_of(DmaEnabler, kmdf_enablers);
    if (enabler == NULL) return;
    bool refused = enabler->device->powered || MaximumFragments == 0u;
    if (refused) kmdf_wrong_state(enabler, enabler->device->powered, __func__);
    else enabler->elements_max = MaximumFragments;
}

size_t WdfDmaEnablerGetMaximumScatterGatherElements(WDFDMAENABLER DmaEnabler)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return 0u;
    const struct kmdf_enabler *enabler = kmdf_of(DmaEnabler, kmdf_enablers);
    return enabler != NULL ? enabler->elements_max : 0u;
}

/* ---- Power ----------------------------------------------------------------------------------------------------------- */

static NTSTATUS call(NTSTATUS (*callback)(WDFDMAENABLER), struct kmdf_enabler *enabler)
{
    return callback != NULL ? callback((WDFDMAENABLER)(void *)enabler) : STATUS_SUCCESS;
}

NTSTATUS kmdf_enablers_up(struct kmdf_device *device)
{
    struct kmdf_enabler *enabler = NULL;
    while ((enabler = kmdf_child(device, &kmdf_enablers, enabler)) != NULL) {
        const WDF_DMA_ENABLER_CONFIG *config = &enabler->config;
        enabler->up = true;
        NTSTATUS status = call(config->EvtDmaEnablerFill, enabler);
        if (NT_SUCCESS(status)) status = call(config->EvtDmaEnablerEnable, enabler);
        if (NT_SUCCESS(status)) status = call(config->EvtDmaEnablerSelfManagedIoStart, enabler);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS first_failure(NTSTATUS before, NTSTATUS status)
{
    return NT_SUCCESS(before) ? status : before;
}

NTSTATUS kmdf_enablers_down(struct kmdf_device *device)
{
    NTSTATUS status = STATUS_SUCCESS;
    struct kmdf_enabler *enabler = NULL;
    while ((enabler = kmdf_child(device, &kmdf_enablers, enabler)) != NULL) {
        const WDF_DMA_ENABLER_CONFIG *config = &enabler->config;
        if (!enabler->up) continue;
        status = first_failure(status, call(config->EvtDmaEnablerSelfManagedIoStop, enabler));
        status = first_failure(status, call(config->EvtDmaEnablerDisable, enabler));
        status = first_failure(status, call(config->EvtDmaEnablerFlush, enabler));
        enabler->up = false;
    }
    return status;
}

bool kmdf_transferring(const struct kmdf_device *device)
{
    const struct kmdf_enabler *enabler = NULL;
    while ((enabler = kmdf_child(device, &kmdf_enablers, enabler)) != NULL) {
        if (in_use(&enabler->object)) return true;
    }
    return false;
}
