import Audit
import Foundation
import Testing

@testable import Inquiry

/// The fast parser of lines must never accept a record that the general JSON parser rejects or reads
/// differently.
@Suite struct CompactLineTests {
    /// Lines as the journal writes them, with every kind of value.
    private static func lines() throws -> [[UInt8]] {
        let journal = try JournalFixture()
        try journal.write([
            journal.record(1, kind: .export) {
                $0.export = Record.Export(taskID: "t\u{e9}\"\\", fileID: "f", recordTotalNum: 18)
                $0.reason = "a tab\tand a line\nand blanks ! here"
                $0.enterpriseProjectID = Record.EnterpriseProjectID(value: "0", injected: true)
                $0.requestBody = Record.RequestBody(bytes: 12, sha256: SHA256Hash(hexadecimal: String(repeating: "ab", count: 32)))
                $0.responseBody = Record.ResponseBody(bytes: 40_000)
            },
            journal.record(2, .request), journal.record(3, .refusal, outcome: .refused),
        ])
        return try journal.lines.map { Array($0.utf8) }
    }

    /// The result of the fast parser; nil if it leaves the line to the other one.
    private static func compact(_ line: [UInt8]) -> [Range<Int>]? {
        var ranges = [Range<Int>](repeating: 0..<0, count: RecordField.allCases.count)
        let isRead = line.withUnsafeBytes { bytes in
            ranges.withUnsafeMutableBufferPointer { CompactLine(bytes: bytes).find($0) }
        }
        return isRead ? ranges : nil
    }

    private static func any(_ line: [UInt8]) -> [Range<Int>]? {
        var scanner = RecordScanner()
        return line.withUnsafeBytes { scanner.scanAnyForm($0) } ? scanner.ranges : nil
    }

    @Test func `reads every line of the journal, and finds in it what the other reader finds`() throws {
        for line in try Self.lines() {
            let found = Self.compact(line)
            #expect(found != nil && found == Self.any(line), "\(String(decoding: line, as: UTF8.self))")
        }
    }

    @Test func `leaves to the other reader, or reads alike, whatever one byte more, less or another makes of a line`() throws {
        let bytes: [UInt8] = [0x22, 0x5C, 0x7B, 0x7D, 0x2C, 0x3A, 0x20, 0x01, 0x30, 0x61, 0xFF]
        for line in try Self.lines() {
            for place in line.indices {
                var changed = [Array(line[..<place]), line]
                changed[1].remove(at: place)
                for byte in bytes {
                    var other = line
                    other[place] = byte
                    changed.append(other)
                    if place % 7 == 0 {
                        other = line
                        other.insert(byte, at: place)
                        changed.append(other)
                    }
                }
                for each in changed {
                    guard let found = Self.compact(each) else { continue }
                    #expect(found == Self.any(each), "\(String(decoding: each, as: UTF8.self))")
                }
            }
        }
    }

    @Test func `leaves the order of members and blanks to the other reader`() throws {
        let line = Array(#"{"v":1,"seq":5,"phase":"event","time":"2026-11-01T00:00:00Z","event":"x","detail":{"a":[1,{"b":null}]}}"#.utf8)
        #expect(Self.compact(line) != nil && Self.compact(line) == Self.any(line))
        for text in [
            #"{"seq":5,"v":1,"phase":"event","time":"2026-11-01T00:00:00Z"}"#, #"{ "v":1,"seq":5,"phase":"event","time":"2026-11-01T00:00:00Z"}"#,
            #"{"v":1,"seq":5,"phase":"event","time":"2026-11-01T00:00:00Z","caller":{}}"#, #"{"v":1,"seq":5,"phase":"event","time":"2","new":1}"#,
        ] {
            #expect(Self.compact(Array(text.utf8)) == nil && Self.any(Array(text.utf8)) != nil, "\(text)")
            var scanner = RecordScanner()
            #expect(Array(text.utf8).withUnsafeBytes { scanner.scan($0) })
        }
    }
}
