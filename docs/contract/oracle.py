#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reference oracle for the numeric rules of contract.md.

Sections:  1 packet splitting (video-port style and KMDF style)
           2 scatter/gather element building
           3 dmatest pattern: what it can and cannot see
           4 IRQL/DPC model: completion before StartDma returns, re-entrancy depth
Run:  python3 oracle.py       (prints vectors, exits non-zero on a broken claim)
"""
import random, sys
from collections import deque

# ---------------------------------------------------------------- 1 splitting
def span_pages(off, length, P):
    return (off % P + length + P - 1) // P

def vp_chunk(byte_off, offset, req, maxlen, nregs, P):
    """Length VideoPortStartDma reports for one packet (rules STA-10..13)."""
    po = (byte_off + offset) % P
    return min(req, maxlen, nregs * P - po)

def vp_split(byte_off, offset, total, maxlen, nregs, P):
    out, done = [], 0
    while done < total:
        n = vp_chunk(byte_off, offset + done, total - done, maxlen, nregs, P)
        assert n > 0
        out.append(n); done += n
    return out

def kmdf_fragment(maxlen, nregs, P):
    """KMDF keeps one register back for an unaligned start (rule WEN-05)."""
    return min(maxlen, (nregs - 1) * P)

def kmdf_split(total, maxlen, nregs, P):
    f = kmdf_fragment(maxlen, nregs, P)
    out = []
    while total:
        n = min(total, f); out.append(n); total -= n
    return out

# ------------------------------------------------------------ 2 element build
def build_sg(pfns, byte_off, offset, length, P, boundary=0, max_elem_len=0):
    """Direct S/G: one fragment per page, merged when physically adjacent."""
    el, pos, left = [], byte_off + offset, length
    while left:
        page, po = divmod(pos, P)
        n = min(P - po, left)
        a = pfns[page] * P + po
        if el:
            la, ll = el[-1]
            ok = la + ll == a
            if ok and boundary and (la // boundary) != ((a + n - 1) // boundary): ok = False
            if ok and max_elem_len and ll + n > max_elem_len: ok = False
            if ok:
                el[-1] = (la, ll + n); pos += n; left -= n; continue
        el.append((a, n)); pos += n; left -= n
    return el

def build_packet(reg0, win, byte_off, offset, length, P):
    """No-S/G device: one element, made contiguous by consecutive registers."""
    return [(win + reg0 * P + (byte_off + offset) % P, length)]

# ------------------------------------------------------------------ 3 dmatest
SRC, DST, COPY, OVER, MASK = 0x80, 0x00, 0x40, 0x20, 0x1f
inv = lambda i: ~i & MASK
def fill(n, so, do, ln):
    s = bytearray((SRC | inv(i) | (COPY if so <= i < so + ln else 0)) for i in range(n))
    d = bytearray((DST | inv(i) | (OVER if do <= i < do + ln else 0)) for i in range(n))
    return s, d
def verify(s, d, so, do, ln):
    n, e = len(s), {"src_overwritten": 0, "not_copied": 0, "was_copied": 0, "mismatch": 0}
    for i in range(n):
        want = SRC | inv(i) | (COPY if so <= i < so + ln else 0)
        if s[i] != want: e["src_overwritten"] += 1
    for i in range(n):
        if do <= i < do + ln: pat, c = SRC | COPY, so + i - do
        else:                 pat, c = DST, i
        want = pat | inv(c)
        if d[i] != want:
            x = d[i] ^ pat
            k = ("not_copied" if pat & COPY and x & (COPY | OVER)
                 else "was_copied" if x & SRC else "mismatch")
            e[k] += 1
    return e
def dmatest_demo():
    so, do, ln, n = 100, 37, 8192, 16384
    res = {}
    def run(name, fn):
        s, d = fill(n, so, do, ln); fn(s, d)
        res[name] = verify(s, d, so, do, ln)
    good = lambda s, d: d.__setitem__(slice(do, do + ln), s[so:so + ln])
    run("good", good)
    run("one byte short", lambda s, d: d.__setitem__(slice(do, do + ln - 1), s[so:so + ln - 1]))
    run("one byte long", lambda s, d: d.__setitem__(slice(do, do + ln + 1), s[so:so + ln + 1]))
    run("shift by 1", lambda s, d: d.__setitem__(slice(do, do + ln), s[so + 1:so + ln + 1]))
    run("shift by 32", lambda s, d: d.__setitem__(slice(do, do + ln), s[so + 32:so + ln + 32]))
    def swap(blk):
        def f(s, d):
            good(s, d); a, b = do + 64, do + 64 + blk
            d[a:a + blk], d[b:b + blk] = d[b:b + blk], d[a:a + blk]
        return f
    run("swap two 32-byte bursts", swap(32))
    run("swap two 1024-byte elements", swap(1024))
    run("swap two 4-byte words", swap(4))
    def dup(s, d):
        good(s, d); d[do + 1024:do + 2048] = d[do:do + 1024]
    run("second 1 KiB replaced by first", dup)
    run("source damaged", lambda s, d: (good(s, d), s.__setitem__(so + 5, 0)))
    return res

# ---------------------------------------------------------------- 4 IRQL/DPC
class Sys:
    """Uniprocessor model: lowering IRQL below DISPATCH drains the DPC queue."""
    def __init__(self): self.irql, self.q, self.depth, self.maxdepth = 0, deque(), 0, 0
    def raise_(self, l): o = self.irql; self.irql = max(o, l); return o
    def lower(self, l):
        self.irql = l
        while l < 2 and self.q and self.irql < 2:
            self.irql = 2; f = self.q.popleft(); f(); self.irql = l
def pre_return_demo():
    """DPC finishes chunk 1 and starts chunk 2 inside the first StartDma."""
    s, log, plen, total, done = Sys(), [], [0], 10000, [0]
    def start(n, when_irq):
        old = s.raise_(2)
        plen[0] = min(n, 4096)                 # written once, BEFORE the callback
        log.append(("execute", plen[0]))
        if when_irq: s.q.append(dpc)           # engine so fast that its ISR already ran
        s.lower(old)                           # DPC runs here, before return
        return 0
    def dpc():
        done[0] += plen[0]; log.append(("complete", plen[0]))
        if done[0] < total: start(total - done[0], True)
    start(total, True)
    seen_by_caller = plen[0]
    return log, done[0], seen_by_caller
def depth_demo(flatten, chunks=50):
    """Complete inside the execute callback: recursion depth, naive vs flattened."""
    st = dict(left=chunks, depth=0, maxd=0, staging=False, rerun=False)
    def stage():
        if flatten and st["staging"]:
            st["rerun"] = True; return
        st["staging"] = True
        while True:
            st["rerun"] = False
            st["depth"] += 1; st["maxd"] = max(st["maxd"], st["depth"])
            execute()
            st["depth"] -= 1
            if not (flatten and st["rerun"]): break
        st["staging"] = False
    def execute():
        st["left"] -= 1
        if st["left"]: stage()                 # completed() -> next chunk
    stage()
    assert st["left"] == 0
    return st["maxd"]

# ----------------------------------------------------------------------- main
def main():
    P = 4096
    print("1. splitting (P=4096)")
    v = vp_split(0, 0, 12 * P, 1 << 30, 5, P); print("  12 pages, 5 registers       :", v); assert len(v) == 3
    v = vp_split(0x10, 0, 12 * P, 1 << 30, 5, P); print("  same, buffer starts at +0x10:", v, "pages", [span_pages(0x10 + sum(v[:i]), n, P) for i, n in enumerate(v)])
    assert all(span_pages(0x10 + sum(v[:i]), n, P) <= 5 for i, n in enumerate(v)) and sum(v) == 12 * P
    v = vp_split(0xffc, 0, 10000, 4096, 2, P); print("  off 0xffc,len 10000,max 4096,2 regs:", v); assert sum(v) == 10000
    v = vp_split(0xfff, 0, 4098, 1 << 30, 1, P); print("  off 0xfff,len 4098, 1 reg   :", v); assert v == [1, 4096, 1]
    v = kmdf_split(12 * P, 1 << 30, 5, P); print("  KMDF, 12 pages, 5 registers :", [n // P for n in v], "pages"); assert v == [4 * P] * 3
    assert kmdf_fragment(65536, 17, P) == 65536 and kmdf_fragment(65536, 16, P) == 61440
    for _ in range(20000):
        bo, tot = random.randrange(P), random.randrange(1, 200000)
        ml, nr = random.randrange(1, 100000), random.randrange(1, 20)
        c = vp_split(bo, 0, tot, ml, nr, P)
        d = 0
        assert sum(c) == tot
        for n in c:
            assert n <= ml and span_pages(bo + d, n, P) <= nr; d += n
    print("  20000 random splits hold sum, MaximumLength and register bounds")
    print("2. elements")
    e = build_sg([7, 8, 3, 4, 5, 9], 0x100, 0, 5 * P, P); print("  pfns 7 8 3 4 5 9, off 0x100, 5 pages:", [(hex(a), hex(l)) for a, l in e]); assert len(e) == 3
    e = build_sg([7, 8, 3], 0xf00, 0x200, 0x100, P); print("  offset into 2nd page:", [(hex(a), hex(l)) for a, l in e]); assert e == [(8 * P + 0x100, 0x100)]
    e = build_sg([0xfffff, 0x100000], 0, 0, 2 * P, P, boundary=1 << 32); print("  4 GiB line:", [(hex(a), hex(l)) for a, l in e]); assert len(e) == 2
    e = build_packet(3, 0xE0000000, 0x100, 0, 5 * P, P); print("  packet through registers 3..8:", [(hex(a), hex(l)) for a, l in e]); assert len(e) == 1
    print("3. dmatest pattern"); r = dmatest_demo()
    for k, x in r.items(): print("  %-32s errors=%d %s" % (k, sum(x.values()), {a: b for a, b in x.items() if b}))
    assert sum(r["good"].values()) == 0
    for k in ("one byte short", "one byte long", "shift by 1", "shift by 32", "swap two 4-byte words", "source damaged"):
        assert sum(r[k].values()) > 0, k
    for k in ("swap two 32-byte bursts", "swap two 1024-byte elements", "second 1 KiB replaced by first"):
        assert sum(r[k].values()) == 0, k
    print("  P(len<=16) with a 16 KiB buffer: %.3f %%" % (100 * 16 / 16384))
    print("4. IRQL/DPC")
    log, done, seen = pre_return_demo(); print("  order:", log); print("  total", done, "; *pLength the first caller reads after return:", seen)
    assert done == 10000 and seen != 4096
    n, f = depth_demo(False), depth_demo(True); print("  completing in the callback, 50 chunks: depth naive %d, flattened %d" % (n, f)); assert n == 50 and f == 1
    print("all claims hold")
if __name__ == "__main__": main()
