/// What a response carries.
enum ResponseBody: Sendable, Equatable {
    /// Bytes at hand.
    case bytes([UInt8])
    /// That many bytes of `BodyPattern`, made while they are sent.
    case pattern(byteCount: Int)

    /// The length in bytes.
    var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .pattern(let byteCount): byteCount
        }
    }
}
