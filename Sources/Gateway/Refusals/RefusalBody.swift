import NIOCore

/// The JSON of a refusal: the members that the official SDKs parse (`error_code`, `error_msg`, `request_id`), then those of
/// RFC 9457. Written by hand because it is small and its order is part of what people read.
enum RefusalBody {
    /// A name, not an address (RFC 9457 section 3.1.1 allows it): the gateway has no site of its own to point to.
    static let typePrefix = "urn:hss-gateway:error:"

    static func encode(_ refusal: Refusal, requestID: String) -> ByteBuffer {
        var json = JSONText(capacity: 512)
        json.open()
        json.member("error_code", refusal.code.text)
        json.member("error_msg", refusal.messageWithWait)
        json.member("request_id", requestID)
        json.member("type", typePrefix + String(refusal.code.rawValue))
        json.member("title", refusal.code.title)
        json.member("status", refusal.code.status)
        if let rule = refusal.rule { json.member("rule", rule) }
        json.member("retryable", refusal.code.isRetryable)
        json.member("hint", refusal.hint)
        json.close()
        json.bytes.append(UInt8(ascii: "\n"))
        return ByteBuffer(bytes: json.bytes)
    }
}

extension Refusal {
    /// The SDKs show their users nothing of an answer but `error_msg`, so that the wait stands there as well.
    fileprivate var messageWithWait: String {
        guard let seconds = retryAfterSeconds else { return message }
        return "\(message) Try again in \(seconds) s."
    }
}

/// A flat JSON object written member by member.
struct JSONText {
    private(set) var isFirst = true
    var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func open() {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
    }

    mutating func close() {
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func member(_ name: String, _ value: Int) {
        key(name)
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    mutating func key(_ name: String) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// RFC 8259 section 7; control characters as `\u00XX`, everything else as it is.
    mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20, 0x7F:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(hexadecimal[Int(byte >> 4)])
                bytes.append(hexadecimal[Int(byte & 15)])
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

private let hexadecimal = Array("0123456789abcdef".utf8)
