/// Proves a credential with calls that change nothing, for `config check --connect` and for the discovery of projects.
package struct CredentialProof: Sendable {
    private let credential: Credential
    private let place: IAMContext

    package init(_ credential: Credential, at place: IAMContext) {
        self.credential = credential
        self.place = place
    }

    /// The id of the project that a region has by its own name.
    package func projectID(region: String) async throws(IAMFault) -> String {
        let lookup = AccountLookup(caller: place.caller(credential), place: place)
        return try await explaining { () async throws(IAMFault) in try await lookup.projectID(region: region) }
    }

    /// Asks IAM who this is. A service that doesn't know that call is asked for the region's project, where there is one.
    ///
    /// What was obtained from IAM, the metadata service or the pod's agent has proved itself by that: nothing more is asked.
    package func identify(orFind region: String?) async throws(IAMFault) {
        let caller = place.caller(credential)
        try await explaining { () async throws(IAMFault) in
            guard credential.type == .aksk || credential.type == .token || credential.type == .defaultChain else { return try await caller.obtain() }
            do throws(IAMFault) {
                _ = try await caller.send(IAMClient.Call(endpoint: try place.endpoint(of: .iam), path: "/v3/auth/domains"))
            } catch {
                guard error.kind == .notFound, let region else { throw error }
                _ = try await AccountLookup(caller: caller, place: place).projectID(region: region)
            }
        }
    }

    /// Asks HSS for one host of a project, which changes nothing and takes the least of permissions.
    package func read(project id: String, enterpriseProject: String, at hss: IAMEndpoint) async throws(IAMFault) {
        let caller = place.caller(credential)
        var call = IAMClient.Call(endpoint: hss, service: .hss, path: "/v5/\(id)/host-management/hosts")
        call.query = [QueryItem("enterprise_project_id", enterpriseProject), QueryItem("limit", "1")]
        call.projectID = id
        try await explaining { () async throws(IAMFault) in _ = try await caller.send(call) }
    }

    /// Where the credential itself has nothing, its own reason says more than that it has nothing.
    private func explaining<Found>(_ action: () async throws(IAMFault) -> Found) async throws(IAMFault) -> Found {
        do throws(IAMFault) {
            return try await action()
        } catch {
            guard error.kind == .sourceUnavailable, let reason = credential.fault else { throw error }
            throw reason
        }
    }
}
