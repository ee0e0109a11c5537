import Glibc
package import NIOCore
package import NIOHTTP1
import Transport

/// Splits the bytes of one HTTP/1.1 connection (RFC 9112) into requests, one part per call.
///
/// Invariants:
/// 1. What it accepts has exactly one interpretation: lines end in CRLF only, a request line has single spaces, nothing is folded, repaired
///    or skipped except empty lines before a request. `WireJudge` determines how the body is framed, once, from the fields that it also
///    judges.
/// 2. After the first fault nothing more is taken from the connection.
/// 3. It buffers at most one head and the data of the last read: no line, extension or trailer grows without bound.
/// 4. Its work is linear in the number of bytes, however they are split into reads: bytes that were searched for the end of the head are not
///    searched for it again.
///
/// Our own rather than NIOHTTP1's llhttp, whose leniency (two spaces in a request line, chunk extensions of any length, chunk sizes near
/// 2^64) could only be judged from the bytes in front of it; and whose callbacks, boxes and handlers cost 12 thousand instructions a request,
/// four times as many as this one's. `RequestDecoderTests` compares it with llhttp.
package struct RequestDecoder {
    /// The parts of a request, in order: one head, any number of body pieces, one end.
    package enum Part {
        case head(HTTPRequestHead, InboundFields, Result<WireJudge.Framing, Refusal>)
        case body(ByteBuffer)
        case end
    }

    private enum State {
        case head
        /// The number of body bytes that are still to come.
        case body(Int)
        case chunks(ChunkedBody)
        /// The end of the last part has been read; it only has to be returned.
        case ending
        case failed
    }

    private let limits: WireLimits
    private var input = ByteBuffer()
    /// The length of the last head that was returned, bytes.
    package private(set) var headLength = 0
    private var state = State.head
    private var lines: HeadLines

    package init(limits: WireLimits) {
        self.limits = limits
        lines = HeadLines(limits: limits)
    }

    /// Whether there are bytes that are not part of a returned part yet.
    package var hasInput: Bool { input.readableBytes > 0 }

    /// The memory of input that waits for the rest of its part, or for its turn, bytes; 0 if it is small.
    package var largeInput: Int { input.readableBytes > WireLimits.smallHead ? input.storageCapacity : 0 }

    /// Whether a request has begun whose head is not complete.
    package var isInHead: Bool { if case .head = state { lines.hasBegun } else { false } }

    /// How many bytes the chunked body under way has at least; nil outside of one.
    package var announcedBytes: Int? { if case .chunks(let body) = state { body.announced } else { nil } }

    /// Appends data that was read from the connection.
    package mutating func feed(_ bytes: ByteBuffer) {
        if case .failed = state { return }
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.discardReadBytes()
            input.writeImmutableBuffer(bytes)
        }
    }

    /// The next complete part; nil when more bytes are needed, or after a fault.
    package mutating func next() throws(Refusal) -> Part? {
        do throws(Refusal) {
            let part = try take()
            // An idle connection has no input buffer.
            if input.readableBytes == 0 { input = ByteBuffer() }
            return part
        } catch {
            fail()
            throw error
        }
    }

    /// Takes nothing more from the connection, and keeps nothing.
    package mutating func fail() {
        state = .failed
        input = ByteBuffer()
    }

    private mutating func take() throws(Refusal) -> Part? {
        switch state {
        case .head:
            return try takeHead()
        case .body(let rest):
            guard let piece = input.readSlice(length: min(rest, input.readableBytes)), piece.readableBytes > 0 else { return nil }
            state = piece.readableBytes == rest ? .ending : .body(rest - piece.readableBytes)
            return .body(piece)
        case .chunks(var body):
            let piece = try body.take(from: &input)
            state = body.isComplete ? .ending : .chunks(body)
            if let piece { return .body(piece) }
            return body.isComplete ? try take() : nil
        case .ending:
            state = .head
            return .end
        case .failed:
            return nil
        }
    }

    private mutating func takeHead() throws(Refusal) -> Part? {
        guard let length = try lines.end(in: input) else { return nil }
        guard let bytes = input.readSlice(length: length) else { return nil }
        let head = try HeadParser.parse(bytes, lines: lines)
        headLength = length
        lines = HeadLines(limits: limits)
        let fields = InboundFields(head.headers)
        let framing = Result { () throws(Refusal) in try WireJudge.judge(head, fields) }
        switch framing {
        case .success(.none), .success(.length(0)): state = .ending
        case .success(.length(let length)): state = .body(length)
        case .success(.chunked): state = .chunks(ChunkedBody(limits: limits))
        case .failure: fail()
        }
        return .head(head, fields, framing)
    }
}

/// Finds the end of a head, line by line, as its bytes arrive; a malformed line is reported as soon as it is complete.
///
/// Positions count from the first byte that is not yet consumed, so they stay right while more is appended.
struct HeadLines {
    private let limits: WireLimits
    /// The end of the scanned bytes.
    private var scanned = 0
    /// The beginning of the current line.
    private var lineStart = 0
    /// The beginning of the request line, after empty lines.
    private(set) var requestLineStart = 0
    /// The position after the request line's CRLF; 0 while it is not complete.
    private(set) var fieldsStart = 0
    /// The parts of the request line, once it is complete.
    private(set) var requestLine: HeadParser.RequestLine?
    private(set) var fieldCount = 0
    /// The position after the fields that were judged before the head was complete.
    private var judged = 0

    init(limits: WireLimits) {
        self.limits = limits
    }

    /// Whether a byte of a head has arrived. Empty lines before a request line belong to no request (RFC 9112 section
    /// 2.2).
    var hasBegun: Bool { scanned > requestLineStart }

    /// The length of the head, including its empty line; nil when it isn't complete.
    mutating func end(in input: ByteBuffer) throws(Refusal) -> Int? {
        try input.withUnsafeReadableBytes { bytes throws(Refusal) in try end(in: bytes) }
    }

    private mutating func end(in bytes: UnsafeRawBufferPointer) throws(Refusal) -> Int? {
        while let newline = Self.newline(in: bytes, from: scanned) {
            scanned = newline + 1
            guard newline > lineStart, bytes[newline - 1] == 0x0D else { throw WireFault.malformed }
            let length = newline - 1 - lineStart
            defer { lineStart = scanned }
            if fieldsStart > 0 {
                if length == 0 { return scanned }
                fieldCount += 1
                guard fieldCount <= limits.fieldCount else { throw WireFault.headTooLarge }
            } else if length > 0 {
                requestLine = try HeadParser.requestLine(UnsafeRawBufferPointer(rebasing: bytes[lineStart..<newline - 1]))
                fieldsStart = scanned
            } else {
                requestLineStart = scanned
            }
            try judgeSize()
        }
        try judgeUnfinished(bytes)
        scanned = bytes.count
        try judgeSize()
        // Bytes that can't begin a request are refused at once: another protocol's greeting may have no line
        // end.
        if fieldsStart == 0, lineStart < bytes.count, bytes[lineStart] != 0x0D, !bytes[lineStart].isTokenByte {
            throw WireFault.malformed
        }
        return nil
    }

    /// Refuses at once what can't become a head: a field without a name, a control character, a carriage return without its line
    /// feed.
    private mutating func judgeUnfinished(_ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        judged = max(judged, fieldsStart)
        while fieldsStart > 0, judged < lineStart, let newline = Self.newline(in: bytes, from: judged) {
            _ = try HeadParser.field(UnsafeRawBufferPointer(rebasing: bytes[judged..<newline - 1]))
            judged = newline + 1
        }
        for index in max(lineStart, scanned - 1)..<bytes.count where bytes[index] < 0x20 && bytes[index] != 0x09 || bytes[index] == 0x7F {
            guard bytes[index] == 0x0D, index == bytes.count - 1 else { throw WireFault.malformed }
        }
    }

    /// Request line and fields have a bound each; empty lines count for the former.
    private func judgeSize() throws(Refusal) {
        let requestLine = fieldsStart == 0 ? scanned : fieldsStart
        guard requestLine <= limits.headerBlock, scanned - requestLine <= limits.headerBlock else { throw WireFault.headTooLarge }
    }

    private static func newline(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count, let found = memchr(base + start, 0x0A, bytes.count - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}

/// Parses the lines of a complete head (RFC 9112 sections 3 and 5).
enum HeadParser {
    /// The three parts of a request line, as ranges in it.
    struct RequestLine {
        let method: Range<Int>
        let target: Range<Int>
        let version: HTTPVersion
    }

    static func parse(_ head: ByteBuffer, lines: HeadLines) throws(Refusal) -> HTTPRequestHead {
        try head.withUnsafeReadableBytes { bytes throws(Refusal) in
            let line = UnsafeRawBufferPointer(rebasing: bytes[lines.requestLineStart..<lines.fieldsStart - 2])
            guard let parts = lines.requestLine else { throw WireFault.malformed }
            let method = try method(UnsafeRawBufferPointer(rebasing: line[parts.method]))
            let fields = try fields(UnsafeRawBufferPointer(rebasing: bytes[lines.fieldsStart..<bytes.count - 2]), count: lines.fieldCount)
            return HTTPRequestHead(
                version: parts.version, method: method, uri: String(decoding: line[parts.target], as: UTF8.self), headers: HTTPHeaders(fields)
            )
        }
    }

    /// `method SP request-target SP HTTP-version`, with one space each and no other control character or blank.
    static func requestLine(_ line: UnsafeRawBufferPointer) throws(Refusal) -> RequestLine {
        let versionBytes = "HTTP/1.1".utf8.count
        // A blank is not part of a token either.
        let space = line.tokenLength
        guard space > 0, line.count > space + 2 + versionBytes, line[space] == 0x20 else { throw WireFault.malformed }
        let targetEnd = line.count - versionBytes - 1
        guard line[targetEnd] == 0x20 else { throw WireFault.malformed }
        let target = UnsafeRawBufferPointer(rebasing: line[space + 1..<targetEnd])
        guard target.hasNoControlNorBlank else {
            // The usual mistake: a path or query that a client put together without encoding it.
            let isText = target.first == UInt8(ascii: "/") && target.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            throw isText ? WireFault.blankInTarget : WireFault.malformed
        }
        let version = try version(UnsafeRawBufferPointer(rebasing: line[(targetEnd + 1)...]))
        return RequestLine(method: 0..<space, target: space + 1..<targetEnd, version: version)
    }

    private static func version(_ text: UnsafeRawBufferPointer) throws(Refusal) -> HTTPVersion {
        let prefix: StaticString = "HTTP/"
        for index in 0..<prefix.utf8CodeUnitCount where text[index] != prefix.utf8Start[index] { throw WireFault.malformed }
        let (major, minor) = (text[5] &- 0x30, text[7] &- 0x30)
        guard major < 10, text[6] == UInt8(ascii: "."), minor < 10 else { throw WireFault.malformed }
        // An unsupported version is refused by `WireJudge`, with a sentence of its own.
        return HTTPVersion(major: Int(major), minor: Int(minor))
    }

    private static func method(_ text: UnsafeRawBufferPointer) throws(Refusal) -> HTTPMethod {
        if text.equals("GET") { return .GET }
        if text.equals("POST") { return .POST }
        if text.equals("PUT") { return .PUT }
        if text.equals("DELETE") { return .DELETE }
        if text.equals("HEAD") { return .HEAD }
        guard text.count <= WireLimits.longestMethod else { throw WireFault.unknownMethod }
        let method = HTTPMethod(rawValue: String(decoding: text, as: UTF8.self))
        // Methods are case-sensitive (RFC 9110 section 9.1), and unregistered ones are refused.
        if case .RAW = method { throw WireFault.unknownMethod }
        return method
    }

    private static func fields(_ bytes: UnsafeRawBufferPointer, count: Int) throws(Refusal) -> [(String, String)] {
        var fields: [(String, String)] = []
        fields.reserveCapacity(count)
        var start = 0
        while start < bytes.count {
            guard let base = bytes.baseAddress, let found = memchr(base + start, 0x0A, bytes.count - start) else { break }
            let end = UnsafeRawPointer(found) - base
            fields.append(try field(UnsafeRawBufferPointer(rebasing: bytes[start..<end - 1])))
            start = end + 1
        }
        return fields
    }

    /// `field-name ":" OWS field-value OWS`. A line that begins with a blank is a folded one (section 5.2) and has no name.
    static func field(_ line: UnsafeRawBufferPointer) throws(Refusal) -> (String, String) {
        // A colon is not part of a token, so the name ends where the token does.
        let nameLength = line.tokenLength
        guard nameLength > 0, nameLength < line.count, line[nameLength] == UInt8(ascii: ":") else { throw WireFault.malformed }
        let value = UnsafeRawBufferPointer(rebasing: line[(nameLength + 1)...]).trimmingWhiteSpace()
        guard value.isFieldValue else { throw WireFault.malformed }
        return (String(decoding: line[..<nameLength], as: UTF8.self), value.fieldText)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these are the literal's bytes, case included.
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && baseAddress.map { memcmp($0, text.utf8Start, count) == 0 } == true
    }
}
