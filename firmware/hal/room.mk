# SPDX-License-Identifier: Apache-2.0
# What the compiler itself calls is not there yet when it looks at a whole program.
$(FW_CORES:%=$(FW_OUT)/core-%/hal/core/string.o): FW_MORE := -fno-lto

# Tests of hal and memory need no room above them.

FW_ROOMS_OF_test_irql     := hal memory
FW_ROOMS_OF_test_irq      := hal memory
FW_ROOMS_OF_test_cache    := hal memory
FW_ROOMS_OF_test_client   := hal memory
FW_ROOMS_OF_test_pager    := hal memory
FW_ROOMS_OF_test_lock     := hal memory
FW_ROOMS_OF_test_lock_refused := hal memory
FW_ROOMS_OF_test_mdl      := hal memory
FW_ROOMS_OF_test_smallest := hal memory
