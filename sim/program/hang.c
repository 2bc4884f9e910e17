// SPDX-License-Identifier: Apache-2.0
//
// A picture program that says hello and then nothing more: what a run does with a firmware that hangs.
#include "program.h"

#include "../../firmware/apps/picture/picture_block.h"

struct picture_block picture_block = { .request = { .magic = PICTURE_MAGIC } };

__attribute__((noinline)) static void waits_for_ever(volatile uint32_t *result)
{
    while (*result == 0) {}
}

void trap(uint32_t cause) { (void)cause; }

int main(void);

int main(void)
{
    put("hello\n");
    waits_for_ever(&picture_block.result.magic);
    return 0;
}
