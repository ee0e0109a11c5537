/// Why a stream or a connection is ended (RFC 9113 section 7).
enum HTTP2ErrorCode: UInt32 {
    case noError = 0
    case internalError = 2
    case cancel = 8
    case enhanceYourCalm = 11

    /// Codes with which the gateway itself resets streams. Every other one is the library's, for a fault of the caller.
    static func isOurs(_ code: UInt32) -> Bool {
        code == noError.rawValue || code == internalError.rawValue || code == cancel.rawValue
    }
}
