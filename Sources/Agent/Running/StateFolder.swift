import Glibc
import Records

/// The folder in which an agent keeps what must survive it.
public enum StateFolder {
    /// `KINESIS_AGENT_STATE`, else the place that the XDG Base Directory Specification gives to state.
    public static func path(environment: [String: String]) -> String {
        if let path = environment["KINESIS_AGENT_STATE"], !path.isEmpty { return path }
        if let base = environment["XDG_STATE_HOME"], base.hasPrefix("/") { return "\(base)/kinesis-agent" }
        if let home = environment["HOME"], !home.isEmpty { return "\(home)/.local/state/kinesis-agent" }
        return "/var/lib/kinesis-agent"
    }

    /// Makes the folder, for its owner alone, and the folders inside it.
    static func prepare(_ path: String) throws(Failure) {
        var prefix = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            prefix += "\(part)/"
            // Folders above may be there without being ours to make.
            mkdir(prefix, 0o700)
        }
        mkdir("\(path)/checkpoints", 0o700)
        guard access(path, W_OK | X_OK) == 0 else {
            throw Failure(
                "state_folder_unusable", "cannot write to the state folder \(path): \(String(cString: strerror(errno)))",
                hint: "choose another with --state or KINESIS_AGENT_STATE")
        }
    }
}
