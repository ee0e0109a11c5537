/// Turns records into lines, by hand: keys in the contract's fixed order (interface, section 6), integers only, no key twice.
///
/// One encoder belongs to one journal and is used under its intake lock; it keeps what consecutive records share.
struct RecordEncoder: Sendable {
    /// What everything but the record's own strings can come to: keys, numbers, digests, words.
    private static let fixedBound = 2_048

    private var timestamps = TimestampFormatter()
    private var gateway: GatewayTag

    /// Makes an encoder whose records carry this gateway's name tag unless they bring their own.
    init(gateway: Record.Gateway) {
        self.gateway = GatewayTag(gateway)
    }

    /// Changes the name tag of the records to come that bring none of their own, after a reload.
    mutating func setGateway(_ gateway: Record.Gateway) {
        self.gateway = GatewayTag(gateway)
    }

    /// The most bytes the record's line can take.
    func bound(of record: Record) -> Int {
        Self.fixedBound + (record.gateway ?? gateway).bytes.count + record.textBound
    }

    /// Appends the record's line with its newline.
    mutating func encode(_ record: Record, as sequence: UInt64, to line: inout LineWriter) {
        begin(sequence, record.id, record.phase, at: record.time, to: &line)
        line.member("\"request_id\":", record.requestID)
        if let caller = record.caller { Self.encode(caller, to: &line) }
        line.member("\"operation\":", record.operation)
        line.member("\"kind\":", record.kind?.rawValue)
        line.member("\"method\":", record.method)
        line.member("\"path\":", record.path)
        line.member("\"query\":", record.query)
        if let project = record.project { Self.encode(project, to: &line) }
        line.member("\"region_header\":", record.regionHeader)
        if let enterpriseProjectID = record.enterpriseProjectID { Self.encode(enterpriseProjectID, to: &line) }
        if let credential = record.credential { Self.encode(credential, to: &line) }
        line.member("\"decision\":", record.decision?.rawValue)
        line.member("\"rule\":", record.rule)
        line.member("\"error_code\":", record.errorCode)
        line.member("\"reason\":", record.reason)
        if let body = record.requestBody { Self.encode(body, to: &line) }
        line.member("\"status\":", record.status.map(Int64.init))
        line.member("\"outcome\":", record.outcome?.rawValue)
        line.member("\"source\":", record.source?.rawValue)
        if let upstream = record.upstream { Self.encode(upstream, to: &line) }
        if let body = record.responseBody { Self.encode(body, to: &line) }
        if let export = record.export { Self.encode(export, to: &line) }
        line.member("\"duration_us\":", record.duration)
        line.put((record.gateway ?? gateway).bytes)
        line.member("\"event\":", record.event)
        if let detail = record.detail {
            line.put(literal: "\"detail\":")
            line.put(detail)
        }
        end(&line)
    }

    /// The most bytes `encodeUnknown` can take for a request record's line of this length.
    func boundOfUnknown(requestLength: Int) -> Int {
        Self.fixedBound + gateway.bytes.count + requestLength
    }

    /// Appends the record that closes a request whose end nobody saw: what the request record knew, as it stands there, and `unknown`.
    mutating func encodeUnknown(_ request: OpenRequest, as sequence: UInt64, at time: Timestamp, to line: inout LineWriter) {
        begin(sequence, request.id, .response, at: time, to: &line)
        if !request.members.isEmpty {
            line.put(request.members)
            line.put(byte: UInt8(ascii: ","))
        }
        line.member("\"outcome\":", Record.Outcome.unknown.rawValue)
        line.member("\"source\":", Record.Source.gateway.rawValue)
        if !request.export.isEmpty {
            line.put(request.export)
            line.put(byte: UInt8(ascii: ","))
        }
        line.put(gateway.bytes)
        if !request.detail.isEmpty {
            line.put(request.detail)
            line.put(byte: UInt8(ascii: ","))
        }
        end(&line)
    }

    private mutating func begin(
        _ sequence: UInt64, _ id: RecordID, _ phase: Record.Phase, at time: Timestamp, to line: inout LineWriter
    ) {
        line.put(literal: "{\"v\":1,\"seq\":")
        line.put(sequence)
        line.put(literal: ",\"id\":\"")
        line.put(id)
        switch phase {
        case .request: line.put(literal: "\",\"phase\":\"request\",\"time\":\"")
        case .response: line.put(literal: "\",\"phase\":\"response\",\"time\":\"")
        case .refusal: line.put(literal: "\",\"phase\":\"refusal\",\"time\":\"")
        case .event: line.put(literal: "\",\"phase\":\"event\",\"time\":\"")
        }
        timestamps.write(time, to: &line)
        line.put(literal: "\",")
    }

    private func end(_ line: inout LineWriter) {
        line.close(with: UInt8(ascii: "}"))
        line.put(byte: UInt8(ascii: "\n"))
    }
}
