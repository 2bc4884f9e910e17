/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MINIPORT_PRIVATE_H
#define MINIPORT_PRIVATE_H

#include "miniport.h"

BOOLEAN miniport_interrupt(PVOID HwDeviceExtension);
VOID    miniport_dpc(PVOID HwDeviceExtension, PVOID Context);

/* Adds a locked request to the queue and runs it if none runs. At DISPATCH. */
void miniport_enqueue(struct miniport *miniport, struct miniport_request *request);

#endif
