/// The bytes are not in the expected format.
struct BinaryFault: Error {}

/// Writes small numbers in few bytes: zigzag and LEB128, seven bits a byte. A text is written at its first occurrence, and as a number
/// afterwards.
struct BinaryWriter {
    private(set) var bytes: [UInt8]
    private let base: Int64
    private var texts: [String: Int64] = [:]

    /// - Parameter base: the reference of all times.
    init(form: UInt8, base: Duration) {
        bytes = [form]
        self.base = base.storableMicroseconds
        number(self.base)
    }

    mutating func number(_ value: Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A number that is larger than what a reader takes is written as the largest one.
    mutating func number(_ value: Int, upTo most: Int) { number(Int64(min(value, most))) }

    mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }
    mutating func span(_ value: Duration) { number(max(0, value.storableMicroseconds)) }
    // Bounded: both are within ten thousand years.
    mutating func time(_ value: Duration) { number(value.storableMicroseconds - base) }

    mutating func optionalTime(_ value: Duration?) {
        flag(value != nil)
        if let value { time(value) }
    }

    mutating func text(_ value: String) {
        if let known = texts[value] { return number(known) }
        texts[value] = Int64(texts.count + 1)
        number(0)
        number(Int64(value.utf8.count))
        bytes += value.utf8
    }

    mutating func list<Element>(_ elements: [Element], _ write: (inout BinaryWriter, Element) -> Void) {
        number(Int64(elements.count))
        for element in elements { write(&self, element) }
    }
}

/// Reads the output of `BinaryWriter`; every length is checked before it is used.
struct BinaryReader {
    private let bytes: [UInt8]
    private var position = 1
    private var base: Int64 = 0
    private var texts: [String] = []

    /// What times are told from.
    var start: Duration { .microseconds(base) }

    /// Nil when the bytes have another format.
    init?(_ bytes: [UInt8], form: UInt8) {
        guard bytes.first == form else { return nil }
        self.bytes = bytes
        guard let base = try? number(), base.magnitude <= Duration.storable else { return nil }
        self.base = base
    }

    var isAtEnd: Bool { position == bytes.count }

    private mutating func byte() throws(BinaryFault) -> UInt8 {
        guard position < bytes.count else { throw BinaryFault() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func number() throws(BinaryFault) -> Int64 {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while true {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw BinaryFault() }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { break }
            shift += 7
        }
        return Int64(bitPattern: (value >> 1) ^ (0 &- (value & 1)))
    }

    /// A whole number from 0 up to a bound.
    mutating func size(upTo most: Int) throws(BinaryFault) -> Int {
        let value = try number()
        guard value >= 0, value <= Int64(most) else { throw BinaryFault() }
        return Int(value)
    }

    mutating func flag() throws(BinaryFault) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw BinaryFault()
        }
    }

    mutating func span() throws(BinaryFault) -> Duration { .microseconds(Int64(try size(upTo: Int(Duration.storable)))) }

    mutating func time() throws(BinaryFault) -> Duration {
        let (sum, overflow) = try number().addingReportingOverflow(base)
        guard !overflow, sum.magnitude <= Duration.storable else { throw BinaryFault() }
        return .microseconds(sum)
    }

    mutating func optionalTime() throws(BinaryFault) -> Duration? { try flag() ? try time() : nil }

    mutating func count(upTo most: Int) throws(BinaryFault) -> Int {
        let value = try size(upTo: most)
        guard value <= bytes.count else { throw BinaryFault() }
        return value
    }

    mutating func text() throws(BinaryFault) -> String {
        let index = try number()
        if index > 0 {
            guard index <= Int64(texts.count) else { throw BinaryFault() }
            return texts[Int(index) - 1]
        }
        let length = try count(upTo: 4_096)
        guard index == 0, bytes.count - position >= length, let text = String(validating: bytes[position..<(position + length)], as: UTF8.self)
        else { throw BinaryFault() }
        position += length
        texts.append(text)
        return text
    }
}

extension Duration {
    /// The microseconds of ten thousand years: more are invalid.
    fileprivate static let storable: UInt64 = 315_360_000_000_000_000

    /// Rounded towards zero, and clamped to what a reader takes.
    fileprivate var storableMicroseconds: Int64 {
        let most = Int64(Self.storable)
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow, product.magnitude <= Self.storable else { return seconds < 0 ? -most : most }
        // Bounded: less than a second more than the product.
        return Swift.min(most, Swift.max(-most, product + attoseconds / 1_000_000_000_000))
    }
}
