/// Parts of timestamps and durations.
enum TimeFunctions {
    static let all: [Function] = []
}
