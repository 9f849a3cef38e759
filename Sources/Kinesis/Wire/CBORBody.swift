import NIOCore
import Records
import Wire

/// A body in CBOR, as AWS's SDKs write it: maps and lists of indefinite length, blobs as bytes.
struct CBORBody: BodyWriter {
    private var buffer: ByteBuffer
    private var hash = BodyHash()
    /// The head of an item while it is written.
    private var head: [UInt8] = []

    init(capacity: Int = 256) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.writeInteger(CBORWriter.openMap)
    }

    mutating func field(_ name: StaticString, _ value: String) {
        key(name)
        writeHead { CBORWriter.textHead(count: value.utf8.count, into: &$0) }
        buffer.writeString(value)
    }

    mutating func field(_ name: StaticString, _ value: Int) {
        key(name)
        writeHead { CBORWriter.integer(Int64(value), into: &$0) }
    }

    mutating func field(_ name: StaticString, blob: RecordData) {
        key(name)
        writeHead { CBORWriter.bytesHead(count: blob.count, into: &$0) }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: blob.count) { output in
            blob.copy(to: output)
            return blob.count
        }
    }

    mutating func list<Element>(_ name: StaticString, of elements: [Element], _ fields: (inout CBORBody, Element) -> Void) {
        key(name)
        buffer.writeInteger(CBORWriter.openList)
        for element in elements {
            buffer.writeInteger(CBORWriter.openMap)
            fields(&self, element)
            buffer.writeInteger(CBORWriter.close)
            hash.follow(buffer)
        }
        buffer.writeInteger(CBORWriter.close)
    }

    mutating func finished() -> HashedBody {
        buffer.writeInteger(CBORWriter.close)
        return hash.finished(buffer)
    }

    private mutating func key(_ name: StaticString) {
        writeHead { CBORWriter.textHead(count: name.utf8CodeUnitCount, into: &$0) }
        buffer.writeStaticString(name)
    }

    private mutating func writeHead(_ write: (inout [UInt8]) -> Void) {
        head.removeAll(keepingCapacity: true)
        write(&head)
        buffer.writeBytes(head)
    }
}
