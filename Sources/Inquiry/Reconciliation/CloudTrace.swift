package import Audit
import Glibc

/// One trace of Huawei's Cloud Trace Service (CTS), as its API, its console's export and its files in OBS have it.
package struct CloudTrace: Sendable, Hashable {
    /// CTS' own id of the trace.
    package let id: String
    /// What was done, `exportBaseline`; CTS' names are not the API's.
    package let name: String
    /// HSS' request id, when the trace has one.
    package let requestID: String?
    /// When, to the millisecond.
    package let time: Timestamp
    /// `hss` for the service of ours.
    package let service: String
    /// The access key that signed, or a part of it.
    package let accessKey: String?
    /// Who it was for IAM.
    package let user: String?
    package let sourceIP: String?
    /// The path that was called, when the trace has it.
    package let path: String?
    /// The HTTP status.
    package let code: String?

    /// Reads one trace; nothing without a time and a name.
    init?(_ trace: JSONDocument) {
        guard trace.isObject, let name = trace["trace_name"]?.text, let time = Self.time(trace) else { return nil }
        id = trace["trace_id"]?.text ?? ""
        self.name = name
        self.time = time
        requestID = trace["request_id"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        service = trace["service_type"]?.text ?? ""
        // In files of OBS the user is a text that holds JSON.
        let user = trace["user"].flatMap { $0.isObject ? $0 : $0.text.flatMap { JSONDocument(Array($0.utf8)) } }
        accessKey = (user?["access_key_id"] ?? trace["access_key_id"])?.text.flatMap { $0.isEmpty ? nil : $0 }
        self.user = user?["user_name"]?.text ?? user?["name"]?.text
        sourceIP = trace["source_ip"]?.text
        path = trace["resource_url"]?.text
        code = trace["code"]?.text
    }

    /// Past every year that RFC 3339 can write; 1,000 times this fits into 64 bits.
    private static let latestMilliseconds: Int64 = 1 << 50

    private static func time(_ trace: JSONDocument) -> Timestamp? {
        for name in ["time", "record_time"] {
            guard let text = trace[name]?.text else { continue }
            if let milliseconds = Int64(text), (0..<latestMilliseconds).contains(milliseconds) {
                // Bounded: by `latestMilliseconds`.
                return Timestamp(microseconds: milliseconds * 1_000)
            }
            if let time = TimeText.read(text, now: Timestamp(microseconds: 0)) { return time }
        }
        return nil
    }

    /// Largest export that is read, bytes: about a million traces.
    private static let largestFile = 1 << 30

    /// Reads an export: a list of traces, an object with `traces`, or one trace a line.
    package static func read(path: String) throws(InquiryError) -> [CloudTrace] {
        guard let file = fopen(path, "re") else { throw .fileUnreadable(path: path, code: errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            if count == 0 { break }
            bytes += piece[..<count]
            guard bytes.count <= largestFile else { throw .notUnderstood(path: path, problem: "is larger than \(largestFile >> 20) MiB") }
        }
        guard ferror(file) == 0 else { throw .fileUnreadable(path: path, code: EIO) }
        guard let traces = documents(in: bytes) else { throw .notUnderstood(path: path, problem: "is no JSON list of CTS traces") }
        var read: [CloudTrace] = []
        for (number, document) in traces.enumerated() {
            guard let trace = CloudTrace(document) else {
                throw .notUnderstood(path: path, problem: "has no `trace_name` or no `time` in trace \(number + 1)")
            }
            read.append(trace)
        }
        return read
    }

    private static func documents(in bytes: [UInt8]) -> [JSONDocument]? {
        if let whole = JSONDocument(bytes) {
            if let items = whole.items ?? whole["traces"]?.items { return items }
            return whole.isObject && whole["trace_name"] != nil ? [whole] : nil
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { JSONDocument(Array($0)) }
        return lines.isEmpty || lines.contains { $0 == nil } ? nil : lines.compactMap(\.self)
    }
}
