internal import Codecs

/// A line of the journal that was checked to be one complete record in the journal's form. Used by recovery, which must distinguish a torn line from
/// a complete one without parsing values.
struct RecordLine {
    /// The record's number.
    let sequence: UInt64
    /// The record's exchange.
    let id: RecordID
    /// The record's phase.
    let phase: Record.Phase
    /// Range in the line of the members after `time` and before `export` and `gateway`; empty if there are none.
    let members: Range<Int>
    /// Range of `"export":` and its value; empty if there is none. A closing record has its outcome between these and the members before.
    let export: Range<Int>
    /// Range of `"detail":` and its value; empty if there is none.
    let detail: Range<Int>

    /// Reads a line without its newline; nil if it is not a complete record.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let head = RecordLineHead(bytes) else { return nil }
        var cursor = JSONCursor(bytes, at: head.end, form: .compact)
        var gateway: Int?
        var export = 0..<0
        var detail = 0..<0
        // `head.end` is where the value of `phase` ends. Members follow as `,"key":value` until the closing brace.
        var afterTime: Int?
        while cursor.skip(UInt8(ascii: ",")) {
            let start = cursor.position
            guard let key = cursor.string(), cursor.skip(UInt8(ascii: ":")), cursor.value() != nil else { return nil }
            if afterTime == nil {
                guard bytes[key].elementsEqual(RecordField.time.name) else { return nil }
                afterTime = cursor.position
            } else if gateway == nil, bytes[key].elementsEqual(RecordObject.gateway.name) {
                gateway = start - 1
            } else if gateway == nil, bytes[key].elementsEqual(RecordObject.export.name) {
                export = start..<cursor.position
            } else if gateway != nil, bytes[key].elementsEqual(RecordField.detail.name) {
                detail = start..<cursor.position
            }
        }
        guard let afterTime, cursor.skip(UInt8(ascii: "}")), cursor.isAtEnd else { return nil }
        sequence = head.sequence
        id = head.id
        phase = head.phase
        self.detail = detail
        self.export = export
        let end = export.isEmpty ? gateway ?? cursor.position - 1 : export.lowerBound - 1
        members = afterTime < end ? afterTime + 1..<end : afterTime..<afterTime
    }
}
