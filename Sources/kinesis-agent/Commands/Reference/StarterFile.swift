import Glibc
import Records

/// What `init` writes: a small pipeline that runs at once, and says where to go from there.
enum StarterFile {
    static let text = """
        # Reads orders from standard input, and writes those that are paid to standard output.
        #
        #   kinesis-agent check pipeline.yaml      finds what is wrong with this file
        #   kinesis-agent test pipeline.yaml       runs the tests at its end
        #   kinesis-agent explain pipeline.yaml    says what it will do, and what it promises
        #   kinesis-agent list                     shows everything that can stand here
        pipeline: orders                # names its positions; keep it when you rename the file

        sources:
          orders:
            stdin: {}                   # JSON, a line each
            # kinesis: {stream: orders, iterator_type: TRIM_HORIZON}
            # file: {include: [/var/log/orders/*.jsonl], processor: json_lines}

        transforms:
          paid:
            steps:
              - filter: record.status == "paid"
              - set: {total: record.net + record.vat}
              - remove: [debug]

        sinks:
          out:
            stdout: {}
            # kinesis: {stream: orders-paid, partition_key: record.customer_id}
            # file: {path: archive/%Y-%m-%d.jsonl}

        # What cannot be decoded or processed goes here; without it, the pipeline stops there.
        dead_letter:
          file: {path: dead/orders.jsonl}

        # aws: {region: eu-west-1}      # credentials come from where the AWS SDKs find them
        # checkpoints: {redis: {url: '${REDIS_URL}'}}    # for agents on several machines; the default is a file

        tests:
          - name: only paid orders go on, with their total
            send:
              orders:
                - {status: paid, net: 10.0, vat: 2.0, debug: true}
                - {status: open, net: 1.0, vat: 0.2}
            expect:
              out:
                - {status: paid, total: 12.0}

        """

    /// Throws where the file is there already, or cannot be made.
    static func write(to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw Failure("file_exists", "`\(path)` is there already", hint: "name another file: `kinesis-agent init other.yaml`")
            }
            throw Failure("unwritable_file", "`\(path)` cannot be written: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure("unwritable_file", "`\(path)` cannot be written: \(String(cString: strerror(errno)))") }
            bytes = bytes.dropFirst(count)
        }
    }
}
