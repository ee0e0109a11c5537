/// The field `traceparent`: which trace a request belongs to, which span it was sent from, and whether its sender has sampled it.
package struct TraceParent: Sendable, Hashable {
    /// 64 bits as hexadecimal digits in lower case.
    package enum HexadecimalWord {
        /// 16 digits.
        package static func text(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }

        /// At most 16 digits; upper case is refused.
        static func value(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
            var value: UInt64 = 0
            for digit in digits {
                switch digit {
                case 0x30...0x39: value = value << 4 | UInt64(digit - 0x30)
                case 0x61...0x66: value = value << 4 | UInt64(digit - 0x57)
                default: return nil
                }
            }
            return value
        }
    }

    /// Identifies a trace: 16 bytes, not all of them zero (W3C Trace Context, Level 1, section 3.2.2.3).
    package struct TraceID: Sendable, Hashable {
        package let high: UInt64
        package let low: UInt64

        /// 32 hexadecimal digits in lower case.
        package var text: String { HexadecimalWord.text(high) + HexadecimalWord.text(low) }

        package init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }

        package static func random() -> TraceID {
            // All zeros is no valid id; the probability is 1 in 2^128.
            TraceID(high: UInt64.random(in: 0...UInt64.max), low: UInt64.random(in: 1...UInt64.max))
        }
    }

    package let traceID: TraceID
    /// 8 bytes, not all of them zero.
    package let spanID: UInt64
    package let isSampled: Bool

    package init(traceID: TraceID, spanID: UInt64, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    private static let length = 55

    /// Reads a value of version 00, or the part of a later version that is the same; nil if it is invalid. Digits are in lower case.
    package init?(_ text: String) {
        var text = text
        let parsed: TraceParent? = text.withUTF8 { bytes in
            guard bytes.count >= Self.length, let version = HexadecimalWord.value(bytes[0..<2]), version != 0xFF else { return nil }
            // Version 00 ends here; later versions may continue after another hyphen.
            guard bytes.count == Self.length || version > 0 && bytes[Self.length] == UInt8(ascii: "-") else { return nil }
            guard [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }), let high = HexadecimalWord.value(bytes[3..<19]),
                let low = HexadecimalWord.value(bytes[19..<35]), let span = HexadecimalWord.value(bytes[36..<52]),
                let flags = HexadecimalWord.value(bytes[53..<55]), high | low != 0, span != 0
            else { return nil }
            return TraceParent(traceID: TraceID(high: high, low: low), spanID: span, isSampled: flags & 1 == 1)
        }
        guard let parsed else { return nil }
        self = parsed
    }

    /// In version 00, with only the flag that is defined there.
    package var text: String { "00-\(traceID.text)-\(HexadecimalWord.text(spanID))-\(isSampled ? "01" : "00")" }
}
