import NIOCore

/// Decodes a chunked body (RFC 9112 section 7.1): sizes, data, trailers, however the bytes are split into reads.
///
/// Trailers are judged like fields and dropped; none is ever forwarded. Extensions are dropped too; all extensions and trailers of a body
/// together have a bound.
struct ChunkedBody {
    private enum State {
        /// In a size line, or in the trailers when `isLast`.
        case line(isLast: Bool)
        case data(Int)
        case endOfData
        case complete
    }

    private let limits: WireLimits
    private var state = State.line(isLast: false)
    /// How many bytes of the current line were scanned.
    private var scanned = 0
    /// Bytes of extensions and trailers so far.
    private var extra = 0
    private var trailers = 0
    /// Bytes of data that have arrived or were announced by a chunk's size.
    private var begun = 0
    /// What the digits of an unfinished size line amount to so far. Further digits can only make it more.
    private var beginning = 0

    /// Bytes of data that the body has at least.
    var announced: Int {
        let (sum, overflow) = begun.addingReportingOverflow(beginning)
        return overflow ? .max : sum
    }

    /// Digits of a chunk's size: more than any body may have, and far from an overflow.
    private static let mostDigits = 15
    /// Bytes of one line with a chunk's size.
    private static let longestSizeLine = 1 << 10

    init(limits: WireLimits) {
        self.limits = limits
    }

    var isComplete: Bool { if case .complete = state { true } else { false } }

    /// The next piece of data; nil when more bytes are needed or the body is complete.
    mutating func take(from input: inout ByteBuffer) throws(Refusal) -> ByteBuffer? {
        while true {
            switch state {
            case .line(let isLast):
                guard let line = try line(from: &input) else { return nil }
                if isLast { try endTrailer(line) } else { try beginChunk(line) }
            case .data(let rest):
                guard let piece = input.readSlice(length: min(rest, input.readableBytes)), piece.readableBytes > 0 else { return nil }
                state = piece.readableBytes == rest ? .endOfData : .data(rest - piece.readableBytes)
                return piece
            case .endOfData:
                guard let end = input.readBytes(length: 2) else { return nil }
                guard end[0] == 0x0D, end[1] == 0x0A else { throw WireFault.badChunk }
                state = .line(isLast: false)
            case .complete:
                return nil
            }
        }
    }

    /// The next line, without its CRLF.
    private mutating func line(from input: inout ByteBuffer) throws(Refusal) -> ByteBuffer? {
        let limit = if case .line(isLast: true) = state { limits.headerBlock } else { Self.longestSizeLine }
        let view = input.readableBytesView
        guard let newline = view[view.index(view.startIndex, offsetBy: scanned)...].firstIndex(of: 0x0A) else {
            // Don't wait for more bytes if a carriage return isn't followed by its line feed.
            let unseen = view[view.index(view.startIndex, offsetBy: max(0, scanned - 1))...]
            if let carriage = unseen.firstIndex(of: 0x0D), carriage + 1 < view.endIndex { throw WireFault.badChunk }
            scanned = view.count
            guard scanned <= limit else { throw WireFault.badChunk }
            if case .line(isLast: false) = state { beginning = try Self.size(view).value }
            return nil
        }
        let length = newline - view.startIndex
        guard length > 0, length <= limit, view[newline - 1] == 0x0D else { throw WireFault.badChunk }
        scanned = 0
        let line = input.readSlice(length: length - 1)
        input.moveReaderIndex(forwardBy: 2)
        return line
    }

    /// `chunk-size [ chunk-ext ]`, where an extension begins with `;`.
    private mutating func beginChunk(_ line: ByteBuffer) throws(Refusal) {
        let (size, digits) = try Self.size(line.readableBytesView)
        let extensions = line.readableBytesView.dropFirst(digits)
        guard digits > 0, extensions.isEmpty || extensions.first == UInt8(ascii: ";"), extensions.allSatisfy(Self.isExtensionByte) else {
            throw WireFault.badChunk
        }
        try count(extensions.count)
        beginning = 0
        let (sum, overflow) = begun.addingReportingOverflow(size)
        begun = overflow ? .max : sum
        state = size == 0 ? .line(isLast: true) : .data(size)
    }

    /// The number at the beginning of a size line, and how many digits it has.
    private static func size(_ line: ByteBufferView) throws(Refusal) -> (value: Int, digits: Int) {
        var (size, digits) = (0, 0)
        for byte in line {
            guard let digit = value(of: byte) else { break }
            digits += 1
            guard digits <= mostDigits else { throw WireFault.badChunk }
            size = size << 4 | digit
        }
        return (size, digits)
    }

    private mutating func endTrailer(_ line: ByteBuffer) throws(Refusal) {
        guard line.readableBytes > 0 else {
            state = .complete
            return
        }
        trailers += 1
        guard trailers <= limits.fieldCount else { throw WireFault.headTooLarge }
        try count(line.readableBytes)
        _ = try line.withUnsafeReadableBytes { bytes throws(Refusal) in try HeadParser.field(bytes) }
    }

    private mutating func count(_ bytes: Int) throws(Refusal) {
        extra += bytes
        guard extra <= limits.headerBlock else { throw WireFault.badChunk }
    }

    private static func isExtensionByte(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    private static func value(of byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
