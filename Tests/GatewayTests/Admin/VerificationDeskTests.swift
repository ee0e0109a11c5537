import Audit
import Foundation
import Synchronization
import Testing

@testable import Administration

/// A verification in the background: cancelled in the middle, resumed, and discarded.
@Suite(.serialized) struct VerificationDeskTests {
    /// Enough records for several checks whether it may go on.
    private static let records = 9_000

    private static func journal(in folder: TemporaryFolder) throws -> String {
        let journal = try Journal.open(
            JournalConfiguration(directory: folder.journal, gateway: Record.Gateway(instance: "gw", version: "0", configSHA256: "0")))
        let generator = RecordIDGenerator()
        for number in 0..<records {
            let time = Timestamp(microseconds: 1_793_491_200_000_000 + Int64(number))
            _ = try journal.append(Record(id: generator.next(at: time), phase: .response, time: time))
        }
        journal.close()
        return folder.journal
    }

    /// Waits for another thread; the limit is only reached by a failing test.
    private static func eventually(_ what: Comment, _ condition: () -> Bool) {
        let end = ContinuousClock.now + .seconds(300)
        while !condition() {
            guard ContinuousClock.now < end else {
                Issue.record(what)
                return
            }
            usleep(1_000)
        }
    }

    /// A desk whose verifications start reading when the gate opens.
    private static func desk(_ directory: String, _ turn: VerificationTurn, _ gate: Gate) -> VerificationDesk {
        VerificationDesk(turn: turn, instance: "gw", isInBackground: false) {
            gate.wait()
            return JournalVerifier(directory: directory, keys: [])
        }
    }

    @Test func `goes on from where it was cancelled, and lets others read the journal meanwhile`() throws {
        let folder = try TemporaryFolder()
        let (turn, gate) = (VerificationTurn(), Gate())
        let desk = Self.desk(try Self.journal(in: folder), turn, gate)
        let job = try #require(desk.begin())
        // A second start returns the running one, and the turn is taken.
        #expect(desk.begin()?.id == job.id && !turn.take())
        #expect(desk.cancel(job.id)?.phase == .cancelled)
        gate.open()
        Self.eventually("it rests and has given its turn back") { turn.take() }
        let resting = try #require(desk.job(job.id))
        #expect(resting.read == 4_096 && resting.all >= 4_096 && resting.canResume && resting.report == nil)
        // While another verification has the turn it can't be resumed.
        #expect(desk.resume(job.id) == nil && desk.job(job.id)?.phase == .cancelled)
        turn.giveBack()
        #expect(desk.resume(job.id)?.phase == .running)
        Self.eventually("it ends") { desk.job(job.id)?.phase == .done }
        let done = try #require(desk.job(job.id))
        #expect(done.read == done.all && done.read >= UInt64(Self.records) && done.report?.contains("\"verdict\":\"intact") == true)
        #expect(!done.canResume && desk.cancel(job.id)?.phase == .done && desk.resume(job.id) == nil)
        #expect(turn.take(), "its turn came back once")
    }

    @Test func `one that rests is given up when another is begun`() throws {
        let folder = try TemporaryFolder()
        let (turn, gate) = (VerificationTurn(), Gate())
        let desk = Self.desk(try Self.journal(in: folder), turn, gate)
        let first = try #require(desk.begin())
        _ = desk.cancel(first.id)
        gate.open()
        Self.eventually("it rests") { turn.take() }
        turn.giveBack()
        gate.open()
        let second = try #require(desk.begin())
        #expect(second.id != first.id && desk.resume(first.id) == nil)
        Self.eventually("the second ends") { desk.job(second.id)?.phase == .done }
        #expect(desk.job(first.id)?.phase == .cancelled && desk.job(first.id)?.canResume == false)
        #expect(desk.jobs.map(\.id) == [second.id, first.id] && desk.job("v-none") == nil)
    }
}
