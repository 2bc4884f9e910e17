/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_PRIVATE_H
#define FAKE_PRIVATE_H

/* The gate and the posting bridge behind the fake engine. */
void fake_gate_begin(void);

#endif
