/// Reads temporary access keys from the services' answers.
enum TemporaryKeys {
    /// IAM, the metadata service and the pod identity agent: `{"credential":{"access","secret","securitytoken","expires_at"}}`.
    static func read(_ response: IAMResponse, from service: IAMFault.Service, at place: IAMContext) throws(IAMFault)
        -> FetchedMaterial
    {
        guard let document = IAMDocument(response.body), let access = document.secret("credential", "access", as: .accessKeyID),
            let secret = document.secret("credential", "secret", as: .text),
            let token = document.secret("credential", "securitytoken", as: .headerText),
            let expiry = document.text("credential", "expires_at").flatMap({ ServiceTime.seconds(iso: $0) }),
            let lifetime = place.lifetime(until: expiry, by: response)
        else { throw IAMFault(service, .malformed, host: response.host) }
        return material(access, secret, token, lifetime: lifetime, expiry: expiry)
    }

    /// STS: `{"credentials":{"access_key_id","secret_access_key","security_token","expiration"}}`.
    static func readSTS(_ response: IAMResponse, at place: IAMContext) throws(IAMFault) -> FetchedMaterial {
        guard let document = IAMDocument(response.body), let access = document.secret("credentials", "access_key_id", as: .accessKeyID),
            let secret = document.secret("credentials", "secret_access_key", as: .text),
            let token = document.secret("credentials", "security_token", as: .headerText),
            let expiry = (document.text("credentials", "expiration") ?? document.text("credentials", "expires_at"))
                .flatMap({ ServiceTime.seconds(iso: $0) }),
            let lifetime = place.lifetime(until: expiry, by: response)
        else { throw IAMFault(.sts, .malformed, host: response.host) }
        return material(access, secret, token, lifetime: lifetime, expiry: expiry)
    }

    private static func material(_ access: Secret, _ secret: Secret, _ token: Secret, lifetime: Duration, expiry: Int64) -> FetchedMaterial {
        let id = access.withBytes { String(decoding: $0, as: UTF8.self) }
        let key = SigningKey(AccessKeyPair(accessKeyID: id, secretKey: secret, securityToken: token))
        return FetchedMaterial(.signingKey(key), lifetime: lifetime, expiry: expiry)
    }
}
