import CLinux

/// How freed memory gets back to the system.
///
/// The agent's large blocks are request and reply bodies, a few at a time, on every thread. glibc would learn from their first release
/// to keep them in its arenas, of which each thread may get its own, and the process would hold the largest that it ever had many times.
enum MemoryReturn {
    static func prepare() {
        linux_limit_heap(128 << 10, 2)
    }
}
