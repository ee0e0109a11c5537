/// An internal team or service that may send requests.
package struct CallerSettings: Sendable, Hashable {
    /// The caller that an unrecognised peer is, where a listener allows it.
    package static let anonymousName = "anonymous"

    /// Which projects a caller may use.
    package enum Grant: Sendable, Hashable {
        /// `*`: each configured project, in the order of the file.
        case all
        /// The first is what `_` in a path means.
        case named([String])
    }

    /// The caller's enterprise projects; nil leaves the project's default.
    package struct EnterpriseProjects: Sendable, Hashable {
        package let byDefault: String?
        package let allowed: [String]?
    }

    /// What one caller may use up; nil is unlimited.
    package struct Limits: Sendable, Hashable {
        package let requestsPerSecond: Int?
        package let burst: Int?
        package let concurrent: Int?
        package let exportsPerDay: Int?
    }

    package let name: String
    package let authentication: Authentication
    package let projects: Grant
    package let enterpriseProjects: EnterpriseProjects
    package let limits: Limits
    /// Kinds whose requests must say why.
    package let reasonRequiredFor: [Vocabulary.Kind]
    /// Its webhook, if it has one.
    package let notify: Notify?

    /// Where a caller is told what happened, and what of.
    package struct Notify: Sendable, Hashable {
        /// What a webhook can hear of.
        package enum Event: String, Sendable, Hashable, CaseIterable {
            case exportReady = "export_ready"
            case exportFailed = "export_failed"
            case dailyLimit = "daily_limit"
            case keyEnding = "key_ending"
        }

        package let url: EndpointURL
        /// What signs each notice.
        package let secretFile: String
        package let events: [Event]
    }
}

extension CallerSettings {
    /// By what a caller is recognised: every kind that is listed, or one of them, as `required` says. The two sorts of key are one kind.
    package struct Authentication: Sendable, Hashable {
        /// How many of the kinds must hold.
        package enum Required: String, Sendable, Hashable, CaseIterable {
            case all
            case any
        }

        package let required: Required
        package let apiKey: Bool
        package let virtualKey: Bool
        package let subjectAlternativeNames: [String]
        package let jwt: TokenRule?
        package let addresses: [CIDRBlock]
        package let unixUsers: [Int]

        /// Whether any rule is there.
        package var isPresent: Bool {
            apiKey || virtualKey || !subjectAlternativeNames.isEmpty || jwt != nil || !addresses.isEmpty || !unixUsers.isEmpty
        }
    }

    /// Where an issuer publishes its keys.
    package enum KeySetSource: Sendable, Hashable {
        case file(String)
        case url(EndpointURL)

        package var description: String {
            switch self {
            case .file(let path): path
            case .url(let url): url.description
            }
        }
    }

    /// What a JSON Web Token must say.
    package struct TokenRule: Sendable, Hashable {
        /// A claim's name and the value it must have.
        package struct Claim: Sendable, Hashable {
            package let name: String
            package let value: String
        }

        package let issuer: String
        package let audience: String
        package let keySet: KeySetSource
        package let claims: [Claim]
    }
}
