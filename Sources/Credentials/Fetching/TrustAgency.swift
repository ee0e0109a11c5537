/// Temporary keys of a trust agency that another credential's keys assume: `POST /v5/agencies/assume` of STS.
struct TrustAgencyFetcher: MaterialFetcher {
    let source: Credential
    let agency: TrustAgency
    let place: IAMContext

    func fetch() async throws(IAMFault) -> FetchedMaterial {
        var call = IAMClient.Call(
            method: "POST", endpoint: try place.endpoint(of: .sts), service: .sts, path: "/v5/agencies/assume")
        var body = IAMRequestBody(secrets: 0)
        body.append(#"{"agency_urn":"#)
        body.append(quoted: agency.urn)
        body.append(#","agency_session_name":"#)
        body.append(quoted: agency.sessionName)
        body.append(#","duration_seconds":"#)
        body.append(Int(agency.duration.components.seconds))
        body.append("}")
        call.body = body.take()
        return try TemporaryKeys.readSTS(try await place.caller(source).send(call), at: place)
    }
}

/// A trust agency, as created with IAM's newer identity policies.
package struct TrustAgency: Sendable {
    package let urn: String
    /// Appears in the cloud's own audit trail with each use of the keys.
    package let sessionName: String
    package let duration: Duration

    package init(urn: String, sessionName: String, duration: Duration) {
        self.urn = urn
        self.sessionName = sessionName
        self.duration = duration
    }
}
