# SPDX-License-Identifier: Apache-2.0
# The tools' own tests: each checker has one that makes it fail.

TESTS += $(sort $(wildcard tools/tests/test_*.py))
