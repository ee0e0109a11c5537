/// What a request shows of its sender, as it came.
package struct PresentedRequest {
    /// All values of `Authorization`.
    package var authorization: [String] = []
    /// All values of `X-HSSGW-Key`, which carries an API key where `Authorization` carries something else.
    package var key: [String] = []
    /// All values of `X-HSSGW-Token`, which carries a JSON Web Token where `Authorization` carries something else.
    package var token: [String] = []
    /// All values of `X-Forwarded-For`, in order; only where the peer is a trusted proxy.
    package var forwardedFor: [String] = []
    package var method: String
    package var target: String
    /// All fields; asked for only when a signature has to be checked.
    package var fields: () -> [(String, String)]

    package init(method: String, target: String, fields: @escaping () -> [(String, String)]) {
        self.method = method
        self.target = target
        self.fields = fields
    }
}
