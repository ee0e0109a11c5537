import NIOHTTP1
import Transport

/// The fields of one head, or of the trailers behind a body, taken from the decoder one by one (RFC 9113 section 8).
struct StreamFields {
    private(set) var pseudo = PseudoFields()
    private(set) var headers = HTTPHeaders()
    private(set) var count = 0
    /// Bytes of the pseudo-header fields' values, and of all others as HTTP/1.1 writes them.
    private(set) var (requestLine, size) = (0, 0)
    /// Bytes as SETTINGS_MAX_HEADER_LIST_SIZE counts them (section 6.5.2).
    private(set) var listSize = 0
    /// Whether a name or a value is invalid, or a pseudo-header field is unknown, repeated or behind regular fields.
    private(set) var isMalformed = false
    private(set) var hasPseudo = false
    private var hasFields = false
    /// Whether fields are judged and counted, and not kept: trailers, and a head that is refused for its size.
    private(set) var areDropped = false

    init() {
        headers.reserveCapacity(16)
    }

    /// What the fields need in memory.
    var weight: Int { areDropped ? 0 : requestLine + size }

    /// Keeps none of them, nor any that follow. The method stays for the record, if it may be one.
    mutating func drop() {
        areDropped = true
        headers = HTTPHeaders()
        pseudo.drop()
    }

    /// The bytes that a field has in HTTP/1.1 besides name and value, so that the same head has the same size: `: ` and
    /// CRLF.
    private static let fieldMarks = 4
    private static let listMarks = 32

    mutating func take(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        // Bounded, all of them: the connection stops at a `listSize` (`largestHead`), and each field is in memory.
        count += 1
        listSize += name.count + value.count + Self.listMarks
        if name.first == UInt8(ascii: ":") {
            hasPseudo = true
            requestLine += value.count
            if hasFields || !areDropped && !pseudo.take(name, value.fieldText) { isMalformed = true }
        } else {
            hasFields = true
            size += name.count + value.count + Self.fieldMarks
            // An invalid name is not kept either: the library ends the process for one that isn't ASCII.
            if Self.isMalformed(name, value) {
                isMalformed = true
            } else if !areDropped {
                headers.add(name: String(decoding: name, as: UTF8.self), value: value.fieldText)
            }
        }
    }

    /// Whether the fields are allowed after a body (section 8.1): no pseudo-header field is among them. Their content is
    /// dropped.
    var areTrailers: Bool { !isMalformed && !hasPseudo }

    private static func isMalformed(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
        guard !name.isEmpty, name.allSatisfy({ $0.isTokenByte && !($0 &- 0x41 < 26) }) else { return true }
        // Section 8.2.1: no NUL, CR or LF anywhere, no blank at either end.
        if let first = value.first, let last = value.last, isBlank(first) || isBlank(last) { return true }
        switch name.count {
        case 2: return name.isField("te") && !value.isField("trailers")
        case 7: return name.isField("upgrade")
        case 10: return name.isField("connection") || name.isField("keep-alive")
        case 16: return name.isField("proxy-connection")
        case 17: return name.isField("transfer-encoding")
        default: return false
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

/// The pseudo-header fields of a request (RFC 9113 section 8.3.1).
struct PseudoFields {
    private(set) var method: String?
    private(set) var scheme: String?
    private(set) var authority: String?
    private(set) var path: String?

    /// False for one that is unknown or repeated.
    mutating func take(_ name: UnsafeRawBufferPointer, _ value: String) -> Bool {
        // Names with capitals are none.
        switch String(decoding: name, as: UTF8.self) {
        case ":method" where method == nil: method = value
        case ":scheme" where scheme == nil: scheme = value
        case ":authority" where authority == nil: authority = value
        case ":path" where path == nil: path = value
        default: return false
        }
        return true
    }

    mutating func drop() {
        (scheme, authority, path) = (nil, nil, nil)
        if let method, method.utf8.count > WireLimits.longestMethod { self.method = nil }
    }

    /// Whether one that every request needs is missing, or has an invalid value.
    var isIncomplete: Bool {
        guard let method, !method.isEmpty, method.utf8.allSatisfy(\.isTokenByte), method != "CONNECT",
            let scheme, scheme == "http" || scheme == "https",
            let path, path.utf8.first == UInt8(ascii: "/")
        else { return true }
        return false
    }
}
