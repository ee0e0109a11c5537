import Glibc
import NIOCore
import Transport

/// Finds the end of a head, line by line, as its bytes come; what is wrong with the shape of a line is said as soon as the line is there.
///
/// Positions count from the first byte that is not yet taken, so they stay right while more is appended.
struct HeadLines {
    private let limits: WireLimits
    /// Where the bytes end that were looked at.
    private var scanned = 0
    /// Where the line under way begins.
    private var lineStart = 0
    /// Where the request line begins, behind empty lines.
    private(set) var requestLineStart = 0
    /// Behind the request line's CRLF; 0 while it is not whole.
    private(set) var fieldsStart = 0
    private(set) var fieldCount = 0
    /// Behind the fields that were judged before the head was whole.
    private var judged = 0

    init(limits: WireLimits) {
        self.limits = limits
    }

    /// Whether a byte of a head has come. Empty lines before a request line are of no request (RFC 9112 section 2.2).
    var hasBegun: Bool { scanned > requestLineStart }

    /// How many bytes the head has, its empty line included; nil when it isn't whole.
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
                try judgeRequestLine(UnsafeRawBufferPointer(rebasing: bytes[lineStart..<newline - 1]))
                fieldsStart = scanned
            } else {
                requestLineStart = scanned
            }
            try judgeSize()
        }
        try judgeUnfinished(bytes)
        scanned = bytes.count
        try judgeSize()
        // What can't begin a request is not waited for: another protocol's greeting may have no line end.
        if fieldsStart == 0, lineStart < bytes.count, bytes[lineStart] != 0x0D, !bytes[lineStart].isTokenByte {
            throw WireFault.malformed
        }
        return nil
    }

    /// What can't become a head is not waited on: a field that is none, a control character, a carriage return without its line feed.
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

    private func judgeRequestLine(_ line: UnsafeRawBufferPointer) throws(Refusal) {
        _ = try HeadParser.requestLine(line)
    }

    private static func newline(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count, let found = memchr(base + start, 0x0A, bytes.count - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
