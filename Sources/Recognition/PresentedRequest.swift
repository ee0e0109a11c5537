/// The parts of a request that identify its sender, as received.
package struct PresentedRequest {
    /// All values of `Authorization`.
    package var authorization: [String] = []
    /// All values of `X-HSSGW-Key`, which has an API key if `Authorization` is used for something else.
    package var key: [String] = []
    /// All values of `X-HSSGW-Token`, which has a JSON Web Token if `Authorization` is used for something else.
    package var token: [String] = []
    /// All values of `X-Forwarded-For`, in order; only if the peer is a trusted proxy.
    package var forwardedFor: [String] = []
    package var method: String
    package var target: String
    /// All fields; called only if a signature has to be verified.
    package var fields: () -> [(String, String)]

    package init(method: String, target: String, fields: @escaping () -> [(String, String)]) {
        self.method = method
        self.target = target
        self.fields = fields
    }
}
