import Audit
import Foundation
import Testing

@testable import Inquiry

/// Ten million records, if `HSSGW_INDEX_RECORDS` requests them: how large the index is, how fast it grows and how fast it answers.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["HSSGW_INDEX_RECORDS"] != nil)) struct IndexScaleTests {
    @Test func `answers every question about millions of records at once`() throws {
        let count = ProcessInfo.processInfo.environment["HSSGW_INDEX_RECORDS"].flatMap { Int($0) } ?? 10_000_000
        let journal = try JournalFixture()
        let made = ContinuousClock().measure { try? Self.make(count, in: journal.path) }
        var size = 0
        let indexed = ContinuousClock().measure {
            journal.archive.refresh()
            size = IndexFile(journal: journal.path).size
        }
        print(
            "journal made in \(made); \(count) records indexed in \(indexed): \(indexed / count) and \(size / count) bytes a record, \(size >> 20) MiB"
        )
        for filters in Self.questions(count) {
            var query = RecordQuery()
            for (name, value) in filters { try query.set(name, to: value, now: JournalFixture.start) }
            for order in RecordQuery.Order.allCases {
                query.order = order
                var found = 0
                let time = try ContinuousClock().measure { found = try journal.archive.page(query).records.count }
                print("\(time)  \(found) found  \(order)  \(filters)")
                #expect(time < .milliseconds(100), "\(filters)")
            }
        }
    }

    private static func questions(_ count: Int) -> [[(String, String)]] {
        [
            [], [("caller", "team-7")], [("operation", "Operation31")], [("kind", "download")], [("project", "project-3")], [("outcome", "refused")],
            [("task", "task-\(count / 2 / 100)")], [("request_id", "request-\(count / 3)")], [("request_id", "hss-\(count / 4)")],
            [("since", "2026-11-02"), ("until", "2026-11-03")], [("since", "2026-11-02"), ("until", "2026-11-03"), ("caller", "team-7")],
            [("caller", "team-7"), ("operation", "Operation7"), ("outcome", "failure")], [("caller", "rare")],
            [("caller", "team-1"), ("operation", "Operation2")], [("kind", "read"), ("outcome", "success")], [("caller", "nobody")],
        ]
    }

    /// Writes segments like the journal, but without its syncs and its tree.
    private static func make(_ count: Int, in directory: String) throws {
        let perSegment = 400_000
        for first in stride(from: 0, to: count, by: perSegment) {
            let name = "journal-" + String(repeating: "0", count: 20 - String(first).count) + "\(first).jsonl"
            guard let file = fopen(directory + "/" + name, "w") else { throw CocoaError(.fileWriteUnknown) }
            defer { fclose(file) }
            for number in first..<min(first + perSegment, count) { fputs(line(number), file) }
        }
    }

    private static let kinds = ["read", "read", "read", "write", "export", "download"]

    private static func line(_ number: Int) -> String {
        let time = Timestamp(microseconds: JournalFixture.start.microseconds + Int64(number) * 50_000)
        let id = RecordID(high: UInt64(time.microseconds / 1_000) << 16 | 0x7000, low: 0x8000_0000_0000_0000 | UInt64(number))
        let caller = number % 999_983 == 0 ? "rare" : "team-\(number % 20)"
        let outcome = number % 50 == 0 ? "refused" : number % 33 == 0 ? "failure" : "success"
        let task = number % 10 == 0 ? "\"export\":{\"task_id\":\"task-\(number / 100)\"}," : ""
        return """
            {"v":1,"seq":\(number),"id":"\(id)","phase":"response","time":"\(time)","request_id":"request-\(number)",\
            "caller":{"name":"\(caller)","method":"api_key","address":"10.0.0.\(number % 200)"},"operation":"Operation\(number % 60)",\
            "kind":"\(kinds[number % 6])","method":"GET","path":"/v5/0123456789abcdef0123456789abcdef/vulnerability/vulnerabilities",\
            "query":"enterprise_project_id=0&limit=100","project":{"name":"project-\(number % 5)","id":"0123456789abcdef0123456789abcde\(number % 5)",\
            "region":"cn-north-4"},"decision":"allow","rule":"reads","status":200,"outcome":"\(outcome)","source":"upstream",\
            "upstream":{"request_id":"hss-\(number)","attempts":1,"total_us":1500},\(task)"duration_us":1700,\
            "gateway":{"instance":"gw-1","version":"0.1.0","config_sha256":"d7f873db719d458b101b2cf322aa96b2db15d4a2044308776b45f969aee30fd1"}}

            """
    }
}
