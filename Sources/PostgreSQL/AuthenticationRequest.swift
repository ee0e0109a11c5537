/// What a server without TLS asks of a client that logs in, read before libpq reads it: libpq answers whatever it is asked, and before its version 16
/// it can't be told which answers it may give.
enum AuthenticationRequest {
    enum Finding: Equatable {
        case harmless
        /// So many bytes are needed to tell.
        case unfinished(Int)
        /// The password itself.
        case clearText
        /// Something that would keep the thread busy for minutes.
        case endless
    }

    /// Where servers have a few thousand, and careful ones some hundred thousand.
    private static let mostRounds = 1_000_000
    /// libpq takes no longer one.
    private static let longest = 2_000

    /// - Parameter bytes: what the server has sent and libpq has not read yet.
    static func judge(_ bytes: [UInt8]) -> Finding {
        var rest = bytes[...]
        // Anything else is no request.
        while rest.first == UInt8(ascii: "R") {
            guard rest.count >= 9 else { return .unfinished(bytes.count - rest.count + 9) }
            let length = number(rest.dropFirst())
            guard (8...longest).contains(length) else { return .harmless }
            guard rest.count > length else { return .unfinished(bytes.count - rest.count + length + 1) }
            let content = rest.dropFirst(9).prefix(length - 8)
            switch number(rest.dropFirst(5)) {
            case 3: return .clearText
            case 11 where rounds(content) > mostRounds: return .endless
            default: rest = rest.dropFirst(length + 1)
            }
        }
        return .harmless
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) } }

    /// The `i=` of a message of SCRAM.
    private static func rounds(_ content: ArraySlice<UInt8>) -> Int {
        let attribute = content.split(separator: UInt8(ascii: ",")).last { $0.starts(with: "i=".utf8) }
        return attribute.map { Int(String(decoding: $0.dropFirst(2), as: UTF8.self)) ?? .max } ?? 0
    }
}
