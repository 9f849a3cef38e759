import Glibc

/// How freed memory gets back to the system.
///
/// The agent's large blocks are request and reply bodies, a few at a time, on every thread. glibc would learn from their first release
/// to keep them in its arenas, of which each thread may get its own, and the process would hold the largest that it ever had many times.
enum MemoryReturn {
    static func prepare() {
        // A fixed threshold: blocks from here on are mapped, and unmapped when freed (mallopt(3), M_MMAP_THRESHOLD).
        mallopt(M_MMAP_THRESHOLD, 128 << 10)
        mallopt(M_ARENA_MAX, 2)
    }
}
