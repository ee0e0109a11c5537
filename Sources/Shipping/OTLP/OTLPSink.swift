package import Audit
internal import NIOCore
internal import Transport

/// Ships as OTLP/HTTP logs in JSON.
///
/// What the specification calls retryable (429, 502, 503, 504, and no answer at all) is sent again, after `Retry-After` where there is one. A batch
/// whose content the collector rejects is halved until the rejected record is alone; it is counted and skipped, as long as the collector takes
/// others. When it takes none (`BatchSieve`), and with every other status (401, 404, …), the cause is the configuration: nothing is skipped, and
/// the sink waits until it is corrected.
package final class OTLPSink: RecordSink {
    /// The path of logs below a collector's base URL, by the specification.
    private static let signalPath = "/v1/logs"

    package let bounds = RecordBatch.Bounds(records: 500, bytes: 1 << 20)
    private let endpoint: HTTPEndpoint
    private let version: String
    private let stop: StopSignal
    private var instance = ""
    private var call: HTTPCall?
    private var headers: [HeaderField] = []
    /// A record that the collector accepted: when it refuses another one, this one is sent again to find out whether it accepts any.
    private var control: RecordBatch?

    package init(_ endpoint: HTTPEndpoint, version: String, stop: StopSignal) {
        self.stop = stop
        self.endpoint = endpoint
        self.version = version
    }

    package func open(from kept: SequenceNumber, in journal: JournalView) throws(SinkFailure) -> SequenceNumber {
        instance = journal.instance
        headers = try endpoint.headersFile.map(HeaderFile.read) ?? []
        if call == nil { call = try HTTPCall(endpoint.transport, stop: stop) }
        return kept
    }

    package func deliver(_ batch: RecordBatch) throws(SinkFailure) -> RefusedRecords {
        guard let call else { throw SinkFailure("not open") }
        var refused = RefusedRecords()
        var sieve = BatchSieve { [self] (batch) throws(SinkFailure) in
            switch try post(batch, call) {
            case .taken(let passedOver):
                refused.add(count: passedOver, because: "the collector's partial success")
                control = batch.slice(batch.count - 1..<batch.count)
                return nil
            case .refused(let reason): return reason
            }
        } offerControl: { [self] () throws(SinkFailure) in
            guard let control else { return nil }
            guard case .taken = try post(control, call) else { return false }
            return true
        }
        try sieve.sift(batch)
        for (batch, reason) in sieve.refused { refused.add(batch, because: reason) }
        return refused
    }

    /// The collector's answer to a batch.
    private enum Outcome {
        /// Accepted, except for that many records, which the answer does not name.
        case taken(passedOver: Int)
        /// Rejected as a whole because of its content.
        case refused(reason: String)
    }

    private func post(_ batch: RecordBatch, _ call: HTTPCall) throws(SinkFailure) -> Outcome {
        let answer = try call.post(request(batch))
        switch answer.status {
        case 200..<300:
            guard !answer.isPage else { throw SinkFailure("a page came back instead of a collector's answer") }
            let rejected = min(PartialSuccess.rejected(in: answer.body), batch.count)
            return rejected == batch.count ? .refused(reason: "the collector rejected all that it was sent") : .taken(passedOver: rejected)
        case 400, 413, 422: return .refused(reason: "the collector answered \(answer.status)")
        case 429, 502, 503, 504:
            throw SinkFailure("the collector answered \(answer.status)", retryAfter: answer.wait)
        default: throw SinkFailure("the collector answered \(answer.status)")
        }
    }

    private func request(_ batch: RecordBatch) -> OutboundRequest {
        var payload = OTLPPayload(instance: instance, version: version)
        batch.forEach { payload.add($0, $1) }
        var request = OutboundRequest(origin: endpoint.origin, method: "POST", target: Array(endpoint.path(or: Self.signalPath).utf8))
        request.fields = OutboundFields(
            [HeaderField("Content-Type", "application/json"), HeaderField("User-Agent", "hss-gateway/\(version)")] + headers)
        request.body = ByteBuffer(bytes: payload.finish())
        return request
    }

    package func close() {
        call = nil
    }
}

/// `partialSuccess.rejectedLogRecords` of an answer, which is a number in a string, or a number.
enum PartialSuccess {
    /// The number in the answer, unchecked: the caller compares it with the number of records that were sent.
    static func rejected(in body: [UInt8]) -> Int {
        let text = String(decoding: body, as: UTF8.self)
        guard let key = text.firstRange(of: "\"rejectedLogRecords\""), let colon = text[key.upperBound...].firstIndex(of: ":") else { return 0 }
        let digits = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\"" }.prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? 0 : Int(digits) ?? .max
    }
}
