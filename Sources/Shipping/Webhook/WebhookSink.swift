package import Audit
internal import Codecs
internal import Crypto
internal import NIOCore
internal import Transport

/// Notifies one caller's webhook of events of its exports, its limits and its keys.
///
/// It reads the journal like every sink, on a thread of its own, so that no request waits for a receiver, and pending notices are in the journal
/// instead of in memory. Each notice is tried a bounded number of times with growing pauses and then skipped; either end becomes an event. Events
/// older than a day are skipped as well.
package final class WebhookSink: RecordSink {
    /// The receiver's URL, and the kinds of notices.
    package struct Target: Sendable {
        package let caller: String
        let endpoint: HTTPEndpoint
        let secretFile: String
        let events: Set<NoticeKind>
        /// `exports_per_day`, if it is limited.
        let dailyLimit: @Sendable () -> Int?
        /// The caller's exports on the day of a time.
        let exports: @Sendable (Timestamp) -> Int

        package init(
            caller: String, endpoint: HTTPEndpoint, secretFile: String, events: Set<NoticeKind>,
            dailyLimit: @escaping @Sendable () -> Int?,
            exports: @escaping @Sendable (Timestamp) -> Int
        ) {
            self.caller = caller
            self.endpoint = endpoint
            self.secretFile = secretFile
            self.events = events
            self.dailyLimit = dailyLimit
            self.exports = exports
        }
    }

    /// How a notice ended.
    package struct Outcome: Sendable {
        package let notice: String
        package let kind: NoticeKind
        package let attempts: Int
        /// Why it was skipped; nil when the receiver has it.
        package let failure: String?
    }

    /// Attempts for one notice. The pauses between them are the shipper's: together some minutes.
    static let mostAttempts = 10
    /// Older events are not reported.
    static let oldest = Duration.seconds(86_400)

    package let bounds = RecordBatch.Bounds(records: 200, bytes: 1 << 20)
    private let target: Target
    /// The first record for which a new receiver gets notices.
    private let beginning: SequenceNumber
    private let version: String
    private let stop: StopSignal
    private let tell: @Sendable (Outcome) -> Void
    private var reader: NoticeReader
    private var instance = ""
    private var call: HTTPCall?
    /// The record after the last one that is settled: a batch that is sent again begins before it.
    private var settled: UInt64 = 0
    private var attempts = 0

    package init(_ target: Target, from beginning: SequenceNumber, version: String, stop: StopSignal, tell: @escaping @Sendable (Outcome) -> Void) {
        self.target = target
        self.beginning = beginning
        self.version = version
        self.stop = stop
        self.tell = tell
        reader = NoticeReader(caller: target.caller, kinds: target.events)
    }

    package func open(from kept: SequenceNumber, in journal: JournalView) throws(SinkFailure) -> SequenceNumber {
        instance = journal.instance
        if call == nil { call = try HTTPCall(target.endpoint.transport, stop: stop) }
        // A new receiver gets notices from the start of the process on, not earlier ones.
        return kept.value == 0 ? beginning : kept
    }

    package func deliver(_ batch: RecordBatch) throws(SinkFailure) -> RefusedRecords {
        var refused = RefusedRecords()
        var found: [(sequence: UInt64, notice: Notice)] = []
        let now = Timestamp.now()
        batch.forEach { sequence, line in
            guard sequence >= settled, let notice = reader.notice(in: line, limit: target.dailyLimit, exports: target.exports) else { return }
            found.append((sequence, notice))
        }
        for (sequence, notice) in found {
            // A task that is polled after its end may be in one batch several times.
            guard now.since(notice.time) <= Self.oldest, !reader.hasTold(notice) else { continue }
            do throws(SinkFailure) {
                attempts += 1
                try post(notice)
                tell(Outcome(notice: notice.id, kind: notice.kind, attempts: attempts, failure: nil))
            } catch {
                // Repeated after a pause.
                guard attempts >= Self.mostAttempts else { throw error }
                tell(Outcome(notice: notice.id, kind: notice.kind, attempts: attempts, failure: error.reason))
                refused.add(count: 1, because: error.reason)
            }
            attempts = 0
            reader.isTold(notice)
            // Bounded: a record's number is at most 2^62.
            settled = sequence + 1
        }
        if let end = batch.end { settled = end.value }
        return refused
    }

    private func post(_ notice: Notice) throws(SinkFailure) {
        guard let call else { throw SinkFailure("not open") }
        let body = notice.body(instance: instance)
        let time = String(Timestamp.now().microseconds / 1_000_000)
        let secret = try SecretText.read(target.secretFile)
        guard !secret.isEmpty else { throw SinkFailure("the file \(target.secretFile) is empty") }
        let signature = HMAC<SHA256>.authenticationCode(for: Array("\(time).".utf8) + body, using: SymmetricKey(data: Array(secret.utf8)))
        var request = OutboundRequest(origin: target.endpoint.origin, method: "POST", target: Array(target.endpoint.path(or: "/").utf8))
        request.fields = OutboundFields([
            HeaderField("Content-Type", "application/json"), HeaderField("User-Agent", "hss-gateway/\(version)"),
            HeaderField("X-HSSGW-Event", notice.kind.rawValue), HeaderField("X-HSSGW-Notice", notice.id), HeaderField("X-HSSGW-Timestamp", time),
            HeaderField("X-HSSGW-Signature", "sha256=\(Self.hexadecimal(signature))"),
        ])
        request.body = ByteBuffer(bytes: body)
        let answer = try call.post(request)
        guard (200..<300).contains(answer.status) else {
            throw SinkFailure("the receiver answered \(answer.status)", retryAfter: answer.wait)
        }
    }

    private static func hexadecimal(_ code: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in code { text += [Hexadecimal.digit(byte >> 4), Hexadecimal.digit(byte & 0x0F)] }
        return String(decoding: text, as: UTF8.self)
    }

    package func close() { call = nil }
}
