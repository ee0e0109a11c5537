/// Places on the network that the journal and its checkpoints are copied to.
extension SectionReader {
    /// A required URL, with TLS unless it is on this machine.
    func endpoint(_ key: String, _ expected: String) -> EndpointURL? {
        guard let node = node(key) else {
            report(.missing, key, "`\(key)` is missing", hint: "expected \(expected)")
            return nil
        }
        guard let endpoint = decode(node, site(key), ScalarKind<EndpointURL>.url(expected, schemes: ["https", "http"])) else { return nil }
        if endpoint.scheme == "http", !endpoint.isLoopback {
            report(
                .invalidValue, key, "plain http would show the network what is sent, and let it change it",
                hint: "use https, or a server on loopback")
        }
        return endpoint
    }

    /// Keys of another type would be ignored without the operator noticing, so they are reported.
    func refuseForeignKeys(own: [String], among all: [String], of owner: String) {
        for key in all.sorted() where !own.contains(key) && has(key) {
            report(.conflict, key, "\(owner) has no `\(key)`", hint: "remove it")
        }
    }
}
