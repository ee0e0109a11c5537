internal import Audit
internal import Codecs

/// The position where a page ended, so that the next one begins after it: opaque to clients, and valid however much the
/// journal grows.
package struct RecordCursor: Sendable, Hashable, CustomStringConvertible {
    /// The last record of the page: its number in the journal.
    package let sequence: UInt64
    /// The gateway that wrote it, and when (microseconds since 1970): only in the central copy.
    package let fleet: Fleet?

    /// A record's position among those of all gateways.
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

    /// Reads the text of `description`; nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.longest, let bytes = Base64.decode(text, .url), let place = String(validating: bytes, as: UTF8.self) else {
            return nil
        }
        let parts = place.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
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
        return Base64.encode("r1:\(sequence)\(place)".utf8, .url)
    }
}
