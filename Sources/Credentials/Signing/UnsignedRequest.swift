/// A request of the gateway itself that is to be signed, for example a call to IAM.
package struct UnsignedRequest: Sendable {
    package var method: String
    /// The path as it is sent.
    package var path: String
    package var query: [QueryItem]
    /// The headers that are signed; `X-Sdk-Date` and `Host` must be among them.
    package var headers: [SignedHeader]
    package var payload: PayloadHash

    package init(method: String, path: String, query: [QueryItem] = [], headers: [SignedHeader], payload: PayloadHash = .empty) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.payload = payload
    }
}
