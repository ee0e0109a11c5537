import Audit
import Foundation
import Testing

@testable import Shipping

@Suite struct SinkPartsTests {
    @Test func `waits longer with each failure, never longer than the bound, and as long as it was asked`() {
        var backoff = Backoff()
        let waits = (0..<12).map { _ in backoff.next(atLeast: nil, random: 1) }
        #expect(waits.first == Backoff.first)
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(waits.last == Backoff.longest)
        #expect(backoff.next(atLeast: nil, random: 0) == Backoff.longest / 2)
        #expect(backoff.next(atLeast: .seconds(120), random: 0) == .seconds(120))
        #expect(backoff.next(atLeast: .seconds(86_400), random: 0) == .seconds(300))
        backoff.reset()
        #expect(backoff.next(atLeast: nil, random: 1) == Backoff.first)
    }

    @Test func `keeps its place in a file and begins at 0 when that is damaged`() throws {
        let directory = NSTemporaryDirectory() + "shipping-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let file = PositionFile(journal: directory, group: "shipping", name: "s")
        func place() -> SequenceNumber { file.read() ?? SequenceNumber(0) }
        #expect(place() == SequenceNumber(0))
        file.write(SequenceNumber(4_711))
        #expect(PositionFile(journal: directory, group: "shipping", name: "s").read() == SequenceNumber(4_711))
        for damage in ["", "12", "12x\n", "-1\n", "99999999999999999999\n"] {
            try damage.write(toFile: directory + "/shipping/s", atomically: false, encoding: .utf8)
            #expect(place() == SequenceNumber(0), "\(damage)")
        }
    }

    @Test func `holds no more than its bounds, and one record of any size`() {
        var batch = RecordBatch(RecordBatch.Bounds(records: 3, bytes: 10))
        let line = Array("0123456789ab".utf8)
        line.withUnsafeBytes { batch.add(SequenceNumber(5), $0) }
        #expect(batch.isFull && batch.count == 1 && batch.end == SequenceNumber(6))
        var many = RecordBatch(RecordBatch.Bounds(records: 3, bytes: 1_000))
        for number in 7..<10 { line.withUnsafeBytes { many.add(SequenceNumber(UInt64(number)), $0) } }
        #expect(many.isFull)
        var seen: [UInt64] = []
        many.slice(1..<3).forEach { number, bytes in
            seen.append(number)
            #expect(bytes.elementsEqual(line))
        }
        #expect(seen == [8, 9])
    }

    @Test func `writes OTLP that says what the line says, whatever characters it has`() throws {
        let line =
            #"{"v":1,"seq":3,"id":"i","phase":"response","time":"1970-01-01T00:00:01.000002Z","caller":{"name":"q\"\u0007\\"},"outcome":"failure"}"#
        var payload = OTLPPayload(instance: "gw\u{1}", version: "1")
        Array(line.utf8).withUnsafeBytes { payload.add(3, $0) }
        let json = try #require(try JSONSerialization.jsonObject(with: Data(payload.finish())) as? [String: Any])
        let resource = try #require((json["resourceLogs"] as? [[String: Any]])?.first)
        let record = try #require(((resource["scopeLogs"] as? [[String: Any]])?.first?["logRecords"] as? [[String: Any]])?.first)
        #expect((record["body"] as? [String: String])?["stringValue"] == line)
        #expect(record["timeUnixNano"] as? String == "1000002000")
        #expect(record["severityNumber"] as? Int == 13)
        let attributes = try #require(record["attributes"] as? [[String: Any]])
        let caller = attributes.first { $0["key"] as? String == "hssgw.caller" }?["value"] as? [String: String]
        #expect(caller?["stringValue"] == "q\"\u{7}\\")
    }

    @Test(arguments: [
        (#"{"partialSuccess":{"rejectedLogRecords":"3"}}"#, 3), (#"{"partialSuccess":{"rejectedLogRecords": 12}}"#, 12), ("{}", 0), ("", 0),
        (#"{"partialSuccess":{"rejectedLogRecords":"99999999999999999999999"}}"#, .max), (#"{"partialSuccess":{"rejectedLogRecords":-3}}"#, 0),
    ])
    func `reads how many records a collector refused`(body: String, count: Int) {
        #expect(PartialSuccess.rejected(in: Array(body.utf8)) == count)
    }

    private static func batch(_ numbers: Range<UInt64>) -> RecordBatch {
        var batch = RecordBatch(RecordBatch.Bounds(records: 1_000, bytes: 1 << 20))
        for number in numbers { Array("x".utf8).withUnsafeBytes { batch.add(SequenceNumber(number), $0) } }
        return batch
    }

    private static func numbers(_ batch: RecordBatch) -> [UInt64] {
        var numbers: [UInt64] = []
        batch.forEach { number, _ in numbers.append(number) }
        return numbers
    }

    @Test(arguments: [[7], [0], [99], [3, 4, 50], Array(0..<40)] as [[UInt64]], [true, nil])
    func `finds the records that can't be taken, and delivers all others`(bad: [UInt64], witness: Bool?) throws {
        var taken: [UInt64] = []
        var sieve = BatchSieve { batch in
            let numbers = Self.numbers(batch)
            guard !numbers.contains(where: bad.contains) else { return "bad" }
            taken += numbers
            return nil
        } offerControl: {
            witness
        }
        do throws(SinkFailure) {
            try sieve.sift(Self.batch(0..<100))
        } catch {
            // Without a control record, many refusals in a row mean that the sink accepts nothing.
            #expect(witness == nil && bad.count > 30)
            return
        }
        #expect(taken.sorted() == (0..<100).filter { !bad.contains($0) })
        #expect(sieve.refused.flatMap { Self.numbers($0.batch) } == bad)
    }

    @Test(arguments: [1, 2, 500] as [UInt64], [false, nil])
    func `stops at a sink that takes nothing, after few attempts`(count: UInt64, witness: Bool?) {
        var attempts = 0
        var sieve = BatchSieve { _ in
            attempts += 1
            return "no"
        } offerControl: {
            witness
        }
        #expect(throws: SinkFailure.self) { try sieve.sift(Self.batch(0..<count)) }
        #expect(attempts <= 26)
    }
}
