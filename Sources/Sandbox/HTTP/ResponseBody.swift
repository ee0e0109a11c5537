/// The content of a response.
enum ResponseBody: Sendable, Equatable {
    /// Bytes in memory.
    case bytes([UInt8])
    /// That many bytes of `BodyPattern`, generated while they are sent.
    case pattern(byteCount: Int)

    /// The length in bytes.
    var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .pattern(let byteCount): byteCount
        }
    }
}
