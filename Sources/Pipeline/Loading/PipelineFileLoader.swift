import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Pipeline files from paths: files as they are, of folders every `*.yaml` and `*.yml` in the order of their names.
public enum PipelineFileLoader {
    /// What could be read, and why the rest could not. A path that is given twice is read once.
    public static func load(_ paths: [String]) -> (files: [PipelineFile], diagnostics: [Diagnostic]) {
        var files: [PipelineFile] = []
        var diagnostics: [Diagnostic] = []
        var seen: Set<String> = []
        for path in paths {
            do throws(FileReadingError) {
                for name in try expand(path) where seen.insert(name).inserted {
                    do throws(FileReadingError) {
                        files.append(PipelineFile(name: name, bytes: try read(name, limit: YAMLLimits().bytes)))
                    } catch {
                        diagnostics.append(unreadable(name, error))
                    }
                }
            } catch {
                diagnostics.append(unreadable(path, error))
            }
        }
        return (files, diagnostics)
    }

    private static func unreadable(_ path: String, _ error: FileReadingError) -> Diagnostic {
        Diagnostic("unreadable_file", "`\(path)` cannot be read: \(error.reason)", at: nil)
    }

    /// A file is itself; a folder is the pipeline files directly in it.
    private static func expand(_ path: String) throws(FileReadingError) -> [String] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else { return [path] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw FileReadingError("the folder cannot be listed")
        }
        // Names that begin with a dot are what editors leave behind.
        let files = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.sorted()
        guard !files.isEmpty else { throw FileReadingError("there is no *.yaml or *.yml in this folder") }
        return files.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }

    /// The bytes of a file of at most `limit` bytes.
    static func read(_ path: String, limit: Int) throws(FileReadingError) -> [UInt8] {
        guard let stream = fopen(path, "rb") else { throw FileReadingError(reason(errno)) }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                count = fread(buffer.baseAddress, 1, buffer.count, stream)
            }
            bytes += chunk
            if bytes.count > limit { throw FileReadingError("it is larger than \(limit >> 20) MiB") }
            if chunk.isEmpty { break }
        }
        guard ferror(stream) == 0 else { throw FileReadingError(reason(errno)) }
        return bytes
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "there is no such file"
        case EACCES: "permission denied"
        case EISDIR: "it is a folder"
        default: String(cString: strerror(code))
        }
    }
}

extension Interpolation {
    /// The environment and the files of this process. Files of secrets are at most 1 MiB.
    public static var system: Interpolation {
        let environment = ProcessInfo.processInfo.environment
        return Interpolation(
            variable: { environment[$0] },
            readFile: { path throws(FileReadingError) in
                guard let text = String(validating: try PipelineFileLoader.read(path, limit: 1 << 20), as: UTF8.self) else {
                    throw FileReadingError("it is not UTF-8")
                }
                return text
            })
    }
}

/// Compiles the files and folders of a command line; what cannot be read is among the diagnostics.
public func compilePipelines(paths: [String], catalogue: Catalogue, interpolation: Interpolation = .system) -> CompilationResult {
    let (files, unreadable) = PipelineFileLoader.load(paths)
    var result = compilePipelines(files: files, catalogue: catalogue, interpolation: interpolation)
    result.diagnostics = unreadable + result.diagnostics
    return result
}
