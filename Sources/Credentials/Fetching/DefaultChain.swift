/// What the environment provides for the official SDKs' methods of obtaining a credential.
package struct DefaultChain: Sendable {
    /// One of the methods.
    package enum Way<Content: Sendable>: Sendable {
        case absent
        case ready(Content)
        /// Partly set up, with a sentence that says what is missing.
        case incomplete(String)

        fileprivate var isBegun: Bool {
            if case .absent = self { false } else { true }
        }
    }

    /// The agency whose keys STS issues, and the identity token for it; the Python SDK tries this first.
    package var assumedRole = Way<(role: AssumedRole, idToken: SecretSource)>.absent
    /// IAM's identity provider, and the token for it; has precedence over keys in the environment.
    package var federation = Way<(identityProvider: String, idToken: SecretSource)>.absent
    /// The source of an environment variable's secret; nil if it is not set.
    package var variable: @Sendable (String) -> SecretSource?
    package var profile: ProfileFile?
    package var metadata: IAMEndpoint?
    package var pod = Way<PodIdentity>.absent

    package init(variable: @escaping @Sendable (String) -> SecretSource?) {
        self.variable = variable
    }

    /// Why the search would fail because a method is only partly set up; nil if none is. Calls no service.
    package func fault() async -> String? {
        switch assumedRole {
        case .ready: return nil
        case .incomplete(let sentence): return sentence
        case .absent: break
        }
        switch federation {
        case .ready: return nil
        case .incomplete(let sentence): return sentence
        case .absent: break
        }
        let environment = EnvironmentFetcher(read: variable)
        do throws(IAMFault) {
            if environment.isBegun {
                _ = try await environment.fetch()
                return nil
            }
            if let profile, let content = try profile.content() {
                _ = try content.way(in: profile.path)
                return nil
            }
        } catch {
            return error.sentence
        }
        // The metadata service comes before the pod, and only a call to it shows whether it has keys.
        if case .incomplete(let sentence) = pod { return sentence }
        return nil
    }

    /// A fault if the method in use needs a service whose endpoint in the region's own cloud is unknown.
    package func unknownService(at place: IAMContext) -> IAMFault? {
        if case .ready = assumedRole { return place.sts == nil ? IAMFault(.sts, .endpointUnknown(region: place.region)) : nil }
        guard case .ready = federation, place.iam == nil, !assumedRole.isBegun else { return nil }
        return IAMFault(.iam, .endpointUnknown(region: place.region))
    }

    /// The context with the profile's IAM endpoint, if the profile is the method in use.
    package func place(_ place: IAMContext) -> IAMContext {
        guard let profile, !assumedRole.isBegun, !federation.isBegun, !EnvironmentFetcher(read: variable).isBegun else { return place }
        return (try? profile.content().flatMap { content in try profile.place(content, place) }) ?? place
    }

    /// A sentence that says what is there and what is missing.
    package static func incomplete(_ there: [String], _ missing: String) -> String {
        let verb = there.count == 1 ? "is" : "are"
        return "\(there.joined(separator: ", ")) \(verb) set and \(missing) is not: set all that belong together, or none of them."
    }

    func fetcher(_ place: IAMContext) -> ChainFetcher {
        var links: [any MaterialFetcher] = []
        switch assumedRole {
        case .absent: break
        case .ready(let (role, idToken)): links.append(AssumedRoleFetcher(role: role, idToken: idToken, place: place))
        case .incomplete(let sentence): links.append(IncompleteFetcher(sentence: sentence))
        }
        switch federation {
        case .absent: break
        case .ready(let (provider, idToken)): links.append(FederationFetcher(identityProvider: provider, idToken: idToken, place: place))
        case .incomplete(let sentence): links.append(IncompleteFetcher(sentence: sentence))
        }
        links.append(EnvironmentFetcher(read: variable))
        if let profile { links.append(ProfileFetcher(profile: profile, place: place)) }
        links.append(MetadataFetcher(endpoint: metadata ?? MetadataFetcher.usualEndpoint, place: place))
        switch pod {
        case .absent: break
        case .ready(let pod): links.append(pod.fetcher(place))
        case .incomplete(let sentence): links.append(IncompleteFetcher(sentence: sentence))
        }
        return ChainFetcher(links: links)
    }
}
