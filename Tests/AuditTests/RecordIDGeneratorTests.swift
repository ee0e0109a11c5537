import Foundation
import Testing

@testable import Audit

@Suite struct RecordIDGeneratorTests {
    @Test func `makes UUIDs of version 7 that carry their millisecond`() throws {
        let id = RecordIDGenerator { .max }.next(at: instant)
        #expect(id.description == "019c167f-c818-7000-bfff-ffffffffffff")
        #expect(id.high >> 16 == UInt64(instant.microseconds / 1_000))
        #expect(UUID(uuidString: id.description)?.uuidString.lowercased() == id.description)
        #expect(RecordID(id.description.utf8) == id)
        #expect(RecordID("019C167F-c818-7000-bfff-ffffffffffff".utf8) == nil)
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
