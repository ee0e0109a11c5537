package import Audit
package import Codecs
import Glibc
internal import NIOSSL

/// Ships as syslog messages.
///
/// Syslog has no acknowledgements. After a connection broke, the records of the last `doubtSeconds` are sent again, because what the kernel had
/// accepted may not have arrived; receivers recognise repetitions by `instance` and `seq`. Records that a server drops, and datagrams that the
/// network drops, are lost without notice: a required sink should be of another kind.
package final class SyslogSink: RecordSink {
    /// The server, and how to connect to it.
    package struct Target: Sendable {
        package let address: SyslogAddress
        /// Authorities to trust instead of the system's.
        package let authorityFile: String?
        /// For servers that authenticate clients: chain and key in PEM.
        package let certificateFile: String?
        package let privateKeyFile: String?
        /// Longest message, bytes; receivers cut longer ones without a mark. RFC 5425 requires at least
        /// 8,192.
        package let longestMessage: Int

        package init(
            _ address: SyslogAddress, authorityFile: String? = nil, certificateFile: String? = nil, privateKeyFile: String? = nil,
            longestMessage: Int = Target.usualMessage
        ) {
            self.address = address
            self.authorityFile = authorityFile
            self.certificateFile = certificateFile
            self.privateKeyFile = privateKeyFile
            self.longestMessage = longestMessage
        }

        package static let usualMessage = 8_192
        /// The longest datagram that IPv4 has room for; the kernel takes no longer one, however often it is sent.
        private static let longestDatagram = 65_507

        /// The longest message that can be sent to this address.
        var bound: Int { if case .udp = address { min(longestMessage, Self.longestDatagram) } else { longestMessage } }
    }

    private static let doubtSeconds: Int64 = 10
    /// How many batches are remembered; at the limit the oldest is assumed to have arrived.
    private static let placesInDoubt = 4_096

    package let bounds = RecordBatch.Bounds(records: 500, bytes: 512 << 10)
    private let target: Target
    private let stop: StopSignal
    private var connection: SyslogConnection?
    private var message: SyslogMessage?
    /// Where each recent batch began, and when it was sent.
    private var sent: [(begin: UInt64, at: Int64)] = []
    /// The record after the last one that was sent, and how often the last ones were sent again although none followed: a server that closes every
    /// idle connection would get them for ever.
    private var end: UInt64 = 0
    private var repeats = 0
    private static let mostRepeats = 3

    package init(_ target: Target, stop: StopSignal) {
        self.stop = stop
        self.target = target
    }

    package func open(from kept: SequenceNumber, in journal: JournalView) throws(SinkFailure) -> SequenceNumber {
        message = SyslogMessage(hostname: journal.instance, processID: getpid())
        connection = try Self.connect(target, stop)
        let doubtful = firstInDoubt?.begin ?? kept.value
        sent.removeAll()
        return SequenceNumber(min(kept.value, doubtful))
    }

    package func deliver(_ batch: RecordBatch) throws(SinkFailure) -> RefusedRecords {
        guard let connection, let message else { throw SinkFailure("not connected") }
        var messages: [[UInt8]] = []
        var begin: UInt64?
        batch.forEach { sequence, line in
            begin = begin ?? sequence
            messages.append(message.bytes(sequence, line, limit: target.bound))
        }
        if let begin {
            if sent.count == Self.placesInDoubt { sent.removeFirst(Self.placesInDoubt / 4) }
            sent.append((begin, StopSignal.uptime()))
        }
        if let next = batch.end?.value, next > end { (end, repeats) = (next, 0) }
        try connection.write(messages)
        return RefusedRecords()
    }

    /// What was sent a moment before the connection broke is sent again while it is still known what that was, and not only once another record
    /// comes.
    package func idle() throws(SinkFailure) {
        guard let connection, !connection.isOpen, firstInDoubt != nil, repeats < Self.mostRepeats else { return }
        repeats += 1
        throw SinkFailure("the server closed the connection")
    }

    private var firstInDoubt: (begin: UInt64, at: Int64)? {
        let since = StopSignal.uptime() - Self.doubtSeconds * 1_000_000_000
        return sent.first { $0.at >= since }
    }

    package func close() {
        connection?.close()
        connection = nil
    }

    static func connect(_ target: Target, _ stop: StopSignal) throws(SinkFailure) -> SyslogConnection {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let file = target.authorityFile { tls.trustRoots = .file(file) }
        do {
            if let chain = target.certificateFile, let key = target.privateKeyFile {
                tls.certificateChain = try NIOSSLCertificate.fromPEMFile(chain).map { .certificate($0) }
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            }
        } catch {
            throw SinkFailure("the client certificate or its key can't be used")
        }
        return try SyslogConnection(target.address, tls: tls, stop: stop)
    }
}
