import Audit

/// One message by RFC 5424. Its structured data identifies the record, so that a receiver can order records and drop repetitions; the
/// text is the record's line.
struct SyslogMessage {
    /// Facility 13, "log audit", times 8.
    private static let facility = 13 * 8
    /// 32473 is the number that RFC 5612 reserves for documentation; it stands for no organisation.
    private static let element = "hssgw@32473"

    let hostname: String
    let processID: String

    init(hostname: String, processID: Int32) {
        self.hostname = Self.field(hostname, longest: 255)
        self.processID = String(processID)
    }

    /// A record's message, at most `limit` bytes long: a longer line is cut there and marked, so that the receiver doesn't cut it unmarked.
    func bytes(_ sequence: UInt64, _ line: UnsafeRawBufferPointer, limit: Int) -> [UInt8] {
        let fields = RecordFields(line)
        let time = fields?.raw(.time).map { String(decoding: $0.dropFirst().dropLast(), as: UTF8.self) } ?? "-"
        let failed = fields?.text(.outcome).map { $0 != "success" } ?? false
        let severity = failed ? 4 : 6
        let phase = Self.field(fields?.text(.phase) ?? "", longest: 32)
        let head = header(severity: severity, time: time, id: phase) + " seq=\"\(sequence)\""
        let whole = head.utf8.count + 2 + line.count
        let end = whole <= limit ? "] " : " truncated=\"1\"] "
        var message = Array((head + end).utf8)
        // Bounded: sizes in memory, and a limit of the configuration.
        message.append(contentsOf: Self.cut(line, to: max(0, limit - message.count)))
        return message
    }

    /// A checkpoint's message: the note with `\n` for its line breaks, since many receivers treat a message as one
    /// line.
    func bytes(checkpoint note: String, at time: Timestamp) -> [UInt8] {
        let text = note.replacing("\n", with: "\\n")
        return Array("\(header(severity: 5, time: time.description, id: "checkpoint"))] \(text)".utf8)
    }

    /// Up to the structured data's first parameter.
    private func header(severity: Int, time: String, id: String) -> String {
        let header = "<\(Self.facility + severity)>1 \(time) \(hostname) hss-gateway \(processID) \(id)"
        return "\(header) [\(Self.element) instance=\"\(Self.value(hostname))\""
    }

    /// A header's field: printable ASCII without spaces, or `-`.
    private static func field(_ text: String, longest: Int) -> String {
        let bytes = text.utf8.prefix(longest).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "_") }
        return bytes.isEmpty ? "-" : String(decoding: bytes, as: UTF8.self)
    }

    /// A parameter's value: three characters are escaped (RFC 5424 section 6.3.3).
    private static func value(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("]", with: "\\]")
    }

    private static func cut(_ line: UnsafeRawBufferPointer, to count: Int) -> Slice<UnsafeRawBufferPointer> {
        var end = min(count, line.count)
        while end > 0, end < line.count, line[end] & 0xC0 == 0x80 { end -= 1 }
        return line[..<end]
    }
}
