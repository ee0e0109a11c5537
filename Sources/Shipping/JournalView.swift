import Files
package import Audit
import Glibc

/// What a shipper may read of the journal: its directory, and how far it is durable. Records that a power failure could still
/// remove are not shipped: otherwise the copy would have records that the journal doesn't have.
package struct JournalView: Sendable {
    package let directory: String
    /// The gateway's name in its records.
    package let instance: String
    let durable: @Sendable () -> SequenceNumber

    package init(directory: String, instance: String, durable: @escaping @Sendable () -> SequenceNumber) {
        self.directory = directory
        self.instance = instance
        self.durable = durable
    }

    /// The line of one record; nil when no segment contains it any more.
    func line(of sequence: SequenceNumber) throws(SinkFailure) -> [UInt8]? {
        var reader = JournalReader(directory: directory, from: sequence)
        var found: [UInt8]?
        do throws(JournalError) {
            try reader.forEachRecord(before: sequence.advanced(by: 1)) { number, line in
                if number == sequence { found = Array(line) }
                return false
            }
        } catch {
            throw SinkFailure("the journal can't be read")
        }
        return found
    }

    /// The evidence about records that retention has removed; nil when none were.
    func removed() -> RemovedPrefix? {
        if case .prefix(let removed) = RemovedPrefix.load(directory) { removed } else { nil }
    }

    /// The newest signed checkpoint, whole; nil when there is none.
    func newestCheckpoint() -> String? {
        let descriptor = RegularFile.open("\(directory)/checkpoint", O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.checkpointBytes)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0, count < bytes.count else { return nil }
        return String(validating: bytes[..<count], as: UTF8.self)
    }

    /// A note has some hundred bytes and a few signatures.
    private static let checkpointBytes = 64 << 10
}
