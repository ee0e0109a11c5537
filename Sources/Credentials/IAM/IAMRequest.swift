/// One request to IAM, STS or a metadata service. It may hold passwords and tokens, so its description is empty.
package struct IAMRequest: Sendable {
    /// How the service is reached.
    package enum Reach: Sendable {
        /// Over the network, as requests to HSS go, through a proxy where one is configured.
        case cloud
        /// To a service of this machine: without a proxy and with a short timeout.
        case machine
    }

    enum Value: Sendable {
        case plain(String)
        case secret(Secret)
    }

    package let method: String
    package let endpoint: IAMEndpoint
    /// Path and query as they are sent.
    package let target: String
    package let reach: Reach
    private var fields: [(name: StaticString, value: Value)] = []
    private var body: Secret?

    init(_ method: String, _ endpoint: IAMEndpoint, _ target: String, reach: Reach = .cloud) {
        self.method = method
        self.endpoint = endpoint
        self.target = target
        self.reach = reach
    }

    mutating func add(_ name: StaticString, _ value: String) { fields.append((name, .plain(value))) }
    mutating func add(_ name: StaticString, _ value: Secret) { fields.append((name, .secret(value))) }

    /// A JSON body, with the media type that the official SDKs send.
    mutating func set(body: Secret) {
        self.body = body
        add("Content-Type", "application/json;charset=UTF-8")
    }

    /// Calls `action` with each field. The bytes are valid during the call only.
    package func forEachField(_ action: (StaticString, UnsafeBufferPointer<UInt8>) -> Void) {
        for (name, value) in fields {
            switch value {
            case .plain(var text): text.withUTF8 { action(name, $0) }
            case .secret(let secret): secret.withBytes { action(name, $0) }
            }
        }
    }

    /// Calls `action` with the body; nil if there is none.
    package func withBody<Result>(_ action: (UnsafeRawBufferPointer) -> Result) -> Result? {
        body.map { body in body.withBytes { action(UnsafeRawBufferPointer($0)) } }
    }
}

extension IAMRequest: CustomStringConvertible, CustomReflectable {
    package var description: String { "IAMRequest(\(method) \(endpoint.host))" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
