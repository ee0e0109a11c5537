/// Temporary keys of an agency for an identity token, in one step: `POST /v5/agencies/assume-with-oidc` of STS (protocol page b.3).
struct AssumedRoleFetcher: MaterialFetcher {
    let role: AssumedRole
    let idToken: SecretSource
    let place: IAMContext

    var inputs: [String] {
        if case .file(let path) = idToken { [path] } else { [] }
    }

    func fetch() async throws(IAMFault) -> FetchedMaterial {
        let idToken = try IDToken.read(idToken, for: .sts)
        var body = IAMRequestBody(secrets: idToken.count + role.policyIDs.reduce(role.policy?.utf8.count ?? 0) { $0 + $1.utf8.count })
        body.append(#"{"provider_urn":"#)
        body.append(quoted: role.providerURN)
        body.append(#","agency_urn":"#)
        body.append(quoted: role.agencyURN)
        body.append(#","agency_session_name":"#)
        body.append(quoted: role.sessionName)
        body.append(#","id_token":"#)
        body.append(quoted: idToken)
        body.append(#","duration_seconds":"#)
        body.append(Int(role.duration.components.seconds))
        if let policy = role.policy {
            body.append(#","policy":"#)
            body.append(quoted: policy)
        }
        for (index, id) in role.policyIDs.enumerated() {
            body.append(index == 0 ? #","policy_ids":["# : ",")
            body.append(quoted: id)
        }
        body.append(role.policyIDs.isEmpty ? "}" : "]}")
        var request = IAMRequest("POST", try place.endpoint(of: .sts), "/v5/agencies/assume-with-oidc")
        request.set(body: body.take())
        let response = try await place.send(request, of: .sts)
        guard (200..<300).contains(response.status) else { throw IAMFault(response, of: .sts) }
        return try TemporaryKeys.readSTS(response, at: place)
    }
}

/// The agency whose keys STS issues.
package struct AssumedRole: Sendable {
    package let providerURN: String
    package let agencyURN: String
    /// Appears in the cloud's own audit trail with each use of the keys.
    package let sessionName: String
    package let duration: Duration
    /// A policy in JSON, and ids of policies: both restrict what the keys may do.
    package var policy: String?
    package var policyIDs: [String] = []

    package init(providerURN: String, agencyURN: String, sessionName: String, duration: Duration) {
        self.providerURN = providerURN
        self.agencyURN = agencyURN
        self.sessionName = sessionName
        self.duration = duration
    }
}
