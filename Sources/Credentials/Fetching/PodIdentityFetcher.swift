/// Temporary keys of the pod, from the agent that the cluster runs beside it (protocol page b.4).
struct PodIdentityFetcher: MaterialFetcher {
    /// Scheme, host, port.
    let endpoint: IAMEndpoint
    /// The path of the agent's URL.
    let path: String
    /// The file that the cluster renews, or another source of the pod's token.
    let token: SecretSource
    let place: IAMContext

    var inputs: [String] {
        if case .file(let path) = token { [path] } else { [] }
    }

    func fetch() async throws(IAMFault) -> FetchedMaterial {
        let authorization: Secret
        do throws(SecretFault) {
            authorization = try SecretReader.read(token, as: .headerText)
        } catch {
            throw IAMFault(.podIdentity, .secret(error))
        }
        var request = IAMRequest("POST", endpoint, path, reach: .machine)
        request.add("Authorization", authorization)
        var body = IAMRequestBody(secrets: 0)
        body.append("{}")
        request.set(body: body.take())
        let response = try await place.send(request, of: .podIdentity)
        guard (200..<300).contains(response.status) else { throw IAMFault(response, of: .podIdentity) }
        return try TemporaryKeys.read(response, from: .podIdentity, at: place)
    }
}
