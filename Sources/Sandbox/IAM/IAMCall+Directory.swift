extension IAMCall {
    /// `GET /v3/projects?name=`: the SDKs require exactly one project for a region's name.
    func listProjects(name: String?) -> SandboxResponse {
        authenticated { principal in
            let account = configuration.accounts[principal.account]
            let projects = account.projects.filter { name == nil || $0.region == name }.map { project -> JSONValue in
                [
                    "id": .string(project.id), "name": .string(project.region), "domain_id": .string(account.domainID), "enabled": true,
                    "is_domain": false, "parent_id": .string(account.domainID),
                ]
            }
            return .json(200, ["projects": .array(projects), "links": ["next": .null, "previous": .null]])
        }
    }

    /// `GET /v3/auth/domains`.
    func listDomains() -> SandboxResponse {
        authenticated { principal in
            let account = configuration.accounts[principal.account]
            let domain: JSONValue = ["id": .string(account.domainID), "name": .string(account.domain), "enabled": true]
            return .json(200, ["domains": [domain], "links": ["next": .null, "previous": .null]])
        }
    }

    /// STS: `GET /v5/caller-identity`.
    func showCallerIdentity() -> SandboxResponse {
        authenticated { principal in
            let account = configuration.accounts[principal.account]
            return .json(
                200,
                [
                    "account_id": .string(account.domainID), "principal_id": .string(account.userID),
                    "principal_urn": .string("iam::\(account.domainID):user:\(account.user)"),
                ])
        }
    }

    /// STS: `POST /v5/agencies/assume-with-oidc`; the id token counts as the first user's.
    func assumeWithOIDC() -> SandboxResponse {
        let required = ["provider_urn", "agency_urn", "agency_session_name", "id_token"]
        guard let document, required.allSatisfy({ document[$0]?.string?.isEmpty == false }) else { return failure(.invalidBody) }
        let idToken = document["id_token"]?.string
        guard idToken == parts.terms.current.idToken ?? idToken else { return failure(.authenticationRequired) }
        let seconds = document["duration_seconds"]?.integer ?? 3_600
        guard (900...43_200).contains(seconds) else { return failure(.invalidBody) }
        return temporaryKeys(account: 0, seconds: seconds)
    }

    /// STS: `POST /v5/agencies/assume`, signed; a token is not accepted. The URN contains the agency's account and name.
    func assumeAgency() -> SandboxResponse {
        guard request.header("Authorization") != nil else { return failure(.authenticationRequired) }
        return authenticated { _ in
            guard let urn = document?["agency_urn"]?.string, document?["agency_session_name"]?.string?.isEmpty == false else {
                return failure(.invalidBody)
            }
            let parts = urn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 5, parts[0] == "iam", parts[3] == "agency", parts[4] == self.parts.terms.current.agency ?? parts[4],
                let account = configuration.accounts.firstIndex(where: { $0.domainID == parts[2] })
            else { return failure(.notFound("agency", urn)) }
            let seconds = document?["duration_seconds"]?.integer ?? 3_600
            guard (900...43_200).contains(seconds) else { return failure(.invalidBody) }
            return temporaryKeys(account: account, seconds: seconds)
        }
    }

    private func temporaryKeys(account: Int, seconds: Int64) -> SandboxResponse {
        let keys = issue(account: account, seconds: seconds)
        let credentials: JSONValue = [
            "access_key_id": .string(keys.accessKey), "secret_access_key": .string(keys.secretKey),
            "security_token": .string(keys.securityToken), "expiration": .string(keys.expiresAt.extendedTime),
        ]
        return .json(200, ["credentials": credentials])
    }
}
