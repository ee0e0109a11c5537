/// Looks up the account and the projects of a credential in IAM. These calls change nothing.
struct AccountLookup: Sendable {
    let caller: IAMClient
    let place: IAMContext

    /// The id of the credential's own account: `GET /v3/auth/domains`, then STS (protocol page b.5). Nil when neither names one.
    func domainID() async throws(IAMFault) -> String? {
        do throws(IAMFault) {
            let response = try await caller.send(IAMClient.Call(endpoint: try place.endpoint(of: .iam), path: "/v3/auth/domains"))
            if let domains = IAMDocument(response.body)?.elements("domains"), domains.count == 1, let id = domains[0].text("id"),
                Self.isIdentifier(id)
            {
                return id
            }
        } catch {
            // A credential without permission to list domains may still ask STS for its identity. A refused key must not be tried again.
            guard error.kind == .forbidden || error.kind == .notFound else { throw error }
        }
        let call = IAMClient.Call(endpoint: try place.endpoint(of: .sts), service: .sts, path: "/v5/caller-identity")
        let response = try await caller.send(call)
        return IAMDocument(response.body)?.text("account_id").flatMap { Self.isIdentifier($0) ? $0 : nil }
    }

    /// The id of the project that has exactly the region's name: `GET /v3/projects?name=` answers with the region's sub-projects too, and with the
    /// credential's other projects if it doesn't know the name.
    func projectID(region: String) async throws(IAMFault) -> String {
        var call = IAMClient.Call(endpoint: try place.endpoint(of: .iam), path: "/v3/projects")
        call.query = [QueryItem("name", region)]
        let response = try await caller.send(call)
        guard let projects = IAMDocument(response.body)?.elements("projects") else {
            throw IAMFault(.iam, .malformed, host: response.host)
        }
        let own = projects.filter { $0.text("name") == region }
        guard own.count == 1, let id = own[0].text("id"), Self.isIdentifier(id) else {
            throw IAMFault(.iam, .noProject(region: region), host: response.host)
        }
        return id
    }

    /// An id is put into paths, fields and signatures.
    private static func isIdentifier(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
            }
    }
}
