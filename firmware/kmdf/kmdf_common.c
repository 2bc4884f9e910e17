/* SPDX-License-Identifier: Apache-2.0 */
/* Common buffers: of the enabler's first path, shared with its second. */
#include "kmdf_private.h"

struct kmdf_common {
    struct kmdf_object          object;
    struct kmdf_enabler        *enabler;
    const struct packet_common *taken;
    uint32_t                    bytes; /* asked for */
    uint32_t                    skipped; /* in front, for the alignment */
    uint64_t                    context[KMDF_CONTEXT_BYTES / sizeof(uint64_t)];
};

static struct kmdf_common buffers[KMDF_COMMON_BUFFERS];

/* Can the device still use it: is there a packet, or a burst on its way? */
static bool in_use(const struct kmdf_object *object)
{
    const struct kmdf_enabler *enabler = ((const struct kmdf_common *)(const void *)object)->enabler;
    for (unsigned i = 0; i < enabler->path_count; i++) {
        const struct packet_adapter *core = &enabler->paths[i].core;
        if (core->executing != 0u || map_outstanding(core->map, core->channel) != 0u) return true;
    }
    return false;
}

static void gone(struct kmdf_object *object)
{
    struct kmdf_common *common = (struct kmdf_common *)(void *)object;
    if (common->enabler->path_count > 1u) packet_common_unshare(common->taken, &common->enabler->paths[1].core);
    struct packet_common receipt = *common->taken;
    (void)packet_common_give(&receipt);
}

const struct kmdf_kind kmdf_commons = { KMDF_POOL(kmdf_common, buffers), .in_use = in_use, .gone = gone };

/* The core gives whole pages; what is to be aligned to more has room in front. */
static bool take(struct kmdf_common *common, uint32_t mask)
{
    struct kmdf_enabler *enabler = common->enabler;
    uint32_t spare = mask >= MEMORY_PAGE_BYTES ? mask + 1u - MEMORY_PAGE_BYTES : 0u;
    if (spare > SOC_BUS_HOST_BYTES - common->bytes) return false;
    common->taken = packet_common_take_uncached(&enabler->paths[0].core, common->bytes + spare);
    if (common->taken == NULL) return false;
    common->skipped = (uint32_t)(0u - common->taken->logical) & mask;
    if (enabler->path_count == 1u || packet_common_share(common->taken, &enabler->paths[1].core)) return true;
    struct packet_common receipt = *common->taken;
    (void)packet_common_give(&receipt);
    return false;
}

static NTSTATUS create(struct kmdf_enabler *enabler, size_t length, uint32_t mask, PWDF_OBJECT_ATTRIBUTES attributes, WDFCOMMONBUFFER *made)
{
    if (length == 0u || length > SOC_BUS_HOST_BYTES || (mask & (mask + 1u)) != 0u || made == NULL) return STATUS_INVALID_PARAMETER;
    NTSTATUS status;
    struct kmdf_common *common = kmdf_object_take(&kmdf_commons, enabler, attributes, &status);
    if (common == NULL) return status;
    common->enabler = enabler;
    common->bytes = (uint32_t)length;
    if (!take(common, mask)) {
        kmdf_object_discard(&common->object);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *made = (WDFCOMMONBUFFER)(void *)common;
    return STATUS_SUCCESS;
}

NTSTATUS WdfCommonBufferCreate(WDFDMAENABLER DmaEnabler, size_t Length, PWDF_OBJECT_ATTRIBUTES Attributes, WDFCOMMONBUFFER *CommonBuffer)
{
    if (!irql_assert_passive()) return STATUS_INVALID_PARAMETER;
    struct kmdf_enabler *enabler = kmdf_of(DmaEnabler, kmdf_enablers);
    return enabler != NULL ? create(enabler, Length, enabler->alignment, Attributes, CommonBuffer) : STATUS_INVALID_PARAMETER;
}

NTSTATUS WdfCommonBufferCreateWithConfig(WDFDMAENABLER DmaEnabler, size_t Length, PWDF_COMMON_BUFFER_CONFIG Config,
                                         PWDF_OBJECT_ATTRIBUTES Attributes, WDFCOMMONBUFFER *CommonBuffer)
{
    if (!irql_assert_passive() || Config == NULL) return STATUS_INVALID_PARAMETER;
    if (Config->Size != sizeof *Config) return STATUS_INFO_LENGTH_MISMATCH;
    struct kmdf_enabler *enabler = kmdf_of(DmaEnabler, kmdf_enablers);
    return enabler != NULL ? create(enabler, Length, Config->AlignmentRequirement, Attributes, CommonBuffer) : STATUS_INVALID_PARAMETER;
}

PVOID WdfCommonBufferGetAlignedVirtualAddress(WDFCOMMONBUFFER CommonBuffer)
{
    const struct kmdf_common *common = irql_assert_at_most(IRQL_DISPATCH) ? kmdf_of(CommonBuffer, kmdf_commons) : NULL;
    return common != NULL ? (uint8_t *)common->taken->cpu + common->skipped : NULL;
}

PHYSICAL_ADDRESS WdfCommonBufferGetAlignedLogicalAddress(WDFCOMMONBUFFER CommonBuffer)
{
    PHYSICAL_ADDRESS logical = { .QuadPart = 0 };
    const struct kmdf_common *common = irql_assert_at_most(IRQL_DISPATCH) ? kmdf_of(CommonBuffer, kmdf_commons) : NULL;
    if (common != NULL) logical.QuadPart = (LONGLONG)(common->taken->logical + common->skipped);
    return logical;
}

size_t WdfCommonBufferGetLength(WDFCOMMONBUFFER CommonBuffer)
{
    const struct kmdf_common *common = irql_assert_at_most(IRQL_DISPATCH) ? kmdf_of(CommonBuffer, kmdf_commons) : NULL;
    return common != NULL ? common->bytes : 0u;
}
