extension Array where Element: Equatable {
    /// The first place of `part` at or after `start`.
    func firstRange(of part: [Element], from start: Int) -> Range<Int>? {
        let offset = withUnsafeBufferPointer { whole in
            part.withUnsafeBufferPointer { firstOffset(of: $0, in: UnsafeBufferPointer(rebasing: whole[start...])) }
        }
        return offset.map { start + $0..<start + $0 + part.count }
    }
}

/// Where `part` begins in `whole`, in linear time whatever they hold: texts come from records.
func firstOffset<Element: Equatable>(of part: UnsafeBufferPointer<Element>, in whole: UnsafeBufferPointer<Element>) -> Int? {
    guard let first = part.first else { return 0 }
    guard part.count <= whole.count else { return nil }
    guard part.count > shortPart else {
        return (0...(whole.count - part.count)).first { start in
            whole[start] == first && UnsafeBufferPointer(rebasing: whole[start..<start + part.count]).elementsEqual(part)
        }
    }
    let borders = borders(of: part)
    var matched = 0
    for index in whole.indices {
        while matched > 0, whole[index] != part[matched] { matched = borders[matched - 1] }
        if whole[index] == part[matched] { matched += 1 }
        if matched == part.count { return index + 1 - part.count }
    }
    return nil
}

/// Up to this length, comparing at every place costs less than a table.
private let shortPart = 16

/// For each beginning of `part`, how much of its own beginning it ends with (Knuth, Morris and Pratt's failure function).
private func borders<Element: Equatable>(of part: UnsafeBufferPointer<Element>) -> [Int] {
    var borders = [Int](repeating: 0, count: part.count)
    var length = 0
    for index in 1..<part.count {
        while length > 0, part[index] != part[length] { length = borders[length - 1] }
        if part[index] == part[length] { length += 1 }
        borders[index] = length
    }
    return borders
}
