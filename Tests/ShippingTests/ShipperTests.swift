import Audit
import Foundation
import Synchronization
import Testing

@testable import Shipping

@Suite struct ShipperTests {
    /// A sink that loses its connection once, while there is nothing to ship.
    private final class Sink: RecordSink {
        final class Seen: Sendable {
            let notes = Mutex<[[String]]>([])
            /// Is called when there is nothing to ship on the second connection.
            let isIdle: @Sendable () -> Void

            init(_ isIdle: @escaping @Sendable () -> Void) { self.isIdle = isIdle }
        }

        let bounds = RecordBatch.Bounds(records: 1, bytes: 1)
        private let seen: Seen

        init(_ seen: Seen) { self.seen = seen }

        func open(from kept: SequenceNumber, in journal: JournalView) throws(SinkFailure) -> SequenceNumber {
            seen.notes.withLock { $0.append([]) }
            return kept
        }

        func deliver(_ batch: RecordBatch) throws(SinkFailure) -> RefusedRecords { RefusedRecords() }

        func deliver(checkpoint note: String) throws(SinkFailure) {
            seen.notes.withLock { $0[$0.count - 1].append(note) }
        }

        func idle() throws(SinkFailure) {
            if seen.notes.withLock({ $0.count }) == 1 { throw SinkFailure("the connection broke") }
            seen.isIdle()
        }

        func close() {}
    }

    /// Behind the address there may be another database by then, or one that was restored.
    @Test func `the newest checkpoint is passed on again after a connection was lost`() async throws {
        let directory = NSTemporaryDirectory() + "shipper-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try "a note\n".write(toFile: directory + "/checkpoint", atomically: true, encoding: .utf8)
        let (idle, told) = AsyncStream.makeStream(of: Void.self)
        let seen = Sink.Seen { told.yield() }
        let journal = JournalView(directory: directory, instance: "i") { SequenceNumber(0) }
        let shipper = Shipper(name: "s", isRequired: false, journal: journal, tell: { _ in }) { _ in Sink(seen) }
        #expect(shipper.start())
        for await _ in idle { break }
        await withCheckedContinuation { done in shipper.stop(within: .seconds(30)) { done.resume() } }
        #expect(seen.notes.withLock { $0 } == [["a note\n"], ["a note\n"]])
    }
}
