#define _GNU_SOURCE
#include "CLinux.h"
#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>

int linux_file_status_at(int descriptor, const char *path, struct linux_file_status *status) {
    struct statx info;
    int flags = path[0] == '\0' ? AT_EMPTY_PATH : 0;
    if (statx(descriptor, path, flags, STATX_BASIC_STATS | STATX_BTIME, &info) != 0) return -1;
    status->device = (uint64_t)info.stx_dev_major << 32 | info.stx_dev_minor;
    status->inode = info.stx_ino;
    status->size = info.stx_size;
    status->mode = info.stx_mode;
    status->birth = info.stx_mask & STATX_BTIME ? (uint64_t)info.stx_btime.tv_sec * 1000000000u + info.stx_btime.tv_nsec : 0;
    return 0;
}

ptrdiff_t linux_read_cached(int descriptor, void *buffer, size_t count) {
    struct iovec piece = {buffer, count};
    // -1: at the descriptor's own offset, which moves.
    return preadv2(descriptor, &piece, 1, -1, RWF_NOWAIT);
}

int linux_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

void linux_limit_heap(int mapped, int kept, int arenas) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, mapped);
    mallopt(M_TRIM_THRESHOLD, kept);
    mallopt(M_ARENA_MAX, arenas);
#endif
}
