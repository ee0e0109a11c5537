import Foundation
import Testing

@testable import Audit

@Suite struct JournalReaderTests {
    private static func numbers(_ reader: inout JournalReader, before end: SequenceNumber = .maximum) throws -> [Int] {
        var numbers: [Int] = []
        try reader.forEachRecord(before: end) { number, line in
            #expect(RecordLine(line)?.sequence == number.value)
            numbers.append(Int(number.value))
            return true
        }
        return numbers
    }

    @Test func `follows a journal that is written, over rotations, from any record on`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory) { $0.rotateSize = 2_000 })
        let probe = ProgressProbe(journal)
        var reader = JournalReader(directory: directory.journal)
        var seen: [Int] = []
        for _ in 0..<20 {
            try journal.appendDurably(journal.record(.response), probe)
            seen += try Self.numbers(&reader)
        }
        journal.close()
        seen += try Self.numbers(&reader)
        let count = try directory.lines().count
        #expect(try directory.segments().count > 3)
        #expect(seen == Array(0..<count))
        #expect(try Self.numbers(&reader) == [])
        var later = JournalReader(directory: directory.journal, from: SequenceNumber(7))
        #expect(try Self.numbers(&later, before: SequenceNumber(11)) == [7, 8, 9, 10])
        #expect(try Self.numbers(&later) == Array(11..<count))
        #expect(reader.missing == 0 && reader.damaged == 0)
    }

    @Test func `reads compressed segments like plain ones, and both once`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory) { $0.rotateSize = 2_000 })
        let probe = ProgressProbe(journal)
        for _ in 0..<12 { try journal.appendDurably(journal.record(.response), probe) }
        journal.close()
        let count = try directory.lines().count
        let segments = try directory.segments()
        for (index, name) in segments.dropLast().enumerated() {
            #expect(try run("gzip", (index == 0 ? ["-k"] : []) + [directory.file(name).path]).status == 0)
        }
        var reader = JournalReader(directory: directory.journal)
        #expect(try Self.numbers(&reader) == Array(0..<count))
    }

    @Test func `leaves out what is damaged or gone and counts it`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory) { $0.rotateSize = 2_000 })
        let probe = ProgressProbe(journal)
        for _ in 0..<12 { try journal.appendDurably(journal.record(.response), probe) }
        journal.close()
        let count = try directory.lines().count
        let segments = try directory.segments()
        let gone = Int(segments[1].dropFirst(8).prefix(20)) ?? 0
        let behind = Int(segments[2].dropFirst(8).prefix(20)) ?? 0
        try FileManager.default.removeItem(at: directory.file(segments[1]))
        var text = try String(contentsOf: directory.file(segments[0]), encoding: .utf8)
        text.replace("{\"v\":1,\"seq\":1,", with: "{\"v\":1,\"seq\":x,")
        try Data(text.utf8).write(to: directory.file(segments[0]))
        var reader = JournalReader(directory: directory.journal)
        #expect(try Self.numbers(&reader) == [0] + Array(2..<gone) + Array(behind..<count))
        #expect(reader.damaged == 1 && reader.missing == UInt64(1 + behind - gone))
    }

    @Test func `finds values in a record's line and resolves their escapes`() throws {
        let line = #"{"v":1,"seq":3,"caller":{"name":"a\"b\u00e9\ud83d\ude00\n"},"status":200,"ok":true,"path":"/x"}"#
        Array(line.utf8).withUnsafeBytes { bytes in
            let fields = RecordFields(bytes)
            #expect(fields?.text(.callerName) == "a\"bé😀\n")
            #expect(fields?.integer(.status) == 200 && fields?.text(.path) == "/x" && fields?.integer("ok") == nil)
            #expect(fields?.text("absent") == nil && fields?.text(.callerMethod) == nil && fields?.text(.taskID) == nil)
        }
        Array("{\"v\":1".utf8).withUnsafeBytes { #expect(RecordFields($0) == nil) }
    }
}
