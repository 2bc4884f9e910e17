# SPDX-License-Identifier: Apache-2.0
"""The register generator behind tools/regs.py."""
