/// The credentials of a client: loads them when `CredentialRefresh` says so, once for all callers.
actor RefreshingCredentials {
    private let chain: CredentialChain
    private let now: @Sendable () -> Int64
    private var refresh = CredentialRefresh()
    private var running: Task<Result<Credentials, CredentialsError>, Never>?

    init(_ chain: CredentialChain, now: @escaping @Sendable () -> Int64) {
        self.chain = chain
        self.now = now
    }

    func current() async throws(CredentialsError) -> Credentials {
        switch refresh.request(now: now()) {
        case .use(let credentials):
            return credentials
        case .useAndLoad(let credentials):
            start()
            return credentials
        case .loadAndWait:
            return try await start().value.get()
        case .wait:
            // A load runs exactly as long as there is a task for it.
            guard let running else { return try await start().value.get() }
            return try await running.value.get()
        }
    }

    /// The service refused these; the next call loads others.
    func reject(_ credentials: Credentials) {
        refresh.rejected(credentials)
    }

    /// Its own task, because a load serves every caller: the one that happened to begin it may be cancelled.
    @discardableResult
    private func start() -> Task<Result<Credentials, CredentialsError>, Never> {
        let task = Task { await load() }
        running = task
        return task
    }

    private func load() async -> Result<Credentials, CredentialsError> {
        defer { running = nil }
        do throws(CredentialsError) {
            let credentials = try await chain.credentials()
            refresh.loaded(credentials, now: now(), jitter: .random(in: 0..<1))
            return .success(credentials)
        } catch {
            return refresh.failed(now: now()).map { .success($0) } ?? .failure(error)
        }
    }
}
