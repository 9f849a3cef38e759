/// Waits until the condition holds. False when it never did within a deadline that a loaded machine does not miss.
public func eventually(within deadline: Duration = .seconds(180), _ condition: () async -> Bool) async -> Bool {
    let end = ContinuousClock.now + deadline
    while ContinuousClock.now < end {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return await condition()
}
