import Audit
import Testing

@testable import Administration

@Suite struct AdminAccessLogTests {
    private static let start = Timestamp(microseconds: 1_795_000_000_000_000)

    private static func after(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: start.microseconds + seconds * 1_000_000) }

    /// Source and count of each event about wrong tokens, in the journal's order.
    private static func told(_ body: (AdminAccessLog) -> Void) throws -> [String] {
        let folder = try TemporaryFolder()
        let gateway = Record.Gateway(instance: "test", version: "0", configSHA256: "0")
        let journal = try Journal.open(JournalConfiguration(directory: folder.journal, gateway: gateway))
        body(AdminAccessLog(journal: journal))
        journal.close()
        return try folder.records().filter { $0["event"] as? String == AdminAccessLog.refusedToken }.compactMap { record in
            guard let detail = record["detail"] as? [String: Any] else { return nil }
            return "\(detail["source"] ?? "") \(detail["count"] ?? "")"
        }
    }

    @Test func `tells of a source at once, and of what follows once a minute, also when nobody comes any more`() throws {
        let told = try Self.told { witness in
            witness.tokenWasWrong(from: "192.0.2.7", at: Self.start)
            for second in 1...3 { witness.tokenWasWrong(from: "192.0.2.7", at: Self.after(Int64(second))) }
            witness.tokenWasWrong(from: "192.0.2.8", at: Self.after(4))
            witness.settle(at: Self.after(59))
            witness.settle(at: Self.after(60))
            witness.settle(at: Self.after(61))
            witness.tokenWasWrong(from: "192.0.2.8", at: Self.after(62))
            witness.settle(at: Self.after(63), isEnd: true)
            witness.settle(at: Self.after(64), isEnd: true)
            #expect(witness.failures == 6)
        }
        #expect(told == ["192.0.2.7 1", "192.0.2.8 1", "192.0.2.7 3", "192.0.2.8 1"])
    }

    @Test func `tells a bounded number of sources apart, counts all others in one sum, and forgets who is quiet`() throws {
        let most = AdminAccessLog.mostSources
        let told = try Self.told { witness in
            for host in 0..<(3 * most) { witness.tokenWasWrong(from: "192.0.2.\(host)", at: Self.start) }
            witness.tokenWasWrong(from: nil, at: Self.start)
            // A minute later the first ones have expired.
            witness.tokenWasWrong(from: "198.51.100.1", at: Self.after(61))
        }
        let apart = (0..<most).map { "192.0.2.\($0) 1" }
        #expect(told == apart + ["others 1", "others \(2 * most)", "198.51.100.1 1"])
    }
}
