import Audit
import Foundation
import Testing

@testable import Inquiry

/// Counts from the index instead of from lines.
@Suite struct RollupTests {
    private static let minute: Int64 = 60_000_000
    private static let begin = JournalFixture.start.microseconds / minute

    private static func counts(
        _ archive: RecordArchive, parts: Int = 4, _ narrow: (inout RollupQuestion) -> Void = { _ in }
    ) throws -> (counts: [[String: Int64]], end: Int64?) {
        var question = RollupQuestion(begin: begin, step: 5, parts: parts, deadline: .now + .seconds(60))
        narrow(&question)
        let (sum, coverage) = try archive.sum(question, from: [[String: Int64]](repeating: [:], count: parts)) { sum, part, group, rollup in
            sum[part]["\(group.caller) \(group.outcome) \(group.errorCode)", default: 0] += rollup.count
            sum[part]["bytes", default: 0] += rollup.bytes
            sum[part]["waits", default: 0] += rollup.waits.total
        }
        return (sum, coverage.ends[""])
    }

    private static func records(_ journal: JournalFixture, _ numbers: Range<Int>) -> [Record] {
        numbers.flatMap { number -> [Record] in
            let caller = "team-\(number % 3)"
            if number % 7 == 0 {
                let refusal = journal.record(number, .refusal, caller: caller, outcome: .refused) { $0.errorCode = "HSSGW.4031" }
                return [refusal]
            }
            let isExport = number % 5 == 0
            let end = journal.record(number, caller: caller, kind: isExport ? .export : .read) { record in
                record.responseBody = Record.ResponseBody(bytes: number)
                if isExport { record.detail = ["waited_us": .integer(Int64(number) * 1_000)] }
            }
            return isExport ? [journal.record(number, .request, caller: caller, kind: .export), end] : [end]
        }
    }

    @Test func `the index counts what the lines say, whatever part of the journal it knows`() throws {
        let journal = try JournalFixture()
        try journal.write(Self.records(journal, 0..<600))
        let fromLines = try Self.counts(journal.archive)
        #expect(fromLines.counts[0].values.reduce(0, +) > 0)
        #expect(journal.archive.refresh())
        let fromIndex = try Self.counts(journal.archive)
        #expect(fromIndex.counts == fromLines.counts)
        // The newest records are in the journal and not in the index yet.
        try journal.write(Self.records(journal, 600..<1_100))
        let mixed = try Self.counts(journal.archive)
        #expect(journal.archive.refresh())
        #expect(try Self.counts(journal.archive).counts == mixed.counts)
        #expect(mixed.counts[3].values.reduce(0, +) > 0)
        #expect(mixed.end == Int64(try journal.lines.count))
    }

    @Test func `an index that was kept up record by record has the same counts as one that was made at once`() throws {
        let (slow, quick) = (try JournalFixture(), try JournalFixture())
        for first in stride(from: 0, to: 300, by: 10) {
            try slow.write(Self.records(slow, first..<first + 10))
            #expect(slow.archive.refresh())
        }
        for first in stride(from: 0, to: 300, by: 10) { try quick.write(Self.records(quick, first..<first + 10)) }
        #expect(quick.archive.refresh())
        #expect(try Self.counts(slow.archive).counts == Self.counts(quick.archive).counts)
    }

    @Test func `filters count only what matches`() throws {
        let journal = try JournalFixture()
        try journal.write(Self.records(journal, 0..<300))
        #expect(journal.archive.refresh())
        let refused = try Self.counts(journal.archive) { $0.query.outcome = .refused }
        #expect(refused.counts.flatMap(\.keys).allSatisfy { $0.contains("refused HSSGW.4031") || $0 == "bytes" || $0 == "waits" })
        let one = try Self.counts(journal.archive) { $0.query.caller = "team-1" }
        let all = (0..<300).count { $0 % 3 == 1 }
        #expect(one.counts.reduce(0) { $0 + $1.filter { $0.key.hasPrefix("team") }.values.reduce(0, +) } == all)
        #expect(try Self.counts(journal.archive) { $0.errorCode = "HSSGW.4032" }.counts.allSatisfy(\.isEmpty))
    }

    @Test func `spans of all lengths make up any span of time, none twice`() {
        let newest: Int64 = 30_000_000
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let begin = newest - Int64.random(in: 0...20_000, using: &random)
            let span = begin..<begin + Int64.random(in: 1...20_000, using: &random)
            let parts = RollupStep.cover(span, newest: newest)
            var place = parts.first?.slots.lowerBound ?? 0
            for (step, slots) in parts {
                #expect(slots.lowerBound == place && slots.lowerBound % step.rawValue == 0 && slots.upperBound % step.rawValue == 0)
                #expect(slots.lowerBound >= step.kept(newest: newest), "\(span): \(step) is not kept that long")
                place = slots.upperBound
            }
            #expect(parts.first.map { $0.slots.lowerBound <= span.lowerBound && $0.slots.lowerBound > span.lowerBound - 60 } == true)
            #expect(place >= span.upperBound && place < span.upperBound + 60)
            #expect(parts.count < 16)
        }
    }

    @Test func `what is kept by the hour only is counted once, however closely somebody looks`() throws {
        let journal = try JournalFixture()
        // A month lies between the queried hour and the newest record.
        try journal.write(Self.records(journal, 0..<300) + [journal.record(40 * 86_400)])
        #expect(journal.archive.refresh())
        let begin = RollupEntry.minute(JournalFixture.start.microseconds)
        for (step, parts) in [(1, 60), (7, 10), (13, 5), (60, 1)] as [(Int64, Int)] {
            let question = RollupQuestion(begin: begin, step: step, parts: parts, deadline: .now + .seconds(60))
            let sum = try journal.archive.sum(question, from: Int64(0)) { sum, _, _, rollup in sum += rollup.count }.sum
            let hour = RollupQuestion(begin: begin, step: 60, parts: 1, deadline: .now + .seconds(60))
            #expect(sum == (try journal.archive.sum(hour, from: Int64(0)) { sum, _, _, rollup in sum += rollup.count }.sum), "\(step)")
        }
    }

    @Test func `a sheet counts what the index counts, and its rows can be written as text and read back`() throws {
        let journal = try JournalFixture()
        try journal.write(Self.records(journal, 0..<300))
        #expect(journal.archive.refresh())
        var sheet = RollupSheet()
        for line in try journal.lines { Array(line.utf8).withUnsafeBytes { sheet.add($0) } }
        Array("no record".utf8).withUnsafeBytes { sheet.add($0) }
        let begin = RollupEntry.minute(JournalFixture.start.microseconds)
        let question = RollupQuestion(begin: begin, step: 1_440, parts: 1, deadline: .now + .seconds(60))
        let indexed = try journal.archive.sum(question, from: [RollupGroup: Rollup]()) { sums, _, group, rollup in
            sums[group, default: Rollup()].add(rollup)
        }.sum
        for (step, cut) in RollupStep.allCases.flatMap({ step in RollupCut.allCases.map { (step, $0) } }) {
            var (sums, expected): ([RollupGroup: Rollup], [RollupGroup: Rollup]) = ([:], [:])
            for (group, rollup) in indexed { expected[cut.group(of: group), default: Rollup()].add(rollup) }
            for (place, rollup) in sheet.rows where place.step == step.rawValue && place.cut == cut {
                let read = try #require(Rollup(values: rollup.values))
                #expect(read == rollup && place.slot % place.step == 0 && RollupGroup(values: place.group.values.map(Optional.some)) == place.group)
                sums[place.group, default: Rollup()].add(read)
            }
            #expect(sums == expected, "\(step) \(cut)")
        }
        #expect(Rollup(values: ["1", "2", "3", "", "4"]) == nil && Rollup(values: ["-1", "2", "", "", "4"]) == nil && Rollup(values: ["1"]) == nil)
        let expired = RollupSheet.expired(newest: begin)
        #expect(expired.allSatisfy { each in each.before < (RollupStep(rawValue: each.step)?.kept(newest: begin) ?? 0) } && expired.count == 2)
    }

    @Test func `two histograms add up to the histogram of both, and quantiles are near`() {
        var (one, other, both, all) = (DurationHistogram(), DurationHistogram(), DurationHistogram(), [Int64]())
        for number in 0..<5_000 {
            let value = Int64(number) * Int64(number) * 37 % 9_000_011
            if number % 2 == 0 { one.record(value) } else { other.record(value) }
            both.record(value)
            all.append(value)
        }
        var read = DurationHistogram()
        for text in [one.text, other.text] { #expect(Array(text.utf8).withUnsafeBytes { read.add(text: $0) }) }
        #expect(read == both && both.total == 5_000)
        all.sort()
        for share in [0.01, 0.5, 0.9, 0.99, 1] {
            let exact = Double(all[max(0, Int(Double(all.count) * share) - 1)])
            let near = Double(both.quantile(share) ?? -1)
            #expect(abs(near - exact) <= exact / 8 + 1, "\(share): \(near) for \(exact)")
        }
        for wrong in ["1", "1 ", "x 1", "1 x", "488 1", "1 11111111111111111111", " "] {
            var histogram = DurationHistogram()
            #expect(Array(wrong.utf8).withUnsafeBytes { histogram.add(text: $0) } == false, "\(wrong)")
        }
        var longest = DurationHistogram()
        longest.record(.max)
        #expect((longest.quantile(1) ?? 0) > .max / 2)
    }

    @Test func `the largest counts that a row can have are added up, written and read back`() throws {
        var sum = try #require(Rollup(values: ["1", "1", "487 999999999999999999", "", "0"]))
        for _ in 0..<4 {
            let values: [String?] = sum.values
            #expect(Rollup(values: values) == sum)
            sum.add(sum)
        }
        #expect(sum.durations.total == .max && (sum.durations.quantile(1) ?? 0) > .max / 2)
        #expect(Rollup(values: ["1", "1", "1 9999999999999999999", "", "0"])?.durations.total == .max)
        #expect(Rollup(values: ["1", "1", "1 99999999999999999999", "", "0"]) == nil)
    }

    @Test func `an exchange is one row, whichever of its records a page begins with`() throws {
        let journal = try JournalFixture()
        try journal.write(Self.records(journal, 0..<60) + [journal.record(60, .request, kind: .export)])
        #expect(journal.archive.refresh())
        for limit in [1, 3, 7, 100] {
            var query = RecordQuery()
            query.limit = limit
            var (ids, open): ([String], Int) = ([], 0)
            repeat {
                let page = try journal.archive.exchanges(query, RecordedExchange.Filter(), deadline: .now + .seconds(60))
                #expect(page.exchanges.count <= limit)
                for exchange in page.exchanges {
                    ids.append(exchange.end?[.id] ?? exchange.request?[.id] ?? "")
                    if exchange.end == nil { open += 1 }
                    #expect((exchange.request != nil) == ((exchange.end ?? exchange.request)?[.kind] == "export"))
                }
                query.cursor = page.next
            } while query.cursor != nil
            #expect(ids.count == 61 && Set(ids).count == 61 && open == 1)
        }
    }

    @Test func `a tail gives what came since, and an open exchange again when it has ended`() throws {
        let journal = try JournalFixture()
        try journal.write([journal.record(1), journal.record(2, .request, kind: .export)])
        let first = try journal.archive.exchanges(RecordQuery(), RecordedExchange.Filter(), deadline: .now + .seconds(60))
        #expect(first.exchanges.map { $0.end == nil } == [true, false])
        var tail = RecordQuery()
        (tail.order, tail.cursor) = (.oldest, first.newest)
        #expect(try journal.archive.exchanges(tail, RecordedExchange.Filter(), deadline: .now + .seconds(60)).exchanges.isEmpty)
        try journal.write([journal.record(2, kind: .export), journal.record(3)])
        let second = try journal.archive.exchanges(tail, RecordedExchange.Filter(), deadline: .now + .seconds(60))
        #expect(second.exchanges.compactMap { $0.end?[.requestID] }.suffix(2) == ["request-2", "request-3"])
        #expect(second.exchanges.contains { $0.request != nil && $0.end?[.requestID] == "request-2" })
    }
}
