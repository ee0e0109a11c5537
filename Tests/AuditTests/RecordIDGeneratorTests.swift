import Foundation
import Testing

@testable import Audit

@Suite struct RecordIDGeneratorTests {
    @Test func `makes UUIDs of version 7 that carry their millisecond`() throws {
        let id = RecordIDGenerator { .max }.next(at: instant)
        #expect(id.description == "019c167f-c818-7000-bfff-ffffffffffff")
        #expect(id.high >> 16 == UInt64(instant.microseconds / 1_000))
        #expect(UUID(uuidString: id.description)?.uuidString.lowercased() == id.description)
        #expect(RecordID(id.description) == id)
        #expect(RecordID("019C167F-c818-7000-bfff-ffffffffffff") == nil)
    }

    @Test func `reads what it writes, and nothing else`() {
        let text = "01234567-89ab-7cde-bf01-23456789abcd"
        #expect(RecordID(text) == RecordID(high: 0x0123_4567_89AB_7CDE, low: 0xBF01_2345_6789_ABCD))
        for position in text.utf8.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = Array(text.utf8)
                bytes[position.utf16Offset(in: text)] = byte
                let isDigit = "0123456789abcdef".utf8.contains(byte) && text.utf8[position] != UInt8(ascii: "-")
                let id = bytes.withUnsafeBytes { RecordID($0) }
                #expect((id != nil) == (isDigit || byte == text.utf8[position]))
                if let id { #expect(Array(id.description.utf8) == bytes) }
            }
        }
        #expect(RecordID(text + "0") == nil && RecordID("") == nil)
    }

    @Test func `takes other random bits for each millisecond`() {
        let generator = RecordIDGenerator()
        let lows = (0..<1_000).map { generator.next(at: Timestamp(microseconds: instant.microseconds + Int64($0) * 1_000)).low }
        #expect(Set(lows).count == lows.count)
        #expect(lows.allSatisfy { $0 >> 62 == 2 })
    }

    @Test func `grows when the clock stands, goes back, and when the counter overflows`() {
        let generator = RecordIDGenerator { .max - 2 }
        var last = generator.next(at: instant)
        for offset in [0, 0, 0, 0, 0, -5_000_000, 0, 1_000] as [Int64] {
            let next = generator.next(at: Timestamp(microseconds: instant.microseconds + offset))
            #expect(last < next)
            #expect(next.high >> 12 & 0xF == 7 && next.low >> 62 == 2)
            last = next
        }
    }
}
