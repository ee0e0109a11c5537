/// An internal team or service that may send requests.
package struct CallerSettings: Sendable, Hashable {
    /// The name of the caller for unrecognised peers, if a listener allows that.
    package static let anonymousName = "anonymous"

    /// Which projects a caller may use.
    package enum Grant: Sendable, Hashable {
        /// `*`: each configured project, in the order of the file.
        case all
        /// The first is what `_` in a path means.
        case named([String])
    }

    /// The caller's enterprise projects; nil: the project's default.
    package struct EnterpriseProjects: Sendable, Hashable {
        package let byDefault: String?
        package let allowed: [String]?
    }

    /// The limits of one caller; nil is unlimited.
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
    /// Kinds of operations whose requests must state a reason.
    package let reasonRequiredFor: [Vocabulary.Kind]
    /// Its webhook, if it has one.
    package let notify: Notify?

    /// The webhook of a caller, and the events that it gets.
    package struct Notify: Sendable, Hashable {
        /// The events that a webhook can get.
        package enum Event: String, Sendable, Hashable, CaseIterable {
            case exportReady = "export_ready"
            case exportFailed = "export_failed"
            case dailyLimit = "daily_limit"
            case keyEnding = "key_ending"
        }

        package let url: EndpointURL
        /// The key that signs each notification.
        package let secretFile: String
        package let events: [Event]
    }
}

extension CallerSettings {
    /// The kinds of proof that identify a caller: all that are listed, or one of them, depending on `required`. The two sorts of key are one kind.
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

        /// Whether there is any rule.
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

    /// What a JSON Web Token must contain.
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
