internal import Glibc

/// The fixed beginning of every line, `{"v":1,"seq":N,"id":"…","phase":"…"`, which suffices for the order and for open requests.
struct RecordLineHead {
    /// The record's number.
    let sequence: UInt64
    /// The record's exchange.
    let id: RecordID
    /// The record's phase.
    let phase: Record.Phase
    /// Index in the line at which the value of `phase` ends.
    let end: Int

    /// Reads the beginning of a line; nil if it isn't one.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        func skip(_ literal: StaticString) -> Bool {
            let count = literal.utf8CodeUnitCount
            guard let base = bytes.baseAddress, bytes.count - position >= count else { return false }
            // A comparison byte by byte took 800 instructions per record.
            guard memcmp(base + position, literal.utf8Start, count) == 0 else { return false }
            position += count
            return true
        }
        guard skip("{\"v\":1,\"seq\":") else { return nil }
        var sequence: UInt64 = 0
        let digits = position
        while position < bytes.count, position - digits < 19, (0x30...0x39).contains(bytes[position]) {
            // Bounded: 19 digits always fit into 64 bits.
            sequence = sequence * 10 + UInt64(bytes[position] - 0x30)
            position += 1
        }
        guard position > digits, bytes[digits] != 0x30 || position == digits + 1, sequence <= SequenceNumber.maximum.value, skip(",\"id\":\"")
        else { return nil }
        guard bytes.count - position > 36, let id = RecordID(UnsafeRawBufferPointer(rebasing: bytes[position..<position + 36])) else { return nil }
        position += 36
        guard skip("\",\"phase\":\"") else { return nil }
        if skip("request\"") {
            phase = .request
        } else if skip("response\"") {
            phase = .response
        } else if skip("refusal\"") {
            phase = .refusal
        } else if skip("event\"") {
            phase = .event
        } else {
            return nil
        }
        self.sequence = sequence
        self.id = id
        end = position
    }
}
