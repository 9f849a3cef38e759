import Records

extension Record {
    mutating func decode() {}
}
