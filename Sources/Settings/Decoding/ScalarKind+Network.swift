extension ScalarKind where Value == ListenAddress {
    static var listenAddress: ScalarKind {
        ScalarKind(
            expected: "an address such as 127.0.0.1:8080 or \"[::1]:8080\"",
            parse: { scalar throws(ScalarFault) in
                if let address = ListenAddress(text: scalar.text) { return address }
                throw ScalarFault(hint: scalar.text.hasPrefix(":") ? "write 0.0.0.0 before the colon to listen on every address" : nil)
            },
            render: { YAMLText.quote($0.description) })
    }
}

extension ScalarKind where Value == CIDRBlock {
    static var cidr: ScalarKind {
        simple("an address block such as 10.1.0.0/16", render: { YAMLText.quote($0.description) }, parse: CIDRBlock.init(text:))
            .checked { block throws(ScalarFault) in
                guard block.hasHostBits else { return }
                throw .invalid(
                    "the address has bits set behind the prefix length", hint: "write the network's first address or a longer prefix")
            }
    }
}

extension ScalarKind where Value == FileMode {
    static var fileMode: ScalarKind {
        ScalarKind(
            expected: "file permissions in quotes, \"0660\"",
            parse: { scalar throws(ScalarFault) in
                guard let mode = FileMode(text: scalar.text) else { throw .mismatch }
                // Unquoted, 0660 is the number 432 to other tools that rewrite YAML.
                guard !scalar.isPlain else { throw ScalarFault(hint: "put it in quotes, so that no tool takes it for a number") }
                return mode
            },
            render: { "\"\($0)\"" })
    }
}

extension ScalarKind where Value == EndpointURL {
    /// A URL of one of several schemes; user information is refused, because it is a secret.
    static func url(_ expected: String, schemes: Set<String>, mayQuery: Bool = false) -> ScalarKind {
        ScalarKind(
            expected: expected,
            parse: { scalar throws(ScalarFault) in
                do throws(EndpointURL.Fault) {
                    let url = try EndpointURL(text: scalar.text, mayQuery: mayQuery)
                    guard schemes.contains(url.scheme) else { throw .malformed }
                    return url
                } catch {
                    throw fault(error)
                }
            },
            render: { YAMLText.quote($0.description) })
    }

    /// The base URL of a cloud service: https, or http on this machine only.
    static var serviceEndpoint: ScalarKind {
        url("a base URL such as https://hss.cn-north-4.myhuaweicloud.com", schemes: ["https", "http"])
            .checked { url throws(ScalarFault) in
                guard url.path.isEmpty || url.path == "/" else {
                    throw .invalid("must not have a path", hint: "stop behind the host and port")
                }
                guard url.scheme == "http", !url.isLoopback else { return }
                let message = "a plain http:// endpoint is accepted for loopback addresses only"
                throw ScalarFault(kind: .unsafe, message: message, hint: "use https://")
            }
    }

    /// Where an issuer publishes its keys: https, or http on this machine only. Entra ID chooses them by a query (`?appid=…`).
    static var keySetURL: ScalarKind {
        url("the URL of a key set, https://…", schemes: ["https", "http"], mayQuery: true)
            .checked { url throws(ScalarFault) in
                guard url.scheme == "http", !url.isLoopback else { return }
                let message = "keys that anybody on the way could replace prove nothing; http:// is accepted for loopback addresses only"
                throw ScalarFault(kind: .unsafe, message: message, hint: "use https://")
            }
    }

    /// The base URL of a service of the machine itself: these services use plain http, and the traffic stays on the machine or its link.
    static var machineEndpoint: ScalarKind {
        url("a base URL such as http://169.254.169.254", schemes: ["https", "http"])
            .checked { url throws(ScalarFault) in
                guard url.path.isEmpty || url.path == "/" else { throw .invalid("must not have a path", hint: "stop behind the host and port") }
                try checkStaysNear(url)
            }
    }

    /// The same with a path.
    static var agentURL: ScalarKind {
        url("a URL such as http://169.254.1.1:8080/v1/credentials", schemes: ["https", "http"])
            .checked { url throws(ScalarFault) in try checkStaysNear(url) }
    }

    private static func checkStaysNear(_ url: EndpointURL) throws(ScalarFault) {
        guard url.scheme == "http", !url.staysNear else { return }
        let message = "plain http:// is accepted for loopback and link-local addresses only"
        throw ScalarFault(kind: .unsafe, message: message, hint: "use https://")
    }

    private static func fault(_ fault: EndpointURL.Fault) -> ScalarFault {
        switch fault {
        case .malformed: .mismatch
        case .queryOrFragment: .invalid("must not have a query or fragment")
        case .fragment: .invalid("must not have a fragment", hint: "leave out the # and what is behind it")
        case .userInformation:
            ScalarFault(
                kind: .literalSecret, message: "a user name or password inside a URL would be a secret in the file",
                hint: "put the whole URL into an environment variable and write ${NAME} where the key takes one")
        }
    }
}
