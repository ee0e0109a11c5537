package import Audit
import Codecs

/// One trace of Huawei's Cloud Trace Service (CTS), in the forms of its API, its console's export and its files in
/// OBS.
package struct CloudTrace: Sendable, Hashable {
    /// CTS' own id of the trace.
    package let id: String
    /// The action, `exportBaseline`; CTS' names are not the API's.
    package let name: String
    /// HSS' request id, when the trace has one.
    package let requestID: String?
    /// When, to the millisecond.
    package let time: Timestamp
    /// `hss` for this service.
    package let service: String
    /// The access key that signed, or a part of it.
    package let accessKey: String?
    /// The user according to IAM.
    package let user: String?
    package let sourceIP: String?
    /// `ApiCall`, `ConsoleAction` or `SystemAction`, if the trace contains it.
    package let type: String?

    /// Whether it was done in the console or by the cloud itself, without an access key.
    package var isWithoutKey: Bool { accessKey == nil && (type == "ConsoleAction" || type == "SystemAction") }

    /// Reads one trace; nil without a time and a name.
    init?(_ trace: JSONDocument) {
        guard trace.isObject, let name = trace["trace_name"]?.text, let time = Self.time(trace) else { return nil }
        id = trace["trace_id"]?.text ?? ""
        self.name = name
        self.time = time
        requestID = Self.said(trace["request_id"])
        type = Self.said(trace["trace_type"])
        service = trace["service_type"]?.text ?? ""
        // In files of OBS the user is a string that contains JSON.
        let user = trace["user"].flatMap { $0.isObject ? $0 : $0.text.flatMap { JSONDocument(Array($0.utf8)) } }
        accessKey = Self.said(user?["access_key_id"]) ?? Self.said(trace["access_key_id"])
        self.user = user?["user_name"]?.text ?? user?["name"]?.text
        sourceIP = trace["source_ip"]?.text
    }

    /// A non-empty text: CTS writes an unknown value as null, as an empty text or as the word `null`.
    private static func said(_ value: JSONDocument?) -> String? {
        value?.text.flatMap { $0.isEmpty || $0.lowercased() == "null" ? nil : $0 }
    }

    /// After every year that RFC 3339 can express; 1,000 times this fits into 64 bits.
    private static let latestMilliseconds: Int64 = 1 << 50

    /// Smaller numbers are seconds: as milliseconds they would be in 1973 or before.
    private static let earliestMilliseconds: Int64 = 100_000_000_000

    private static func time(_ trace: JSONDocument) -> Timestamp? {
        for name in ["time", "record_time", "event_time"] {
            guard let text = trace[name]?.text else { continue }
            if let number = Int64(text) {
                guard (0..<latestMilliseconds).contains(number) else { continue }
                // Bounded: by `latestMilliseconds`, and seconds by `earliestMilliseconds`.
                return Timestamp(microseconds: number < earliestMilliseconds ? number * 1_000_000 : number * 1_000)
            }
            if let time = TimeText.read(text, now: Timestamp(microseconds: 0)) ?? consoleTime(text) { return time }
        }
        return nil
    }

    /// `2026/12/08 11:07:28 GMT+08:00`, as in the console and its exports; also with `-` in the date, with `UTC`, with `+8`, or with a fraction.
    private static func consoleTime(_ text: String) -> Timestamp? {
        var words = text.split(separator: " ")
        guard words.count >= 2, let zone = words.popLast() else { return nil }
        let isZoned = words.count >= 2
        let clock = isZoned ? words.removeLast() : zone
        let date = words.joined().split(whereSeparator: { $0 == "/" || $0 == "-" }).map { $0.count == 1 ? "0" + $0 : String($0) }
        guard date.count == 3, let offset = isZoned ? zoneOffset(zone) : "Z" else { return nil }
        return TimeText.read("\(date.joined(separator: "-"))T\(clock)\(offset)", now: Timestamp(microseconds: 0))
    }

    /// `GMT+08:00`, `GMT+8`, `UTC` as an offset of RFC 3339.
    private static func zoneOffset(_ zone: Substring) -> String? {
        guard zone.hasPrefix("GMT") || zone.hasPrefix("UTC") else { return zone == "Z" ? "Z" : nil }
        let offset = zone.dropFirst(3)
        guard let sign = offset.first else { return "Z" }
        guard sign == "+" || sign == "-" else { return nil }
        let parts = offset.dropFirst().split(separator: ":")
        switch (parts.count, parts.first?.count) {
        case (1, 1): return "\(sign)0\(parts[0]):00"
        case (1, 2): return "\(sign)\(parts[0]):00"
        case (1, 4): return "\(sign)\(parts[0])"
        case (2, 1): return "\(sign)0\(parts[0]):\(parts[1])"
        case (2, 2): return "\(sign)\(parts[0]):\(parts[1])"
        default: return nil
        }
    }

    /// Largest export that is read, bytes: about a million traces.
    private static let largestFile = 1 << 30

    /// Reads an export: a list of traces, an object with `traces` (a page of the API), one trace a line, or several of them in sequence; with or
    /// without gzip compression and byte order mark.
    package static func read(path: String) throws(InquiryError) -> [CloudTrace] {
        let bytes: [UInt8]
        do throws(GzipFile.Fault) {
            bytes = try GzipFile.read(path, limit: largestFile)
        } catch {
            switch error {
            case .unreadable(let code): throw .fileUnreadable(path: path, code: code)
            case .larger(let limit): throw .notUnderstood(path: path, problem: "is larger than \(limit >> 20) MiB")
            case .damaged: throw .notUnderstood(path: path, problem: "can't be decompressed: it is damaged or not whole")
            }
        }
        return try read(bytes, named: path)
    }

    /// The same for a file's content.
    package static func read(_ content: [UInt8], named path: String) throws(InquiryError) -> [CloudTrace] {
        if content.starts(with: [0xFF, 0xFE]) || content.starts(with: [0xFE, 0xFF]) {
            throw .notUnderstood(path: path, problem: "is text in UTF-16: save it as UTF-8")
        }
        guard let traces = documents(in: withoutMarks(content)) else { throw .notUnderstood(path: path, problem: "is no JSON list of CTS traces") }
        var read: [CloudTrace] = []
        for (number, document) in traces.enumerated() {
            guard let trace = CloudTrace(document) else {
                throw .notUnderstood(path: path, problem: "has no `trace_name` or no `time` in trace \(number + 1)")
            }
            read.append(trace)
        }
        return read
    }

    /// The content with byte order marks replaced by blanks, also where such files were concatenated. Within a string such a mark is an
    /// invisible character.
    private static func withoutMarks(_ content: [UInt8]) -> [UInt8] {
        guard content.starts(with: [0xEF, 0xBB, 0xBF]) else { return content }
        var content = content
        for index in content.indices.dropLast(2) where content[index] == 0xEF && content[index + 1] == 0xBB && content[index + 2] == 0xBF {
            for place in index...(index + 2) { content[place] = 0x20 }
        }
        return content
    }

    /// The traces of all documents; nil when one is neither a trace, a list nor a page.
    private static func documents(in bytes: [UInt8]) -> [JSONDocument]? {
        guard let found = JSONDocument.all(in: bytes), !found.isEmpty else { return nil }
        var traces: [JSONDocument] = []
        for document in found {
            if let items = document.items {
                // A list of traces, or of pages.
                for item in items { traces += item["traces"]?.items ?? [item] }
            } else if let items = document["traces"]?.items {
                traces += items
            } else {
                guard document.isObject, document["trace_name"] != nil else { return nil }
                traces.append(document)
            }
        }
        return traces
    }
}
