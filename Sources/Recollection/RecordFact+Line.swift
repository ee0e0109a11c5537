import Audit
import Glibc

extension RecordFact {
    /// Reads a line of the journal; nil if it isn't a record or isn't memorable.
    package init?(line: UnsafeRawBufferPointer) {
        guard Self.mayBeMemorable(line) else { return nil }
        guard let fields = RecordFields(line), let id = fields.text(.id).flatMap({ RecordID($0) }),
            let phase = fields.text(.phase).flatMap(Record.Phase.init(rawValue:)), let time = fields.time
        else { return nil }
        self.init(id: id, phase: phase, time: time)
        kind = fields.text(.kind).flatMap(Record.Kind.init(rawValue:))
        guard kind == .export || fields.has(.export) else { return nil }
        operation = fields.text(.operation)
        status = fields.integer(.status).map(Int.init)
        outcome = fields.text(.outcome).flatMap(Record.Outcome.init(rawValue:))
        caller = fields.text(.callerName)
        project = fields.text(.projectID)
        hasUpstream = fields.has(.upstream)
        taskID = fields.text(.taskID)
        fileID = fields.text(.fileID)
        recordTotalNum = fields.integer(.recordTotalNum)
        let detail = fields.object(.detail)
        idempotencyKey = detail?.text(.idempotencyKey)
        idempotentRequest = detail?.text(.idempotentRequest)
    }

    /// `"kind":"export"` and `"export":{` both contain this. Searching for it costs far less than parsing a line's members, and nearly all lines are
    /// reads without it. A text within the line can't contain it: its quotes would be escaped.
    private static func mayBeMemorable(_ line: UnsafeRawBufferPointer) -> Bool {
        let mark: StaticString = "\"export\""
        // An x is rare in a record, and the mark's third byte.
        var rest = line.dropFirst(2)
        while let base = rest.base.baseAddress.map({ $0 + rest.startIndex }), let found = memchr(base, Int32(UInt8(ascii: "x")), rest.count) {
            let start = rest.startIndex + (UnsafeRawPointer(found) - base) - 2
            if line.count - start >= mark.utf8CodeUnitCount, memcmp(base - rest.startIndex + start, mark.utf8Start, mark.utf8CodeUnitCount) == 0 {
                return true
            }
            rest = line[(start + 3)...]
        }
        return false
    }
}
