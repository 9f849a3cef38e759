#pragma once
#include <stddef.h>
#include <stdint.h>

/// What statx(2) says of a file. Swift's Glibc module is built without _GNU_SOURCE and does not show the call.
struct linux_file_status {
    uint64_t device;
    uint64_t inode;
    uint64_t size;
    /// Nanoseconds since 1970; 0 where the file system keeps none.
    uint64_t birth;
    uint32_t mode;
};

/// The status of `path`, or of `descriptor` where `path` is empty. 0, or -1 with errno.
int linux_file_status_at(int descriptor, const char *path, struct linux_file_status *status);

/// As read(2), but only what can be had without waiting for a disk: -1 with EAGAIN where nothing can, and with EOPNOTSUPP where the file
/// system does not know (preadv2(2), RWF_NOWAIT).
ptrdiff_t linux_read_cached(int descriptor, void *buffer, size_t count);

/// A file without a path that is gone with its last descriptor, or -1 with errno (memfd_create(2)).
int linux_memory_file(const char *name);

/// Blocks of at least `mapped` bytes are mapped, and unmapped when freed; smaller ones come from at most `arenas` arenas, whose ends go
/// back to the system where they are longer than `kept` bytes (mallopt(3)).
void linux_limit_heap(int mapped, int kept, int arenas);
