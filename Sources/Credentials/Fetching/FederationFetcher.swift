/// Temporary keys for an identity token: IAM exchanges it for an unscoped token, and that token for keys (protocol page b.3).
struct FederationFetcher: MaterialFetcher {
    /// The requested lifetime of keys, seconds; the same as the SDKs'.
    private static let keySeconds = 21_600

    let identityProvider: String
    let idToken: SecretSource
    let place: IAMContext

    var inputs: [String] {
        if case .file(let path) = idToken { [path] } else { [] }
    }

    func fetch() async throws(IAMFault) -> FetchedMaterial {
        let unscoped = try await unscopedToken()
        var body = IAMRequestBody(secrets: unscoped.count)
        body.append(#"{"auth":{"identity":{"methods":["token"],"token":{"id":"#)
        body.append(quoted: unscoped)
        body.append(#","duration_seconds":"#)
        body.append(Self.keySeconds)
        body.append("}}}}")
        var request = IAMRequest("POST", try place.endpoint(of: .iam), "/v3.0/OS-CREDENTIAL/securitytokens")
        request.set(body: body.take())
        let response = try await place.send(request, of: .iam)
        guard response.status == 201 else { throw IAMFault(response, of: .iam) }
        return try TemporaryKeys.read(response, from: .iam, at: place)
    }

    private func unscopedToken() async throws(IAMFault) -> Secret {
        let idToken = try IDToken.read(idToken, for: .iam)
        var body = IAMRequestBody(secrets: idToken.count)
        body.append(#"{"auth":{"id_token":{"id":"#)
        body.append(quoted: idToken)
        body.append("}}}")
        var request = IAMRequest("POST", try place.endpoint(of: .iam), "/v3.0/OS-AUTH/id-token/tokens")
        request.add("X-Idp-Id", identityProvider)
        request.set(body: body.take())
        let response = try await place.send(request, of: .iam)
        guard response.status == 201 else { throw IAMFault(response, of: .iam) }
        guard let token = response.token else { throw IAMFault(.iam, .malformed, host: response.host) }
        return token
    }
}

/// An identity token of this machine or pod.
enum IDToken {
    static func read(_ source: SecretSource, for service: IAMFault.Service) throws(IAMFault) -> Secret {
        do throws(SecretFault) {
            return try SecretReader.read(source, as: .headerText)
        } catch {
            throw IAMFault(service, .secret(error))
        }
    }
}
