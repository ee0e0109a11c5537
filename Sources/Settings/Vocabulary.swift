/// The words that the catalogue knows and settings refer to; passed in, so that this module doesn't depend on the catalogue.
package struct Vocabulary: Sendable {
    /// The methods that occur in the API.
    package enum Method: String, Sendable, Hashable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
        case patch = "PATCH"
    }

    /// The kinds of operations, in the contract's words.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case read
        case write
        case export
        case download
    }

    /// The endpoints of a region's services; nil if unknown.
    package struct Endpoints: Sendable, Hashable {
        package let hss: String?
        package let iam: String?
        package let sts: String?

        package init(hss: String?, iam: String?, sts: String?) {
            self.hss = hss
            self.iam = iam
            self.sts = sts
        }
    }

    /// The facts about an operation that rules use, in addition to its name.
    package struct Facts: Sendable, Hashable {
        package let kind: Kind
        package let method: Method
        /// Whether it names an export task, so that the decision also depends on the task's owner.
        package let namesTask: Bool

        package init(kind: Kind, method: Method, namesTask: Bool) {
            self.kind = kind
            self.method = method
            self.namesTask = namesTask
        }
    }

    /// Every operation's name.
    package let operations: [String]
    /// By operation; empty if rules are not checked.
    package let facts: [String: Facts]
    /// Every region whose HSS is built in.
    package let regions: Set<String>
    /// What is built in, by region.
    package let endpoints: [String: Endpoints]

    package init(operations: [String], facts: [String: Facts] = [:], endpoints: [String: Endpoints]) {
        self.facts = facts
        self.operations = operations.sorted()
        self.endpoints = endpoints
        regions = Set(endpoints.lazy.filter { $0.value.hss != nil }.map(\.key))
    }
}
