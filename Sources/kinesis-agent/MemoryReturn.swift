import CLinux

/// How freed memory gets back to the system.
///
/// The agent's large blocks are bodies of requests and replies, a few at a time, on every thread. glibc would learn from their first release
/// to keep them in its arenas, of which each thread may get its own, and the process would hold the largest that it ever had many times.
/// Smaller ones (chunks of files, tapes, aggregates, and the body of one record of the largest size, which takes 2 MiB) come and go all the
/// time: mapped anew each time, half of the kernel's work for a record is to clear pages.
enum MemoryReturn {
    static func prepare() {
        linux_limit_heap(3 << 20, 8 << 20, 2)
    }
}
