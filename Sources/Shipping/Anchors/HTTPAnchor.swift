package import Audit
import NIOCore
import Transport

/// POSTs each checkpoint's note to an HTTP endpoint, as `text/plain`.
package struct HTTPAnchor: CheckpointAnchor {
    package let name: String
    private let endpoint: OTLPSink.Endpoint

    package init(name: String, endpoint: OTLPSink.Endpoint) {
        self.name = name
        self.endpoint = endpoint
    }

    package func publish(_ checkpoint: SignedCheckpoint) throws(AnchorFailure) {
        do throws(SinkFailure) {
            var request = OutboundRequest(origin: endpoint.origin, method: "POST", target: Array(endpoint.path.utf8))
            let headers = try endpoint.headersFile.map(HeaderFile.read) ?? []
            request.fields = OutboundFields([HeaderField("Content-Type", "text/plain; charset=utf-8")] + headers)
            request.body = ByteBuffer(string: checkpoint.note)
            let answer = try HTTPCall(endpoint.transport, stop: StopSignal()).post(request)
            guard (200..<300).contains(answer.status) else { throw SinkFailure("the endpoint answered \(answer.status)") }
        } catch {
            throw AnchorFailure(error.reason)
        }
    }
}
