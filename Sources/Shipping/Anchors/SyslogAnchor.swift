package import Audit
import Glibc

/// Copies checkpoints to a syslog server, on a connection each.
package struct SyslogAnchor: CheckpointAnchor {
    package let name: String
    private let instance: String
    private let target: SyslogSink.Target
    private let stop = StopSignal()

    package init(name: String, instance: String, target: SyslogSink.Target) {
        self.name = name
        self.instance = instance
        self.target = target
    }

    package func publish(_ checkpoint: SignedCheckpoint) throws(CheckpointAnchorFailure) {
        do throws(SinkFailure) {
            let connection = try SyslogSink.connect(target, stop)
            defer { connection.close() }
            let message = SyslogMessage(hostname: instance, processID: getpid())
            try connection.write([message.bytes(checkpoint: checkpoint.note, at: .now())])
        } catch {
            throw CheckpointAnchorFailure(error.reason)
        }
    }
    package func abandon() { stop.stop(within: .zero) }
}
