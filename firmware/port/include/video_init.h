/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file video_init.h
 * How a miniport begins and how it is asked: DriverEntry, find-adapter, initialize, start-io. video.h includes it.
 *
 *     ULONG DriverEntry(PVOID Context1, PVOID Context2)
 *     {
 *         VIDEO_HW_INITIALIZATION_DATA data;
 *         VideoPortZeroMemory(&data, sizeof data);
 *         data.HwInitDataSize = sizeof data;
 *         data.HwFindAdapter = find;              // PASSIVE, once a device, with an extension of zeroes
 *         data.HwInitialize = initialize;         // PASSIVE, before the first request
 *         data.HwStartIO = start_io;              // PASSIVE, a request; no other call of it runs
 *         data.HwInterrupt = interrupt;           // from the return of find on
 *         data.HwDeviceExtensionSize = sizeof(struct extension);
 *         return VideoPortInitialize(Context1, Context2, &data, NULL);
 *     }
 *
 * Who asks is in video_client.h; what the machine has is told to the port in port.h.
 */
#ifndef VIDEO_INIT_H
#define VIDEO_INIT_H

#include "video_sync.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What a device is ---------------------------------------------------------------------------------------------- */

typedef enum _INTERFACE_TYPE {
    InterfaceTypeUndefined = -1,
    Internal, Isa, Eisa, MicroChannel, TurboChannel, PCIBus, VMEBus, NuBus, PCMCIABus, CBus, MPIBus, MPSABus,
    ProcessorInternal, InternalPowerBus, PNPISABus, PNPBus, Vmcs, MaximumInterfaceType
} INTERFACE_TYPE, *PINTERFACE_TYPE;

typedef enum _KINTERRUPT_MODE { LevelSensitive, Latched } KINTERRUPT_MODE;
typedef enum _DMA_WIDTH { Width8Bits, Width16Bits, Width32Bits, MaximumDmaWidth } DMA_WIDTH, *PDMA_WIDTH;
typedef enum _DMA_SPEED { Compatible, TypeA, TypeB, TypeC, TypeF, MaximumDmaSpeed } DMA_SPEED, *PDMA_SPEED;

/** A range of bus addresses of the device: registers or memory. */
typedef struct _VIDEO_ACCESS_RANGE {
    PHYSICAL_ADDRESS RangeStart;
    ULONG            RangeLength;
    UCHAR            RangeInIoSpace; /**< 0: this machine has none */
    UCHAR            RangeVisible;
    UCHAR            RangeShareable;
    UCHAR            RangePassive;
} VIDEO_ACCESS_RANGE, *PVIDEO_ACCESS_RANGE;

struct _EMULATOR_ACCESS_ENTRY;
typedef PVOID (*PVIDEO_PORT_GET_PROC_ADDRESS)(IN PVOID HwDeviceExtension, IN PUCHAR FunctionName);

/**
 * What the port knows of the device when it calls HwFindAdapter, which may change it. Used afterwards: BusInterruptLevel.
 * What only other machines have is zero.
 */
typedef struct _VIDEO_PORT_CONFIG_INFO {
    ULONG            Length;              /**< of this structure: its version */
    ULONG            SystemIoBusNumber;
    INTERFACE_TYPE   AdapterInterfaceType;
    ULONG            BusInterruptLevel;   /**< the core's line */
    ULONG            BusInterruptVector;  /**< the same */
    KINTERRUPT_MODE  InterruptMode;       /**< LevelSensitive */
    ULONG            NumEmulatorAccessEntries;
    struct _EMULATOR_ACCESS_ENTRY *EmulatorAccessEntries;
    ULONG_PTR        EmulatorAccessEntriesContext;
    PHYSICAL_ADDRESS VdmPhysicalVideoMemoryAddress;
    ULONG            VdmPhysicalVideoMemoryLength;
    ULONG            HardwareStateSize;
    ULONG            DmaChannel;
    ULONG            DmaPort;
    UCHAR            DmaShareable;
    UCHAR            InterruptShareable;  /**< 1 */
    BOOLEAN          Master;              /**< TRUE */
    DMA_WIDTH        DmaWidth;
    DMA_SPEED        DmaSpeed;
    BOOLEAN          bMapBuffers;
    BOOLEAN          NeedPhysicalAddresses;
    BOOLEAN          DemandMode;
    ULONG            MaximumTransferLength;
    ULONG            NumberOfPhysicalBreaks;
    BOOLEAN          ScatterGather;
    ULONG            MaximumScatterGatherChunkSize;
    PVIDEO_PORT_GET_PROC_ADDRESS VideoPortGetProcAddress;
    PWSTR            DriverRegistryPath;  /**< Argument2 of VideoPortInitialize() */
    ULONGLONG        SystemMemorySize;    /**< bytes of host memory */
} VIDEO_PORT_CONFIG_INFO, *PVIDEO_PORT_CONFIG_INFO;

/* ---- A request ----------------------------------------------------------------------------------------------------- */

/** What became of a request. */
typedef struct _STATUS_BLOCK {
    __extension__ union {
        VP_STATUS Status;
        PVOID     Pointer;
    };
    ULONG_PTR Information; /**< bytes of the output buffer that are valid */
} STATUS_BLOCK, *PSTATUS_BLOCK;

/** A request of a client. Both buffers are nonpageable, and may be one. */
typedef struct _VIDEO_REQUEST_PACKET {
    ULONG         IoControlCode;
    PSTATUS_BLOCK StatusBlock;
    PVOID         InputBuffer;
    ULONG         InputBufferLength;
    PVOID         OutputBuffer;
    ULONG         OutputBufferLength;
} VIDEO_REQUEST_PACKET, *PVIDEO_REQUEST_PACKET;

/** How a code is made: of a device type, a number from 0x800 on, and how buffers are handed over. */
#ifndef CTL_CODE
#define CTL_CODE(DeviceType, Function, Method, Access) \
    ((ULONG)(DeviceType) << 16 | (ULONG)(Access) << 14 | (ULONG)(Function) << 2 | (ULONG)(Method))
#define FILE_DEVICE_VIDEO 0x23u
#define METHOD_BUFFERED   0u /**< the only one here */
#define FILE_ANY_ACCESS   0u
#endif

/* ---- What a miniport does ------------------------------------------------------------------------------------------ */

/**
 * Is it my device? Then get its ranges, its adapters, its common buffers.
 *
 * @param HwContext   NULL
 * @param Again       to be ignored
 * @return NO_ERROR; ERROR_DEV_NOT_EXIST: not mine; ERROR_INVALID_PARAMETER: mine, but it does not work. On an error
 *         everything that it took has been given back.
 *
 * [passive]
 */
typedef VP_STATUS (*PVIDEO_HW_FIND_ADAPTER)(IN PVOID HwDeviceExtension, IN PVOID HwContext, IN PWSTR ArgumentString,
                                            IN OUT PVIDEO_PORT_CONFIG_INFO ConfigInfo, OUT PUCHAR Again);

/** Before the first request. @return TRUE: ready. FALSE: nobody can open the device. [passive] */
typedef BOOLEAN (*PVIDEO_HW_INITIALIZE)(IN PVOID HwDeviceExtension);

/**
 * Do what the request says, in the context of its client; may wait. Sets Status and Information.
 *
 * @return TRUE: done. Only here, not in Windows: FALSE, and VpCompleteRequest() (video_ex.h) is called, perhaps already.
 *
 * [passive]
 */
typedef BOOLEAN (*PVIDEO_HW_START_IO)(IN PVOID HwDeviceExtension, IN PVIDEO_REQUEST_PACKET RequestPacket);

/* This machine has no text mode, no power states, no children and no older ways of DMA: nothing calls these. */
struct _VIDEO_POWER_MANAGEMENT;
struct _VIDEO_CHILD_ENUM_INFO;
struct _QUERY_INTERFACE;
struct __DMA_PARAMETERS;
typedef BOOLEAN (*PVIDEO_HW_RESET_HW)(IN PVOID HwDeviceExtension, IN ULONG Columns, IN ULONG Rows);
typedef enum _HW_DMA_RETURN { DmaAsyncReturn, DmaSyncReturn } HW_DMA_RETURN, *PHW_DMA_RETURN;
typedef HW_DMA_RETURN (*PVIDEO_HW_START_DMA)(PVOID HwDeviceExtension, struct __DMA_PARAMETERS *pDma);
typedef VP_STATUS (*PVIDEO_HW_POWER_SET)(IN PVOID HwDeviceExtension, IN ULONG HwId,
                                         IN struct _VIDEO_POWER_MANAGEMENT *VideoPowerControl);
typedef VP_STATUS (*PVIDEO_HW_POWER_GET)(IN PVOID HwDeviceExtension, IN ULONG HwId,
                                         IN OUT struct _VIDEO_POWER_MANAGEMENT *VideoPowerControl);
typedef enum _VIDEO_CHILD_TYPE { Monitor = 1, NonPrimaryChip, VideoChip, Other } VIDEO_CHILD_TYPE, *PVIDEO_CHILD_TYPE;
typedef VP_STATUS (*PVIDEO_HW_GET_CHILD_DESCRIPTOR)(IN PVOID HwDeviceExtension, IN struct _VIDEO_CHILD_ENUM_INFO *ChildEnumInfo,
                                                    OUT PVIDEO_CHILD_TYPE VideoChildType, OUT PUCHAR pChildDescriptor,
                                                    OUT PULONG UId, OUT PULONG pUnused);
typedef VP_STATUS (*PVIDEO_HW_QUERY_INTERFACE)(IN PVOID HwDeviceExtension, IN OUT struct _QUERY_INTERFACE *QueryInterface);
typedef VOID (*PVIDEO_HW_LEGACYRESOURCES)(IN ULONG VendorId, IN ULONG DeviceId,
                                          IN OUT PVIDEO_ACCESS_RANGE *LegacyResourceList, IN OUT PULONG LegacyResourceCount);

/** Zero it, set what applies. */
typedef struct _VIDEO_HW_INITIALIZATION_DATA {
    ULONG                  HwInitDataSize;        /**< of this structure, or of an older one */
    INTERFACE_TYPE         AdapterInterfaceType;  /**< ignored, as in Windows */
    PVIDEO_HW_FIND_ADAPTER HwFindAdapter;         /**< needed */
    PVIDEO_HW_INITIALIZE   HwInitialize;          /**< needed */
    PVIDEO_HW_INTERRUPT    HwInterrupt;           /**< NULL: the device is polled */
    PVIDEO_HW_START_IO     HwStartIO;             /**< needed */
    ULONG                  HwDeviceExtensionSize; /**< at most VP_EXTENSION_BYTES */
    ULONG                  StartingDeviceNumber;  /**< ignored, as in Windows */
    PVIDEO_HW_RESET_HW     HwResetHw;
    PVIDEO_HW_TIMER        HwTimer;               /**< NULL: no timer */
    PVIDEO_HW_START_DMA    HwStartDma;            /**< an older structure ends here */
    PVIDEO_HW_POWER_SET    HwSetPowerState;
    PVIDEO_HW_POWER_GET    HwGetPowerState;
    PVIDEO_HW_GET_CHILD_DESCRIPTOR HwGetVideoChildDescriptor;
    PVIDEO_HW_QUERY_INTERFACE HwQueryInterface;
    ULONG                  HwChildDeviceExtensionSize;
    PVIDEO_ACCESS_RANGE    HwLegacyResourceList;
    ULONG                  HwLegacyResourceCount;
    PVIDEO_HW_LEGACYRESOURCES HwGetLegacyResources;
    BOOLEAN                AllowEarlyEnumeration;
    ULONG                  Reserved;
} VIDEO_HW_INITIALIZATION_DATA, *PVIDEO_HW_INITIALIZATION_DATA;

#define SIZE_OF_NT4_VIDEO_HW_INITIALIZATION_DATA ((ULONG)offsetof(VIDEO_HW_INITIALIZATION_DATA, HwStartDma))
#define SIZE_OF_W2K_VIDEO_HW_INITIALIZATION_DATA ((ULONG)offsetof(VIDEO_HW_INITIALIZATION_DATA, Reserved))
#define SIZE_OF_WXP_VIDEO_HW_INITIALIZATION_DATA (SIZE_OF_W2K_VIDEO_HW_INITIALIZATION_DATA + (ULONG)sizeof(ULONG))

/** The miniport's own; port_load_driver() calls it. @return what VideoPortInitialize() returned. [passive] */
ULONG DriverEntry(PVOID Context1, PVOID Context2);

/**
 * Find the driver's devices: HwFindAdapter is called for each that no driver has yet, with an extension of its own.
 *
 * @param Argument1, Argument2  what DriverEntry got; it may be called from there only
 * @param HwContext  NULL
 * @return NO_ERROR: there is a device at least. ERROR_DEV_NOT_EXIST: none; or what HwFindAdapter returned.
 *         ERROR_NOT_ENOUGH_MEMORY: no room for the extension, or for a device. ERROR_INVALID_PARAMETER: a needed routine
 *         is missing, or the caller is no DriverEntry. VP_STATUS_REVISION_MISMATCH: a size that no version has
 *
 * [passive]
 */
ULONG VideoPortInitialize(IN PVOID Argument1, IN PVOID Argument2, IN PVIDEO_HW_INITIALIZATION_DATA HwInitializationData,
                          IN PVOID HwContext);

/* ---- What HwFindAdapter calls -------------------------------------------------------------------------------------- */

struct _IO_RESOURCE_DESCRIPTOR;

/**
 * The device's ranges, as the machine gives them.
 *
 * @param NumRequestedResources, RequestedResources, VendorId, DeviceId  0 and NULL
 * @param NumAccessRanges  room in AccessRanges[]; what is left of it gets zeroes
 * @param Slot             may be NULL; gets 0
 * @return NO_ERROR; ERROR_MORE_DATA: there are more ranges than room; ERROR_INVALID_PARAMETER: the device was not
 *         found by VideoPortInitialize()
 *
 * [passive]
 */
VP_STATUS VideoPortGetAccessRanges(IN PVOID HwDeviceExtension, IN ULONG NumRequestedResources,
                                   IN struct _IO_RESOURCE_DESCRIPTOR *RequestedResources OPTIONAL, IN ULONG NumAccessRanges,
                                   OUT PVIDEO_ACCESS_RANGE AccessRanges, IN PVOID VendorId, IN PVOID DeviceId, OUT PULONG Slot);

/**
 * CPU address of a part of one of the device's ranges.
 *
 * @param InIoSpace  0
 * @return NULL when it is not inside one of them
 *
 * [passive]
 */
PVOID VideoPortGetDeviceBase(IN PVOID HwDeviceExtension, IN PHYSICAL_ADDRESS IoAddress, IN ULONG NumberOfUchars,
                             IN UCHAR InIoSpace);

/** Give it back. Here every address stays mapped, so it does nothing. [passive] */
VOID VideoPortFreeDeviceBase(IN PVOID HwDeviceExtension, IN PVOID MappedAddress);

/**
 * Log what went wrong. The newest is in VpQueryError(), and the trace has them all.
 *
 * @param Vrp       the request that it happened to, or NULL
 * @param UniqueId  says where in the miniport
 *
 * Spec 2.2, SUP-02. [any]
 */
VOID VideoPortLogError(IN PVOID HwDeviceExtension, IN PVIDEO_REQUEST_PACKET Vrp OPTIONAL, IN VP_STATUS ErrorCode,
                       IN ULONG UniqueId);

/* ---- Device lock --------------------------------------------------------------------------------------------------- */

/**
 * Keep requests out: no HwStartIO begins until the lock is released. HwStartIO itself runs under it, and the main loop
 * may take it several times. Interrupts and DPCs go on: this is no spin lock, and the level stays.
 *
 * Spec 3.13; PASSIVE as its page says. [passive]
 */
VOID VideoPortAcquireDeviceLock(IN PVOID HwDeviceExtension);

/** Once for each acquire; more is VIOL_DEVICE_LOCK. Behind the last, requests that waited begin. Spec 3.13. [passive] */
VOID VideoPortReleaseDeviceLock(IN PVOID HwDeviceExtension);

#ifdef __cplusplus
}
#endif

#endif
