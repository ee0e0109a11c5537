import Glibc
import NIOCore
import NIOHTTP1
import Transport

/// Reads the lines of a whole head (RFC 9112 sections 3 and 5).
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
            let parts = try requestLine(line)
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
        // A blank is no token's byte either.
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
        // A version that isn't spoken is refused by the judge, in words of its own.
        return HTTPVersion(major: Int(major), minor: Int(minor))
    }

    private static func method(_ text: UnsafeRawBufferPointer) throws(Refusal) -> HTTPMethod {
        if text.equals("GET") { return .GET }
        if text.equals("POST") { return .POST }
        if text.equals("PUT") { return .PUT }
        if text.equals("DELETE") { return .DELETE }
        if text.equals("HEAD") { return .HEAD }
        guard text.count <= longestMethod else { throw WireFault.unknownMethod }
        let method = HTTPMethod(rawValue: String(decoding: text, as: UTF8.self))
        // Methods are case-sensitive (RFC 9110 section 9.1), and those that nobody registered aren't guessed at.
        if case .RAW = method { throw WireFault.unknownMethod }
        return method
    }

    /// No registered method is longer.
    private static let longestMethod = 32

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

    /// `field-name ":" OWS field-value OWS`. A line that begins with a blank would be folded (section 5.2) and has no name.
    static func field(_ line: UnsafeRawBufferPointer) throws(Refusal) -> (String, String) {
        // A colon is no token's byte, so that the name ends where the token does.
        let nameLength = line.tokenLength
        guard nameLength > 0, nameLength < line.count, line[nameLength] == UInt8(ascii: ":") else { throw WireFault.malformed }
        let value = UnsafeRawBufferPointer(rebasing: line[(nameLength + 1)...]).trimmingWhiteSpace()
        guard value.isFieldValue else { throw WireFault.malformed }
        return (String(decoding: line[..<nameLength], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these are the literal's bytes, case included.
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && baseAddress.map { memcmp($0, text.utf8Start, count) == 0 } == true
    }
}
