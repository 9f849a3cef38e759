import Records

/// A hash that is the same in every process and version (FNV-1a, 64 bits, with SplitMix64's finalizer): what it decides stays decided.
struct StableHash {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        // What ends here cannot run into what comes next.
        state = (state ^ 0xFF) &* 0x0000_0100_0000_01B3
    }

    var value: UInt64 {
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Record {
    /// The same whenever the same record is read again, and most likely no other's: from its place in the source, else from its bytes.
    var identity: UInt64 {
        var hash = StableHash()
        hash.combine(origin.place.source.utf8)
        if let sequence = origin.sequence {
            hash.combine((origin.place.stream ?? "").utf8)
            hash.combine((origin.place.shard ?? "").utf8)
            hash.combine(sequence.utf8)
        } else if let offset = origin.offset {
            hash.combine((origin.place.file ?? "").utf8)
            hash.combine(String(offset).utf8)
        } else {
            hash.combine(origin.raw)
        }
        hash.combine(String(origin.subSequence).utf8)
        return hash.value
    }
}
