/* SPDX-License-Identifier: Apache-2.0 */
/** @file hostbus.h  What the files of hal/host tell each other. */
#ifndef HOSTBUS_H
#define HOSTBUS_H

#include "../machine.h"

/** Detaches every device, forgets the trace. */
void hostbus_init(void);

/** cache_drain() without counting it. */
void hostbus_drain(void);

/** No tables in force, nothing translated. */
void hostuser_init(void);

#endif
