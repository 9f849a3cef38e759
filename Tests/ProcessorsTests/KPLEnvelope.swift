import Crypto

/// The magic number and checksum around a message of one's own.
enum KPLEnvelope {
    static func wrap(_ message: [UInt8]) -> [UInt8] {
        [0xF3, 0x89, 0x9A, 0xC2] + message + Array(Insecure.MD5.hash(data: message))
    }
}
