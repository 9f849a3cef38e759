import Glibc

extension ArraySlice<UInt8> {
    /// The first index of a byte at or after `start`: as fast as the machine searches memory.
    public func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        let offset = start - startIndex
        return withUnsafeBufferPointer { bytes in
            guard offset < bytes.count, let base = bytes.baseAddress else { return nil }
            guard let found = memchr(base + offset, Int32(byte), bytes.count - offset) else { return nil }
            return startIndex + UnsafeRawPointer(base).distance(to: found)
        }
    }
}
