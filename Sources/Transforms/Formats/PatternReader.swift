import OrderedCollections
import Patterns
import Records

extension Pattern {
    /// The texts of the named groups that took part in the first match; nil where there is none.
    func fields(of text: String) -> ValueMap? {
        guard let groups = groups(of: text) else { return nil }
        var fields: ValueMap = [:]
        for (name, group) in zip(groupNames, groups.dropFirst()) {
            if let name, let group { fields[name] = .string(group) }
        }
        return fields
    }

    /// The text of the first match and of each of its groups; nil where there is none.
    func groups(of text: String) -> [String?]? {
        var text = text
        return text.withUTF8 { bytes in
            firstMatch(in: bytes)?.map { range in
                range.map { String(decoding: UnsafeBufferPointer(rebasing: bytes[$0]), as: UTF8.self) }
            }
        }
    }

    /// A pattern that is part of the program.
    convenience init(known source: String) {
        do {
            try self.init(source)
        } catch {
            preconditionFailure("\(source): \(error)")
        }
    }
}
