import Audit
import Foundation
import Synchronization
import Testing

@testable import Inquiry

@Suite struct IndexFollowerTests {
    /// So long that only a deadlock reaches it.
    private static let patience = Duration.seconds(60)

    private static func eventually(_ look: () -> Bool) -> Bool {
        let end = ContinuousClock.now + patience
        while !look() {
            if ContinuousClock.now > end { return false }
            usleep(5_000)
        }
        return true
    }

    /// A descriptor that is closed twice may belong to something else the second time: to a connection, for example, which
    /// ended the process.
    @Test func `closes nothing of others when an index can't be opened`() throws {
        let journal = try JournalFixture()
        // A directory instead of the database, which can neither be opened nor removed.
        try FileManager.default.createDirectory(atPath: journal.path + "/index/records.sqlite/x", withIntermediateDirectories: true)
        let isOver = Mutex(false)
        let lost = Mutex(0)
        let other = Thread {
            while !isOver.withLock({ $0 }) {
                let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
                sched_yield()
                if fcntl(descriptor, F_GETFD) == -1 { lost.withLock { $0 += 1 } } else { close(descriptor) }
            }
        }
        other.start()
        for _ in 0..<3_000 { #expect(throws: InquiryError.self) { _ = try IndexWriter(journal: journal.path) } }
        isOver.withLock { $0 = true }
        #expect(lost.withLock { $0 } == 0)
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
        // The next one may take it.
        #expect(journal.archive.refresh())
        #expect(try journal.archive.page(RecordQuery()).records.count >= 80)
    }

    @Test func `waits while the journal grows fast, but not for ever, and not once it grows slowly`() {
        var pace = JournalPace()
        let start = ContinuousClock.now
        func look(_ milliseconds: Int, _ length: UInt64) -> Bool { pace.isBusy(at: length, start + .milliseconds(milliseconds)) }
        #expect(!look(0, 5_000))
        // Too early to decide, unless the number is large enough for the whole interval.
        #expect(!look(100, 5_199))
        #expect(look(150, 5_200))
        #expect(look(200, 5_200))
        #expect(look(299, 5_200))
        #expect(!look(400, 5_399))
        // A minute of 5,000 records a second: it waits for half of it, then continues until it has caught up.
        var waits = (2...300).map { look($0 * 200 + 200, UInt64(5_400 + $0 * 1_000)) }
        #expect(waits.prefix(150).allSatisfy { $0 })
        #expect(!waits.suffix(100).contains(true))
        pace.caughtUp()
        waits = (301...303).map { look($0 * 200 + 200, UInt64(5_400 + $0 * 1_000)) }
        #expect(waits == [true, true, true])
    }
}
