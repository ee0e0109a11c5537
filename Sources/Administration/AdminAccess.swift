import NIOHTTP1

/// Who may use the admin port at the moment.
package struct AdminAccess: Sendable {
    /// What a token of the admin port may do.
    package enum Role: String, Sendable, Hashable, CaseIterable {
        /// Reads: health, metrics, the journal, its evidence, the state of the gateway.
        case auditor
        /// Everything: reloads and changes too.
        case `operator`
    }

    /// One bearer token of the admin port.
    package struct Token: Sendable {
        /// The bearer's name in records.
        let name: String
        let role: AdminAccess.Role
        private let matches: @Sendable (String) -> Bool

        /// - Parameter matches: compares in constant time.
        package init(name: String, role: AdminAccess.Role, matches: @escaping @Sendable (String) -> Bool) {
            self.name = name
            self.role = role
            self.matches = matches
        }

        func admits(_ authorization: String?) -> Bool {
            guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
            return matches(String(authorization.dropFirst("bearer ".count)))
        }
    }

    private let tokens: [AdminAccess.Token]
    /// Whether clients must show a certificate when TLS begins.
    private let asksForCertificates: Bool

    package init(tokens: [AdminAccess.Token], asksForCertificates: Bool) {
        self.tokens = tokens
        self.asksForCertificates = asksForCertificates
    }

    /// Whether no token and no certificate are required.
    var isOpen: Bool { tokens.isEmpty && !asksForCertificates }

    /// The sender of a request; nil when it lacks the required token or certificate.
    /// - Parameter certificate: the name in the certificate of the connection's client.
    func visitor(authorization: String?, certificate: String?) -> AdminVisitor? {
        if asksForCertificates, certificate == nil { return nil }
        // If no token is required, a certificate of the port's own authority gives the operator's rights.
        if tokens.isEmpty { return AdminVisitor(name: certificate ?? AdminVisitor.anybody, role: .operator) }
        // Every token is compared, so that the duration doesn't reveal which one matched.
        let found = tokens.filter { $0.admits(authorization) }
        return found.first.map { AdminVisitor(name: $0.name, role: $0.role) }
    }
}

/// A user of the admin port.
struct AdminVisitor: Sendable, Hashable {
    static let anybody = "anybody"

    let name: String
    let role: AdminAccess.Role

    func may(_ need: AdminRights.Need) -> Bool { need != .operatorRole || role == .operator }
}

/// The client that sends a request, as known from its connection.
struct AdminClient: Sendable {
    /// The name in its certificate; nil without one that is trusted now.
    let certificate: String?
    /// The network of its address, as `NetworkAddress.sourceNetwork` writes it; nil when the system returned no address.
    let source: String?
    /// Whether its certificate was valid when the connection began, and is not any more.
    var hasExpiredCertificate = false
}

/// Checks the client's rights before anything is answered, by the table of `AdminRights`. Wrong tokens are counted, recorded as
/// a sum for each source, and answered with a delay.
struct AccessMiddleware: Middleware {
    let access: @Sendable () -> AdminAccess
    let accessLog: AdminAccessLog
    /// The delay of the answer to a wrong token.
    let delay: Duration

    func handle(_ request: Request, next: (Request) async -> Response) async -> Response {
        let need = AdminRights.need(request.method, route: request.match?.route)
        if need == .nothing { return await next(request) }
        // No wrong guess of a token, and a sentence that names the reason.
        if request.client.hasExpiredCertificate {
            return refusal(.unauthorized, "The client certificate of this connection has expired: connect anew, with one that is valid.", nil)
        }
        let authorization = request.field("Authorization")
        guard let visitor = access().visitor(authorization: authorization, certificate: request.client.certificate) else {
            return await unknown(request.client, hasToken: authorization != nil)
        }
        guard visitor.may(need) else {
            let sentence = "The token \(visitor.name) has the role \(visitor.role.rawValue), which may not do this."
            return refusal(.forbidden, sentence, "insufficient_scope")
        }
        let response = await next(request)
        if request.match?.route.hasPrefix("/audit") == true, response.status == .ok {
            accessLog.evidenceWasRead(by: visitor.name, path: request.path)
        }
        return response
    }

    /// A request without a token gets a challenge (an opened console, a probe). A wrong token counts as a guess.
    private func unknown(_ client: AdminClient, hasToken: Bool) async -> Response {
        guard hasToken else {
            return refusal(.unauthorized, "This port asks for a token (Authorization: Bearer …) or for a client certificate.", nil)
        }
        accessLog.tokenWasWrong(from: client.source)
        try? await Task.sleep(for: delay)
        return refusal(.unauthorized, "This port doesn't know the token.", "invalid_token")
    }

    /// - Parameter error: of RFC 6750 section 3.1.
    private func refusal(_ status: HTTPResponseStatus, _ sentence: String, _ error: String?) -> Response {
        var response = AdminAnswer.fault(status, sentence)
        response.headers.add(name: "WWW-Authenticate", value: "Bearer" + (error.map { " error=\"\($0)\"" } ?? ""))
        return response
    }
}
