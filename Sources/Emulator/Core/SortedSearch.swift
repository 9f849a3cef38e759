extension RandomAccessCollection {
    /// The first position whose element satisfies `isAtOrAfter`, which holds for none before it and all after it; `endIndex` without one.
    func firstPosition(where isAtOrAfter: (Element) -> Bool) -> Index {
        var low = startIndex
        var length = count
        while length > 0 {
            let half = length / 2
            let middle = index(low, offsetBy: half)
            if isAtOrAfter(self[middle]) {
                length = half
            } else {
                low = index(after: middle)
                length -= half + 1
            }
        }
        return low
    }
}
