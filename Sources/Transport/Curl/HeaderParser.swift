// 1. libcurl hands over one line of a head at a time; this parser interprets the head by itself and never uses libcurl's result, so that the check of
//    the framing (RFC 9112 section 6.3) is strict with every version of libcurl.
// 2. An ambiguous head is refused, not repaired.
// 3. Everything an upstream sends as a head counts towards one limit: interim responses, the final head, trailers.

/// Reads the lines of a response's head.
struct HeaderParser {
    /// The result of reading a line.
    enum Step {
        /// Nothing to report yet, or nothing at all: interim responses and trailers.
        case proceed
        /// The final head is complete.
        case head(ResponseHead)
        case refuse(TransportError)
    }

    private enum Position {
        case statusLine
        case fields
        case afterHead
    }

    private enum Framing {
        case undeclared
        case length(Int)
        case chunked
    }

    /// Whether the request was a HEAD, whose answer has no body whatever it declares.
    private var isAnswerToHead = false
    private var position = Position.statusLine
    private var framing = Framing.undeclared
    private var version = ResponseHead.Version.http11
    private var status = 0
    private var fields = HeaderBlock()
    private var byteCount = 0

    /// Resets it for the head of another attempt.
    mutating func reset(isAnswerToHead: Bool) {
        self.isAnswerToHead = isAnswerToHead
        byteCount = 0
        position = .statusLine
        beginHead()
    }

    /// Takes one line with its line end.
    mutating func consume(_ line: UnsafeRawBufferPointer) -> Step {
        byteCount += line.count
        let limit = position != .statusLine && version == .http2 ? TransportLimits.streamHeadBytes : TransportLimits.responseHeadBytes
        guard byteCount <= limit else { return .refuse(.headersTooLarge) }
        let text = Self.withoutLineEnd(line)
        switch position {
        case .afterHead: return .proceed
        case .statusLine: return consumeStatusLine(text)
        case .fields: return text.isEmpty ? endHead() : consumeField(text, of: line)
        }
    }

    private mutating func beginHead() {
        framing = .undeclared
        fields.removeAll()
    }

    /// RFC 9112 section 4; for HTTP/2 libcurl passes `HTTP/2 200 ` instead.
    private mutating func consumeStatusLine(_ text: UnsafeRawBufferPointer) -> Step {
        guard let (version, rest) = Self.version(of: text), rest.count >= 3,
            let status = Self.number(UnsafeRawBufferPointer(rebasing: rest[..<3])), (100..<600).contains(status),
            rest.count == 3 || rest[3] == UInt8(ascii: " ")
        else { return .refuse(.protocolViolation(.statusLine)) }
        guard status != 101 else { return .refuse(.protocolViolation(.switchingProtocols)) }
        self.version = version
        self.status = status
        // The reason phrase is ignored.
        guard UnsafeRawBufferPointer(rebasing: rest.dropFirst(4)).isFieldValue else { return .refuse(.protocolViolation(.statusLine)) }
        position = .fields
        // A head of an API is a dozen fields in some 500 bytes: one allocation each, rather than one for every doubling.
        fields.reserve(bytes: 768, fields: 16)
        return .proceed
    }

    /// RFC 9112 section 5: `name:` with no space before the colon, no folding.
    private mutating func consumeField(_ text: UnsafeRawBufferPointer, of line: UnsafeRawBufferPointer) -> Step {
        guard fields.count < TransportLimits.responseFields else { return .refuse(.responseTooManyHeaders) }
        // A colon can't be part of a token, so the name ends where the token ends.
        let nameLength = text.tokenLength
        guard nameLength > 0, nameLength < text.count, text[nameLength] == UInt8(ascii: ":") else {
            return .refuse(.protocolViolation(.fieldLine))
        }
        let name = UnsafeRawBufferPointer(rebasing: text[..<nameLength])
        let value = UnsafeRawBufferPointer(rebasing: text[(nameLength + 1)...]).trimmingWhiteSpace()
        guard value.isFieldValue else { return .refuse(.protocolViolation(.fieldLine)) }
        guard declare(name, value) else { return .refuse(.protocolViolation(.framing)) }
        fields.append(name: name, value: value, line: line)
        return .proceed
    }

    /// Notes what a field says about framing; false if it contradicts an earlier field.
    private mutating func declare(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
        // The length is compared first: it rules out nearly every other field without reading the name.
        if name.count == 14, name.isNamed("content-length") {
            guard case .undeclared = framing, let length = Self.number(value) else { return false }
            framing = .length(length)
        } else if name.count == 17, name.isNamed("transfer-encoding") {
            guard case .undeclared = framing, version == .http11, value.isNamed("chunked") else { return false }
            framing = .chunked
        }
        return true
    }

    private mutating func endHead() -> Step {
        guard status >= 200 else {
            position = .statusLine
            beginHead()
            return .proceed
        }
        position = .afterHead
        let length: Int? = if case .length(let declared) = framing { declared } else { nil }
        // The head shares the block's memory. Retaining it beyond the transfer retains the memory, too.
        return .head(
            ResponseHead(
                status: status,
                fields: fields,
                version: version,
                framing: bodyFraming(),
                contentLength: length
            )
        )
    }

    private func bodyFraming() -> ResponseHead.Framing {
        if isAnswerToHead || status == 204 || status == 304 { return .none }
        switch framing {
        case .length(let declared): return .contentLength(declared)
        case .chunked: return .chunked
        case .undeclared: return version == .http2 ? .stream : .closeDelimited
        }
    }

    private static func version(of text: UnsafeRawBufferPointer) -> (ResponseHead.Version, rest: UnsafeRawBufferPointer)? {
        if let rest = text.dropping("HTTP/1.1 ") { return (.http11, rest) }
        if let rest = text.dropping("HTTP/2 ") { return (.http2, rest) }
        if let rest = text.dropping("HTTP/1.0 ") { return (.http10, rest) }
        return nil
    }

    /// Digits only; 18 of them always fit into an `Int`.
    private static func number(_ text: UnsafeRawBufferPointer) -> Int? {
        guard (1...18).contains(text.count) else { return nil }
        var value = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// A line may end in LF alone (RFC 9112 section 2.2).
    private static func withoutLineEnd(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var end = line.count
        if end > 0, line[end - 1] == UInt8(ascii: "\n") { end -= 1 }
        if end > 0, line[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: line[..<end])
    }
}

extension UnsafeRawBufferPointer {
    /// What follows a prefix; nothing when it isn't there.
    fileprivate func dropping(_ prefix: StaticString) -> UnsafeRawBufferPointer? {
        guard count >= prefix.utf8CodeUnitCount else { return nil }
        for index in 0..<prefix.utf8CodeUnitCount where self[index] != prefix.utf8Start[index] { return nil }
        return UnsafeRawBufferPointer(rebasing: self[prefix.utf8CodeUnitCount...])
    }
}
