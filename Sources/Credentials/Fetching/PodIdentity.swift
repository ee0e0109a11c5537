/// The agent that issues a pod's keys.
package struct PodIdentity: Sendable {
    package let endpoint: IAMEndpoint
    package let path: String
    package let token: SecretSource

    package init(endpoint: IAMEndpoint, path: String, token: SecretSource) {
        self.endpoint = endpoint
        self.path = path
        self.token = token
    }

    func fetcher(_ place: IAMContext) -> PodIdentityFetcher {
        PodIdentityFetcher(endpoint: endpoint, path: path, token: token, place: place)
    }
}
