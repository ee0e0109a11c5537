import Synchronization

/// Temporary keys of an agency that another credential assumes: `POST /v3.0/OS-CREDENTIAL/securitytokens` (protocol page b.2).
final class AgencyFetcher: MaterialFetcher {
    private let source: Credential
    private let agency: Agency
    private let place: IAMContext
    /// The id of the source's own account, which signed calls to IAM name; asked for until a call with it has succeeded.
    private let domainID = Mutex<String?>(nil)

    init(source: Credential, agency: Agency, place: IAMContext) {
        self.source = source
        self.agency = agency
        self.place = place
    }

    func fetch() async throws(IAMFault) -> FetchedMaterial {
        let caller = place.caller(source)
        var call = IAMClient.Call(method: "POST", endpoint: try place.endpoint(of: .iam), path: "/v3.0/OS-CREDENTIAL/securitytokens")
        call.body = body()
        if !source.sendsToken { call.domainID = try await ownDomainID(caller) }
        let response = try await caller.send(call)
        let keys = try TemporaryKeys.read(response, from: .iam, at: place)
        if let proven = call.domainID { domainID.withLock { $0 = proven } }
        return keys
    }

    /// In the same order as the SDKs: IAM's list of the caller's domains, then STS.
    private func ownDomainID(_ caller: IAMClient) async throws(IAMFault) -> String? {
        if let known = domainID.withLock({ $0 }) { return known }
        return try await AccountLookup(caller: caller, place: place).domainID()
    }

    private func body() -> Secret {
        var body = IAMRequestBody(secrets: 0)
        body.append(#"{"auth":{"identity":{"methods":["assume_role"],"assume_role":{"agency_name":"#)
        body.append(quoted: agency.name)
        switch agency.domain {
        case .name(let name):
            body.append(#","domain_name":"#)
            body.append(quoted: name)
        case .id(let id):
            body.append(#","domain_id":"#)
            body.append(quoted: id)
        }
        body.append(#","duration_seconds":"#)
        body.append(Int(agency.duration.components.seconds))
        body.append("}}}}")
        return body.take()
    }
}

/// An agency: the account that created it, its name, and the requested lifetime of keys.
package struct Agency: Sendable {
    /// The account that created the agency.
    package enum Domain: Sendable, Hashable {
        case name(String)
        case id(String)
    }

    package let domain: Domain
    package let name: String
    package let duration: Duration

    package init(domain: Domain, name: String, duration: Duration) {
        self.domain = domain
        self.name = name
        self.duration = duration
    }
}
