/// Turns records into lines: keys in the vocabulary's fixed order (`RecordField`), integers only, no key twice.
///
/// One encoder belongs to one journal and is used under its intake lock; it caches what consecutive records have in common.
struct RecordEncoder: Sendable {
    /// Upper bound for everything but the record's own strings: keys, numbers, digests, words.
    private static let fixedBound = 2_048

    private var timestamps = TimestampFormatter()
    private var gateway: GatewayTag

    /// Makes an encoder whose records have this gateway's tag unless they have their own.
    init(gateway: Record.Gateway) {
        self.gateway = GatewayTag(gateway)
    }

    /// Changes the tag of future records without their own, after a reload.
    mutating func setGateway(_ gateway: Record.Gateway) {
        self.gateway = GatewayTag(gateway)
    }

    /// The most bytes the record's line can take.
    func bound(of record: Record) -> Int {
        var size = RecordSize()
        record.visit(&size, gateway: gateway)
        return Self.fixedBound + size.bound
    }

    /// Appends the record's line with its newline.
    mutating func encode(_ record: Record, as sequence: UInt64, to line: inout LineWriter) {
        begin(sequence, record.id, record.phase, at: record.time, to: &line)
        record.visit(&line, gateway: gateway)
        end(&line)
    }

    /// The most bytes `encodeUnknown` can take for a request record's line of this length.
    func boundOfUnknown(requestLength: Int) -> Int {
        Self.fixedBound + gateway.bytes.count + requestLength
    }

    /// Appends the record that closes a request whose end is unknown: the members of the request record, unchanged, and `unknown`.
    mutating func encodeUnknown(_ request: OpenRequest, as sequence: UInt64, at time: Timestamp, to line: inout LineWriter) {
        begin(sequence, request.id, .response, at: time, to: &line)
        if !request.members.isEmpty {
            line.put(request.members)
            line.put(byte: UInt8(ascii: ","))
        }
        line.visit(.outcome, Record.Outcome.unknown)
        line.visit(.source, Record.Source.gateway)
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
        // The keys at the beginning, as long fixed literals; `RecordLineHead` reads the same.
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
