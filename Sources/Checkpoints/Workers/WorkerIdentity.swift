/// Who a worker is, as the token that it writes into the leases it owns: `host:boot:namespace:pid:start:random`.
///
/// The first five parts find the process again on the machine it ran on; the last tells two workers of one process apart and
/// makes every start a new worker, so that nobody takes a dead predecessor's lease for its own.
public struct WorkerIdentity: Sendable, Hashable {
    /// The host's name; characters outside of `A-Za-z0-9.-` are `_`.
    let host: String
    /// The kernel's boot id (proc(5), `/proc/sys/kernel/random/boot_id`).
    let boot: String
    /// The inode number of the pid namespace (pid_namespaces(7)): a pid means nothing outside of it.
    let namespace: String
    let pid: Int32
    /// When the process started, in clock ticks after boot (proc(5), `/proc/pid/stat`, field 22): pids are used again.
    let start: UInt64
    var random: String

    /// A new identity for this process: one printable word, another one at every call.
    public static func current() -> String {
        var identity = LocalProcess.identity
        identity.random = String(UInt64.random(in: .min ... .max), radix: 36)
        return identity.text
    }
}

extension WorkerIdentity {
    var text: String {
        "\(host):\(boot):\(namespace):\(pid):\(start):\(random)"
    }

    /// Nil for a worker that was named in another way.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts.allSatisfy({ !$0.isEmpty }), let pid = Int32(parts[3]), pid > 0, let start = UInt64(parts[4]) else {
            return nil
        }
        self.init(
            host: String(parts[0]), boot: String(parts[1]), namespace: String(parts[2]), pid: pid, start: start, random: String(parts[5]))
    }

    /// Whether the process lived on this machine, in this boot and pid namespace, and is no more.
    ///
    /// False whenever that cannot be known: another machine's worker is only ever gone when its lease has run out.
    static func isGone(_ worker: String, seenFrom here: WorkerIdentity, isAlive: (_ pid: Int32, _ start: UInt64) -> Bool) -> Bool {
        guard here.isTraceable, let identity = WorkerIdentity(worker), identity.isNeighbour(of: here) else { return false }
        return !isAlive(identity.pid, identity.start)
    }

    /// Systems without procfs give neither boot nor namespace.
    private var isTraceable: Bool { boot != Self.unknown && namespace != Self.unknown }

    private func isNeighbour(of other: WorkerIdentity) -> Bool {
        (host, boot, namespace) == (other.host, other.boot, other.namespace)
    }

    /// Stands for a part that the system does not tell.
    static let unknown = "-"
}
