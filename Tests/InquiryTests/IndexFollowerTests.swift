import Audit
import Foundation
import Synchronization
import Testing

@testable import Inquiry

@Suite struct IndexFollowerTests {
    /// So long that only a hang reaches it.
    private static let patience = Duration.seconds(60)

    private static func eventually(_ look: () -> Bool) -> Bool {
        let end = ContinuousClock.now + patience
        while !look() {
            if ContinuousClock.now > end { return false }
            usleep(5_000)
        }
        return true
    }

    @Test func `keeps the index up to date while the journal grows, and makes a deleted one anew`() throws {
        let journal = try JournalFixture()
        let end = Mutex<UInt64>(0)
        try journal.write((0..<50).map { journal.record($0) })
        end.withLock { $0 = 50 }
        let follower = IndexFollower(directory: journal.path) { end.withLock { $0 } }
        follower.start()
        #expect(Self.eventually { follower.progress.indexed >= 50 })
        try journal.write((50..<80).map { journal.record($0) })
        end.withLock { $0 = 80 }
        #expect(Self.eventually { follower.progress.indexed >= 80 })
        try FileManager.default.removeItem(atPath: journal.path + "/index")
        #expect(Self.eventually { FileManager.default.fileExists(atPath: journal.path + "/index/records.sqlite") })
        follower.stop()
        #expect(follower.progress.problem == nil)
        // Whoever comes next may keep it.
        #expect(journal.archive.refresh())
        #expect(try journal.archive.page(RecordQuery()).records.count >= 80)
    }
}
