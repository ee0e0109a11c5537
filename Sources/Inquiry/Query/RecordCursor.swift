internal import Audit

/// Where a page ended, so that the next one begins behind it: opaque for whoever holds it, stable however much the journal grows.
package struct RecordCursor: Sendable, Hashable, CustomStringConvertible {
    /// The last record of the page: its number in the journal.
    package let sequence: UInt64
    /// The gateway that wrote it, and when (microseconds since 1970): only where the journals of several gateways lie together.
    package let fleet: Fleet?

    /// A record's place among those of all gateways.
    package struct Fleet: Sendable, Hashable {
        package let instance: String
        package let microseconds: Int64

        package init(instance: String, microseconds: Int64) {
            self.instance = instance
            self.microseconds = microseconds
        }
    }

    package init(sequence: UInt64, fleet: Fleet? = nil) {
        self.sequence = sequence
        self.fleet = fleet
    }

    /// Longest text that is read, bytes: an instance's name is a host's name.
    private static let longest = 1_024

    /// Reads what `description` gave; nothing for anything else.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.longest, let bytes = Base64URL.decode(text) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0] == "r1", let sequence = UInt64(parts[1]), sequence <= SequenceNumber.maximum.value else { return nil }
        self.sequence = sequence
        switch parts.count {
        case 2: fleet = nil
        case 4:
            guard let microseconds = Int64(parts[2]) else { return nil }
            fleet = Fleet(instance: String(parts[3]), microseconds: microseconds)
        default: return nil
        }
    }

    package var description: String {
        let place = fleet.map { ":\($0.microseconds):\($0.instance)" } ?? ""
        return Base64URL.encode(Array("r1:\(sequence)\(place)".utf8))
    }
}

/// Base64 in the form that needs no escaping in a URL (RFC 4648 section 5), without padding.
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << (8 * (3 - UInt32(group.count)))
            for digit in 0...group.count { text.append(alphabet[Int(bits >> (18 - 6 * UInt32(digit)) & 63)]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text.utf8 {
            guard let digit = alphabet.firstIndex(of: character) else { return nil }
            bits = bits << 6 | UInt32(digit)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
