/// Tests a credential with calls that change nothing, for `config check --connect` and for the discovery of projects.
package struct CredentialProof: Sendable {
    private let credential: Credential
    private let context: IAMContext

    package init(_ credential: Credential, at context: IAMContext) {
        self.credential = credential
        self.context = context
    }

    /// The id of the project that has the same name as a region.
    package func projectID(region: String) async throws(IAMFault) -> String {
        let lookup = AccountLookup(caller: context.caller(credential), place: context)
        return try await explaining { () async throws(IAMFault) in try await lookup.projectID(region: region) }
    }

    /// Asks IAM for the identity of the credential. If the service doesn't know that call, it is asked for the region's project, if there is a
    /// region.
    ///
    /// Material obtained from IAM, the metadata service or the pod's agent is proven by that: no further call is made.
    package func identify(orFind region: String?) async throws(IAMFault) {
        let caller = context.caller(credential)
        try await explaining { () async throws(IAMFault) in
            guard credential.type == .aksk || credential.type == .token || credential.type == .defaultChain else { return try await caller.obtain() }
            do throws(IAMFault) {
                _ = try await caller.send(IAMClient.Call(endpoint: try context.endpoint(of: .iam), path: "/v3/auth/domains"))
            } catch {
                guard error.kind == .notFound, let region else { throw error }
                _ = try await AccountLookup(caller: caller, place: context).projectID(region: region)
            }
        }
    }

    /// Asks HSS for one host of a project, which changes nothing and needs the fewest permissions.
    package func read(project id: String, enterpriseProject: String, at hss: IAMEndpoint) async throws(IAMFault) {
        let caller = context.caller(credential)
        var call = IAMClient.Call(endpoint: hss, service: .hss, path: "/v5/\(id)/host-management/hosts")
        call.query = [QueryItem("enterprise_project_id", enterpriseProject), QueryItem("limit", "1")]
        call.projectID = id
        try await explaining { () async throws(IAMFault) in _ = try await caller.send(call) }
    }

    /// If the credential has no material, its own fault is more specific than "no material".
    private func explaining<Found>(_ action: () async throws(IAMFault) -> Found) async throws(IAMFault) -> Found {
        do throws(IAMFault) {
            return try await action()
        } catch {
            guard error.kind == .sourceUnavailable, let reason = credential.fault else { throw error }
            throw reason
        }
    }
}
