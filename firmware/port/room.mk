# SPDX-License-Identifier: Apache-2.0
TESTS += firmware/tests/test_faces_alone.sh
