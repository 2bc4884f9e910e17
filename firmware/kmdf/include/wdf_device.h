/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wdf_device.h
 * A driver's device, as far as its DMA needs one: created in device-add, given its hardware, brought to power. wdf.h
 * includes it.
 *
 *     EvtDriverDeviceAdd       WdfDeviceInitSetPnpPowerEventCallbacks(), WdfDeviceCreate()
 *     EvtDevicePrepareHardware maps what WdfCmResourceListGetDescriptor() tells; here or before: enablers, interrupts
 *     EvtDeviceD0Entry         then interrupts are enabled, then DMA
 *     EvtDeviceD0Exit, EvtDeviceReleaseHardware, and the device is deleted
 */
#ifndef WDF_DEVICE_H
#define WDF_DEVICE_H

#include "wdf_object.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct WDFDEVICE_INIT      *PWDFDEVICE_INIT;
typedef struct WDFCMRESLIST__      *WDFCMRESLIST;

typedef enum _WDF_POWER_DEVICE_STATE {
    WdfPowerDeviceInvalid = 0,
    WdfPowerDeviceD0,
    WdfPowerDeviceD1,
    WdfPowerDeviceD2,
    WdfPowerDeviceD3,
    WdfPowerDeviceD3Final,
} WDF_POWER_DEVICE_STATE;

/** What a driver has called for each device of its. [passive] */
typedef NTSTATUS EVT_WDF_DRIVER_DEVICE_ADD(IN WDFDRIVER Driver, IN PWDFDEVICE_INIT DeviceInit);
typedef NTSTATUS EVT_WDF_DEVICE_PREPARE_HARDWARE(IN WDFDEVICE Device, IN WDFCMRESLIST ResourcesRaw,
                                                 IN WDFCMRESLIST ResourcesTranslated);
typedef NTSTATUS EVT_WDF_DEVICE_RELEASE_HARDWARE(IN WDFDEVICE Device, IN WDFCMRESLIST ResourcesTranslated);
typedef NTSTATUS EVT_WDF_DEVICE_D0_ENTRY(IN WDFDEVICE Device, IN WDF_POWER_DEVICE_STATE PreviousState);
typedef NTSTATUS EVT_WDF_DEVICE_D0_EXIT(IN WDFDEVICE Device, IN WDF_POWER_DEVICE_STATE TargetState);
typedef EVT_WDF_DRIVER_DEVICE_ADD       *PFN_WDF_DRIVER_DEVICE_ADD;
typedef EVT_WDF_DEVICE_PREPARE_HARDWARE *PFN_WDF_DEVICE_PREPARE_HARDWARE;
typedef EVT_WDF_DEVICE_RELEASE_HARDWARE *PFN_WDF_DEVICE_RELEASE_HARDWARE;
typedef EVT_WDF_DEVICE_D0_ENTRY         *PFN_WDF_DEVICE_D0_ENTRY;
typedef EVT_WDF_DEVICE_D0_EXIT          *PFN_WDF_DEVICE_D0_EXIT;

/** Each may be NULL. */
typedef struct _WDF_PNPPOWER_EVENT_CALLBACKS {
    ULONG                           Size; /**< of this structure: its version */
    PFN_WDF_DEVICE_D0_ENTRY         EvtDeviceD0Entry;
    PFN_WDF_DEVICE_D0_EXIT          EvtDeviceD0Exit;
    PFN_WDF_DEVICE_PREPARE_HARDWARE EvtDevicePrepareHardware;
    PFN_WDF_DEVICE_RELEASE_HARDWARE EvtDeviceReleaseHardware;
} WDF_PNPPOWER_EVENT_CALLBACKS, *PWDF_PNPPOWER_EVENT_CALLBACKS;

static inline VOID WDF_PNPPOWER_EVENT_CALLBACKS_INIT(PWDF_PNPPOWER_EVENT_CALLBACKS Callbacks)
{
    RtlZeroMemory(Callbacks, sizeof *Callbacks);
    Callbacks->Size = (ULONG)sizeof *Callbacks;
}

/** In device-add, before the device is created. [passive] */
VOID WdfDeviceInitSetPnpPowerEventCallbacks(PWDFDEVICE_INIT DeviceInit, PWDF_PNPPOWER_EVENT_CALLBACKS PnpPowerEventCallbacks);

/**
 * Make the device, in device-add.
 *
 * @param DeviceInit  the pointer that device-add got; NULL on return, as it can be used once
 * @return STATUS_SUCCESS; STATUS_INFO_LENGTH_MISMATCH: attributes of no known size; STATUS_INVALID_PARAMETER;
 *         STATUS_INSUFFICIENT_RESOURCES: no device left, or a context too large. On an error there is no device
 *
 * [passive]
 */
NTSTATUS WdfDeviceCreate(PWDFDEVICE_INIT *DeviceInit, PWDF_OBJECT_ATTRIBUTES DeviceAttributes OPTIONAL, WDFDEVICE *Device);

/**
 * What buffers should be aligned to: a mask, 15 for 16 bytes. It is a preference for buffers of clients, binding for common
 * buffers, and counts for the enablers that are created behind it.
 *
 * Spec WEN-02, WEN-03. [<= dispatch]
 */
VOID WdfDeviceSetAlignmentRequirement(WDFDEVICE Device, ULONG AlignmentRequirement);

/** What was set; 0 at first: every byte. [<= dispatch] */
ULONG WdfDeviceGetAlignmentRequirement(WDFDEVICE Device);

/** How many resources there are. [passive] */
ULONG WdfCmResourceListGetCount(WDFCMRESLIST List);

/** One of them, in the order of the bus: ranges, then the interrupt. @return NULL behind the last. [passive] */
PCM_PARTIAL_RESOURCE_DESCRIPTOR WdfCmResourceListGetDescriptor(WDFCMRESLIST List, ULONG Index);

#ifdef __cplusplus
}
#endif

#endif
