import Audit

extension RecordFields {
    /// The moment the record stands for.
    var time: Timestamp? {
        guard let raw = raw("time"), raw.count > 2 else { return nil }
        return Timestamp(UnsafeRawBufferPointer(rebasing: raw[1..<(raw.count - 1)]))
    }
}
