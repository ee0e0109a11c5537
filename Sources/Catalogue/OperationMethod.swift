/// The HTTP methods that HSS operations have.
package enum OperationMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"

    /// The method under which a request is matched. Methods are case-sensitive (RFC 9110 section 9.1), and HEAD asks
    /// for what GET would answer (section 9.3.2), so that it needs the same permission and is matched as GET.
    package init?(requestMethod: String) {
        self.init(rawValue: requestMethod == "HEAD" ? "GET" : requestMethod)
    }
}
