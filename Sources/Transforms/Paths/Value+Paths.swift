import OrderedCollections
import Records

extension Value {
    /// Puts `value` at the path and creates the maps on its way. `obstacle(on:)` has to be nil.
    mutating func set(_ names: ArraySlice<String>, to value: Value) {
        guard let name = names.first else {
            self = value
            return
        }
        guard case .map(var map) = self else { preconditionFailure("a field is set inside of something that is no map") }
        // Gives up this reference to the map, so that it is changed in place.
        self = .null
        if names.count == 1 {
            map[name] = value
        } else {
            map[name, default: .map([:])].set(names.dropFirst(), to: value)
        }
        self = .map(map)
    }

    /// Takes out what is at the path; nil where there is nothing.
    mutating func remove(_ names: ArraySlice<String>) -> Value? {
        guard let name = names.first, case .map(var map) = self, let index = map.index(forKey: name) else { return nil }
        self = .null
        defer { self = .map(map) }
        return names.count == 1 ? map.remove(at: index).value : map.values[index].remove(names.dropFirst())
    }

    func has(_ path: FieldPath) -> Bool { self[path] != nil }

    /// What is at the path; nil where there is nothing.
    subscript(path: FieldPath) -> Value? {
        var current = self
        for name in path.names {
            guard case .map(let map) = current, let next = map[name] else { return nil }
            current = next
        }
        return current
    }

    /// Changes what is at the path, in place; nothing where there is nothing.
    mutating func update(_ names: ArraySlice<String>, _ change: (inout Value) -> Void) {
        guard let name = names.first else { return change(&self) }
        guard case .map(var map) = self, let index = map.index(forKey: name) else { return }
        self = .null
        map.values[index].update(names.dropFirst(), change)
        self = .map(map)
    }

    /// The first thing on the way to the path that is no map, once the `removed` fields are gone; nil where the path can be set.
    func obstacle(on path: FieldPath, without removed: [FieldPath] = []) -> (depth: Int, type: String)? {
        var current = self
        for (depth, name) in path.names.enumerated() {
            if depth > 0, removed.contains(where: { $0.names.elementsEqual(path.names[..<depth]) }) { return nil }
            guard case .map(let map) = current else { return (depth, current.typeName) }
            guard let next = map[name] else { return nil }
            current = next
        }
        return nil
    }
}
