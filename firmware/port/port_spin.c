/* SPDX-License-Identifier: Apache-2.0 */
/* Spin locks. On one hart nobody spins: who finds a lock held would wait for himself. */
#include "irql.h"
#include "port_private.h"
#include "violation.h"

static void misused(PVOID extension, PSPIN_LOCK lock)
{
    violation_report(VIOL_SPIN_LOCK, (uintptr_t)lock, (uintptr_t)extension, (uintptr_t)irql_current(), 0u);
}

/* Whether this is a lock of this extension in this state; if not, VIOL_SPIN_LOCK. */
static bool found(PVOID extension, PSPIN_LOCK lock, unsigned state)
{
    struct port_device *device = port_device_of(extension);
    for (unsigned i = 0; i < VP_MAX_SPIN_LOCKS && device != NULL; i++) {
        if (&device->spin_locks[i] == lock && (unsigned)lock->state == state) return true;
    }
    misused(extension, lock);
    return false;
}

VP_STATUS VideoPortCreateSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK *SpinLock)
{
    if (!irql_assert_passive()) return ERROR_INVALID_PARAMETER;
    struct port_device *device = port_device_of(HwDeviceExtension);
    if (device == NULL || SpinLock == NULL) return ERROR_INVALID_PARAMETER;
    for (unsigned i = 0; i < VP_MAX_SPIN_LOCKS; i++) {
        if (device->spin_locks[i].state != PORT_SPIN_NONE) continue;
        device->spin_locks[i].state = PORT_SPIN_FREE;
        *SpinLock = &device->spin_locks[i];
        return NO_ERROR;
    }
    return ERROR_NOT_ENOUGH_MEMORY;
}

VP_STATUS VideoPortDeleteSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return ERROR_INVALID_PARAMETER;
    if (!found(HwDeviceExtension, SpinLock, PORT_SPIN_FREE)) return ERROR_INVALID_PARAMETER;
    SpinLock->state = PORT_SPIN_NONE;
    return NO_ERROR;
}

VOID VideoPortAcquireSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock, PUCHAR OldIrql)
{
    if (!irql_assert_at_most(IRQL_DISPATCH) || !found(HwDeviceExtension, SpinLock, PORT_SPIN_FREE)) return;
    SpinLock->before = irql_raise(IRQL_DISPATCH); /* before the note: in between, a DPC may take and release it */
    SpinLock->state = PORT_SPIN_RAISED;
    *OldIrql = (UCHAR)SpinLock->before;
}

VOID VideoPortReleaseSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock, UCHAR NewIrql)
{
    if (!irql_assert_exactly(IRQL_DISPATCH) || !found(HwDeviceExtension, SpinLock, PORT_SPIN_RAISED)) return;
    if (NewIrql != (UCHAR)SpinLock->before) {
        misused(HwDeviceExtension, SpinLock);
        return;
    }
    SpinLock->state = PORT_SPIN_FREE;
    irql_lower(SpinLock->before);
}

VOID VideoPortAcquireSpinLockAtDpcLevel(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock)
{
    if (!irql_assert_exactly(IRQL_DISPATCH) || !found(HwDeviceExtension, SpinLock, PORT_SPIN_FREE)) return;
    SpinLock->state = PORT_SPIN_AT_DPC;
}

VOID VideoPortReleaseSpinLockFromDpcLevel(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock)
{
    if (!irql_assert_exactly(IRQL_DISPATCH) || !found(HwDeviceExtension, SpinLock, PORT_SPIN_AT_DPC)) return;
    SpinLock->state = PORT_SPIN_FREE;
}
