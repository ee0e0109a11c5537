package import Audit
import NIOCore
import Transport

/// POSTs each checkpoint's note to an HTTP endpoint, as `text/plain`. Any status of 200 to 299 means that it is stored, unless a page comes with 200.
package struct HTTPAnchor: CheckpointAnchor {
    package let name: String
    private let endpoint: HTTPEndpoint
    private let stop = StopSignal()

    package init(name: String, endpoint: HTTPEndpoint) {
        self.name = name
        self.endpoint = endpoint
    }

    package func publish(_ checkpoint: SignedCheckpoint) throws(CheckpointAnchorFailure) {
        do throws(SinkFailure) {
            var request = OutboundRequest(origin: endpoint.origin, method: "POST", target: Array(endpoint.path(or: "/").utf8))
            let headers = try endpoint.headersFile.map(HeaderFile.read) ?? []
            request.fields = OutboundFields([HeaderField("Content-Type", "text/plain; charset=utf-8")] + headers)
            request.body = ByteBuffer(string: checkpoint.note)
            let answer = try HTTPCall(endpoint.transport, stop: stop).post(request)
            guard (200..<300).contains(answer.status) else { throw SinkFailure("the endpoint answered \(answer.status)") }
            guard answer.status != 200 || !answer.isPage else { throw SinkFailure("a page came back instead of the endpoint's answer") }
        } catch {
            throw CheckpointAnchorFailure(error.reason)
        }
    }

    package func abandon() { stop.stop(within: .zero) }
}
