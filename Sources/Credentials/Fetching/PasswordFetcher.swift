/// A token for a password: `POST /v3/auth/tokens` (protocol page b.1).
struct PasswordFetcher: MaterialFetcher {
    let login: PasswordLogin
    let scope: PasswordLogin.Scope
    let place: IAMContext

    var inputs: [String] {
        if case .file(let path) = login.source { [path] } else { [] }
    }

    /// Changing the password revokes the tokens issued for the old one.
    var renewsOnChange: Bool { true }

    func fetch() async throws(IAMFault) -> FetchedMaterial {
        try await login.attempt { [self] password in
            do throws(IAMFault) {
                return .success(try await token(for: password))
            } catch {
                return .failure(error)
            }
        }
    }

    private func token(for password: Secret) async throws(IAMFault) -> FetchedMaterial {
        // The catalogue of services would make the answer ten times as long, and it isn't used.
        var request = IAMRequest("POST", try place.endpoint(of: .iam), "/v3/auth/tokens?nocatalog=true")
        request.set(body: body(password))
        let response = try await place.send(request, of: .iam)
        guard response.status == 201 else { throw IAMFault(response, of: .iam) }
        guard let token = response.token, let document = IAMDocument(response.body),
            let expiry = document.text("token", "expires_at").flatMap({ ServiceTime.seconds(iso: $0) }),
            let lifetime = place.lifetime(until: expiry, by: response)
        else { throw IAMFault(.iam, .malformed, host: response.host) }
        return FetchedMaterial(.token(token), lifetime: lifetime, expiry: expiry)
    }

    private func body(_ password: Secret) -> Secret {
        var body = IAMRequestBody(secrets: password.count)
        body.append(#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"#)
        body.append(quoted: login.username)
        body.append(#","password":"#)
        body.append(quoted: password)
        body.append(#","domain":{"name":"#)
        body.append(quoted: login.domain)
        body.append(#"}}}},"scope":"#)
        switch scope {
        case .project(let id):
            body.append(#"{"project":{"id":"#)
            body.append(quoted: id)
            body.append("}}")
        case .region(let name):
            body.append(#"{"project":{"name":"#)
            body.append(quoted: name)
            body.append("}}")
        case .domain:
            body.append(#"{"domain":{"name":"#)
            body.append(quoted: login.domain)
            body.append("}}")
        }
        body.append("}}")
        return body.take()
    }
}
