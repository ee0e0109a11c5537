import NIOCore
import Settings
import Shipping
import Transport

/// Calls to one store. They block the calling thread.
struct StoreCall {
    /// The name of the store in sentences: its kind and its host.
    let name: String
    let endpoint: EndpointURL
    private let origin: Origin
    private let call: HTTPCall

    /// Common settings of all calls to stores.
    struct Terms: Sendable {
        let timeout: Duration
        /// The proxy to the cloud; a local store is called directly.
        let proxy: (url: String?, exceptions: String?)
        /// Cancels the call under way when the gateway stops.
        let stop: StopSignal
    }

    /// - Parameter isOnMachine: whether it is a service of this machine or at a link-local address, which no other endpoint
    ///   may have.
    init(
        _ kind: String, _ endpoint: EndpointURL, authorityFile: String?, isProxied: Bool, isOnMachine: Bool = false, _ terms: Terms
    ) throws(StoreFault) {
        let timeout = terms.timeout
        name = "\(kind) (\(endpoint.host)\(endpoint.port.map { ":\($0)" } ?? ""))"
        self.endpoint = endpoint
        var transport = TransportConfiguration()
        transport.connections = 1
        transport.connectTimeout = min(transport.connectTimeout, timeout)
        (transport.firstByteTimeout, transport.idleTimeout, transport.totalTimeout) = (timeout, timeout, timeout)
        transport.certificateAuthorityFile = authorityFile
        if isProxied { (transport.proxy, transport.noProxy) = terms.proxy }
        transport.addresses =
            isOnMachine ? .any : TransportAssembly.addresses(private: [endpoint.host.lowercased()], isProxied: transport.proxy != nil)
        let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        do {
            origin = try Origin(url: "\(endpoint.scheme)://\(host)\(endpoint.port.map { ":\($0)" } ?? "")")
            call = try HTTPCall(transport, stop: terms.stop)
        } catch {
            throw StoreFault(sentence: "\(name) can't be called: its address or its authorities can't be used.", isOfStore: true)
        }
    }

    /// The exact `Host` field of a call, which is signed.
    var host: String { origin.hostField }

    func send(_ method: String, _ path: String, _ fields: [HeaderField], body: [UInt8]? = nil) throws(StoreFault) -> HTTPCall.Answer {
        let base = endpoint.path == "/" ? "" : endpoint.path
        var request = OutboundRequest(origin: origin, method: method, target: Array("\(base)\(path)".utf8))
        request.fields = OutboundFields(
            [HeaderField("Accept", "application/json"), HeaderField("User-Agent", "hss-gateway/\(Build.version)")] + fields)
        request.body = body.map { ByteBuffer(bytes: $0) }
        do throws(SinkFailure) {
            return try call.post(request)
        } catch {
            throw StoreFault(sentence: "\(name) can't be asked: \(error.reason).", isOfStore: true)
        }
    }
}
