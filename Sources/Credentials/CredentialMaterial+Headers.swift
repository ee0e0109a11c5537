extension CredentialMaterial {
    /// Signs a request, or returns the token for it.
    func headers(for request: borrowing CredentialRequest, at time: SigningTime) throws(CredentialError) -> CredentialHeaders {
        switch self {
        case .token(let token):
            return CredentialHeaders(content: .token(token))
        case .signingKey(let key):
            do throws(CanonicalRequestError) {
                return CredentialHeaders(content: .signature(try Self.sign(request, with: key, at: SigningDate(time))))
            } catch {
                throw .request(error)
            }
        }
    }

    private static func sign(
        _ request: borrowing CredentialRequest, with key: SigningKey, at date: SigningDate
    ) throws(CanonicalRequestError) -> CredentialHeaders.Signature {
        let fields = try CanonicalFields(request)
        let canonical = CanonicalRequest(request, fields: fields, key: key, date: date)
        return CredentialHeaders.Signature(
            authorization: SDKHMACSigner.authorization(for: canonical, with: key, at: date),
            date: date,
            projectID: request.projectID,
            declaresUnsigned: fields.declaresUnsigned,
            securityToken: key.securityToken
        )
    }
}
